package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Frame puts objects at the edges and one into what is left, without gaps. Any
// of them may be nil.
func Frame(top, bottom, left, right, centre fyne.CanvasObject) *fyne.Container {
	var all []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{top, bottom, left, right, centre} {
		if o != nil {
			all = append(all, o)
		}
	}
	return container.New(&frameLayout{top, bottom, left, right, centre}, all...)
}

type frameLayout struct{ top, bottom, left, right, centre fyne.CanvasObject }

func visible(o fyne.CanvasObject) bool { return o != nil && o.Visible() }

func (l *frameLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	var middle fyne.Size
	if visible(l.centre) {
		middle = l.centre.MinSize()
	}
	for _, o := range []fyne.CanvasObject{l.left, l.right} {
		if visible(o) {
			m := o.MinSize()
			middle.Width += m.Width
			middle.Height = max(middle.Height, m.Height)
		}
	}
	for _, o := range []fyne.CanvasObject{l.top, l.bottom} {
		if visible(o) {
			m := o.MinSize()
			middle.Height += m.Height
			middle.Width = max(middle.Width, m.Width)
		}
	}
	return middle
}

// heightFor is the height that the frame takes at a width.
func (l *frameLayout) heightFor(width float32) float32 {
	height, middle := float32(0), width
	for _, o := range []fyne.CanvasObject{l.left, l.right} {
		if visible(o) {
			m := o.MinSize()
			middle -= m.Width
			height = max(height, m.Height)
		}
	}
	if visible(l.centre) {
		height = max(height, heightAt(l.centre, max(middle, 1)))
	}
	for _, o := range []fyne.CanvasObject{l.top, l.bottom} {
		if visible(o) {
			height += heightAt(o, width)
		}
	}
	return height
}

func (l *frameLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
	}
	x, y, w, h := float32(0), float32(0), size.Width, size.Height
	if visible(l.top) {
		t := heightAt(l.top, w)
		place(l.top, 0, 0, w, t)
		y, h = t, h-t
	}
	if visible(l.bottom) {
		b := heightAt(l.bottom, w)
		place(l.bottom, 0, size.Height-b, w, b)
		h -= b
	}
	if visible(l.left) {
		m := l.left.MinSize().Width
		place(l.left, 0, y, m, h)
		x, w = m, w-m
	}
	if visible(l.right) {
		m := l.right.MinSize().Width
		place(l.right, size.Width-m, y, m, h)
		w -= m
	}
	if visible(l.centre) {
		place(l.centre, x, y, w, h)
	}
}
