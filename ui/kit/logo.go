package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewLogo draws the sign of the program: a hook in a blue square.
func NewLogo(size float32) fyne.CanvasObject {
	hook := NewIcon("webhook", Plain, size*0.62)
	hook.SetColor(ColorOnFilled)
	return Fixed(size, size, container.NewStack(NewCard(ColorFilled, "", size/4), hook))
}
