package ngrok

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
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
	code := m.Run()
	if err := leaks(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// lockedUp are goroutines that TestCloseUnderFlood leaves behind: the SDK takes
// the lock of a tunnel for reading a second time while it is closed, so that
// neither comes to an end. close is bounded; they end with the process.
var lockedUp = goleak.IgnoreTopFunction("nothing")

// leaks tells of goroutines that stayed. The SDK sleeps out its own pause after it
// was told to end, and the heartbeats of a session that was cut end when they are
// due: the soak test shows that they do.
func leaks() error {
	return goleak.Find(lockedUp,
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
		Settings: Settings{Connect: b.Addr()}, CAs: b.CAs(), Token: goodToken,
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
