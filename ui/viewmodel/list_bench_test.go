package viewmodel

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers/all"
	"hookglass/store"
)

// BenchmarkFlush applies what 80 callbacks changed to a full window: the part of
// a flush that the screen's goroutine does.
func BenchmarkFlush(b *testing.B) {
	const arrivals = 80
	for _, rows := range []int{1000, windowRows} {
		for _, following := range []bool{true, false} {
			b.Run(fmt.Sprintf("rows=%d/following=%t", rows, following), func(b *testing.B) {
				db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "hookglass.db"), store.Options{})
				if err != nil {
					b.Fatal(err)
				}
				defer db.Close()
				a := New(Config{Do: func(func()) {}})
				l := a.List
				l.after = func(time.Duration, func()) {}
				defer a.jobs.Wait()
				a.backend = &Backend{Store: db, Set: all.NewSet()}
				next := int64(0)
				for range rows {
					next++
					l.window.ids = append(l.window.ids, next)
				}
				l.Following, l.known = following, true
				l.setTop(5)
				l.fetching = maxFetches // rows that are not there stay waiting
				maker := a.rowMaker()
				for b.Loop() {
					f := flush{}
					for range arrivals {
						next++
						f.ids = append(f.ids, next)
					}
					f.matching = f.ids
					for _, id := range f.ids[arrivals-maxFresh:] {
						f.rows = append(f.rows, maker.row(&capture.Exchange{ID: id, Request: capture.Request{Method: "PUT", Target: "/klix/purchases"}}))
					}
					l.apply(&f)
					for i := range 16 {
						l.Row(l.Top + i)
					}
					if l.window.len() > windowRows {
						b.Fatal("the window grows")
					}
				}
				l.fetching = maxFetches
			})
		}
	}
}
