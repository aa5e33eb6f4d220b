package viewmodel

import (
	"context"
	"slices"
	"time"
)

// maxFresh is how many of the newest arrivals are read along with a flush:
// those that a window can show at once.
const maxFresh = 60

// maxAhead is how many ids of what came while paused are kept; over it, only
// their number.
const maxAhead = windowRows

// troubleRest is how long a store that could not be read is left alone.
const troubleRest = time.Second

// flush looks at what has changed since the last time. It runs on the screen's
// goroutine; the store is asked off it.
func (l *List) flush() {
	b := l.app.backend
	if b == nil || l.loading {
		l.held = true // until the window is read
		return
	}
	if l.app.ctx.Err() != nil {
		return
	}
	ids, counted, flooded := l.arrivals.take(l.app.session())
	if l.app.Sessions.Live() {
		l.app.Sidebar.arrived(counted)
	} else {
		l.app.Sidebar.Recount() // they came into another session
	}
	if counted.total > 0 {
		l.watchRate()
	}
	if flooded {
		l.flooded(counted.total)
		l.flushed(0)
		return
	}
	if len(ids) == 0 {
		l.flushed(0)
		return
	}
	for _, f := range l.fetches {
		for _, id := range ids {
			f.changed[id] = true
		}
	}
	f := flush{ids: ids, serial: l.serial, generation: l.generation, wanted: l.wanted(ids)}
	q, maker := l.query(), l.app.rowMaker()
	l.app.run(func(ctx context.Context) func() {
		matching, err := b.Store.Matching(ctx, q, f.ids)
		if err == nil {
			f.rows, err = readRows(ctx, b, intersection(f.wanted, matching), &maker)
		}
		f.matching = matching
		return func() {
			rest := time.Duration(0)
			switch {
			case err != nil:
				l.arrivals.put(f.ids)
				rest = troubleRest
				if l.failed(err) {
					l.Changed.Emit()
				}
			case f.serial != l.serial:
				l.arrivals.put(f.ids) // the window was read anew meanwhile
			default:
				l.apply(&f)
			}
			l.flushed(rest)
		}
	})
}

// flush is one look at what has changed.
type flush struct {
	ids, matching, wanted []int64 // ascending
	rows                  []*Row
	serial, generation    int
}

// wanted are those of the changed callbacks whose rows are worth reading now:
// the ones that were looked at, and the newest arrivals where they are shown.
func (l *List) wanted(ids []int64) []int64 {
	var wanted []int64
	fresh := 0
	for _, id := range slices.Backward(ids) {
		switch {
		case l.cache.has(id):
			wanted = append(wanted, id)
		case fresh < maxFresh && l.Following && !l.Paused && id > l.window.newest():
			wanted = append(wanted, id)
			fresh++
		}
	}
	slices.Reverse(wanted)
	return wanted
}

// intersection of two ascending lists.
func intersection(a, b []int64) []int64 {
	var both []int64
	for _, id := range a {
		if _, found := slices.BinarySearch(b, id); found {
			both = append(both, id)
		}
	}
	return both
}

// apply brings the list up to date.
func (l *List) apply(f *flush) {
	var add, drop, ahead, behind []int64
	for _, id := range f.ids {
		_, match := slices.BinarySearch(f.matching, id)
		listed := l.window.has(id)
		l.highest = max(l.highest, id)
		switch {
		case listed && !match:
			drop = append(drop, id)
		case l.ahead.has(id):
			if !match {
				behind = append(behind, id)
			}
		case listed || !match:
		case l.Paused && id > l.pauseID, l.window.above && id > l.window.newest():
			ahead = append(ahead, id)
		case l.window.below && id < l.window.oldest():
		default:
			add = append(add, id)
		}
		if f.generation == l.generation {
			l.cache.drop(id)
		}
	}
	l.Problem = ""
	l.remove(drop)
	l.add(add)
	l.wait(ahead, behind)
	if f.generation == l.generation {
		for _, row := range f.rows {
			l.cache.put(row)
		}
	}
	l.place()
	l.app.Histogram.Reread()
	l.app.Detail.changed(f.ids)
	l.app.Compare.changed(f.ids)
	l.Changed.Emit()
}

// add puts callbacks into the window.
func (l *List) add(ids []int64) {
	l.window.insert(ids)
	l.window.trim(l.limit)
	if !l.Following && l.topID != 0 {
		for _, id := range ids {
			if id > l.topID {
				l.New++
			}
		}
	}
}

// wait counts callbacks that are not shown now.
func (l *List) wait(ahead, behind []int64) {
	l.ahead.insert(ahead)
	l.ahead.remove(behind)
	l.dropped += l.ahead.trim(maxAhead)
	n := l.ahead.len() + l.dropped
	switch {
	case l.Paused:
		l.Waiting = n
	case l.window.above:
		l.New = n
	}
}

// flooded reads everything anew: more has changed than can be told one by one.
// total is how many of them are new.
func (l *List) flooded(total int64) {
	l.cache.clear()
	l.generation++
	l.app.Detail.Refresh()
	l.app.Histogram.Reread()
	if l.Paused {
		l.refiltered = true // what came is found again when the reader goes on
		if l.View == ViewAll && l.applied == "" && l.app.Sessions.Live() {
			l.dropped += int(total)
			l.wait(nil, nil)
		}
	}
	if l.window.above {
		l.load(span{before: l.window.newest() + 1}, l.place) // some of it may be gone
		return
	}
	newest, unseen := l.window.newest(), l.New
	l.load(span{}, func() {
		l.place()
		if !l.Following {
			newer, _ := l.window.find(newest)
			l.New = unseen + newer
		}
	})
}

// flushed ends a flush and plans the next where more has come, after a rest.
func (l *List) flushed(rest time.Duration) {
	if wait, again := l.arrivals.done(l.app.config.Now()); again {
		l.after(max(wait, rest), l.flush)
	}
}

// release looks at what has changed while the window was read.
func (l *List) release() {
	if l.held {
		l.held = false
		l.flush()
	}
}
