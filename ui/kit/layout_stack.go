package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// VStack puts objects under each other, each as wide as the stack. Paragraphs
// get the height that their text takes at that width.
func VStack(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&stackLayout{gap: gap}, objects...)
}

type stackLayout struct {
	gap   float32
	width float32 // that the stack last had
}

// heightAt is the height that an object takes at a width.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case *Paragraph:
		if width > 0 {
			return o.HeightFor(width)
		}
	case *fyne.Container:
		switch l := o.Layout.(type) {
		case *stackLayout:
			return l.height(o.Objects, width)
		case *padLayout:
			if len(o.Objects) == 1 && width > 0 {
				return heightAt(o.Objects[0], width-l.left-l.right) + l.top + l.bottom
			}
		case *frameLayout:
			if width > 0 {
				return l.heightFor(width)
			}
		case *halvesLayout:
			return l.height(o.Objects, width)
		case *narrowLayout:
			return heightAt(o.Objects[0], min(width, l.widest))
		case *flowLayout:
			return l.heightFor(o.Objects, width)
		case *fillLayout:
			if len(o.Objects) == 2 {
				return heightAt(o.Objects[1], width)
			}
		}
	case interface{ HeightFor(width float32) float32 }:
		if width > 0 {
			return o.HeightFor(width)
		}
	}
	return o.MinSize().Height
}

func (l *stackLayout) height(objects []fyne.CanvasObject, width float32) float32 {
	if width > 0 {
		l.width = width // what MinSize answers for, until a layout says otherwise
	}
	height, n := float32(0), 0
	for _, o := range objects {
		if o.Visible() {
			if !isSpacer(o) {
				height += heightAt(o, width)
			}
			n++
		}
	}
	return height + l.gap*float32(max(n-1, 0))
}

func (l *stackLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return fyne.NewSize(width, l.height(objects, l.width))
}

func (l *stackLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	spacers := 0
	for _, o := range objects {
		if o.Visible() && isSpacer(o) {
			spacers++
		}
	}
	rest := max(size.Height-l.height(objects, size.Width), 0)
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if isSpacer(o) {
			y += rest/float32(spacers) + l.gap
			continue
		}
		height := heightAt(o, size.Width)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, height))
		y += height + l.gap
	}
}
