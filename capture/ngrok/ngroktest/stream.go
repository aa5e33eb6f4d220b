package ngroktest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.ngrok.com/muxado/v2"
)

// An agent queues 128 new streams and resets those that are too many, unread. So
// a stream is opened again after a pause, which grows.
const (
	reopenMost  = 100 // pauses
	reopenPause = time.Millisecond
	reopenLong  = 20 * time.Millisecond
)

// errOffline is what a connection to nobody's host fails with.
var errOffline = errors.New("no agent serves it")

// proxyStream carries the bytes of callers to an agent. Until the agent has
// answered, it keeps what was sent, so that a stream that the agent turned away
// unread is replaced by another one without anybody's notice.
type proxyStream struct {
	net.Conn // the newest stream; guarded by mu
	open     func() (net.Conn, error)
	count    func(add func(c *Counts))

	ctx    context.Context
	cancel context.CancelFunc

	mu     sync.Mutex
	sent   []byte // since the beginning; nil where heard
	half   bool   // nothing more is sent
	heard  bool   // the agent has read something, so that it does not turn it away any more
	pauses int
}

// dialHost opens a stream to the agent that serves a host. caller is an
// "address:port".
func (s *Service) dialHost(host, caller string) (net.Conn, error) {
	p := &proxyStream{
		open:  func() (net.Conn, error) { return s.openStream(host, caller) },
		count: s.count,
	}
	var err error
	if p.Conn, err = p.open(); err != nil {
		return nil, err
	}
	p.ctx, p.cancel = context.WithCancel(s.ctx)
	return p, nil
}

// openStream opens one stream, and writes what precedes the bytes of a caller.
func (s *Service) openStream(host, caller string) (net.Conn, error) {
	t := s.tunnelOf(host)
	if t == nil {
		return nil, fmt.Errorf("%s: %w", host, errOffline)
	}
	text, err := json.Marshal(proxyHeader{ID: t.id, ClientAddr: caller, Proto: "https"})
	if err != nil {
		return nil, err
	}
	head := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	t.owner.opening.Lock() // one at a time: the agent's queue is short
	defer t.owner.opening.Unlock()
	stream, err := t.owner.mux.OpenTypedStream(muxado.StreamType(typeProxy))
	if err != nil {
		return nil, err
	}
	if _, err := stream.Write(append(head, text...)); err != nil && !turnedAway(err) {
		return nil, errors.Join(err, stream.Close())
	}
	return stream, nil
}

// turnedAway reports whether an agent reset a stream that it never looked at.
func turnedAway(err error) bool {
	code, _ := muxado.GetError(err)
	return err != nil && code == muxado.AcceptQueueFull
}

func (p *proxyStream) current() net.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Conn
}

// Read is that of the newest stream.
func (p *proxyStream) Read(b []byte) (int, error) {
	for {
		stream := p.current()
		n, err := stream.Read(b)
		if n > 0 {
			p.mu.Lock()
			p.heard, p.sent = true, nil
			p.mu.Unlock()
		}
		if n > 0 || !turnedAway(err) || !p.replace(stream) {
			return n, err
		}
	}
}

// Write is that of the newest stream.
func (p *proxyStream) Write(b []byte) (int, error) {
	for {
		stream := p.current()
		n, err := stream.Write(b)
		if turnedAway(err) && p.replace(stream) || err == nil && !p.keep(stream, b) {
			continue
		}
		return n, err
	}
}

// keep notes what was written to a stream, and reports whether it is the newest
// still.
func (p *proxyStream) keep(stream net.Conn, b []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Conn != stream {
		return false
	}
	const window = 256 << 10 // more cannot be written before something was read
	if p.heard = p.heard || len(p.sent)+len(b) > window; p.heard {
		p.sent = nil
	} else {
		p.sent = append(p.sent, b...)
	}
	return true
}

// replace opens a stream in place of one that was turned away, and sends what
// that one was sent. It reports whether there is a newer one.
func (p *proxyStream) replace(old net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Conn != old {
		return true
	}
	for !p.heard && p.pauses < reopenMost {
		timer := time.NewTimer(min(reopenPause*time.Duration(p.pauses+1), reopenLong))
		p.pauses++
		select {
		case <-timer.C:
		case <-p.ctx.Done():
			timer.Stop()
			return false
		}
		stream, err := p.open()
		if err != nil {
			return false
		}
		p.count(func(c *Counts) { c.Reopened++ })
		if _, err = stream.Write(p.sent); err == nil && p.half {
			err = closeWrite(stream)
		}
		if err == nil {
			p.Conn = stream
			return true
		}
		if !turnedAway(err) {
			return false
		}
	}
	if p.pauses == reopenMost {
		p.pauses++ // it is told once
		p.count(func(c *Counts) { c.Resets++ })
	}
	return false
}

// CloseWrite says that nothing more is sent.
func (p *proxyStream) CloseWrite() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.half = true
	return closeWrite(p.Conn)
}

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Close does not wait: a stream whose other side stopped reading cannot be
// closed before its session ends.
func (p *proxyStream) Close() error {
	p.cancel()
	go func() { _ = p.current().Close() }() // always nil
	return nil
}
