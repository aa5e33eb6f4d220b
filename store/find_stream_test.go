package store

import (
	"testing"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// ofAFile keeps so many exchanges of a file, valid ones of klix, in a session.
func ofAFile(t testing.TB, db *DB, session int64, n int) {
	t.Helper()
	xs := make([]*capture.Exchange, n)
	for i := range xs {
		xs[i] = imported("x", session)
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
}

// An exchange whose verdict changes while a list is read is in the list once,
// however long that takes: of a known combination, and of a new one.
func TestFindWhileFacetsChange(t *testing.T) {
	db := open(t, file(t), Options{})
	s := session(t, db, "Other", "")
	ofAFile(t, db, 1, 2*fewIDs)
	x := imported("x", 1)
	x.Annotation.Verification.Status = capture.Invalid
	if err := db.CreateAll(t.Context(), []*capture.Exchange{x}); err != nil {
		t.Fatal(err)
	}
	ofAFile(t, db, s.ID, 10)
	for i, status := range []capture.Status{capture.Invalid, capture.Malformed, capture.Unsigned} {
		n := 0
		if err := db.Find(t.Context(), Query{Session: 1, Ascending: true}, func(f Found) error {
			if n == 0 {
				x := load(t, db, int64(2*fewIDs-10-i))
				x.Annotation.Verification.Status = status
				if err := db.Reannotate(t.Context(), x); err != nil {
					return err
				}
				flush(t, db)
			}
			n += len(f.IDs)
			return nil
		}); err != nil || n != 2*fewIDs+1 {
			t.Errorf("%s: found %d, %v, want %d", status, n, err, 2*fewIDs+1)
		}
	}
}

// Who takes his time with what was found does not keep the log from being merged
// into the file.
func TestFindHoldsNoLog(t *testing.T) {
	db := open(t, file(t), Options{})
	s := session(t, db, "Other", "")
	ofAFile(t, db, 1, 2*fewIDs)
	ofAFile(t, db, s.ID, 10)
	conn, err := connect(fileURL(db.Path(), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	looked := false
	if err := db.Find(t.Context(), Query{Session: 1}, func(f Found) error {
		if f.Done {
			return nil
		}
		looked = true
		create(t, db, arrival("a"))
		busy, err := queryInt(conn.(*sqlite3.SQLiteConn), "PRAGMA wal_checkpoint(RESTART)")
		if err != nil || busy != 0 {
			t.Errorf("busy %d, %v", busy, err)
		}
		return nil
	}); err != nil || !looked {
		t.Errorf("looked: %t, %v", looked, err)
	}
}

// What is pinned is found, however much it is.
func TestFindManyPinned(t *testing.T) {
	db := open(t, file(t), Options{})
	xs := make([]*capture.Exchange, fewIDs+10)
	for i := range xs {
		xs[i] = imported("x", 1)
		xs[i].Pinned = true
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	got, err := db.IDsOf(t.Context(), Query{Pinned: true})
	if err != nil || len(got) != len(xs) {
		t.Errorf("found %d, %v, want %d", len(got), err, len(xs))
	}
}
