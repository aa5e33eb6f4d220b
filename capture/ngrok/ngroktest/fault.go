package ngroktest

import (
	"context"
	"sync"
	"time"
)

// faults are what goes wrong. All but silence is guarded by the service's mutex.
type faults struct {
	silence      gate
	conns        connections
	refusal      string // of Auth, as it is answered
	bindRefusal  int    // a code
	cutAfterAuth bool
	nextHost     string

	slow struct {
		sync.Mutex
		delay time.Duration
	}
}

// connections are those of agents, authenticated or not.
type connections map[*agent]struct{}

func (c *connections) add(a *agent) {
	if *c == nil {
		*c = connections{}
	}
	(*c)[a] = struct{}{}
}

func (c *connections) remove(a *agent) { delete(*c, a) }

// pause waits as long as the service is to be slow.
func (f *faults) pause(ctx context.Context) {
	f.slow.Lock()
	delay := f.slow.delay
	f.slow.Unlock()
	if delay == 0 {
		return
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Refuse has agents refused with a code from now on. TOKEN in the text stands
// for the token that the agent sent. Accept takes it back.
func (s *Service) Refuse(code int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.refusal = coded(code, text)
}

// Accept ends Refuse and RefuseBind.
func (s *Service) Accept() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.refusal, s.faults.bindRefusal = "", 0
}

// RefuseBind has endpoints refused with a code from now on.
func (s *Service) RefuseBind(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.bindRefusal = code
}

// Cut resets the connections of all agents. When it returns, nobody serves
// anything before an agent has come back.
func (s *Service) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for a := range s.faults.conns {
		a.cut()
		s.drop(a)
	}
}

// CutAfterAuth has every agent cut as soon as it is accepted.
func (s *Service) CutAfterAuth(on bool) {
	s.mu.Lock()
	s.faults.cutAfterAuth = on
	s.mu.Unlock()
	if on {
		s.Cut()
	}
}

// cutSoon cuts an agent when it has had the time to read its answer, unless
// CutAfterAuth was taken back meanwhile.
func (s *Service) cutSoon(a *agent) {
	const reading = 5 * time.Millisecond
	time.AfterFunc(reading, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.faults.cutAfterAuth {
			a.cut()
			s.drop(a)
		}
	})
}

// Silence keeps connections open and says nothing more on them, nor hears
// anything.
func (s *Service) Silence(on bool) { s.faults.silence.set(on) }

// Slow delays every answer to an agent.
func (s *Service) Slow(by time.Duration) {
	s.faults.slow.Lock()
	defer s.faults.slow.Unlock()
	s.faults.slow.delay = by
}

// NextHost is handed out to the endpoint that is opened next, or opened again.
func (s *Service) NextHost(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.nextHost = host
}

// Down refuses the connections of agents, and cuts those that are there; up
// again, it listens on the same port.
func (s *Service) Down(down bool) error {
	s.mu.Lock()
	l, address := s.listener, s.connectAddr
	if down {
		s.listener = nil
	}
	s.mu.Unlock()
	switch {
	case down && l != nil:
		err := l.Close()
		s.Cut()
		return err
	case !down && l == nil:
		return s.listen(address)
	}
	return nil
}
