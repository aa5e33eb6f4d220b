package viewmodel

import "slices"

// Tap selects the row that was clicked: with Shift all from the last one to it,
// with Ctrl (on a Mac Cmd) it besides the others.
func (l *List) Tap(i int, shift, mod bool) {
	id := l.idAt(i)
	switch row := l.Row(i); {
	case row.Kind == RowOlder:
		l.Older()
	case row.Kind == RowNewer:
		l.Newer()
	case id == 0:
	case shift:
		l.extendTo(i)
	case mod:
		l.toggle(id)
	default:
		l.Select(id)
		if l.app.Narrow {
			l.app.Enter()
		}
	}
}

// Menu selects the row that a context menu was asked for, unless it is one of
// those selected already.
func (l *List) Menu(i int) {
	if id := l.idAt(i); id != 0 && !l.selected[id] {
		l.Select(id)
	}
}

// Select selects one callback and shows it; 0 selects none.
func (l *List) Select(id int64) {
	clear(l.selected)
	l.several = -1
	l.current, l.anchor = id, id
	if id != 0 {
		l.selected[id] = true
		l.hold()
	}
	l.app.Detail.Show(id)
	l.Changed.Emit()
}

// Show selects a callback that was asked for elsewhere and brings it into view.
// One that the view or the filter does not let through is shown all the same.
func (l *List) Show(id int64) {
	if id == l.current {
		return
	}
	if row, found := l.rowOf(id); found {
		l.hold()
		l.reveal(row)
	}
	l.Select(id)
}

func (l *List) toggle(id int64) {
	l.several = -1
	l.hold()
	if l.selected[id] && len(l.selected) > 1 {
		delete(l.selected, id)
		if l.current == id {
			l.current = l.nearest(id)
			l.app.Detail.Show(l.current)
		}
	} else {
		l.selected[id] = true
		l.current, l.anchor = id, id
		l.app.Detail.Show(id)
	}
	l.Changed.Emit()
}

// nearest is the selected callback that is nearest to another one.
func (l *List) nearest(id int64) int64 {
	var best int64
	for other := range l.selected {
		if distance(other, id) < distance(best, id) || best == 0 ||
			distance(other, id) == distance(best, id) && other > best {
			best = other
		}
	}
	return best
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

// extendTo selects all from the anchor to a row, and no others.
func (l *List) extendTo(i int) {
	l.several = -1
	l.hold()
	from := i
	if row, found := l.rowOf(l.anchor); found && l.anchor != 0 {
		from = row
	} else {
		l.anchor = l.idAt(i)
	}
	clear(l.selected)
	for row := min(from, i); row <= max(from, i); row++ {
		if id := l.idAt(row); id != 0 {
			l.selected[id] = true
		}
	}
	l.current = l.idAt(i)
	l.app.Detail.Show(l.current)
	l.Changed.Emit()
}

// SelectAll selects every callback that the list holds.
func (l *List) SelectAll() {
	if l.window.len() == 0 {
		return
	}
	l.hold()
	l.several = -1
	clear(l.selected)
	for _, id := range l.window.ids {
		l.selected[id] = true
	}
	if !l.selected[l.current] {
		l.current = l.window.newest()
		l.app.Detail.Show(l.current)
	}
	l.anchor = l.current
	l.Changed.Emit()
}

// Back undoes one step of what narrows the list: a search that goes on, the
// selection of several, the span of time, then the filter. It reports whether
// there was one.
func (l *List) Back() bool {
	switch {
	case l.StopSearch():
	case len(l.selected) > 1:
		l.Select(l.current)
	case l.app.Histogram.Clear():
	case l.FilterText != "":
		l.ClearFilter()
	default:
		return false
	}
	return true
}

// Chosen are the callbacks that commands work on, ascending: those that are
// selected and listed, or the one that the detail shows.
func (l *List) Chosen() []int64 {
	ids := make([]int64, 0, len(l.selected))
	for id := range l.selected {
		if l.window.has(id) || id == l.current {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Several says how many are selected where it is more than one: "3 selected".
func (l *List) Several() string {
	if len(l.selected) < 2 {
		return ""
	}
	if l.several < 0 { // counting takes a while where all are selected
		l.several = len(l.Chosen())
	}
	if l.several < 2 {
		return ""
	}
	return groupDigits(int64(l.several)) + " selected"
}

// step goes some rows down, or up where by is negative; with extend the rows
// passed are selected too.
func (l *List) step(by int, extend bool) {
	if l.window.len() == 0 {
		return
	}
	first, last := l.offset(), l.offset()+l.window.len()-1
	row, found := l.rowOf(l.current)
	target := row + by
	switch {
	case l.current == 0:
		target = max(l.Top, first)
	case !found && by > 0:
		target-- // row is the one below already
	}
	if target > last && row >= last && found {
		l.Older()
		return
	}
	if target < first && row <= first && found {
		l.Newer()
		return
	}
	l.goTo(max(min(target, last), first), extend)
}

// goTo makes a row the current one and brings it into view.
func (l *List) goTo(row int, extend bool) {
	l.hold()
	l.reveal(row)
	if extend {
		l.extendTo(row)
		return
	}
	l.Select(l.idAt(row))
}

// first goes to the newest callback, also where the window holds older ones.
func (l *List) first() {
	l.toEnd(l.window.above, span{}, func() { l.goTo(l.offset(), false) })
}

// last goes to the oldest callback, also where the window ends before it.
func (l *List) last() {
	l.toEnd(l.window.below, span{oldest: true}, func() { l.goTo(l.offset()+l.window.len()-1, false) })
}

// toEnd goes to an end of what matches, where that is elsewhere after it was read.
func (l *List) toEnd(elsewhere bool, s span, there func()) {
	switch {
	case l.window.len() == 0:
	case !elsewhere:
		there()
	case !l.loading: // a key that is held comes again before it is read
		l.load(s, func() {
			if l.window.len() > 0 {
				there()
			}
		})
	}
}

// page is how many rows a key for a page moves.
func (l *List) page() int { return max(l.visible-1, 1) }
