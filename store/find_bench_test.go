package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"
)

var errEnough = errors.New("enough")

// BenchmarkFind is what somebody waits for who looks for something: the first page
// of what an index answers, and the first hits of the rest.
func BenchmarkFind(b *testing.B) {
	db, err := Open(context.Background(), benchFile(b), Options{Search: true})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	began := time.Now()
	awaitIndex(b, db)
	if info, err := os.Stat(searchPath(db.path)); err == nil {
		b.Logf("the index of %d took %s and has %d MiB", benchRows(), time.Since(began).Round(time.Second), info.Size()>>20)
	}
	ctx := context.Background()
	last := benchRows() - 1
	for _, text := range []string{
		"", "provider:klix", "provider:nobody", "event:order.printed", "event:purchase.*", "verified:failed", "verified:failed provider:probo", "status:2xx", "status:5xx",
		fmt.Sprintf("order:31%08d-PSTEST", last/2), "order:31000*", fmt.Sprintf("delivery:%d:8:*", last/3), "order:none", "via:replay", "via:replay provider:klix",
		"pinned", "pinned provider:kornitx", "pinned or via:replay", "after:-2h", "after:-30d before:-29d", "before:-100d provider:klix event:order.*", "after:-1h or pinned", "-provider:klix -status:5xx",
		"mark:red", "note:*", "mark:red or provider:klix",
		"hermes", "h", "3", "31000", fmt.Sprintf("31%08d", last/2), fmt.Sprintf("31%08d-pstest", last/4), `"hermes uk"`, `"shipping_carrier hermes"`, "nobodyhasthis", "hermes müller", "hermes -leeds", "hermes or garcía",
		"provider:klix hermes", "provider:klix verified:failed patel", "pinned hermes", `buyer77@example.test`,
		"path:*absent*", "header:x-absent", "body:absent", `body:"carrier dpd"`, "-hermes", "took:>10s", "*ermes*",
	} {
		q := Query{Limit: 100, Filter: filter(b, text)}
		b.Run("first page/"+text, func(b *testing.B) {
			var slowest time.Duration
			hits := 0
			for b.Loop() {
				began := time.Now()
				// Of what is read slice by slice, the first word is waited for.
				hits = 0
				err := db.Find(ctx, q, func(f Found) error {
					hits += len(f.IDs)
					if os.Getenv("HOOKGLASS_BENCH_WHOLE") == "" {
						return errEnough
					}
					return nil
				})
				if err != nil && !errors.Is(err, errEnough) {
					b.Fatal(err)
				}
				slowest = max(slowest, time.Since(began))
			}
			b.ReportMetric(float64(slowest.Microseconds())/1000, "slowest-ms")
			b.ReportMetric(float64(hits), "hits")
		})
	}
}

// BenchmarkOverview is what a window asks besides the list.
func BenchmarkOverview(b *testing.B) {
	db, err := Open(context.Background(), benchFile(b), Options{Search: true})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	awaitIndex(b, db)
	ctx := context.Background()
	for _, text := range []string{"", "provider:klix", "verified:failed", "after:-1d", "hermes", "hermes müller"} {
		q := Query{Filter: filter(b, text)}
		b.Run("Histogram/"+text, func(b *testing.B) {
			for b.Loop() {
				if _, err := db.Histogram(ctx, q, 60); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("Tally/"+text, func(b *testing.B) {
			n := int64(0)
			for b.Loop() {
				if err := db.Tally(ctx, q, func(so int64, _ bool) error { n = so; return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "hits")
		})
	}
	for _, operator := range []string{"provider", "event", "order", "status", "header"} {
		b.Run("Values/"+operator, func(b *testing.B) {
			for b.Loop() {
				if _, err := db.Values(ctx, 0, operator, "", 20); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
