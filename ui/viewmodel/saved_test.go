package viewmodel

import (
	"fmt"
	"testing"
	"time"

	"hookglass/capture"
)

// section is a section of the sidebar as text; "" where it is not there.
func (b *listBench) section(title string) string {
	for _, section := range b.Sidebar.Sections() {
		if section.Title != title {
			continue
		}
		text := ""
		for _, item := range section.Items {
			text += fmt.Sprintf("%s %s", item.Title, item.Count)
			if item.Selected {
				text += "*"
			}
			text += "; "
		}
		return text
	}
	return ""
}

// wait lets a moment pass, so that what is counted once in a while is.
func (b *listBench) wait() {
	for range 3 {
		b.now = b.now.Add(time.Minute)
		b.tick()
	}
}

func TestSavedFilters(t *testing.T) {
	b := newListBench(t)
	b.come(t, provider("klix"))
	b.come(t, provider("probo"))
	b.wait()
	if b.Commands.Press("Mod+S") {
		t.Error("an empty filter can be saved")
	}
	b.List.FilterNow("provider:klix")
	b.tick()
	if !b.Commands.Press("Mod+S") || b.Dialog != DialogSaveFilter || b.Saved.Text != "provider:klix" {
		t.Fatalf("dialog %d for %q", b.Dialog, b.Saved.Text)
	}
	b.Saved.Put("  ")
	if b.Saved.Problem == "" || b.Dialog != DialogSaveFilter {
		t.Error("it is saved without a name")
	}
	b.Saved.Put("Klix alone")
	b.wait()
	if got := b.section("Saved filters"); got != "Klix alone 1*; " {
		t.Errorf("the sidebar shows %q", got)
	}
	if saved, can := b.Filter.Saved(); !saved || !can {
		t.Errorf("the star: saved %t, can %t", saved, can)
	}
	b.come(t, provider("klix"))
	b.wait()
	if got := b.section("Saved filters"); got != "Klix alone 2*; " {
		t.Errorf("after an arrival: %q", got)
	}
	b.List.FilterNow("path:/x/2 words")
	b.tick()
	b.Saved.Save()
	b.Saved.Put("Slow")
	b.wait()
	if got := b.section("Saved filters"); got != "Klix alone 2; Slow 0*; " && got != "Klix alone 2; Slow *; " {
		t.Errorf("with a slow one: %q", got)
	}
	view := ""
	for _, section := range b.Sidebar.Sections() {
		if section.Title == "Saved filters" {
			view = section.Items[0].View
		}
	}
	b.List.SetView(ViewPinned)
	b.Sidebar.Select(view)
	b.tick()
	if b.List.View != ViewAll || b.List.applied != "provider:klix" || b.List.Len() != 2 {
		t.Errorf("selected: view %s, %q, %d rows", b.List.View, b.List.applied, b.List.Len())
	}
	run(t, b.Sidebar.Menu(view), "Rename …")
	b.Saved.Put("Only Klix")
	b.wait()
	b.List.FilterNow("status:2xx")
	run(t, b.Sidebar.Menu(view), "Save the present filter in its place")
	b.wait()
	if got := b.section("Saved filters"); got != "Only Klix 3*; Slow 0; " {
		t.Errorf("after changes: %q", got)
	}
	b.List.Undo()
	b.wait()
	run(t, b.Sidebar.Menu(view), "Remove")
	b.wait()
	if got := b.section("Saved filters"); got != "Slow 0; " {
		t.Errorf("after removing: %q", got)
	}
	b.Notices.Toast.Run()
	b.wait()
	if got := b.section("Saved filters"); got != "Only Klix 2; Slow 0; " {
		t.Errorf("after undo: %q", got)
	}
}

func TestSidebarSections(t *testing.T) {
	b := newListBench(t)
	if got := b.section("Proof") + b.section("Answered"); got != "" {
		t.Errorf("empty sections: %q", got)
	}
	b.come(t, func(x *capture.Exchange) { x.Annotation.Verification.Status = capture.Valid })
	b.come(t, func(x *capture.Exchange) {
		x.Annotation.Verification.Status, x.Response.Status = capture.Invalid, 503
	})
	b.tick()
	if got := b.section("Proof"); got != "Valid 1; Invalid 1; " {
		t.Errorf("before they are counted anew: %q", got)
	}
	b.wait()
	if got := b.section("Proof"); got != "Valid 1; Invalid 1; " {
		t.Errorf("proof %q", got)
	}
	if got := b.section("Answered"); got != "2xx accepted 1; 5xx failed 1; " {
		t.Errorf("answers %q", got)
	}
	b.Sidebar.Select(ViewAnswer + "5xx")
	b.tick()
	b.wantRows(t, "/x/2 503")
	b.List.FilterNow("verified:yes")
	b.tick()
	b.wantRows(t, "")
	b.List.ClearFilter()
	b.Sidebar.Select(ViewVerdict + "valid")
	b.tick()
	b.wantRows(t, "/x/1 200")
	if title, count := b.List.Heading(); title != "Valid" || count != "1" {
		t.Errorf("heading %s %s", title, count)
	}
	b.Sidebar.Fold("Proof")
	for _, section := range b.Sidebar.Sections() {
		if section.Folded != (section.Title == "Proof") {
			t.Errorf("%s is folded: %t", section.Title, section.Folded)
		}
	}
	b.Sidebar.Fold("Proof")
	if len(b.Preferences.Folded) != 0 {
		t.Errorf("remembered %q", b.Preferences.Folded)
	}
	for _, view := range []string{"verdict:nonsense", "answer:9xx", "saved:1"} {
		if got := viewOf(view); got != ViewAll {
			t.Errorf("%s is taken for the view %s", view, got)
		}
	}
}

// TestSearchInParts shows first what was found first, and stops.
func TestSearchInParts(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 6)
	l := b.List
	l.FilterNow("path:/x/*")
	b.tick()
	l.serial++ // as another reading does
	s := &searching{list: l, serial: l.serial}
	l.search = &Search{long: true}
	part := foundPart([]int64{ids[5], ids[4]}, 20, 100, false)
	if err := s.found(part); err != nil {
		t.Fatal(err)
	}
	b.pump.drain()
	if l.window.len() != 2 || l.Searching() != "20 % searched" {
		t.Fatalf("%d rows, %q", l.window.len(), l.Searching())
	}
	if _, count := l.Heading(); count != "≥ 2" {
		t.Errorf("heading %q", count)
	}
	l.Scrolled(1, 1, false)
	late := b.come(t, nil) // comes while it goes on
	b.Arrived(&capture.Exchange{ID: late}, 0)
	if err := s.found(foundPart([]int64{ids[2], ids[1]}, 60, 100, false)); err != nil {
		t.Fatal(err)
	}
	b.pump.drain()
	if l.window.len() < 4 || l.topID != ids[4] {
		t.Errorf("%d rows, top %d, want to stay at %d", l.window.len(), l.topID, ids[4])
	}
	if !l.Back() || l.Searching() != "" || !l.window.below {
		t.Errorf("Escape: %q, more below %t", l.Searching(), l.window.below)
	}
	if l.FilterText == "" {
		t.Error("Escape has cleared the filter too")
	}
	if err := s.found(foundPart([]int64{ids[0]}, 100, 100, true)); err != nil {
		t.Fatal(err)
	}
	s.end(nil)
	if l.window.has(ids[0]) {
		t.Error("what was stopped goes on")
	}
	b.tick()
	if got := l.Row(l.Len() - 1); got.Kind != RowOlder {
		t.Errorf("the last row is %+v, want one that leads on", got)
	}
	l.Older()
	b.tick()
	if !l.window.has(ids[0]) || l.window.below {
		t.Error("Older does not find the rest")
	}
}
