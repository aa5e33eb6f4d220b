package capture

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// stored is a callback as the store gives it back.
func stored(raw string) *Exchange {
	r, err := ReadRequest([]byte(raw))
	if err != nil {
		panic(err)
	}
	return &Exchange{ID: 7, State: StateAnswered, Via: ViaLocal, Endpoint: "/klix/*", Request: r}
}

// target is a server of one connection: it reads what it gets up to its end of
// lines "until", answers and closes.
func target(t *testing.T, until, answer string) (dial func(context.Context, string, string) (net.Conn, error), got func() string) {
	t.Helper()
	here, there := net.Pipe()
	done := make(chan string, 1)
	go func() {
		var all bytes.Buffer
		one := make([]byte, 1)
		for !strings.HasSuffix(all.String(), until) {
			if _, err := there.Read(one); err != nil {
				break
			}
			all.Write(one)
		}
		_, _ = io.WriteString(there, answer)
		_ = there.Close()
		done <- all.String()
	}()
	return func(context.Context, string, string) (net.Conn, error) { return here, nil }, func() string { return <-done }
}

const plainAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

func TestReplaySendsTheRequestAsItWas(t *testing.T) {
	tests := []struct {
		name, raw, url string
		via            Via
		want           string
	}{
		{
			"order, case, repeats and bytes",
			"PUT /klix/x?a=1 HTTP/1.1\r\nx-b: 2\r\nHOST: old\r\nX-A: \xe9\r\nX-B: 1\r\ncontent-length: 3\r\nAuthorization: Bearer x\r\n\r\na\x00b",
			"http://example.test:81/other/%7epath?b=%32&b", ViaLocal,
			"PUT /other/%7epath?b=%32&b HTTP/1.1\r\nx-b: 2\r\nHOST: example.test:81\r\nX-A: \xe9\r\nX-B: 1\r\ncontent-length: 3\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\na\x00b",
		},
		{
			"a chunked body in one piece",
			"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nTrailer: X-T\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nX-T: 1\r\n\r\n",
			"http://h", ViaLocal,
			"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX-A: 1\r\nConnection: close\r\n\r\nabc",
		},
		{
			"what belongs to a connection",
			"GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Mine\r\nKeep-Alive: 5\r\nX-Mine: 1\r\nExpect: 100-continue\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Yours: 1\r\n\r\n",
			"http://h?", ViaLocal,
			"GET /? HTTP/1.1\r\nHost: h\r\nX-Yours: 1\r\nConnection: close\r\n\r\n",
		},
		{
			"what the tunnel added",
			"GET /a HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\nx-forwarded-proto: https\r\nX-Forwarded-Host: h\r\nX-A: 1\r\n\r\n",
			"http://h/a", ViaTunnel,
			"GET /a HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nConnection: close\r\n\r\n",
		},
		{
			"what somebody else's proxy added",
			"GET /a HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
			"http://h/a", ViaLocal,
			"GET /a HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: close\r\n\r\n",
		},
		{
			"HTTP/1.0 without Host, and a body to the end",
			"POST /a HTTP/1.0\r\nX-A: 1\r\n\r\nbody",
			"HTTP://[::1]:80/ä b#part", ViaLocal,
			"POST /%C3%A4%20b HTTP/1.1\r\nHost: [::1]:80\r\nX-A: 1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody",
		},
		{
			"an empty body that says so",
			"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
			"http://h/a", ViaLocal,
			"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dial, got := target(t, tt.want, plainAnswer)
			x := stored(tt.raw)
			x.Via = tt.via
			sent, err := (&Replayer{Dial: dial}).Replay(t.Context(), x, tt.url)
			if err != nil {
				t.Fatal(err)
			}
			if got := got(); got != tt.want {
				t.Errorf("sent\n%q\nwant\n%q", got, tt.want)
			}
			if sent.Via != ViaReplay || sent.Origin != 7 || sent.ID != 0 || sent.UID == "" || sent.Endpoint != x.Endpoint ||
				sent.State != StateAnswered || sent.Error != "" || sent.Response.Status != 200 || sent.Response.By != ByTarget {
				t.Errorf("got %+v, answer %+v", sent, sent.Response)
			}
			head, body, _ := strings.Cut(tt.want, "\r\n\r\n")
			r := &sent.Request
			if string(r.Head) != head+"\r\n\r\n" || string(r.Body) != body || r.Size != int64(len(body)) || r.Received.IsZero() {
				t.Errorf("its request is %+v", r)
			}
			again, err := ReadRequest([]byte(tt.want))
			if err != nil || !reflect.DeepEqual(again.Header, r.Header) || again.Target != r.Target || again.Host != r.Host {
				t.Errorf("its request is\n%+v\nand on the wire\n%+v, %v", r, again, err)
			}
		})
	}
}

func TestReplayAnswers(t *testing.T) {
	fields := Fields{{"x-b", "1"}, {"Content-Length", "2"}, {"X-B", "2"}}
	tests := []struct {
		name, method, answer string
		status               int
		header               Fields
		body                 string
		state                State
		err                  string // what the sentence says
	}{
		{"order and case", "GET", "HTTP/1.1 201 Made\r\nx-b: 1\r\nContent-Length: 2\r\nX-B: 2\r\n\r\nokrest", 201, fields, "ok", StateAnswered, ""},
		{"a redirect", "GET", "HTTP/1.1 302 Found\r\nLocation: http://h/\r\nContent-Length: 0\r\n\r\n", 302, Fields{{"Location", "http://h/"}, {"Content-Length", "0"}}, "", StateAnswered, ""},
		{"interim ones", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\nA: b\r\n\r\n", 204, Fields{{"A", "b"}}, "", StateAnswered, ""},
		{"to the end", "GET", "HTTP/1.0 200 OK\r\nA: b\r\n\r\nto the end", 200, Fields{{"A", "b"}}, "to the end", StateAnswered, ""},
		{"chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", 200, Fields{{"Transfer-Encoding", "chunked"}}, "ab", StateAnswered, ""},
		{"LF alone", "GET", "HTTP/1.1 200 OK\nA: b\nContent-Length: 1\n\nx", 200, Fields{{"A", "b"}, {"Content-Length", "1"}}, "x", StateAnswered, ""},
		{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", 200, Fields{{"Content-Length", "2"}}, "", StateAnswered, ""},
		{"too much", "GET", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n0123456789abcdefg", 200, Fields{{"A", "b"}}, "0123456789", StateAnswered, "first 10 bytes"},
		{"cut off", "GET", "HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nabc", 500, Fields{{"Content-Length", "9"}}, "abc", StateFailed, "broke off after 3 bytes"},
		{"nothing", "GET", "", 0, nil, "", StateFailed, "h:80 closed the connection without an answer."},
		{"half a head", "GET", "HTTP/1.1 200 OK\r\nA:", 0, nil, "", StateFailed, "broke off"},
		{"not HTTP", "GET", "SSH-2.0-x\r\n", 0, nil, "", StateFailed, `not an HTTP answer: it begins with "SSH-2.0-`},
		{"not HTTP either", "GET", "HTTP/1.1 2x OK\r\n\r\n", 0, nil, "", StateFailed, "not an HTTP answer"},
		{"a head without end", "GET", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("a", answerHead), 0, nil, "", StateFailed, "its head is larger"},
		{"only interim ones", "GET", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 9), 0, nil, "", StateFailed, "only interim"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := stored(tt.method + " / HTTP/1.1\r\nHost: h\r\n\r\n")
			dial, _ := target(t, "\r\n\r\n", tt.answer)
			sent, err := (&Replayer{Dial: dial, Limit: 10}).Replay(t.Context(), x, "http://h/")
			if err != nil {
				t.Fatal(err)
			}
			if sent.State != tt.state || tt.err == "" && sent.Error != "" || !strings.Contains(sent.Error, tt.err) {
				t.Errorf("state %s, error %q, want %s, %q", sent.State, sent.Error, tt.state, tt.err)
			}
			if tt.status == 0 {
				if sent.Response != nil {
					t.Errorf("answer %+v, want none", sent.Response)
				}
				return
			}
			got := sent.Response
			if got == nil || got.Status != tt.status || !reflect.DeepEqual(got.Header, tt.header) || string(got.Body) != tt.body ||
				got.Timing.Answered.IsZero() || got.Timing.Took <= 0 {
				t.Errorf("answer %+v, want %d %v %q", got, tt.status, tt.header, tt.body)
			}
		})
	}
}

func TestReplayRefuses(t *testing.T) {
	whole := func(change func(x *Exchange)) *Exchange {
		x := stored("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		change(x)
		return x
	}
	as := func(*Exchange) {}
	tests := []struct {
		name, url string
		x         *Exchange
		want      string
	}{
		{"no address", " ", whole(as), "no address"},
		{"no scheme", "localhost:80/x", whole(as), "http://"},
		{"another scheme", "ftp://h/", whole(as), "http://"},
		{"no host", "http:///x", whole(as), "no host"},
		{"a user", "http://a:secret@h/", whole(as), "user name"},
		{"a bad port", "http://h:99999/", whole(as), "99999 is no port"},
		{"not a URL", "http://h/%zz?token=secret", whole(as), "cannot be read"},
		{"truncated", "http://h/", whole(func(x *Exchange) { x.Request.Truncated = true }), "only a part"},
		{"refused", "http://h/", whole(func(x *Exchange) { x.State = StateRefused }), "never was"},
		{"CONNECT", "http://h/", whole(func(x *Exchange) { x.Request.Method = "CONNECT" }), "CONNECT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dial := func(context.Context, string, string) (net.Conn, error) {
				t.Error("it dialled")
				return nil, net.ErrClosed
			}
			sent, err := (&Replayer{Dial: dial}).Replay(t.Context(), tt.x, tt.url)
			if sent != nil || !errors.Is(err, ErrReplay) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, %v, want %q", sent, err, tt.want)
			}
		})
	}
}

func TestReplayFailures(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"refused", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "Nothing listens at h:80."},
		{"unknown", &net.DNSError{Err: "no such host", Name: "h", IsNotFound: true}, "There is no host h."},
		{"other", errors.New("oops"), "There is no good answer from h:80: oops."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dial := func(context.Context, string, string) (net.Conn, error) { return nil, tt.err }
			sent, err := (&Replayer{Dial: dial}).Replay(t.Context(), stored("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), "http://h/")
			if err != nil || sent.State != StateFailed || sent.Response != nil || sent.Error != tt.want {
				t.Errorf("got %+v, %v, want %q", sent, err, tt.want)
			}
		})
	}
}

func TestReplayDoesNotWaitForEver(t *testing.T) {
	tests := []struct {
		name   string
		cancel bool
		want   string
	}{{"its own limit", false, "h:80 did not answer within 30s."}, {"cancelled", true, "The sending was cancelled."}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe() // nobody reads
				defer there.Close()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.cancel {
					time.AfterFunc(time.Second, cancel)
				}
				dial := func(context.Context, string, string) (net.Conn, error) { return here, nil }
				sent, err := (&Replayer{Dial: dial}).Replay(ctx, stored("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), "http://h/")
				if err != nil || sent.State != StateFailed || sent.Error != tt.want {
					t.Errorf("got %+v, %v, want %q", sent, err, tt.want)
				}
			})
		})
	}
}

func TestReplayOverTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	x := stored("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody")
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	sent, err := (&Replayer{TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}).Replay(t.Context(), x, server.URL+"/x")
	if err != nil || sent.Response == nil || string(sent.Response.Body) != "body" {
		t.Fatalf("got %+v, %v", sent, err)
	}
	sent, err = new(Replayer).Replay(t.Context(), x, server.URL)
	if err != nil || !strings.Contains(sent.Error, "The certificate of 127.0.0.1 does not hold") {
		t.Errorf("got %+v, %v, want that the certificate does not hold", sent, err)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	sent, err = new(Replayer).Replay(t.Context(), x, strings.Replace(plain.URL, "http://", "https://", 1))
	if err != nil || !strings.Contains(sent.Error, "does not speak TLS") {
		t.Errorf("got %+v, %v, want that it does not speak TLS", sent, err)
	}
}

// A server that answers early and reads nothing is heard.
func TestReplayHearsAnEarlyAnswer(t *testing.T) {
	x := stored("POST / HTTP/1.1\r\nHost: h\r\n\r\n")
	x.Request.Body = bytes.Repeat([]byte("x"), 1<<20)
	dial, _ := target(t, "\r\n\r\n", "HTTP/1.1 413 Too much\r\nContent-Length: 0\r\n\r\n")
	sent, err := (&Replayer{Dial: dial}).Replay(t.Context(), x, "http://h/")
	if err != nil || sent.Response == nil || sent.Response.Status != 413 || sent.State != StateAnswered {
		t.Errorf("got %+v, %v, want 413", sent, err)
	}
}

func TestLoopback(t *testing.T) {
	for url, want := range map[string]bool{
		"http://localhost/": true, "https://LOCALHOST.:8080": true, "http://127.0.0.1": true, "http://127.9.9.9:1/x": true,
		"http://[::1]/": true, "http://[::ffff:127.0.0.1]/": true, "http://app.localhost": true,
		"http://localhost.example.com/": false, "http://10.0.0.1/": false, "http://0.0.0.0/": false, "http://example.com": false,
		"http://127.0.0.1.example.com": false, "http://localhost@example.com/": false, "localhost:80": false, "": false,
		"http://127.0.0.1%2eexample.com/": false,
	} {
		if got := Loopback(url); got != want {
			t.Errorf("%s: got %v, want %v", url, got, want)
		}
	}
}

func TestTunnelField(t *testing.T) {
	for name, want := range map[string]bool{"X-Forwarded-For": true, "x-forwarded-PROTO": true, "X-Real-IP": false, "Forwarded": false} {
		if got := TunnelField(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
