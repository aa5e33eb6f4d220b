package viewmodel

import (
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// TestComparePartners compares one callback with what belongs to it, and two that
// are selected with each other.
func TestComparePartners(t *testing.T) {
	b := newListBench(t)
	dispatched := b.sentBy(t, "kornitx/dispatched").request
	first := b.record(t, dispatched, nil)
	second := b.record(t, dispatched, nil)
	resend := func(answer int) int64 {
		return b.record(t, dispatched, func(x *capture.Exchange) {
			x.Via, x.Origin, x.Request.Target = capture.ViaReplay, second, "http://localhost:3000/x"
			x.Response = &capture.Response{Status: answer, By: capture.ByTarget}
		})
	}
	alone := b.record(t, posted("text/plain", "nothing"), nil)
	b.tick()
	press := func(ids ...int64) [2]int64 {
		t.Helper()
		b.Open(NoDialog)
		b.List.Select(ids[0])
		for _, id := range ids[1:] {
			b.List.toggle(id)
		}
		if !b.Commands.Press("d") {
			t.Fatal("d does nothing")
		}
		b.settle()
		return [2]int64{b.Compare.Sides[0].ID, b.Compare.Sides[1].ID}
	}
	if got, want := press(second), ([2]int64{first, second}); got != want || b.Dialog != DialogCompare {
		t.Errorf("the attempt before: %v, want %v", got, want)
	}
	if got := press(alone); got != [2]int64{} || b.Dialog != NoDialog || !strings.Contains(b.Notices.Toast.Text, "Select a second one") {
		t.Errorf("alone: %v, %q", got, b.Notices.Toast.Text)
	}
	if got, want := press(alone, first), ([2]int64{first, alone}); got != want {
		t.Errorf("two: %v, want %v", got, want)
	}
	if got := press(alone, first, second); got != [2]int64{} || !strings.Contains(b.Notices.Toast.Text, "3 callbacks are selected") {
		t.Errorf("three: %v, %q", got, b.Notices.Toast.Text)
	}
	failed, fixed := resend(500), resend(200)
	b.Detail.Refresh()
	b.tick()
	if got := press(second); got != [2]int64{} || b.Dialog != DialogCompareWith || len(b.Compare.With) != 3 {
		t.Fatalf("several: %v, %+v", got, b.Compare.With)
	}
	if got := b.Compare.Find("resend 500"); len(got) != 1 || got[0] != 2 {
		t.Errorf("found %v in %+v", got, b.Compare.With)
	}
	b.Compare.Pick(1)
	b.settle()
	if got, want := b.Compare.Sides[1], "resent to http://localhost:3000/x"; got.ID != fixed || got.Note != want || b.Compare.Sides[0].ID != second {
		t.Errorf("its newest resend: %+v", b.Compare.Sides)
	}
	press(failed)
	if with := b.Compare.With; len(with) == 0 || with[0].first != second || with[0].second != failed {
		t.Errorf("a resend: %+v", with)
	}
	b.Compare.Open(second, failed)
	b.settle()
	b.Compare.GoTo(0)
	b.settle()
	if b.Detail.ID != second || b.Dialog != NoDialog || b.Compare.Ready() {
		t.Errorf("callback %d is shown, dialog %v", b.Detail.ID, b.Dialog)
	}
}

// TestCompareEnds closes the dialog at every step, and lets a callback be gone.
func TestCompareEnds(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	one, two := b.record(t, posted("text/plain", "a"), nil), b.record(t, posted("text/plain", "b"), nil)
	c := b.Compare
	for steps := range 3 { // reading, comparing, shown
		c.Open(one, two)
		for range steps {
			b.jobs.Wait()
			b.pump.drain()
		}
		c.Close()
		b.settle()
		if c.Ready() || c.Len() != 0 || c.Busy != "" || c.ids != [2]int64{} || c.pair != [2]*material{} || c.Sides[0].ID != 0 {
			t.Errorf("after %d steps: ready %v, %d rows, %q, %v", steps, c.Ready(), c.Len(), c.Busy, c.ids)
		}
	}
	c.Open(one, two+10)
	b.settle()
	if !strings.Contains(c.Problem, "gone") || c.Ready() {
		t.Errorf("problem %q", c.Problem)
	}
	for _, key := range []string{"n", "Return", "c"} {
		if c.Key(key) {
			t.Errorf("%s does something where nothing is compared", key)
		}
	}
	c.NextChange(1)
	c.Move(3)
	c.Press(0)
	c.CopyRow()
}

// TestCompareTellsWhatRuns says what is done where that takes longer than a blink,
// and only then.
func TestCompareTellsWhatRuns(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	var timers []func()
	b.Detail.after = func(_ time.Duration, f func()) func() bool {
		timers = append(timers, f)
		return func() bool { return true }
	}
	one, two := b.record(t, posted("text/plain", "a"), nil), b.record(t, posted("text/plain", "b"), nil)
	c := b.Compare
	c.Open(one, two)
	timers[0]()
	if c.Busy != "Reading the two callbacks …" {
		t.Errorf("busy %q", c.Busy)
	}
	b.jobs.Wait()
	b.pump.drain()
	timers[0]()
	b.settle()
	for _, late := range timers {
		late()
	}
	if !c.Ready() || c.Busy != "" || len(timers) != 2 {
		t.Errorf("ready %v, busy %q, %d timers", c.Ready(), c.Busy, len(timers))
	}
}

// TestCompareFollows compares anew when a resend has got its answer.
func TestCompareFollows(t *testing.T) {
	b := newListBench(t)
	one := b.record(t, posted("text/plain", "a"), answered(500, ""))
	var pending capture.Exchange
	two := b.record(t, posted("text/plain", "a"), func(x *capture.Exchange) {
		x.Via, x.Origin, x.State, x.Response = capture.ViaReplay, one, capture.StateReceived, nil
		pending = *x
	})
	b.Compare.Open(one, two)
	b.settle()
	if got := part(rowsOf(b.Compare), "Answer"); !strings.Contains(got, "no answer: received") {
		t.Fatalf("answer %s", got)
	}
	pending.ID, pending.State = two, capture.StateAnswered
	pending.Response = &capture.Response{Status: 200, By: capture.ByTarget}
	if err := b.engine.Store.Update(t.Context(), &pending); err != nil {
		t.Fatal(err)
	}
	if err := b.engine.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.tick()
	if got, want := part(rowsOf(b.Compare), "Answer"), "v Answer: 1 changed\n~ HTTP 500 | HTTP 200"; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
}

// TestCompareLarge compares 10 MB with 10 MB that differ in many places, and makes
// only the rows that are looked at.
func TestCompareLarge(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	large := func(status string) string {
		var body strings.Builder
		body.WriteString(`{"orders":[`)
		for i := 0; body.Len() < 10<<20; i++ {
			if i > 0 {
				body.WriteByte(',')
			}
			state := "queued"
			if i%10 == 0 {
				state = status
			}
			body.WriteString(`{"ref":"ORDER","status":"` + state + `","items":[{"sku":"A-1","quantity":2},{"sku":"B","price":"12.50"}]}`)
		}
		body.WriteString("]}")
		return body.String()
	}
	b.compared(t, posted("application/json", large("queued")), posted("application/json", large("packed")))
	c := b.Compare
	if c.Changes < 5_000 || c.Changes > 20_000 {
		t.Fatalf("%d changes", c.Changes)
	}
	if len(c.layout.made) > 100 {
		t.Errorf("%d rows are made before any is looked at", len(c.layout.made))
	}
	c.SetWide(false)
	c.Unfold()
	rows := c.Len()
	if rows < 500_000 {
		t.Fatalf("%d rows", rows)
	}
	for at := 0; at < rows; at += rows / 1_500 {
		if r := c.Row(at); r.Kind != CompareGap && r.Text == "" && r.A == "" && r.B == "" {
			t.Fatalf("row %d is empty: %+v", at, r)
		}
	}
	if n := len(c.layout.made); n > maxMadeRows {
		t.Errorf("%d rows are kept", n)
	}
	if marks := c.Marks(); len(marks) > maxMarks+1 || len(marks) < 100 {
		t.Errorf("%d marks", len(marks))
	}
	for range 3 {
		c.NextChange(-1)
	}
	if r := c.Row(c.At); r.Kind != CompareRemoved || !strings.Contains(r.A, "queued") || !strings.Contains(c.Row(c.At+1).B, "packed") {
		t.Errorf("at %d: %+v", c.At, r)
	}
	if path, _ := c.Place(); !strings.HasPrefix(path, "$.orders[") {
		t.Errorf("path %q", path)
	}
	c.Copy()
	b.settle()
	if !strings.Contains(b.copied, "packed") && !strings.Contains(b.Notices.Toast.Text, "too much") {
		t.Errorf("copied %d bytes, %q", len(b.copied), b.Notices.Toast.Text)
	}
	c.Close()
	if c.layout.sections != nil || c.compared != nil {
		t.Error("it is kept after it was closed")
	}
}
