package store

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// hiding is what Hide, HideThrough and Pin are to do, without SQL.
type hiding struct {
	cleared int64
	rows    map[int64]*hidingRow
}

type hidingRow struct {
	hidden, pinned bool
	spared         int64 // up to what HideThrough leaves it alone; -1: not at all
}

func (h *hiding) shows(id int64) bool {
	row := h.rows[id]
	return row != nil && (id > h.cleared && !row.hidden || row.spared >= h.cleared)
}

func (h *hiding) hide(ids []int64) (n int) {
	for _, id := range ids {
		if h.shows(id) && !h.rows[id].pinned {
			h.rows[id].hidden, h.rows[id].spared = true, -1
			n++
		}
	}
	return n
}

func (h *hiding) unhide(ids []int64) {
	for _, id := range ids {
		row := h.rows[id]
		if row == nil || !row.hidden {
			continue
		}
		if row.hidden = false; id <= h.cleared {
			row.spared = h.cleared
		}
	}
}

func (h *hiding) pin(ids []int64, pinned bool) (n int) {
	for _, id := range ids {
		row := h.rows[id]
		if row == nil {
			continue
		}
		n++
		switch row.pinned = pinned; {
		case pinned:
			row.hidden, row.spared = false, math.MaxInt64
		case row.spared == math.MaxInt64:
			row.spared = h.cleared
		}
	}
	return n
}

func (h *hiding) list() (ids []int64, pinned int64) {
	for id, row := range h.rows {
		if h.shows(id) {
			ids = append(ids, id)
		}
		if row.pinned {
			pinned++
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids, pinned
}

// Whatever is hidden, shown again, cleared, taken back and pinned, in whatever order
// and however many at once: every way of listing and of counting says the same, in
// the process that writes and in others.
func TestHidingAndPinningAtRandom(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(3, seed))
	const n = 300
	db := several(t, n)
	reader, err := OpenReader(t.Context(), db.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	h := &hiding{rows: map[int64]*hidingRow{}}
	for id := range int64(n) {
		h.rows[id+1] = &hidingRow{spared: -1}
	}
	for round := range 300 {
		var ids []int64
		for at, left := 1+r.Int64N(n), 1+r.IntN(50); left > 0; left-- {
			ids = append(ids, at+r.Int64N(60)) // some are not there
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		op, got, want := r.IntN(9), 0, 0
		switch op {
		case 0, 1:
			got, err = db.Hide(t.Context(), ids...)
			want = h.hide(ids)
		case 2, 3:
			err = db.Unhide(t.Context(), ids...)
			h.unhide(ids)
		case 4:
			id := r.Int64N(n + 10)
			err = db.HideThrough(t.Context(), id)
			h.cleared = max(h.cleared, id)
		case 5:
			h.cleared = r.Int64N(n)
			err = db.SetCleared(t.Context(), h.cleared)
		case 6, 7:
			pinned := r.IntN(2) == 0
			got, err = db.PinAll(t.Context(), pinned, ids...)
			want = h.pin(ids, pinned)
		case 8:
			deleted := ids[:min(len(ids), 2)]
			_, err = db.Delete(t.Context(), deleted...)
			for _, id := range deleted {
				delete(h.rows, id)
			}
		}
		if err != nil || got != want {
			t.Fatalf("round %d, op %d: %d, %v, want %d", round, op, got, err, want)
		}
		for _, of := range []*DB{db, reader} {
			agrees(t, of, h, round, op)
		}
	}
}

// What was unpinned and is not cleared leaves nothing behind that every list would
// have to look at, and single rows are asked for by themselves.
func TestUnpinnedLeaveNothing(t *testing.T) {
	db := several(t, 5)
	for _, pinned := range []bool{true, false} {
		if n, err := db.PinAll(t.Context(), pinned, 1, 2, 3); n != 3 || err != nil {
			t.Fatalf("pinned %d, %v", n, err)
		}
	}
	if n := count(t, db, "spared"); n != 0 {
		t.Errorf("%d are spared, want none", n)
	}
	got := plan(t, db, "SELECT e.id FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value WHERE "+shown, "[1]")
	if !strings.Contains(got, "spared USING INTEGER PRIMARY KEY (rowid=?)") {
		t.Errorf("all that is spared is read for one row:\n%s", got)
	}
}

// agrees fails where a file lists or counts otherwise.
func agrees(t *testing.T, db *DB, h *hiding, round, op int) {
	t.Helper()
	want, pinned := h.list()
	all := make([]int64, 0, len(h.rows))
	for id := range h.rows {
		all = append(all, id)
	}
	slices.Sort(all)
	slices.Reverse(all)
	lists := map[string]func() ([]int64, error){
		"IDsOf":    func() ([]int64, error) { return db.IDsOf(t.Context(), Query{}) },
		"filter":   func() ([]int64, error) { return db.IDsOf(t.Context(), Query{Filter: filter(t, "path:*")}) },
		"facets":   func() ([]int64, error) { return db.IDsOf(t.Context(), Query{Filter: filter(t, "provider:klix")}) },
		"Matching": func() ([]int64, error) { return db.Matching(t.Context(), Query{}, all) },
		"Rows": func() ([]int64, error) {
			rows, err := db.Rows(t.Context(), all)
			return ids(rows), err
		},
		"Each": func() (got []int64, err error) {
			err = db.Each(t.Context(), Query{}, 0, func(x *capture.Exchange) error { got = append(got, x.ID); return nil })
			slices.Reverse(got)
			return got, err
		},
	}
	for name, list := range lists {
		if got, err := list(); err != nil || !slices.Equal(got, want) {
			t.Fatalf("round %d, op %d: %s has %v, %v, want %v", round, op, name, got, err, want)
		}
	}
	counts, err := db.Counts(t.Context(), 0)
	if err != nil || counts.Total != int64(len(want)) || counts.Pinned != pinned {
		t.Fatalf("round %d, op %d: counted %d and %d pinned, %v, want %d and %d", round, op, counts.Total, counts.Pinned, err, len(want), pinned)
	}
	if stats, err := db.SessionStats(t.Context(), 1); err != nil || stats.Exchanges != int64(len(want)) || stats.Bytes != int64(len(want)) {
		t.Fatalf("round %d, op %d: the session has %+v, %v, want %d", round, op, stats, err, len(want))
	}
}
