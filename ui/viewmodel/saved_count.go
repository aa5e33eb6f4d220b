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
// the other off the screen's goroutine. Each of those rests in between, the longer
// the more it takes: callbacks may come all the time.
func (s *Saved) count() {
	b := s.app.backend
	if b == nil || s.busy || !s.dirty {
		return
	}
	s.dirty = false
	var slow []store.SavedFilter
	session, now := s.app.session(), s.app.config.Now()
	rest := time.Duration(0) // of those that are not counted yet
	for _, saved := range s.list {
		filter, err := capture.ParseFilter(saved.Text)
		if err != nil {
			delete(s.counts, saved.ID)
			continue
		}
		if n, ok := s.app.Sidebar.counts.Matching(filter); ok && s.app.Sidebar.known {
			s.counts[saved.ID] = savedCount{n: n, text: saved.Text}
			continue
		}
		last := s.counts[saved.ID]
		if wait := last.at.Add(max(savedEvery, countShares*last.took)).Sub(now); last.text == saved.Text && wait > 0 {
			s.dirty = true
			if rest == 0 || wait < rest {
				rest = wait
			}
			continue
		}
		slow = append(slow, saved)
	}
	if len(slow) == 0 {
		s.rest(rest)
		return
	}
	s.busy = true
	serial := s.serial
	s.app.run(func(ctx context.Context) func() {
		counts := map[int64]savedCount{}
		for _, saved := range slow {
			filter, _ := capture.ParseFilter(saved.Text)
			began := time.Now()
			count := tally(ctx, b, store.Query{Session: session, Filter: filter, Now: now})
			count.text, count.took = saved.Text, time.Since(began)
			counts[saved.ID] = count
		}
		return func() {
			s.busy = false
			if serial != s.serial {
				s.dirty = true
				s.count()
				return
			}
			for id, n := range counts {
				n.at = s.app.config.Now()
				s.counts[id] = n
			}
			s.app.Sidebar.Changed.Emit()
			s.count()
		}
	})
}

// rest counts again after a while.
func (s *Saved) rest(rest time.Duration) {
	if rest == 0 || s.rests {
		return
	}
	s.rests = true
	s.app.List.after(rest, func() {
		s.rests = false
		s.count()
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
		count = savedCount{n: n, atLeast: atLeast}
		if n >= tallyMost {
			return errEnough
		}
		return nil
	})
	if count.atLeast = count.atLeast || err != nil; count.atLeast {
		count.n = min(count.n, tallyMost) // how much more it found depends on the moment
	}
	return count
}

// shown is the count of a saved filter: "12", "≥ 10 000", "" while it is not known.
func (s *Saved) shown(id int64) string {
	count, known := s.counts[id]
	switch {
	case !known || count.n == 0 && count.atLeast:
		return ""
	case count.atLeast:
		return "≥ " + shortCount(count.n)
	}
	return shortCount(count.n)
}

// forget drops the counts: they are of another session.
func (s *Saved) forget() {
	clear(s.counts)
	s.serial++
}
