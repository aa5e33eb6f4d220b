package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hookglass/capture"
)

// benchRows is 20,000, and a million with HOOKGLASS_BENCH_LONG=1.
func benchRows() int {
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		return 1_000_000
	}
	return 20_000
}

// benchFile makes a file with benchRows callbacks of all kinds, or uses the one
// that HOOKGLASS_BENCH_FILE names, which is made where it is missing.
func benchFile(b *testing.B) string {
	b.Helper()
	path := os.Getenv("HOOKGLASS_BENCH_FILE")
	if path == "" {
		path = filepath.Join(b.TempDir(), "h.db")
	} else if _, err := os.Stat(path); err == nil {
		return path
	}
	db, err := Open(context.Background(), path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	const batch = 1000
	for done := 0; done < benchRows(); done += batch {
		if err := db.call(context.Background(), func(w *writer) error {
			for i := done; i < done+batch; i++ {
				x := searchedExchange(i)
				x.Request.Received = x.Request.Received.Add(time.Duration(i-benchRows()) * benchPause)
				x.ID = w.next
				if err := w.create(x); err != nil {
					return err
				}
				w.next++
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// benchPause is between two callbacks of a benchFile.
const benchPause = 20 * time.Second

// benchKind makes callbacks differ.
func benchKind(x *capture.Exchange, i int) {
	a := &x.Annotation
	a.Provider = [...]string{"kornitx", "klix", "mintsoft", "probo", "komet", "kornitx", "kornitx", ""}[i%8]
	a.Event = [...]string{"order.dispatched", "order.dispatched", "purchase.paid", "order.received", "order.printed", "order.held"}[i%6]
	a.Order = fmt.Sprintf("31%08d-PSTEST", i)
	a.Summary = fmt.Sprintf("Dispatched · Hermes H%010d · order %s", i, a.Order)
	if i%50 == 0 {
		a.Verification.Status = capture.Invalid
	}
	if i%10_000 == 0 {
		x.Pinned = true
	}
	if i%1000 == 0 {
		x.Via = capture.ViaReplay
	}
}

func BenchmarkWindow(b *testing.B) {
	db, err := Open(context.Background(), benchFile(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	window, err := db.IDsOf(ctx, Query{Limit: 100_000})
	if err != nil {
		b.Fatal(err)
	}
	oldest, err := db.Exchange(ctx, 1)
	if err != nil {
		b.Fatal(err)
	}
	ids := func(q Query) func() error {
		q.Limit = 100_000
		return func() error { _, err := db.IDsOf(ctx, q); return err }
	}
	for _, bench := range []struct {
		name string
		run  func() error
	}{
		{"IDsOf", ids(Query{})},
		{"IDsOf provider", ids(Query{Provider: pointer("klix")})},
		{"IDsOf failed proof", ids(Query{Verdicts: []capture.Status{capture.Invalid, capture.Malformed}})},
		{"IDsOf pinned", ids(Query{Pinned: true})},
		{"IDsOf resent", ids(Query{Via: capture.ViaReplay})},
		{"IDsOf text that all have", ids(Query{Filter: filter(b, "hermes")})},
		{"IDsOf text that one has", ids(Query{Filter: filter(b, "3100000001-pstest")})},
		{"IDsOf text that none has", ids(Query{Filter: filter(b, "nobody has this")})},
		{"IDsOf words of the body that none has", ids(Query{Filter: filter(b, "body:absent")})},
		{"IDsOf header that none has", ids(Query{Filter: filter(b, "header:absent")})},
		{"Rows 50", func() error { _, err := db.Rows(ctx, window[1000:1050]); return err }},
		{"Matching 50", func() error { _, err := db.Matching(ctx, Query{Filter: filter(b, "hermes")}, window[:50]); return err }},
		{"Matching window", func() error { _, err := db.Matching(ctx, Query{}, window); return err }},
		{"IDAt newest", func() error { _, err := db.IDAt(ctx, Query{}, time.Now()); return err }},
		{"IDAt oldest", func() error { _, err := db.IDAt(ctx, Query{}, oldest.Request.Received); return err }},
		{"Counts first", func() error { db.counter.changedAny(); _, err := db.Counts(ctx, 0); return err }},
		{"Hide one, Counts, Unhide", func() error {
			_, err := db.Hide(ctx, 77)
			_, countErr := db.Counts(ctx, 0)
			return errors.Join(err, countErr, db.Unhide(ctx, 77))
		}},
		{"Hide all, Unhide", func() error {
			all, err := db.IDsOf(ctx, Query{Limit: benchRows()})
			if err == nil {
				_, err = db.Hide(ctx, all...)
			}
			return errors.Join(err, db.Unhide(ctx, all...))
		}},
		{"Counts again", func() error { _, err := db.Counts(ctx, 0); return err }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if err := bench.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCleared is the list after everything was cleared.
func BenchmarkCleared(b *testing.B) {
	db, err := Open(context.Background(), benchFile(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	before, err := db.Cleared(ctx)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("HideThrough and undo", func(b *testing.B) {
		for b.Loop() {
			if err := db.HideThrough(ctx, db.writer.next-1); err != nil {
				b.Fatal(err)
			}
			if err := db.SetCleared(ctx, before); err != nil {
				b.Fatal(err)
			}
		}
	})
	if err := db.HideThrough(ctx, db.writer.next-1); err != nil {
		b.Fatal(err)
	}
	b.Run("IDsOf", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.IDsOf(ctx, Query{Limit: 100_000}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Counts", func(b *testing.B) {
		for b.Loop() {
			db.counter.changedAny()
			if _, err := db.Counts(ctx, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
	if err := db.SetCleared(ctx, before); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOpen is what a start waits for before it can listen.
func BenchmarkOpen(b *testing.B) {
	path := benchFile(b)
	for b.Loop() {
		db, err := Open(context.Background(), path, Options{Retention: Retention{MaxExchanges: 10_000_000, MaxBytes: 1 << 40}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := db.Recover(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
