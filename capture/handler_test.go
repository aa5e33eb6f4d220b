package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// memory is a Recorder that can be made to fail.
type memory struct {
	mu      sync.Mutex
	kept    []Exchange // as created
	updated map[int64]Exchange
	fail    error
	created chan int64 // told of each create before it returns
	block   chan struct{}
	told    chan int64 // told of each update, as long as there is room
}

func newMemory() *memory {
	return &memory{updated: map[int64]Exchange{}, told: make(chan int64, 16)}
}

func (m *memory) Create(_ context.Context, x *Exchange) error {
	if m.block != nil {
		m.created <- 0
		<-m.block
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	x.ID = int64(len(m.kept) + 1)
	m.kept = append(m.kept, *x)
	return nil
}

func (m *memory) Update(_ context.Context, x *Exchange) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.updated[x.ID] = *x
	select {
	case m.told <- x.ID:
	default:
	}
	return nil
}

func (m *memory) setFail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

// last returns the newest exchange as created and as updated.
func (m *memory) last(t *testing.T) (created, updated Exchange) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) == 0 {
		t.Fatal("nothing was kept")
	}
	created = m.kept[len(m.kept)-1]
	return created, m.updated[created.ID]
}

type bench struct {
	*memory
	handler *Handler
	server  *Server
	addr    string
}

// serve starts a server on a loopback port; stop it to see all updates.
func serve(t *testing.T, limits Limits, via Via) *bench {
	t.Helper()
	m := newMemory()
	h := &Handler{
		Recorder: m, Limits: limits,
		Endpoint: func(path string) *Endpoint {
			return Endpoints{{Path: "/komet/confirm", Provider: "komet"}}.Find(path)
		},
		Annotate: func(r *Request, _ *Endpoint) Annotation { return Annotation{Summary: "saw " + string(r.Body)} },
		Answer: func(context.Context, *Exchange, *Endpoint) Response {
			return Response{Status: 200, By: ByDefault, Header: Fields{{"Content-Type", "application/json"}, {"x-ODD", "1"}}, Body: []byte("{}")}
		},
		Log: slog.New(slog.DiscardHandler),
	}
	b := &bench{memory: m, handler: h, server: NewServer(h)}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.addr = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- b.server.Serve(l, via) }()
	t.Cleanup(func() {
		b.stop(t)
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return b
}

func (b *bench) stop(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
	defer cancel()
	if err := b.server.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

// send writes raw bytes on a new connection and reads one response.
func (b *bench) send(t *testing.T, raw string) reply {
	t.Helper()
	conn := b.dial(t)
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	return answerOn(t, conn)
}

func (b *bench) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", b.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// reply is an answer that was read whole.
type reply struct {
	status int
	header http.Header
	body   string
}

func answerOn(t *testing.T, conn net.Conn) reply {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("no whole answer: %v", err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

func TestHandlerKeepsWhatCame(t *testing.T) {
	b := serve(t, DefaultLimits(), ViaLocal)
	raw := "PUT /komet/confirm?b=2&a=%41 HTTP/1.1\r\nhOsT: example.com\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 5\r\n\r\n\x00\xff\r\n!"
	response := b.send(t, raw)
	if response.status != 200 || response.body != "{}" || response.header.Get("X-Odd") != "1" {
		t.Errorf("answer = %+v", response)
	}
	b.stop(t)
	created, updated := b.last(t)
	r := created.Request
	if r.Method != "PUT" || r.Target != "/komet/confirm?b=2&a=%41" || r.Proto != "HTTP/1.1" || r.Host != "example.com" {
		t.Errorf("request line = %q %q %q %q", r.Method, r.Target, r.Proto, r.Host)
	}
	want := Fields{{"hOsT", "example.com"}, {"X-One", "1"}, {"x-one", "2"}, {"Content-Length", "5"}}
	if fmt.Sprint(r.Header) != fmt.Sprint(want) || !r.Exact {
		t.Errorf("header = %v exact %v, want %v", r.Header, r.Exact, want)
	}
	if string(r.Body) != "\x00\xff\r\n!" || r.Size != 5 || r.Truncated {
		t.Errorf("body = %q, size %d, truncated %v", r.Body, r.Size, r.Truncated)
	}
	if head, _, _ := strings.Cut(raw, "\x00"); string(r.Head) != head {
		t.Errorf("head = %q, want %q", r.Head, head)
	}
	if created.State != StateReceived || created.Via != ViaLocal || created.UID == "" || r.Source != "127.0.0.1" {
		t.Errorf("created = %+v", created)
	}
	if updated.State != StateAnswered || created.Endpoint != "/komet/confirm" || updated.Annotation.Summary != "saw \x00\xff\r\n!" {
		t.Errorf("updated = %+v", updated)
	}
	if updated.Response.Status != 200 || updated.Response.Timing.Took <= 0 {
		t.Errorf("response = %+v", updated.Response)
	}
}

func TestHandlerAnswersNothingBeforeTheDisk(t *testing.T) {
	b := serve(t, DefaultLimits(), ViaLocal)
	b.block, b.created = make(chan struct{}), make(chan int64)
	conn := b.dial(t)
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"); err != nil {
		t.Fatal(err)
	}
	<-b.created // Create has been called and has not returned
	if err := conn.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("read %d bytes of an answer before Create returned", n)
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	close(b.block)
	if response := answerOn(t, conn); response.status != 200 {
		t.Errorf("answer = %d, want 200", response.status)
	}
}

func TestHandlerSays503WhenTheDiskSaysNo(t *testing.T) {
	b := serve(t, DefaultLimits(), ViaLocal)
	var told []error
	b.handler.Trouble = func(err error) { told = append(told, err) }
	b.setFail(ErrFull)
	for range 3 {
		response := b.send(t, "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
		if response.status != 503 || response.header.Get("Retry-After") == "" {
			t.Fatalf("answer = %d %v, want 503 with Retry-After", response.status, response.header)
		}
	}
	b.setFail(nil)
	if response := b.send(t, "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"); response.status != 200 {
		t.Fatalf("answer = %d after the disk had room again", response.status)
	}
	b.stop(t)
	if len(told) != 2 || !errors.Is(told[0], ErrFull) || told[1] != nil {
		t.Errorf("told %v, want the trouble once and its end once", told)
	}
	if len(b.kept) != 1 {
		t.Errorf("kept %d, want 1", len(b.kept))
	}
}

func TestHandlerLimits(t *testing.T) {
	limits := DefaultLimits()
	limits.Body = 1000
	limits.BodyTimeout = 50 * time.Millisecond
	for _, c := range []struct {
		name, raw string
		status    int
		kept      int
		truncated bool
	}{
		{"fits", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("x", 1000), 200, 1000, false},
		{"one more", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + strings.Repeat("x", 1001), 413, 1000, true},
		{"chunked", "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" + strings.Repeat("x", 0x800) + "\r\n0\r\n\r\n", 413, 1000, true},
		{"bad chunk", "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nXX\r\n", 400, 3, true},
		{"crawls", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", 408, 3, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := serve(t, limits, ViaLocal)
			if response := b.send(t, c.raw); response.status != c.status {
				t.Errorf("answer = %d, want %d", response.status, c.status)
			}
			b.stop(t)
			created, updated := b.last(t)
			if len(created.Request.Body) != c.kept || created.Request.Truncated != c.truncated {
				t.Errorf("kept %d, truncated %v, want %d, %v", len(created.Request.Body), created.Request.Truncated, c.kept, c.truncated)
			}
			if c.truncated && (created.Error == "" || updated.Response.By != ByLimit) {
				t.Errorf("error %q by %q, want a sentence by %q", created.Error, updated.Response.By, ByLimit)
			}
			if held := b.handler.bodies.held.Load(); held != 0 {
				t.Errorf("%d bytes of bodies are still counted", held)
			}
		})
	}
}

func TestHandlerKeepsWhatAGoneSenderSent(t *testing.T) {
	b := serve(t, DefaultLimits(), ViaLocal)
	conn := b.dial(t)
	if _, err := io.WriteString(conn, "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got := answerOn(t, conn).status; got != 400 {
		t.Errorf("answer = %d, want 400: only its own side was closed", got)
	}
	b.stop(t)
	created, updated := b.last(t)
	if string(created.Request.Body) != "abc" || !created.Request.Truncated {
		t.Errorf("body = %q, truncated %v", created.Request.Body, created.Request.Truncated)
	}
	if updated.State != StateGone || !strings.Contains(updated.Error, "3 of 9 bytes") {
		t.Errorf("state %q, error %q", updated.State, updated.Error)
	}
}

func TestHandlerTurnsAwayWhatIsTooMuch(t *testing.T) {
	request := "PUT /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: %s\r\nContent-Length: 4\r\n\r\nbody"
	for _, c := range []struct {
		name   string
		limit  func(*Limits)
		source string
		want   int
	}{
		{"in flight", func(l *Limits) { l.InFlight = 1 }, "203.0.113.9", 503},
		{"per source", func(l *Limits) { l.PerSource = 1 }, "1.1.1.1, 203.0.113.1", 503},
		{"another source", func(l *Limits) { l.PerSource = 1 }, "203.0.113.1, 203.0.113.2", 200},
		{"loopback", func(l *Limits) { l.PerSource = 1 }, "127.0.0.1", 200},
		{"bodies", func(l *Limits) { l.Bodies = 600 }, "203.0.113.9", 503}, // one head counts for some 400
	} {
		t.Run(c.name, func(t *testing.T) {
			limits := DefaultLimits()
			c.limit(&limits)
			b := serve(t, limits, ViaTunnel)
			b.block, b.created = make(chan struct{}), make(chan int64, 2)
			first := b.dial(t)
			if _, err := fmt.Fprintf(first, request, "203.0.113.1"); err != nil {
				t.Fatal(err)
			}
			<-b.created
			second := b.dial(t)
			if _, err := fmt.Fprintf(second, request, c.source); err != nil {
				t.Fatal(err)
			}
			if c.want == 200 {
				<-b.created
				close(b.block)
			}
			if got := answerOn(t, second).status; got != c.want {
				t.Errorf("answer = %d, want %d", got, c.want)
			}
			if c.want != 200 {
				close(b.block)
			}
			if got := answerOn(t, first).status; got != 200 {
				t.Errorf("the first answer = %d, want 200", got)
			}
			b.stop(t)
			if n := b.handler.inFlight.held.Load() + b.handler.bodies.held.Load() + int64(len(b.handler.sources.held)); n != 0 {
				t.Errorf("%d is still counted after the end", n)
			}
		})
	}
}

func TestServerKeepsRefusedHeads(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		status    int
	}{
		{"no host", "GET /klix HTTP/1.1\r\n\r\n", 400},
		{"too large", "GET /klix HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 80<<10) + "\r\n\r\n", 431},
		{"expectation", "PUT /klix HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\nContent-Length: 1\r\n\r\nx", 417},
		{"transfer encoding", "PUT /klix HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := serve(t, DefaultLimits(), ViaLocal)
			conn := b.dial(t)
			if _, err := io.WriteString(conn, c.raw); err != nil {
				t.Fatal(err)
			}
			if got := answerOn(t, conn).status; got != c.status {
				t.Fatalf("answer = %d, want %d", got, c.status)
			}
			_ = conn.Close()
			<-b.told // the connection's end is noticed on another goroutine
			b.stop(t)
			created, updated := b.last(t)
			if created.State != StateRefused || created.Error == "" || !strings.HasPrefix(c.raw, string(created.Request.Head)) {
				t.Errorf("kept %q %q %.40q", created.State, created.Error, created.Request.Head)
			}
			if updated.Response.Status != c.status || updated.Response.By != ByServer {
				t.Errorf("response = %+v", updated.Response)
			}
		})
	}
}
