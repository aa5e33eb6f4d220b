package viewmodel

import (
	"context"
	"errors"
	"slices"
	"time"

	"hookglass/capture"
)

// List shows the callbacks that the sidebar's view and the filter let through,
// the newest first. It holds a window of them, by id, and formats those that
// are looked at.
type List struct {
	// Following says that new callbacks appear on top; it ends when the reader
	// scrolls or selects. Then New counts those that came in above.
	Following bool
	New       int

	Paused  bool
	Waiting int // what came while the list was paused

	// Top is the row at the upper edge. The pane scrolls there after every
	// change, and keeps the pixels by which that row is scrolled away, but where
	// the list follows.
	Top int

	// Reveal is a row to be brought into view, once for each RevealSerial.
	Reveal       int
	RevealSerial int

	// FilterText is what was typed, View which of the sidebar's views is shown.
	FilterText string
	View       string

	// FilterProblem says what is wrong with FilterText, in whose place the last
	// good one stays in force; "" where nothing is.
	FilterProblem string

	Loading bool   // the list takes longer than a blink
	Problem string // why it cannot be read; "" where it can

	// Working is what is done with many callbacks, once that takes longer than a
	// blink; nil for nothing.
	Working *ListWork

	Changed Signal

	app      *App
	arrivals arrivals
	after    func(time.Duration, func()) // runs a function on the screen's goroutine, later
	window   window
	limit    int    // of the window
	ahead    window // what came while paused, or above a window of older ones
	dropped  int    // of ahead, that are only counted
	cache    *rowCache
	known    bool // the window was read at least once

	watching   bool  // the rate is looked at by and by
	held       bool  // a flush waits for the window
	highest    int64 // the newest callback that was told of
	pauseID    int64 // the newest one that is shown while paused
	refiltered bool  // while paused: ahead is of another filter, or lacks some

	search     *Search // the reading that is under way; nil for none
	serial     int     // of the newest reading of the window
	cancel     context.CancelFunc
	loading    bool
	generation int // of the rows' format
	utc        bool
	fetching   int
	reading    map[int64]bool // rows that are fetched
	fetches    []*rowsFetch   // under way

	topID      int64
	visible    int            // rows in view
	applied    string         // text of filter
	filter     capture.Filter // in force
	typed      int            // serial of what was typed
	selected   map[int64]bool
	current    int64
	anchor     int64
	several    int       // how many of the selected are listed; -1: to be counted
	work       *ListWork // what is done with many; nil for nothing
	workStep   int       // of it
	undo       []undo
	undoSerial int
}

// maxFetches is how many pages of rows are read at the same time.
const maxFetches = 2

// pageRows is how many rows are read at a time.
const pageRows = 100

func newList(a *App) *List {
	l := &List{
		Following: true, View: viewOf(a.Preferences.View), app: a, visible: 10, limit: windowRows, workStep: workStep, utc: a.Preferences.UTC,
		cache: newRowCache(), reading: map[int64]bool{}, selected: map[int64]bool{},
	}
	l.after = func(t time.Duration, f func()) { time.AfterFunc(t, func() { a.config.Do(f) }) }
	return l
}

// Len is how many rows there are, with those that lead to older and newer ones.
func (l *List) Len() int {
	n := l.window.len()
	if l.window.above {
		n++
	}
	if l.window.below {
		n++
	}
	return n
}

// offset is the row of the newest callback of the window.
func (l *List) offset() int {
	if l.window.above {
		return 1
	}
	return 0
}

// idAt is the callback of a row; 0 where it has none.
func (l *List) idAt(i int) int64 {
	if i -= l.offset(); i < 0 || i >= l.window.len() {
		return 0
	}
	return l.window.at(i)
}

// rowOf is the row of a callback, or of the next older one.
func (l *List) rowOf(id int64) (int, bool) {
	place, found := l.window.find(id)
	return place + l.offset(), found
}

// Row formats a row. One that is not read yet is asked for and comes as
// RowWaiting; Changed tells when it is there. It never waits.
func (l *List) Row(i int) Row {
	if l.utc != l.app.Preferences.UTC {
		l.utc = l.app.Preferences.UTC
		l.generation++
		l.cache.clear()
	}
	id := l.idAt(i)
	switch {
	case id != 0:
	case l.window.above && i == 0:
		return Row{Kind: RowNewer, Title: "Newer callbacks …"}
	case l.window.below && i == l.Len()-1:
		return Row{Kind: RowOlder, Title: "Older callbacks …"}
	default:
		return Row{Kind: RowWaiting}
	}
	row := Row{Kind: RowWaiting, ID: id}
	if cached := l.cache.get(id); cached != nil {
		row = *cached
		row.Day = l.dayOver(i, &row)
		row.hits(l.filter)
	} else {
		l.fetch(i - l.offset())
	}
	row.Selected, row.Current = l.selected[id], id == l.current
	return row
}

// dayOver is the name of a row's day where the row above is of another one.
func (l *List) dayOver(i int, row *Row) string {
	now := l.app.config.Now()
	above := l.idAt(i - 1)
	if above == 0 {
		if day(row.at) == day(now.In(row.at.Location())) {
			return ""
		}
		return dayName(row.at, now)
	}
	if newer := l.cache.get(above); newer != nil && day(newer.at) != day(row.at) {
		return dayName(row.at, now)
	}
	return ""
}

// rowsFetch is a page of rows that is being read. What changes meanwhile may have
// been read as it was before; a page that is asked for later reads it anew.
type rowsFetch struct{ changed map[int64]bool }

// fetch reads the page of rows around a place.
func (l *List) fetch(place int) {
	b := l.app.backend
	if b == nil || l.fetching >= maxFetches || l.reading[l.window.at(place)] {
		return // Changed comes after those, and who draws asks again
	}
	position := l.window.len() - 1 - place
	from := position / pageRows * pageRows
	if position%pageRows > pageRows/2 { // nearer to the next page: take its half
		from += pageRows / 2
	} else {
		from -= pageRows / 2
	}
	from = max(from, 0)
	var ids []int64
	for _, id := range l.window.ids[from:min(from+pageRows, l.window.len())] {
		if !l.cache.has(id) && !l.reading[id] {
			ids = append(ids, id)
			l.reading[id] = true
		}
	}
	l.fetching++
	f := &rowsFetch{changed: map[int64]bool{}}
	l.fetches = append(l.fetches, f)
	generation, maker := l.generation, l.app.rowMaker()
	l.app.run(func(ctx context.Context) func() {
		rows, err := readRows(ctx, b, ids, &maker)
		return func() {
			l.fetching--
			l.fetches = slices.DeleteFunc(l.fetches, func(other *rowsFetch) bool { return other == f })
			for _, id := range ids {
				delete(l.reading, id)
			}
			if err == nil && generation == l.generation {
				l.fetched(f, ids, rows)
			}
			if l.failed(err) || err == nil {
				l.Changed.Emit()
			}
		}
	})
}

func readRows(ctx context.Context, b *Backend, ids []int64, maker *rowMaker) ([]*Row, error) {
	exchanges, err := b.Store.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]*Row, len(exchanges))
	for i := range exchanges {
		rows[i] = maker.row(&exchanges[i])
	}
	return rows, nil
}

// fetched keeps rows that were read. What was asked for and is gone leaves the
// window: retention has removed it. What has changed meanwhile is read again.
func (l *List) fetched(f *rowsFetch, ids []int64, rows []*Row) {
	there := make(map[int64]bool, len(rows))
	for _, row := range rows {
		there[row.ID] = true
		if !f.changed[row.ID] {
			l.cache.put(row)
		}
	}
	var gone []int64
	for _, id := range ids {
		if !there[id] && !f.changed[id] && l.window.has(id) {
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		slices.Sort(gone)
		l.remove(gone)
		l.place()
	}
}

// remove takes callbacks out of the window, the rows and the selection.
func (l *List) remove(ids []int64) {
	if len(ids) == 0 {
		return
	}
	l.several = -1
	l.window.remove(ids)
	for _, id := range ids {
		l.cache.drop(id)
		delete(l.selected, id)
	}
}

// failed shows an error of the store, and reports whether that is news.
func (l *List) failed(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	text := "The callbacks cannot be read: " + sentence(err)
	if l.Problem == text {
		return false
	}
	l.Problem = text
	return true
}

// Reformat writes every row anew: an endpoint has changed, and what it is called.
func (l *List) Reformat() {
	l.generation++
	l.cache.clear()
	l.Changed.Emit()
}
