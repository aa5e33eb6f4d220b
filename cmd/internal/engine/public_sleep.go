package engine

import "time"

// A tunnel notices by itself that the machine has slept. Of an address of the
// person's own only the clock tells: the wall clock goes on during sleep, and a
// ticker does not.
const (
	lookEvery = 10 * time.Second
	slept     = 3 * lookEvery
)

// watchSleep begins to look at the clock; leave ends it.
func (p *publicAddress) watchSleep() {
	p.looked = p.clock.now()
	p.looks, p.lookEnds = p.clock.every(lookEvery)
}

// look tests the address where the machine has slept since the last look.
func (p *publicAddress) look() {
	now := p.clock.now()
	gap := now.Round(0).Sub(p.looked.Round(0)) // without the monotonic clock, which may sleep too
	p.looked = now
	if gap >= slept {
		p.tries = 0
		p.check()
	}
}
