package engine

import (
	"context"
	"time"

	"hookglass/capture"
)

// codeOffline is what ngrok's edge says of a host that nobody serves.
const codeOffline = "ERR_NGROK_3200"

// check begins a self-test. One that is on its way is followed by another.
func (p *publicAddress) check() {
	if !p.testable() {
		return
	}
	if p.ending != nil {
		p.again = true
		return
	}
	ctx, cancel := context.WithCancel(p.engine.ctx)
	p.ending, p.next = cancel, nil
	url, via, client := p.state.URL, p.state.Via, p.client
	p.change(func(now *capture.Public) { now.Checking = true })
	p.engine.running.Go(func() {
		reach := p.probes.Check(ctx, client, url, via)
		client.CloseIdleConnections()
		p.reaches <- reach // takes one, and there is one at a time
	})
}

// testable reports whether there is an address that a self-test may come back
// through.
func (p *publicAddress) testable() bool {
	now := &p.state
	return now.URL != "" && (now.State == capture.PublicOnline || now.State == capture.PublicUnreachable ||
		now.State == capture.PublicConnecting && now.Via == capture.ViaPublic)
}

// reached takes the result of a self-test.
func (p *publicAddress) reached(reach capture.Reach) {
	p.ending()
	p.ending = nil
	again := p.again
	p.again = false
	if !p.state.Checking { // unwatched meanwhile
		if again {
			p.check()
		}
		return
	}
	p.change(func(now *capture.Public) {
		now.Checking, now.Reach = false, reach
		now.State, now.Code, now.Reason = stateAfter(now, reach)
	})
	switch {
	case again:
		p.check()
	case p.state.State != capture.PublicUnreachable:
		p.tries, p.reopened = 0, false
		p.next = p.clock.after(wellPause)
	case reach.Code == codeOffline && p.tunnel != nil && !p.reopened:
		// The service may have handed out another host when it took us back.
		p.reopened = true
		p.tunnel.Reopen()
	default:
		pause := wellPause
		if p.tries < len(vainPauses) {
			pause = vainPauses[p.tries]
		}
		p.tries++
		p.next = p.clock.after(pause)
	}
}

// stateAfter is what a self-test makes of the state. A tunnel that stands is
// believed where this machine could not ask; an address of the person's own has
// nothing else to be believed for.
func stateAfter(now *capture.Public, reach capture.Reach) (state capture.PublicState, code, reason string) {
	switch {
	case reach.Outcome == capture.Unreached, reach.Outcome == capture.Untested && now.Via == capture.ViaPublic:
		return capture.PublicUnreachable, reach.Code, reach.Text
	case reach.Outcome == capture.Untested:
		return now.State, now.Code, now.Reason
	}
	return capture.PublicOnline, "", ""
}

// due begins the self-test that was waited for, unless callbacks have come
// through meanwhile, which prove more.
func (p *publicAddress) due() {
	passed := time.Unix(0, p.passed.Load())
	if p.state.State == capture.PublicOnline && p.clock.now().Sub(passed) < wellPause {
		p.next = p.clock.after(wellPause)
		return
	}
	p.check()
}

// unwatch ends the self-test that is on its way, and waits for no other.
func (p *publicAddress) unwatch() {
	p.next, p.again = nil, false
	if p.ending != nil {
		p.ending() // its result is taken, and is of no more interest
	}
	p.change(func(now *capture.Public) { now.Checking = false })
}
