package kit

import "fyne.io/fyne/v2"

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
		lines = append(lines, centred(Fixed(width, words.HeightFor(width), words)))
	}
	for _, o := range extra {
		lines = append(lines, centred(o))
	}
	return Pad(16, 16, 16, 16, VStack(10, append(lines, Spacer())...))
}
