package kit

import "fyne.io/fyne/v2"

// Shell is what widgets need of the window that they are in.
type Shell struct {
	// Do runs a function on the screen's goroutine, later. Without it nothing
	// happens by itself after a while: no tooltip comes, no toast goes.
	Do func(func())

	// OtherKey takes a key ("Mod+K", "j", "Escape") that the widget with the focus
	// has no use for, and reports whether somebody had.
	OtherKey func(key string) bool

	// Tips shows tooltips; nil shows none.
	Tips *TooltipLayer

	// Over lies over the window, and over each dialog as well.
	Over []fyne.CanvasObject

	// Canvas is that of the window, for widgets that were not drawn yet; nil where
	// there is none.
	Canvas fyne.Canvas
}

var shell Shell

// Use sets the shell of every widget. It is called once, before the window is
// shown.
func Use(s Shell) { shell = s }

// redraw has the window draw again what comes and goes: of an object that is not seen
// for a while, Fyne forgets which window it is in.
func redraw(o fyne.CanvasObject) {
	if shell.Canvas != nil {
		shell.Canvas.Refresh(o)
	}
}

// otherKey hands a key on.
func otherKey(key string) bool { return shell.OtherKey != nil && shell.OtherKey(key) }

// Focus gives the keyboard to a widget, also to one that was not drawn yet but is
// in the window. With idle, it does so only where no other widget has it.
func Focus(o fyne.Focusable, idle bool) {
	object, ok := o.(fyne.CanvasObject)
	if !ok {
		return
	}
	if c := canvasOf(object); c != nil && (!idle || c.Focused() == nil) {
		c.Focus(o)
	}
}

// canvasOf is the canvas that a widget is on, or will be on.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		return c
	}
	return shell.Canvas
}
