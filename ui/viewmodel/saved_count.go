package viewmodel

import (
	"context"
	"errors"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

const (
	savedEvery    = 5 * time.Second // the shortest time between two slow counts
	savedPatience = 3 * time.Second // what one of them may take
)

// errEnough ends a count.
var errEnough = errors.New("enough were counted")

// Recount counts the callbacks of saved filters anew, as far as the counts do not
// tell them.
func (s *Saved) Recount() {
	s.dirty = true
	s.count()
}

// count takes what the counts know from them, and counts the others one after
// the other off the screen's goroutine.
func (s *Saved) count() {
	b := s.app.backend
	if b == nil || s.busy || !s.dirty {
		return
	}
	s.dirty = false
	var slow []store.SavedFilter
	session, now := s.app.session(), s.app.config.Now()
	for _, saved := range s.list {
		filter, err := capture.ParseFilter(saved.Text)
		if err != nil {
			delete(s.counts, saved.ID)
			continue
		}
		if n, ok := s.app.Sidebar.counts.Matching(filter); ok && s.app.Sidebar.known {
			s.counts[saved.ID] = savedCount{n: n}
			continue
		}
		slow = append(slow, saved)
	}
	if len(slow) == 0 {
		return
	}
	s.busy = true
	serial := s.serial
	s.app.run(func(ctx context.Context) func() {
		counts := map[int64]savedCount{}
		for _, saved := range slow {
			filter, _ := capture.ParseFilter(saved.Text)
			counts[saved.ID] = tally(ctx, b, store.Query{Session: session, Filter: filter, Now: now})
		}
		return func() {
			s.busy = false
			if serial != s.serial {
				s.count()
				return
			}
			for id, n := range counts {
				s.counts[id] = n
			}
			s.app.Sidebar.Changed.Emit()
			if s.dirty {
				s.app.List.after(savedEvery, s.count)
			}
		}
	})
}

// tallyMost is where counting for the sidebar stops: nobody reads more.
const tallyMost = 10_000

// tally counts what matches, up to tallyMost.
func tally(ctx context.Context, b *Backend, q store.Query) savedCount {
	ctx, cancel := context.WithTimeout(ctx, savedPatience)
	defer cancel()
	var count savedCount
	err := b.Store.Tally(ctx, q, func(n int64, atLeast bool) error {
		count = savedCount{n, atLeast}
		if n >= tallyMost {
			return errEnough
		}
		return nil
	})
	count.atLeast = count.atLeast || err != nil
	return count
}

// shown is the count of a saved filter: "12", "≥ 10 000", "" while it is not known.
func (s *Saved) shown(id int64) string {
	count, known := s.counts[id]
	switch {
	case !known || count.n == 0 && count.atLeast:
		return ""
	case count.atLeast:
		return "≥ " + groupDigits(count.n)
	}
	return groupDigits(count.n)
}

// forget drops the counts: they are of another session.
func (s *Saved) forget() {
	clear(s.counts)
	s.serial++
}
