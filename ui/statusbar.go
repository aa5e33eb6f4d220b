package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// statusBar is the line at the foot of the window.
type statusBar struct {
	app *viewmodel.App

	root                        fyne.CanvasObject
	dot, failingDot             *kit.Dot
	state, host, failing, right *kit.Text
}

func newStatusBar(app *viewmodel.App) *statusBar {
	b := &statusBar{
		app: app, dot: kit.NewDot(kit.ColorMuted, 7), failingDot: kit.NewDot(kit.ColorBad, 7),
		state:   kit.NewText(kit.RoleCaption, kit.Secondary, ""),
		host:    kit.NewText(kit.RoleMonoSmall, kit.Muted, ""),
		failing: kit.NewShrinkingText(kit.RoleCaption, kit.Bad, ""),
		right:   kit.NewText(kit.RoleCaption, kit.Muted, ""),
	}
	b.root = kit.Fixed(0, statusHeight, kit.Pad(14, 0, 14, 0,
		kit.HRow(8, b.dot, b.state, b.host, b.failingDot, b.failing, kit.Spacer(), b.right)))
	app.Status.Changed.Listen(b.update)
	b.update()
	return b
}

func (b *statusBar) update() {
	s := b.app.Status
	b.dot.SetTone(kit.Tone(s.Tone))
	b.state.SetText(s.State)
	b.host.SetText(s.Host)
	b.failing.SetText(s.Failing)
	b.failingDot.Hidden = s.Failing == ""
	text := ""
	for _, part := range []string{s.Rate, s.Stored, s.Size, s.Version} {
		if part == "" {
			continue
		}
		if text != "" {
			text += "  ·  "
		}
		text += part
	}
	b.right.SetText(text)
	b.root.Refresh()
}
