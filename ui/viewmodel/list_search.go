package viewmodel

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"hookglass/store"
)

// searching is one reading of the window. What it finds comes in parts: the first
// of them stand there at once, and where no index answers, it goes on behind them.
type searching struct {
	list   *List
	span   span
	serial int
	then   func()

	shown bool // some were shown

	mu      sync.Mutex // guards the rest; what is above is the screen's
	ids     []int64    // found, and not shown yet
	at      store.Found
	waiting bool // the screen is to look at them
}

// found keeps a part and has the screen look at it. It does not block, and one
// look takes all that has come until then.
func (s *searching) found(part store.Found) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = append(s.ids, part.IDs...)
	s.at = part
	if s.waiting || part.Done {
		return nil
	}
	s.waiting = true
	s.list.app.config.Do(s.look)
	return nil
}

// take returns what was found since the last time, and how far it is. Where a
// place is to be kept, among older or newer callbacks, all come together at the
// end.
func (s *searching) take(end bool) ([]int64, store.Found) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = false
	if s.span != (span{}) && !end {
		return nil, s.at
	}
	ids := s.ids
	s.ids = nil
	return ids, s.at
}

// look shows what was found so far.
func (s *searching) look() {
	l := s.list
	ids, at := s.take(false)
	if s.serial != l.serial || l.search == nil {
		return
	}
	l.search.Done, l.search.Total = at.Scanned, at.Total
	if s.span == (span{}) {
		s.show(ids)
	}
	l.Changed.Emit()
	l.release()
}

// show puts what was found into the window.
func (s *searching) show(ids []int64) {
	l := s.list
	l.Problem, l.known = "", true
	l.loading, l.Loading = false, false
	if s.shown {
		l.append(ids)
		return
	}
	s.shown = true
	l.put(s.span, ids)
	if s.then != nil {
		s.then()
	}
}

// end is told that nothing more is found, or why.
func (s *searching) end(err error) {
	l := s.list
	ids, _ := s.take(true)
	if s.serial != l.serial {
		return
	}
	l.search = nil
	l.loading, l.Loading = false, false
	if err == nil {
		s.show(ids)
	}
	l.failed(err)
	l.app.Histogram.Reread()
	l.Changed.Emit()
	l.release()
}

// append puts older callbacks under those of the window.
func (l *List) append(ids []int64) {
	ids = slices.DeleteFunc(slices.Clone(ids), l.window.has)
	slices.Sort(ids)
	l.window.insert(ids)
	l.window.trim(l.limit)
	l.several = -1
	l.place()
}

// Search is how far a search has come.
type Search struct {
	Done, Total int64

	long bool // it takes longer than a blink
}

// Searching says how far the search is that the list still waits for: "34 %
// searched"; "" where it is whole, or was asked for just now.
func (l *List) Searching() string {
	if l.search == nil || !l.search.long || l.applied == "" {
		return ""
	}
	if l.search.Total <= 0 {
		return "searching"
	}
	return strconv.FormatInt(min(l.search.Done*100/l.search.Total, 99), 10) + " % searched"
}

// StopSearch ends the search that Searching tells of: what it has found stays, and
// a row leads on.
func (l *List) StopSearch() bool {
	if l.Searching() == "" {
		return false
	}
	l.serial++
	l.cancel()
	l.search = nil
	l.loading, l.Loading, l.known = false, false, true
	l.window.below = true
	l.app.Histogram.Reread()
	l.Changed.Emit()
	l.release()
	return true
}

// find reads the window in parts, off the screen's goroutine.
func (l *List) find(ctx context.Context, cancel context.CancelFunc, q store.Query, s *searching) {
	b := l.app.backend
	l.search = &Search{}
	l.app.run(func(context.Context) func() {
		err := b.Store.Find(ctx, q, s.found)
		return func() {
			cancel()
			s.end(err)
		}
	})
}
