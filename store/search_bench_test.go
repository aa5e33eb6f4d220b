package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hookglass/capture"
)

// BenchmarkCaptureIndexed compares capture with the search index and without it,
// in rounds that take turns, as other work on the machine changes from one second
// to the next. on/off is the median of the rounds' ratios.
func BenchmarkCaptureIndexed(b *testing.B) {
	rounds, each := 7, 4000
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		rounds, each = 15, 20_000
	}
	open := func(search bool) *DB {
		db, err := Open(b.Context(), filepath.Join(b.TempDir(), fmt.Sprintf("%t.db", search)), Options{Search: search})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { db.Close() })
		return db
	}
	on, off := open(true), open(false)
	var n atomic.Int64
	for b.Loop() {
		var ratios, without, with []float64
		for range rounds {
			ratio := [2]float64{}
			for i, db := range []*DB{off, on} {
				ratio[i] = captured(b, db, each, &n)
			}
			awaitIndex(b, on) // what it is behind by must not slow the other down
			ratios = append(ratios, ratio[1]/ratio[0])
			without, with = append(without, ratio[0]), append(with, ratio[1])
		}
		b.ReportMetric(median(ratios), "on/off")
		b.ReportMetric(median(without), "off/s")
		b.ReportMetric(median(with), "on/s")
	}
}

// captured captures so many exchanges with their answers, and returns how many
// that was in a second.
func captured(b *testing.B, db *DB, count int, n *atomic.Int64) float64 {
	began := time.Now()
	var wg sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(count))
	for range creators {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				i := n.Add(1)
				x := searchedExchange(int(i))
				finished := *x
				x.State, x.Response, x.Annotation = capture.StateReceived, nil, finished.Annotation
				x.Annotation.Verification.Status = ""
				if err := db.Create(b.Context(), x); err != nil {
					b.Error(err)
					return
				}
				finished.ID, finished.Session = x.ID, x.Session
				if err := db.Update(b.Context(), &finished); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := db.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	return float64(count) / time.Since(began).Seconds()
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
