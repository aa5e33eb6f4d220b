package kit

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// canvasNow is the canvas of the window that was made last.
func canvasNow() fyne.Canvas {
	windows := fyne.CurrentApp().Driver().AllWindows()
	return windows[len(windows)-1].Canvas()
}

// below is what popups lie over.
func below() fyne.CanvasObject {
	return Pad(16, 16, 16, 16, VStack(6, NewText(RolePane, Plain, "Callbacks"), NewText(RoleBody, Secondary, "what lies below")))
}

func someItems(run func(string)) []MenuItem {
	return []MenuItem{
		{Icon: "star", Label: "Pin", Keys: "p", Run: func() { run("pin") }},
		{Icon: "rotate-cw", Label: "Resend …", Keys: "Ctrl R", Off: true, Run: func() { run("resend") }},
		{},
		{Icon: "trash-2", Label: "Delete", Keys: "Del", Tone: Bad, Run: func() { run("delete") }},
	}
}

func TestMenusLook(t *testing.T) {
	bothLooks(t, "menu", 320, 170, below, func() {
		ShowMenu(canvasNow(), fyne.NewPos(40, 24), someItems(nil))
		canvasNow().Focused().TypedKey(key(fyne.KeyDown))
	})
}

func TestDialogsLook(t *testing.T) {
	bothLooks(t, "dialog", 420, 240, below, func() {
		ShowDialog(canvasNow(), DialogSpec{
			Title: "Go to a time", Width: 360,
			Content: Pad(16, 14, 16, 14, NewParagraph(RoleBody, Secondary, "A sentence that is long enough to wrap in a dialog of this width.")),
			Buttons: []*Button{
				NewButton(ButtonSpec{Label: "Cancel", Kind: Outlined}),
				NewButton(ButtonSpec{Label: "Go", Kind: Primary}),
			},
		})
	})
}

func TestFindersLook(t *testing.T) {
	bothLooks(t, "finder", 660, 470, below, func() {
		ShowFinder(canvasNow(), FinderSpec{
			Placeholder: "Type a command",
			Find: func(string) []FinderItem {
				items := []FinderItem{
					{Icon: "rotate-cw", Title: "Resend callback", Hint: "selected", Keys: "Ctrl R"},
					{Icon: "pause", Title: "Pause the list", Hint: "List", Keys: "Ctrl P"},
					{Icon: "trash-2", Title: "Delete the callback", Hint: "Callback", Keys: "Del", Off: true},
				}
				for i := range 12 {
					items = append(items, FinderItem{Icon: "list", Title: fmt.Sprint("Command ", i), Keys: "x"})
				}
				return items
			},
		})
		canvasNow().Unfocus() // no caret, whose place is Fyne's
	})
}

func TestToastsLook(t *testing.T) {
	var toasts *Toasts
	bothLooks(t, "toast", 420, 130, func() fyne.CanvasObject {
		toasts = NewToasts()
		return container.NewStack(below(), toasts.Object())
	}, func() { toasts.Show(Good, "Deleted 3 callbacks.", "Undo", func() {}) })
}

func TestRowsLook(t *testing.T) {
	bothLooks(t, "rows", 220, 130, func() fyne.CanvasObject {
		rows := NewRows(RowsSpec{
			Height: 28,
			Count:  func() int { return 40 },
			New:    func() fyne.CanvasObject { return NewText(RoleBody, Plain, "") },
			Update: func(i int, o fyne.CanvasObject) {
				if text, ok := o.(*Text); ok {
					text.SetText(fmt.Sprint("Row ", i))
				}
			},
		})
		rows.SetTop(12, 9)
		return rows
	})
}

func TestMenuKeys(t *testing.T) {
	dark(t)
	w := show(t, below(), 320, 200)
	behind := 0
	Use(Shell{OtherKey: func(string) bool { behind++; return true }})
	t.Cleanup(func() { Use(Shell{}) })
	var ran []string
	open := func() fyne.Focusable {
		ShowMenu(w.Canvas(), fyne.NewPos(300, 190), someItems(func(what string) { ran = append(ran, what) }))
		return w.Canvas().Focused()
	}
	m := open()
	m.TypedKey(key(fyne.KeyDown))
	m.TypedKey(key(fyne.KeyDown)) // over the one that is off and the line
	m.TypedKey(key(fyne.KeyReturn))
	if len(ran) != 1 || ran[0] != "delete" {
		t.Errorf("got %q run, want delete", ran)
	}
	m = open()
	m.TypedRune('p')
	shortcutable, ok := m.(fyne.Shortcutable)
	if !ok {
		t.Fatal("the window would hear shortcuts behind a menu")
	}
	shortcutable.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl})
	m.TypedKey(key(fyne.KeyEscape))
	if behind != 0 || len(ran) != 1 {
		t.Errorf("got %d keys behind the menu and %q run", behind, ran)
	}
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape left the menu open")
	}
}

// TestToastsBesideDialogs has a toast leave the buttons of a dialog alone.
func TestToastsBesideDialogs(t *testing.T) {
	before := shell
	t.Cleanup(func() { shell = before })
	toasts := NewToasts()
	w := show(t, toasts.Object(), 1000, 600)
	shell.Canvas = w.Canvas()
	toasts.Show(Good, "Deleted", "Undo", nil)
	if x := toasts.layer.Objects[0].Position().X; x < 500 {
		t.Errorf("a toast at %v without a dialog", x)
	}
	d := ShowDialog(w.Canvas(), DialogSpec{Title: "Share", Width: 400, Height: 300, Content: NewText(RoleBody, Plain, "words")})
	toasts.Show(Good, "Deleted", "Undo", nil)
	if x := toasts.layer.Objects[0].Position().X; x > 100 {
		t.Errorf("a toast at %v beside a dialog", x)
	}
	d.Hide()
}

// TestToastsWrap has a toast say all that it has to say, in several lines.
func TestToastsWrap(t *testing.T) {
	dark(t)
	toasts := NewToasts()
	show(t, toasts.Object(), 480, 360)
	toasts.Show(Bad, strings.Repeat("What happened, and what to do next. ", 4)+strings.Repeat("w", 200), "Undo", nil)
	at := toasts.layer.Objects[0]
	if right, top := at.Position().X+at.Size().Width, at.Position().Y; right > 480-16 || at.Position().X < 16 || top < 0 {
		t.Errorf("got a toast at %v, %v", at.Position(), at.Size())
	}
	text := at.(*fyne.Container).Objects[2].(*Paragraph)
	if joined := strings.Join(text.lines, ""); len(text.lines) < 4 || !strings.HasSuffix(joined, "www") || text.Size().Height > at.Size().Height {
		t.Errorf("got lines %q in %v of %v", text.lines, text.Size(), at.Size())
	}
}

func TestToastsGo(t *testing.T) {
	dark(t)
	toasts := NewToasts()
	w := show(t, toasts.Object(), 700, 300)
	undone := 0
	toasts.Show(Good, "Deleted", "Undo", func() { undone++ })
	toasts.Show(Good, "Deleted again", "Undo", func() { undone++ })
	if len(toasts.layer.Objects) != 1 {
		t.Fatalf("got %d toasts, want the newest alone", len(toasts.layer.Objects))
	}
	at := toasts.layer.Objects[0]
	corner := at.Position().Add(fyne.NewPos(at.Size().Width, at.Size().Height))
	test.TapCanvas(w.Canvas(), corner.SubtractXY(60, at.Size().Height/2))
	if undone != 1 || len(toasts.layer.Objects) != 0 {
		t.Errorf("got undone %d times, %d toasts left", undone, len(toasts.layer.Objects))
	}
}

// TestOverDialogs draws what lies over the window over its dialogs as well, and has a
// dialog keep to a window that becomes smaller.
func TestOverDialogs(t *testing.T) {
	dark(t)
	toasts := NewToasts()
	w := show(t, container.NewStack(NewSurface(ColorPanel), toasts.Object()), 700, 500)
	old := shell
	shell.Over = []fyne.CanvasObject{toasts.Object()}
	t.Cleanup(func() { shell = old })
	d := ShowDialog(w.Canvas(), DialogSpec{Title: "Sessions", Width: 600, Height: 450, Content: NewText(RoleBody, Plain, "x")})
	undone := 0
	toasts.Show(Good, "Deleted", "Undo", func() { undone++ })
	at := toasts.layer.Objects[0]
	corner := at.Position().Add(fyne.NewPos(at.Size().Width, at.Size().Height))
	test.TapCanvas(w.Canvas(), corner.SubtractXY(60, at.Size().Height/2))
	if undone != 1 {
		t.Error("a toast over a dialog cannot be pressed")
	}
	w.Resize(fyne.NewSize(400, 300))
	d.overlay.Resize(w.Canvas().Size()) // which the test's driver does not do
	if size, at := d.frame.Size(), d.frame.Position(); at.X < 0 || at.X+size.Width > 400 || at.Y+size.Height > 300 {
		t.Errorf("the dialog is at %v, %v", at, size)
	}
	d.Hide()
	if w.Canvas().Overlays().Top() != nil {
		t.Error("something is left of the dialog")
	}
}

// redrawn is a canvas that counts what it is told to draw.
type redrawn struct {
	fyne.Canvas
	times map[fyne.CanvasObject]int
}

func (c *redrawn) Refresh(o fyne.CanvasObject) { c.times[o]++ }

// TestRedrawn tells the window itself of what comes and goes: Fyne forgets which
// window a tooltip is in, a few seconds after it was last seen.
func TestRedrawn(t *testing.T) {
	dark(t)
	toasts, tips := NewToasts(), NewTooltipLayer()
	button := NewButton(ButtonSpec{Label: "Save"})
	w := show(t, container.NewStack(button, toasts.Object(), tips.Object()), 700, 300)
	old := shell
	c := &redrawn{w.Canvas(), map[fyne.CanvasObject]int{}}
	shell.Canvas = c
	t.Cleanup(func() { shell = old })
	tips.show(button, "Save it", "")
	toasts.Show(Good, "Saved", "", nil)
	if c.times[tips.layer] != 1 || c.times[toasts.layer] != 1 {
		t.Errorf("shown: %v", c.times)
	}
	tips.Hide()
	tips.Hide() // nothing is there any more
	toasts.Hide()
	if c.times[tips.layer] != 2 || c.times[toasts.layer] != 2 {
		t.Errorf("hidden: %v", c.times)
	}
}
