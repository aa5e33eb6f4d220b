package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// emptyWidth keeps the sentence of an empty pane readable.
const emptyWidth = 340

// NewEmpty makes what a pane shows that has nothing to show: an icon, a title, a
// sentence, and what can be done.
func NewEmpty(icon Icon, title, sentence string, extra ...fyne.CanvasObject) fyne.CanvasObject {
	centred := func(o fyne.CanvasObject) fyne.CanvasObject { return HRow(0, Spacer(), o, Spacer()) }
	lines := []fyne.CanvasObject{
		Spacer(),
		centred(NewIcon(icon, Muted, 32)),
		centred(NewText(RolePane, Plain, title)),
	}
	if sentence != "" {
		words := NewParagraph(RoleBody, Secondary, sentence)
		words.Centred = true
		width := min(MeasureText(RoleBody, sentence).Width+1, emptyWidth)
		lines = append(lines, container.New(&narrowLayout{width}, words))
	}
	for _, o := range extra {
		lines = append(lines, centred(o))
	}
	return Pad(16, 16, 16, 16, VStack(10, append(lines, Spacer())...))
}

// narrowLayout puts one object into the middle, no wider than it may be.
type narrowLayout struct{ widest float32 }

func (*narrowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l *narrowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(size.Width, l.widest)
	objects[0].Move(fyne.NewPos((size.Width-width)/2, 0))
	objects[0].Resize(fyne.NewSize(width, size.Height))
}
