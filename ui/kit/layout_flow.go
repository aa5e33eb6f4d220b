package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Flow puts objects beside each other, and into a further line where there is no
// more room.
func Flow(gap, lineGap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flowLayout{gap: gap, lineGap: lineGap}, objects...)
}

type flowLayout struct {
	gap, lineGap float32
	width        float32 // that it last had
}

// place goes through the objects line by line, and returns the height of all.
func (l *flowLayout) place(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) float32 {
	x, y, line := float32(0), float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		size.Width = min(naturalWidth(o), max(width, size.Width))
		if x > 0 && x+size.Width > width+0.5 {
			x, y, line = 0, y+line+l.lineGap, 0
		}
		put(o, fyne.NewPos(x, y), size)
		x += size.Width + l.gap
		line = max(line, size.Height)
	}
	return y + line
}

// naturalWidth is the width of an object with all of its texts.
func naturalWidth(o fyne.CanvasObject) float32 {
	row, ok := o.(*fyne.Container)
	if !ok {
		return natural(o)
	}
	if _, ok := row.Layout.(*rowLayout); !ok {
		return natural(o)
	}
	width := row.MinSize().Width
	for _, part := range row.Objects {
		if part.Visible() {
			width += natural(part) - part.MinSize().Width
		}
	}
	return width
}

func (l *flowLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if width > 0 {
		l.width = width
	}
	return l.place(objects, l.width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
}

// MinSize is for Fyne.
func (l *flowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, l.heightFor(objects, 0))
}

// Layout is for Fyne.
func (l *flowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		o.Move(at)
		o.Resize(size)
	})
}
