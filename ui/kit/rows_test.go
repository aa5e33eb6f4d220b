package kit

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// numbered is a list that shows the number of each row.
type numbered struct {
	*Rows
	count   int
	updates int
	tapped  []string
}

func newNumbered(count int) *numbered {
	n := &numbered{count: count}
	n.Rows = NewRows(RowsSpec{
		Height: 20,
		Count:  func() int { return n.count },
		New:    func() fyne.CanvasObject { return NewText(RoleBody, Plain, "") },
		Update: func(i int, o fyne.CanvasObject) {
			n.updates++
			if text, ok := o.(*Text); ok {
				text.SetText(fmt.Sprint(i % 1000))
			}
		},
		OnTap:    func(i int, _ fyne.KeyModifier) { n.tapped = append(n.tapped, fmt.Sprint("tap ", i)) },
		OnDouble: func(i int) { n.tapped = append(n.tapped, fmt.Sprint("double ", i)) },
		OnMenu:   func(i int, _ fyne.Position) { n.tapped = append(n.tapped, fmt.Sprint("menu ", i)) },
	})
	return n
}

func show(t testing.TB, o fyne.CanvasObject, width, height float32) fyne.Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(Dark))
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	return w
}

func TestRowsKeepTheirPlace(t *testing.T) {
	const millions = 5_000_000
	n := newNumbered(millions)
	show(t, n, 200, 100)
	tests := []struct {
		name string
		do   func()
		top  int
		rest float32
	}{
		{"at first", func() {}, 0, 0},
		{"not above the first", func() { n.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: 50}}) }, 0, 0},
		{"a pixel", func() { n.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -1}}) }, 0, 1},
		{"a row on", func() { n.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -20}}) }, 1, 1},
		{"a row in view stays", func() { n.ScrollTo(3) }, 1, 1},
		{"down to a row", func() { n.ScrollTo(9) }, 5, 0},
		{"up to a row", func() { n.ScrollTo(2) }, 2, 0},
		{"far away, to the pixel", func() { n.SetTop(4_000_000, 7); n.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -1}}) }, 4_000_000, 8},
		{"the end", func() { n.ScrollTo(millions - 1) }, millions - 5, 0},
		{"not beyond the end", func() { n.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -500}}) }, millions - 5, 0},
		{"what is left of it", func() { n.count = 3; n.Refresh() }, 0, 0},
	}
	for _, test := range tests {
		test.do()
		if top, rest := n.Top(); top != test.top || rest != test.rest {
			t.Errorf("%s: got row %d and %g pixels, want %d and %g", test.name, top, rest, test.top, test.rest)
		}
	}
}

func TestRowsDrawWhatIsInView(t *testing.T) {
	n := newNumbered(1_000_000)
	show(t, n, 200, 100)
	n.updates = 0
	n.SetTop(500_000, 10)
	if first, last := n.VisibleRange(); first != 500_000 || last != 500_006 {
		t.Errorf("got %d to %d in view, want 500000 to 500006", first, last)
	}
	if n.updates > 12 {
		t.Errorf("got %d updates for six rows in view", n.updates)
	}
}

// Fyne forgets the renderer of what is out of sight: the next one must not leave the
// rows of the first below its own.
func TestRowsComeBack(t *testing.T) {
	n := newNumbered(1000)
	show(t, n, 200, 100)
	before := len(n.view.Objects)
	again := n.CreateRenderer()
	again.Layout(fyne.NewSize(300, 100))
	again.Refresh()
	if got := len(n.view.Objects); got != before {
		t.Errorf("got %d rows after the list came back, want %d", got, before)
	}
}

func TestRowsClicks(t *testing.T) {
	n := newNumbered(4)
	show(t, n, 200, 100)
	press := func(y float32, button desktop.MouseButton) {
		n.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, y)}, Button: button})
	}
	press(0, desktop.MouseButtonPrimary)
	press(25, desktop.MouseButtonPrimary)
	press(39, desktop.MouseButtonPrimary)
	press(60, desktop.MouseButtonSecondary)
	press(80, desktop.MouseButtonPrimary) // below the last row
	got, want := fmt.Sprint(n.tapped), "[tap 0 tap 1 tap 1 double 1 menu 3]"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRowsHandOnKeys(t *testing.T) {
	var got []string
	Use(Shell{OtherKey: func(key string) bool { got = append(got, key); return true }})
	t.Cleanup(func() { Use(Shell{}) })
	n := newNumbered(4)
	show(t, n, 200, 100)
	n.TypedRune('j')
	n.TypedRune('G')
	n.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	n.TypedKey(&fyne.KeyEvent{Name: fyne.KeyJ}) // comes as a rune too
	n.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl})
	n.TypedShortcut(&fyne.ShortcutCopy{})
	if want := "[j G Down Mod+K Mod+C]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// A scroll in a long list costs what it costs in a short one.
func BenchmarkRowsScroll(b *testing.B) {
	for _, count := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			n := newNumbered(count)
			show(b, n, 400, 900)
			i := 0
			for b.Loop() {
				i++
				n.SetTop((i*7919)%(count-100), float32(i%20))
			}
		})
	}
}

// The row under the mouse is another one once the rows have moved.
func TestRowsHover(t *testing.T) {
	n := newNumbered(50)
	show(t, n, 200, 100)
	var told []int
	n.spec.OnHover = func(i int) { told = append(told, i) }
	n.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, 45)}})
	n.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -60}})
	n.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, 50)}})
	if n.Hovered() != 5 {
		t.Errorf("got row %d under the mouse, want 5", n.Hovered())
	}
	n.MouseOut()
	if got, want := fmt.Sprint(told), "[2 5 -1]"; got != want {
		t.Errorf("told of %s, want %s", got, want)
	}
}

// A list may be told what to show before it has a size.
func TestRowsScrollBeforeTheyAreSeen(t *testing.T) {
	n := newNumbered(50)
	n.ScrollTo(20)
	show(t, n, 200, 100)
	if first, last := n.VisibleRange(); first > 20 || last <= 20 {
		t.Errorf("got %d to %d in view, want 20 among them", first, last)
	}
}
