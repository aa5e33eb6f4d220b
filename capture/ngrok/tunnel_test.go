package ngrok

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hookglass/capture/ngrok/ngroktest"
)

// patience bounds every wait: a test that needs it has failed.
const patience = 20 * time.Second

const goodToken = Token("2abcDEFghiJKLmnoPQRstuVWXyz_5AbCdEfGhIjKlMnOpQrS")

func TestMain(m *testing.M) {
	// The SDK sleeps out its own pause after it was told to end, and the
	// heartbeats of a session that was cut end when they are due: the soak test
	// shows that they do.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("golang.ngrok.com/ngrok/v2/internal/tunnel/client.(*reconnectingSession).connect"),
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).requester"),
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).check"))
}

// bench is a service, and a tunnel to it whose changes are noted.
type bench struct {
	*ngroktest.Service
	tunnel *Tunnel
	pulse  *handPulse

	mu      sync.Mutex
	states  []Status
	changed chan struct{}
}

// handPulse is a clock that a test moves.
type handPulse struct {
	mu   sync.Mutex
	time time.Time
	tick chan time.Time
}

func (p *handPulse) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.time
}

// pass moves the clock on and has the tunnel look at it.
func (p *handPulse) pass(d time.Duration) {
	p.mu.Lock()
	p.time = p.time.Add(d)
	p.mu.Unlock()
	p.tick <- p.now()
}

func start(t testing.TB, o ngroktest.Options) *bench {
	t.Helper()
	s, err := ngroktest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return &bench{
		Service: s, changed: make(chan struct{}, 1),
		pulse: &handPulse{time: time.Date(2026, 11, 21, 2, 13, 0, 0, time.UTC), tick: make(chan time.Time)},
	}
}

// open opens the tunnel; change changes its configuration.
func (b *bench) open(t testing.TB, handler http.Handler, change ...func(*Config)) {
	t.Helper()
	c := Config{
		Settings: Settings{Connect: b.Addr()}, CAs: b.CAs(), Token: goodToken, Version: "test",
		Serve: func(l net.Listener) error {
			server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
			return server.Serve(l)
		},
		Changed: b.note,
	}
	for _, f := range change {
		f(&c)
	}
	var err error
	b.tunnel, err = open(c, pulse{
		now:       b.pulse.now,
		ticks:     func() (<-chan time.Time, func()) { return b.pulse.tick, func() {} },
		addresses: func() string { return "" },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.tunnel.Close)
}

func (b *bench) note(s Status) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.states); n > 0 && b.states[n-1].State == s.State && b.states[n-1].Reason == s.Reason {
		b.states[n-1] = s
	} else {
		b.states = append(b.states, s)
	}
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// wait waits until a status holds, and returns it.
func (b *bench) wait(t testing.TB, what string, holds func(Status) bool) Status {
	t.Helper()
	timeout := time.After(patience)
	for {
		if s := b.tunnel.Status(); holds(s) {
			return s
		}
		select {
		case <-b.changed:
		case <-timeout:
			t.Fatalf("never %s; the status is %+v", what, b.tunnel.Status())
		}
	}
}

func (b *bench) waitFor(t testing.TB, state State) Status {
	t.Helper()
	return b.wait(t, string(state), func(s Status) bool { return s.State == state })
}

// settle waits until the service sees what holds.
func (b *bench) settle(t testing.TB, what string, holds func(ngroktest.Counts) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := b.Wait(ctx, holds); err != nil {
		t.Fatalf("never %s: %+v", what, b.Counts())
	}
}

// post sends a body to the public address and returns status and answer.
func post(t testing.TB, client *http.Client, url string, body []byte) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// echo answers with where the caller is and what it sent.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	_, _ = fmt.Fprintf(w, "%s %s %s", host, r.Header.Get("X-Forwarded-For"), body)
})

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
		t.Fatal(err)
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

// A caller that stops reading its large answer holds up nobody else.
func TestCallerThatStopsReading(t *testing.T) {
	answering := make(chan struct{}, 1)
	ended := make(chan error, 1)
	b := start(t, ngroktest.Options{})
	b.open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/large" {
			return
		}
		answering <- struct{}{}
		_, err := w.Write(make([]byte, 8<<20))
		ended <- err
	}))
	url := b.waitFor(t, Online).URL
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/large", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.Client("").Do(request)
	if err != nil {
		t.Fatal(err)
	}
	<-answering
	for range 20 {
		if status, _ := post(t, b.Client(""), url+"/small", nil); status != 200 {
			t.Errorf("beside it: %d", status)
		}
	}
	b.tunnel.Close() // is not held up either
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the answer was written whole, though nobody read it")
		}
	case <-time.After(patience):
		t.Error("the handler hangs")
	}
	_ = response.Body.Close()
}

// Callers that arrive while the tunnel closes do not lock up the SDK, nor us.
func TestCloseUnderFlood(t *testing.T) {
	b := start(t, ngroktest.Options{})
	client := b.Client("")
	ctx, cancel := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	for range 8 {
		flood.Go(func() {
			for ctx.Err() == nil {
				request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://demo.ngrok.test/", strings.NewReader("x"))
				if err != nil {
					t.Error(err)
					return
				}
				if response, err := client.Do(request); err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
			}
		})
	}
	for range 10 {
		b.open(t, echo)
		b.waitFor(t, Online)
		b.tunnel.Close()
	}
	cancel()
	flood.Wait()
}

func TestCloseWhileNothingAnswers(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.Silence(true)
	b.open(t, echo)
	b.settle(t, "dialed", func(c ngroktest.Counts) bool { return c.Dials > 0 })
	b.tunnel.Close()
	b.Silence(false)
	b.settle(t, "gone", func(c ngroktest.Counts) bool { return c.Sessions == 0 })
}

// 1,000 callers at once: nobody is lost but whom the service itself gave up.
func TestThousandAtOnce(t *testing.T) {
	const callers, sources = 1000, 50
	b := start(t, ngroktest.Options{})
	var arrived sync.WaitGroup
	arrived.Add(1)
	b.open(t, echo)
	url := b.waitFor(t, Online).URL
	var clients []*http.Client
	for i := range sources {
		clients = append(clients, b.Client(fmt.Sprintf("127.0.1.%d", i+1)))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	lost := 0
	for i := range callers {
		all.Go(func() {
			arrived.Wait()
			source := fmt.Sprintf("127.0.1.%d", i%sources+1)
			want := fmt.Sprintf("%s %s body %d", source, source, i)
			status, text := post(t, clients[i%sources], url, fmt.Appendf(nil, "body %d", i))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case status == http.StatusBadGateway:
				lost++
			case status != 200 || text != want:
				t.Errorf("answered %d %q, want %q", status, text, want)
			}
		})
	}
	arrived.Done()
	all.Wait()
	if reset := b.Counts().Resets; lost > reset {
		t.Errorf("%d were lost, of which the service gave up %d", lost, reset)
	}
}

func TestLargeBodyIsIntact(t *testing.T) {
	body := make([]byte, 10<<20)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	b := start(t, ngroktest.Options{})
	b.open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		_, err := io.Copy(sum, r.Body)
		_, _ = fmt.Fprintf(w, "%x %v", sum.Sum(nil), err)
	}))
	url := b.waitFor(t, Online).URL
	if status, text := post(t, b.Client(""), url, body); status != 200 || text != fmt.Sprintf("%x <nil>", sha256.Sum256(body)) {
		t.Errorf("answered %d %q", status, text)
	}
}

func TestPolicyIsPassedOn(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo, func(c *Config) {
		c.Policy = `{"on_http_request":[{"actions":[{"type":"restrict-ips","config":{"enforce":true,"allow":["127.0.0.8/32"]}}]}]}`
	})
	url := b.waitFor(t, Online).URL
	for from, want := range map[string]int{"127.0.0.8": 200, "127.0.0.9": 403} {
		if status, _ := post(t, b.Client(from), url, nil); status != want {
			t.Errorf("from %s: %d, want %d", from, status, want)
		}
	}
}

// An answer that is on its way when the tunnel closes arrives.
func TestCloseLetsAnAnswerArrive(t *testing.T) {
	inside, goOn := make(chan struct{}), make(chan struct{})
	b := start(t, ngroktest.Options{})
	b.open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(inside)
		<-goOn
		_, _ = io.WriteString(w, "done")
	}))
	url := b.waitFor(t, Online).URL
	answered := make(chan error, 1)
	go func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
		if err != nil {
			answered <- err
			return
		}
		response, err := b.Client("").Do(request)
		if err == nil {
			var text []byte
			text, err = io.ReadAll(response.Body)
			_ = response.Body.Close()
			if string(text) != "done" {
				err = errors.Join(err, fmt.Errorf("answered %d %q", response.StatusCode, text))
			}
		}
		answered <- err
	}()
	<-inside
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		b.tunnel.Close()
	}()
	b.settle(t, "unbound", func(ngroktest.Counts) bool { return len(b.URLs()) == 0 })
	close(goOn)
	if err := <-answered; err != nil {
		t.Error(err)
	}
	<-closed
}
