package viewmodel

import (
	"path/filepath"
	"testing"

	"hookglass/store"
)

// TestGoToBetween goes from a window of old callbacks to one that is newer than
// all of it, and older than all that the first window holds.
func TestGoToBetween(t *testing.T) {
	b := newListBench(t)
	b.List.limit = 8
	ids := b.comes(t, 40)
	b.List.load(span{before: ids[5]}, nil)
	b.tick()
	b.List.goToID(ids[19])
	b.tick()
	if b.List.current != ids[19] || !b.List.window.has(ids[19]) {
		t.Errorf("current %d, want %d; rows %s", b.List.current, ids[19], b.rows())
	}
}

// TestFlushIsTriedAgain asserts that what came while the store could not be read
// appears once it can.
func TestFlushIsTriedAgain(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 1)
	closed, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "closed.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	b.come(t, nil)
	db := b.backend.Store
	b.backend.Store = closed
	b.tick()
	if b.List.Problem == "" {
		t.Fatal("no problem is told")
	}
	b.backend.Store = db
	b.tick()
	b.wantRows(t, "/x/2 200; /x/1 200")
	if b.List.Problem != "" {
		t.Errorf("the problem stays: %s", b.List.Problem)
	}
}

// TestFloodWhilePaused asserts that nothing is lost when more comes during a
// pause than is remembered.
func TestFloodWhilePaused(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 2)
	b.List.Pause()
	for id := range int64(maxPending) {
		b.List.arrivals.put([]int64{1_000_000 + id})
	}
	b.comes(t, 3)
	b.tick()
	if got, want := b.List.PausedText(), "Paused. 3 callbacks came in meanwhile."; got != want {
		t.Errorf("strip %q, want %q", got, want)
	}
	b.wantRows(t, "/x/2 200; /x/1 200")
	b.List.Pause()
	b.tick()
	b.wantRows(t, "/x/5 200; /x/4 200; /x/3 200; /x/2 200; /x/1 200")
}

// TestRowsAreReadOnce asserts that rows of one page are asked for once.
func TestRowsAreReadOnce(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 30)
	b.List.cache.clear()
	for i := range 12 {
		b.List.Row(i)
	}
	if b.List.fetching != 1 {
		t.Errorf("%d readings of one page", b.List.fetching)
	}
	b.settle()
	if row := b.List.Row(3); row.Kind != RowCallback {
		t.Errorf("row %+v", row)
	}
}

// TestRowsThatChangeAreReadAgain has another page be read all the while: what was
// told of before a reading began is no reason to drop what it read.
func TestRowsThatChangeAreReadAgain(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 3)
	b.List.cache.clear()
	b.List.fetching++
	b.List.fetches = append(b.List.fetches, &rowsFetch{changed: map[int64]bool{ids[2]: true}})
	b.List.Row(0)
	b.settle()
	if row := b.List.Row(0); row.Kind != RowCallback {
		t.Errorf("row %+v", row)
	}
}

// TestDeleteTwice presses Delete again before the first one is done.
func TestDeleteTwice(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 3)
	b.List.Select(ids[2])
	b.List.Delete()
	b.List.Delete()
	b.tick()
	if b.Notices.Toast.Action != "Undo" {
		t.Errorf("toast %+v", b.Notices.Toast)
	}
	b.wantRows(t, ">/x/2 200; /x/1 200")
}
