package viewmodel

import (
	"testing"
	"time"

	"hookglass/store"
)

// What takes long to count is counted again after a rest that is longer still,
// however often callbacks come.
func TestSlowSavedFiltersRest(t *testing.T) {
	b := newListBench(t)
	s := b.Saved
	saved := &store.SavedFilter{Name: "Slow", Text: "path:/x/*"}
	if err := b.engine.Store.PutSavedFilter(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	b.comes(t, 2)
	s.Refresh()
	b.wait()
	if got := b.section("Saved filters"); got != "Slow 2; " {
		t.Fatalf("saved %q", got)
	}
	counted := s.counts[saved.ID]
	counted.took, counted.at = 10*time.Second, b.now
	s.counts[saved.ID] = counted
	b.come(t, nil)
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, "Slow 2; "}, {199 * time.Second, "Slow 2; "}, {time.Second, "Slow 3; "}} {
		b.now = b.now.Add(step.after)
		s.Recount()
		s.Recount()
		b.tick()
		b.settle()
		if got := b.section("Saved filters"); got != step.want {
			t.Errorf("%s later: %q, want %q", step.after, got, step.want)
		}
	}
	// Another text is counted at once.
	counted = s.counts[saved.ID]
	counted.took = time.Hour
	s.counts[saved.ID] = counted
	saved.Text = "path:/x/3"
	if err := b.engine.Store.PutSavedFilter(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	s.Refresh()
	b.settle()
	if got := b.section("Saved filters"); got != "Slow 1; " {
		t.Errorf("with another text: %q", got)
	}
}
