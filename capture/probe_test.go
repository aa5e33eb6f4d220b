package capture

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// probing serves a handler with probes, reached via a way.
func probing(t *testing.T, via Via) (*bench, string) {
	t.Helper()
	b := serve(t, DefaultLimits(), via)
	b.handler.Probes = &Probes{}
	return b, "http://" + b.addr
}

// fresh is a client that keeps no connection, and client's redirects are its own.
func fresh() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

func (b *bench) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.kept)
}

func TestProbeComesBackAndIsNotKept(t *testing.T) {
	b, base := probing(t, ViaTunnel)
	for range 3 {
		reach := b.handler.Probes.Check(t.Context(), fresh(), base, ViaTunnel)
		if reach.Outcome != Reached || reach.Took <= 0 || reach.At.IsZero() || reach.Text != "" {
			t.Errorf("got %+v", reach)
		}
	}
	if n := b.count(); n != 0 {
		t.Errorf("%d self-tests were kept", n)
	}
}

// A proxy of one's own may put a path before it.
func TestProbeBehindAPath(t *testing.T) {
	b, base := probing(t, ViaTunnel)
	if reach := b.handler.Probes.Check(t.Context(), fresh(), base+"/hooks/in/", ViaTunnel); reach.Outcome != Reached {
		t.Errorf("got %+v", reach)
	}
}

// What comes another way than the test is meant to is a callback.
func TestProbeOverAnotherListenerIsACallback(t *testing.T) {
	b, base := probing(t, ViaLocal)
	reach := b.handler.Probes.Check(t.Context(), fresh(), base, ViaTunnel)
	if reach.Outcome != Unreached || b.count() != 1 {
		t.Errorf("got %+v, and %d callbacks; want a callback", reach, b.count())
	}
}

// What a stranger sends is a callback, also while a test is on its way, and also
// with the name of a test that is over.
func TestProbesOfStrangers(t *testing.T) {
	b, base := probing(t, ViaTunnel)
	var used string
	seen := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		used = r.URL.Path
		for _, path := range []string{used + "x", used[:len(used)-1], "/" + strings.Repeat("0", 32), "/"} {
			ask(t, base+path)
		}
		first, err := fresh().Transport.RoundTrip(r)
		ask(t, base+used) // a second time
		return first, err
	})}
	if reach := b.handler.Probes.Check(t.Context(), seen, base, ViaTunnel); reach.Outcome != Reached {
		t.Errorf("got %+v", reach)
	}
	ask(t, base+used)
	if n := b.count(); n != 6 {
		t.Errorf("%d callbacks were kept, want the stranger's 6", n)
	}
}

// The name of a test that nobody waits for any more is nobody's.
func TestProbeThatComesTooLate(t *testing.T) {
	b, base := probing(t, ViaTunnel)
	var late string
	lost := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		late = r.URL.Path
		return nil, context.DeadlineExceeded
	})}
	if reach := b.handler.Probes.Check(t.Context(), lost, base, ViaTunnel); reach.Outcome != Unreached || !strings.Contains(reach.Text, "within") {
		t.Errorf("got %+v", reach)
	}
	ask(t, base+late)
	if n := b.count(); n != 1 {
		t.Errorf("%d callbacks were kept, want the late one", n)
	}
}

// Whoever changes or swallows our answer is not the way back out.
func TestProbeWithoutItsAnswer(t *testing.T) {
	b, base := probing(t, ViaTunnel)
	tests := map[string]func(answer string) (string, error){
		"another":        func(string) (string, error) { return nonce(), nil },
		"cut short":      func(answer string) (string, error) { return answer[1:], nil },
		"with more":      func(answer string) (string, error) { return answer + "<script>", nil },
		"not at all":     func(string) (string, error) { return "", nil },
		"a broken line":  func(string) (string, error) { return "", io.ErrUnexpectedEOF },
		"nowhere to ask": func(string) (string, error) { return "", &net.DNSError{Name: "x.test"} },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				response, err := fresh().Transport.RoundTrip(r)
				if err != nil {
					return nil, err
				}
				answer, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil {
					return nil, err
				}
				changed, err := change(string(answer))
				response.Body = io.NopCloser(strings.NewReader(changed))
				if err != nil {
					return nil, err
				}
				return response, nil
			})}
			reach := b.handler.Probes.Check(t.Context(), client, base, ViaTunnel)
			if reach.Outcome != Unreached || !strings.HasPrefix(reach.Text, "The test came in, but its answer") || reach.Took != 0 {
				t.Errorf("got %+v", reach)
			}
		})
	}
	if n := b.count(); n != 0 {
		t.Errorf("%d self-tests were kept", n)
	}
}

// A proxy that passes on another name is told from nobody at all.
func TestProbeUnderAnotherName(t *testing.T) {
	tests := []struct {
		via  Via
		says string
	}{{ViaPublic, "X-Forwarded-Host"}, {ViaTunnel, "not through this tunnel"}}
	for _, test := range tests {
		b, base := probing(t, ViaLocal)
		b.handler.Public = func(host string) bool { return host == "shop.test" }
		reach := b.handler.Probes.Check(t.Context(), fresh(), base, test.via)
		if reach.Outcome != Unreached || !strings.Contains(reach.Text, test.says) || b.count() != 1 {
			t.Errorf("%s: got %+v, and %d callbacks", test.via, reach, b.count())
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func ask(t *testing.T, url string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := fresh().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil || string(body) != "{}" {
		t.Errorf("%s: a stranger is answered %q (%v)", url, body, err)
	}
}

func TestProbesAnsweredElsewhere(t *testing.T) {
	tests := []struct {
		name    string
		answer  http.HandlerFunc
		outcome ReachOutcome
		status  int
		says    string
	}{
		{"a portal", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "Welcome") }, Unreached, 200, "Somebody else"},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) }, Unreached, 302, "/login"},
		{"a policy", refusing(403, "ERR_NGROK_3205"), Blocked, 403, "alive"},
		{"a proxy that wants a password", refusing(401, ""), Blocked, 401, "alive"},
		{"a limit", refusing(429, "ERR_NGROK_702"), Blocked, 429, "limit"},
		{"nobody there", refusing(404, "ERR_NGROK_3200"), Unreached, 404, "nobody serves"},
		{"a dead agent", refusing(502, "ERR_NGROK_3004"), Unreached, 502, "ERR_NGROK_3004"},
		{"hostile words", refusing(502, "\u202eERR"), Unreached, 502, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.answer)
			defer server.Close()
			reach := (&Probes{}).Check(t.Context(), fresh(), server.URL, ViaTunnel)
			if reach.Outcome != test.outcome || reach.Status != test.status || !strings.Contains(reach.Text, test.says) || reach.Took != 0 {
				t.Errorf("got %+v", reach)
			}
			if strings.ContainsRune(reach.Text+reach.Code, '\u202e') {
				t.Errorf("bidi characters are told: %q", reach.Text)
			}
		})
	}
}

func refusing(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ngrok-error-code", code)
		w.WriteHeader(status)
	}
}

func TestProbesThatGoNowhere(t *testing.T) {
	server := httptest.NewServer(nil)
	closed := server.URL
	server.Close()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name    string
		ctx     context.Context
		base    string
		outcome ReachOutcome
	}{
		{"no such name", t.Context(), "http://does-not-exist.invalid", Untested},
		{"nobody listens", t.Context(), closed, Untested},
		{"no address", t.Context(), "http://\x7f", Untested},
		{"given up", ended, closed, Unreached},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if reach := (&Probes{}).Check(test.ctx, fresh(), test.base, ViaTunnel); reach.Outcome != test.outcome || reach.Text == "" {
				t.Errorf("got %+v", reach)
			}
		})
	}
}

// What comes through a public address of the person's own is marked, and its
// caller is whom their proxy names last.
func TestOwnPublicAddress(t *testing.T) {
	b, _ := probing(t, ViaLocal)
	b.handler.Public = func(host string) bool { return host == "shop.test" }
	tests := []struct {
		head   string
		via    Via
		source string
	}{
		{"Host: shop.test\r\nX-Forwarded-For: 198.51.100.7, 203.0.113.9\r\n", ViaPublic, "203.0.113.9"},
		{"Host: inner\r\nX-Forwarded-Host: shop.test\r\nX-Forwarded-For: 203.0.113.9\r\n", ViaPublic, "203.0.113.9"},
		{"Host: inner\r\nX-Forwarded-Host: shop.test, middle\r\nX-Forwarded-For: 203.0.113.9\r\n", ViaPublic, "203.0.113.9"},
		{"Host: inner\r\nX-Forwarded-Host: middle, shop.test\r\nX-Forwarded-For: 203.0.113.9\r\n", ViaLocal, "127.0.0.1"},
		{"Host: shop.test\r\n", ViaPublic, "127.0.0.1"},
		{"Host: other.test\r\nX-Forwarded-For: 203.0.113.9\r\n", ViaLocal, "127.0.0.1"},
	}
	for _, test := range tests {
		b.send(t, "GET /x HTTP/1.1\r\n"+test.head+"\r\n")
		if created, _ := b.last(t); created.Via != test.via || created.Request.Source != test.source {
			t.Errorf("%q: via %s from %s, want %s from %s", test.head, created.Via, created.Request.Source, test.via, test.source)
		}
	}
}

// A head that net/http refuses is told from where it came all the same.
func TestOwnPublicAddressRefused(t *testing.T) {
	b, _ := probing(t, ViaLocal)
	b.handler.Public = func(host string) bool { return host == "shop.test" }
	if got := b.send(t, "GET /x HTTP/1.1\r\nHost: shop.test\r\nExpect: the impossible\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"); got.status != 417 {
		t.Errorf("answered %d", got.status)
	}
	<-b.told // the connection's end is noticed on another goroutine
	b.stop(t)
	if created, _ := b.last(t); created.State != StateRefused || created.Via != ViaPublic || created.Request.Source != "203.0.113.9" {
		t.Errorf("kept as %+v", created)
	}
}
