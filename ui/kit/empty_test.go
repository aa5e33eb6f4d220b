package kit

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestEmptyKeepsToItsRoom wraps the sentence where the pane is narrow.
func TestEmptyKeepsToItsRoom(t *testing.T) {
	dark(t)
	o := NewEmpty("inbox", "Nothing", "A sentence that is longer than a narrow pane is wide.")
	show(t, o, 240, 300)
	var sentence *Paragraph
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *Paragraph:
			sentence = o
		case *fyne.Container:
			for _, inner := range o.Objects {
				look(inner)
			}
		}
	}
	look(o)
	if size := sentence.Size(); size.Width > 240-32 || len(sentence.lines) < 2 || size.Height < sentence.HeightFor(size.Width) {
		t.Errorf("%q at %v", sentence.lines, size)
	}
}
