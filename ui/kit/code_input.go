package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ fyne.Focusable         = (*Code)(nil)
	_ fyne.Shortcutable      = (*Code)(nil)
	_ fyne.Scrollable        = (*Code)(nil)
	_ fyne.Draggable         = (*Code)(nil)
	_ fyne.DoubleTappable    = (*Code)(nil)
	_ fyne.SecondaryTappable = (*Code)(nil)
	_ desktop.Mouseable      = (*Code)(nil)
	_ desktop.Cursorable     = (*Code)(nil)
	_ desktop.Keyable        = (*Code)(nil)
)

// focus gives a widget the keyboard.
func focus(w interface {
	fyne.CanvasObject
	fyne.Focusable
},
) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(w); canvas != nil && canvas.Focused() != fyne.Focusable(w) {
		canvas.Focus(w)
	}
}

// MouseDown is for Fyne.
func (c *Code) MouseDown(e *desktop.MouseEvent) {
	focus(c)
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	if c.scroll.press(e.Position) {
		c.Refresh()
		return
	}
	c.pressed = true
	c.caret, c.goal = c.offsetAt(e.Position, true), -1
	if e.Modifier&fyne.KeyModifierShift == 0 {
		c.anchor = c.caret
	}
	c.moved()
}

// MouseUp is for Fyne.
func (c *Code) MouseUp(*desktop.MouseEvent) { c.letGo() }

func (c *Code) letGo() {
	c.pressed = false
	c.scroll.release()
}

// Dragged is for Fyne: it selects, and scrolls where the mouse leaves the view.
func (c *Code) Dragged(e *fyne.DragEvent) {
	if c.scroll.grabbed != grabNone {
		c.scroll.pull(e.Position)
		c.Refresh()
		return
	}
	if !c.pressed {
		return
	}
	c.caret = c.offsetAt(e.Position, true)
	size := c.scroll.size
	switch {
	case e.Position.Y < 0:
		c.scroll.by(0, codeLine)
	case e.Position.Y > size.Height:
		c.scroll.by(0, -codeLine)
	}
	switch {
	case e.Position.X < c.scroll.gutter-4:
		c.scroll.by(2*c.cell, 0)
	case e.Position.X > size.Width:
		c.scroll.by(-2*c.cell, 0)
	}
	c.moved()
}

// DragEnd is for Fyne.
func (c *Code) DragEnd() { c.letGo() }

// DoubleTapped is for Fyne: it selects a word.
func (c *Code) DoubleTapped(e *fyne.PointEvent) {
	if e.Position.X >= c.scroll.gutter-4 {
		c.anchor, c.caret = c.word(c.offsetAt(e.Position, false))
		c.moved()
	}
}

// TappedSecondary is for Fyne.
func (c *Code) TappedSecondary(e *fyne.PointEvent) {
	if from, to := c.Selection(); from == to {
		c.caret = c.offsetAt(e.Position, true)
		c.anchor = c.caret
		c.moved()
	}
	if c.spec.OnMenu != nil {
		c.spec.OnMenu(e.AbsolutePosition)
	}
}

// Scrolled is for Fyne.
func (c *Code) Scrolled(e *fyne.ScrollEvent) {
	if c.scroll.by(e.Scrolled.DX, e.Scrolled.DY) {
		c.Refresh()
	}
}

// Cursor is for Fyne.
func (c *Code) Cursor() desktop.Cursor { return desktop.TextCursor }

// FocusGained is for Fyne.
func (c *Code) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost is for Fyne.
func (c *Code) FocusLost() { c.focused, c.shift = false, false; c.Refresh() }

// KeyDown is for Fyne.
func (c *Code) KeyDown(e *fyne.KeyEvent) {
	if isShift(e) {
		c.shift = true
	}
}

// KeyUp is for Fyne.
func (c *Code) KeyUp(e *fyne.KeyEvent) {
	if isShift(e) {
		c.shift = false
	}
}

func isShift(e *fyne.KeyEvent) bool {
	return e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight
}

// TypedRune is for Fyne.
func (c *Code) TypedRune(r rune) { otherKey(KeyOfRune(r)) }

// TypedShortcut is for Fyne.
func (c *Code) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		if c.Copy() {
			return
		}
	case *fyne.ShortcutSelectAll:
		c.SelectAll()
		return
	case *desktop.CustomShortcut:
		if c.jump(s) {
			return
		}
	}
	shortcutElsewhere(s)
}

// TypedKey is for Fyne.
func (c *Code) TypedKey(e *fyne.KeyEvent) {
	if !c.move(e.Name, c.shift || ShiftHeld()) {
		typedElsewhere(e)
	}
}
