package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Pressable is what a widget embeds that is pressed with the mouse, Space or
// Return, and lights up under the mouse and with the keyboard on it.
type Pressable struct {
	OnPress func()
	Changed func() // draws the widget again

	Hovered bool
	Focused bool
}

func (p *Pressable) changed() {
	if p.Changed != nil {
		p.Changed()
	}
}

func (p *Pressable) press() {
	hideTip()
	if p.OnPress != nil {
		p.OnPress()
	}
}

// Tapped is for Fyne.
func (p *Pressable) Tapped(*fyne.PointEvent) { p.press() }

// MouseIn is for Fyne.
func (p *Pressable) MouseIn(*desktop.MouseEvent) { p.Hovered = true; p.changed() }

// MouseMoved is for Fyne.
func (p *Pressable) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (p *Pressable) MouseOut() { p.Hovered = false; p.changed() }

// Cursor is for Fyne.
func (p *Pressable) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained is for Fyne.
func (p *Pressable) FocusGained() { p.Focused = true; p.changed() }

// FocusLost is for Fyne.
func (p *Pressable) FocusLost() { p.Focused = false; p.changed() }

// TypedRune is for Fyne.
func (p *Pressable) TypedRune(r rune) {
	if r != ' ' {
		otherKey(KeyOfRune(r))
	}
}

// TypedKey is for Fyne.
func (p *Pressable) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		p.press()
	default:
		typedElsewhere(e)
	}
}

// TypedShortcut is for Fyne.
func (p *Pressable) TypedShortcut(s fyne.Shortcut) { shortcutElsewhere(s) }
