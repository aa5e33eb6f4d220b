package viewmodel

import (
	"context"
	"slices"
	"strings"

	"hookglass/capture"
	"hookglass/store"
)

// Remark is a person's note on the callback that the detail shows, while it is
// being written.
type Remark struct {
	Writing bool
	Text    string // what it began with
	Serial  int    // grows when writing begins

	app *App
	id  int64
}

// maxNote is how many bytes a note may have.
const maxNote = 4096

// Write begins to write the note of the callback that is shown.
func (r *Remark) Write() {
	page := r.app.Detail.Page
	if page == nil || r.app.Opened.refuses() {
		return
	}
	r.Writing, r.Text, r.id = true, strings.Join(strings.Fields(page.Exchange.Note), " "), page.ID
	r.Serial++
	if r.app.Narrow {
		r.app.Enter()
	}
	r.app.Detail.Changed.Emit()
	r.app.Screen.Focus(PaneNote)
}

// Leave ends writing and keeps the note that was there.
func (r *Remark) Leave() {
	if r.Writing {
		r.Writing = false
		r.app.Detail.Changed.Emit()
		r.app.Screen.Focus(PaneList)
	}
}

// shown is told which callback is shown: another one ends writing.
func (r *Remark) shown(page *Page) {
	if page == nil || page.ID != r.id {
		r.Writing = false
	}
}

// Keep writes the note down; an empty one takes it away.
func (r *Remark) Keep(text string) {
	b, id := r.app.backend, r.id
	if b == nil || !r.Writing {
		return
	}
	text = strings.TrimSpace(text)
	if len(text) > maxNote {
		text = strings.ToValidUTF8(text[:maxNote], "")
	}
	r.Writing = false
	r.app.Detail.Changed.Emit()
	r.app.Screen.Focus(PaneList)
	if text == r.Text {
		return
	}
	r.app.run(func(ctx context.Context) func() {
		err := b.Store.SetNote(ctx, id, text)
		return func() {
			if err != nil {
				r.app.Notices.Say(Bad, "The note was not kept: "+sentence(err), "", nil)
				return
			}
			r.app.List.touch(id)
		}
	})
}

// CallbacksChanged tells that another process has marked, noted, pinned or deleted
// callbacks. It may be called from any goroutine and does not block.
func (a *App) CallbacksChanged(ids []int64) {
	a.config.Do(func() {
		a.List.touch(ids...)
		a.Sidebar.Recount()
	})
}

// markTone is how a person's colour is drawn.
func markTone(mark capture.Mark) Tone {
	switch mark {
	case "red":
		return Bad
	case "amber":
		return Warn
	case "green":
		return Good
	case "blue":
		return Accent
	}
	return Plain
}

// nextMark is the colour after one; after the last comes none.
func nextMark(mark capture.Mark) capture.Mark {
	if i := slices.Index(capture.Marks, mark) + 1; i < len(capture.Marks) {
		return capture.Marks[i]
	}
	return ""
}

// Mark gives the chosen callbacks the colour after that of the current one.
func (l *List) Mark() {
	b, ids, current := l.app.backend, l.Chosen(), l.current
	if b == nil || len(ids) == 0 {
		return
	}
	work := l.begin("Marking …")
	if work == nil {
		return
	}
	l.app.run(func(context.Context) func() {
		done, err := work.mark(b.Store, ids, current)
		return func() {
			work.end()
			if err != nil {
				l.undone("The mark was not kept", err)
			}
			l.touch(done...)
		}
	})
}

// mark gives callbacks the colour that comes after the one of the current callback.
func (w *ListWork) mark(db *store.DB, ids []int64, current int64) ([]int64, error) {
	if !slices.Contains(ids, current) {
		current = ids[len(ids)-1]
	}
	rows, err := db.Rows(w.ctx, []int64{current})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	mark := nextMark(rows[0].Mark)
	return w.each(ids, func(ctx context.Context, part ...int64) error { return db.MarkAll(ctx, mark, part...) })
}
