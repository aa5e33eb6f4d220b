package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hookglass/capture/export"
	"hookglass/store"
)

// undo takes back what was deleted or cleared.
type undo struct {
	serial int
	run    func(ctx context.Context, db *store.DB) error
	ids    []int64 // those that are looked at again; nil for all
	then   func()  // after it was taken back; nil for nothing
}

// maxUndo is how many steps can be taken back.
const maxUndo = 50

// Pin has retention, deleting and clearing leave the chosen callbacks alone; it
// takes that back where all of them are pinned.
func (l *List) Pin() {
	b, ids := l.app.backend, l.Chosen()
	if b == nil || len(ids) == 0 {
		return
	}
	l.app.run(func(ctx context.Context) func() {
		pinned, err := pinAll(ctx, b.Store, ids)
		return func() {
			if err != nil && !errors.Is(err, context.Canceled) {
				l.app.Notices.Say(Bad, "The pin was not kept: "+sentence(err), "", nil)
			} else if len(ids) > 1 {
				word := "Pinned "
				if !pinned {
					word = "Unpinned "
				}
				l.app.Notices.Say(Good, word+selectedText(len(ids))+".", "", nil)
			}
			l.touch(ids...)
			l.app.Sidebar.Recount()
		}
	})
}

func pinAll(ctx context.Context, db *store.DB, ids []int64) (pinned bool, err error) {
	rows, err := db.Rows(ctx, ids)
	if err != nil {
		return false, err
	}
	for i := range rows {
		pinned = pinned || !rows[i].Pinned
	}
	for i := range rows {
		if rows[i].Pinned == pinned {
			continue
		}
		if err := db.Pin(ctx, rows[i].ID, pinned); err != nil && !errors.Is(err, store.ErrNotFound) {
			return pinned, err
		}
	}
	return pinned, nil
}

// Delete takes the chosen callbacks away, until Undo or until Hookglass is
// started again; then they are gone. Pinned ones stay.
func (l *List) Delete() {
	b, ids := l.app.backend, l.Chosen()
	if b == nil || len(ids) == 0 || l.deleting {
		return // a key that is held comes again before it is done
	}
	l.deleting = true
	shown, next := l.current, l.neighbour()
	l.app.run(func(ctx context.Context) func() {
		n, err := b.Store.Hide(ctx, ids...)
		stays := staying(ctx, b.Store, ids)
		return func() {
			l.deleting = false
			l.touch(ids...)
			l.app.Sidebar.Recount()
			switch {
			case err != nil:
				l.app.Notices.Say(Bad, "Not deleted: "+sentence(err), "", nil)
				return
			case n == 0:
				l.app.Notices.Say(Warn, "Pinned callbacks stay. Unpin them to delete them.", "", nil)
				return
			}
			text := "Deleted " + selectedText(n) + "."
			if n < len(ids) {
				text += " Pinned ones stay."
			}
			l.offerUndo(text, undo{ids: ids, run: func(ctx context.Context, db *store.DB) error { return db.Unhide(ctx, ids...) }})
			switch {
			case l.current != shown: // selected meanwhile
			case len(ids) == n:
				l.Select(next)
			case len(stays) > 0 && !slices.Contains(stays, l.current):
				l.Select(stays[len(stays)-1]) // what is shown is gone
			}
		}
	})
}

// staying are those of some callbacks that are pinned, so that nothing deletes
// them.
func staying(ctx context.Context, db *store.DB, ids []int64) (stays []int64) {
	rows, err := db.Rows(ctx, ids)
	if err != nil {
		return nil // what is shown stays as it is
	}
	for i := range rows {
		if rows[i].Pinned {
			stays = append(stays, rows[i].ID)
		}
	}
	slices.Sort(stays)
	return stays
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
	q := l.query()
	through := max(l.highest, l.window.newest())
	if l.Paused {
		through = l.pauseID
	}
	q.Before = through + 1
	whole := l.View == ViewAll && l.applied == ""
	l.app.run(func(ctx context.Context) func() {
		step, n, err := clearList(ctx, b, q, through, whole)
		return func() {
			l.app.Sidebar.Recount()
			if err != nil {
				l.app.Notices.Say(Bad, "Not cleared: "+sentence(err), "", nil)
				return
			}
			if n == 0 {
				l.app.Notices.Say(Warn, "Pinned callbacks stay. Unpin them to clear them.", "", nil)
				return
			}
			text := "Cleared " + selectedText(n) + "."
			if n < 0 {
				text = "The list was cleared. Pinned callbacks stay."
			}
			l.offerUndo(text, step)
			l.load(span{}, func() {
				if _, listed := l.rowOf(l.current); !listed {
					l.Select(0)
				}
				l.ToTop()
			})
		}
	})
}

// clearList hides what a query lets through, and returns how many that were: -1
// where all that there is was hidden at once, which no other session must have a
// part of.
func clearList(ctx context.Context, b *Backend, q store.Query, through int64, whole bool) (undo, int, error) {
	db := b.Store
	alone, err := onlySession(ctx, b, q.Session)
	if err != nil {
		return undo{}, 0, err
	}
	if whole && alone {
		before, err := db.Cleared(ctx)
		if err == nil {
			err = db.HideThrough(ctx, through)
		}
		return undo{run: func(ctx context.Context, db *store.DB) error { return db.SetCleared(ctx, before) }}, -1, err
	}
	ids, err := db.IDsOf(ctx, q)
	if err != nil {
		return undo{}, 0, err
	}
	n, err := db.Hide(ctx, ids...)
	return undo{run: func(ctx context.Context, db *store.DB) error { return db.Unhide(ctx, ids...) }}, n, err
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
	for i, step := range l.undo {
		if step.serial != serial {
			continue
		}
		l.undo = append(l.undo[:i:i], l.undo[i+1:]...)
		b := l.app.backend
		l.app.run(func(ctx context.Context) func() {
			err := step.run(ctx, b.Store)
			return func() {
				l.app.Sidebar.Recount()
				if err != nil {
					l.app.Notices.Say(Bad, "Not taken back: "+sentence(err), "", nil)
					return
				}
				if step.then != nil {
					step.then()
					return
				}
				l.app.Notices.Say(Good, "They are back.", "", nil)
				if step.ids != nil {
					l.touch(step.ids...)
					return
				}
				l.reload()
			}
		})
		return
	}
}

// CopyCurl copies a command that sends the current callback to Hookglass again, or
// a command for each that is chosen.
func (l *List) CopyCurl() {
	b, id := l.app.backend, l.current
	if b != nil && b.ShareText != nil && len(l.Chosen()) > 1 {
		l.app.copyChosen(&copyCurls)
		return
	}
	if b == nil || id == 0 {
		return
	}
	l.app.run(func(ctx context.Context) func() {
		command, warning := "", ""
		var m *material
		x, err := b.Store.Exchange(ctx, id)
		if err == nil {
			m, err = gather(ctx, b, x)
		}
		if err == nil {
			headers := newHeaders(m)
			warning = secretsWords(&headers)
			command, err = export.Curl(m.exchange, b.URL, "")
		}
		return func() {
			switch {
			case errors.Is(err, store.ErrNotFound):
				l.app.Notices.Say(Warn, "Not copied: the callback is gone.", "", nil)
			case err != nil:
				l.app.Notices.Say(Warn, "Not copied: "+sentence(err), "", nil)
			default:
				l.app.copy(command, strings.TrimSpace("Copied as a curl command. "+warning))
			}
		}
	})
}

// CopyPath copies the path of the current callback, secrets masked.
func (l *List) CopyPath() {
	if row := l.cache.get(l.current); row != nil {
		l.app.Screen.Copy(row.Path)
		l.app.Notices.Say(Good, fmt.Sprintf("Copied the path %s.", shorten(row.Path, 60)), "", nil)
	}
}
