package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// dark is what widgets need before they are made.
func dark(t *testing.T) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
}

// shown puts a widget into a window of a size.
func shown(t *testing.T, width, height float32, o fyne.CanvasObject) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	return w
}

func tap(o fyne.Tappable, x, y float32) {
	o.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, y)})
}

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func TestButtonIsPressed(t *testing.T) {
	dark(t)
	pressed := 0
	b := NewButton(ButtonSpec{Label: "Resend", OnTap: func() { pressed++ }})
	shown(t, 100, 28, b)
	tap(b, 5, 5)
	b.TypedKey(key(fyne.KeySpace))
	b.TypedKey(key(fyne.KeyReturn))
	b.TypedKey(key(fyne.KeyDown))
	if pressed != 3 {
		t.Errorf("got %d presses, want 3", pressed)
	}
	b.SetEnabled(false)
	tap(b, 5, 5)
	b.TypedKey(key(fyne.KeyReturn))
	if pressed != 3 || !b.Disabled() {
		t.Errorf("got %d presses of a disabled button, want none", pressed-3)
	}
	if got := b.MinSize().Height; got != 28 {
		t.Errorf("got a height of %v, want 28", got)
	}
}

func TestTabsAreChosen(t *testing.T) {
	dark(t)
	var chosen []string
	var tabs *Tabs
	tabs = NewTabs([]Tab{{"o", "Overview", ""}, {"b", "Body", ""}, {"h", "Headers", "18"}}, func(id string) {
		chosen = append(chosen, id)
		tabs.SetSelected(id)
	})
	tabs.SetSelected("o")
	shown(t, 400, 34, tabs)
	lefts, widths := tabs.edges()
	tap(tabs, lefts[2]+widths[2]/2, 10)
	tabs.TypedKey(key(fyne.KeyLeft))
	tabs.TypedKey(key(fyne.KeyLeft))
	tabs.TypedKey(key(fyne.KeyLeft)) // there is none before the first
	tap(tabs, 390, 10)               // nor behind the last
	if got, want := len(chosen), 3; got != want || chosen[0] != "h" || chosen[1] != "b" || chosen[2] != "o" {
		t.Errorf("got %q, want h, b and o", chosen)
	}
	before := tabs.MinSize().Width
	tabs.SetCount("b", "4")
	if got := tabs.MinSize().Width; got <= before {
		t.Errorf("got a width of %v with a count, want more than %v", got, before)
	}
}

func TestSegmentsAreChosen(t *testing.T) {
	dark(t)
	var chosen []string
	var s *Segmented
	s = NewSegmented([]Segment{{ID: "p", Title: "Pretty"}, {ID: "t", Title: "Tree", Off: true}, {ID: "r", Title: "Raw"}}, func(id string) {
		chosen = append(chosen, id)
		s.SetSelected(id)
	})
	s.SetSelected("p")
	shown(t, s.MinSize().Width, 26, s)
	middle := s.MinSize().Width / 2
	tap(s, middle, 10)             // off
	s.TypedKey(key(fyne.KeyRight)) // over the one that is off
	s.TypedKey(key(fyne.KeyRight)) // the end
	tap(s, 10, 10)
	if len(chosen) != 2 || chosen[0] != "r" || chosen[1] != "p" {
		t.Errorf("got %q, want r and p", chosen)
	}
}

func TestOtherKeysOfChoicesGoOn(t *testing.T) {
	dark(t)
	var got []string
	Use(Shell{OtherKey: func(key string) bool { got = append(got, key); return true }})
	t.Cleanup(func() { Use(Shell{}) })
	tabs := NewTabs([]Tab{{ID: "o", Title: "Overview"}}, nil)
	shown(t, 100, 34, tabs)
	tabs.TypedKey(key(fyne.KeyDown))
	tabs.TypedRune('j')
	if len(got) != 2 || got[0] != "Down" || got[1] != "j" {
		t.Errorf("got %q, want Down and j", got)
	}
}

func TestPillIsRemoved(t *testing.T) {
	dark(t)
	removed := 0
	p := NewPill("status:5xx", Plain, func() { removed++ })
	shown(t, p.MinSize().Width, 22, p)
	tap(p, 10, 10)
	if removed != 0 {
		t.Error("a click on the words removed it")
	}
	tap(p, p.Size().Width-10, 10)
	if removed != 1 {
		t.Errorf("got %d removals for a click on the cross, want 1", removed)
	}
}

func TestSplitterIsMoved(t *testing.T) {
	dark(t)
	moved := float32(0)
	leading, trailing := NewSurface(ColorPanel), NewSurface(ColorGround)
	s := NewSplitter(leading, trailing, 300, 200, func(width float32) { moved = width })
	w := shown(t, 1000, 100, s)
	drag := func(dx float32) {
		s.grip.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(dx, 0)})
		s.grip.DragEnd()
	}
	for _, c := range []struct {
		name     string
		dx, want float32
	}{
		{"to the right", 50, 350},
		{"further than the leading pane may shrink", -500, 200},
		{"further than the trailing pane may shrink", 5000, 620},
	} {
		drag(c.dx)
		if leading.Size().Width != c.want || moved != c.want {
			t.Errorf("%s: got %v, told %v, want %v", c.name, leading.Size().Width, moved, c.want)
		}
	}
	w.Resize(fyne.NewSize(700, 100))
	if got := leading.Size().Width; got != 320 {
		t.Errorf("got %v in a narrow window, want 320", got)
	}
	w.Resize(fyne.NewSize(1000, 100))
	if got := leading.Size().Width; got != 620 {
		t.Errorf("got %v in a wide one again, want 620", got)
	}
	s.ShowTrailing()
	if leading.Visible() || trailing.Size().Width != 1000 {
		t.Errorf("got a trailing pane of %v alone, want 1000", trailing.Size().Width)
	}
}

func mouse(x, y float32) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
}

func TestFactsAreCopied(t *testing.T) {
	dark(t)
	var got []string
	facts := someFacts(func(value string) { got = append(got, value) })
	shown(t, 500, 160, facts)
	value := func(i int) (x, y float32) { return facts.labelWidth + 40, facts.rows[i].y + 4 }
	for _, i := range []int{0, 1, 3} {
		tap(facts, first(value(i)), second(value(i)))
	}
	tap(facts, 495, second(value(1))) // the sign beside a link copies it
	tap(facts, 5, second(value(0)))   // a label does nothing
	want := []string{"8", "opened", "12.50", "https://www.url.com/123456"}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
	facts.MouseMoved(mouse(value(0)))
	if facts.hovered != 0 {
		t.Errorf("got row %d under the mouse, want 0", facts.hovered)
	}
	facts.MouseMoved(mouse(5, 4))
	if facts.hovered != -1 {
		t.Errorf("got row %d with the mouse on a label, want none", facts.hovered)
	}
}

func first(x, _ float32) float32  { return x }
func second(_, y float32) float32 { return y }

func TestCellsAreCopied(t *testing.T) {
	dark(t)
	var got []string
	grid := someGrid(func(value string) { got = append(got, value) })
	shown(t, 500, 80, grid)
	tap(grid, 5, gridRow+5)
	tap(grid, 5, 2*gridRow+5)
	tap(grid, grid.widths(500)[0]+gridGap+5, 2*gridRow+5)
	tap(grid, 5, 5)           // a title
	tap(grid, 5, 3*gridRow+5) // below the last
	want := []string{"C3DD35B0E1F", "10094507-copied", "opened"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %q, want %q", got, want)
	}
}
