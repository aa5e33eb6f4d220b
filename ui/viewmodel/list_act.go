package viewmodel

import (
	"context"
	"errors"
	"slices"

	"hookglass/store"
)

// undo takes back what was deleted or cleared.
type undo struct {
	serial int
	ids    []int64 // those that are shown again
	again  bool    // they alone are looked at again; else all are
	run    func(ctx context.Context, db *store.DB) error
	then   func() // after it was taken back; nil for nothing
}

// back takes a step back.
func (u *undo) back(w *ListWork, db *store.DB) error {
	if u.run != nil {
		return u.run(w.ctx, db)
	}
	_, err := w.each(u.ids, db.Unhide)
	return err
}

// maxUndo is how many steps can be taken back.
const maxUndo = 50

// Delete takes the chosen callbacks away, until Undo or until Hookglass is
// started again; then they are gone. Pinned ones stay.
func (l *List) Delete() {
	b, ids := l.app.backend, l.Chosen()
	if b == nil || len(ids) == 0 {
		return
	}
	work := l.begin("Deleting …")
	if work == nil {
		return // a key that is held comes again before it is done
	}
	shown, next := l.current, l.neighbour()
	l.app.run(func(ctx context.Context) func() {
		done, n, err := work.hide(b.Store, ids)
		pinned, there := among(ctx, b.Store, store.Query{Pinned: true}, done), among(ctx, b.Store, store.Query{}, done)
		return func() {
			work.end()
			l.touch(done...)
			l.app.Sidebar.Recount()
			switch {
			case n == 0 && err != nil:
				l.undone("Not deleted", err)
				return
			case n == 0:
				l.app.Notices.Say(Warn, "Pinned callbacks stay. Unpin them to delete them.", "", nil)
				return
			}
			text := "Deleted " + selectedText(n) + "."
			if len(pinned) > 0 {
				text += " Pinned ones stay."
			}
			l.offerUndo(text+notOthers(err), undo{ids: done, again: true})
			switch {
			case l.current != shown: // selected meanwhile
			case !slices.Contains(done, shown) || slices.Contains(there, shown):
			case len(there) > 0:
				l.Select(there[len(there)-1])
			default:
				l.Select(next)
			}
		}
	})
}

// hide hides callbacks: done are those it came to, n says how many were not pinned.
func (w *ListWork) hide(db *store.DB, ids []int64) (done []int64, n int, err error) {
	done, err = w.each(ids, func(ctx context.Context, part ...int64) error {
		hidden, err := db.Hide(ctx, part...)
		n += hidden
		return err
	})
	return done, n, err
}

// undone says that nothing was done, unless a person has stopped it.
func (l *List) undone(what string, err error) {
	if !errors.Is(err, context.Canceled) {
		l.app.Notices.Say(Bad, what+": "+sentence(err), "", nil)
	}
}

// wasStopped is said of a work that a person has ended.
const wasStopped = " Then it was stopped."

// notOthers says why a work ended before its end.
func notOthers(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.Canceled):
		return wasStopped
	}
	return " The others are still there: " + sentence(err)
}

// among are those of some callbacks that are listed and match; all where that cannot
// be told, so that what is shown stays as it is.
func among(ctx context.Context, db *store.DB, q store.Query, ids []int64) []int64 {
	matching, err := db.Matching(ctx, q, ids)
	if err != nil {
		return ids
	}
	return matching
}

// neighbour is the callback that is shown after the chosen ones are gone: the
// next older one, else the next newer one, else none.
func (l *List) neighbour() int64 {
	place, _ := l.window.find(l.current)
	for i := place; i < l.window.len(); i++ {
		if id := l.window.at(i); !l.selected[id] {
			return id
		}
	}
	for i := min(place, l.window.len()) - 1; i >= 0; i-- {
		if id := l.window.at(i); !l.selected[id] {
			return id
		}
	}
	return 0
}

// Clear empties the list: all of it, or what the view and the filter show of it.
// It can be taken back until Hookglass is started again. Pinned ones stay.
func (l *List) Clear() {
	b := l.app.backend
	if b == nil || l.window.len() == 0 {
		return
	}
	work := l.begin("Clearing the list …")
	if work == nil {
		return
	}
	q := l.query()
	through := max(l.highest, l.window.newest())
	if l.Paused {
		through = l.pauseID
	}
	q.Before = through + 1
	whole := l.View == ViewAll && l.applied == ""
	shown := l.current
	l.app.run(func(ctx context.Context) func() {
		step, n, err := work.clear(b, q, through, whole)
		gone := len(among(ctx, b.Store, store.Query{}, []int64{shown})) == 0
		return func() {
			work.end()
			l.app.Sidebar.Recount()
			switch {
			case n == 0 && err != nil:
				l.undone("Not cleared", err)
				return
			case n == 0:
				l.app.Notices.Say(Warn, "Pinned callbacks stay. Unpin them to clear them.", "", nil)
				return
			}
			text := "Cleared " + selectedText(n) + "." + notOthers(err)
			if n < 0 {
				text = "The list was cleared. Pinned callbacks stay."
			}
			l.offerUndo(text, step)
			if gone && l.current == shown {
				l.Select(0)
			}
			l.load(span{}, l.ToTop)
		}
	})
}

// clear hides what a query lets through, and returns how many that were: -1 where
// all that there is was hidden at once, which no other session must have a part of.
func (w *ListWork) clear(b *Backend, q store.Query, through int64, whole bool) (undo, int, error) {
	db := b.Store
	alone, err := onlySession(w.ctx, b, q.Session)
	if err != nil {
		return undo{}, 0, err
	}
	if whole && alone {
		before, err := db.Cleared(w.ctx)
		if err == nil {
			err = db.HideThrough(w.ctx, through)
		}
		if err != nil {
			return undo{}, 0, err
		}
		return undo{run: func(ctx context.Context, db *store.DB) error { return db.SetCleared(ctx, before) }}, -1, nil
	}
	ids, err := db.IDsOf(w.ctx, q)
	if err != nil {
		return undo{}, 0, err
	}
	done, n, err := w.hide(db, ids)
	return undo{ids: done}, n, err
}

// offerUndo remembers how to take something back and says so.
func (l *List) offerUndo(text string, step undo) {
	l.undoSerial++
	step.serial = l.undoSerial
	l.undo = append(l.undo, step)
	if len(l.undo) > maxUndo {
		l.undo = l.undo[1:]
	}
	l.app.Notices.Say(Good, text, "Undo", func() { l.takeBack(step.serial) })
}

// Undo takes the last deleting or clearing back.
func (l *List) Undo() {
	if n := len(l.undo); n > 0 {
		l.takeBack(l.undo[n-1].serial)
	}
}

// takeBack takes one step back; a second time does nothing.
func (l *List) takeBack(serial int) {
	at := slices.IndexFunc(l.undo, func(step undo) bool { return step.serial == serial })
	if at < 0 {
		return
	}
	work := l.begin("Taking it back …")
	if work == nil {
		return
	}
	step, b := l.undo[at], l.app.backend
	l.undo = slices.Delete(slices.Clone(l.undo), at, at+1)
	l.app.run(func(context.Context) func() {
		err := step.back(work, b.Store)
		return func() {
			work.end()
			l.app.Sidebar.Recount()
			if err != nil {
				l.undo = append(l.undo, step) // what is not back yet
				l.notBack(&step, err)
				return
			}
			if step.then != nil {
				step.then()
				return
			}
			l.app.Notices.Say(Good, "They are back.", "", nil)
			if step.again {
				l.touch(step.ids...)
				return
			}
			l.reload()
		}
	})
}

// notBack says that a step was not taken back, or in part, and lists what is there.
func (l *List) notBack(step *undo, err error) {
	serial := step.serial
	switch {
	case !errors.Is(err, context.Canceled):
		l.undone("Not taken back", err)
	case step.run == nil:
		l.app.Notices.Say(Plain, "It was stopped: some of them are back. Undo goes on.", "Undo", func() { l.takeBack(serial) })
	default:
		l.app.Notices.Say(Plain, "It was stopped: nothing was taken back.", "Undo", func() { l.takeBack(serial) })
	}
	l.reload()
}
