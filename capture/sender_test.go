package capture

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// rawReceiver answers every request with 200 and gives back the bytes that came.
// It knows a request's end by its Content-Length.
type rawReceiver struct {
	url      string
	requests chan []byte
}

func newRawReceiver(t testing.TB) *rawReceiver {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	r := &rawReceiver{"http://" + l.Addr().String(), make(chan []byte, 100)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(conn)
		}
	}()
	return r
}

func (r *rawReceiver) serve(conn net.Conn) {
	defer conn.Close()
	var all []byte
	part := make([]byte, 64<<10)
	for {
		n, err := conn.Read(part)
		all = append(all, part[:n]...)
		if whole := bytes.Index(all, []byte("\r\n\r\n")); whole >= 0 {
			if f, ferr := framingOf(all); ferr == nil && int64(len(all)-whole-4) >= max(f.length, 0) {
				r.requests <- bytes.Clone(all)
				all = all[:0]
				if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"); err != nil {
					return
				}
			}
		}
		if err != nil {
			return
		}
	}
}

func (r *rawReceiver) next(t testing.TB) []byte {
	t.Helper()
	select {
	case request := <-r.requests:
		return request
	case <-time.After(20 * time.Second):
		t.Fatal("nothing arrived")
		return nil
	}
}

// prepared prepares a callback for an address, or ends the test.
func prepared(t testing.TB, x *Exchange, p Preparation) *Outgoing {
	t.Helper()
	o, err := Prepare(x, p)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSendIsExact(t *testing.T) {
	big := make([]byte, 10<<20)
	for i := range big {
		big[i] = byte(i*7 + i>>9)
	}
	tests := []struct{ name, head, body string }{
		{"spacing, case and repeats", "PUT /klix/x?a=%41&b HTTP/1.1\r\nHOST: HERE\r\nx-A:1\r\nX-a:  two  \r\nx-A: \t3\r\nX-Empty:\r\nCookie: a; b\r\nCookie: c\r\ncOntent-length: 2\r\n\r\n", "{}"},
		{"a large binary body", fmt.Sprintf("POST /big HTTP/1.1\r\nHost: HERE\r\nContent-Length: %d\r\nContent-Type: application/octet-stream\r\n\r\n", len(big)), string(big)},
		{"an encoded body", "POST /gz HTTP/1.1\r\nHost: HERE\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n", "\x1f\x8b\x00\xff"},
		{"no body", "GET /a//b/../c?x=y;z HTTP/1.1\r\nHost: HERE\r\nAccept: */*\r\n\r\n", ""},
	}
	for _, keep := range []bool{false, true} {
		receiver := newRawReceiver(t)
		host := strings.TrimPrefix(receiver.url, "http://")
		var s Sender
		for _, tt := range tests {
			raw := strings.Replace(tt.head, "HERE", host, 1) + tt.body
			o := prepared(t, stored(raw), Preparation{To: receiver.url, Keep: keep})
			sent := s.Send(t.Context(), o)
			want := raw
			if !keep {
				want = strings.Replace(raw, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)
			}
			if got := receiver.next(t); string(got) != want {
				t.Errorf("%s: sent\n%.300q\nwant\n%.300q", tt.name, got, want)
			}
			if sent.State != StateAnswered || sent.Response.Status != 200 || string(sent.Response.Body) != "{}" || sent.Error != "" {
				t.Errorf("%s: got %+v, %+v", tt.name, sent, sent.Response)
			}
			if sent.Sent.SameBody != (tt.body != "") || sent.Origin != 7 || sent.Sent.Base != receiver.url {
				t.Errorf("%s: sending %+v", tt.name, sent.Sent)
			}
			if d := sent.Sent.Differences; keep && len(d) > 0 || !keep && (len(d) != 1 || d[0].Why != WhyConnection) {
				t.Errorf("%s: differences %v", tt.name, d)
			}
			if times := sent.Sent.Timings; times.Total <= 0 || times.FirstByte <= 0 || times.FirstByte > times.Total {
				t.Errorf("%s: timings %+v", tt.name, times)
			}
		}
		s.Close()
	}
}

func TestSenderKeepsItsConnection(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/close" {
			w.Header().Set("Connection", "close")
		}
		_, _ = io.Copy(w, r.Body)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	x := stored("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody")
	var s Sender
	defer s.Close()
	for _, tt := range []struct {
		path string
		keep bool
		want int32
	}{{"/a", true, 1}, {"/a", true, 1}, {"/close", true, 1}, {"/a", true, 2}, {"/a", false, 2}, {"/a", false, 3}} {
		sent := s.Send(t.Context(), prepared(t, x, Preparation{To: server.URL + tt.path, Keep: tt.keep}))
		if sent.State != StateAnswered || string(sent.Response.Body) != "body" {
			t.Fatalf("%s: %+v", tt.path, sent)
		}
		if got := opened.Load(); got != tt.want {
			t.Errorf("%s: %d connections, want %d", tt.path, got, tt.want)
		}
	}
}

// A receiver that closes without a word must cost no request.
func TestSenderSurvivesAClosedConnection(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			part := make([]byte, 4096)
			_, _ = conn.Read(part)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			_ = conn.Close()
		}
	}()
	x := stored("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
	var s Sender
	defer s.Close()
	for i := range 5 {
		sent := s.Send(t.Context(), prepared(t, x, Preparation{To: "http://" + l.Addr().String(), Keep: true}))
		if sent.State != StateAnswered || sent.Error != "" {
			t.Errorf("%d: %+v", i, sent)
		}
	}
}

func TestSendFollowing(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	var mu sync.Mutex
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		got = append(got, r.Method+" "+r.RequestURI+" "+string(body))
		mu.Unlock()
		status, to := 0, ""
		switch r.URL.Path {
		case "/302":
			status, to = 302, "end?x=1"
		case "/307":
			status, to = 307, "/end"
		case "/loop":
			status, to = 308, "/loop"
		case "/away":
			status, to = 302, "http://shop.example/x"
		case "/there":
			status, to = 307, other.URL
		case "/bad":
			status, to = 302, "ftp://x"
		default:
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}))
	defer server.Close()
	x := stored("POST /a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody")
	for _, tt := range []struct {
		path   string
		status int
		hops   int
		got    []string
		says   string
	}{
		{"/302", 200, 1, []string{"POST /302 body", "GET /end?x=1 "}, ""},
		{"/307", 200, 1, []string{"POST /307 body", "POST /end body"}, ""},
		{"/loop", 308, 10, slices.Repeat([]string{"POST /loop body"}, 11), "It redirected 11 times"},
		{"/away", 302, 0, []string{"POST /away body"}, "shop.example"},
		{"/there", 404, 1, []string{"POST /there body"}, ""},
		{"/bad", 302, 0, []string{"POST /bad body"}, "must begin with http"},
	} {
		mu.Lock()
		got = nil
		mu.Unlock()
		var s Sender
		sent := s.SendFollowing(t.Context(), prepared(t, x, Preparation{To: server.URL + tt.path}))
		mu.Lock()
		if sent.Response == nil || sent.Response.Status != tt.status || len(sent.Sent.Hops) != tt.hops || sent.Request.Method != "POST" ||
			!slices.Equal(got, tt.got) || (tt.says == "") != (sent.Error == "") || !strings.Contains(sent.Error, tt.says) {
			t.Errorf("%s: %+v, error %q, sending %+v; received %q", tt.path, sent.Response, sent.Error, sent.Sent, got)
		}
		mu.Unlock()
		s.Close()
	}
}

// What a receiver does wrong ends within its bounds, and is said.
func TestReceiversThatMisbehave(t *testing.T) {
	endless := func(conn net.Conn, head, part string) {
		_, _ = io.WriteString(conn, head)
		for {
			if _, err := io.WriteString(conn, part); err != nil {
				return
			}
		}
	}
	const limit = 64 << 10
	for _, tt := range []struct {
		name  string
		serve func(net.Conn)
		state State
		body  int // bytes kept
		says  string
	}{
		{"a body of 1 GB", func(c net.Conn) {
			endless(c, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", strings.Repeat("x", 32<<10))
		}, StateAnswered, limit, "its first 65536 bytes"},
		{"a body without end", func(c net.Conn) {
			endless(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n")
		}, StateAnswered, limit, "its first 65536 bytes"},
		{"a flood of header fields", func(c net.Conn) { endless(c, "HTTP/1.1 200 OK\r\n", "X-Flood: 1\r\n") }, StateFailed, 0, "its head is larger than"},
		{"a flood of interim answers", func(c net.Conn) { endless(c, "", "HTTP/1.1 100 Continue\r\n\r\n") }, StateFailed, 0, "only interim ones"},
		{"a gzip bomb", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08")
		}, StateAnswered, 3, ""}, // kept as it came: nothing is unpacked
		{"a reset", func(c net.Conn) {
			_ = c.(*net.TCPConn).SetLinger(0)
		}, StateFailed, 0, "closed the connection without an answer"},
		{"slowness", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, StateFailed, 0, "did not answer within"},
		{"a body that stands still", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
			_, _ = io.Copy(io.Discard, c)
		}, StateFailed, 3, "did not end within"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Read(make([]byte, 4096))
				tt.serve(conn)
				_ = conn.Close()
			}()
			p := &Replayer{Limit: limit}
			if strings.Contains(tt.says, "within") {
				p.Timeout = 200 * time.Millisecond
			}
			s := Sender{Replayer: p}
			defer s.Close()
			x := stored("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
			sent := s.Send(t.Context(), prepared(t, x, Preparation{To: "http://" + l.Addr().String(), Keep: true}))
			body := 0
			if sent.Response != nil {
				body = len(sent.Response.Body)
			}
			if sent.State != tt.state || body != tt.body || (tt.says == "") != (sent.Error == "") || !strings.Contains(sent.Error, tt.says) {
				t.Errorf("state %s, %d bytes, error %q; want %s, %d, %q", sent.State, body, sent.Error, tt.state, tt.body, tt.says)
			}
			<-ended // the connection was not kept
		})
	}
}

func TestSendIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	var s Sender
	x := stored("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
	sent := s.Send(ctx, prepared(t, x, Preparation{To: server.URL, Keep: true}))
	if sent.State != StateFailed || sent.Error != "The sending was cancelled." {
		t.Errorf("got %+v", sent)
	}
}

func TestSendOverTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	x := stored("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody")
	o := prepared(t, x, Preparation{To: server.URL, Keep: true})
	trusting := Sender{Replayer: &Replayer{TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	defer trusting.Close()
	for i := range 2 {
		sent := trusting.Send(t.Context(), o)
		if sent.Response == nil || string(sent.Response.Body) != "body" {
			t.Fatalf("got %+v", sent)
		}
		first := i == 0
		if times := sent.Sent.Timings; first != (times.Connect > 0) || first != (times.TLS > 0) || times.DNS < 0 || times.Total <= 0 {
			t.Errorf("%d: timings %+v", i, times)
		}
	}
	var s Sender
	sent := s.Send(t.Context(), o)
	if sent.State != StateFailed || !strings.Contains(sent.Error, "The certificate of 127.0.0.1 does not hold") || sent.Sent.Timings.TLS <= 0 {
		t.Errorf("got %+v, %+v", sent, sent.Sent)
	}
}

func TestSendFails(t *testing.T) {
	x := stored("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	for want, err := range map[string]error{
		"Nothing listens at h:80.": &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED},
		"There is no host h.":      &net.DNSError{Err: "no such host", Name: "h", IsNotFound: true},
	} {
		s := Sender{Replayer: &Replayer{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, err }}}
		sent := s.Send(t.Context(), prepared(t, x, Preparation{To: "http://h"}))
		if sent.State != StateFailed || sent.Response != nil || sent.Error != want || sent.Sent.Timings.Total <= 0 || sent.Sent.Timings.FirstByte != 0 {
			t.Errorf("got %+v, %+v, want %q", sent, sent.Sent, want)
		}
	}
}
