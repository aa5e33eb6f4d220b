package store

import (
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// A session that is a small part of the file is sought by its facets, and counted
// like one that is read from end to end.
func TestSessionStatsOfFewAmongMany(t *testing.T) {
	db := open(t, file(t), Options{})
	few := session(t, db, "Few", "")
	old := time.Date(2024, 3, 1, 10, 0, 0, 0, time.UTC)
	kinds(t, db, few.ID, old)
	for range 20 {
		kinds(t, db, 1, old.Add(time.Hour))
	}
	for _, test := range []struct {
		session, count int64
		from           string
		received       time.Time
	}{{few.ID, 9, fromFacets, old}, {1, 180, fromRows, old.Add(time.Hour)}} {
		if from, err := db.fromSession(t.Context(), test.session); err != nil || from != test.from {
			t.Errorf("session %d is read %q, %v, want %q", test.session, from, err, test.from)
		}
		s, err := db.SessionStats(t.Context(), test.session)
		if want := (capture.SessionStats{Exchanges: test.count, Bytes: 4 * test.count, Failed: test.count / 3, First: test.received, Last: test.received}); err != nil || s != want {
			t.Errorf("session %d: got %+v, %v, want %+v", test.session, s, err, want)
		}
		for _, keep := range []capture.Keep{{Exchanges: 4}, {Bytes: 4 * (rowOverhead + 4)}} {
			n, bytes, through, err := db.WouldDrop(t.Context(), test.session, keep)
			want := test.count - 4
			if keep.Bytes > 0 {
				want++ // 1 % less
			}
			if err != nil || n != want || bytes != n*(rowOverhead+4) || !through.Equal(test.received) {
				t.Errorf("session %d would drop %d with %d bytes through %v, %v, want %d", test.session, n, bytes, through, err, want)
			}
		}
	}
}

// What is done with many is what is done with each of them, and leaves out those
// that are gone.
func TestPinAllAndMarkAll(t *testing.T) {
	db := several(t, 5)
	hide(t, db, 1, 2)
	ids := []int64{2, 3, 4, 99}
	if n, err := db.PinAll(t.Context(), true, ids...); n != 3 || err != nil {
		t.Errorf("pinned %d, %v, want 3", n, err)
	}
	if err := db.MarkAll(t.Context(), "red", ids...); err != nil {
		t.Error(err)
	}
	wantList(t, db, Query{Pinned: true}, 4, 3, 2)
	wantList(t, db, Query{Filter: filter(t, "mark:red")}, 4, 3, 2)
	hideThrough(t, db, 5)
	wantList(t, db, Query{}, 4, 3, 2)
	if n, err := db.PinAll(t.Context(), false, 3, 4); n != 2 || err != nil {
		t.Errorf("unpinned %d, %v, want 2", n, err)
	}
	hide(t, db, 1, 4)
	wantList(t, db, Query{}, 3, 2)
	unhide(t, db, 4)
	wantList(t, db, Query{}, 4, 3, 2)
	if err := db.MarkAll(t.Context(), "pink", 2); err == nil {
		t.Error("there is no pink")
	}
}

// What the list has found is not searched again, but where facets tell more.
func TestHistogramOfWhatIsListed(t *testing.T) {
	db, _ := overviewed(t, false)
	for _, test := range []struct {
		filter string
		count  int64
		more   bool
	}{{"path:*", 3, true}, {"provider:klix", 200, false}} {
		listed := &Listed{IDs: []int64{101, 200, 600}, More: true} // of the first the proof failed
		h, err := db.HistogramOf(t.Context(), Query{Filter: filter(t, test.filter)}, 10, listed)
		if err != nil {
			t.Fatal(err)
		}
		var count int64
		for _, bar := range h.Bars {
			count += bar.Count
		}
		if count != test.count || h.AtLeast != test.more || !slices.Equal(listed.IDs, []int64{101, 200, 600}) {
			t.Errorf("%s counts %d, at least: %t, of %v, want %d, %t", test.filter, count, h.AtLeast, listed.IDs, test.count, test.more)
		}
	}
}
