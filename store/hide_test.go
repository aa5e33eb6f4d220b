package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// several makes a file with n exchanges.
func several(t *testing.T, n int) *DB {
	t.Helper()
	db := open(t, file(t), Options{})
	for range n {
		create(t, db, annotate(arrival("b"), "klix", "d", capture.Valid))
	}
	return db
}

func hide(t *testing.T, db *DB, want int, ids ...int64) {
	t.Helper()
	if n, err := db.Hide(t.Context(), ids...); err != nil || n != want {
		t.Errorf("Hide(%v) = %d, %v, want %d", ids, n, err, want)
	}
}

func pin(t *testing.T, db *DB, id int64, pinned bool) {
	t.Helper()
	if err := db.Pin(t.Context(), id, pinned); err != nil {
		t.Fatal(err)
	}
}

func unhide(t *testing.T, db *DB, ids ...int64) {
	t.Helper()
	if err := db.Unhide(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
}

func hideThrough(t *testing.T, db *DB, id int64) {
	t.Helper()
	if err := db.HideThrough(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func setCleared(t *testing.T, db *DB, id int64) {
	t.Helper()
	if err := db.SetCleared(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

// shows checks every way of listing.
func shows(t *testing.T, db *DB, want ...int64) {
	t.Helper()
	ctx := t.Context()
	if got, err := db.IDsOf(ctx, Query{}); err != nil || !slices.Equal(got, want) {
		t.Errorf("IDsOf = %v, %v, want %v", got, err, want)
	}
	if list, err := db.List(ctx, Query{}); err != nil || !slices.Equal(ids(list), want) {
		t.Errorf("List = %v, %v, want %v", ids(list), err, want)
	}
	everything := []int64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	if rows, err := db.Rows(ctx, everything); err != nil || !slices.Equal(ids(rows), want) {
		t.Errorf("Rows = %v, %v, want %v", ids(rows), err, want)
	}
	if got, err := db.Matching(ctx, Query{}, everything); err != nil || !slices.Equal(got, want) {
		t.Errorf("Matching = %v, %v, want %v", got, err, want)
	}
	if counts, err := db.Counts(ctx, 0); err != nil || counts.Total != int64(len(want)) {
		t.Errorf("Counts = %+v, %v, want %d", counts, err, len(want))
	}
	slices.Reverse(want)
	if got, err := db.IDsOf(ctx, Query{Ascending: true}); err != nil || !slices.Equal(got, want) {
		t.Errorf("IDsOf, ascending = %v, %v, want %v", got, err, want)
	}
}

func TestHide(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, db *DB)
		want []int64
	}{
		{"nothing", func(*testing.T, *DB) {}, []int64{5, 4, 3, 2, 1}},
		{"two", func(t *testing.T, db *DB) { hide(t, db, 2, 2, 4) }, []int64{5, 3, 1}},
		{"twice", func(t *testing.T, db *DB) { hide(t, db, 1, 2); hide(t, db, 0, 2) }, []int64{5, 4, 3, 1}},
		{"what is not there", func(t *testing.T, db *DB) { hide(t, db, 0, 99) }, []int64{5, 4, 3, 2, 1}},
		{"a pinned one", func(t *testing.T, db *DB) { pin(t, db, 2, true); hide(t, db, 1, 1, 2) }, []int64{5, 4, 3, 2}},
		{"undone", func(t *testing.T, db *DB) { hide(t, db, 3, 1, 2, 3); unhide(t, db, 1, 3, 99) }, []int64{5, 4, 3, 1}},
		{"pinned after", func(t *testing.T, db *DB) { hide(t, db, 1, 2); pin(t, db, 2, true) }, []int64{5, 4, 3, 2, 1}},
		{"clear", func(t *testing.T, db *DB) { hideThrough(t, db, 3) }, []int64{5, 4}},
		{"clear less", func(t *testing.T, db *DB) { hideThrough(t, db, 3); hideThrough(t, db, 1) }, []int64{5, 4}},
		{"clear with a pinned one", func(t *testing.T, db *DB) { pin(t, db, 2, true); hideThrough(t, db, 4) }, []int64{5, 2}},
		{"clear undone", func(t *testing.T, db *DB) { hideThrough(t, db, 4); setCleared(t, db, 0) }, []int64{5, 4, 3, 2, 1}},
		{"pinned after clear", func(t *testing.T, db *DB) { hideThrough(t, db, 4); pin(t, db, 2, true) }, []int64{5, 2}},
		{"unpinned before clear", func(t *testing.T, db *DB) { pin(t, db, 2, true); pin(t, db, 2, false); hideThrough(t, db, 4) }, []int64{5}},
		{"unpinned after clear", func(t *testing.T, db *DB) { pin(t, db, 2, true); hideThrough(t, db, 4); pin(t, db, 2, false) }, []int64{5, 2}},
		{"hidden then", func(t *testing.T, db *DB) {
			pin(t, db, 2, true)
			hideThrough(t, db, 3)
			pin(t, db, 2, false)
			hide(t, db, 1, 2)
		}, []int64{5, 4}},
		{"and shown again", func(t *testing.T, db *DB) {
			pin(t, db, 2, true)
			hideThrough(t, db, 3)
			pin(t, db, 2, false)
			hide(t, db, 1, 2)
			unhide(t, db, 2)
		}, []int64{5, 4, 2}},
		{"cleared again and undone", func(t *testing.T, db *DB) {
			pin(t, db, 2, true)
			hideThrough(t, db, 3)
			pin(t, db, 2, false)
			hideThrough(t, db, 4)
			setCleared(t, db, 3)
		}, []int64{5, 4, 2}},
		{"cleared again", func(t *testing.T, db *DB) {
			pin(t, db, 2, true)
			hideThrough(t, db, 3)
			pin(t, db, 2, false)
			hideThrough(t, db, 4)
		}, []int64{5}},
		{"hidden, then cleared, then shown", func(t *testing.T, db *DB) { hide(t, db, 1, 2); hideThrough(t, db, 3); unhide(t, db, 2) }, []int64{5, 4, 2}},
		{"what is cleared is not hidden", func(t *testing.T, db *DB) { hideThrough(t, db, 3); hide(t, db, 1, 2, 5) }, []int64{4}},
		{"a new one", func(t *testing.T, db *DB) { hideThrough(t, db, 5); create(t, db, arrival("b")) }, []int64{6}},
		{"a new pinned one", func(t *testing.T, db *DB) {
			x := arrival("b")
			x.Pinned = true
			create(t, db, x)
			hideThrough(t, db, 6)
		}, []int64{6}},
		{"purged", func(t *testing.T, db *DB) {
			pin(t, db, 1, true)
			hideThrough(t, db, 3)
			hide(t, db, 1, 5)
			purge(t, db, 3)
			setCleared(t, db, 0)
			unhide(t, db, 5)
		}, []int64{4, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := several(t, 5)
			shows(t, db, 5, 4, 3, 2, 1) // and counts
			tt.do(t, db)
			shows(t, db, tt.want...)
		})
	}
}

func purge(t *testing.T, db *DB, want int) {
	t.Helper()
	if n, err := db.Purge(t.Context()); err != nil || n != want {
		t.Errorf("Purge = %d, %v, want %d", n, err, want)
	}
}

func TestHideManyAtOnce(t *testing.T) {
	const n = hideRows + 10
	db := several(t, n)
	var all []int64
	for id := int64(1); id <= n; id++ {
		all = append(all, id)
	}
	hide(t, db, n, all...)
	shows(t, db)
	unhide(t, db, all[5:]...)
	if got, err := db.IDsOf(t.Context(), Query{Limit: 2}); err != nil || !slices.Equal(got, []int64{n, n - 1}) {
		t.Errorf("IDsOf = %v, %v", got, err)
	}
	purge(t, db, 5)
	hideThrough(t, db, n)
	purge(t, db, n-5)
}

func TestPinUnknown(t *testing.T) {
	if err := several(t, 1).Pin(t.Context(), 2, true); !errors.Is(err, ErrNotFound) {
		t.Errorf("Pin = %v, want ErrNotFound", err)
	}
}

func TestPurgeEndsWithItsContext(t *testing.T) {
	db := several(t, 3)
	hide(t, db, 1, 2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := db.Purge(ctx); n != 0 || err != nil {
		t.Errorf("Purge = %d, %v, want nothing", n, err)
	}
}

// The next process removes what this one hid, and cannot bring it back.
func TestThePurgeOfTheNextProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	db := open(t, path, Options{})
	for range pruneRows + 8 {
		create(t, db, annotate(arrival("b"), "klix", "d", capture.Valid))
	}
	pin(t, db, 3, true)
	hideThrough(t, db, pruneRows+2)
	hide(t, db, 1, pruneRows+5)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db = open(t, path, Options{})
	setCleared(t, db, 0) // too late
	hide(t, db, 1, pruneRows+7)
	want := []int64{pruneRows + 8, pruneRows + 6, pruneRows + 4, pruneRows + 3, 3}
	if got, err := db.IDsOf(t.Context(), Query{}); err != nil || !slices.Equal(got, want) {
		t.Errorf("IDsOf = %v, %v, want %v", got, err, want)
	}
	deadline, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for gone := false; !gone; {
		// Each call is a turn of the writer, which purges after it.
		if err := db.call(deadline, func(w *writer) error { gone = !w.purger.due; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := db.Stats(t.Context()); err != nil || s.Exchanges != 6 {
		t.Errorf("%+v, %v, want 6 that are left", s, err)
	}
	unhide(t, db, pruneRows+7)
	if _, err := db.Exchange(t.Context(), pruneRows+7); err != nil {
		t.Errorf("what this process hid: %v", err)
	}
	if _, err := db.Exchange(t.Context(), 3); err != nil {
		t.Errorf("the pinned one: %v", err)
	}
	for _, id := range []int64{1, pruneRows + 2, pruneRows + 5} {
		if _, err := db.Exchange(t.Context(), id); !errors.Is(err, ErrNotFound) {
			t.Errorf("exchange %d: %v, want ErrNotFound", id, err)
		}
	}
}

// None of these reads every exchange.
func TestHidePlans(t *testing.T) {
	db := several(t, 1)
	for name, query := range map[string]string{
		"hidden ones to purge":  purgeHidden,
		"covered ones to purge": purgeCovered,
		"the attempt before":    "SELECT e.id" + ofDeliveryShown + "AND e.id < ? ORDER BY e.id DESC LIMIT 1",
		"resends":               "SELECT e.id FROM replay r CROSS JOIN exchange e ON e.id = r.id WHERE r.origin = ? AND " + shown + " ORDER BY r.id DESC LIMIT ?",
		"rows":                  "SELECT e.id FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value WHERE " + shown,
	} {
		args := make([]any, strings.Count(query, "?"))
		if name == "covered ones to purge" {
			args = args[:2]
		}
		got := plan(t, db, query, args...)
		for _, scan := range []string{"SCAN e\n", "SCAN exchange", "TEMP B-TREE"} {
			if strings.Contains(got, scan) {
				t.Errorf("plan for %s:\n%s", name, got)
			}
		}
	}
}

func TestPreviousSkipsWhatIsHidden(t *testing.T) {
	db := several(t, 3)
	hide(t, db, 1, 2)
	if id, err := db.Previous(t.Context(), load(t, db, 3)); err != nil || id != 1 {
		t.Errorf("Previous = %d, %v, want 1", id, err)
	}
}
