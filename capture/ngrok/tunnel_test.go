package ngrok

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hookglass/capture/ngrok/ngroktest"
)

func TestTunnelCarries(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo)
	s := b.waitFor(t, Online)
	if s.URL != "https://demo.ngrok.test" || s.Account != "Loopback" || s.Plan != "Free" || s.Region != "lo" || s.Since != b.pulse.now() {
		t.Errorf("online as %+v", s)
	}
	status, text := post(t, b.Client("127.0.0.7"), s.URL+"/klix", []byte("hello"))
	if want := "127.0.0.7 127.0.0.7 hello"; status != 200 || text != want {
		t.Errorf("answered %d %q, want 200 %q", status, text, want)
	}
	b.tunnel.Close()
	if got := b.tunnel.Status(); got.State != Off {
		t.Errorf("after Close: %+v", got)
	}
	if len(b.URLs()) != 0 {
		t.Errorf("the service still serves %v", b.URLs())
	}
	if status, _ := post(t, b.Client(""), s.URL, nil); status != http.StatusNotFound {
		t.Errorf("after Close the edge answers %d, want 404", status)
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name   string
		spoil  func(*ngroktest.Service)
		domain string
		code   string
	}{
		{"unknown token", nil, "", "ERR_NGROK_105"},
		{"revoked token", func(s *ngroktest.Service) { s.Refuse(107, "Your token TOKEN was revoked.") }, "", "ERR_NGROK_107"},
		{"too many agents", func(s *ngroktest.Service) { s.Refuse(108, "Your account is limited to 3 agents.") }, "", "ERR_NGROK_108"},
		{"old SDK", func(s *ngroktest.Service) { s.Refuse(121, "Your agent is too old.") }, "", "ERR_NGROK_121"},
		{"bad URL", nil, "tcp://x", "ERR_NGROK_9037"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := ngroktest.Options{}
			if test.spoil == nil && test.domain == "" {
				o.Tokens = []string{"another"}
			}
			b := start(t, o)
			if test.spoil != nil {
				test.spoil(b.Service)
			}
			if test.domain != "" {
				b.RefuseBind(9037)
			}
			b.open(t, echo)
			s := b.waitFor(t, Failed)
			if s.Code != test.code || s.Reason == "" {
				t.Errorf("failed with %q: %s; want %s", s.Code, s.Reason, test.code)
			}
			for _, s := range b.states {
				if strings.Contains(s.Reason, string(goodToken)) {
					t.Errorf("the token is told: %s", s.Reason)
				}
			}
			b.settle(t, "nobody connected", func(c ngroktest.Counts) bool { return c.Sessions == 0 })
		})
	}
}

func TestCutIsReconnected(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo)
	url := b.waitFor(t, Online).URL
	for range 3 {
		before := b.Counts().Dials
		b.Cut()
		b.wait(t, "online again", func(s Status) bool { return s.State == Online && b.Counts().Dials > before })
		if status, text := post(t, b.Client(""), url, []byte("x")); status != 200 {
			t.Errorf("after a cut: %d %s", status, text)
		}
	}
	lost := 0
	for _, s := range b.states {
		if s.State == Reconnecting {
			lost++
			if s.Reason == "" || s.URL != url {
				t.Errorf("reconnecting without a word: %+v", s)
			}
		}
	}
	if lost == 0 {
		t.Error("no loss was told")
	}
}

// The service may not have noticed yet that we are gone: after a sleep a session
// of our own is in the way.
func TestWakingConnectsAtOnce(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo)
	url := b.waitFor(t, Online).URL
	dials := b.Counts().Dials
	b.pulse.pass(2 * time.Second)
	if b.Counts().Dials != dials {
		t.Error("it connected anew without a reason")
	}
	b.pulse.pass(8 * time.Hour)
	b.settle(t, "connected anew", func(c ngroktest.Counts) bool { return c.Dials > dials })
	b.wait(t, "online again", func(s Status) bool { return s.State == Online && len(b.URLs()) == 1 })
	if status, _ := post(t, b.Client(""), url, nil); status != 200 {
		t.Errorf("after waking: %d", status)
	}
	if b.states[len(b.states)-2].Reason != "This machine was asleep." && b.states[len(b.states)-2].State == Reconnecting {
		t.Errorf("the reason is %q", b.states[len(b.states)-2].Reason)
	}
}

func TestServiceThatIsAway(t *testing.T) {
	b := start(t, ngroktest.Options{})
	if err := b.Down(true); err != nil {
		t.Fatal(err)
	}
	b.open(t, echo)
	s := b.wait(t, "told why", func(s Status) bool { return s.State == Connecting && s.Reason != "" })
	if s.Code != "" {
		t.Errorf("code %q for a refused connection", s.Code)
	}
	if err := b.Down(false); err != nil {
		t.Fatal(err)
	}
	b.tunnel.Retry()
	if s := b.waitFor(t, Online); s.Reason != "" {
		t.Errorf("online with the reason %q", s.Reason)
	}
	if err := b.Down(true); err != nil {
		t.Fatal(err)
	}
	b.waitFor(t, Reconnecting)
	if err := b.Down(false); err != nil {
		t.Fatal(err)
	}
	b.tunnel.Retry()
	b.waitFor(t, Online)
}

// A service that accepts and cuts is told of, and not called again and again.
func TestStorm(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo)
	b.waitFor(t, Online)
	b.CutAfterAuth(true)
	b.settle(t, "connected four times", func(c ngroktest.Counts) bool { return c.Dials >= 4 })
	b.CutAfterAuth(false)
	b.tunnel.Retry()
	b.wait(t, "online again", func(s Status) bool { return s.State == Online && b.Counts().Sessions == 1 })
}

func TestRemoteCommands(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo)
	url := b.waitFor(t, Online).URL
	for name, command := range map[string]func(string) error{"restart": b.RestartAgent, "update": b.UpdateAgent} {
		if err := command(url); err == nil || !strings.Contains(err.Error(), "person") {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if status, _ := post(t, b.Client(""), url, nil); status != 200 {
		t.Errorf("after refused commands: %d", status)
	}
	if err := b.StopAgent(url); err != nil {
		t.Errorf("stop: %v", err)
	}
	if s := b.waitFor(t, Failed); !strings.Contains(s.Reason, "dashboard") {
		t.Errorf("stopped: %+v", s)
	}
	b.settle(t, "gone", func(c ngroktest.Counts) bool { return c.Sessions == 0 })
}

// The SDK would bind a stopped endpoint again when it reconnects, with nobody
// behind it.
func TestStoppedEndpointLeavesNoZombie(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo)
	url := b.waitFor(t, Online).URL
	if err := b.StopTunnel(url, "ERR_NGROK_725", "You have used your bandwidth."); err != nil {
		t.Logf("we may be gone before the service has heard that it told us: %v", err)
	}
	if s := b.waitFor(t, Failed); s.Code != "ERR_NGROK_725" || s.Reason == "" {
		t.Errorf("failed as %+v", s)
	}
	b.settle(t, "gone", func(c ngroktest.Counts) bool { return c.Sessions == 0 })
	b.Cut()
	if urls := b.URLs(); len(urls) != 0 {
		t.Errorf("the service serves %v", urls)
	}
}

func TestSecondAgentWithTheSameDomain(t *testing.T) {
	b := start(t, ngroktest.Options{})
	domain := func(c *Config) { c.Domain = "shop.test" }
	b.open(t, echo, domain)
	b.waitFor(t, Online)
	second := &bench{Service: b.Service, changed: make(chan struct{}, 1), pulse: b.pulse}
	second.open(t, echo, domain)
	if s := second.waitFor(t, Failed); s.Code != "ERR_NGROK_334" {
		t.Errorf("failed as %+v", s)
	}
	if s := b.tunnel.Status(); s.State != Online || s.URL != "https://shop.test" {
		t.Errorf("the first is %+v", s)
	}
}

// A host that changed while we were away is not known before the session is
// opened anew.
func TestReopenLearnsTheHost(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo)
	b.waitFor(t, Online)
	b.NextHost("other.ngrok.test")
	before := b.Counts().Dials
	b.Cut()
	b.wait(t, "online again", func(s Status) bool { return s.State == Online && b.Counts().Dials > before && len(b.URLs()) == 1 })
	b.NextHost("other.ngrok.test")
	b.tunnel.Reopen()
	s := b.wait(t, "another address", func(s Status) bool { return s.State == Online && s.URL == "https://other.ngrok.test" })
	if status, _ := post(t, b.Client(""), s.URL, nil); status != 200 {
		t.Errorf("the new address answers %d", status)
	}
}
