package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Kind is how loud a button is. A view has one Primary at most.
type Kind int

// The kinds.
const (
	Ghost Kind = iota
	Outlined
	Primary
	Danger
	Lit // what it stands for is in force: a fill of its own tone
)

// ButtonSpec says what a button is.
type ButtonSpec struct {
	Label string
	Icon  Icon
	Tip   string // shown when the mouse rests; "" shows none
	Keys  string // the shortcut, shown with the tip
	Kind  Kind
	Tone  Tone // of label and icon, for Ghost, Outlined and Lit
	OnTap func()
}

// Button is a button with a label, an icon, or both. It is pressed with the
// mouse, Space or Return.
type Button struct {
	widget.BaseWidget
	Pressable

	spec     ButtonSpec
	disabled bool
}

const (
	buttonHeight = 28
	buttonPad    = 10
	buttonIcon   = 16
	buttonGap    = 6
	dangerHot    = 18 // percent of its hue under a dangerous button with the mouse on it
)

// NewButton makes a button.
func NewButton(spec ButtonSpec) *Button {
	b := &Button{spec: spec}
	b.OnPress, b.Changed = b.run, b.Refresh
	b.ExtendBaseWidget(b)
	return b
}

// SetEnabled says whether the button can be pressed.
func (b *Button) SetEnabled(on bool) {
	if b.disabled == on {
		b.disabled = !on
		b.Refresh()
	}
}

// Enable is SetEnabled(true). With Disable and Disabled it lets the focus pass a
// button by that cannot be pressed.
func (b *Button) Enable() { b.SetEnabled(true) }

// Disable is SetEnabled(false).
func (b *Button) Disable() { b.SetEnabled(false) }

// Disabled reports whether the button cannot be pressed.
func (b *Button) Disabled() bool { return b.disabled }

// SetLabel changes the label.
func (b *Button) SetLabel(s string) {
	if b.spec.Label != s {
		b.spec.Label = s
		b.Refresh()
	}
}

// SetIcon changes the icon.
func (b *Button) SetIcon(icon Icon) {
	if b.spec.Icon != icon {
		b.spec.Icon = icon
		b.Refresh()
	}
}

// SetTone changes the colour of label and icon.
func (b *Button) SetTone(t Tone) {
	if b.spec.Tone != t {
		b.spec.Tone = t
		b.Refresh()
	}
}

// SetKind changes how loud the button is.
func (b *Button) SetKind(kind Kind) {
	if b.spec.Kind != kind {
		b.spec.Kind = kind
		b.Refresh()
	}
}

// SetTip changes the tooltip.
func (b *Button) SetTip(tip string) { b.spec.Tip = tip }

// SetOnTap changes what the button does.
func (b *Button) SetOnTap(f func()) { b.spec.OnTap = f }

func (b *Button) run() {
	if !b.disabled && b.spec.OnTap != nil {
		b.spec.OnTap()
	}
}

// MouseIn is for Fyne.
func (b *Button) MouseIn(e *desktop.MouseEvent) {
	tip := b.spec.Tip
	if tip == "" && b.spec.Keys != "" {
		tip = b.spec.Label
	}
	showTip(b, tip, b.spec.Keys)
	b.Pressable.MouseIn(e)
}

// MouseOut is for Fyne.
func (b *Button) MouseOut() {
	hideTip()
	b.Pressable.MouseOut()
}

// Cursor is for Fyne.
func (b *Button) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// AccessibilityLabel names the button for a screen reader.
func (b *Button) AccessibilityLabel() string {
	if b.spec.Label != "" {
		return b.spec.Label
	}
	return b.spec.Tip
}

// CreateRenderer is for Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		button: b, back: canvas.NewRectangle(nil),
		icon: newImage(), label: NewCanvasText(RoleRow, Plain, ""),
	}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	button *Button
	back   *canvas.Rectangle
	icon   *canvas.Image
	label  *canvas.Text
}

func (r *buttonRenderer) MinSize() fyne.Size {
	s := &r.button.spec
	if s.Label == "" {
		return fyne.NewSize(buttonHeight+2, buttonHeight)
	}
	width := MeasureText(RoleRow, s.Label).Width + 2*buttonPad
	if s.Icon != "" {
		width += buttonIcon + buttonGap
	}
	return fyne.NewSize(width, buttonHeight)
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	s := &r.button.spec
	r.back.Resize(size)
	label := r.label.MinSize()
	content := label.Width
	if s.Icon != "" {
		content = buttonIcon
		if s.Label != "" {
			content += buttonGap + label.Width
		}
	}
	x := (size.Width - content) / 2
	if s.Icon != "" {
		r.icon.Resize(fyne.NewSquareSize(buttonIcon))
		r.icon.Move(fyne.NewPos(x, (size.Height-buttonIcon)/2))
		x += buttonIcon + buttonGap
	}
	r.label.Resize(label)
	r.label.Move(fyne.NewPos(x, (size.Height-label.Height)/2))
}

// colors are those of back, edge, and label.
func (r *buttonRenderer) colors() (back, edge color.Color, text fyne.ThemeColorName) {
	b := r.button
	back, edge, text = color.Transparent, color.Transparent, b.spec.Tone.name()
	switch b.spec.Kind {
	case Primary:
		back, text = Color(ColorFilled), ColorOnFilled
		if b.Hovered {
			back = Color(ColorFilledHot)
		}
	case Danger:
		back, edge, text = translucent(ColorBad, badgeFill), translucent(ColorBad, 40), ColorBad
		if b.Hovered {
			back = translucent(ColorBad, dangerHot)
		}
	case Lit:
		back, edge = translucent(text, badgeFill), translucent(text, 40)
		if b.Hovered {
			back = translucent(text, dangerHot)
		}
	case Outlined:
		back, edge = Color(ColorRaised), Color(ColorOutline)
		if b.Hovered {
			back = Color(ColorSelected)
		}
	case Ghost:
		switch {
		case b.Hovered && !b.disabled:
			back = Color(ColorSelected)
		case b.spec.Label == "" && b.spec.Tone == Plain:
			text = ColorSecondary // a bare icon is quiet until the mouse is on it
		}
	}
	if b.disabled {
		text = ColorMuted
		if b.spec.Kind == Primary || b.spec.Kind == Danger {
			back, edge = Color(ColorRaised), Color(ColorOutline)
		}
	}
	if b.Focused {
		edge = Color(ColorAccent)
	}
	return back, edge, text
}

func (r *buttonRenderer) Refresh() {
	back, edge, text := r.colors()
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = back, edge, 1, 6
	r.back.Refresh()
	r.label.Text, r.label.Color = r.button.spec.Label, Color(text)
	r.label.Refresh()
	SetImageIcon(r.icon, r.button.spec.Icon, text)
	r.Layout(r.button.Size())
}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.icon, r.label}
}
func (r *buttonRenderer) Destroy() {}
