package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ fyne.Focusable         = (*Hex)(nil)
	_ fyne.Shortcutable      = (*Hex)(nil)
	_ fyne.Scrollable        = (*Hex)(nil)
	_ fyne.Draggable         = (*Hex)(nil)
	_ fyne.SecondaryTappable = (*Hex)(nil)
	_ desktop.Mouseable      = (*Hex)(nil)
	_ desktop.Keyable        = (*Hex)(nil)
)

// MouseDown is for Fyne.
func (h *Hex) MouseDown(e *desktop.MouseEvent) {
	focus(h)
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	if h.pressed = !h.scroll.press(e.Position); h.pressed {
		h.caret = h.byteAt(e.Position)
		if e.Modifier&fyne.KeyModifierShift == 0 {
			h.anchor = h.caret
		}
	}
	h.moved()
}

// MouseUp is for Fyne.
func (h *Hex) MouseUp(*desktop.MouseEvent) { h.DragEnd() }

// Dragged is for Fyne.
func (h *Hex) Dragged(e *fyne.DragEvent) {
	switch {
	case h.scroll.grabbed != grabNone:
		h.scroll.pull(e.Position)
	case h.pressed:
		if e.Position.Y < 0 {
			h.scroll.by(0, codeLine)
		} else if e.Position.Y > h.scroll.size.Height {
			h.scroll.by(0, -codeLine)
		}
		h.caret = h.byteAt(e.Position)
	}
	h.Refresh()
}

// DragEnd is for Fyne.
func (h *Hex) DragEnd() {
	h.pressed = false
	h.scroll.release()
}

// TappedSecondary is for Fyne.
func (h *Hex) TappedSecondary(e *fyne.PointEvent) {
	if from, to := h.Selection(); to-from <= 1 {
		h.caret = h.byteAt(e.Position)
		h.anchor = h.caret
		h.Refresh()
	}
	if h.spec.OnMenu != nil {
		h.spec.OnMenu(e.AbsolutePosition)
	}
}

// Scrolled is for Fyne.
func (h *Hex) Scrolled(e *fyne.ScrollEvent) {
	if h.scroll.by(0, e.Scrolled.DY) {
		h.Refresh()
	}
}

// FocusGained is for Fyne.
func (h *Hex) FocusGained() { h.focused = true; h.Refresh() }

// FocusLost is for Fyne.
func (h *Hex) FocusLost() { h.focused, h.shift = false, false; h.Refresh() }

// KeyDown is for Fyne.
func (h *Hex) KeyDown(e *fyne.KeyEvent) { h.shift = h.shift || isShift(e) }

// KeyUp is for Fyne.
func (h *Hex) KeyUp(e *fyne.KeyEvent) { h.shift = h.shift && !isShift(e) }

// TypedRune is for Fyne.
func (h *Hex) TypedRune(r rune) { otherKey(KeyOfRune(r)) }

// TypedShortcut is for Fyne.
func (h *Hex) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		if h.Copy() {
			return
		}
	case *fyne.ShortcutSelectAll:
		h.SelectAll()
		return
	case *desktop.CustomShortcut:
		to := map[fyne.KeyName]int{fyne.KeyHome: 0, fyne.KeyEnd: len(h.bytes) - 1}
		if place, ok := to[s.KeyName]; ok && s.Modifier&fyne.KeyModifierAlt == 0 {
			h.moveTo(place, s.Modifier&fyne.KeyModifierShift != 0)
			return
		}
	}
	shortcutElsewhere(s)
}

// TypedKey is for Fyne.
func (h *Hex) TypedKey(e *fyne.KeyEvent) {
	n := h.perRow()
	page := max(int(h.scroll.size.Height)/codeLine-2, 1) * n
	by := map[fyne.KeyName]int{
		fyne.KeyLeft: -1, fyne.KeyRight: 1, fyne.KeyUp: -n, fyne.KeyDown: n,
		fyne.KeyPageUp: -page, fyne.KeyPageDown: page,
		fyne.KeyHome: -(h.caret % n), fyne.KeyEnd: n - 1 - h.caret%n,
	}
	step, ok := by[e.Name]
	if !ok {
		typedElsewhere(e)
		return
	}
	h.moveTo(h.caret+step, h.shift || ShiftHeld())
}

func (h *Hex) moveTo(place int, extend bool) {
	h.caret = min(max(place, 0), max(len(h.bytes)-1, 0))
	if !extend {
		h.anchor = h.caret
	}
	h.scrollToCaret()
	h.moved()
}
