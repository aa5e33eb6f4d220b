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
	reader, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
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
		op := r.IntN(17)
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
		case 14:
			_, err = db.PinAll(t.Context(), r.IntN(2) == 0, ids...)
		case 15: // in several commits
			many := stretch(r)
			if _, err = db.Hide(t.Context(), many...); err == nil && r.IntN(2) == 0 {
				err = db.Unhide(t.Context(), many...)
			}
		case 16:
			mark := pick(r, capture.Mark("red"), "amber", "")
			err = db.MarkAll(t.Context(), mark, stretch(r)...)
			if id := ids[0]; err == nil && id <= 2*unsettled {
				if err = db.SetNote(t.Context(), id, pick(r, "a word remembered", "")); errors.Is(err, ErrNotFound) {
					err = nil
				}
			}
		}
		if err != nil {
			t.Fatalf("op %d: %v", op, err)
		}
		compareCounts(t, db, round, op)
		if round%8 == 0 {
			compareCounts(t, reader, round, op)
		}
	}
}

// stretch are more ids than one commit takes.
func stretch(r *rand.Rand) []int64 {
	many := make([]int64, hideRows+r.IntN(hideRows))
	at := r.Int64N(2 * unsettled)
	for i := range many {
		many[i] = at + int64(i)
	}
	return many
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
		var bytes, failed int64
		if err := db.read.QueryRowContext(t.Context(), "SELECT coalesce(sum(e.size), 0), coalesce(sum(e.status IN ('invalid', 'malformed')), 0) FROM exchange e WHERE "+where+" AND "+shown).Scan(&bytes, &failed); err != nil {
			t.Fatal(err)
		}
		if stats, err := db.SessionStats(t.Context(), s); s > 0 && (err != nil || stats.Exchanges != int64(len(want)) || stats.Bytes != bytes || stats.Failed != failed) {
			t.Fatalf("round %d, op %d, session %d: counted %+v, %v, want %d with %d bytes, %d failed", round, op, s, stats, err, len(want), bytes, failed)
		}
		for words, having := range map[string]string{"mark:red": "m.mark = 'red'", "remembered": "m.note <> ''"} {
			want, err := db.idList(context.Background(), "SELECT e.id FROM exchange e JOIN remark m ON m.id = e.id AND "+having+" WHERE "+where+" AND "+shown+" ORDER BY e.id DESC", nil)
			if err != nil {
				t.Fatal(err)
			}
			if ids, err := db.IDsOf(t.Context(), Query{Session: s, Filter: filter(t, words)}); err != nil || !slices.Equal(ids, want) {
				t.Fatalf("round %d, op %d, session %d: lists %d of %s, %v, want %d", round, op, s, len(ids), words, err, len(want))
			}
		}
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

// What is said to go is what goes, whatever a session is to keep: of a small session
// in a large file and of a large one.
func TestWouldDropWhatGoes(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(4, seed))
	for round := range 6 {
		db := open(t, file(t), Options{})
		few := session(t, db, "Few", "")
		now := time.Now()
		for i := range 25 {
			kinds(t, db, 1, now.Add(-time.Duration(200-i)*time.Hour))
		}
		kinds(t, db, few.ID, now.Add(-30*time.Hour))
		kinds(t, db, few.ID, now.Add(-10*time.Hour))
		for range 5 {
			ids := []int64{1 + r.Int64N(243)}
			if _, err := db.PinAll(t.Context(), true, ids...); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Hide(t.Context(), 1+r.Int64N(243)); err != nil {
				t.Fatal(err)
			}
		}
		id := pick(r, 1, few.ID)
		holds := func() (n int64) {
			if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM exchange WHERE session = ?", id).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := holds()
		keep := capture.Keep{}
		for keep == (capture.Keep{}) {
			keep = capture.Keep{
				Exchanges: pick(r, 0, 1+r.IntN(int(before)+2)),
				Bytes:     pick(r, 0, (1+r.Int64N(before+2))*(rowOverhead+4)),
				Age:       pick(r, 0, 20*time.Hour, 190*time.Hour),
			}
		}
		n, bytes, _, err := db.WouldDrop(t.Context(), id, keep)
		if err != nil {
			t.Fatal(err)
		}
		keepOnly(t, db, id, keep)
		if went := before - holds(); went != n || bytes != n*(rowOverhead+4) {
			t.Errorf("round %d, session %d, %+v: %d of %d went, and %d with %d bytes were said to", round, id, keep, went, before, n, bytes)
		}
	}
}
