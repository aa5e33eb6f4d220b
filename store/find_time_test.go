package store

import (
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// A filter may name any year, and so may a file.
func TestFindOfAnyYear(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	for _, year := range []int{1600, 1969, 2024, 9999} {
		x := imported("x", 1)
		x.Request.Received = time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		if err := db.CreateAll(t.Context(), []*capture.Exchange{x}); err != nil {
			t.Fatal(err)
		}
	}
	awaitIndex(t, db)
	for text, want := range map[string][]int64{
		"before:9998-01-01": {3, 2, 1}, "after:9998-01-01": {4}, "after:1601-01-01": {4, 3, 2, 1}, "before:1601-01-01": nil,
		"after:2000-01-01": {4, 3}, "-after:2000-01-01": {2, 1}, "-before:1601-01-01": {4, 3, 2, 1}, "after:2000-01-01 before:9998-01-01": {3},
	} {
		wantList(t, db, Query{Filter: filter(t, text)}, want...)
	}
	wantList(t, db, Query{Since: time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)}, 4, 3, 2)
}

// A file brings old exchanges among the new ones: what is asked for by time is
// found all the same, in any order and with any index.
func TestFindByTimeAmongOldOnes(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	begin := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var xs []*capture.Exchange
	for i := range 12_000 {
		x := imported("x", 1)
		x.Request.Received = begin.Add(time.Duration(i) * time.Minute)
		if i/500%5 == 4 {
			x.Request.Received = begin.Add(-time.Duration(i) * time.Minute)
		}
		x.Annotation.Provider = [...]string{"klix", "komet"}[i%2]
		xs = append(xs, x)
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	awaitIndex(t, db)
	late := imported("x", 1)
	late.Request.Received = begin
	if err := db.CreateAll(t.Context(), []*capture.Exchange{late}); err != nil {
		t.Fatal(err)
	}
	xs = append(xs, late)
	for _, text := range []string{
		"before:2024-01-01", "after:2024-01-01", "before:2023-12-30 provider:klix", "after:2024-01-03 before:2024-01-05", "after:2024-01-03 before:2024-01-05 provider:komet",
		"before:2023-12-25 or after:2024-01-08", "x before:2023-12-27", "-after:2024-01-02 provider:klix", "after:2030-01-01", "before:2000-01-01 provider:klix",
	} {
		f := filter(t, text)
		var want []int64
		for _, x := range xs {
			if f.Match(x, time.Now()) {
				want = append(want, x.ID)
			}
		}
		for range 2 {
			wantList(t, db, Query{Filter: f, Ascending: true}, want...)
			slices.Reverse(want)
			wantList(t, db, Query{Filter: f}, want...)
			wantList(t, db, Query{Filter: f, Limit: 700}, want[:min(len(want), 700)]...)
			slices.Reverse(want)
			awaitIndex(t, db)
		}
	}
}
