package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Check is a yes or no with a label.
type Check struct {
	widget.BaseWidget
	Pressable

	label    string
	on       bool
	onChange func(on bool)
}

// NewCheck makes a yes or no. onChange is called for a click, not by SetOn.
func NewCheck(label string, on bool, onChange func(on bool)) *Check {
	c := &Check{label: label, on: on, onChange: onChange}
	c.OnPress, c.Changed = c.turn, c.Refresh
	c.ExtendBaseWidget(c)
	return c
}

// On reports whether it is yes.
func (c *Check) On() bool { return c.on }

// SetOn changes it.
func (c *Check) SetOn(on bool) {
	if c.on != on {
		c.on = on
		c.Refresh()
	}
}

func (c *Check) turn() {
	c.SetOn(!c.on)
	if c.onChange != nil {
		c.onChange(c.on)
	}
}

// CreateRenderer is for Fyne.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	r := &checkRenderer{c, canvas.NewRectangle(nil), &canvas.Image{FillMode: canvas.ImageFillContain}, NewCanvasText(RoleBody, Plain, c.label)}
	r.Refresh()
	return r
}

type checkRenderer struct {
	check *Check
	box   *canvas.Rectangle
	mark  *canvas.Image
	label *canvas.Text
}

func (r *checkRenderer) MinSize() fyne.Size {
	return fyne.NewSize(MeasureText(RoleBody, r.check.label).Width+26, 24)
}

func (r *checkRenderer) Layout(size fyne.Size) {
	r.box.Resize(fyne.NewSquareSize(16))
	r.box.Move(fyne.NewPos(0, (size.Height-16)/2))
	r.mark.Resize(fyne.NewSquareSize(12))
	r.mark.Move(fyne.NewPos(2, (size.Height-12)/2))
	label := r.label.MinSize()
	r.label.Resize(label)
	r.label.Move(fyne.NewPos(24, (size.Height-label.Height)/2))
}

func (r *checkRenderer) Refresh() {
	c := r.check
	r.box.CornerRadius, r.box.StrokeWidth = 4, 1
	r.box.FillColor, r.box.StrokeColor = Color(ColorRaised), Color(ColorOutline)
	mark := Icon("")
	if c.on {
		r.box.FillColor, r.box.StrokeColor, mark = Color(ColorFilled), Color(ColorFilled), "check"
	}
	if c.Hovered || c.Focused {
		r.box.StrokeColor = Color(ColorAccent)
	}
	r.box.Refresh()
	SetImageIcon(r.mark, mark, ColorOnFilled)
	r.label.Color = Color(ColorText)
	r.label.Refresh()
	r.Layout(c.Size())
}

func (r *checkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.mark, r.label}
}
func (r *checkRenderer) Destroy() {}
