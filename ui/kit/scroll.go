package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Scroll scrolls an object up and down. The object gets the width of the view,
// and the height that it takes at that width.
type Scroll struct {
	widget.BaseWidget

	content fyne.CanvasObject
	inner   *container.Scroll
}

// VScroll makes a view that scrolls up and down.
func VScroll(o fyne.CanvasObject) *Scroll {
	s := &Scroll{content: o, inner: container.NewVScroll(container.New(viewWidth{}, o))}
	s.ExtendBaseWidget(s)
	return s
}

// Resize tells the content its width before it is asked for its height.
func (s *Scroll) Resize(size fyne.Size) {
	heightAt(s.content, size.Width)
	s.BaseWidget.Resize(size)
}

// Refresh lays a changed content out again.
func (s *Scroll) Refresh() {
	heightAt(s.content, s.Size().Width)
	s.inner.Refresh()
	s.BaseWidget.Refresh()
}

// Top scrolls to the beginning.
func (s *Scroll) Top() { s.inner.ScrollToTop() }

// Offset is how far it is scrolled.
func (s *Scroll) Offset() float32 { return s.inner.Offset.Y }

// By scrolls by a distance, as a key does.
func (s *Scroll) By(distance float32) {
	limit := max(s.inner.Content.Size().Height-s.inner.Size().Height, 0)
	s.inner.ScrollToOffset(fyne.NewPos(0, min(max(s.inner.Offset.Y+distance, 0), limit)))
}

// CreateRenderer is for Fyne.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.inner) }

// viewWidth gives what scrolls the width of the view, however wide it would like
// to be: what does not fit is cut, and the rest still wraps.
type viewWidth struct{}

// MinSize is for Fyne.
func (viewWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(1, objects[0].MinSize().Height)
}

// Layout is for Fyne.
func (viewWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}
