package viewmodel

import (
	"context"
	"errors"

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
		pinned, done, n, err := work.pin(b.Store, ids)
		return func() {
			work.end()
			word := "Pinned "
			if !pinned {
				word = "Unpinned "
			}
			l.did(word, n, len(ids), "The pin was not kept", err)
			l.touch(done...)
			l.app.Sidebar.Recount()
		}
	})
}

// did says what was done with n of the callbacks that were chosen. With one it is seen.
func (l *List) did(word string, n, chosen int, not string, err error) {
	switch {
	case err != nil && (n == 0 || !errors.Is(err, context.Canceled)):
		l.undone(not, err)
	case err != nil:
		l.app.Notices.Say(Plain, word+selectedText(n)+"."+wasStopped, "", nil)
	case chosen > 1:
		l.app.Notices.Say(Good, word+selectedText(n)+".", "", nil)
	}
}

// pin pins callbacks, or unpins them where all of them are pinned. done are those
// it came to, n is how many they were.
func (w *ListWork) pin(db *store.DB, ids []int64) (pinned bool, done []int64, n int, err error) {
	there, err := db.Matching(w.ctx, store.Query{}, ids)
	if err != nil {
		return false, nil, 0, err
	}
	already, err := db.Matching(w.ctx, store.Query{Pinned: true}, ids)
	if err != nil {
		return false, nil, 0, err
	}
	pinned = len(already) < len(there)
	done, err = w.each(ids, func(ctx context.Context, part ...int64) error {
		some, err := db.PinAll(ctx, pinned, part...)
		n += some
		return err
	})
	return pinned, done, n, err
}
