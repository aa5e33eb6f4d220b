package kit

import "fyne.io/fyne/v2"

// NewBanner makes a strip across the window that asks for an act. action and
// onClose may be "" and nil.
func NewBanner(tone Tone, text, action string, onAction, onClose func()) fyne.CanvasObject {
	icon := Icon("info")
	switch tone {
	case Warn, Bad:
		icon = "triangle-alert"
	case Good:
		icon = "circle-check"
	case Plain, Secondary, Muted, Accent:
	}
	words := NewParagraph(RoleBody, Plain, text)
	var acts []fyne.CanvasObject
	if action != "" {
		acts = append(acts, NewButton(ButtonSpec{Label: action, Kind: Outlined, OnTap: onAction}))
	}
	if onClose != nil {
		acts = append(acts, NewButton(ButtonSpec{Icon: "x", Tip: "Close", OnTap: onClose}))
	}
	line := Frame(nil, nil,
		Pad(14, 0, 10, 0, HRow(0, NewIcon(icon, tone, 16))),
		Pad(12, 4, 10, 4, HRow(6, acts...)),
		Pad(0, 9, 0, 9, words))
	return Fill(ColorPanel, Frame(nil, HLine(), Fixed(3, 0, NewSurface(tone.name())), nil, line))
}
