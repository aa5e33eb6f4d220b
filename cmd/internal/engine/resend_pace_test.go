package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(10)
		begun := time.Now()
		for range 5 {
			if err := p.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took != 400*time.Millisecond {
			t.Errorf("five at ten a second took %v", took)
		}
		time.Sleep(time.Hour)
		begun = time.Now()
		for range 3 {
			_ = p.wait(t.Context())
		}
		if took := time.Since(begun); took != 200*time.Millisecond {
			t.Errorf("after a rest three took %v: a rest earns no burst", took)
		}
		p.setPaused(true)
		time.AfterFunc(time.Minute, func() { p.setPaused(false) })
		begun = time.Now()
		_ = p.wait(t.Context())
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("paused for %v", took)
		}
		if paused, rested := p.rest(); paused || rested != time.Minute {
			t.Errorf("rested %v, %v", paused, rested)
		}
		ctx, cancel := context.WithCancel(t.Context())
		p.setPaused(true)
		time.AfterFunc(time.Second, cancel)
		if err := p.wait(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}

func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(4 << 20)
		three, err := r.take(t.Context(), 3<<20)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.take(t.Context(), 1000); err != nil { // small ones are not counted
			t.Fatal(err)
		}
		var taken atomic.Bool
		go func() {
			give, err := r.take(t.Context(), 1<<40) // as much as there is
			if err == nil {
				taken.Store(true)
				give()
			}
		}()
		synctest.Wait()
		if taken.Load() {
			t.Error("more was taken than there is")
		}
		three()
		synctest.Wait()
		if !taken.Load() || len(r.slots) != 0 {
			t.Errorf("not taken, or not given back: %d", len(r.slots))
		}
	})
}

func TestMeter(t *testing.T) {
	m := &meter{}
	now := time.Unix(1000, 0)
	if got := m.perSecond(now); got != 0 {
		t.Errorf("at first: %v", got)
	}
	for second := range 20 {
		for range 10 + second {
			m.add(now.Add(time.Duration(second) * time.Second))
		}
	}
	// Of the last eight seconds, 22 to 29 a second.
	if got := m.perSecond(now.Add(20 * time.Second)); got < 24 || got > 28 {
		t.Errorf("got %v a second", got)
	}
	if got := m.perSecond(now.Add(time.Hour)); got != 0 {
		t.Errorf("an hour later: %v", got)
	}
}
