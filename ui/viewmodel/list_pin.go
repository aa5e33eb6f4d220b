package viewmodel

import (
	"context"

	"hookglass/store"
)

// Pin has retention, deleting and clearing leave the chosen callbacks alone; it
// takes that back where all of them are pinned.
func (l *List) Pin() {
	b, ids := l.app.backend, l.Chosen()
	if b == nil || len(ids) == 0 {
		return
	}
	work := l.begin("Pinning …")
	if work == nil {
		return
	}
	l.app.run(func(context.Context) func() {
		pinned, done, err := work.pin(b.Store, ids)
		return func() {
			work.end()
			switch {
			case err != nil:
				l.undone("The pin was not kept", err)
			case len(ids) > 1:
				word := "Pinned "
				if !pinned {
					word = "Unpinned "
				}
				l.app.Notices.Say(Good, word+selectedText(len(ids))+".", "", nil)
			}
			l.touch(done...)
			l.app.Sidebar.Recount()
		}
	})
}

// pin pins callbacks, or unpins them where all of them are pinned. done are those
// it came to.
func (w *ListWork) pin(db *store.DB, ids []int64) (pinned bool, done []int64, err error) {
	there, err := db.Matching(w.ctx, store.Query{}, ids)
	if err != nil {
		return false, nil, err
	}
	already, err := db.Matching(w.ctx, store.Query{Pinned: true}, ids)
	if err != nil {
		return false, nil, err
	}
	pinned = len(already) < len(there)
	done, err = w.each(ids, func(ctx context.Context, part ...int64) error {
		_, err := db.PinAll(ctx, pinned, part...)
		return err
	})
	return pinned, done, err
}
