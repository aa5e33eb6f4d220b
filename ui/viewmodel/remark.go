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

	app   *App
	id    int64
	typed string
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
	r.typed = r.Text
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

// Type is told what is written.
func (r *Remark) Type(text string) {
	if r.Writing {
		r.typed = text
	}
}

// shown is told which callback is shown: another one ends writing, and what was
// written is kept.
func (r *Remark) shown(page *Page) {
	if !r.Writing || page != nil && page.ID == r.id {
		return
	}
	r.Writing = false
	if text := strings.TrimSpace(r.typed); text != r.Text {
		r.keep(text, func() { r.app.Notices.Say(Good, "The note was kept.", "", nil) })
	}
}

// Keep writes the note down; an empty one takes it away.
func (r *Remark) Keep(text string) {
	if r.app.backend == nil || !r.Writing {
		return
	}
	r.Writing = false
	r.app.Detail.Changed.Emit()
	r.app.Screen.Focus(PaneList)
	if text = strings.TrimSpace(text); text != r.Text {
		r.keep(text, func() {})
	}
}

// keep writes a note down; then runs where that went well.
func (r *Remark) keep(text string, then func()) {
	b, id := r.app.backend, r.id
	if len(text) > maxNote {
		text = strings.ToValidUTF8(text[:maxNote], "")
	}
	r.app.run(func(ctx context.Context) func() {
		err := b.Store.SetNote(ctx, id, text)
		return func() {
			if err != nil {
				r.app.Notices.Say(Bad, "The note was not kept: "+sentence(err), "", nil)
				return
			}
			then()
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
		mark, done, n, err := work.mark(b.Store, ids, current)
		return func() {
			work.end()
			word := "Marked "
			if mark == "" {
				word = "Took the mark off "
			}
			l.did(word, n, len(ids), "The mark was not kept", err)
			l.touch(done...)
		}
	})
}

// mark gives callbacks the colour that comes after the one of the current callback.
// done are those it came to, n is how many have it.
func (w *ListWork) mark(db *store.DB, ids []int64, current int64) (mark capture.Mark, done []int64, n int, err error) {
	if !slices.Contains(ids, current) {
		current = ids[len(ids)-1]
	}
	rows, err := db.Rows(w.ctx, []int64{current})
	if err != nil || len(rows) == 0 {
		return "", nil, 0, err
	}
	mark = nextMark(rows[0].Mark)
	done, err = w.each(ids, func(ctx context.Context, part ...int64) error {
		err := db.MarkAll(ctx, mark, part...)
		if err == nil {
			n += len(part)
		}
		return err
	})
	return mark, done, n, err
}
