package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// statusBar is the line at the foot of the window.
type statusBar struct {
	app *viewmodel.App

	root, gap                                   fyne.CanvasObject
	row                                         *fyne.Container
	dot, publicDot, failingDot                  *kit.Dot
	state, host, public, outage, failing, right *kit.Text
	held                                        *kit.Text
}

func newStatusBar(app *viewmodel.App) *statusBar {
	b := &statusBar{
		app: app, dot: kit.NewDot(kit.ColorMuted, 7), failingDot: kit.NewDot(kit.ColorBad, 7),
		gap:       kit.Fixed(2, 0, kit.NewSurface(kit.ColorPanel)),
		publicDot: kit.NewDot(kit.ColorMuted, 7),
		public:    kit.NewShrinkingText(kit.RoleCaption, kit.Secondary, ""),
		outage:    kit.NewShrinkingText(kit.RoleCaption, kit.Warn, ""),
		state:     kit.NewText(kit.RoleCaption, kit.Secondary, ""),
		host:      kit.NewText(kit.RoleMonoSmall, kit.Muted, ""),
		failing:   kit.NewShrinkingText(kit.RoleCaption, kit.Bad, ""),
		held:      kit.NewText(kit.RoleCaption, kit.Warn, ""),
		right:     kit.NewText(kit.RoleCaption, kit.Muted, ""),
	}
	b.row = kit.HRow(8, b.dot, b.state, b.host, b.gap, b.publicDot, b.public, b.failingDot, b.failing, b.outage, b.held, kit.Spacer(), b.right)
	b.root = kit.Fixed(0, statusHeight, kit.Pad(14, 0, 14, 0, b.row))
	app.Status.Changed.Listen(b.update)
	b.update()
	return b
}

func (b *statusBar) update() {
	s := b.app.Status
	b.dot.SetTone(kit.Tone(s.Tone))
	b.state.SetText(s.State)
	b.host.SetText(s.Host)
	b.publicDot.SetTone(kit.Tone(s.PublicTone))
	b.public.SetText(s.Public)
	b.outage.SetText(s.Outage)
	b.failing.SetText(s.Failing)
	for text, o := range map[*kit.Text]fyne.CanvasObject{b.public: b.publicDot, b.failing: b.failingDot} {
		show(o, text.Text() != "")
		show(text, text.Text() != "")
	}
	b.held.SetText(s.Held)
	show(b.held, s.Held != "")
	show(b.outage, s.Outage != "")
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
