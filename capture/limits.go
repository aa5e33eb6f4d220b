package capture

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Limits bound what strangers can make us hold. A zero field means no limit,
// but for Head, where net/http's own default (1 MiB) holds.
type Limits struct {
	Body      int64 // bytes kept of one body; more: kept up to here, marked truncated, answered 413
	Head      int   // bytes of one head; more: refused with 431
	InFlight  int   // requests that are read whole and not yet done with; more: 503
	PerSource int   // requests of one caller at once, being read or answered; loopback is exempt; more: 503
	Bodies    int64 // bytes of all bodies, and of parsed heads, held in memory at once; more: 503

	HeaderTimeout time.Duration // for a whole head to arrive
	BodyTimeout   time.Duration // for a whole body to arrive
	AnswerTimeout time.Duration // for the sender to take its answer
	IdleTimeout   time.Duration // for the next request on a kept connection
}

// DefaultLimits are the limits of a new Hookglass.
func DefaultLimits() Limits {
	return Limits{
		Body:      32 << 20,
		Head:      64 << 10,
		InFlight:  2048,
		PerSource: 128,
		Bodies:    256 << 20,

		HeaderTimeout: 10 * time.Second,
		BodyTimeout:   2 * time.Minute,
		AnswerTimeout: 30 * time.Second,
		IdleTimeout:   2 * time.Minute,
	}
}

// gauge counts something up to a maximum. The zero maximum means none. It is
// safe for concurrent use.
type gauge struct{ held atomic.Int64 }

// take adds n unless that would pass most, and says whether it did.
func (g *gauge) take(n, most int64) bool {
	if g.held.Add(n) > most && most > 0 {
		g.held.Add(-n)
		return false
	}
	return true
}

func (g *gauge) give(n int64) { g.held.Add(-n) }

// sources counts requests by their caller. It forgets callers that have none,
// so it is never larger than the number of connections.
type sources struct {
	mu   sync.Mutex
	held map[string]int
}

// enter counts one more request of a source unless it has most already, and
// says whether it did. Loopback and unknown addresses are not counted.
func (s *sources) enter(source string, most int) bool {
	if most <= 0 || exempt(source) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[string]int{}
	}
	if s.held[source] >= most {
		return false
	}
	s.held[source]++
	return true
}

// leave takes back an enter that was granted.
func (s *sources) leave(source string, most int) {
	if most <= 0 || exempt(source) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[source]--; s.held[source] <= 0 {
		delete(s.held, source)
	}
}

func exempt(source string) bool {
	if source == "127.0.0.1" || source == "::1" {
		return true
	}
	addr, err := netip.ParseAddr(source)
	return err == nil && addr.Unmap().IsLoopback()
}
