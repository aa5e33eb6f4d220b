package store

import (
	"fmt"
	"testing"

	"hookglass/capture"
)

// What nobody answered is found as such after the next start, also where there are
// too many combinations to tell it by them.
func TestRecoverBeyondTheBoundOfFacets(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	create(t, db, arrival("before there were too many"))
	xs := make([]*capture.Exchange, 2*maxFacets)
	for i := range xs {
		xs[i] = imported("x", 1)
		xs[i].Annotation.Provider = fmt.Sprint("p", i)
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	late := arrival("after")
	late.Via = capture.ViaPublic
	create(t, db, late)
	if k := facetsOf(t, db, late.ID); k.state != anything {
		t.Fatalf("the facet has the state %q", k.state)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	if _, err := db.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantOwnFacets(t, db)
	wantList(t, db, Query{Filter: filter(t, "state:received")})
	wantList(t, db, Query{Filter: filter(t, "state:unknown")}, late.ID, 1)
}

// What was counted before it was put in order is counted anew.
func TestRecoverAfterCounts(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	create(t, db, arrival("a"))
	ofAFile(t, db, 1, 2*unsettled)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	for _, want := range []int64{1, 0} {
		counts, err := db.Counts(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := counts.Matching(filter(t, "state:received")); !ok || n != want {
			t.Errorf("counted %d (%t), want %d", n, ok, want)
		}
		if _, err := db.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// facetsOf is the combination that the row of an exchange points to.
func facetsOf(t *testing.T, db *DB, id int64) (k facetKey) {
	t.Helper()
	if err := db.call(t.Context(), func(w *writer) (err error) {
		k, _, err = w.facets.of(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return k
}
