package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// TestRulesByKeyboard goes through the rules, changes one and comes back without a
// mouse.
func TestRulesByKeyboard(t *testing.T) {
	g := newGallery(t, "dark", 1024, 700)
	g.attachRules(t)
	g.until(t, "the list is known", func() bool { return !g.List.Loading })
	c := g.window.Canvas()
	key := func(names ...fyne.KeyName) {
		for _, name := range names {
			c.Focused().TypedKey(&fyne.KeyEvent{Name: name})
			g.drain()
		}
	}
	g.window.press("R")
	if _, ok := c.Focused().(*kit.Rows); !ok || g.Dialog != viewmodel.DialogRules {
		t.Fatalf("dialog %v, the keyboard is at %T", g.Dialog, c.Focused())
	}
	key(fyne.KeyDown, fyne.KeyDown)
	if g.Rules.At != 2 || g.Rules.Draft == nil || g.Rules.Draft.Name != "Twice, then fine" {
		t.Fatalf("at %d, draft %+v", g.Rules.At, g.Rules.Draft)
	}
	test.Type(c.Focused(), " ")
	g.until(t, "it is switched", func() bool { return g.enabled[2] > 0 })
	if g.enabled[2] != 1 {
		t.Errorf("Space switched it %d times", g.enabled[2])
	}
	key(fyne.KeyReturn)
	if _, ok := c.Focused().(*kit.Rows); ok || c.Focused() == nil {
		t.Fatalf("the keyboard is at %T", c.Focused())
	}
	test.Type(c.Focused(), "!")
	if got := g.Rules.Draft.Name; got != "Twice, then fine!" {
		t.Errorf("name %q", got)
	}
	seen := map[fyne.Focusable]bool{}
	for range 60 {
		seen[c.Focused()] = true
		c.FocusNext()
	}
	for name, o := range map[string]fyne.Focusable{"kinds": g.window.dialogs.rules.editor.kinds, "save": g.window.dialogs.rules.editor.save, "rules": g.window.dialogs.rules.rows} {
		if !seen[o] {
			t.Errorf("Tab never comes to %s", name)
		}
	}
	g.window.dialogs.rules.editor.name.FocusEnd()
	key(fyne.KeyEscape)
	if _, ok := c.Focused().(*kit.Rows); !ok || g.Dialog != viewmodel.DialogRules {
		t.Fatalf("dialog %v, the keyboard is at %T", g.Dialog, c.Focused())
	}
	key(fyne.KeyDown) // what was changed is asked about
	if g.Confirmation == nil || g.Rules.At != 2 {
		t.Fatalf("%+v, at %d", g.Confirmation, g.Rules.At)
	}
	g.Answered(false)
	g.window.press("Escape")
	if g.Dialog != viewmodel.NoDialog {
		t.Error("the dialog is still there")
	}
}

// TestNothingJumpsWhileTyping types into the editor, and looks where things are.
func TestNothingJumpsWhileTyping(t *testing.T) {
	g := newGallery(t, "dark", 1024, 700)
	g.attachRules(t)
	g.until(t, "the list is known", func() bool { return !g.List.Loading })
	g.Rules.New()
	e := g.window.dialogs.rules.editor
	place := func(o fyne.CanvasObject) fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	}
	kinds, save := place(e.kinds), place(e.save)
	for _, filter := range []string{"p", "provider:", "provider:klix", "provider:klix colour:red", "provider:klix and (", "provider:klix event:purchase.paid order:3165671600 method:PUT path:/klix/purchases"} {
		g.Rules.Change(func(f *viewmodel.RuleFields) { f.Filter = filter })
		g.drain()
		if place(e.kinds) != kinds || place(e.save) != save {
			t.Errorf("%q moves the kinds from %v to %v, the button from %v to %v", filter, kinds, place(e.kinds), save, place(e.save))
		}
	}
}

// TestStripIsHidden hides the bar, and gives its room to the panes.
func TestStripIsHidden(t *testing.T) {
	g := newGallery(t, "dark", 1024, 700)
	if g.window.strip.root.Visible() {
		t.Error("it is there without an engine")
	}
	g.attachRules(t)
	g.until(t, "the list is known", func() bool { return !g.List.Loading })
	if !g.window.strip.root.Visible() {
		t.Fatal("it is not there")
	}
	g.Commands.Do("view.strip")
	g.drain()
	if g.window.strip.root.Visible() || !g.Preferences.NoStrip {
		t.Error("it is still there")
	}
	if got := fyne.CurrentApp().Driver().AbsolutePositionForObject(g.window.split).Y; got > 60 {
		t.Errorf("the panes begin at %v", got)
	}
}
