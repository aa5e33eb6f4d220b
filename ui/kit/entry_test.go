package kit

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func TestEntryHandsOnWhatItDoesNotUse(t *testing.T) {
	var got []string
	Use(Shell{OtherKey: func(key string) bool { got = append(got, key); return true }})
	t.Cleanup(func() { Use(Shell{}) })
	e := NewEntry(EntrySpec{OnKey: func(key string) bool { return key == "Down" }})
	show(t, e, 200, 40)
	test.Type(e.field, "jk ")
	e.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	e.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	e.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF3})
	e.field.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl})
	e.field.TypedShortcut(&fyne.ShortcutSelectAll{})
	if want := "[Escape F3 Mod+K]"; fmt.Sprint(got) != want {
		t.Errorf("handed on %v, want %s", got, want)
	}
	if e.Text() != "jk " {
		t.Errorf("got %q typed", e.Text())
	}
}

// Fyne keeps a set of fonts for every override of a theme: a field that asked for one
// with every letter took 4 MiB for each.
func TestTypingKeepsTheFieldsTheme(t *testing.T) {
	field, area := NewEntry(EntrySpec{Mono: true}), NewMultiline(3, "", nil)
	w := show(t, container.NewVBox(field, area), 300, 200)
	themes := func() [2]fyne.Theme {
		one, _ := test.WidgetRenderer(field).(*entryRenderer)
		many, _ := test.WidgetRenderer(area).(*multilineRenderer)
		return [2]fyne.Theme{one.inner.Theme, many.style.over.Theme}
	}
	before := themes()
	w.Canvas().Focus(field.field)
	test.Type(field.field, "hermes")
	test.Type(area.field, "leeds")
	area.Refresh()
	if themes() != before {
		t.Error("what is typed makes other themes")
	}
	fyne.CurrentApp().Settings().SetTheme(NewTheme(Light))
	field.Refresh()
	area.Refresh()
	for i, th := range themes() {
		if th == before[i] {
			t.Errorf("field %d keeps the look of before", i)
		}
	}
}

func TestDialogClosesAndGivesTheFocusBack(t *testing.T) {
	w := show(t, NewText(RoleBody, Plain, "below"), 400, 300)
	closed := 0
	field := NewEntry(EntrySpec{})
	d := ShowDialog(w.Canvas(), DialogSpec{Title: "Title", Width: 200, Height: 100, Content: field, OnClose: func() { closed++ }})
	field.Focus()
	if w.Canvas().Focused() == nil {
		t.Fatal("the field has no focus")
	}
	if d.Press("x") || !d.Press("Escape") {
		t.Error("a dialog takes Escape and no other key")
	}
	d.Hide()
	if closed != 1 || d.Open() || w.Canvas().Focused() != nil {
		t.Errorf("got closed %d times, open %t, focus %v", closed, d.Open(), w.Canvas().Focused())
	}
}

func TestFinder(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(Dark))
	w := test.NewTempWindow(t, NewText(RoleBody, Plain, "below"))
	w.Resize(fyne.NewSize(800, 600))
	names := []string{"Resend", "Pause", "Delete"}
	picked := -1
	var query string
	ShowFinder(w.Canvas(), FinderSpec{
		Find: func(q string) []FinderItem {
			query = q
			items := make([]FinderItem, len(names))
			for i, name := range names {
				items[i] = FinderItem{Title: name, Off: name == "Pause"}
			}
			return items
		},
		Pick: func(i int) { picked = i },
	})
	field := w.Canvas().Focused()
	test.Type(field, "e")
	if o, ok := field.(fyne.CanvasObject); !ok || o.Size().Width < finderWidth-80 {
		t.Errorf("the field got a size of %v", o.Size())
	}
	if query != "e" {
		t.Errorf("looked for %q", query)
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if picked != -1 {
		t.Error("what cannot be chosen now was picked")
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if picked != 2 {
		t.Errorf("picked %d, want 2", picked)
	}
}

// Fyne forgets the renderer of what is hidden, and with it by which theme it is drawn:
// a field with a text is drawn by and by, one that slept gets its theme again.
func TestFieldKeepsItsStyle(t *testing.T) {
	before := shell.Do
	t.Cleanup(func() { shell.Do = before })
	shell.Do = func(f func()) { f() }
	e := NewEntry(EntrySpec{Placeholder: "Filter"})
	show(t, e, 300, 60)
	r, _ := test.WidgetRenderer(e).(*entryRenderer)
	now := time.Now()
	var timers []func()
	r.style.now = func() time.Time { return now }
	seen := true
	r.style.seen = func() bool { return seen }
	r.style.after = func(_ time.Duration, f func()) { timers = append(timers, f) }
	e.SetText("hermes")
	e.Refresh()
	if len(timers) != 1 {
		t.Fatalf("%d timers with a text, want 1", len(timers))
	}
	old := r.inner.Theme
	now = now.Add(keepStyle)
	timers[0]()
	if len(timers) != 2 || r.inner.Theme != old {
		t.Errorf("%d timers, another theme %t", len(timers), r.inner.Theme != old)
	}
	now = now.Add(time.Hour) // the machine slept
	e.SetText("")
	if r.inner.Theme == old {
		t.Error("its theme is lost")
	}
	timers[1]()
	if len(timers) != 2 {
		t.Error("an empty field is drawn by and by")
	}
	e.SetText("hermes")
	seen = false // its dialog was closed
	timers[2]()
	if len(timers) != 3 {
		t.Error("a field that nobody sees is drawn by and by")
	}
	old, now = r.inner.Theme, now.Add(time.Hour)
	if e.SetText(""); r.inner.Theme == old {
		t.Error("what nobody saw has not got its theme back")
	}
}
