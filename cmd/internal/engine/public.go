package engine

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/store"
)

// publicAddress is the address that providers reach us at: a tunnel, or one of
// the person's own. One goroutine owns it; everybody else sends it words.
type publicAddress struct {
	engine *Engine
	words  chan func()   // run by the goroutine; unbuffered
	ended  chan struct{} // closed when the goroutine has
	stop   chan string   // holds one: why it is to end
	clock  publicClock

	// What the tunnel says, taken by the goroutine. No state is lost; of
	// heartbeats the last one counts.
	mu    sync.Mutex
	told  []ngrok.Status
	ready chan struct{} // holds one while there is something told

	now    atomic.Pointer[capture.Public] // a copy for whoever asks
	host   atomic.Pointer[string]         // of the person's own address; "" for none
	passed atomic.Int64                   // when a callback last came through it, in Unix nanoseconds
	probes capture.Probes

	// Owned by the goroutine.
	state    capture.Public
	tunnel   *ngrok.Tunnel // nil for none
	client   *http.Client  // for the self-test
	reaches  chan capture.Reach
	ending   context.CancelFunc // of the self-test on its way; nil for none
	again    bool               // another self-test is wanted when that one ends
	tries    int                // self-tests in vain since the last good one
	reopened bool               // the tunnel was opened anew for its host
	next     <-chan time.Time   // when the next self-test is due
	looks    <-chan time.Time   // at the clock, for an address that no tunnel watches
	lookEnds func()
	looked   time.Time
}

// publicClock is where the times of self-tests come from.
type publicClock struct {
	now   func() time.Time
	after func(time.Duration) <-chan time.Time
	every func(time.Duration) (ticks <-chan time.Time, stop func())
}

func systemClock() publicClock {
	return publicClock{time.Now, time.After, func(d time.Duration) (<-chan time.Time, func()) {
		ticker := time.NewTicker(d)
		return ticker.C, ticker.Stop
	}}
}

// What is waited for between self-tests: after one in vain, and while all is well.
// The free plan of ngrok's counts requests.
var (
	vainPauses = []time.Duration{2 * time.Second, 10 * time.Second, time.Minute, 5 * time.Minute}
	wellPause  = time.Hour
)

func newPublicAddress(e *Engine) *publicAddress {
	p := &publicAddress{
		engine: e, words: make(chan func()), ended: make(chan struct{}), stop: make(chan string, 1),
		ready: make(chan struct{}, 1), reaches: make(chan capture.Reach, 1),
		clock:    systemClock(),
		lookEnds: func() {},
		state:    capture.Public{State: capture.PublicOff},
	}
	first := p.state
	p.now.Store(&first)
	none := ""
	p.host.Store(&none)
	return p
}

// Public says how things stand with the public address. It does not block.
func (e *Engine) Public() capture.Public { return *e.public.now.Load() }

// PublicEvents returns the changes of the public address's state, newest first.
func (e *Engine) PublicEvents(ctx context.Context, limit int) ([]capture.PublicEvent, error) {
	return e.Store.PublicEvents(ctx, limit)
}

// CheckPublic begins a self-test of the public address, and has a tunnel that
// waits try again at once. It does not block.
func (e *Engine) CheckPublic() {
	go func() { // ends with the goroutine that owns the address
		_ = e.public.do(e.ctx, func() error { // after the end there is nothing to check
			if t := e.public.tunnel; t != nil && t.Status().State != ngrok.Online {
				t.Retry()
				return nil
			}
			e.public.check()
			return nil
		})
	}()
}

// do runs f on the goroutine that owns the public address, and returns what it
// does.
func (p *publicAddress) do(ctx context.Context, f func() error) error {
	result := make(chan error, 1)
	select {
	case p.words <- func() { result <- f() }:
		return <-result
	case <-p.ended:
		return errors.New("the engine is closed")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run owns the public address until close.
func (p *publicAddress) run() {
	defer close(p.ended)
	for {
		select {
		case why := <-p.stop:
			p.leave(why)
			return
		case word := <-p.words:
			word()
		case <-p.ready:
			for _, status := range p.takeTold() {
				p.hear(status)
			}
		case reach := <-p.reaches:
			p.reached(reach)
		case <-p.next:
			p.next = nil
			p.due()
		case <-p.looks:
			p.look()
		}
	}
}

// close ends the public address, and waits for it.
func (p *publicAddress) close(why string) {
	select {
	case p.stop <- why:
	default:
	}
	<-p.ended
}

// changed is the tunnel's word. It does not block.
func (p *publicAddress) changed(s ngrok.Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.told); n > 0 && p.told[n-1].State == s.State && p.told[n-1].Code == s.Code {
		p.told[n-1] = s
		return
	}
	p.told = append(p.told, s)
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

func (p *publicAddress) takeTold() []ngrok.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	told := p.told
	p.told = nil
	return told
}

// hear takes a status of the tunnel.
func (p *publicAddress) hear(s ngrok.Status) {
	if p.tunnel == nil {
		return // of one that was closed
	}
	was := p.state.State
	p.change(func(now *capture.Public) {
		now.URL, now.Latency, now.Code, now.Reason = s.URL, s.Latency, s.Code, s.Reason
		now.Account, now.Plan, now.Region = s.Account, s.Plan, s.Region
		switch s.State {
		case ngrok.Off:
			now.State = capture.PublicOff
		case ngrok.Connecting:
			now.State = capture.PublicConnecting
		case ngrok.Reconnecting:
			now.State = capture.PublicReconnecting
		case ngrok.Failed:
			now.State = capture.PublicFailed
		case ngrok.Online:
			now.State = capture.PublicOnline
			if was == capture.PublicUnreachable { // a heartbeat does not mend that
				now.State, now.Reason, now.Code = was, now.Reach.Text, now.Reach.Code
			}
		}
	})
	switch {
	case s.State != ngrok.Online:
		p.unwatch()
	case was != capture.PublicOnline && was != capture.PublicUnreachable:
		p.tries = 0
		p.check()
	}
}

// change makes a new state of the last one, tells it, and keeps an event where
// the state has become another.
func (p *publicAddress) change(f func(*capture.Public)) {
	before := p.state
	f(&p.state)
	now := p.clock.now()
	if p.state.State != before.State {
		p.state.Since = now
	}
	if p.state == before {
		return
	}
	told := p.state
	p.now.Store(&told)
	if told.State != before.State || told.URL != before.URL && told.State == capture.PublicOnline {
		event := capture.PublicEvent{At: now, State: told.State, URL: told.URL, Code: told.Code, Reason: told.Reason}
		if err := p.engine.Store.PutPublicEvent(context.WithoutCancel(p.engine.ctx), event); err != nil && !errors.Is(err, store.ErrClosed) {
			p.engine.config.Log.Warn("a change of the public address could not be kept", "err", err)
		}
	}
	if p.engine.config.Public != nil {
		p.engine.config.Public(told)
	}
}

// leave ends whatever there is.
func (p *publicAddress) leave(why string) {
	p.unwatch()
	if p.tunnel != nil {
		tunnel := p.tunnel
		p.tunnel = nil
		tunnel.Close()
	}
	none := ""
	p.host.Store(&none)
	p.lookEnds()
	p.looks, p.lookEnds = nil, func() {}
	if p.state.State == capture.PublicOff {
		return
	}
	p.change(func(now *capture.Public) {
		*now = capture.Public{State: capture.PublicOff, URL: now.URL, Reason: why}
	})
}

// serve hands what comes through a tunnel to the server.
func (p *publicAddress) serve(l net.Listener) error {
	err := p.engine.server.Serve(l, capture.ViaTunnel)
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// arrived notes that a callback came through the public address, which says more
// than any self-test.
func (p *publicAddress) arrived(x *capture.Exchange) {
	if x.Via.Public() {
		p.passed.Store(x.Request.Received.UnixNano())
	}
}
