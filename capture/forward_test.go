package capture

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// listenRaw starts an app that handles connections by itself, and returns its
// URL.
func listenRaw(t testing.TB, handle func(conn net.Conn)) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer func() { _ = conn.Close() }()
				_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
				handle(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return "http://" + l.Addr().String()
}

// newForwarder makes a forwarder that is closed at the test's end.
func newForwarder(t testing.TB) *Forwarder {
	t.Helper()
	f := &Forwarder{}
	f.ready()
	f.pseudonym = "hookglass-test"
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := f.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
		if held := f.observed.bodies.held.Load(); held != 0 {
			t.Errorf("%d bytes of bodies are held after all", held)
		}
	})
	return f
}

func appRule(f Forwarding, answer RuleAnswer) Rule {
	return Rule{ID: 5, Name: "app", Enabled: true, Kind: RuleForward, Params: RuleParams{Forward: f, Answer: answer}}
}

// serveForward starts a server that forwards what comes to /in/*.
func serveForward(t *testing.T, forwarder *Forwarder, rule Rule) *bench {
	t.Helper()
	b := serveSource(t, DefaultLimits(), ViaLocal, RuleSource{Preset: presetsOf, Accepted: acceptAll, Forwarder: forwarder}, rule)
	b.handler.Endpoint = func(path string) *Endpoint { return Endpoints{{Path: "/in/*"}}.Find(path) }
	return b
}

// forwarded answers an exchange by a forward rule alone.
func forwarded(ctx context.Context, forwarder *Forwarder, rule Rule, x *Exchange) Response {
	response, _ := NewRules([]Rule{rule}, RuleSource{Preset: presetsOf, Accepted: acceptAll, Forwarder: forwarder}).
		Answer(ctx, x, &Endpoint{Path: "/in/*"}, time.Now())
	return response
}

// coming is a callback as the handler hands it to rules.
func coming(raw string) *Exchange {
	x := stored(raw)
	x.State, x.Endpoint = StateReceived, "/in/*"
	return x
}

const comingGet = "GET /in/a HTTP/1.1\r\nHost: h\r\n\r\n"

func TestForwardSendsTheCallbackAsItCame(t *testing.T) {
	for _, tt := range []struct{ name, raw, want string }{
		{
			"order, case, repeats and bytes",
			"PUT /in/x?a=%31&a HTTP/1.1\r\nx-b: 2\r\nHOST: old\r\nX-A: \xe9\r\nX-B: 1\r\ncontent-length: 3\r\nAuthorization: Bearer x\r\nx-forwarded-for: 1.2.3.4\r\n\r\na\x00b",
			"PUT /app/x?k=v&a=%31&a HTTP/1.1\r\nx-b: 2\r\nHOST: HERE\r\nX-A: \xe9\r\nX-B: 1\r\ncontent-length: 3\r\nAuthorization: Bearer x\r\nx-forwarded-for: 1.2.3.4\r\nVia: 1.1 hookglass-test\r\n\r\na\x00b",
		},
		{
			"what belongs to a connection",
			"GET /in/ HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Mine\r\nconnection: x-two\r\nX-Two: 2\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nProxy-Authorization: x\r\nProxy-Authenticate: x\r\nX-Mine: 1\r\nUpgrade: h2c\r\nTE: gzip\r\nVia: 1.0 other\r\nX-Yours: 1\r\n\r\n",
			"GET /app/?k=v HTTP/1.1\r\nHost: HERE\r\nVia: 1.0 other\r\nX-Yours: 1\r\nVia: 1.1 hookglass-test\r\n\r\n",
		},
		{
			"a stranger cannot hide that they are one",
			"GET /in HTTP/1.1\r\nHost: h\r\nConnection: x-forwarded-for, Forwarded, X-Real-IP,VIA\r\nX-Forwarded-For: 1.2.3.4\r\nforwarded: for=1.2.3.4\r\nX-Real-Ip: 1.2.3.4\r\nVia: 1.0 other\r\n\r\n",
			"GET /app?k=v HTTP/1.1\r\nHost: HERE\r\nX-Forwarded-For: 1.2.3.4\r\nforwarded: for=1.2.3.4\r\nX-Real-Ip: 1.2.3.4\r\nVia: 1.0 other\r\nVia: 1.1 hookglass-test\r\n\r\n",
		},
		{
			"Expect",
			"POST /in HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody",
			"POST /app?k=v HTTP/1.1\r\nHost: HERE\r\nContent-Length: 4\r\nVia: 1.1 hookglass-test\r\n\r\nbody",
		},
		{
			"chunks become a length",
			"POST /in HTTP/1.1\r\nHost: h\r\ntransfer-encoding: chunked\r\nX-A: 1\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
			"POST /app?k=v HTTP/1.1\r\nHost: HERE\r\nContent-Length: 3\r\nX-A: 1\r\nVia: 1.1 hookglass-test\r\n\r\nabc",
		},
		{
			"trailers",
			"POST /in HTTP/1.1\r\nHost: h\r\nTrailer: x-T, X-U\r\ntransfer-encoding: chunked\r\nTE: trailers;q=1, x\r\nConnection: TE\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nx-T: 1\r\nX-U: 2\r\nx-T: 3\r\n\r\n",
			"POST /app?k=v HTTP/1.1\r\nHost: HERE\r\nTrailer: x-T, X-U\r\ntransfer-encoding: chunked\r\nTE: trailers\r\nConnection: TE\r\nVia: 1.1 hookglass-test\r\n\r\n3\r\nabc\r\n0\r\nx-T: 1\r\nX-U: 2\r\nx-T: 3\r\n\r\n",
		},
		{
			"HTTP/1.0 without Host",
			"POST /in HTTP/1.0\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nab",
			"POST /app?k=v HTTP/1.1\r\nHost: HERE\r\nX-A: 1\r\nContent-Length: 2\r\nVia: 1.0 hookglass-test\r\n\r\nab",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := make(chan string, 1)
			length := make(chan int, 1)
			url := listenRaw(t, func(conn net.Conn) {
				read := make([]byte, <-length)
				n, _ := io.ReadFull(conn, read)
				got <- string(read[:n])
				_, _ = io.WriteString(conn, "HTTP/1.1 201 Made\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			})
			want := strings.ReplaceAll(tt.want, "HERE", strings.TrimPrefix(url, "http://"))
			length <- len(want)
			b := serveForward(t, newForwarder(t), appRule(Forwarding{URL: url + "/app?k=v"}, RuleAnswer{}))
			_, r := b.open(t, tt.raw)
			lines := headLines(t, r)
			if strings.HasPrefix(lines[0], "HTTP/1.1 100") {
				lines = headLines(t, r)
			}
			if got := <-got; got != want {
				t.Errorf("sent\n%q\nwant\n%q", got, want)
			}
			if !strings.HasSuffix(lines[0], "201 Created") {
				t.Errorf("answered %q", lines)
			}
		})
	}
}

func TestForwardAnswersAsTheAppDoes(t *testing.T) {
	for _, tt := range []struct {
		name, method, answer string
		want                 []string // lines of the head, sorted by net/http, without Date
		body                 string   // as it is framed
	}{
		{
			"fields", "GET", "HTTP/1.1 299 Odd\r\nx-b: 1\r\nContent-Encoding: gzip\r\nX-B: 2\r\nx-b: 3\r\nKeep-Alive: timeout=5\r\nConnection: X-Gone\r\nX-Gone: 1\r\nServer: me\r\ncontent-length: 3\r\n\r\n\x1f\x8b\x00",
			[]string{"HTTP/1.1 299 status code 299", "Content-Encoding: gzip", "Content-Length: 3", "Server: me", "X-B: 2", "x-b: 1", "x-b: 3"},
			"\x1f\x8b\x00",
		},
		{
			"a redirect", "GET", "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
			[]string{"HTTP/1.1 302 Found", "Content-Length: 0", "Location: http://elsewhere/"},
			"",
		},
		{
			"chunks", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
			[]string{"HTTP/1.1 200 OK", "Content-Length: 3"},
			"abc",
		},
		{
			"trailers", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
			[]string{"HTTP/1.1 200 OK", "Trailer: X-T", "Transfer-Encoding: chunked"},
			"3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
		},
		{
			"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n",
			[]string{"HTTP/1.1 200 OK", "Content-Length: 1234"},
			"",
		},
		{"204", "PUT", "HTTP/1.1 204 No\r\nX-A: 1\r\n\r\n", []string{"HTTP/1.1 204 No Content", "X-A: 1"}, ""},
		{"304", "PUT", "HTTP/1.1 304 No\r\nETag: 1\r\n\r\n", []string{"HTTP/1.1 304 Not Modified", "ETag: 1"}, ""},
		{
			"interim ones", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 1\r\n\r\nx",
			[]string{"HTTP/1.1 503 Service Unavailable", "Content-Length: 1"},
			"x",
		},
		{"to the end", "GET", "HTTP/1.0 200 OK\r\n\r\nto the end", []string{"HTTP/1.1 200 OK", "Content-Length: 10"}, "to the end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := listenRaw(t, func(conn net.Conn) {
				if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_ = r.Body.Close()
					_, _ = io.WriteString(conn, tt.answer)
				}
			})
			b := serveForward(t, newForwarder(t), appRule(Forwarding{URL: url}, RuleAnswer{Status: 500}))
			_, r := b.open(t, tt.method+" /in HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			var lines []string
			for _, line := range headLines(t, r) {
				if !strings.HasPrefix(line, "Date:") && line != "Connection: close" {
					lines = append(lines, line)
				}
			}
			if !sameLines(lines, tt.want) {
				t.Errorf("got  %q\nwant %q", lines, tt.want)
			}
			if body, err := io.ReadAll(r); err != nil || string(body) != tt.body {
				t.Errorf("body %q, %v, want %q", body, err, tt.body)
			}
			b.stop(t)
			if _, x := b.last(t); x.State != StateAnswered || x.Error != "" || x.Response.By != ByApp || x.Response.Rule != 5 || x.Response.RuleName != "app" {
				t.Errorf("kept %s %q %+v", x.State, x.Error, x.Response)
			}
		})
	}
}

func TestForwardRefuses(t *testing.T) {
	proven := func(s Status) func(x *Exchange) {
		return func(x *Exchange) { x.Annotation.Verification.Status = s }
	}
	for _, tt := range []struct {
		name   string
		raw    string
		filter string
		change func(x *Exchange)
		proven bool
		ours   bool
		none   bool // no endpoint took it
		status int
		error  string
	}{
		{name: "dots", raw: "GET /in/../x HTTP/1.1\r\nHost: h\r\n\r\n", status: 404, error: `the rule "app" did not forward it: its path leads out of its endpoint by dots, /in/*`},
		{name: "hidden dots", raw: "GET /in/..%2fx HTTP/1.1\r\nHost: h\r\n\r\n", status: 404, error: "hides dots"},
		{name: "dots out of the filter", raw: "GET /in/orders/../admin?a HTTP/1.1\r\nHost: h\r\n\r\n", filter: "path:/in/orders/*", status: 404, error: "one that the rule's filter is not for"},
		{name: "encoded dots out of the filter", raw: "GET /in/orders/%2e%2E/admin HTTP/1.1\r\nHost: h\r\n\r\n", filter: "not path:/in/admin", status: 404, error: "one that the rule's filter is not for"},
		{name: "no endpoint", raw: comingGet, none: true, status: 404, error: "no endpoint took it"},
		{name: "unsigned", raw: comingGet, proven: true, change: proven(Unsigned), status: 403, error: "its proof does not hold (not signed)"},
		{name: "weak key", raw: comingGet, proven: true, change: proven(WeakKey), status: 403, error: "too weak"},
		{name: "invalid", raw: comingGet, proven: true, change: proven(Invalid), status: 403, error: "(invalid)"},
		{name: "ourselves", raw: comingGet, ours: true, status: 508, error: "h:80 is this Hookglass itself"},
		{name: "loop", raw: "GET /in/a HTTP/1.1\r\nHost: h\r\nvia: 1.1 x, 1.1 hookglass-test (me)\r\n\r\n", status: 508, error: "it has come through this Hookglass before"},
	} {
		for _, observe := range []bool{false, true} {
			f := newForwarder(t)
			f.dials = func(context.Context, string, string) (net.Conn, error) {
				t.Errorf("%s: it dialled", tt.name)
				return nil, net.ErrClosed
			}
			f.Ours = func(host string) bool { return tt.ours && host == "h:80" }
			f.Observed = func(sent *Exchange) { t.Errorf("%s: told of %+v", tt.name, sent) }
			x := coming(tt.raw)
			if tt.change != nil {
				tt.change(x)
			}
			e := &Endpoint{Path: "/in/*"}
			if tt.none {
				e = nil
			}
			rule := appRule(Forwarding{URL: "http://h", Proven: tt.proven, Observe: observe}, RuleAnswer{Status: 299})
			rule.Filter = tt.filter
			got, _ := NewRules([]Rule{rule}, RuleSource{Forwarder: f}).Answer(t.Context(), x, e, time.Now())
			want := tt.status
			if observe {
				want = 299
			}
			if got.Status != want || got.By != ByRule || !strings.Contains(x.Error, tt.error) {
				t.Errorf("%s: got %+v, %q, want %d, %q", tt.name, got, x.Error, want, tt.error)
			}
			if !observe && !strings.HasSuffix(string(got.Body), ".\n") {
				t.Errorf("%s: the sender is told %q", tt.name, got.Body)
			}
		}
	}
}

func TestForwardOfTheProven(t *testing.T) {
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }))
	defer app.Close()
	x := coming(comingGet)
	x.Annotation.Verification.Status = Valid
	if got := forwarded(t.Context(), newForwarder(t), appRule(Forwarding{URL: app.URL, Proven: true}, RuleAnswer{}), x); got.Status != 202 || got.By != ByApp {
		t.Errorf("got %+v, %q", got, x.Error)
	}
}

// TestForwardLoops forwards in a circle: to itself, and through another one.
func TestForwardLoops(t *testing.T) {
	t.Run("itself", func(t *testing.T) {
		b := serveForward(t, newForwarder(t), appRule(Forwarding{}, RuleAnswer{}))
		target := "http://" + b.addr + "/in"
		rs := NewRules([]Rule{appRule(Forwarding{URL: target}, RuleAnswer{})}, RuleSource{Forwarder: newForwarder(t)})
		b.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
			response, _ := rs.Answer(ctx, x, e, time.Now())
			return response
		}
		if got := b.send(t, comingGet); got.status != 508 {
			t.Errorf("got %+v", got)
		}
		b.stop(t)
		if n := len(b.kept); n != 2 {
			t.Errorf("%d callbacks came, want 2", n)
		}
	})
	t.Run("through another one", func(t *testing.T) {
		first, second := newForwarder(t), newForwarder(t)
		second.pseudonym = "hookglass-other"
		var addr string
		back := serveForward(t, second, appRule(Forwarding{}, RuleAnswer{}))
		b := serveForward(t, first, appRule(Forwarding{URL: "http://" + back.addr + "/in", KeepPath: true}, RuleAnswer{}))
		addr = b.addr
		rs := NewRules([]Rule{appRule(Forwarding{URL: "http://" + addr, KeepPath: true}, RuleAnswer{})}, RuleSource{Forwarder: second})
		back.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
			response, _ := rs.Answer(ctx, x, e, time.Now())
			return response
		}
		if got := b.send(t, comingGet); got.status != 508 || !strings.Contains(got.body, "in a circle") {
			t.Errorf("got %+v", got)
		}
		back.stop(t)
		b.stop(t)
		if len(b.kept) != 2 || len(back.kept) != 1 {
			t.Errorf("%d callbacks came here, %d there, want 2, 1", len(b.kept), len(back.kept))
		}
	})
}

// A sender that hangs up ends what was not sent yet, and nothing else.
func TestForwardAfterTheSenderHungUp(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := newForwarder(t)
		f.dials = func(ctx context.Context, _, _ string) (net.Conn, error) {
			cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		}
		x := coming(comingGet)
		got := forwarded(ctx, f, appRule(Forwarding{URL: "http://h"}, RuleAnswer{}), x)
		if x.State != StateGone || !strings.Contains(x.Error, "the sender hung up after") || got.Status != 502 {
			t.Errorf("got %+v, %s %q", got, x.State, x.Error)
		}
	})
	t.Run("after", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			cancel()
			_, _ = io.WriteString(w, "still")
		}))
		defer app.Close()
		x := coming(comingGet)
		got := forwarded(ctx, newForwarder(t), appRule(Forwarding{URL: app.URL}, RuleAnswer{}), x)
		if x.State != StateGone || x.Error != "The sender hung up before the app had answered." || got.By != ByApp || string(got.Body) != "still" {
			t.Errorf("got %+v, %s %q", got, x.State, x.Error)
		}
	})
	t.Run("on the wire", func(t *testing.T) {
		came, proceed := make(chan struct{}), make(chan struct{})
		app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			close(came)
			<-proceed
		}))
		defer app.Close()
		b := serveForward(t, newForwarder(t), appRule(Forwarding{URL: app.URL}, RuleAnswer{}))
		gone := make(chan struct{})
		answer := b.handler.Answer
		b.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
			context.AfterFunc(ctx, func() { close(gone) })
			return answer(ctx, x, e)
		}
		conn, _ := b.open(t, comingGet)
		<-came
		_ = conn.Close()
		<-gone
		close(proceed)
		b.stop(t)
		if _, x := b.last(t); x.State != StateGone || x.Response == nil || x.Response.By != ByApp || x.Response.Status != 200 {
			t.Errorf("kept %s %q %+v", x.State, x.Error, x.Response)
		}
	})
}

// Dots that stay where the rule's filter is for are cleaned as ever.
func TestForwardKeepsToItsFilter(t *testing.T) {
	got := make(chan string, 1)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.RequestURI }))
	defer app.Close()
	rule := appRule(Forwarding{URL: app.URL, KeepPath: true}, RuleAnswer{})
	rule.Filter = "path:/in/orders/* method:get"
	x := coming("GET /in/orders/x/../7?a=b HTTP/1.1\r\nHost: h\r\n\r\n")
	if r := forwarded(t.Context(), newForwarder(t), rule, x); r.Status != 200 || x.Error != "" {
		t.Fatalf("got %+v, %q", r, x.Error)
	}
	if target := <-got; target != "/in/orders/7?a=b" {
		t.Errorf("the app got %s", target)
	}
}

// A name under localhost that a resolver finds elsewhere got no second yes.
func TestForwardToLocalhostStaysHere(t *testing.T) {
	for address, want := range map[string]int{"192.0.2.7": 502, "127.0.0.2": 200, "::1": 200} {
		f := newForwarder(t)
		f.dials = func(context.Context, string, string) (net.Conn, error) {
			ours, apps := net.Pipe()
			go func() {
				r := bufio.NewReader(apps)
				if _, err := http.ReadRequest(r); err == nil {
					_, _ = io.WriteString(apps, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				}
				_ = apps.Close()
			}()
			return farConn{ours, &net.TCPAddr{IP: net.ParseIP(address), Port: 80}}, nil
		}
		x := coming(comingGet)
		got := forwarded(t.Context(), f, appRule(Forwarding{URL: "http://app.localhost"}, RuleAnswer{}), x)
		if got.Status != want || strings.Contains(x.Error, "leads to 192.0.2.7:80, which is another machine") != (want == 502) {
			t.Errorf("%s: got %+v, %q, want %d", address, got, x.Error, want)
		}
	}
}

// farConn is a connection that says that it leads elsewhere.
type farConn struct {
	net.Conn
	to net.Addr
}

func (c farConn) RemoteAddr() net.Addr { return c.to }

func TestForwardingCheck(t *testing.T) {
	for _, tt := range []struct {
		f    Forwarding
		want string // "" where it is good
	}{
		{Forwarding{URL: "http://localhost:3000"}, ""},
		{Forwarding{URL: "https://[::1]:3000/a/b?c=d", Observe: true, Proven: true, KeepPath: true, Timeout: MaxRuleDelay}, ""},
		{Forwarding{}, "missing"},
		{Forwarding{URL: "localhost:3000"}, "http://"},
		{Forwarding{URL: "ftp://h"}, "http://"},
		{Forwarding{URL: "http:///a"}, "no host"},
		{Forwarding{URL: "http://u:secret@h/"}, "user name"},
		{Forwarding{URL: "http://h/#a"}, "#"},
		{Forwarding{URL: "http://h:0"}, "0 is no port"},
		{Forwarding{URL: "http://h:66000"}, "no port"},
		{Forwarding{URL: "http://h/a/../b"}, "dots"},
		{Forwarding{URL: "http://h/a%2f..%2fb"}, "dots"},
		{Forwarding{URL: "http://h", Timeout: -1}, "10 minutes"},
		{Forwarding{URL: "http://h", Timeout: MaxRuleDelay + 1}, "10 minutes"},
	} {
		rule := appRule(tt.f, RuleAnswer{})
		err := rule.Check()
		if tt.want == "" && err != nil || tt.want != "" && (!errors.Is(err, ErrRule) || !strings.Contains(err.Error(), tt.want)) || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v, want %q", tt.f, err, tt.want)
		}
	}
}

func TestForwardingRemote(t *testing.T) {
	for url, want := range map[string]struct {
		host   string
		remote bool
	}{
		"http://localhost:3000/a":    {"localhost:3000", false},
		"http://LOCALHOST":           {"LOCALHOST", false},
		"http://app.localhost":       {"app.localhost", false},
		"http://127.8.9.1:80":        {"127.8.9.1:80", false},
		"https://[::1]:3000":         {"[::1]:3000", false},
		"http://0.0.0.0:3000":        {"0.0.0.0:3000", false},
		"http://[::]:3000":           {"[::]:3000", false},
		"http://192.168.1.2:3000":    {"192.168.1.2:3000", true},
		"http://10.0.0.1":            {"10.0.0.1", true},
		"https://app.example":        {"app.example", true},
		"http://localhost.example":   {"localhost.example", true},
		"http://127.0.0.1.example":   {"127.0.0.1.example", true},
		"http://localhost@evil.test": {"", true},
		"":                           {"", true},
	} {
		f := Forwarding{URL: url}
		if host, remote := f.Remote(); host != want.host || remote != want.remote {
			t.Errorf("%s: got %q, %v, want %+v", url, host, remote, want)
		}
	}
}
