package viewmodel

import (
	"strings"
	"testing"

	"hookglass/capture"
)

func TestMark(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 3)
	b.List.Tap(0, false, false)
	for _, want := range []capture.Mark{"red", "amber", "green", "blue", "", "red"} {
		if !b.Commands.Press("m") {
			t.Fatal("m does nothing")
		}
		b.tick()
		x, err := b.engine.Store.Exchange(t.Context(), ids[2])
		if err != nil || x.Mark != want {
			t.Errorf("mark %q, %v, want %q", x.Mark, err, want)
		}
	}
	if row := b.List.Row(0); row.Mark != Bad {
		t.Errorf("the row's mark is %v", row.Mark)
	}
	b.List.SelectAll()
	b.Commands.Press("m")
	b.tick()
	b.rows()
	for i := range 3 {
		if row := b.List.Row(i); row.Mark != Warn {
			t.Errorf("row %d has mark %v, want all to be the next one's", i, row.Mark)
		}
	}
	b.List.FilterNow("mark:amber")
	b.tick()
	if b.List.Len() != 3 {
		t.Errorf("%d are amber", b.List.Len())
	}
}

func TestNote(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 2)
	b.List.Tap(1, false, false)
	b.settle()
	r := b.Detail.Remark
	if !b.Commands.Press("n") || !r.Writing || r.Text != "" {
		t.Fatalf("n: writing %t, %q", r.Writing, r.Text)
	}
	r.Keep("  ask Hermes  ")
	b.tick()
	if x, err := b.engine.Store.Exchange(t.Context(), ids[0]); err != nil || x.Note != "ask Hermes" {
		t.Errorf("note %q, %v", x.Note, err)
	}
	if b.Detail.Page.Head.Remark != "ask Hermes" || b.Detail.Page.Overview.Note != "" { // once is enough
		t.Errorf("the detail tells %q and %q", b.Detail.Page.Head.Remark, b.Detail.Page.Overview.Note)
	}
	b.rows()
	if row := b.List.Row(1); !row.Note || !strings.Contains(row.Meta, "“ask Hermes”") {
		t.Errorf("row %+v", row)
	}
	long := strings.Repeat("ask Hermes again ", 8)
	r.Write()
	r.Keep(long)
	b.tick()
	if got := b.Detail.Page.Overview.Note; got != strings.TrimSpace(long) {
		t.Errorf("of a long note the overview tells %q", got)
	}
	r.Write()
	r.Keep("ask Hermes")
	b.tick()
	r.Write()
	r.Leave()
	b.tick()
	if r.Writing || b.Detail.Page.Head.Remark != "ask Hermes" {
		t.Error("Escape does not keep the note")
	}
	r.Write()
	b.List.Tap(0, false, false)
	b.settle()
	if r.Writing {
		t.Error("another callback is shown, and it is still written")
	}
	b.List.FilterNow("note:hermes")
	b.tick()
	if b.List.Len() != 1 {
		t.Errorf("%d have the note", b.List.Len())
	}
}
