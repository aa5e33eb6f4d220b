package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"hookglass/capture"
)

// fileOf are exchanges of a file, with the same UIDs each time.
func fileOf(session int64, n int) []*capture.Exchange {
	xs := make([]*capture.Exchange, n)
	for i := range xs {
		xs[i] = imported("x", session)
		xs[i].UID = fmt.Sprintf("018df974-d57b-721f-90fe-%012x", i)
	}
	return xs
}

// A file that is opened again adds nothing, in more than one step.
func TestCommitManyDuplicates(t *testing.T) {
	const n = 3*pruneRows + 7
	db := open(t, file(t), Options{})
	for i, want := range []int64{n, 0, 1} {
		s := session(t, db, "File", capture.SessionStaged)
		xs := fileOf(s.ID, n)
		if i == 2 {
			xs = append(xs, imported("new", s.ID), xs[0])
			again := *xs[0]
			xs[len(xs)-1] = &again
		}
		if err := db.CreateAll(t.Context(), xs); err != nil {
			t.Fatal(err)
		}
		twice, err := db.Duplicates(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		kept, dropped, err := db.CommitSession(t.Context(), s.ID)
		if err != nil || kept != want || dropped != int64(len(xs))-want || twice != dropped {
			t.Errorf("kept %d, dropped %d, duplicates %d, %v, want %d of %d", kept, dropped, twice, err, want, len(xs))
		}
	}
	if got := count(t, db, "exchange"); got != n+1 {
		t.Errorf("%d exchanges, want %d", got, n+1)
	}
}

// A session that was imported is not imported again: nothing of it goes.
func TestCommitTwice(t *testing.T) {
	db := open(t, file(t), Options{})
	here := create(t, db, arrival("a"))
	if _, err := db.Hide(t.Context(), here.ID); err != nil {
		t.Fatal(err)
	}
	s := session(t, db, "File", capture.SessionStaged)
	x := imported("x", s.ID)
	x.UID = here.UID
	if err := db.CreateAll(t.Context(), []*capture.Exchange{x}); err != nil {
		t.Fatal(err)
	}
	if kept, dropped, err := db.CommitSession(t.Context(), s.ID); err != nil || kept != 1 || dropped != 0 {
		t.Errorf("kept %d, dropped %d, %v", kept, dropped, err)
	}
	if err := db.Unhide(t.Context(), here.ID); err != nil {
		t.Fatal(err)
	}
	if _, dropped, err := db.CommitSession(t.Context(), s.ID); !errors.Is(err, ErrNotFound) || dropped != 0 {
		t.Errorf("the second time: dropped %d, %v", dropped, err)
	}
	wantList(t, db, Query{}, x.ID, here.ID)
}

// Who renames a session that he still takes for staged does not lose it.
func TestCommittedSessionsAreNotStagedAgain(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	s := session(t, db, "File", capture.SessionStaged)
	if err := db.CreateAll(t.Context(), fileOf(s.ID, 3)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.CommitSession(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	s.Name = "Renamed"
	if err := db.PutSession(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if got, want := sessions(t, db), []string{"First session open*", "Renamed open"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
