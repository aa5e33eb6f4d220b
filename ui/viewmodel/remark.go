package viewmodel

import (
	"context"
	"errors"
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
	l.app.run(func(ctx context.Context) func() {
		err := markAll(ctx, b.Store, ids, current)
		return func() {
			if err != nil && !errors.Is(err, context.Canceled) {
				l.app.Notices.Say(Bad, "The mark was not kept: "+sentence(err), "", nil)
			}
			l.touch(ids...)
		}
	})
}

func markAll(ctx context.Context, db *store.DB, ids []int64, current int64) error {
	if !slices.Contains(ids, current) {
		current = ids[len(ids)-1]
	}
	rows, err := db.Rows(ctx, []int64{current})
	if err != nil || len(rows) == 0 {
		return err
	}
	mark := nextMark(rows[0].Mark)
	for _, id := range ids {
		if err := db.SetMark(ctx, id, mark); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}
