package viewmodel

import (
	"context"
	"slices"

	"hookglass/capture"
	"hookglass/store"
)

// span says which part of what matches is read: the newest, those older than
// before, those newer than after, or the oldest.
type span struct {
	before, after int64
	oldest        bool
}

// ascending reports whether it is read from its oldest on.
func (s span) ascending() bool { return s.after > 0 || s.oldest }

// overlap is how many rows stay when the window moves on, so that the reader
// sees where they were.
func (l *List) overlap() int { return min(200, l.limit/4) }

// query is what the view and the filter let through.
func (l *List) query() store.Query {
	return l.queryOf(l.filter)
}

// queryOf is what the session and the view let through of a filter.
func (l *List) queryOf(f capture.Filter) store.Query {
	q := viewQuery(l.View)
	q.Session = l.app.session()
	q.Filter = viewFilter(l.View, f)
	q.Now = l.app.config.Now()
	return q
}

// session is the one that the window shows; 0 until that is known.
func (a *App) session() int64 { return a.Sessions.Shown }

// load reads the window. then, which may be nil, runs when it is read, before
// Changed is told.
func (l *List) load(s span, then func()) {
	b := l.app.backend
	if b == nil {
		return
	}
	if l.cancel != nil {
		l.cancel()
	}
	ctx, cancel := context.WithCancel(l.app.ctx)
	l.cancel, l.loading = cancel, true
	l.serial++
	serial, q := l.serial, l.query()
	q.Before, q.After, q.Ascending, q.Limit = s.before, s.after, s.ascending(), l.limit+1
	if l.Paused && s.before == 0 && s.after == 0 {
		q.Before = l.pauseID + 1
	}
	l.after(blink, func() {
		if l.serial == serial && l.search != nil {
			l.Loading, l.search.long = l.loading, true
			l.Changed.Emit()
		}
	})
	l.find(ctx, cancel, q, &searching{list: l, span: s, serial: serial, then: then})
}

// put takes the window that was read: newest first, or ascending where it is
// what comes after an id. One id more than the window holds tells that there
// are others.
func (l *List) put(s span, ids []int64) {
	l.several = -1
	more := len(ids) > l.limit
	ids = ids[:min(len(ids), l.limit)]
	if s.ascending() {
		l.window = window{ids: ids, above: more, below: !s.oldest}
	} else {
		slices.Reverse(ids)
		l.window = window{ids: ids, above: s.before > 0, below: more}
	}
	if !l.window.above {
		if !l.Paused {
			l.ahead, l.dropped = window{}, 0
		}
		l.New = 0
	}
}

// reload reads the newest that match, after the view or the filter has changed.
// Where the callback that is shown is among them, it stays in view.
func (l *List) reload() {
	l.refiltered = l.Paused
	l.load(span{}, func() {
		if row, found := l.rowOf(l.current); found && l.current != 0 {
			l.Following = false
			l.setTop(max(row-2, 0))
			l.reveal(row)
			return
		}
		l.ToTop()
	})
}

// Older moves the window on to older callbacks, Newer back.
func (l *List) Older() {
	if l.window.below && !l.loading {
		last := l.window.at(l.window.len() - 1)
		l.move(span{before: l.window.at(max(l.window.len()-l.overlap(), 0)) + 1}, last)
	}
}

// Newer moves the window back to newer callbacks.
func (l *List) Newer() {
	if l.window.above && !l.loading {
		l.move(span{after: l.window.at(min(l.overlap(), l.window.len())-1) - 1}, l.window.newest())
	}
}

// move reads another window and keeps a callback where it is.
func (l *List) move(s span, keep int64) {
	before, _ := l.rowOf(keep)
	distance := before - l.Top
	l.load(s, func() {
		l.Following = false
		row, _ := l.rowOf(keep)
		l.setTop(max(row-distance, 0))
	})
}
