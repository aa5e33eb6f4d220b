package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// Whatever is done with exchanges and sessions, in whatever order: what is counted
// and listed is what the rows say.
func TestSessionsCountWhatTheyList(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(2, seed))
	path := file(t)
	db := open(t, path, Options{Search: true})
	ofAFile(t, db, 1, 2*unsettled)
	other := session(t, db, "Other", "")
	deleted := session(t, db, "Deleted", "")
	staged := session(t, db, "Staged", capture.SessionStaged)
	ofAFile(t, db, deleted.ID, 20)
	ofAFile(t, db, staged.ID, 20)
	some := func() (ids []int64) {
		at := 1 + r.Int64N(2*unsettled+200)
		for range 1 + r.IntN(300) {
			ids = append(ids, at+r.Int64N(300))
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	undo := errors.New("taken back")
	for round := range 80 {
		var err error
		op := r.IntN(14)
		ids := some()
		switch op {
		case 0, 1:
			_, err = db.Hide(t.Context(), ids...)
		case 2:
			err = db.Unhide(t.Context(), ids...)
		case 3:
			err = db.HideThrough(t.Context(), r.Int64N(4000))
		case 4:
			err = db.SetCleared(t.Context(), r.Int64N(1000))
		case 5, 6:
			for _, id := range ids[:min(len(ids), 5)] {
				if err = db.Pin(t.Context(), id, r.IntN(2) == 0); errors.Is(err, ErrNotFound) {
					err = nil
				}
			}
		case 7:
			_, err = db.Delete(t.Context(), ids[:min(len(ids), 10)]...)
		case 8, 9:
			for _, id := range ids[:min(len(ids), 5)] {
				x, gone := db.Exchange(t.Context(), id)
				if gone != nil {
					continue
				}
				x.Annotation.Provider, x.Annotation.Verification.Status = pick(r, "klix", "komet", ""), pick(r, capture.Valid, capture.Invalid, capture.Malformed)
				x.Annotation.Event = pick(r, "a", "b", fmt.Sprint("e", r.IntN(3000)))
				if op == 8 {
					x.State = pick(r, capture.StateAnswered, capture.StateFailed)
					err = db.Update(t.Context(), x)
				} else {
					err = db.Reannotate(t.Context(), x)
				}
			}
			flush(t, db)
		case 10:
			create(t, db, arrival("new"))
			x := arrival("other")
			x.Session = other.ID
			update(t, db, annotate(clone(create(t, db, x)), "klix", "", capture.Valid))
		case 11:
			deleted.State = pick(r, capture.SessionDeleted, capture.SessionOpen)
			err = db.PutSession(t.Context(), deleted)
		case 12:
			err = db.call(t.Context(), func(w *writer) error {
				x := annotate(arrival("back"), fmt.Sprint("p", round), "", capture.Valid)
				x.ID, x.UID = w.next, capture.NewUID(time.Now())
				if err := errors.Join(w.create(x), w.remove(ids[:1])); err != nil {
					return err
				}
				return undo
			})
			if errors.Is(err, undo) {
				err = nil
			}
		case 13:
			if round > 40 && r.IntN(5) == 0 {
				_, _, err = db.CommitSession(t.Context(), staged.ID)
				if errors.Is(err, ErrNotFound) {
					err = nil
				}
			}
		}
		if err != nil {
			t.Fatalf("op %d: %v", op, err)
		}
		compareCounts(t, db, round, op)
	}
}

func compareCounts(t *testing.T, db *DB, round, op int) {
	t.Helper()
	for s := range int64(5) {
		where := fmt.Sprint("e.session = ", s)
		if s == 0 {
			where = "e.session IN (" + listedSessions + ")"
		}
		q := Query{Session: s}
		got, err := db.Counts(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		want, err := db.idList(context.Background(), "SELECT e.id FROM exchange e WHERE "+where+" AND "+shown+" ORDER BY e.id DESC", nil)
		if err != nil {
			t.Fatal(err)
		}
		klix, err := db.idList(context.Background(), "SELECT e.id FROM exchange e WHERE "+where+" AND e.provider = 'klix' AND e.status = 'invalid' AND "+shown+" ORDER BY e.id", nil)
		if err != nil {
			t.Fatal(err)
		}
		var pinned int64
		if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM exchange e WHERE e.pinned = 1 AND "+where).Scan(&pinned); err != nil {
			t.Fatal(err)
		}
		if got.Total != int64(len(want)) || got.Pinned != pinned {
			t.Fatalf("round %d, op %d, session %d: counted %d and %d pinned, want %d and %d", round, op, s, got.Total, got.Pinned, len(want), pinned)
		}
		f := filter(t, "provider:klix verified:invalid")
		if n, ok := got.Matching(f); !ok || n != int64(len(klix)) {
			t.Fatalf("round %d, op %d, session %d: counted %d (%t) of klix, want %d", round, op, s, n, ok, len(klix))
		}
		if ids, err := db.IDsOf(t.Context(), q); err != nil || !slices.Equal(ids, want) {
			t.Fatalf("round %d, op %d, session %d: lists %d, %v, want %d", round, op, s, len(ids), err, len(want))
		}
		if ids, err := db.IDsOf(t.Context(), Query{Session: s, Filter: f, Ascending: true}); err != nil || !slices.Equal(ids, klix) {
			t.Fatalf("round %d, op %d, session %d: lists %d of klix, %v, want %d", round, op, s, len(ids), err, len(klix))
		}
		const page = 3000
		q = Query{Session: s, Limit: page}
		var paged []int64
		for {
			ids, err := db.IDsOf(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			paged = append(paged, ids...)
			if len(ids) < page {
				break
			}
			q.Before = ids[len(ids)-1]
		}
		if !slices.Equal(paged, want) {
			t.Fatalf("round %d, op %d, session %d: pages have %d, want %d", round, op, s, len(paged), len(want))
		}
	}
}
