package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
)

// heldRail is a thin line that becomes shorter as time runs out.
type heldRail struct {
	widget.BaseWidget

	share float32 // 1 to 0
	tone  kit.Tone
}

const railHeight = 2

func newHeldRail() *heldRail {
	r := &heldRail{}
	r.ExtendBaseWidget(r)
	return r
}

// set says which share of the line is left.
func (r *heldRail) set(share float32, tone kit.Tone) {
	if r.share != share || r.tone != tone {
		r.share, r.tone = share, tone
		r.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (r *heldRail) CreateRenderer() fyne.WidgetRenderer {
	d := &railRenderer{r, canvas.NewRectangle(nil), canvas.NewRectangle(nil)}
	d.Refresh()
	return d
}

type railRenderer struct {
	rail        *heldRail
	whole, left *canvas.Rectangle
}

func (r *railRenderer) MinSize() fyne.Size { return fyne.NewSize(20, railHeight) }

func (r *railRenderer) Layout(size fyne.Size) {
	r.whole.Resize(fyne.NewSize(size.Width, railHeight))
	r.left.Resize(fyne.NewSize(size.Width*r.rail.share, railHeight))
}

func (r *railRenderer) Refresh() {
	r.whole.FillColor, r.left.FillColor = kit.Color(kit.ColorLine), kit.ToneColor(r.rail.tone)
	r.left.Hidden = r.rail.share <= 0
	r.Layout(r.rail.Size())
	r.whole.Refresh()
	r.left.Refresh()
}

func (r *railRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.whole, r.left} }

func (r *railRenderer) Destroy() {}
