package viewmodel

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/ngrok"
)

// publicBench is a bench whose engine notes what it is asked for the public
// address.
type publicBench struct {
	*bench

	mu       sync.Mutex
	asked    []string // "open", "own https://…", "close", "check", "save …"
	settings ngrok.Settings
	token    string
	source   ngrok.TokenSource
	events   []capture.PublicEvent
	refuse   error
}

func newPublicBench(t *testing.T) *publicBench {
	t.Helper()
	b := &publicBench{bench: newBench(t)}
	b.attach(t)
	b.wire()
	b.Attach(&b.engine)
	b.settle()
	return b
}

// wire gives the engine the functions of the public address.
func (b *publicBench) wire() {
	note := func(what string) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.asked = append(b.asked, what)
	}
	b.engine.OpenTunnel = func(_ context.Context, s ngrok.Settings) error {
		note("open")
		b.settings = s
		return b.refuse
	}
	b.engine.UsePublicURL = func(_ context.Context, address string) error { note("own " + address); return b.refuse }
	b.engine.ClosePublic = func(context.Context) error { note("close"); return b.refuse }
	b.engine.CheckPublic = func() { note("check") }
	b.engine.SaveKey = func(_ context.Context, credential, _, value string) error {
		note("save " + credential)
		b.token = value
		b.source = ngrok.TokenSource{From: "keyring"}
		return nil
	}
	b.engine.RemoveKey = func(_ context.Context, credential, _ string) error {
		note("remove " + credential)
		b.source = ngrok.TokenSource{}
		return nil
	}
	b.engine.TunnelToken = func(context.Context) (ngrok.TokenSource, error) { return b.source, nil }
	b.engine.PublicEvents = func(context.Context, int) ([]capture.PublicEvent, error) { return b.events, nil }
	b.engine.DiagnosePublic = func(context.Context, ngrok.Settings) []ngrok.Step {
		return []ngrok.Step{{Name: "TCP", OK: true, Text: "It answers."}}
	}
}

// did returns what the engine was asked since the last call.
func (b *publicBench) did() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := strings.Join(b.asked, ", ")
	b.asked = nil
	return text
}

// tell tells a state, as an engine does, and waits until it is shown.
func (b *publicBench) tell(p capture.Public) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.PublicChanged(p)
	}()
	<-done
	b.settle()
}

const testURL = "https://calm-otter.ngrok-free.app"

// testToken has the shape of one.
const testToken = "2abCDefGHijKLmnOPqrSTuvWXyz_0123456789abcdefABCDE"

func onlinePublic() capture.Public {
	return capture.Public{
		State: capture.PublicOnline, Via: capture.ViaTunnel, URL: testURL, Latency: 38 * time.Millisecond, Region: "eu",
	}
}

func TestPublicStates(t *testing.T) {
	b := newPublicBench(t)
	at := func(state capture.PublicState, change func(*capture.Public)) capture.Public {
		p := onlinePublic()
		p.State = state
		if change != nil {
			change(&p)
		}
		return p
	}
	for _, tt := range []struct {
		name    string
		public  capture.Public
		word    string
		tone    Tone
		pill    string // tone, word, host, latency
		summary string
		banner  string
	}{
		{"off", capture.Public{State: capture.PublicOff}, "Off", Muted, "Local only 127.0.0.1:4480 ", "", ""},
		{"zero", capture.Public{}, "Off", Muted, "Local only 127.0.0.1:4480 ", "", ""},
		{
			"connecting",
			capture.Public{State: capture.PublicConnecting, Via: capture.ViaTunnel},
			"Connecting", Warn,
			"Connecting 127.0.0.1:4480 ", "Tunnel connecting", "",
		},
		{
			"online", onlinePublic(), "Online", Good,
			" calm-otter.ngrok-free.app 38 ms", "Tunnel online · eu · 38 ms", "",
		},
		{
			"blocked", at(capture.PublicOnline, func(p *capture.Public) { p.Reach.Outcome = capture.Blocked }),
			"Online, test blocked by your policy", Warn, "Test blocked calm-otter.ngrok-free.app 38 ms",
			"Tunnel online, test blocked by your policy · eu · 38 ms", "",
		},
		{
			"unreachable", at(capture.PublicUnreachable, func(p *capture.Public) { p.Reason = "Nobody serves it." }),
			"Unreachable", Bad, "Unreachable calm-otter.ngrok-free.app 38 ms", "Tunnel unreachable · eu · 38 ms",
			"Providers may not reach you: Nobody serves it.",
		},
		{
			"reconnecting", at(capture.PublicReconnecting, nil), "Reconnecting", Warn,
			"Reconnecting calm-otter.ngrok-free.app ", "Tunnel reconnecting · eu", "",
		},
		{
			"failed",
			capture.Public{State: capture.PublicFailed, Via: capture.ViaTunnel, Code: "ERR_NGROK_105", Reason: "The token is not good."},
			"Failed", Bad, "Failed 127.0.0.1:4480 ", "Tunnel failed", "Providers cannot reach you: The token is not good.",
		},
		{
			"own",
			capture.Public{State: capture.PublicOnline, Via: capture.ViaPublic, URL: "https://hooks.example.com/in/"},
			"Online", Good,
			" hooks.example.com/in ", "Own address online", "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.tell(tt.public)
			p := b.Public
			if p.Word != tt.word || p.Tone != tt.tone {
				t.Errorf("got %q in tone %d, want %q in %d", p.Word, p.Tone, tt.word, tt.tone)
			}
			pill := p.Pill()
			if got := pill.Word + " " + pill.Host + " " + pill.Latency; got != tt.pill {
				t.Errorf("pill %q, want %q", got, tt.pill)
			}
			if b.Status.Public != tt.summary {
				t.Errorf("status bar %q, want %q", b.Status.Public, tt.summary)
			}
			if banner := b.bannerText(publicBanner); banner != tt.banner {
				t.Errorf("banner %q, want %q", banner, tt.banner)
			}
		})
	}
}

// Of what comes while the screen is busy the last counts, and nothing is posted
// for each.
func TestPublicChangesAreCoalesced(t *testing.T) {
	b := newPublicBench(t)
	for range 1000 {
		b.PublicChanged(capture.Public{State: capture.PublicReconnecting, URL: testURL})
	}
	b.PublicChanged(onlinePublic())
	if n := len(b.pump.queue); n != 1 {
		t.Errorf("%d functions wait for the screen, want 1", n)
	}
	b.settle()
	if b.Public.Word != "Online" {
		t.Errorf("got %q", b.Public.Word)
	}
}

func TestPublicConnectSavesTheTokenFirst(t *testing.T) {
	b := newPublicBench(t)
	f := b.Public.Form
	if f.HasToken || f.SourceTone != Warn {
		t.Errorf("without a token: %q", f.Source)
	}
	f.SetToken("not a token")
	if f.Token.Problem == "" || b.Commands.Do("public.connect") {
		t.Errorf("a wrong token: %+v", f.Token)
	}
	f.SetToken("ngrok config add-authtoken " + testToken)
	if f.Token.Problem != "" {
		t.Fatalf("the line of a terminal: %q", f.Token.Problem)
	}
	f.SetDomain("shop.example")
	if !b.Commands.Do("public.connect") {
		t.Fatal("cannot connect")
	}
	if b.Public.Busy == "" || b.Public.Pill().Word != "Connecting" {
		t.Error("it does not say that it connects")
	}
	b.settle()
	if got := b.did(); got != "save ngrok.authtoken, open" || b.token != testToken {
		t.Errorf("the engine was asked %q", got)
	}
	if b.settings.Domain != "shop.example" {
		t.Errorf("settings %+v", b.settings)
	}
	if f.Token.Text != "" || !f.HasToken || f.Source != "Token from the keyring." || !f.CanForget {
		t.Errorf("afterwards: %+v, %q", f.Token, f.Source)
	}
	if kept := b.Preferences.Public; !kept.On || kept.Mode != PublicTunnel || kept.Settings.Domain != "shop.example" {
		t.Errorf("remembered %+v", kept)
	}
	f.Forget()
	b.settle()
	if b.did() != "remove ngrok.authtoken" || f.HasToken {
		t.Error("the token was not forgotten")
	}
}

func TestPublicIsOpenedAgainAtTheStart(t *testing.T) {
	for _, tt := range []struct {
		name string
		kept PublicPreferences
		want string
	}{
		{"nothing", PublicPreferences{}, ""},
		{"closed", PublicPreferences{Mode: PublicTunnel}, ""},
		{"tunnel", PublicPreferences{Mode: PublicTunnel, On: true}, "open"},
		{"own", PublicPreferences{Mode: PublicOwn, On: true, URL: "https://hooks.example.com/"}, "own https://hooks.example.com"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &publicBench{bench: newBench(t)}
			b.Preferences.Public = tt.kept
			b.Public.Form = newPublicForm(b.Public)
			b.attachWith(t, b.wire)
			b.Attach(&b.engine) // a second time opens nothing
			b.settle()
			if got := b.did(); got != tt.want {
				t.Errorf("the engine was asked %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPublicProblems(t *testing.T) {
	b := newPublicBench(t)
	b.refuse = errors.New("there is no ngrok token: paste one")
	b.Commands.Do("public.connect")
	b.settle()
	if want := "There is no ngrok token: paste one."; b.Public.Problem != want || b.Public.Busy != "" {
		t.Errorf("got %q, want %q", b.Public.Problem, want)
	}
	if first := b.Connect.FirstRun().Public; first.Problem != b.Public.Problem || !first.Token {
		t.Errorf("first run %+v", first)
	}
	b.refuse = nil
	b.Commands.Do("public.connect")
	b.tell(onlinePublic())
	if b.Public.Problem != "" || !b.Connect.FirstRun().Public.live() {
		t.Errorf("afterwards %q", b.Public.Problem)
	}
	for _, tt := range []struct {
		name  string
		set   func(string)
		field *Field
		bad   string
		good  string
	}{
		{"domain", b.Public.Form.SetDomain, &b.Public.Form.Domain, "http://a b", "shop.example"},
		{"policy", b.Public.Form.SetPolicy, &b.Public.Form.Policy, `{"nonsense`, `{"on_http_request":[]}`},
		{"proxy", b.Public.Form.SetProxy, &b.Public.Form.Proxy, "http://proxy:3128", "socks5://proxy:1080"},
		{"service", b.Public.Form.SetService, &b.Public.Form.Service, "no port", "127.0.0.1:8443"},
		{"own", b.Public.Form.SetURL, &b.Public.Form.URL, "ftp://x", "https://hooks.example.com"},
		{"allow", b.Public.Form.SetAllow, &b.Public.Form.Allow, "10.0.0.300", "192.0.2.7, 198.51.100.0/24"},
	} {
		tt.set(tt.bad)
		if tt.field.Problem == "" {
			t.Errorf("%s takes %q", tt.name, tt.bad)
		}
		tt.set(tt.good)
		if tt.field.Problem != "" {
			t.Errorf("%s does not take %q: %s", tt.name, tt.good, tt.field.Problem)
		}
	}
	if !b.Public.Stale() {
		t.Error("it does not see that other settings were typed")
	}
	if title, ready := b.Public.Act(); title != "Apply the changes" || !ready {
		t.Errorf("%q, %t", title, ready)
	}
	b.Public.Form.UseAllow()
	if text := b.Public.Form.Policy.Text; !strings.Contains(text, "198.51.100.0/24") || b.Public.Form.Policy.Problem != "" {
		t.Errorf("policy %q", text)
	}
	b.Notices.Toast.Run()
	if text := b.Public.Form.Policy.Text; text != `{"on_http_request":[]}` {
		t.Errorf("after Undo: %q", text)
	}
}

// live reports whether nothing is left to do.
func (f FirstPublic) live() bool { return f.Act == "" && f.Title == "Online" }

func TestPublicOwnAddressAndEnd(t *testing.T) {
	b := newPublicBench(t)
	b.Public.Form.SetMode(PublicOwn)
	if b.Commands.Do("public.connect") {
		t.Error("connects without an address")
	}
	b.Public.Form.SetURL("https://hooks.example.com/in/")
	b.Commands.Do("public.connect")
	b.settle()
	if got := b.did(); !strings.HasPrefix(got, "own https://hooks.example.com/in") {
		t.Errorf("the engine was asked %q", got)
	}
	b.tell(capture.Public{State: capture.PublicOnline, Via: capture.ViaPublic, URL: "https://hooks.example.com/in"})
	if !b.Commands.Do("public.test") || !b.Commands.Do("public.disconnect") {
		t.Error("cannot test and disconnect")
	}
	b.settle()
	if got := b.did(); got != "check, close" || b.Preferences.Public.On {
		t.Errorf("the engine was asked %q", got)
	}
}

func TestPublicDiagnosis(t *testing.T) {
	b := newPublicBench(t)
	b.Commands.Do("public.diagnose")
	if b.Dialog != DialogPublic || !b.Public.Diagnosis {
		t.Error("it does not say that it tries")
	}
	b.settle()
	if len(b.Public.Steps) != 1 || b.Public.Diagnosed != "10:42:18" || b.Public.Diagnosis {
		t.Errorf("%+v at %q", b.Public.Steps, b.Public.Diagnosed)
	}
	b.tell(capture.Public{State: capture.PublicFailed, Code: "ERR_NGROK_334"})
	b.Public.OpenHelp()
	if b.opened != "https://ngrok.com/docs/errors/err_ngrok_334" {
		t.Errorf("opened %q", b.opened)
	}
}
