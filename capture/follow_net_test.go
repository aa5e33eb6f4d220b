package capture

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/textproto"
	"reflect"
	"sync"
	"testing"
	"time"
)

// script is a connection that sends what it is told, in the pieces it is told,
// then closes its side. It keeps what is written to it.
type script struct {
	mu      sync.Mutex
	send    io.Reader
	sizes   []int // of the pieces, in turn; none means all that fits
	answers bytes.Buffer
	closed  chan struct{}
	once    sync.Once
	broken  error // what Write returns
}

func newScript(send io.Reader, sizes ...int) *script {
	return &script{send: send, sizes: sizes, closed: make(chan struct{})}
}

func (s *script) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sizes) > 0 && len(p) > 0 {
		size := s.sizes[0]
		s.sizes = append(s.sizes[1:], size)
		p = p[:min(len(p), max(size, 1))]
	}
	return s.send.Read(p)
}

func (s *script) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return 0, s.broken
	}
	return s.answers.Write(p)
}

func (s *script) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func (s *script) LocalAddr() net.Addr              { return addr("192.0.2.1:80") }
func (s *script) RemoteAddr() net.Addr             { return addr("192.0.2.7:4711") }
func (s *script) SetDeadline(time.Time) error      { return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

type addr string

func (addr) Network() string  { return "script" }
func (a addr) String() string { return string(a) }

// once is a listener for one connection; then it waits to be closed.
type once struct {
	conns chan net.Conn
	done  chan struct{}
	shut  sync.Once
}

func newOnce(c net.Conn) *once {
	l := &once{conns: make(chan net.Conn, 1), done: make(chan struct{})}
	l.conns <- c
	return l
}

func (l *once) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *once) Close() error {
	l.shut.Do(func() { close(l.done) })
	return nil
}

func (l *once) Addr() net.Addr { return addr("192.0.2.1:80") }

// claimed is what a handler saw of one request.
type claimed struct {
	Raw      string
	OK       bool
	Body     string
	BodyErr  error
	Trailers Fields
	differs  error // how the raw head disagrees with net/http's view
}

// followedKey finds the connection in the context of a test's request.
type followedKey struct{}

// run serves one connection with the follower as the server does, and returns
// what the handler claimed and what was refused. It returns when the
// connection is closed.
func run(tb testing.TB, conn *script, maxHead int, handle func(http.ResponseWriter, *http.Request)) ([]claimed, []refusal) {
	tb.Helper()
	var mu sync.Mutex
	var all []claimed
	var refused []refusal
	served, over := make(chan struct{}), make(chan struct{})
	if handle == nil {
		handle = func(_ http.ResponseWriter, r *http.Request) {
			c := r.Context().Value(followedKey{}).(*followed)
			defer c.release()
			raw, received, ok := c.claim(r)
			seen := claimed{Raw: string(raw), OK: ok}
			if received.IsZero() {
				seen.differs = errors.New("no time of receipt")
			}
			if ok {
				seen.differs = errors.Join(seen.differs, differs(raw, r))
			}
			body, err := io.ReadAll(r.Body)
			seen.Body, seen.BodyErr, seen.Trailers = string(body), err, c.trailers()
			mu.Lock()
			all = append(all, seen)
			mu.Unlock()
		}
	}
	server := &http.Server{
		Handler:                      http.HandlerFunc(handle),
		DisableGeneralOptionsHandler: true,
		MaxHeaderBytes:               maxHead,
		ErrorLog:                     log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, followedKey{}, c.(*followed))
		},
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed || state == http.StateHijacked {
				close(over)
			}
		},
	}
	l := newOnce(conn)
	go func() {
		defer close(served)
		_ = server.Serve(follow(l, ViaTunnel, maxHead, func(f refusal) {
			mu.Lock()
			defer mu.Unlock()
			refused = append(refused, f)
		}))
	}()
	<-conn.closed
	// Neither Shutdown nor the closing tells that refused has returned: net/http
	// may think the connection idle while it refuses a head.
	<-over
	if err := server.Shutdown(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	<-served
	mu.Lock()
	defer mu.Unlock()
	return all, refused
}

// differs compares a raw head, as net/http reads it by itself and as parseHead
// does, with the request that a handler got.
func differs(raw []byte, r *http.Request) error {
	again, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return fmt.Errorf("net/http cannot read the raw head: %w", err)
	}
	again.Header.Del("Host")
	switch {
	case again.Method != r.Method, again.RequestURI != r.RequestURI, again.Proto != r.Proto, again.Host != r.Host:
		return fmt.Errorf("request lines differ: %q", raw)
	case !reflect.DeepEqual(again.Header, r.Header):
		return fmt.Errorf("fields differ: got %q, want %q", again.Header, r.Header)
	}
	return differsParsed(raw)
}

// differsParsed compares parseHead with net/textproto.
func differsParsed(raw []byte) error {
	h, err := parseHead(raw)
	if err != nil {
		return fmt.Errorf("parseHead: %w", err)
	}
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw)))
	line, err := reader.ReadLine()
	if err != nil {
		return err
	}
	if got := h.Method + " " + h.Target + " " + h.Proto; got != line {
		return fmt.Errorf("request line: got %q, want %q", got, line)
	}
	want, err := reader.ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	got := textproto.MIMEHeader{}
	for _, f := range h.Header {
		key := textproto.CanonicalMIMEHeaderKey(f.Name)
		got[key] = append(got[key], f.Value)
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("fields: got %q, want %q", got, want)
	}
	return nil
}

func heads(all []claimed) []string {
	var raw []string
	for _, c := range all {
		raw = append(raw, c.Raw)
	}
	return raw
}
