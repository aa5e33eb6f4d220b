package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Role is what a text is for; it decides font and size.
type Role int

// The roles.
const (
	RoleBody      Role = iota // 13
	RolePage                  // 17 semi-bold: the title of the detail
	RolePane                  // 14 semi-bold: the title of a pane
	RoleRow                   // 13 medium: the first line of a row
	RoleSmall                 // 12
	RoleCaption               // 11
	RoleSection               // 10.5 semi-bold in capitals
	RoleMono                  // 12 mono
	RoleMonoSmall             // 11 mono
	RoleMonoBold              // 12 mono bold
	RoleCode                  // 12.5 mono
	RoleBadge                 // 10.5 mono bold
)

// Font returns the font and the size of a role.
func Font(role Role) (fyne.Resource, float32) {
	switch role {
	case RolePage:
		return semiBold, 17
	case RolePane:
		return semiBold, 14
	case RoleRow:
		return medium, 13
	case RoleSmall:
		return regular, 12
	case RoleCaption:
		return regular, 11
	case RoleSection:
		return semiBold, 10.5
	case RoleMono:
		return mono, 12
	case RoleMonoSmall:
		return mono, 11
	case RoleMonoBold:
		return monoBold, 12
	case RoleCode:
		return mono, 12.5
	case RoleBadge:
		return monoBold, 10.5
	default:
		return regular, 13
	}
}

// MeasureText is the size of a line in a role.
func MeasureText(role Role, s string) fyne.Size {
	source, size := Font(role)
	measured, _ := fyne.CurrentApp().Driver().RenderedTextSize(s, size, fyne.TextStyle{Monospace: source == mono || source == monoBold}, source)
	return measured
}

// NewCanvasText makes a bare text in a role, for those who place it themselves.
func NewCanvasText(role Role, tone Tone, s string) *canvas.Text {
	source, size := Font(role)
	t := canvas.NewText(s, ToneColor(tone))
	t.FontSource, t.TextSize = source, size
	t.TextStyle.Monospace = source == mono || source == monoBold
	return t
}

// maxLine bounds what is shown of a line, and so what measuring it takes: a
// stranger may have written it. No screen is so wide.
const maxLine = 1000

// ellipsis is what stands for the rest of a text.
const ellipsis = "…"

// Fit cuts a text so that it takes no more than a width, with … at its end.
func Fit(role Role, s string, width float32) string {
	return fit(role, s, width, func(runes []rune, n int) string {
		return strings.TrimRight(string(runes[:n]), " ") + ellipsis
	})
}

// FitMiddle is Fit with the … where an address can best do without: two thirds of
// what is left are its end.
func FitMiddle(role Role, s string, width float32) string {
	return fit(role, s, width, func(runes []rune, n int) string {
		return string(runes[:n-n*2/3]) + ellipsis + string(runes[len(runes)-n*2/3:])
	})
}

// fit leaves as many runes of a text as a width takes; cut makes the text of n.
func fit(role Role, s string, width float32, cut func(runes []rune, n int) string) string {
	s = cutRunes(s, maxLine)
	if MeasureText(role, s).Width <= width {
		return s
	}
	runes := []rune(s)
	low, high := 0, len(runes) // the most that fit are in [low, high)
	for low+1 < high {
		middle := (low + high) / 2
		if MeasureText(role, cut(runes, middle)).Width <= width {
			low = middle
		} else {
			high = middle
		}
	}
	return cut(runes, low)
}

// Text is one line of text.
type Text struct {
	widget.BaseWidget

	// Shrinks lets the text become narrower than it is; then it ends with ….
	Shrinks bool
	Address bool // shrinks in its middle, so that host and path both stay

	role Role
	tone Tone
	text string
}

// NewText makes a line of text.
func NewText(role Role, tone Tone, s string) *Text {
	t := &Text{role: role, tone: tone, text: cutRunes(s, maxLine)}
	t.ExtendBaseWidget(t)
	return t
}

// NewShrinkingText makes a line of text that ends with … where it is too narrow.
func NewShrinkingText(role Role, tone Tone, s string) *Text {
	t := NewText(role, tone, s)
	t.Shrinks = true
	return t
}

// Text returns the text, up to what a line can show.
func (t *Text) Text() string { return t.text }

// SetText changes the text.
func (t *Text) SetText(s string) {
	if s = cutRunes(s, maxLine); t.text != s {
		t.text = s
		t.Refresh()
	}
}

// SetTone changes the colour.
func (t *Text) SetTone(tone Tone) {
	if t.tone != tone {
		t.tone = tone
		t.Refresh()
	}
}

// Natural is the size that the whole text takes.
func (t *Text) Natural() fyne.Size {
	s := t.text
	if t.role == RoleSection {
		s = strings.ToUpper(s)
	}
	return MeasureText(t.role, s)
}

// CreateRenderer is for Fyne.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{text: t, line: NewCanvasText(t.role, t.tone, "")}
	r.Refresh()
	return r
}

type textRenderer struct {
	text *Text
	line *canvas.Text
}

func (r *textRenderer) MinSize() fyne.Size {
	natural := r.text.Natural()
	if r.text.Shrinks {
		natural.Width = min(natural.Width, 24)
	}
	return natural
}

func (r *textRenderer) Layout(size fyne.Size) {
	s := r.text.text
	if r.text.role == RoleSection {
		s = strings.ToUpper(s)
	}
	switch {
	case r.text.Shrinks && r.text.Address:
		s = FitMiddle(r.text.role, s, size.Width+0.5)
	case r.text.Shrinks:
		s = Fit(r.text.role, s, size.Width+0.5)
	}
	if r.line.Text != s {
		r.line.Text = s
		r.line.Refresh()
	}
	height := r.line.MinSize().Height
	r.line.Move(fyne.NewPos(0, (size.Height-height)/2))
	r.line.Resize(fyne.NewSize(size.Width, height))
}

func (r *textRenderer) Refresh() {
	r.line.Color = ToneColor(r.text.tone)
	r.Layout(r.text.Size())
	r.line.Refresh()
}

func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *textRenderer) Destroy()                     {}
