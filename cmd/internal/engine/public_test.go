package engine

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/capture/ngrok/ngroktest"
	"hookglass/store"
)

const authtoken = "2abcDEFghiJKLmnoPQRstuVWXyz_5AbCdEfGhIjKlMnOpQrS"

// public is an engine beside a loopback ngrok service, and what it told of its
// public address.
type public struct {
	*Engine
	service *ngroktest.Service

	mu      sync.Mutex
	told    []capture.Public
	changed chan struct{}
	pauses  chan time.Duration // that were asked for
	due     chan time.Time     // ends the pause that lasts
}

func startPublic(t *testing.T, values map[string]string) *public {
	t.Helper()
	s, err := ngroktest.Start(ngroktest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", t.TempDir()) // without an ngrok.yml
	env := map[string]string{
		envConnect: s.Addr(), envCA: ca, envEdge: s.EdgeAddr(), envBeat: "10m", ngrok.TokenVariable: authtoken,
	}
	for name, value := range values {
		env[name] = value
	}
	p := &public{service: s, changed: make(chan struct{}, 1), pauses: make(chan time.Duration, 100), due: make(chan time.Time)}
	e, err := Open(t.Context(), Config{
		Folder: t.TempDir(), Limits: capture.DefaultLimits(), Getenv: environment(env),
		Public: func(now capture.Public) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.told = append(p.told, now)
			select {
			case p.changed <- struct{}{}:
			default:
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Engine = e
	err = e.public.do(t.Context(), func() error { // its own goroutine reads the clock
		e.public.clock.after = func(d time.Duration) <-chan time.Time {
			p.pauses <- d
			return p.due
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	if _, err := e.Listen(t.Context(), "127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	return p
}

// wait waits until the state holds, and returns it.
func (p *public) wait(t *testing.T, what string, holds func(capture.Public) bool) capture.Public {
	t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		if now := p.Public(); holds(now) {
			return now
		}
		select {
		case <-p.changed:
		case <-timeout:
			t.Fatalf("never %s: %+v", what, p.Public())
		}
	}
}

func (p *public) waitFor(t *testing.T, state capture.PublicState) capture.Public {
	t.Helper()
	return p.wait(t, string(state), func(now capture.Public) bool { return now.State == state && !now.Checking })
}

func (p *public) paused(t *testing.T, want time.Duration) {
	t.Helper()
	select {
	case got := <-p.pauses:
		if got != want {
			t.Errorf("the next self-test is after %v, want %v", got, want)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("no self-test is planned: %+v", p.Public())
	}
}

func (p *public) states(t *testing.T) string {
	t.Helper()
	events, err := p.PublicEvents(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for i := len(events) - 1; i >= 0; i-- {
		states = append(states, string(events[i].State))
	}
	return strings.Join(states, " ")
}

func TestTunnelIsTestedAndItsGapsKept(t *testing.T) {
	p := startPublic(t, nil)
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); err != nil {
		t.Fatal(err)
	}
	now := p.wait(t, "tested", func(now capture.Public) bool { return now.Reach.Outcome == capture.Reached })
	if now.State != capture.PublicOnline || now.URL != "https://demo.ngrok.test" || now.Via != capture.ViaTunnel || now.Account != "Loopback" {
		t.Errorf("got %+v", now)
	}
	p.paused(t, wellPause)
	p.service.Cut()
	p.wait(t, "reconnecting", func(capture.Public) bool { return strings.Contains(p.states(t), "reconnecting") })
	p.waitFor(t, capture.PublicOnline)
	p.wait(t, "tested again", func(now capture.Public) bool { return now.Reach.Outcome == capture.Reached && !now.Checking })
	if err := p.ClosePublic(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := p.states(t), "connecting online reconnecting online off"; got != want {
		t.Errorf("kept %s, want %s", got, want)
	}
	events, err := p.PublicEvents(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	outages := capture.Outages(events)
	if len(outages) != 2 || outages[1].To.IsZero() || outages[1].Reason != "The connection to ngrok was lost." || !outages[0].To.IsZero() || outages[0].Reason != whyAsked {
		t.Errorf("the outages are %+v", outages)
	}
	if rows, err := p.Store.List(t.Context(), store.Query{}); err != nil || len(rows) != 0 {
		t.Errorf("%d self-tests are stored (%v)", len(rows), err)
	}
}

// An hour without a callback is tested, one with a callback is not.
func TestHourlySelfTest(t *testing.T) {
	p := startPublic(t, nil)
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); err != nil {
		t.Fatal(err)
	}
	p.paused(t, wellPause)
	first := p.Public().Reach.At
	p.due <- time.Time{}
	p.paused(t, wellPause)
	if p.Public().Reach.At.Equal(first) {
		t.Error("an idle hour was not tested")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://demo.ngrok.test/x", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := p.service.Client("").Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	second := p.Public().Reach.At
	p.due <- time.Time{}
	p.paused(t, wellPause)
	if !p.Public().Reach.At.Equal(second) {
		t.Error("an hour with a callback was tested: that proves more")
	}
}

func TestTunnelThatFails(t *testing.T) {
	p := startPublic(t, nil)
	p.service.Refuse(107, "Your token TOKEN was revoked.")
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); err != nil {
		t.Fatal(err)
	}
	if now := p.waitFor(t, capture.PublicFailed); now.Code != "ERR_NGROK_107" || strings.Contains(now.Reason, authtoken) {
		t.Errorf("failed as %+v", now)
	}
	p.service.Accept()
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); err != nil { // without a restart
		t.Fatal(err)
	}
	p.waitFor(t, capture.PublicOnline)
	if err := p.service.StopAgent("https://demo.ngrok.test"); err != nil {
		t.Fatal(err)
	}
	if now := p.waitFor(t, capture.PublicFailed); !strings.Contains(now.Reason, "dashboard") {
		t.Errorf("stopped as %+v", now)
	}
}

// The session stands, but the address leads nowhere: the service has handed out
// another one, which only a session of its own tells.
func TestStaleAddressIsNoticed(t *testing.T) {
	p := startPublic(t, nil)
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, capture.PublicOnline)
	p.service.NextHost("other.ngrok.test")
	p.service.Cut()
	p.wait(t, "unreachable", func(capture.Public) bool { return strings.Contains(p.states(t), "unreachable") })
	p.wait(t, "online again", func(now capture.Public) bool {
		return now.State == capture.PublicOnline && now.Reach.Outcome == capture.Reached && !now.Checking
	})
}

func TestOwnPublicURL(t *testing.T) {
	p := startPublic(t, nil)
	portal := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer portal.Close()
	if err := p.UsePublicURL(t.Context(), portal.URL); err != nil {
		t.Fatal(err)
	}
	if now := p.waitFor(t, capture.PublicUnreachable); now.Via != capture.ViaPublic || !strings.Contains(now.Reason, "Somebody else") {
		t.Errorf("got %+v", now)
	}
	for _, pause := range append(vainPauses[:len(vainPauses):len(vainPauses)], wellPause) {
		p.paused(t, pause)
		p.due <- time.Time{}
	}
	if err := p.UsePublicURL(t.Context(), p.URL()); err != nil { // leads here without a proxy
		t.Fatal(err)
	}
	p.waitFor(t, capture.PublicOnline)
	if err := p.UsePublicURL(t.Context(), "http://shop.example"); err == nil {
		t.Error("an address without TLS was taken")
	}
}

func TestNoToken(t *testing.T) {
	p := startPublic(t, map[string]string{ngrok.TokenVariable: ""})
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); !errors.Is(err, ErrNoToken) {
		t.Errorf("got %v, want ErrNoToken", err)
	}
	if err := p.SaveKey(t.Context(), TunnelCredential, "", "short"); err == nil {
		t.Error("a token that is none was kept")
	}
	if err := p.SaveKey(t.Context(), TunnelCredential, "", authtoken); err != nil {
		t.Fatal(err)
	}
	if source, err := p.TunnelToken(t.Context()); err != nil || source.From != "file" {
		t.Errorf("the token is from %+v (%v)", source, err)
	}
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, capture.PublicOnline)
	if err := p.RemoveKey(t.Context(), TunnelCredential, ""); err != nil {
		t.Errorf("remove: %v", err)
	}
}

func TestDiagnosePublic(t *testing.T) {
	p := startPublic(t, nil)
	steps := p.DiagnosePublic(t.Context(), ngrok.Settings{})
	if len(steps) != 5 {
		t.Fatalf("got %+v", steps)
	}
	for _, step := range steps {
		if !step.OK {
			t.Errorf("%+v", step)
		}
		if strings.Contains(step.Text, authtoken) {
			t.Errorf("the token is told: %s", step.Text)
		}
	}
}

// A setting of ngrok.yml that cannot be used is told with its place.
func TestBrokenSettingOfTheFile(t *testing.T) {
	p := startPublic(t, map[string]string{ngrok.TokenVariable: ""})
	home := os.Getenv("HOME")
	path := ngrok.FilePaths(runtime.GOOS, func(string) string { return "" }, home)[0]
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("authtoken: "+authtoken+"\nproxy_url: http://127.0.0.1:8080\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := p.OpenTunnel(t.Context(), ngrok.Settings{})
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "socks5") || strings.Contains(err.Error(), authtoken) {
		t.Errorf("got %v, want the file and the setting", err)
	}
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{Proxy: "ftp://x:1"}); err == nil || strings.Contains(err.Error(), path) {
		t.Errorf("got %v of a setting that was chosen", err)
	}
}
