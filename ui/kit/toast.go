package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// How long a toast stays; one with an action, or with what went wrong, longer.
const (
	toastStay     = 4 * time.Second
	toastStayLong = 9 * time.Second
)

// maxToast bounds the text of a toast, in bytes: it may name a stranger's file.
const maxToast = 800

// Toasts is the layer in which a toast shows at the lower right, or at the lower left
// where a dialog is open. It takes clicks only where the toast is.
type Toasts struct {
	layer  *fyne.Container
	serial int
}

// NewToasts makes the layer.
func NewToasts() *Toasts {
	return &Toasts{layer: container.New(&toastLayout{})}
}

// Object is what is put over the content of the window.
func (t *Toasts) Object() fyne.CanvasObject { return t.layer }

// Show shows a toast in place of the one before. action may be "".
func (t *Toasts) Show(tone Tone, text, action string, run func()) {
	t.serial++
	icon := Icon("info")
	switch tone {
	case Good:
		icon = "circle-check"
	case Warn:
		icon = "triangle-alert"
	case Bad:
		icon = "circle-x"
	case Plain, Secondary, Muted, Accent:
	}
	stay, acts := toastStay, HRow(10)
	if tone == Warn || tone == Bad {
		stay = toastStayLong
	}
	if action != "" {
		stay = toastStayLong
		acts.Add(NewButton(ButtonSpec{Label: action, Kind: Ghost, Tone: Accent, OnTap: func() {
			t.Hide()
			if run != nil {
				run()
			}
		}}))
	}
	acts.Add(NewButton(ButtonSpec{Icon: "x", Tone: Muted, OnTap: t.Hide}))
	words := NewParagraph(RoleBody, Plain, cutRunes(text, maxToast))
	box := &toastBox{icon: NewIcon(icon, tone, 16), text: words, acts: acts}
	t.layer.Objects = []fyne.CanvasObject{container.New(box, NewCard(ColorRaised, ColorOutline, 8), box.icon, words, acts)}
	t.layer.Refresh()
	redraw(t.layer)
	mine := t.serial
	if shell.Do != nil {
		time.AfterFunc(stay, func() {
			shell.Do(func() {
				if t.serial == mine {
					t.Hide()
				}
			})
		})
	}
}

// Hide takes the toast away.
func (t *Toasts) Hide() {
	t.serial++
	t.layer.Objects = nil
	t.layer.Refresh()
	redraw(t.layer)
}

type toastLayout struct{}

func (*toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

func (*toastLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const margin, above, widest = 16, 40, 620
	for _, o := range objects {
		if toast, ok := o.(*fyne.Container); ok {
			if box, ok := toast.Layout.(*toastBox); ok {
				own := box.sizeAt(min(widest, size.Width-2*margin))
				o.Resize(own)
				at := fyne.NewPos(size.Width-own.Width-margin, size.Height-own.Height-above)
				if besideDialog() {
					at.X = margin
				}
				o.Move(at)
			}
		}
	}
}

// besideDialog reports whether a dialog is open: the buttons at its foot stand where
// toasts are otherwise.
func besideDialog() bool { return shell.Canvas != nil && shell.Canvas.Overlays().Top() != nil }

// toastBox lays out a toast: a symbol, a text that wraps where it is long, and
// buttons.
type toastBox struct {
	icon fyne.CanvasObject
	text *Paragraph
	acts fyne.CanvasObject
}

const (
	toastLeft, toastRight, toastEdge = 14, 6, 7
	toastGap                         = 10
)

// beside is the width of all but the text.
func (b *toastBox) beside() float32 {
	return toastLeft + b.icon.MinSize().Width + 2*toastGap + b.acts.MinSize().Width + toastRight
}

// sizeAt is the size that the toast takes where it may be so wide.
func (b *toastBox) sizeAt(widest float32) fyne.Size {
	width := min(max(b.beside()+MeasureText(b.text.role, b.text.text).Width, 200), widest)
	return fyne.NewSize(width, max(b.text.HeightFor(width-b.beside())+2*toastGap, b.acts.MinSize().Height+2*toastEdge))
}

func (b *toastBox) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(b.beside(), 0) }

func (b *toastBox) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size) // the ground
	middle := func(o fyne.CanvasObject, x, width, height float32) {
		o.Resize(fyne.NewSize(width, height))
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
	}
	icon, acts := b.icon.MinSize(), b.acts.MinSize()
	room := size.Width - b.beside()
	middle(b.icon, toastLeft, icon.Width, icon.Height)
	middle(b.text, toastLeft+icon.Width+toastGap, room, b.text.HeightFor(room))
	middle(b.acts, size.Width-acts.Width-toastRight, acts.Width, acts.Height)
}
