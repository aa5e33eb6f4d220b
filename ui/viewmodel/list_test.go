package viewmodel

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

func TestArrivalsAppearOnTop(t *testing.T) {
	b := newListBench(t)
	if got := b.List.Empty().Kind; got != EmptyFirst {
		t.Fatalf("an empty list is of kind %d", got)
	}
	b.comes(t, 2)
	b.wantRows(t, "/x/2 200; /x/1 200")
	b.come(t, func(x *capture.Exchange) { x.State, x.Response = capture.StateReceived, nil })
	b.tick()
	b.wantRows(t, "/x/3 pending; /x/2 200; /x/1 200")
	if !b.List.Following || b.List.Top != 0 || b.List.Pill() != "" {
		t.Errorf("following %t, top %d, pill %q", b.List.Following, b.List.Top, b.List.Pill())
	}
	if title, count := b.List.Heading(); title != "Callbacks" || count != "3" {
		t.Errorf("heading %q %q", title, count)
	}
}

// TestFlushIsOneAtATime asserts that arrivals plan one flush, however many come,
// and none while one runs.
func TestFlushIsOneAtATime(t *testing.T) {
	b := newListBench(t)
	for range 50 {
		b.come(t, nil)
	}
	b.mu.Lock()
	planned := len(b.timers)
	b.mu.Unlock()
	if planned != 1 {
		t.Fatalf("%d flushes are planned", planned)
	}
	b.mu.Lock()
	flush := b.timers[0]
	b.timers = nil
	b.mu.Unlock()
	flush() // asks the store; its result is not applied yet
	b.come(t, nil)
	b.mu.Lock()
	for range b.timers {
		planned++
	}
	b.mu.Unlock()
	b.jobs.Wait()
	if got := b.List.Len(); got != 0 {
		t.Fatalf("%d rows before the result is applied", got)
	}
	b.settle()
	b.tick()
	if got := b.List.Len(); got != 51 {
		t.Errorf("%d rows, want 51", got)
	}
}

func TestArmKeepsItsDistance(t *testing.T) {
	now := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	r := arrivals{last: now}
	if wait, ok := r.arm(now.Add(30 * time.Millisecond)); !ok || wait != 50*time.Millisecond {
		t.Errorf("wait %v %t, want 50ms", wait, ok)
	}
	if _, ok := r.arm(now.Add(time.Second)); ok {
		t.Error("a second flush is planned beside the first")
	}
	r.add(7)
	if wait, ok := r.done(now.Add(time.Second)); !ok || wait != flushEvery {
		t.Errorf("wait %v %t after a flush that left something, want %v", wait, ok, flushEvery)
	}
	r.take(0)
	if _, ok := r.done(now.Add(2 * time.Second)); ok {
		t.Error("a flush is planned for nothing")
	}
	if wait, ok := r.arm(now.Add(time.Hour)); !ok || wait != 0 {
		t.Errorf("wait %v %t after a long rest, want none", wait, ok)
	}
}

func TestReaderKeepsTheirPlace(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 6)
	b.List.Scrolled(2, 3, false)
	if b.List.Following {
		t.Fatal("the list follows although the reader has scrolled")
	}
	b.comes(t, 3)
	if b.List.Top != 5 || b.List.Pill() != "3 new" {
		t.Errorf("top %d, pill %q, want 5, 3 new", b.List.Top, b.List.Pill())
	}
	b.List.Scrolled(2, 3, false)
	if b.List.Pill() != "2 new" {
		t.Errorf("pill %q after scrolling up by one, want 2 new", b.List.Pill())
	}
	b.List.ToTop()
	if b.List.Top != 0 || b.List.Pill() != "" || !b.List.Following {
		t.Errorf("top %d, pill %q, following %t", b.List.Top, b.List.Pill(), b.List.Following)
	}
	b.List.Scrolled(1, 3, false)
	b.List.Scrolled(0, 3, true)
	if !b.List.Following {
		t.Error("scrolled back to the top, it does not follow")
	}
}

func TestSelectionSurvives(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 3)
	b.List.Tap(1, false, false)
	if b.Detail.ID != ids[1] || b.List.Following {
		t.Fatalf("detail %d, following %t", b.Detail.ID, b.List.Following)
	}
	b.comes(t, 2)
	b.wantRows(t, "/x/5 200; /x/4 200; /x/3 200; >/x/2 200; /x/1 200")
	if b.List.Top != 2 {
		t.Errorf("top %d, want 2: the rows in view stay", b.List.Top)
	}
	b.List.SetFilter("/x/1")
	b.tick()
	b.wantRows(t, "/x/1 200")
	if b.Detail.ID != ids[1] {
		t.Errorf("detail %d after a filter, want %d", b.Detail.ID, ids[1])
	}
	b.List.ClearFilter()
	b.tick()
	b.wantRows(t, "/x/5 200; /x/4 200; /x/3 200; >/x/2 200; /x/1 200")
}

func TestSeveralAreSelected(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 5)
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"tap", func() { b.List.Tap(1, false, false) }, "5; >4; 3; 2; 1"},
		{"shift down", func() { b.List.Tap(3, true, false) }, "5; *4; *3; >2; 1"},
		{"shift up over the anchor", func() { b.List.Tap(0, true, false) }, ">5; *4; 3; 2; 1"},
		{"ctrl adds", func() { b.List.Tap(4, false, true) }, "*5; *4; 3; 2; >1"},
		{"ctrl takes away", func() { b.List.Tap(4, false, true) }, "*5; >4; 3; 2; 1"},
		{"menu on a selected one", func() { b.List.Menu(0) }, "*5; >4; 3; 2; 1"},
		{"menu on another one", func() { b.List.Menu(3) }, "5; 4; 3; >2; 1"},
		{"all", func() { b.Commands.Press("Mod+A") }, "*5; *4; *3; >2; *1"},
		{"back", func() { b.List.Back() }, "5; 4; 3; >2; 1"},
		{"down", func() { b.Commands.Press("j") }, "5; 4; 3; 2; >1"},
		{"at the end", func() { b.Commands.Press("Down") }, "5; 4; 3; 2; >1"},
		{"up", func() { b.Commands.Press("k") }, "5; 4; 3; >2; 1"},
		{"first", func() { b.Commands.Press("g") }, ">5; 4; 3; 2; 1"},
		{"last", func() { b.Commands.Press("G") }, "5; 4; 3; 2; >1"},
		{"extend", func() { b.Commands.Press("Shift+Up") }, "5; 4; 3; >2; *1"},
		{"page up", func() { b.List.visible = 3; b.Commands.Press("PageUp") }, "5; >4; 3; 2; 1"},
	} {
		step.do()
		got := ""
		for i := range b.List.Len() {
			row := b.List.Row(i)
			if i > 0 {
				got += "; "
			}
			switch {
			case row.Current:
				got += ">"
			case row.Selected:
				got += "*"
			}
			got += row.Path[len("/x/"):]
		}
		if got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}

func TestFilterAndViews(t *testing.T) {
	b := newListBench(t)
	b.come(t, provider("klix"))
	b.come(t, func(x *capture.Exchange) {
		x.Annotation.Provider, x.Annotation.Verification.Status = "kornitx", capture.Invalid
	})
	b.come(t, provider("klix"))
	b.tick()
	b.Sidebar.Select(ViewProvider + "klix")
	b.tick()
	b.wantRows(t, "/x/3 200; /x/1 200")
	if title, _ := b.List.Heading(); title != "Klix" {
		t.Errorf("heading %q", title)
	}
	b.come(t, provider("kornitx"))
	b.come(t, provider("klix"))
	b.tick()
	b.wantRows(t, "/x/5 200; /x/3 200; /x/1 200")
	b.List.SetFilter("/x/3")
	b.wantRows(t, "/x/5 200; /x/3 200; /x/1 200") // typing still
	b.tick()
	b.wantRows(t, "/x/3 200")
	b.List.SetFilter("nowhere")
	b.tick()
	if e := b.List.Empty(); e.Kind != EmptyFiltered {
		t.Errorf("empty %+v", e)
	}
	b.List.SetFilter("path:/x/5 or path:/x/1")
	b.tick()
	b.wantRows(t, "/x/5 200; /x/1 200")
	if told, wrong := b.List.FilterTold(); wrong || told != "The path is /x/5 or the path is /x/1" {
		t.Errorf("told %q, %t", told, wrong)
	}
	b.List.SetFilter("pth:/x/5") // what was good stays in force
	b.tick()
	b.wantRows(t, "/x/5 200; /x/1 200")
	if told, wrong := b.List.FilterTold(); !wrong || !strings.Contains(told, `no "pth"`) || !strings.Contains(told, "path") {
		t.Errorf("told %q, %t", told, wrong)
	}
	b.List.ClearFilter()
	if told, _ := b.List.FilterTold(); told != "" {
		t.Errorf("told %q of no filter", told)
	}
	b.Sidebar.Select(ViewFailed)
	b.tick()
	b.wantRows(t, "/x/2 200")
	if got := b.Preferences.View; got != ViewFailed {
		t.Errorf("the view %q is remembered", got)
	}
	b.Sidebar.Select(ViewPinned)
	b.tick()
	if e := b.List.Empty(); e.Kind != EmptyView {
		t.Errorf("empty %+v", e)
	}
}

func TestPause(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 2)
	b.Commands.Press("Mod+P")
	b.come(t, func(x *capture.Exchange) { x.State, x.Response = capture.StateReceived, nil })
	b.comes(t, 2)
	b.tick()
	b.wantRows(t, "/x/2 200; /x/1 200")
	if got := b.List.PausedText(); got != "Paused. 3 callbacks came in meanwhile." {
		t.Errorf("strip %q", got)
	}
	b.List.SetFilter("x")
	b.tick()
	b.wantRows(t, "/x/2 200; /x/1 200")
	b.List.ClearFilter()
	b.tick()
	b.Commands.Press("Mod+P")
	b.tick()
	b.wantRows(t, "/x/5 200; /x/4 200; /x/3 pending; /x/2 200; /x/1 200")
	if b.List.PausedText() != "" {
		t.Error("the strip stays")
	}
}

func TestWindow(t *testing.T) {
	b := newListBench(t)
	b.List.limit = 8
	b.comes(t, 12)
	b.List.load(span{}, nil)
	b.tick()
	b.wantRows(t, "/x/12 200; /x/11 200; /x/10 200; /x/9 200; /x/8 200; /x/7 200; /x/6 200; /x/5 200; Older callbacks …")
	b.List.Tap(8, false, false)
	b.tick()
	b.wantRows(t, "Newer callbacks …; /x/6 200; /x/5 200; /x/4 200; /x/3 200; /x/2 200; /x/1 200")
	b.comes(t, 2)
	if got := b.List.Pill(); got != "2 new" {
		t.Errorf("pill %q over older callbacks", got)
	}
	b.List.Newer()
	b.tick()
	b.wantRows(t, "Newer callbacks …; /x/12 200; /x/11 200; /x/10 200; /x/9 200; /x/8 200; /x/7 200; /x/6 200; /x/5 200; Older callbacks …")
	b.List.ToTop()
	b.tick()
	b.rows()
	if row := b.List.Row(0); row.Path != "/x/14" || b.List.Pill() != "" || !b.List.Following {
		t.Errorf("first row %q, pill %q", row.Path, b.List.Pill())
	}
	b.comes(t, 3)
	if b.List.window.len() != 8 {
		t.Errorf("the window grew to %d", b.List.window.len())
	}
}

func TestDays(t *testing.T) {
	b := newListBench(t)
	at := func(s string) func(*capture.Exchange) {
		when, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return func(x *capture.Exchange) { x.Request.Received = when }
	}
	for _, when := range []string{"2025-12-31 23:00", "2026-03-01 10:00", "2026-03-03 10:00", "2026-03-04 01:00", "2026-03-04 09:00"} {
		saved := b.now
		at(when)(&capture.Exchange{})
		b.now, _ = time.Parse("2006-01-02 15:04", when)
		b.come(t, nil)
		b.now = saved
	}
	b.tick()
	b.wantRows(t, "/x/5 200; /x/4 200; [Yesterday] /x/3 200; [Sunday 1 March] /x/2 200; [Wednesday 31 December 2025] /x/1 200")
	b.config.Local = time.FixedZone("W", -2*3600)
	b.List.Reformat()
	b.wantRows(t, "/x/5 200; [Yesterday] /x/4 200; /x/3 200; [Sunday 1 March] /x/2 200; [Wednesday 31 December 2025] /x/1 200")
	b.Preferences.UTC = true
	if got := b.rows(); got != "/x/5 200; /x/4 200; [Yesterday] /x/3 200; [Sunday 1 March] /x/2 200; [Wednesday 31 December 2025] /x/1 200" {
		t.Errorf("in UTC: %s", got)
	}
}

func TestPendingBecomesAnswered(t *testing.T) {
	b := newListBench(t)
	var pending *capture.Exchange
	b.come(t, func(x *capture.Exchange) {
		x.State, x.Response = capture.StateReceived, nil
		pending = x
	})
	b.tick()
	b.wantRows(t, "/x/1 pending")
	pending.State, pending.Error = capture.StateFailed, "the answer could not be written"
	if err := errors.Join(b.engine.Store.Update(t.Context(), pending), b.engine.Store.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	b.tick()
	b.wantRows(t, "/x/1 failed")
}

// TestStaleFetch asserts that rows read before a change do not replace those
// read after it.
func TestStaleFetch(t *testing.T) {
	b := newListBench(t)
	id := b.comes(t, 1)[0]
	b.List.cache.clear()
	b.List.Row(0) // asks for it
	b.jobs.Wait() // read, but not shown
	if err := b.engine.Store.Pin(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	b.List.touch(id)
	b.mu.Lock()
	timers := b.timers
	b.timers = nil
	b.mu.Unlock()
	for _, f := range timers {
		f()
	}
	b.settle()
	b.List.Row(0)
	b.settle()
	if row := b.List.Row(0); !row.Pinned {
		t.Errorf("row %+v is as it was before the pin", row)
	}
}

// TestFlood asserts that nothing is lost when more changes than is remembered.
func TestFlood(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 5)
	b.List.Scrolled(2, 3, false)
	for id := range int64(maxPending) {
		b.List.arrivals.put([]int64{1_000_000 + id})
	}
	b.comes(t, 3)
	b.tick()
	b.wantRows(t, "/x/8 200; /x/7 200; /x/6 200; /x/5 200; /x/4 200; /x/3 200; /x/2 200; /x/1 200")
	if b.List.Top != 5 || b.List.Pill() != "3 new" {
		t.Errorf("top %d, pill %q", b.List.Top, b.List.Pill())
	}
	b.comes(t, 1)
	if b.List.Len() != 9 {
		t.Errorf("%d rows: what comes after a flood does not appear", b.List.Len())
	}
}

// TestArrivalWhileReading asserts that what comes while the window is read is
// looked at once it is there.
func TestArrivalWhileReading(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 2)
	b.List.load(span{}, nil)
	b.jobs.Wait() // read, but not shown
	b.come(t, nil)
	b.mu.Lock()
	timers := b.timers
	b.timers = nil
	b.mu.Unlock()
	for _, f := range timers {
		f() // the flush waits for the window
	}
	if got := b.List.Len(); got != 2 {
		t.Fatalf("%d rows before the window is there", got)
	}
	b.settle()
	b.tick()
	b.wantRows(t, "/x/3 200; /x/2 200; /x/1 200")
}

func TestGoneRowsLeave(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 3)
	if _, err := b.engine.Store.Delete(t.Context(), ids[1]); err != nil {
		t.Fatal(err)
	}
	b.List.cache.clear()
	b.wantRows(t, "/x/3 200; /x/1 200")
}

func TestTrouble(t *testing.T) {
	b := newListBench(t)
	b.Trouble(errors.New("disk full"))
	b.settle()
	if len(b.Notices.Banners) != 1 || b.Notices.Banners[0].Tone != Bad {
		t.Fatalf("banners %+v", b.Notices.Banners)
	}
	b.Trouble(nil)
	b.settle()
	if len(b.Notices.Banners) != 0 {
		t.Errorf("banners %+v", b.Notices.Banners)
	}
}
