package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// How long a toast stays; one with an action longer.
const (
	toastStay       = 4 * time.Second
	toastStayAction = 9 * time.Second
)

// Toasts is the layer in which a toast shows at the lower right. It takes clicks
// only where the toast is.
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
	line := []fyne.CanvasObject{NewIcon(icon, tone, 16), NewShrinkingText(RoleBody, Plain, text)}
	stay := toastStay
	if action != "" {
		stay = toastStayAction
		line = append(line, NewButton(ButtonSpec{Label: action, Kind: Ghost, Tone: Accent, OnTap: func() {
			t.Hide()
			if run != nil {
				run()
			}
		}}))
	}
	line = append(line, NewButton(ButtonSpec{Icon: "x", Tone: Muted, OnTap: t.Hide}))
	t.layer.Objects = []fyne.CanvasObject{container.NewStack(
		NewCard(ColorRaised, ColorOutline, 8), Pad(14, 7, 6, 7, HRow(10, line...)))}
	t.layer.Refresh()
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
}

type toastLayout struct{}

func (*toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

func (*toastLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const margin, above, widest = 16, 40, 620
	for _, o := range objects {
		width := float32(0)
		if stack, ok := o.(*fyne.Container); ok && len(stack.Objects) == 2 {
			width = toastWidth(stack.Objects[1])
		}
		width = min(max(width, 200), min(widest, size.Width-2*margin))
		height := o.MinSize().Height
		o.Resize(fyne.NewSize(width, height))
		o.Move(fyne.NewPos(size.Width-width-margin, size.Height-height-above))
	}
}

// toastWidth is the width of a toast with its whole text.
func toastWidth(o fyne.CanvasObject) float32 {
	width := o.MinSize().Width
	if pad, ok := o.(*fyne.Container); ok {
		if row, ok := pad.Objects[0].(*fyne.Container); ok {
			for _, part := range row.Objects {
				width += natural(part) - part.MinSize().Width
			}
		}
	}
	return width
}
