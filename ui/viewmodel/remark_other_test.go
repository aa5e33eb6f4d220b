package viewmodel

import (
	"strings"
	"testing"
)

// TestCallbacksChangedElsewhere follows what another process says of callbacks: in
// the row, in the detail, in the counts and in what is filtered.
func TestCallbacksChangedElsewhere(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 3)
	b.List.Tap(1, false, false)
	b.settle()
	db := b.engine.Store
	tell := func(do func() error, ids ...int64) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		b.CallbacksChanged(ids)
		b.tick()
		b.rows()
	}
	tell(func() error { return db.SetMark(t.Context(), ids[1], "red") }, ids[1])
	if row := b.List.Row(1); row.Mark != Bad {
		t.Errorf("the row's mark is %v", row.Mark)
	}
	tell(func() error { return db.SetNote(t.Context(), ids[1], "ask Hermes") }, ids[1])
	if row := b.List.Row(1); !row.Note || !strings.Contains(row.Meta, "ask Hermes") || b.Detail.Page.Head.Remark != "ask Hermes" {
		t.Errorf("row %+v, detail %q", row, b.Detail.Page.Head.Remark)
	}
	tell(func() error { return db.Pin(t.Context(), ids[1], true) }, ids[1])
	if row := b.List.Row(1); !row.Pinned || !b.Detail.Page.Head.Pinned || b.Sidebar.counts.Pinned != 1 {
		t.Errorf("row %+v, detail pinned %v, %d pinned", row, b.Detail.Page.Head.Pinned, b.Sidebar.counts.Pinned)
	}
	tell(func() error { _, err := db.Delete(t.Context(), ids[0]); return err }, ids[0])
	if b.List.Len() != 2 || b.Sidebar.counts.Total != 2 {
		t.Errorf("%d rows, %d callbacks", b.List.Len(), b.Sidebar.counts.Total)
	}
	b.List.FilterNow("pinned")
	b.tick()
	tell(func() error { return db.Pin(t.Context(), ids[2], true) }, ids[2])
	if b.List.Len() != 2 {
		t.Errorf("%d pinned are listed", b.List.Len())
	}
}

// A note that is being written is kept where another callback is shown instead.
func TestNoteIsKeptOnLeaving(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 2)
	b.List.Select(ids[0])
	b.settle()
	r := b.Detail.Remark
	r.Write()
	r.Type("ask Hermes ")
	b.List.Select(ids[1])
	b.tick()
	x, err := b.engine.Store.Exchange(t.Context(), ids[0])
	if err != nil || x.Note != "ask Hermes" || r.Writing || b.Notices.Toast.Text != "The note was kept." {
		t.Errorf("note %q, %v, writing %t, said %q", x.Note, err, r.Writing, b.Notices.Toast.Text)
	}
	r.Write()
	r.Type("no")
	r.Leave()
	b.List.Select(ids[0])
	b.tick()
	if x, err := b.engine.Store.Exchange(t.Context(), ids[1]); err != nil || x.Note != "" {
		t.Errorf("note %q, %v after Escape", x.Note, err)
	}
}
