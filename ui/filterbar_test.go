package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"hookglass/ui/viewmodel"
)

// TestFilterFieldGoesOn writes on behind what was taken, and what stands in chips.
func TestFilterFieldGoesOn(t *testing.T) {
	g := newGallery(t, "dark", 1440, 900)
	g.attach(t)
	g.until(t, "the list is known", func() bool { return !g.List.Loading })
	field := g.window.top.filter.field
	g.Screen.Focus(viewmodel.PaneFilter)
	press := func(name fyne.KeyName) { field.Field().TypedKey(&fyne.KeyEvent{Name: name}) }
	test.Type(field.Field(), "prov")
	press(fyne.KeyTab)
	if field.Text() != "provider:" || field.At() != 9 || g.Filter.At != 9 {
		t.Fatalf("%q at %d, the state at %d", field.Text(), field.At(), g.Filter.At)
	}
	test.Type(field.Field(), "klix ")
	if field.Text() != "" || len(g.Filter.Chips) != 1 || len(g.window.top.filter.chips.Objects) != 1 {
		t.Fatalf("%q, chips %v", field.Text(), g.Filter.Chips)
	}
	test.Type(field.Field(), "paid")
	press(fyne.KeyHome)
	press(fyne.KeyBackspace)
	if field.Text() != "paid" || len(g.Filter.Chips) != 0 {
		t.Errorf("after Backspace at the start: %q, chips %v", field.Text(), g.Filter.Chips)
	}
	press(fyne.KeyEnd)
	press(fyne.KeyBackspace)
	if field.Text() != "pai" {
		t.Errorf("after Backspace at the end: %q", field.Text())
	}
}
