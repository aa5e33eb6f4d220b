package engine

import (
	"context"
	"sync"
	"time"
)

// pace lets so many a second through, evenly, and nobody while it is paused. It is
// safe for concurrent use.
type pace struct {
	every time.Duration // between two; 0: no bound

	mu     sync.Mutex
	next   time.Time     // when the next one may go
	paused chan struct{} // closed when it goes on; nil while it is not paused
	since  time.Time     // it is paused since
	rested time.Duration // it was paused before
}

func newPace(perSecond float64) *pace {
	p := &pace{}
	if perSecond > 0 {
		p.every = time.Duration(float64(time.Second) / perSecond)
	}
	return p
}

// wait returns when the next one may go, or with the error of ctx.
func (p *pace) wait(ctx context.Context) error {
	if at := p.slot(); !at.IsZero() {
		if err := pause(ctx, time.Until(at)); err != nil {
			return err
		}
	}
	for {
		p.mu.Lock()
		paused := p.paused
		p.mu.Unlock()
		if paused == nil {
			return ctx.Err()
		}
		select {
		case <-paused:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// slot is when the next one may go as far as the rate goes; the zero time is now.
func (p *pace) slot() time.Time {
	if p.every <= 0 {
		return time.Time{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); p.next.Before(now) {
		p.next = now // what was not used is lost: no burst makes up for it
	}
	at := p.next
	p.next = p.next.Add(p.every)
	return at
}

// setPaused stops, or goes on.
func (p *pace) setPaused(paused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case paused && p.paused == nil:
		p.paused, p.since = make(chan struct{}), time.Now()
	case !paused && p.paused != nil:
		close(p.paused)
		p.paused = nil
		p.rested += time.Since(p.since)
	}
}

// rest says whether it is paused, and how long it was in all.
func (p *pace) rest() (paused bool, rested time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paused != nil {
		return true, p.rested + time.Since(p.since)
	}
	return false, p.rested
}

// room bounds the bytes of bodies in memory, in steps of a mebibyte; smaller
// bodies take none. It is safe for concurrent use.
type room struct {
	turn  chan struct{} // who takes
	slots chan struct{}
}

const roomStep = 1 << 20

func newRoom(bytes int64) *room {
	return &room{turn: make(chan struct{}, 1), slots: make(chan struct{}, bytes/roomStep)}
}

// take waits for room for a body, and returns how to give it back.
func (r *room) take(ctx context.Context, size int64) (give func(), err error) {
	steps := int(min(size/roomStep, int64(cap(r.slots))))
	give = func() {
		for range steps {
			<-r.slots
		}
	}
	if steps == 0 {
		return give, nil
	}
	select {
	case r.turn <- struct{}{}: // one at a time, so that two never wait for each other
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-r.turn }()
	for taken := range steps {
		select {
		case r.slots <- struct{}{}:
		case <-ctx.Done():
			steps = taken
			give()
			return nil, ctx.Err()
		}
	}
	return give, nil
}
