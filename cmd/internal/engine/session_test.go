package engine

import (
	"context"
	"errors"
	"slices"
	"testing"

	"hookglass/capture"
	"hookglass/store"
)

// TestSessionsFromOutside changes sessions as another process does, over the control
// socket, and imports a file so.
func TestSessionsFromOutside(t *testing.T) {
	path := shareFile(t, shareStarted(t), capture.Sharing{})
	told := make(chan struct{}, 100)
	config := Config{Folder: t.TempDir(), Limits: capture.DefaultLimits(), Getenv: environment(nil), SessionsChanged: func() { told <- struct{}{} }}
	changed := make(chan []int64, 100)
	config.CallbacksChanged = func(ids []int64) { changed <- ids }
	e, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close(context.WithoutCancel(t.Context())) }()
	if _, err := e.Listen(t.Context(), "127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	id, err := Apply(t.Context(), config, Change{Action: PutSession, Session: capture.Session{Name: " Second "}})
	if err != nil || id == 0 {
		t.Fatal(id, err)
	}
	<-told
	if _, err := Apply(t.Context(), config, Change{Action: ActivateSession, Session: capture.Session{ID: int64(id)}}); err != nil {
		t.Fatal(err)
	}
	<-told
	for _, change := range []Change{
		{Action: PutSession, Session: capture.Session{}},
		{Action: PutSession, Session: capture.Session{ID: int64(id), Name: "x", State: capture.SessionDeleted}}, // it is active
		{Action: PutSession, Session: capture.Session{ID: 99, Name: "x"}},
		{Action: ActivateSession, Session: capture.Session{ID: 99}},
		{Action: NoteCallbacks, IDs: []int64{99}, Note: "x"},
	} {
		if _, err := Apply(t.Context(), config, change); err == nil {
			t.Errorf("%+v was made", change)
		}
	}
	var opened *capture.Opening
	report, err := ImportIn(t.Context(), config, ImportJob{Path: path}, func(o *capture.Opening) { opened = o }, func(int64, int64) {})
	if err != nil || report.Kept != 3 || opened == nil || opened.Stats.Exchanges != 3 {
		t.Fatalf("got %+v, %+v (%v)", report, opened, err)
	}
	if _, err := ImportIn(t.Context(), config, ImportJob{Path: path + ".absent"}, func(*capture.Opening) {}, func(int64, int64) {}); err == nil {
		t.Error("a file that is not there was imported")
	}
	all, err := e.Store.Sessions(t.Context())
	if err != nil || len(all) != 3 || !all[1].Active || all[1].Name != "Second" {
		t.Errorf("got %+v (%v)", all, err)
	}
	rows, err := e.Store.List(t.Context(), store.Query{Session: report.Session.ID})
	if err != nil || len(rows) != 3 {
		t.Fatalf("got %d callbacks (%v)", len(rows), err)
	}
	remark := Change{Action: MarkCallbacks, IDs: []int64{rows[0].ID, rows[1].ID}, Mark: "red"}
	if n, err := Apply(t.Context(), config, remark); n != 2 || err != nil {
		t.Errorf("%d were marked (%v)", n, err)
	}
	remark = Change{Action: Delete, IDs: []int64{rows[2].ID}}
	if n, err := Apply(t.Context(), config, remark); n != 1 || err != nil {
		t.Errorf("%d were deleted (%v)", n, err)
	}
	for _, want := range [][]int64{{99}, {rows[0].ID, rows[1].ID}, {rows[2].ID}} { // the first there is not
		if got := <-changed; !slices.Equal(got, want) {
			t.Errorf("%v is said to have changed, want %v", got, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ImportIn(ctx, config, ImportJob{Path: path}, func(*capture.Opening) {}, func(int64, int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled import ends with %v", err)
	}
}
