package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// MultilineLimit is how many bytes a Multiline takes: Fyne's field slows down
// with the square of its text.
const MultilineLimit = 10 << 10

// Multiline is a field for several lines: a certificate, a message.
type Multiline struct {
	widget.BaseWidget

	field *area
	rows  int
}

// NewMultiline makes a field that shows a number of rows.
func NewMultiline(rows int, placeholder string, onChange func(text string)) *Multiline {
	m := &Multiline{rows: rows}
	m.field = newArea(placeholder, onChange)
	m.ExtendBaseWidget(m)
	return m
}

// Text returns what the field holds.
func (m *Multiline) Text() string { return m.field.Text }

// SetText changes what the field holds, cut at MultilineLimit.
func (m *Multiline) SetText(s string) { m.field.SetText(cutRunes(s, MultilineLimit)) }

// Focus gives the keyboard to the field.
func (m *Multiline) Focus() {
	if c := canvasOf(m.field); c != nil {
		c.Focus(m.field)
	}
}

// CreateRenderer is for Fyne.
func (m *Multiline) CreateRenderer() fyne.WidgetRenderer {
	look := func() *fieldTheme { return &fieldTheme{fyne.CurrentApp().Settings().Theme(), 12} }
	r := &multilineRenderer{m, canvas.NewRectangle(nil), newFieldStyle(m.field, look, func() bool { return m.field.Text == "" })}
	r.Refresh()
	return r
}

type multilineRenderer struct {
	multiline *Multiline
	back      *canvas.Rectangle
	style     *fieldStyle
}

func (r *multilineRenderer) MinSize() fyne.Size {
	return fyne.NewSize(120, float32(r.multiline.rows)*(MeasureText(RoleMono, "M").Height+3)+14)
}

func (r *multilineRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.style.over.Move(fyne.NewPos(4, 3))
	r.style.over.Resize(size.SubtractWidthHeight(8, 6))
}

func (r *multilineRenderer) Refresh() {
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = Color(ColorRaised), Color(ColorOutline), 1, 6
	r.back.Refresh()
	r.style.refresh()
}

func (r *multilineRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.style.over}
}
func (r *multilineRenderer) Destroy() { r.style.gone = true }

// area is Fyne's field for several lines, which hands on what it has no use for.
type area struct{ widget.Entry }

func newArea(placeholder string, onChange func(string)) *area {
	a := &area{}
	a.MultiLine = true
	a.PlaceHolder = placeholder
	a.Wrapping = fyne.TextWrapOff
	a.TextStyle.Monospace = true
	a.OnChanged = func(s string) {
		if len(s) > MultilineLimit {
			a.SetText(cutRunes(s, MultilineLimit-len(ellipsis)))
			return
		}
		if onChange != nil {
			onChange(s)
		}
	}
	a.ExtendBaseWidget(a)
	return a
}

// AcceptsTab is for Fyne: Tab goes on to what is next, as everywhere else.
func (a *area) AcceptsTab() bool { return false }

// TypedKey is for Fyne.
func (a *area) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		typedElsewhere(e)
		return
	}
	a.Entry.TypedKey(e)
}

// TypedShortcut is for Fyne. What is pasted is cut before the field sees it.
func (a *area) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *desktop.CustomShortcut:
		shortcutElsewhere(s)
	case *fyne.ShortcutPaste:
		if pasted := s.Clipboard.Content(); len(pasted) > MultilineLimit {
			return // no key is so long
		}
		a.Entry.TypedShortcut(s)
	default:
		a.Entry.TypedShortcut(s)
	}
}
