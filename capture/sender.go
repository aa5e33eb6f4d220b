package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptrace"
	"strings"
	"syscall"
	"time"
)

// keptFor is how long a connection is kept for the next request: servers close
// idle ones after 2 seconds and more.
const keptFor = time.Second

// writeGrace is how long a request may take to be written to its end after the
// answer to it came.
const writeGrace = 50 * time.Millisecond

// smallRequest is what the system takes at once whether the receiver reads or not.
const smallRequest = 16 << 10

// Sender sends prepared requests one after the other. Where they say so
// (Preparation.Keep), it keeps its connection for the next one to the same
// address. It is for one goroutine at a time; Close it in the end.
type Sender struct {
	Replayer *Replayer // nil: the zero one

	kept  *sendConn
	since time.Time
	fresh bool // this receiver closes what is to be kept: keep no more
}

// Close closes the connection that is kept.
func (s *Sender) Close() {
	if s.kept != nil {
		_ = s.kept.Close()
		s.kept = nil
	}
}

// Send sends a request and reads the answer. It returns a new exchange, which is
// not stored anywhere, with the answer or the sentence why there is none.
//
// Of a kept connection on which no byte came back it cannot be told whether the
// receiver had closed it before: the request is then sent once more over a new
// one, and no more connections are kept.
func (s *Sender) Send(ctx context.Context, o *Outgoing) *Exchange {
	p := s.Replayer
	if p == nil {
		p = &Replayer{}
	}
	timeout := p.Timeout
	if timeout <= 0 {
		timeout = replayTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	now := time.Now()
	x := &Exchange{
		UID: NewUID(now), State: StateFailed, Via: ViaReplay, Origin: o.origin, Endpoint: o.endpoint,
		Request: o.Request,
	}
	sending := o.Sending
	x.Sent = &sending
	x.Request.Received = now
	reused := s.idle(o, now)
	response, err := s.once(ctx, p, o, x, now)
	if reused && response == nil && ctx.Err() == nil && closedIdle(err) {
		s.fresh = true
		response, err = s.once(ctx, p, o, x, now)
	}
	x.Response = response
	ended := time.Now()
	x.Sent.Timings.Total = ended.Sub(now)
	if response != nil {
		response.Timing.Answered, response.Timing.Took = ended, ended.Sub(now)
	}
	switch {
	case err == nil:
		x.State = StateAnswered
	case errors.Is(err, errLongAnswer):
		x.State, x.Error = StateAnswered, sentence(err)
	case response != nil && errors.Is(err, context.DeadlineExceeded):
		x.Error = fmt.Sprintf("The answer did not end within %s; %d bytes of its body came.", timeout, len(response.Body))
	default:
		x.Error = replayFailure(err, o.to, timeout)
	}
	return x
}

func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// idle reports whether the connection that is kept will do; else it closes it.
func (s *Sender) idle(o *Outgoing, now time.Time) bool {
	if s.kept == nil {
		return false
	}
	if !s.kept.leadsTo(o) || now.Sub(s.since) > keptFor {
		s.Close()
		return false
	}
	return true
}

// closedIdle reports whether an error is that of a connection that the receiver
// had closed.
func closedIdle(err error) bool {
	return errors.Is(err, errNoAnswer) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, windowsReset) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF)
}

// once is one try. With an error it returns what came of the answer, or nil.
func (s *Sender) once(ctx context.Context, p *Replayer, o *Outgoing, x *Exchange, began time.Time) (*Response, error) {
	conn := s.kept
	s.kept = nil
	t := &x.Sent.Timings
	if conn == nil {
		var err error
		if conn, err = open(ctx, p, o, t); err != nil {
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return nil, err
		}
	}
	x.Request.Remote = conn.remote
	if o.keep {
		_ = conn.SetDeadline(time.Time{})
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // long past
	conn.begin()
	written := make(chan error, 1)
	write := func() {
		parts := net.Buffers{o.Request.Head, o.Request.Body}
		_, err := parts.WriteTo(conn.Conn)
		written <- err
	}
	if _, buffered := conn.Conn.(*net.TCPConn); buffered && len(o.Request.Head)+len(o.Request.Body) <= smallRequest {
		write()
	} else {
		go write() // apart, as a server may answer before it has read all, or nothing
	}
	response, open, err := readAnswer(conn.in, o.Request.Method, p.limit())
	if response != nil {
		response.By = ByTarget
	}
	if !conn.first.IsZero() {
		t.FirstByte = conn.first.Sub(began)
	}
	var failed error
	whole := false
	ended := false
	if o.keep && !s.fresh && open && conn.in.Buffered() == 0 {
		select {
		case failed = <-written:
			ended, whole = true, failed == nil
		case <-time.After(writeGrace): // it answered before it had read all
		}
	}
	if stop() && whole {
		s.kept, s.since = conn, time.Now()
		return response, nil
	}
	_ = conn.Close() // ends the writing too
	if !ended {
		failed = <-written
	}
	if response == nil && err != nil && failed != nil && ctx.Err() == nil {
		err = errors.Join(err, failed)
	}
	if cause := ctx.Err(); err != nil && cause != nil && !errors.Is(err, errLongAnswer) {
		err = cause
	}
	return response, err
}

// open connects, and notes how long that took.
func open(ctx context.Context, p *Replayer, o *Outgoing, t *Timings) (*sendConn, error) {
	began := time.Now()
	var asked, dialled time.Time
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { asked = time.Now() },
		DNSDone: func(httptrace.DNSDoneInfo) {
			t.DNS = time.Since(asked)
		},
	})
	timed := *p
	dial := p.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	timed.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		dialled = time.Now()
		return conn, err
	}
	conn, err := timed.connect(traced, o.to)
	ended := time.Now()
	if !dialled.IsZero() {
		t.Connect = dialled.Sub(began) - t.DNS
		if o.to.secure {
			t.TLS = ended.Sub(dialled)
		}
	}
	if err != nil {
		return nil, err
	}
	w := &sendConn{Conn: conn, secure: o.to.secure, addr: o.to.addr, remote: conn.RemoteAddr().String()}
	w.in = bufio.NewReader(w)
	return w, nil
}

// sendConn is a connection to a receiver.
type sendConn struct {
	net.Conn
	in           *bufio.Reader
	secure       bool
	addr, remote string
	first        time.Time // when the first byte of the last answer came
}

func (w *sendConn) leadsTo(o *Outgoing) bool { return w.secure == o.to.secure && w.addr == o.to.addr }

func (w *sendConn) begin() { w.first = time.Time{} }

// Read notes what an answer begins with.
func (w *sendConn) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if n > 0 && w.first.IsZero() {
		w.first = time.Now()
	}
	return n, err
}
