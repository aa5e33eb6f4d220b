package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// NewCount makes the chip of a number beside a title.
func NewCount(n string) *Badge {
	return newBadge(&Badge{text: n, name: ColorSecondary, role: RoleCaption, round: true, plain: true})
}

// NewKeyChip makes the outlined chip of a shortcut: "Ctrl K".
func NewKeyChip(keys string) *Badge {
	return newBadge(&Badge{text: keys, name: ColorMuted, role: RoleCaption, edged: true})
}

// Pill is a chip with words that can be taken away with a click on its cross.
type Pill struct {
	widget.BaseWidget

	Tip   string // shown when the mouse rests; "" shows none
	OnTap func() // a click on the words; nil does nothing

	text     string
	tone     Tone
	onRemove func() // nil shows no cross
	hovered  bool
}

const (
	pillHeight = 22
	pillPad    = 9
	pillCross  = 12
	pillGap    = 5
)

// NewPill makes a pill. onRemove is called for a click on the cross.
func NewPill(text string, tone Tone, onRemove func()) *Pill {
	p := &Pill{text: cutRunes(text, maxLine), tone: tone, onRemove: onRemove}
	p.ExtendBaseWidget(p)
	return p
}

// Tapped is for Fyne.
func (p *Pill) Tapped(e *fyne.PointEvent) {
	hideTip()
	switch {
	case p.onRemove != nil && e.Position.X >= p.Size().Width-pillPad-pillCross-pillGap:
		p.onRemove()
	case p.OnTap != nil:
		p.OnTap()
	}
}

// MouseIn is for Fyne.
func (p *Pill) MouseIn(*desktop.MouseEvent) {
	p.hovered = true
	p.Refresh()
	showTip(p, p.Tip, "")
}

// MouseMoved is for Fyne.
func (p *Pill) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (p *Pill) MouseOut() {
	p.hovered = false
	p.Refresh()
	hideTip()
}

// CreateRenderer is for Fyne.
func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	r := &pillRenderer{pill: p, back: canvas.NewRectangle(nil), text: NewCanvasText(RoleSmall, p.tone, p.text), cross: newImage()}
	r.Refresh()
	return r
}

type pillRenderer struct {
	pill  *Pill
	back  *canvas.Rectangle
	text  *canvas.Text
	cross *canvas.Image
}

func (r *pillRenderer) MinSize() fyne.Size {
	width := MeasureText(RoleSmall, r.pill.text).Width + 2*pillPad
	if r.pill.onRemove != nil {
		width += pillGap + pillCross
	}
	return fyne.NewSize(width, pillHeight)
}

func (r *pillRenderer) Layout(size fyne.Size) {
	top := (size.Height - pillHeight) / 2
	r.back.Move(fyne.NewPos(0, top))
	r.back.Resize(fyne.NewSize(size.Width, pillHeight))
	text := r.text.MinSize()
	r.text.Move(fyne.NewPos(pillPad, (size.Height-text.Height)/2))
	r.text.Resize(text)
	r.cross.Resize(fyne.NewSquareSize(pillCross))
	r.cross.Move(fyne.NewPos(size.Width-pillPad-pillCross+2, (size.Height-pillCross)/2))
}

func (r *pillRenderer) Refresh() {
	r.back.CornerRadius = pillHeight / 2
	r.back.FillColor = Color(ColorChip)
	cross := ColorMuted
	if r.pill.hovered {
		r.back.FillColor, cross = Color(ColorSelected), ColorText
	}
	r.back.Refresh()
	r.text.Text, r.text.Color = r.pill.text, ToneColor(r.pill.tone)
	r.text.Refresh()
	r.Layout(r.pill.Size())
	SetImageIcon(r.cross, "x", cross)
	r.cross.Hidden = r.pill.onRemove == nil
}

func (r *pillRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.text, r.cross}
}
func (r *pillRenderer) Destroy() {}
