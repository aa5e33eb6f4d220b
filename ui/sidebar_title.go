package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
)

// sidebarTitle is the title of a section, which opens something or folds the section up.
type sidebarTitle struct {
	widget.BaseWidget
	kit.Pressable

	text   *kit.Text
	arrow  *kit.IconView
	always bool // the arrow is to be seen without the mouse
}

func newSidebarTitle(title string, arrow kit.Icon, onTap func()) *sidebarTitle {
	t := &sidebarTitle{text: kit.NewText(kit.RoleSection, kit.Muted, title), arrow: kit.NewIcon(arrow, kit.Muted, 12)}
	t.always = arrow == "chevron-right" // it is folded
	t.OnPress, t.Changed = onTap, t.light
	t.ExtendBaseWidget(t)
	t.light()
	return t
}

func (t *sidebarTitle) light() {
	tone := kit.Muted
	if t.Hovered || t.Focused {
		tone = kit.Plain
	}
	t.text.SetTone(tone)
	t.arrow.SetTone(tone)
	show(t.arrow, t.always || t.Hovered || t.Focused)
}

// AccessibilityLabel is the title.
func (t *sidebarTitle) AccessibilityLabel() string { return t.text.Text() }

// CreateRenderer is for Fyne.
func (t *sidebarTitle) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(kit.Pad(10, 17, 10, 7, kit.HRow(6, t.text, t.arrow)))
}
