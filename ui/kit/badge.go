package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Badge is a short word on a fill of its own hue.
type Badge struct {
	widget.BaseWidget

	text  string
	name  fyne.ThemeColorName
	role  Role
	width float32 // 0: as the text needs
	round bool
	dot   bool // a dot before the text
	edged bool // an edge instead of a fill
	plain bool // the fill of a chip, whatever the hue
}

// NewBadge makes a badge in a tone.
func NewBadge(text string, tone Tone) *Badge {
	return newBadge(&Badge{text: text, name: tone.name(), role: RoleBadge})
}

// methodWidth lines the methods of a list up.
const methodWidth = 42

// NewMethodBadge makes the badge of an HTTP method, of the same width for all.
func NewMethodBadge(method string) *Badge {
	return newBadge(&Badge{text: shortMethod(method), name: MethodName(method), role: RoleBadge, width: methodWidth})
}

// NewStatusPill makes a round badge with a dot before its words.
func NewStatusPill(text string, tone Tone) *Badge {
	return newBadge(&Badge{text: text, name: tone.name(), role: RoleSmall, round: true, dot: true})
}

// badgeFill is how much of its hue lies under a badge, in percent.
const badgeFill = 12

func newBadge(b *Badge) *Badge {
	b.ExtendBaseWidget(b)
	return b
}

// shortMethod cuts a method to what fits into its badge.
func shortMethod(method string) string {
	switch method {
	case "OPTIONS":
		return "OPT"
	case "DELETE":
		return "DEL"
	}
	if len(method) > 5 {
		return method[:4] + ellipsis
	}
	return method
}

// SetText changes the text.
func (b *Badge) SetText(s string) {
	if b.text != s {
		b.text = s
		b.Refresh()
	}
}

// SetMethod changes the method of a method badge.
func (b *Badge) SetMethod(method string) {
	if s := shortMethod(method); b.text != s || b.name != MethodName(method) {
		b.text, b.name = s, MethodName(method)
		b.Refresh()
	}
}

// SetTone changes the colour.
func (b *Badge) SetTone(t Tone) {
	if b.name != t.name() {
		b.name = t.name()
		b.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	r := &badgeRenderer{badge: b, back: canvas.NewRectangle(nil), dot: canvas.NewCircle(nil), text: NewCanvasText(b.role, Plain, "")}
	r.Refresh()
	return r
}

type badgeRenderer struct {
	badge *Badge
	back  *canvas.Rectangle
	dot   *canvas.Circle
	text  *canvas.Text
}

func (r *badgeRenderer) pads() (side, height float32) {
	switch {
	case r.badge.dot:
		return 9, 21
	case r.badge.round:
		return 7, 18
	default:
		return 6, 18
	}
}

func (r *badgeRenderer) MinSize() fyne.Size {
	side, height := r.pads()
	width := r.badge.width
	if width == 0 {
		width = MeasureText(r.badge.role, r.badge.text).Width + 2*side
		if r.badge.dot {
			width += 12
		}
	}
	return fyne.NewSize(width, height)
}

func (r *badgeRenderer) Layout(size fyne.Size) {
	_, height := r.pads()
	r.back.Resize(fyne.NewSize(size.Width, height))
	r.back.Move(fyne.NewPos(0, (size.Height-height)/2))
	text := r.text.MinSize()
	x := (size.Width - text.Width) / 2
	if r.badge.dot {
		x += 6
		r.dot.Resize(fyne.NewSquareSize(6))
		r.dot.Move(fyne.NewPos(x-12, (size.Height-6)/2))
	}
	r.text.Resize(text)
	r.text.Move(fyne.NewPos(x, (size.Height-text.Height)/2))
}

func (r *badgeRenderer) Refresh() {
	b := r.badge
	_, height := r.pads()
	r.back.CornerRadius = 4
	if b.round {
		r.back.CornerRadius = height / 2
	}
	switch {
	case b.edged:
		r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = nil, Color(ColorOutline), 1
	case b.plain || b.name == ColorSecondary || b.name == ColorMuted:
		r.back.FillColor = Color(ColorChip)
	default:
		r.back.FillColor = translucent(b.name, badgeFill)
	}
	r.back.Refresh()
	r.text.Text, r.text.Color = b.text, Color(b.name)
	r.text.Refresh()
	r.dot.FillColor = Color(b.name)
	r.dot.Hidden = !b.dot
	r.dot.Refresh()
	r.Layout(b.Size())
}

func (r *badgeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.dot, r.text}
}
func (r *badgeRenderer) Destroy() {}
