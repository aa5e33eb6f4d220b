package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// ScrollBar shows which part of something long is in view, and is dragged or
// clicked to change it. Its numbers are in any unit; it hides itself where all
// is in view.
type ScrollBar struct {
	widget.BaseWidget

	total, page, offset float64
	onMove              func(offset float64)
	hovered             bool
	dragged             bool
}

const (
	scrollBarWidth = 10
	scrollBarThin  = 5
	scrollBarLeast = 28 // the thumb never gets shorter
)

// NewScrollBar makes a bar that tells onMove where it was moved.
func NewScrollBar(onMove func(offset float64)) *ScrollBar {
	b := &ScrollBar{onMove: onMove}
	b.ExtendBaseWidget(b)
	return b
}

// Set says how much there is, how much of it is in view, and from where on.
func (b *ScrollBar) Set(total, page, offset float64) {
	if b.total == total && b.page == page && b.offset == offset {
		return
	}
	b.total, b.page, b.offset = total, page, offset
	if total <= page {
		b.Hide()
	} else {
		b.Show()
	}
	b.Refresh()
}

// thumb is where the thumb is, and its height.
func (b *ScrollBar) thumb() (y, height float32) {
	room := float64(b.Size().Height)
	if b.total <= 0 || room <= 0 {
		return 0, 0
	}
	h := min(max(room*b.page/b.total, scrollBarLeast), room)
	span := b.total - b.page
	if span <= 0 {
		return 0, float32(room)
	}
	return float32((room - h) * min(max(b.offset/span, 0), 1)), float32(h)
}

func (b *ScrollBar) move(offset float64) {
	offset = min(max(offset, 0), max(b.total-b.page, 0))
	if b.onMove != nil {
		b.onMove(offset)
	}
}

// Dragged is for Fyne.
func (b *ScrollBar) Dragged(e *fyne.DragEvent) {
	b.dragged = true
	_, height := b.thumb()
	room := float64(b.Size().Height - height)
	if room > 0 {
		b.move(b.offset + float64(e.Dragged.DY)/room*(b.total-b.page))
	}
}

// DragEnd is for Fyne.
func (b *ScrollBar) DragEnd() { b.dragged = false; b.Refresh() }

// Tapped jumps to where the bar was clicked.
func (b *ScrollBar) Tapped(e *fyne.PointEvent) {
	y, height := b.thumb()
	if e.Position.Y >= y && e.Position.Y < y+height {
		return
	}
	room := float64(b.Size().Height - height)
	if room > 0 {
		b.move(float64(e.Position.Y-height/2) / room * (b.total - b.page))
	}
}

// MouseIn is for Fyne.
func (b *ScrollBar) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved is for Fyne.
func (b *ScrollBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (b *ScrollBar) MouseOut() { b.hovered = false; b.Refresh() }

// CreateRenderer is for Fyne.
func (b *ScrollBar) CreateRenderer() fyne.WidgetRenderer {
	r := &scrollBarRenderer{b, canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type scrollBarRenderer struct {
	bar   *ScrollBar
	thumb *canvas.Rectangle
}

func (r *scrollBarRenderer) MinSize() fyne.Size { return fyne.NewSize(scrollBarWidth, 20) }

func (r *scrollBarRenderer) Layout(fyne.Size) {
	y, height := r.bar.thumb()
	width := float32(scrollBarThin)
	if r.bar.hovered || r.bar.dragged {
		width = scrollBarWidth - 2
	}
	r.thumb.Resize(fyne.NewSize(width, height))
	r.thumb.Move(fyne.NewPos(scrollBarWidth-width-1, y))
	r.thumb.CornerRadius = width / 2
}

func (r *scrollBarRenderer) Refresh() {
	r.thumb.FillColor = translucent(ColorMuted, 38)
	if r.bar.hovered || r.bar.dragged {
		r.thumb.FillColor = translucent(ColorMuted, 70)
	}
	r.Layout(r.bar.Size())
	r.thumb.Refresh()
}

func (r *scrollBarRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.thumb} }
func (r *scrollBarRenderer) Destroy()                     {}
