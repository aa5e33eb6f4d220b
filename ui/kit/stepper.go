package kit

import "fyne.io/fyne/v2"

// stepper is what a row of choices embeds to be worked with the arrow keys.
type stepper struct {
	step    func(by int) // to the choice before (-1) or after (1)
	changed func()       // draws the widget again

	focused bool
}

// FocusGained is for Fyne.
func (s *stepper) FocusGained() { s.focused = true; s.changed() }

// FocusLost is for Fyne.
func (s *stepper) FocusLost() { s.focused = false; s.changed() }

// TypedRune is for Fyne.
func (s *stepper) TypedRune(r rune) { otherKey(KeyOfRune(r)) }

// TypedKey is for Fyne.
func (s *stepper) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		s.step(-1)
	case fyne.KeyRight:
		s.step(1)
	default:
		typedElsewhere(e)
	}
}

// TypedShortcut is for Fyne.
func (s *stepper) TypedShortcut(shortcut fyne.Shortcut) { shortcutElsewhere(shortcut) }
