package kit

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

const (
	// keepStyle is how often a field is drawn that hides something; Fyne forgets what is
	// not drawn for 15 seconds.
	keepStyle = 5 * time.Second

	// lostStyle is after which time it has forgotten that.
	lostStyle = 12 * time.Second
)

// fieldStyle has a field be drawn by a theme of its own. With the renderer of what is
// hidden, as a placeholder behind a text, Fyne forgets that theme too: it would come
// back at another place, with a scroll bar beside it.
type fieldStyle struct {
	over  *container.ThemeOverride
	look  func() *fieldTheme
	empty func() bool // it shows its placeholder

	after  func(time.Duration, func())
	now    func() time.Time
	seen   func() bool // it is on the screen
	drawn  time.Time
	hiding bool // something of it was hidden when it was drawn
	armed  bool // it is drawn again after a while
	gone   bool
}

func newFieldStyle(field fyne.CanvasObject, look func() *fieldTheme, empty func() bool) *fieldStyle {
	s := &fieldStyle{over: container.NewThemeOverride(field, look()), look: look, empty: empty, now: time.Now}
	s.after = func(t time.Duration, f func()) {
		time.AfterFunc(t, func() { shell.Do(f) })
	}
	s.seen = func() bool { // what is on no screen has no position there
		return !fyne.CurrentApp().Driver().AbsolutePositionForObject(field).IsZero()
	}
	s.drawn = s.now()
	return s
}

// refresh draws the field anew, by another theme where that is another one: for every
// override that is drawn Fyne reads its fonts again, some MiB, and keeps them.
func (s *fieldStyle) refresh() {
	look, lost := s.look(), s.hiding && s.now().Sub(s.drawn) > lostStyle
	if old, ok := s.over.Theme.(*fieldTheme); ok && *old == *look && !lost {
		s.over.Content.Refresh()
	} else {
		s.over.Theme = look
		s.over.Refresh()
	}
	s.drawn, s.hiding = s.now(), !s.empty()
	s.keep()
}

// keep draws the field by and by, while something of it is hidden and it is seen: a
// dialog that was closed is let go, with what was typed there.
func (s *fieldStyle) keep() {
	if s.armed || s.gone || !s.hiding || shell.Do == nil {
		return
	}
	s.armed = true
	s.after(keepStyle, func() {
		if s.armed = false; !s.gone && s.seen() {
			s.refresh()
		}
	})
}

// fieldPadding is around the text of a field.
const fieldPadding = 4

// fieldTheme takes the frame away from Fyne's field.
type fieldTheme struct {
	fyne.Theme
	text float32 // 0: that of the theme
}

// Color makes the field's own frame invisible.
func (t *fieldTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameInputBackground || name == theme.ColorNameInputBorder {
		return color.Transparent
	}
	return t.Theme.Color(name, variant)
}

// Size takes the field's own padding and edge away.
func (t *fieldTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameInputBorder:
		return 0
	case theme.SizeNameInnerPadding:
		return fieldPadding
	case theme.SizeNameScrollBar, theme.SizeNameScrollBarSmall:
		return 0 // a long text follows the caret without a bar
	case theme.SizeNameText:
		if t.text != 0 {
			return t.text
		}
	}
	return t.Theme.Size(name)
}
