package viewmodel

import (
	"context"
	"errors"
	"testing"
	"time"

	"hookglass/capture"
)

// A work with many callbacks says how far it is once it takes longer than a blink,
// and no other begins meanwhile.
func TestListWorkTellsHowFarItIs(t *testing.T) {
	b := newListBench(t)
	l := b.List
	w := l.begin("Clearing the list …")
	if l.begin("Deleting …") != nil || b.Sessions.Place().Busy {
		t.Error("a second work begins, or the bar tells at once")
	}
	b.tick()
	if p := b.Sessions.Place(); p.Title != "Clearing the list …" || !p.Busy || len(p.Actions) != 1 {
		t.Errorf("the bar is %+v", p)
	}
	w.told(30, 100)
	b.tick()
	if p := b.Sessions.Place(); p.Text != "30 of 100" || p.Done != 30 || p.Total != 100 {
		t.Errorf("the bar is %+v", p)
	}
	w.end()
	if p := b.Sessions.Place(); !p.Busy || !p.Actions[0].Off || p.Text != "100 of 100" {
		t.Errorf("at its end the bar is %+v: what comes into its place gets the click", p)
	}
	w.told(60, 100) // comes late
	b.tick()
	if p := b.Sessions.Place(); p.Busy || l.begin("Deleting …") == nil {
		t.Errorf("after its end the bar is %+v", p)
	}
}

// A work that is stopped has done whole steps.
func TestListWorkStops(t *testing.T) {
	b := newListBench(t)
	ids := make([]int64, 3*workStep)
	broken := errors.New("no")
	for _, test := range []struct {
		name string
		at   int // the step that it ends with
		err  error
		stop bool
		want int
	}{
		{"whole", 9, nil, false, 3},
		{"stopped", 1, nil, true, 1},
		{"failed", 2, broken, false, 2}, // some of the second may be done
	} {
		w := b.List.begin("Deleting …")
		step := 0
		done, err := w.each(ids, func(context.Context, ...int64) error {
			if step++; step == test.at {
				if test.stop {
					w.Stop()
				}
				return test.err
			}
			return nil
		})
		if len(done) != test.want*workStep || test.stop != errors.Is(err, context.Canceled) || !test.stop && !errors.Is(err, test.err) {
			t.Errorf("%s: %d done, %v, want %d steps", test.name, len(done), err, test.want)
		}
		w.end()
	}
}

// What was cleared in part can be taken back.
func TestClearInPart(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 4)
	w := b.List.begin("Clearing the list …")
	done, n, err := w.hide(b.engine.Store, ids[:2])
	w.end()
	if n != 2 || err != nil {
		t.Fatalf("hidden %d, %v", n, err)
	}
	b.List.offerUndo("Cleared."+notOthers(context.Canceled), undo{ids: done})
	if got := b.Notices.Toast.Text; got != "Cleared. Then it was stopped." {
		t.Errorf("toast %q", got)
	}
	b.List.reload()
	b.tick()
	b.wantRows(t, "/x/4 200; /x/3 200")
	b.List.Undo()
	b.tick()
	b.wantRows(t, "/x/4 200; /x/3 200; /x/2 200; /x/1 200")
	w = b.List.begin("Clearing the list …")
	w.Stop()
	if done, n, err := w.hide(b.engine.Store, ids); len(done) != 0 || n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("after stopping: %v, %d, %v", done, n, err)
	}
	w.end()
}

// Several are pinned unless all of them are.
func TestPinSeveral(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 3)
	if err := b.engine.Store.Pin(t.Context(), ids[1], true); err != nil {
		t.Fatal(err)
	}
	b.List.SelectAll()
	for _, want := range []struct {
		pinned int
		toast  string
	}{{3, "Pinned 3 callbacks."}, {0, "Unpinned 3 callbacks."}} {
		b.List.Pin()
		b.tick()
		counts, err := b.engine.Store.Counts(t.Context(), 0)
		if err != nil || int(counts.Pinned) != want.pinned || b.Notices.Toast.Text != want.toast {
			t.Errorf("%d pinned, %v, %q, want %d, %q", counts.Pinned, err, b.Notices.Toast.Text, want.pinned, want.toast)
		}
	}
}

// End and Home lead to the oldest and the newest callback that there is, not only
// to those of the window.
func TestEndsOfTheList(t *testing.T) {
	b := newListBench(t)
	b.List.limit = 4
	ids := b.comes(t, 11)
	b.List.reload()
	b.tick()
	for _, step := range []struct {
		key          string
		current      int64
		above, below bool
	}{{"End", ids[0], true, false}, {"End", ids[0], true, false}, {"Home", ids[10], false, true}, {"Home", ids[10], false, true}} {
		b.Commands.Press(Key(step.key))
		b.tick()
		l := b.List
		if l.current != step.current || l.window.above != step.above || l.window.below != step.below || l.idAt(l.Reveal) != step.current {
			t.Errorf("%s leads to %d (reveals %d), more above %t, below %t, want %d, %t, %t",
				step.key, l.current, l.idAt(l.Reveal), l.window.above, l.window.below, step.current, step.above, step.below)
		}
	}
}

// Escape stops a search that is told of. To read the list is none.
func TestEscapeStopsNoPlainReading(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 2)
	l := b.List
	l.search = &Search{long: true}
	if l.Back() || l.Searching() != "" {
		t.Error("the list itself was stopped")
	}
	l.search = nil
	l.FilterNow("path:/x/*")
	b.tick()
	l.search = &Search{}
	if l.StopSearch() || l.Searching() != "" {
		t.Error("a search was told of and stopped that has only begun")
	}
	l.search.long, l.search.Total, l.search.Done = true, 10, 5
	if l.Searching() != "50 % searched" || !l.StopSearch() {
		t.Errorf("searching %q", l.Searching())
	}
}

// While the list searches nothing else does, and bars of another question go.
func TestHistogramWaitsForTheList(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 3)
	b.now = b.now.Add(time.Minute)
	b.tick()
	l, h := b.List, b.Histogram
	if len(h.Bars) == 0 {
		t.Fatal("no bars")
	}
	l.FilterNow("path:/x/2")
	l.search = &Search{} // it goes on
	b.tick()
	l.search = &Search{}
	h.Reread()
	if h.reading || h.planned {
		t.Error("it counts while the list searches")
	}
	h.told = "" // as after a long search
	h.otherQuestion()
	b.tick()
	if len(h.Bars) != 0 || h.Span != "Counting …" {
		t.Errorf("%d bars, %q while it waits", len(h.Bars), h.Span)
	}
	l.search = nil
	h.Reread()
	b.now = b.now.Add(time.Minute)
	b.tick()
	b.tick()
	if len(h.Bars) == 0 || h.Span == "Counting …" {
		t.Errorf("%d bars, %q after the search", len(h.Bars), h.Span)
	}
}

// What is known of a session is told before it is read from end to end.
func TestSessionsTellWhatIsKnown(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 3)
	s := b.Sessions
	s.app.Dialog = DialogSessions
	s.At = s.Shown
	for _, step := range []struct {
		stats            *capture.SessionStats
		row, facts, hint string
	}{
		{nil, counting, "Callbacks: counting …", counting},
		{&capture.SessionStats{Exchanges: 3}, "3 callbacks", "Callbacks: 3, Bodies: counting …, Time: counting …", counting},
		{&capture.SessionStats{}, "0 callbacks", "Callbacks: 0", "Nothing was captured yet."},
	} {
		delete(s.stats, s.At)
		if step.stats != nil {
			s.stats[s.At] = *step.stats
		}
		s.show()
		facts := ""
		for _, f := range s.Card.Facts {
			if f.Label != "Made" {
				if facts != "" {
					facts += ", "
				}
				facts += f.Label + ": " + f.Value
			}
		}
		if row := s.Rows[s.Index()].Note; row != step.row || facts != step.facts || s.Card.Hint != step.hint {
			t.Errorf("got %q, %q, %q, want %q, %q, %q", row, facts, s.Card.Hint, step.row, step.facts, step.hint)
		}
	}
	s.count()
	b.tick()
	if stats := s.stats[s.At]; stats.Exchanges != 3 || stats.First.IsZero() {
		t.Errorf("counted %+v", stats)
	}
}
