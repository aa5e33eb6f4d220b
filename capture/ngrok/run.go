package ngrok

import (
	"context"
	"time"
)

// outcome is what follows a session.
type outcome int

const (
	over     outcome = iota // the tunnel was closed
	hopeless                // it has failed
	again                   // another session
)

// reopenPauses are waited out between sessions that did not come to be.
var reopenPauses = []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second}

// run owns the tunnel's state. It holds one session after the other until the
// tunnel is closed.
func (t *Tunnel) run(ctx context.Context, s *session) {
	defer close(t.done)
	for failures := 0; ; {
		h := holding{t: t, s: s}
		end := h.hold(ctx)
		s.close()
		if end == again && !h.online && !h.told { // it never came to be
			end = t.wait(ctx, reopenPauses[min(failures, len(reopenPauses)-1)])
			failures++
		} else {
			failures = 0
		}
		var err error
		if end == again {
			if s, err = startSession(&t.config); err == nil {
				continue
			}
			_, reason := explain(err, t.config.Token)
			t.fail("", reason)
			end = hopeless
		}
		if end == hopeless {
			<-ctx.Done()
			return
		}
		t.change(func(s *Status) { *s = Status{State: Off} })
		return
	}
}

// wait pauses between two sessions; a command ends the pause.
func (t *Tunnel) wait(ctx context.Context, pause time.Duration) outcome {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return over
	case <-timer.C:
	case <-t.commands:
	}
	return again
}

func (t *Tunnel) fail(code, reason string) {
	t.change(func(s *Status) { s.State, s.Code, s.Reason, s.Latency = Failed, code, reason, 0 })
}

// holding is the time of one session.
type holding struct {
	t *Tunnel
	s *session

	online  bool   // it has come to be
	told    bool   // somebody asked for the next one
	stopped bool   // the service told it to stop
	final   error  // of the service, while connecting
	why     string // we cut the connection ourselves; "" where we did not
}

// hold lives through a session and returns what follows it.
func (h *holding) hold(ctx context.Context) outcome {
	ticks, stop := h.t.pulse.ticks()
	defer stop()
	opened := h.s.opened
	wake := waking{last: h.t.pulse.now()}
	for {
		select {
		case <-ctx.Done():
			return over
		case <-opened:
			opened = nil
			if end, done := h.read(); done { // what was before belongs before
				return end
			}
			if end, done := h.open(); done {
				return end
			}
		case <-h.s.mail.ready:
			if end, done := h.read(); done {
				return end
			}
		case c := <-h.t.commands:
			if c == reopen || !h.retry("The connection is made anew.") {
				return h.next()
			}
		case <-ticks:
			online := h.t.Status().State == Online
			if wake.up(h.t.pulse.now(), h.t.pulse.addresses, online) && !h.retry("This machine was asleep.") {
				return h.next()
			}
		}
	}
}

// read takes the events that have come.
func (h *holding) read() (end outcome, done bool) {
	for _, e := range h.s.mail.take() {
		if end, done = h.happened(e); done {
			return end, true
		}
	}
	return 0, false
}

// retry has the connection made anew, and reports whether that can be had
// without another session.
func (h *holding) retry(why string) bool {
	h.why = why
	return h.s.dialer.retry()
}

// next makes way for another session at once.
func (h *holding) next() outcome {
	h.told = true
	h.t.change(func(s *Status) {
		if s.State == Online {
			s.State, s.Reason = Reconnecting, "The session is opened anew."
		}
	})
	return again
}

// open takes the result of the SDK's Listen.
func (h *holding) open() (outcome, bool) {
	if err := h.s.err; err != nil {
		if h.final != nil {
			err = h.final
		}
		code, reason := explain(err, h.t.config.Token)
		// After a loss, the service may hold what is left of the session before
		// for a while: then the address is taken, by ourselves.
		if first := h.t.Status().URL == ""; code != "" && (first || tokenRefused(code)) {
			h.t.fail(code, reason)
			return hopeless, true
		}
		h.t.change(func(s *Status) { s.Code, s.Reason = code, reason })
		return again, true
	}
	h.online, h.why = true, ""
	h.s.serve(&h.t.config)
	h.up()
	return 0, false
}

// up tells that the session stands.
func (h *holding) up() {
	url, a := h.s.url(), h.s.account
	h.t.change(func(s *Status) {
		s.State, s.URL, s.Code, s.Reason = Online, url, "", ""
		s.Account, s.Plan, s.Region = a.name, a.plan, a.region
	})
}

// happened takes an event. done says that the session is over.
func (h *holding) happened(e event) (end outcome, done bool) {
	switch e.kind {
	case connected:
		if h.online {
			h.up()
		}
	case beat:
		h.t.change(func(s *Status) { s.Latency = e.latency })
	case lost, dialFailed:
		return h.lose(e)
	case stopped:
		h.stopped = true
	case ended:
		return h.over(e.err)
	}
	return 0, false
}

// lose takes the loss of the connection, or a try in vain to make it.
func (h *holding) lose(e event) (outcome, bool) {
	if h.stopped || h.final != nil {
		return 0, false // what follows says it better
	}
	code, reason := explain(e.err, h.t.config.Token)
	if h.why != "" && e.kind == lost && code == "" {
		reason, h.why = h.why, ""
	}
	switch {
	case !h.online && code != "":
		// The SDK would try for ever. Listen returns the first of its errors.
		h.final = e.err
		h.s.cancel()
		return 0, false
	case tokenRefused(code):
		h.t.fail(code, reason)
		return hopeless, true
	}
	h.t.change(func(s *Status) {
		if h.online {
			s.State, s.Latency = Reconnecting, 0
		}
		s.Code, s.Reason = code, reason
	})
	return 0, false
}

// over takes the end of the listener, which was not ours to end: the service
// stopped the agent or the endpoint. The SDK would bind it again when it
// reconnects, and nobody would take what comes then.
func (h *holding) over(err error) (outcome, bool) {
	code, reason := explain(err, h.t.config.Token)
	switch {
	case h.stopped:
		code, reason = "", "It was stopped from ngrok's dashboard. Connect again when you want it back."
	case code == "":
		reason = "ngrok closed this address. Connect again when you want it back."
	default:
		reason = "ngrok closed this address. " + reason
	}
	h.t.fail(code, reason)
	return hopeless, true
}

// tokenRefused reports whether a code says that the token is good no more.
func tokenRefused(code string) bool {
	switch code {
	case "ERR_NGROK_105", "ERR_NGROK_107", "ERR_NGROK_4018":
		return true
	}
	return false
}
