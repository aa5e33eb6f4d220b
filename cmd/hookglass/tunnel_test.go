//go:build linux

package main_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/ngrok/ngroktest"
	"hookglass/store"
)

const (
	tunnelToken = "2abCDefGHijKLmnOPqrSTuvWXyz_0123456789abcdefABCDE"
	wrongToken  = "2zzCDefGHijKLmnOPqrSTuvWXyz_0123456789abcdefABCDE"
	tunnelURL   = "https://demo.ngrok.test"
)

// TestWindowTunnel opens the public address in the window: a token that is
// refused, one that is good, a signed callback through the tunnel, a cut, and
// all of it again after a restart without a click.
func TestWindowTunnel(t *testing.T) {
	d := newDesk(t)
	service, err := ngroktest.Start(ngroktest.Options{Tokens: []string{tunnelToken}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	cas := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(cas, service.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir() // no ngrok.yml of the person who runs the tests
	if err := os.Mkdir(filepath.Join(home, ".cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	d.with = []string{
		"HOOKGLASS_NGROK_CONNECT=" + service.Addr(), "HOOKGLASS_NGROK_CA=" + cas, "HOOKGLASS_NGROK_EDGE=" + service.EdgeAddr(),
		"HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + filepath.Join(home, ".cache"), "NGROK_AUTHTOKEN=",
	}
	d.start()
	d.looks("tunnel-off")

	d.click(383, 361)
	d.write("ngrok config add-authtoken " + wrongToken)
	d.key("Return")
	d.until("the token is refused", func() bool { return strings.Contains(d.stderr.String(), "ERR_NGROK_105") })
	d.looks("tunnel-refused")

	d.click(250, 23)
	d.looks("tunnel-dialog")
	d.click(946, 262)
	d.write(tunnelToken)
	d.key("Return")
	d.until("the tunnel is online", func() bool { return len(service.URLs()) == 1 })
	d.looks("tunnel-online")
	d.key("Escape")
	d.settle()
	d.key("u")
	d.until("the public address is on the clipboard", func() bool { return d.clipboard() == tunnelURL })

	client := service.Client("127.0.0.5")
	d.through(client)
	d.untilStored("a callback came through the tunnel", store.Query{Via: capture.ViaTunnel}, func(list []capture.Exchange) bool {
		return len(list) == 1 && list[0].Request.Source == "127.0.0.5" && list[0].Annotation.Provider == "kornitx"
	})

	service.Cut()
	d.until("callbacks come through again after a cut", func() bool { return d.try(client) == http.StatusOK })
	d.looks("tunnel-again")
	d.quit(true)
	d.until("the tunnel is closed", func() bool { return len(service.URLs()) == 0 })
	d.start()
	d.until("the tunnel is online again", func() bool { return len(service.URLs()) == 1 })
	d.until("callbacks come through after a restart", func() bool { return d.try(client) == http.StatusOK })
	d.quit(false)
	if text := d.stderr.String(); strings.Contains(text, tunnelToken) || strings.Contains(text, wrongToken) {
		t.Error("a token is in the log")
	}
	d.quiet()
}

// through sends a signed callback to the public address, which must be accepted.
func (d *desk) through(client *http.Client) {
	d.Helper()
	if status := d.try(client); status != http.StatusOK {
		d.Fatalf("through the tunnel the answer is %d", status)
	}
}

// try sends a signed callback to the public address and returns the answer's
// status, 0 for none.
func (d *desk) try(client *http.Client) int {
	d.Helper()
	mac := hmac.New(sha256.New, []byte(kornitxKey))
	_, _ = mac.Write([]byte(kornitxBody)) // never fails
	request, err := http.NewRequestWithContext(d.Context(), http.MethodPut, tunnelURL+"/kornitx/orders", strings.NewReader(kornitxBody))
	if err != nil {
		d.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-CustomGateway-Hmac", hex.EncodeToString(mac.Sum(nil)))
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	if err := response.Body.Close(); err != nil {
		d.Error(err)
	}
	return response.StatusCode
}
