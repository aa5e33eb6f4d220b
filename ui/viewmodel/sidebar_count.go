package viewmodel

import (
	"context"
	"errors"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

const (
	countEvery  = time.Second // the shortest time between two counts
	countShares = 20          // of the time, counting takes one such share at most
)

// Recount counts anew, as soon as that is not too often.
func (s *Sidebar) Recount() {
	s.dirty = true
	s.plan()
}

// arrived adds what came to the counts, until they are counted anew.
func (s *Sidebar) arrived(d delta) {
	if s.known {
		c := &s.counts
		c.Total += d.total
		c.Failed += d.failed
		c.Resent += d.resent
		for id, n := range d.providers {
			if c.Providers == nil {
				c.Providers = map[string]int64{}
			}
			c.Providers[id] += n
		}
		for status, n := range d.verdicts {
			if c.Verdicts == nil {
				c.Verdicts = map[capture.Status]int64{}
			}
			c.Verdicts[status] += n
		}
		for class, n := range d.answers {
			if c.Answers == nil {
				c.Answers = map[int]int64{}
			}
			c.Answers[class] += n
		}
		s.Changed.Emit()
	}
	s.Recount()
}

func (s *Sidebar) plan() {
	if !s.dirty || s.counting || s.planned || s.app.backend == nil {
		return
	}
	rest := max(countEvery, countShares*s.took)
	if wait := rest - s.app.config.Now().Sub(s.last); !s.last.IsZero() && wait > 0 {
		s.planned = true
		s.app.List.after(wait, func() {
			s.planned = false
			s.tally()
		})
		return
	}
	s.tally()
}

// tally counts off the screen's goroutine.
func (s *Sidebar) tally() {
	b := s.app.backend
	if b == nil || s.app.ctx.Err() != nil {
		return
	}
	s.counting, s.dirty = true, false
	session := s.app.session()
	s.app.run(func(ctx context.Context) func() {
		start := time.Now()
		counts, err := b.Store.Counts(ctx, session)
		took := time.Since(start)
		return func() {
			s.counting, s.took, s.last = false, took, s.app.config.Now()
			switch {
			case err == nil:
				if session != s.app.session() {
					s.dirty = true
					break
				}
				s.counts, s.known = counts, true
				s.app.Saved.Recount()
				s.Changed.Emit()
				s.app.List.Changed.Emit() // its heading tells a count
			case !errors.Is(err, context.Canceled):
				s.app.List.failed(err)
			}
			s.plan()
		}
	})
}

// sessionChanged forgets what was counted in another session.
func (s *Sidebar) sessionChanged() {
	s.counts, s.known, s.last = store.Counts{}, false, time.Time{}
	s.app.Saved.forget()
	s.Changed.Emit()
	s.Recount()
}
