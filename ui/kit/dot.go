package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Dot is a small filled circle.
type Dot struct {
	widget.BaseWidget

	name     fyne.ThemeColorName
	diameter float32
}

// NewDot makes a dot in a colour of the theme.
func NewDot(name fyne.ThemeColorName, diameter float32) *Dot {
	d := &Dot{name: name, diameter: diameter}
	d.ExtendBaseWidget(d)
	return d
}

// SetColor changes the colour.
func (d *Dot) SetColor(name fyne.ThemeColorName) {
	if d.name != name {
		d.name = name
		d.Refresh()
	}
}

// SetTone changes the colour to that of a tone.
func (d *Dot) SetTone(t Tone) { d.SetColor(t.name()) }

// CreateRenderer is for Fyne.
func (d *Dot) CreateRenderer() fyne.WidgetRenderer {
	r := &dotRenderer{d, canvas.NewCircle(nil)}
	r.Refresh()
	return r
}

type dotRenderer struct {
	dot    *Dot
	circle *canvas.Circle
}

func (r *dotRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(r.dot.diameter) }

func (r *dotRenderer) Layout(size fyne.Size) {
	r.circle.Resize(fyne.NewSquareSize(r.dot.diameter))
	r.circle.Move(fyne.NewPos((size.Width-r.dot.diameter)/2, (size.Height-r.dot.diameter)/2))
}

func (r *dotRenderer) Refresh() {
	r.circle.FillColor = Color(r.dot.name)
	r.circle.Refresh()
}

func (r *dotRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.circle} }
func (r *dotRenderer) Destroy()                     {}
