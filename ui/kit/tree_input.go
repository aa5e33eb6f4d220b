package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ fyne.Focusable         = (*Tree)(nil)
	_ fyne.Shortcutable      = (*Tree)(nil)
	_ fyne.Scrollable        = (*Tree)(nil)
	_ fyne.Draggable         = (*Tree)(nil)
	_ fyne.DoubleTappable    = (*Tree)(nil)
	_ fyne.SecondaryTappable = (*Tree)(nil)
	_ desktop.Mouseable      = (*Tree)(nil)
	_ desktop.Hoverable      = (*Tree)(nil)
)

// MouseDown is for Fyne.
func (t *Tree) MouseDown(e *desktop.MouseEvent) {
	focus(t)
	if e.Button == desktop.MouseButtonPrimary && t.scroll.press(e.Position) {
		t.Refresh()
		return
	}
	row := t.rowAt(e.Position.Y)
	if row < 0 {
		return
	}
	t.Select(row)
	if e.Button == desktop.MouseButtonPrimary && e.Position.X < t.arrow(row)+treeArrow {
		t.Toggle(row)
	}
}

// MouseUp is for Fyne.
func (t *Tree) MouseUp(*desktop.MouseEvent) { t.scroll.release() }

// Dragged is for Fyne.
func (t *Tree) Dragged(e *fyne.DragEvent) {
	if t.scroll.grabbed != grabNone {
		t.scroll.pull(e.Position)
		t.Refresh()
	}
}

// DragEnd is for Fyne.
func (t *Tree) DragEnd() { t.scroll.release() }

// DoubleTapped is for Fyne: it opens or closes a branch.
// On the arrow each press has done so already.
func (t *Tree) DoubleTapped(e *fyne.PointEvent) {
	if row := t.rowAt(e.Position.Y); row >= 0 && e.Position.X >= t.arrow(row)+treeArrow {
		t.Toggle(row)
	}
}

// arrow is where the arrow of a line is.
func (t *Tree) arrow(row int) float32 {
	return treeMargin + float32(min(t.rows[row].depth, maxTreeIndent))*treeIndent
}

// TappedSecondary is for Fyne.
func (t *Tree) TappedSecondary(e *fyne.PointEvent) {
	row := t.rowAt(e.Position.Y)
	if row < 0 {
		return
	}
	t.Select(row)
	if t.spec.OnMenu != nil {
		t.spec.OnMenu(e.AbsolutePosition)
	}
}

// MouseIn is for Fyne.
func (t *Tree) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved is for Fyne.
func (t *Tree) MouseMoved(e *desktop.MouseEvent) {
	if row := t.rowAt(e.Position.Y); row != t.hovered {
		t.hovered = row
		t.Refresh()
	}
}

// MouseOut is for Fyne.
func (t *Tree) MouseOut() { t.hovered = -1; t.Refresh() }

// Scrolled is for Fyne.
func (t *Tree) Scrolled(e *fyne.ScrollEvent) {
	if t.scroll.by(0, e.Scrolled.DY) {
		t.hovered = -1
		t.Refresh()
	}
}

// FocusGained is for Fyne.
func (t *Tree) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost is for Fyne.
func (t *Tree) FocusLost() { t.focused = false; t.Refresh() }

// TypedRune is for Fyne.
func (t *Tree) TypedRune(r rune) { otherKey(KeyOfRune(r)) }

// TypedShortcut is for Fyne.
func (t *Tree) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok && t.spec.OnCopy != nil {
		if n, ok := t.Selected(); ok {
			t.spec.OnCopy(n)
			return
		}
	}
	shortcutElsewhere(s)
}

// TypedKey is for Fyne.
func (t *Tree) TypedKey(e *fyne.KeyEvent) {
	if len(t.rows) == 0 {
		typedElsewhere(e)
		return
	}
	row := t.selected
	page := max(int(t.scroll.size.Height)/treeLine-1, 1)
	switch e.Name {
	case fyne.KeyUp:
		t.Select(row - 1)
	case fyne.KeyDown:
		t.Select(row + 1)
	case fyne.KeyPageUp:
		t.Select(row - page)
	case fyne.KeyPageDown:
		t.Select(row + page)
	case fyne.KeyHome:
		t.Select(0)
	case fyne.KeyEnd:
		t.Select(len(t.rows) - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		t.Toggle(row)
	case fyne.KeyRight:
		switch {
		case t.rows[row].node.Branch && !t.rows[row].open:
			t.Toggle(row)
		case t.rows[row].open && row+1 < len(t.rows):
			t.Select(row + 1)
		}
	case fyne.KeyLeft:
		if t.rows[row].open {
			t.Toggle(row)
		} else if parent := t.parent(row); parent >= 0 {
			t.Select(parent)
		}
	default:
		typedElsewhere(e)
	}
}
