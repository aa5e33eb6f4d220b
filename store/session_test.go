package store

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// session adds a session.
func session(t testing.TB, db *DB, name string, state capture.SessionState) *capture.Session {
	t.Helper()
	s := &capture.Session{Name: name, State: state}
	if err := db.PutSession(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

func activate(t testing.TB, db *DB, id int64) {
	t.Helper()
	if err := db.ActivateSession(context.Background(), id); err != nil {
		t.Fatal(err)
	}
}

// sessions are all of them by name and state, the active one with a star.
func sessions(t testing.TB, db *DB) (list []string) {
	t.Helper()
	all, err := db.Sessions(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		star := ""
		if s.Active {
			star = "*"
		}
		list = append(list, s.Name+" "+string(s.State)+star)
	}
	return list
}

func wantList(t testing.TB, db *DB, q Query, want ...int64) {
	t.Helper()
	got, err := db.IDsOf(context.Background(), q)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("session %d, filter %q: got %v, %v, want %v", q.Session, q.Filter, got, err, want)
	}
}

func TestSessions(t *testing.T) {
	db := open(t, file(t), Options{})
	s := &capture.Session{
		Name: "Komet", Note: "a note", Keep: capture.Keep{Exchanges: 1000, Bytes: 1 << 20, Age: time.Hour},
		Created: time.Unix(1700000000, 0).UTC(),
		Origin:  &capture.SessionOrigin{File: "a.hookglass", Format: "bundle", Shared: time.Unix(1600000000, 0).UTC()},
	}
	if err := db.PutSession(t.Context(), s); err != nil || s.ID != 2 {
		t.Fatalf("session %d, %v", s.ID, err)
	}
	all, err := db.Sessions(t.Context())
	if err != nil || len(all) != 2 || !reflect.DeepEqual(all[1], *s) {
		t.Errorf("got %+v, %v, want %+v", all, err, s)
	}
	first := create(t, db, arrival("a"))
	activate(t, db, 2)
	second := create(t, db, annotate(arrival("b"), "klix", "d", capture.Invalid))
	if first.Session != 1 || second.Session != 2 {
		t.Errorf("sessions %d, %d, want 1, 2", first.Session, second.Session)
	}
	// What was on its way when another session became active stays where it was.
	update(t, db, annotate(clone(first), "klix", "d", capture.Valid))
	if x := load(t, db, 1); x.Session != 1 || x.Annotation.Provider != "klix" {
		t.Errorf("exchange 1 is of session %d, %s", x.Session, x.Annotation.Provider)
	}
	wantList(t, db, Query{}, 2, 1)
	wantList(t, db, Query{Session: 1}, 1)
	wantList(t, db, Query{Session: 2, Filter: filter(t, "verified:invalid")}, 2)
	stats, err := db.SessionStats(t.Context(), 2)
	if want := (capture.SessionStats{Exchanges: 1, Bytes: 1, Failed: 1, First: second.Request.Received, Last: second.Request.Received}); err != nil || stats != want {
		t.Errorf("stats %+v, %v, want %+v", stats, err, want)
	}
	if stats, err := db.SessionStats(t.Context(), 3); err != nil || stats != (capture.SessionStats{}) {
		t.Errorf("stats of none: %+v, %v", stats, err)
	}
	for name, err := range map[string]error{
		"archiving the active one": db.PutSession(t.Context(), &capture.Session{ID: 2, State: capture.SessionArchived}),
		"removing the active one":  db.RemoveSession(t.Context(), 2),
	} {
		if !errors.Is(err, ErrActiveSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"changing none":   db.PutSession(t.Context(), &capture.Session{ID: 9}),
		"activating none": db.ActivateSession(t.Context(), 9),
		"removing none":   db.RemoveSession(t.Context(), 9),
	} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	archived := all[0]
	archived.State = capture.SessionArchived
	if err := db.PutSession(t.Context(), &archived); err != nil {
		t.Fatal(err)
	}
	activate(t, db, 1)
	if got, want := sessions(t, db), []string{"First session open*", "Komet open"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Deletion can be taken back until the next start, and what was staged goes then.
func TestDeletedSessions(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	for range 3 {
		create(t, db, arrival("first"))
	}
	deleted := session(t, db, "Deleted", capture.SessionOpen)
	activate(t, db, deleted.ID)
	pinned := arrival("b")
	pinned.Pinned = true
	for range 2 * pruneRows {
		create(t, db, arrival("b"))
	}
	create(t, db, pinned)
	activate(t, db, 1)
	staged := session(t, db, "Staged", capture.SessionStaged)
	if err := db.CreateAll(t.Context(), []*capture.Exchange{imported("x", staged.ID)}); err != nil {
		t.Fatal(err)
	}
	deleted.State = capture.SessionDeleted
	if err := db.PutSession(t.Context(), deleted); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, Query{}, 3, 2, 1)
	if counts, err := db.Counts(t.Context(), 0); err != nil || counts.Total != 3 || counts.Pinned != 0 {
		t.Errorf("counts %d, %d pinned, %v", counts.Total, counts.Pinned, err)
	}
	deleted.State = capture.SessionOpen
	if err := db.PutSession(t.Context(), deleted); err != nil {
		t.Fatal(err)
	}
	if counts, err := db.Counts(t.Context(), 0); err != nil || counts.Total != 3+2*pruneRows+1 || counts.Pinned != 1 {
		t.Errorf("after undo: counts %d, %d pinned, %v", counts.Total, counts.Pinned, err)
	}
	deleted.State = capture.SessionDeleted
	if err := db.PutSession(t.Context(), deleted); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	if got, want := sessions(t, db), []string{"First session open*"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	wantList(t, db, Query{}, 3, 2, 1)
	if err := db.PutSession(t.Context(), deleted); !errors.Is(err, ErrNotFound) {
		t.Errorf("undo after the next start: %v", err)
	}
	if _, err := db.Purge(t.Context()); err != nil { // whatever is left of it
		t.Fatal(err)
	}
	for table, want := range map[string]int64{"exchange": 3, "session": 1, "imported": 0, "message": 3, "facet": 1} {
		if got := count(t, db, table); got != want {
			t.Errorf("%s has %d rows, want %d", table, got, want)
		}
	}
	again := session(t, db, "Again", "")
	if again.ID <= staged.ID {
		t.Errorf("the session's id %d was given before", again.ID)
	}
}

func TestRemoveSession(t *testing.T) {
	db := open(t, file(t), Options{})
	create(t, db, arrival("a"))
	s := session(t, db, "Imported", capture.SessionStaged)
	var xs []*capture.Exchange
	for range 2*importRows + 10 {
		xs = append(xs, imported("x", s.ID))
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, Query{}, 1)
	if err := db.RemoveSession(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "exchange"); n != 1 {
		t.Errorf("%d exchanges, want 1", n)
	}
	if err := db.CreateAll(t.Context(), xs[:1]); !errors.Is(err, ErrNotFound) {
		t.Errorf("into a session that is gone: %v", err)
	}
	if x := create(t, db, arrival("b")); x.ID <= xs[len(xs)-1].ID {
		t.Errorf("id %d was given before", x.ID)
	}
}

func TestSavedFilters(t *testing.T) {
	db := open(t, file(t), Options{})
	a, b := &SavedFilter{Name: "A", Text: "provider:klix", Place: 2}, &SavedFilter{Name: "B", Text: "size:>1", Place: 1}
	for _, f := range []*SavedFilter{a, b} {
		if err := db.PutSavedFilter(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	a.Name = "A again"
	if err := db.PutSavedFilter(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got, err := db.SavedFilters(t.Context()); err != nil || !slices.Equal(got, []SavedFilter{*b, *a}) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := db.RemoveSavedFilter(t.Context(), b.ID); err != nil {
		t.Fatal(err)
	}
	if err := db.PutSavedFilter(t.Context(), b); !errors.Is(err, ErrNotFound) {
		t.Errorf("changing what is gone: %v", err)
	}
}

func TestRemarks(t *testing.T) {
	db := open(t, file(t), Options{})
	x := arrival("a")
	x.Mark, x.Note = "red", "from the start"
	create(t, db, x)
	create(t, db, arrival("b"))
	for _, err := range []error{
		db.SetMark(t.Context(), 2, "blue"), db.SetNote(t.Context(), 2, "look \x1b[31m"), db.SetMark(t.Context(), 2, "green"), db.SetNote(t.Context(), 1, "other"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	list, err := db.List(t.Context(), Query{})
	if err != nil || list[0].Mark != "green" || list[0].Note != "look \x1b[31m" || list[1].Mark != "red" || list[1].Note != "other" {
		t.Errorf("got %+v, %v", list, err)
	}
	if x := load(t, db, 2); x.Mark != "green" || x.Note != "look \x1b[31m" {
		t.Errorf("got %q, %q", x.Mark, x.Note)
	}
	for _, err := range []error{db.SetMark(t.Context(), 2, ""), db.SetNote(t.Context(), 2, "")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, db, "remark"); n != 1 {
		t.Errorf("%d remarks, want 1", n)
	}
	for name, err := range map[string]error{"mark": db.SetMark(t.Context(), 9, "red"), "note": db.SetNote(t.Context(), 9, "x")} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("a %s of none: %v", name, err)
		}
	}
	if db.SetMark(t.Context(), 1, "mauve") == nil {
		t.Error("a mark that there is not was set")
	}
	if _, err := db.Delete(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "remark"); n != 0 {
		t.Errorf("%d remarks, want none", n)
	}
}

// A session is counted as it stands at one moment, whatever comes and goes
// meanwhile: nothing of it is the middle of a change.
func TestSessionStatsAreOfOneMoment(t *testing.T) {
	db := open(t, file(t), Options{})
	var ids []int64
	for range 20 {
		ids = append(ids, create(t, db, annotate(arrival("b"), "klix", "d", capture.Invalid)).ID)
	}
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if _, err := db.Hide(context.Background(), ids...); err != nil {
				stopped <- err
				return
			}
			if err := db.Unhide(context.Background(), ids...); err != nil {
				stopped <- err
				return
			}
		}
	}()
	for range 500 {
		s, err := db.SessionStats(t.Context(), 1)
		if err != nil {
			t.Error(err)
			break
		}
		if (s.Exchanges != 0 && s.Exchanges != 20) || s.Bytes != s.Exchanges || s.Failed != s.Exchanges || s.First.IsZero() != (s.Exchanges == 0) {
			t.Errorf("the middle of a change: %+v", s)
			break
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
