package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// MouseDown is for Fyne.
func (d *Diff) MouseDown(e *desktop.MouseEvent) {
	focus(d)
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	if d.scroll.press(e.Position) {
		d.Refresh()
		return
	}
	i := d.rowAt(e.Position.Y)
	switch {
	case i < 0:
	case d.offers(i) && d.spec.OnTap != nil:
		d.spec.OnTap(i)
	default:
		d.move(i)
	}
}

// MouseUp is for Fyne.
func (d *Diff) MouseUp(*desktop.MouseEvent) { d.scroll.release() }

// Dragged is for Fyne: it pulls a scrollbar.
func (d *Diff) Dragged(e *fyne.DragEvent) {
	if d.scroll.grabbed != grabNone {
		d.scroll.pull(e.Position)
		d.Refresh()
	}
}

// DragEnd is for Fyne.
func (d *Diff) DragEnd() { d.scroll.release() }

// Scrolled is for Fyne.
func (d *Diff) Scrolled(e *fyne.ScrollEvent) {
	if d.scroll.by(e.Scrolled.DX, e.Scrolled.DY) {
		d.Refresh()
	}
}

// MouseIn is for Fyne.
func (d *Diff) MouseIn(e *desktop.MouseEvent) { d.hover(d.rowAt(e.Position.Y)) }

// MouseMoved is for Fyne.
func (d *Diff) MouseMoved(e *desktop.MouseEvent) { d.hover(d.rowAt(e.Position.Y)) }

// MouseOut is for Fyne.
func (d *Diff) MouseOut() { d.hover(-1) }

func (d *Diff) hover(i int) {
	if i != d.hovered {
		changed := d.offers(i) || d.offers(min(d.hovered, d.spec.Count()-1))
		d.hovered = i
		if changed {
			d.Refresh()
		}
	}
}

// Cursor is for Fyne.
func (d *Diff) Cursor() desktop.Cursor {
	if d.offers(min(d.hovered, d.spec.Count()-1)) {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// FocusGained is for Fyne.
func (d *Diff) FocusGained() { d.focused = true; d.Refresh() }

// FocusLost is for Fyne.
func (d *Diff) FocusLost() { d.focused = false; d.Refresh() }

// TypedRune is for Fyne.
func (d *Diff) TypedRune(r rune) { d.key(KeyOfRune(r)) }

// TypedShortcut is for Fyne.
func (d *Diff) TypedShortcut(s fyne.Shortcut) {
	if key := KeyOfShortcut(s); key != "" {
		d.key(key)
	}
}

// TypedKey is for Fyne.
func (d *Diff) TypedKey(e *fyne.KeyEvent) {
	if key := KeyOf(e, ShiftHeld()); key != "" {
		d.key(key)
	}
}

// key takes what moves about, and hands on the rest.
func (d *Diff) key(key string) {
	const sideways = 8 // columns
	switch key {
	case "Up":
		d.move(d.current - 1)
	case "Down":
		d.move(d.current + 1)
	case "PageUp":
		d.move(d.current - d.pageRows())
	case "PageDown":
		d.move(d.current + d.pageRows())
	case "Home":
		d.move(0)
	case "End":
		d.move(d.spec.Count() - 1)
	case "Left":
		d.sideways(-sideways)
	case "Right":
		d.sideways(sideways)
	default:
		if d.spec.OnKey == nil || !d.spec.OnKey(key) {
			otherKey(key)
		}
	}
}

func (d *Diff) move(to int) {
	if to = min(max(to, 0), d.spec.Count()-1); to >= 0 && d.spec.OnMove != nil {
		d.spec.OnMove(to)
	}
}

func (d *Diff) sideways(columns int) {
	d.scroll.left += columns
	d.scroll.clamp()
	d.Refresh()
}
