package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// Spacer takes the room that is left in an HRow or a VStack.
func Spacer() fyne.CanvasObject { return layout.NewSpacer() }

func isSpacer(o fyne.CanvasObject) bool {
	_, ok := o.(*layout.Spacer)
	return ok
}

// HRow puts objects beside each other, each at its own height and centred.
// Texts that shrink give way where there is not enough room, the last one first.
func HRow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&rowLayout{gap}, objects...)
}

type rowLayout struct{ gap float32 }

// natural is the width that an object would like.
func natural(o fyne.CanvasObject) float32 {
	if t, ok := o.(*Text); ok {
		return t.Natural().Width
	}
	return o.MinSize().Width
}

func (l *rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if !isSpacer(o) {
			m := o.MinSize()
			size.Width += m.Width
			size.Height = max(size.Height, m.Height)
		}
		n++
	}
	size.Width += l.gap * float32(max(n-1, 0))
	return size
}

func (l *rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var shown []fyne.CanvasObject
	spacers := 0
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
			if isSpacer(o) {
				spacers++
			}
		}
	}
	widths := make([]float32, len(shown))
	rest := size.Width - l.gap*float32(max(len(shown)-1, 0))
	for i, o := range shown {
		if !isSpacer(o) {
			widths[i] = natural(o)
			rest -= widths[i]
		}
	}
	for i := len(shown) - 1; i >= 0 && rest < 0; i-- {
		if t, ok := shown[i].(*Text); ok && t.Shrinks {
			cut := min(-rest, widths[i]-t.MinSize().Width)
			widths[i] -= cut
			rest += cut
		}
	}
	x := float32(0)
	for i, o := range shown {
		if isSpacer(o) {
			x += max(rest, 0)/float32(spacers) + l.gap
			continue
		}
		height := min(o.MinSize().Height, size.Height)
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(widths[i], height))
		x += widths[i] + l.gap
	}
}

// Halves puts two objects beside each other, each half as wide as both.
func Halves(gap float32, left, right fyne.CanvasObject) *fyne.Container {
	return container.New(&halvesLayout{gap: gap}, left, right)
}

type halvesLayout struct {
	gap   float32
	width float32
}

func (l *halvesLayout) height(objects []fyne.CanvasObject, width float32) float32 {
	if width > 0 {
		l.width = width
	}
	height := float32(0)
	for _, o := range objects {
		height = max(height, heightAt(o, (l.width-l.gap)/2))
	}
	return height
}

func (l *halvesLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width+objects[1].MinSize().Width+l.gap, l.height(objects, 0))
}

func (l *halvesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	half := (size.Width - l.gap) / 2
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i)*(half+l.gap), 0))
		o.Resize(fyne.NewSize(half, heightAt(o, half)))
	}
}
