package kit

import "fyne.io/fyne/v2"

// NewProgress makes a line that says what is going on, with a way to stop it.
// onCancel may be nil.
func NewProgress(text string, onCancel func()) fyne.CanvasObject {
	line := []fyne.CanvasObject{NewIcon("loader", Accent, 14), NewShrinkingText(RoleSmall, Secondary, text), Spacer()}
	if onCancel != nil {
		line = append(line, NewButton(ButtonSpec{Label: "Cancel", Kind: Outlined, OnTap: onCancel}))
	}
	return HRow(8, line...)
}
