package store

import (
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"hookglass/capture"
)

// BenchmarkCreateAll imports exchanges of 1.35 KB in lists of 200.
func BenchmarkCreateAll(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "h.db"), Options{})
	s := session(b, db, "File", capture.SessionStaged)
	b.SetBytes(1350)
	b.ReportAllocs()
	var xs []*capture.Exchange
	i := int64(0)
	for b.Loop() {
		x := benchExchange(i)
		finish(x, i)
		x.Via, x.Session, x.Import = capture.ViaImport, s.ID, &capture.Imported{Via: capture.ViaLocal}
		i++
		if xs = append(xs, x); len(xs) == 200 {
			if err := db.CreateAll(b.Context(), xs); err != nil {
				b.Fatal(err)
			}
			xs = xs[:0]
		}
	}
}

// BenchmarkEach reads whole exchanges of 1.35 KB.
func BenchmarkEach(b *testing.B) {
	db := open(b, benchFile(b), Options{})
	b.SetBytes(1350)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; {
		if err := db.Each(b.Context(), Query{Limit: b.N - n}, 0, func(*capture.Exchange) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCreateBesideImport is one sender's callback while a file is imported.
func BenchmarkCreateBesideImport(b *testing.B) {
	for _, beside := range []bool{false, true} {
		name := map[bool]string{false: "alone", true: "beside"}[beside]
		b.Run(name, func(b *testing.B) {
			db := open(b, filepath.Join(b.TempDir(), "h.db"), Options{})
			s := session(b, db, "File", capture.SessionStaged)
			var stop atomic.Bool
			done := make(chan struct{})
			go func() {
				defer close(done)
				for i := int64(0); beside && !stop.Load(); {
					var xs []*capture.Exchange
					for range 200 {
						x := benchExchange(i)
						finish(x, i)
						x.Via, x.Session = capture.ViaImport, s.ID
						xs = append(xs, x)
						i++
					}
					if err := db.CreateAll(b.Context(), xs); err != nil {
						b.Error(err)
						return
					}
				}
			}()
			var slow []time.Duration
			for i := int64(0); b.Loop(); i++ {
				began := time.Now()
				if err := db.Create(b.Context(), benchExchange(i)); err != nil {
					b.Fatal(err)
				}
				slow = append(slow, time.Since(began))
			}
			stop.Store(true)
			<-done
			reportTail(b, slow)
		})
	}
}

func reportTail(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
}
