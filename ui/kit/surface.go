package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Surface is a plain area in a colour of the theme.
type Surface struct {
	widget.BaseWidget

	name   fyne.ThemeColorName
	size   fyne.Size
	radius float32
	stroke fyne.ThemeColorName
}

// NewSurface makes an area.
func NewSurface(name fyne.ThemeColorName) *Surface {
	s := &Surface{name: name}
	s.ExtendBaseWidget(s)
	return s
}

// NewCard makes an area with round corners and, where stroke is not "", an edge.
func NewCard(name, stroke fyne.ThemeColorName, radius float32) *Surface {
	s := NewSurface(name)
	s.radius, s.stroke = radius, stroke
	return s
}

// SetColor changes the colour.
func (s *Surface) SetColor(name fyne.ThemeColorName) {
	if s.name != name {
		s.name = name
		s.Refresh()
	}
}

// HLine is a line across.
func HLine() fyne.CanvasObject {
	s := NewSurface(ColorLine)
	s.size = fyne.NewSize(1, 1)
	return s
}

// VLine is a line down, 16 high where nothing stretches it.
func VLine() fyne.CanvasObject {
	s := NewSurface(ColorLine)
	s.size = fyne.NewSize(1, 16)
	return s
}

// CreateRenderer is for Fyne.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{s, canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type surfaceRenderer struct {
	surface *Surface
	area    *canvas.Rectangle
}

func (r *surfaceRenderer) MinSize() fyne.Size    { return r.surface.size }
func (r *surfaceRenderer) Layout(size fyne.Size) { r.area.Resize(size) }

func (r *surfaceRenderer) Refresh() {
	r.area.FillColor = Color(r.surface.name)
	r.area.CornerRadius = r.surface.radius
	if r.surface.stroke != "" {
		r.area.StrokeColor, r.area.StrokeWidth = Color(r.surface.stroke), 1
	}
	r.area.Refresh()
}

func (r *surfaceRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.area} }
func (r *surfaceRenderer) Destroy()                     {}
