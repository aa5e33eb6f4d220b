package store

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// overviewed keeps 600 callbacks, a minute apart, every tenth with a failed proof
// and every third of klix.
func overviewed(t *testing.T, search bool) (*DB, time.Time) {
	db := open(t, file(t), Options{Search: search})
	begin := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for i := range 600 {
		x := wordedExchange(fmt.Sprintf("word%d common", i))
		x.Request.Received = begin.Add(time.Duration(i) * time.Minute)
		x.Annotation.Provider = [...]string{"klix", "kornitx", ""}[i%3]
		x.Annotation.Order = fmt.Sprintf("31%03d", i)
		if i%10 == 0 {
			x.Annotation.Verification.Status = capture.Invalid
		}
		create(t, db, x)
	}
	if search {
		awaitIndex(t, db)
	}
	return db, begin
}

func TestHistogram(t *testing.T) {
	for _, search := range []bool{false, true} {
		db, begin := overviewed(t, search)
		if _, err := db.Hide(t.Context(), 600); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			filter        string
			bars          int
			from, to      time.Duration
			count, failed int64
		}{
			{"", 10, 0, 10 * time.Hour, 599, 60},
			{"provider:klix", 10, 0, 10 * time.Hour, 200, 20},
			{"common", 20, 0, 10 * time.Hour, 599, 60},
			{"verified:failed", 10, 0, 10 * time.Hour, 60, 60},
			{"word77", 10, 77 * time.Minute, 77*time.Minute + time.Millisecond, 1, 0},
			{"after:2026-11-21T08:00:00Z provider:klix", 4, 8 * time.Hour, 10 * time.Hour, 40, 4},
			{"nobody", 10, 0, 0, 0, 0},
		} {
			h, err := db.Histogram(t.Context(), Query{Filter: filter(t, test.filter)}, test.bars)
			if err != nil {
				t.Fatal(err)
			}
			var count, failed int64
			for _, bar := range h.Bars {
				count, failed = count+bar.Count, failed+bar.Failed
			}
			if count != test.count || failed != test.failed || len(h.Bars) > test.bars+1 || h.AtLeast {
				t.Errorf("%q counts %d, %d of them failed, in %d bars; want %d, %d (index: %t)", test.filter, count, failed, len(h.Bars), test.count, test.failed, search)
			}
			if count > 0 && (h.From.After(begin.Add(test.from)) || h.To.Before(begin.Add(test.to)) || h.To.Sub(h.From) != time.Duration(len(h.Bars))*h.Width) {
				t.Errorf("%q is from %s to %s in bars of %s", test.filter, h.From, h.To, h.Width)
			}
		}
		h, err := db.Histogram(t.Context(), Query{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if want := (Bar{60, 6}); len(h.Bars) != 10 || h.Bars[3] != want {
			t.Errorf("the bars are %v, want ten of %v", h.Bars, want)
		}
	}
}

func TestValues(t *testing.T) {
	db, _ := overviewed(t, true)
	for _, test := range []struct {
		operator, prefix string
		limit            int
		want             []Value
	}{
		{"provider", "", 5, []Value{{"klix", 200}, {"kornitx", 200}, {"unknown", 200}}},
		{"provider", "K", 1, []Value{{"klix", 200}}},
		{"event", "purch", 5, []Value{{"purchase.paid", 600}}},
		{"verified", "inv", 5, []Value{{"invalid", 60}}},
		{"verified", "y", 5, []Value{{"yes", 0}}},
		{"status", "", 5, []Value{{"200", 600}}},
		{"order", "3107", 3, []Value{{"31070", 1}, {"31071", 1}, {"31072", 1}}},
		{"header", "x-", 5, []Value{{"x-b", 400}}},
		{"header", "X-B:", 5, []Value{{"X-B: 1", 200}, {"X-B: 2", 200}}},
		{"mark", "a", 5, []Value{{"amber", 0}, {"any", 0}}},
		{"absent", "", 5, nil},
	} {
		got, err := db.Values(t.Context(), 0, test.operator, test.prefix, test.limit)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s:%s: got %v (%v), want %v", test.operator, test.prefix, got, err, test.want)
		}
	}
}

// A page of a filter that several facets and the index answer is the newest of
// what matches, wherever it begins.
func TestFindPages(t *testing.T) {
	db, _ := overviewed(t, true)
	for _, text := range []string{"", "provider:klix", "provider:klix or verified:failed", "common -provider:klix", "provider:klix common verified:yes", "after:2026-11-21T03:00:00Z"} {
		for _, ascending := range []bool{false, true} {
			q := Query{Filter: filter(t, text), Ascending: ascending}
			whole, err := db.IDsOf(t.Context(), q)
			if err != nil || len(whole) < 100 {
				t.Fatalf("%q finds %d (%v)", text, len(whole), err)
			}
			var paged []int64
			for q.Limit = 37; ; {
				page, err := db.IDsOf(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				paged = append(paged, page...)
				if len(page) < q.Limit {
					break
				}
				if last := page[len(page)-1]; ascending {
					q.After = last
				} else {
					q.Before = last
				}
			}
			if !slices.Equal(paged, whole) {
				t.Errorf("%q: the pages hold %d, and at once %d are found", text, len(paged), len(whole))
			}
		}
	}
}

// A file can say of its exchanges that they came whenever it likes.
func TestHistogramOfAnyTimes(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	times := []time.Time{
		{},
		time.Unix(0, 0), time.Unix(0, 1), time.Unix(0, math.MaxInt64), time.Unix(0, math.MinInt64), time.Unix(0, -1),
		time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Now(), time.Now().Add(time.Hour),
	}
	for _, from := range times {
		for _, to := range times {
			s := session(t, db, "File", capture.SessionStaged)
			var xs []*capture.Exchange
			for _, at := range []time.Time{from, to, from} {
				x := imported("x", s.ID)
				x.Request.Received = at
				xs = append(xs, x)
			}
			if err := db.CreateAll(t.Context(), xs); err != nil {
				t.Fatal(err)
			}
			for _, bars := range []int{1, 3, 60} {
				h, err := db.Histogram(t.Context(), Query{Session: s.ID}, bars)
				var n int64
				for _, bar := range h.Bars {
					n += bar.Count
				}
				if err != nil || len(h.Bars) == 0 || len(h.Bars) > bars+1 || n != 3 {
					t.Errorf("from %v to %v: %d bars of %v have %d, %v, want 3", from, to, len(h.Bars), h.Width, n, err)
				}
			}
		}
	}
}
