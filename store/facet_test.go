package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hookglass/capture"
)

// What facets say of any filter is what the rows say, and counts made of them are
// those of a list.
func TestFacetsMatchAsRowsDo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	now := time.Now()
	db := open(t, file(t), Options{})
	session(t, db, "Other", "")
	for i := range 400 {
		x := randomExchange(r, now)
		x.Session = 1 + int64(i%2)
		create(t, db, x)
		if i%3 == 0 {
			update(t, db, annotate(clone(x), pick(r, "klix", "komet", ""), "", pick(r, capture.Valid, capture.Invalid)))
		}
		if i%5 == 0 {
			x := load(t, db, x.ID)
			x.Annotation.Provider, x.Annotation.Event = "probo", pick(r, "*", "a*", "purchase.paid")
			x.Annotation.Verification.Status = capture.Malformed
			if err := db.Reannotate(t.Context(), x); err != nil {
				t.Fatal(err)
			}
		}
	}
	flush(t, db)
	wantOwnFacets(t, db)
	counts := map[int64]Counts{}
	for id := range int64(3) {
		of, err := db.Counts(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		counts[id] = of
	}
	told := 0
	for range 400 {
		text := randomFilter(r, 3)
		wantFacets(t, db, text)
		for id, counts := range counts {
			f := filter(t, text)
			n, ok := counts.Matching(f)
			if !ok {
				continue
			}
			told++
			got, err := db.IDsOf(t.Context(), Query{Session: id, Filter: f})
			if err != nil || int64(len(got)) != n {
				t.Errorf("%s in session %d: counted %d, %v, want %d", text, id, n, err, len(got))
			}
		}
	}
	if told < 100 {
		t.Errorf("only %d of 1200 filters were counted by facets", told)
	}
}

// wantOwnFacets holds every row to its facet.
func wantOwnFacets(t *testing.T, db *DB) {
	t.Helper()
	var wrong int
	if err := db.read.QueryRowContext(t.Context(), `SELECT count(*) FROM exchange e LEFT JOIN facet f ON f.id = e.facet
		WHERE (e.session, e.via) IS NOT (f.session, f.via) OR e.event <> f.event AND f.event <> '*'
		OR (e.state, e.provider, e.status, e.answer_status, e.answer_by) IS NOT (f.state, f.provider, f.status, f.answer_status, f.answer_by)
			AND f.answer_status <> -1`).Scan(&wrong); err != nil || wrong > 0 {
		t.Errorf("%d rows have another facet than theirs (%v)", wrong, err)
	}
}

// A stranger's events, and a file's states, have bounds in the dictionary.
func TestFacetsHaveABound(t *testing.T) {
	db := open(t, file(t), Options{})
	s := session(t, db, "File", capture.SessionStaged)
	var xs []*capture.Exchange
	for i := range 3 * maxFacets {
		x := imported("x", s.ID)
		x.Annotation.Event, x.Annotation.Provider = fmt.Sprint("e", i), fmt.Sprint("p", i)
		xs = append(xs, x)
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	for i := range 2 * maxFacets {
		x := annotate(arrival("b"), "klix", "", capture.Valid)
		x.Annotation.Event = fmt.Sprint("e", i)
		create(t, db, x)
	}
	if _, _, err := db.CommitSession(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	wantOwnFacets(t, db)
	if n := count(t, db, "facet"); n > 3*maxFacets+2 {
		t.Errorf("%d facets, want at most %d", n, 3*maxFacets+2)
	}
	wantFacets(t, db, "event:e3", "event:e3000", "provider:p3000", "provider:klix", "not provider:klix", "event:e2000 or provider:p1")
	counts, err := db.Counts(t.Context(), 0)
	if err != nil || counts.Total != 5*maxFacets {
		t.Errorf("%d, %v, want %d", counts.Total, err, 5*maxFacets)
	}
	if n, ok := counts.Matching(filter(t, "event:e2000")); ok {
		t.Errorf("counted %d where the rows tell", n)
	}
	if n, ok := counts.Matching(capture.Filter{}); !ok || n != counts.Total {
		t.Errorf("all: %d, %v", n, ok)
	}
}

// What a transaction that failed has noted of facets is forgotten with it.
func TestFacetsAfterARollback(t *testing.T) {
	db := open(t, file(t), Options{})
	failed := fmt.Errorf("failed")
	if err := db.call(t.Context(), func(w *writer) error {
		x := annotate(arrival("a"), "klix", "", capture.Valid)
		x.ID, x.UID = w.next, capture.NewUID(time.Now())
		if err := w.create(x); err != nil {
			return err
		}
		return failed
	}); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if n := count(t, db, "facet"); n != 0 {
		t.Errorf("%d facets, want none", n)
	}
	create(t, db, annotate(arrival("b"), "klix", "", capture.Valid))
	wantOwnFacets(t, db)
	wantList(t, db, Query{Filter: filter(t, "provider:klix verified:valid")}, 1)
}
