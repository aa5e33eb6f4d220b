package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// Resend sends an exchange as it was to a URL, and keeps the attempt as an
// exchange of its own, whose ID it returns: also where there was no answer, or
// ctx ended before it. An error that wraps capture.ErrReplay means that nothing
// was sent.
func (e *Engine) Resend(ctx context.Context, id int64, url string) (int64, error) {
	all := Consent{Remote: true, Provider: true} // who calls has asked
	resent, err := e.ResendAs(ctx, id, Resending{To: url, Whole: true, Consent: all})
	if err != nil {
		return 0, err
	}
	return resent.ID, nil
}

// sampleHost is who samples are sent to.
const sampleHost = "http://sample.hookglass.localhost"

// Sample sends a provider's sample to ourselves, signed where the provider's
// keys or its test identity can sign, and returns the status of the answer. It is
// captured as any callback is, but for capture.ViaSample, and needs no address to
// listen on.
func (e *Engine) Sample(ctx context.Context, provider string, sample providers.Sample) (int, error) {
	p := e.Set.Find(provider)
	if p == nil {
		return 0, fmt.Errorf("send a sample of %q: %w", provider, ErrNotFound)
	}
	l, err := e.sampleListener()
	if err != nil {
		return 0, err
	}
	r := sample.Request()
	if p.Sign != nil {
		signed := sample.Request()
		if p.Sign(&signed, e.Set.Keys()) == nil { // an error: nothing is configured to sign with
			r = signed
		} else {
			r = e.signedAsTest(ctx, p, r)
		}
	}
	sender := capture.Replayer{Dial: l.dial}
	sent, err := sender.Replay(ctx, &capture.Exchange{State: capture.StateReceived, Via: capture.ViaSample, Request: r}, sampleHost+r.Target)
	switch {
	case err != nil:
		return 0, fmt.Errorf("send a sample: %w", err)
	case sent.Response == nil:
		return 0, fmt.Errorf("send a sample: %s", sent.Error)
	}
	return sent.Response.Status, nil
}

// signedAsTest is a sample with the proof of the test identity, which is made where
// there is none; without the proof where it cannot be made or cannot sign this.
func (e *Engine) signedAsTest(ctx context.Context, p *providers.Provider, r capture.Request) capture.Request {
	if err := e.TestIdentity(ctx, p.ID, false); err != nil {
		e.config.Log.Warn("a sample goes unsigned", "err", err)
		return r
	}
	signed := r
	signed.Received = time.Now()
	if _, err := e.Set.Prove(p, &signed, providers.Signed, true); err != nil {
		return r
	}
	return signed
}

// sampleListener serves samples, from the first one on.
func (e *Engine) sampleListener() (*pipeListener, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errors.New("the engine is closed")
	}
	if e.samples == nil {
		l := newPipeListener()
		e.samples = l
		e.running.Go(func() {
			if err := e.server.Serve(l, capture.ViaSample); err != nil {
				e.config.Log.Error("the listener for samples failed", "err", err)
			}
		})
	}
	return e.samples, nil
}

// pipeListener accepts what dial connects, in memory.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- pipeConn{there}:
		return here, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

// pipeConn says that its sender is ourselves.
type pipeConn struct{ net.Conn }

func (pipeConn) LocalAddr() net.Addr  { return pipeAddr{} }
func (pipeConn) RemoteAddr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "memory" }
func (pipeAddr) String() string  { return providers.OwnRemote }
