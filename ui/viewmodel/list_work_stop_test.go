package viewmodel

import (
	"context"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// stopAtStep has the next work be done in steps of two callbacks, and be stopped after
// the first.
func (b *listBench) stopAtStep() {
	b.List.workStep = 2
	timers := 0
	b.List.after = func(_ time.Duration, f func()) {
		b.later(f)
		if timers++; timers == 2 { // the first one is the bar's, the second tells of the step
			b.List.work.Stop()
		}
	}
}

// What was stopped says what was done, and leaves what is shown where it is.
func TestStoppedWork(t *testing.T) {
	for _, test := range []struct {
		name    string
		pinned  int // how many of the oldest are pinned before
		key     string
		toast   string
		current int // the place of the callback that is shown then; -1 for none
		rows    int
	}{
		{"delete", 0, "Delete", "Deleted 2 callbacks. Then it was stopped.", 5, 4},
		{"delete beside pinned ones", 1, "Delete", "Deleted the callback. Pinned ones stay. Then it was stopped.", 5, 5},
		{"clear", 0, "Mod+L", "Cleared 2 callbacks. Then it was stopped.", -1, 4},
		{"pin", 0, "p", "Pinned 2 callbacks. Then it was stopped.", 5, 6},
		{"mark", 0, "m", "Marked 2 callbacks. Then it was stopped.", 5, 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newListBench(t)
			ids := b.comes(t, 6)
			for _, id := range ids[:test.pinned] {
				if err := b.engine.Store.Pin(t.Context(), id, true); err != nil {
					t.Fatal(err)
				}
			}
			b.Commands.Press("Mod+A")
			b.tick()
			if test.key == "Mod+L" {
				b.List.FilterNow("path:/x/*") // not all at once
				b.tick()
			}
			b.stopAtStep()
			b.Commands.Press(Key(test.key))
			b.tick()
			b.tick()
			b.tick()
			if got := b.Notices.Toast.Text; got != test.toast {
				t.Errorf("said %q, want %q", got, test.toast)
			}
			want := int64(0)
			if test.current >= 0 {
				want = ids[test.current]
			}
			if b.List.current != want || b.List.Len() != test.rows {
				t.Errorf("at %d with %d rows, want %d with %d", b.List.current, b.List.Len(), want, test.rows)
			}
		})
	}
}

// Undo that was stopped says so, and goes on when it is asked to.
func TestStoppedUndo(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 6)
	b.Commands.Press("Mod+A")
	b.Commands.Press("Delete")
	b.tick()
	b.stopAtStep()
	b.Commands.Press("Mod+Z")
	b.tick()
	b.tick()
	toast := b.Notices.Toast
	if toast.Text != "It was stopped: some of them are back. Undo goes on." || toast.Action != "Undo" || b.List.Len() != 2 {
		t.Fatalf("said %q (%s), %d rows", toast.Text, toast.Action, b.List.Len())
	}
	toast.Run()
	b.tick()
	b.tick()
	if b.List.Len() != 6 || b.Notices.Toast.Text != "They are back." {
		t.Errorf("%d rows, said %q", b.List.Len(), b.Notices.Toast.Text)
	}
}

// What is asked for while a long work goes on is not done, and that is said.
func TestWorkBesideWork(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 2)
	b.Commands.Press("j")
	w := b.List.begin("Clearing the list …")
	before := b.Notices.Toast.Serial
	b.Commands.Press("p")
	if b.Notices.Toast.Serial != before {
		t.Errorf("said %q in a blink", b.Notices.Toast.Text)
	}
	b.tick()
	b.Commands.Press("p")
	if got, want := b.Notices.Toast.Text, "“Clearing the list …” goes on. Wait for its end, or stop it first."; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	w.end()
}

// Many that are deleted in a window of older callbacks leave it.
func TestDeleteManyAmongOlder(t *testing.T) {
	b := newListBench(t)
	b.List.limit = 4
	ids := b.comes(t, 12)
	b.List.load(span{before: ids[8]}, nil)
	b.tick()
	if _, err := b.engine.Store.Hide(t.Context(), ids[6], ids[7]); err != nil {
		t.Fatal(err)
	}
	b.List.arrivals.mu.Lock()
	b.List.arrivals.flooded = true
	b.List.arrivals.mu.Unlock()
	b.List.touch(ids[6])
	b.tick()
	b.tick()
	b.wantRows(t, "Newer callbacks …; /x/6 200; /x/5 200; /x/4 200; /x/3 200; Older callbacks …")
}

// A count that was planned before the list began to search waits for its end: what is
// listed is of another question.
func TestHistogramPlannedBeforeSearch(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 3)
	b.now = b.now.Add(time.Minute)
	b.tick()
	b.tick()
	h := b.Histogram
	h.Reread()
	if !h.planned {
		t.Fatal("it counts at once")
	}
	b.List.search = &Search{}
	b.tick()
	if h.planned || h.reading || !h.dirty {
		t.Errorf("planned %t, reading %t, dirty %t while the list searches", h.planned, h.reading, h.dirty)
	}
	b.List.search = nil
}

// An import that was done when it was stopped is told of, and the next file opens.
func TestImportStoppedTooLate(t *testing.T) {
	b, p := openBench(t)
	b.Opened.Files([]string{"/a.har", "/b.har"})
	b.tick()
	whole := b.engine.ImportOpened
	b.engine.ImportOpened = func(_ context.Context, how capture.Importing, progress capture.Progress) (capture.ImportReport, error) {
		return whole(context.Background(), how, progress)
	}
	b.Opened.Import()
	b.Opened.Stop()
	b.tick()
	if got, want := b.Notices.Toast.Text, "Imported 2 callbacks. 1 was here already."; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if len(p.opened) != 2 || !b.Opened.Looking() {
		t.Errorf("opened %q", p.opened)
	}
}

// A file that was written when it was stopped is told of.
func TestShareStoppedTooLate(t *testing.T) {
	b, p := shareBench(t)
	p.hold = make(chan struct{})
	close(p.hold)
	b.Commands.Press("Mod+E")
	b.tick()
	b.Share.Write()
	b.jobs.Wait() // it is done, and not told of yet
	b.Share.Stop()
	b.tick()
	if got := b.Notices.Toast.Text; !strings.HasPrefix(got, "Wrote ") || b.Dialog != NoDialog {
		t.Errorf("said %q, dialog %d", got, b.Dialog)
	}
}

// A name that is typed is kept when the dialog closes.
func TestSessionNameIsKeptOnClosing(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 1)
	s := b.Sessions
	s.Open()
	b.tick()
	s.Change(func(f *SessionFields) { f.Name = "Monday" })
	b.Open(NoDialog)
	b.tick()
	if s.Name() != "Monday" || b.Notices.Toast.Text != "Saved." {
		t.Errorf("the name is %q, said %q", s.Name(), b.Notices.Toast.Text)
	}
	s.Open()
	b.tick()
	s.Change(func(f *SessionFields) { f.Exchanges = "1" })
	b.tick()
	b.Open(NoDialog)
	b.tick()
	if s.find(s.Shown).Keep != (capture.Keep{}) {
		t.Error("a limit was kept without being asked for")
	}
}
