package ngrok

import (
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture/ngrok/ngroktest"
)

func TestDiagnose(t *testing.T) {
	s, err := ngroktest.Start(ngroktest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	deaf, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := deaf.Addr().String()
	if err := deaf.Close(); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	plainWeb := httptest.NewServer(nil)
	defer plainWeb.Close()
	tests := []struct {
		name     string
		settings Settings
		last     string // name of the last step
		ok       bool
		wants    string
	}{
		{"all well", Settings{Connect: s.Addr(), CAFile: ca}, "Service", true, "region lo"},
		{"nobody listens", Settings{Connect: closed}, "TCP", false, "refused"},
		{"another authority", Settings{Connect: s.Addr()}, "TLS", false, "Hookglass loopback ngrok"},
		{"a proxy that opens TLS", Settings{Connect: web.Listener.Addr().String(), CAFile: ca}, "TLS", false, "Acme Co"},
		{"no TLS", Settings{Connect: plainWeb.Listener.Addr().String(), CAFile: ca}, "TLS", false, "does not speak TLS"},
		{"no such name", Settings{Connect: "does-not-exist.invalid:443"}, "Name resolution", false, "does-not-exist.invalid"},
		{"no proxy there", Settings{Connect: s.Addr(), Proxy: "socks5://" + closed}, "TCP", false, "SOCKS5"},
		{"a broken setting", Settings{Connect: "x"}, "Settings", false, "host and port"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			steps := Diagnose(t.Context(), test.settings)
			last := steps[len(steps)-1]
			if last.Name != test.last || last.OK != test.ok || !strings.Contains(last.Text, test.wants) {
				t.Errorf("ends with %+v, want %s: %s", last, test.last, test.wants)
			}
			for _, step := range steps[:len(steps)-1] {
				if !step.OK {
					t.Errorf("goes on after %+v", step)
				}
			}
		})
	}
}
