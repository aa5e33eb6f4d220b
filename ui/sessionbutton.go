package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// sessionButton names the session that is shown, with a green dot where what is
// captured comes into it, and opens a menu of the others.
type sessionButton struct {
	widget.BaseWidget
	kit.Pressable

	app    *viewmodel.App
	ground *kit.Surface
	dot    *kit.Dot
	name   *kit.Text
	arrow  *kit.IconView
}

func newSessionButton(app *viewmodel.App) *sessionButton {
	b := &sessionButton{app: app}
	b.OnPress, b.Changed = b.open, b.light
	b.ground = kit.NewCard(kit.ColorRaised, kit.ColorLine, 6)
	b.dot = kit.NewDot(kit.ColorGood, 8)
	b.name = kit.NewShrinkingText(kit.RoleRow, kit.Plain, "")
	b.arrow = kit.NewIcon("chevron-down", kit.Muted, 14)
	b.ExtendBaseWidget(b)
	app.Sessions.Changed.Listen(b.update)
	app.Changed.Listen(b.update)
	b.update()
	return b
}

// update draws what has changed.
func (b *sessionButton) update() {
	s := b.app.Sessions
	name := s.Name()
	b.name.SetText(name)
	color := kit.ColorGood
	if !s.Live() {
		color = kit.ColorMuted
	}
	b.dot.SetColor(color)
	show(b, name != "")
	b.Refresh()
}

func (b *sessionButton) light() {
	color := kit.ColorRaised
	if b.Hovered || b.Focused {
		color = kit.ColorSelected
	}
	b.ground.SetColor(color)
}

// open opens the menu.
func (b *sessionButton) open() { openSessions(b.app, b) }

// newSessionSymbol is the button of a window without a sidebar, where there is no
// room for the name: that is in its tooltip.
func newSessionSymbol(app *viewmodel.App) *kit.Button {
	b := kit.NewButton(kit.ButtonSpec{Icon: "layers", Kind: kit.Outlined, Keys: app.Commands.Hint("sessions.open")})
	b.SetOnTap(func() { openSessions(app, b) })
	update := func() {
		s := app.Sessions
		tone, tip := kit.Good, "“"+s.Name()+"”, which is captured into"
		if !s.Live() {
			tone, tip = kit.Secondary, "“"+s.Name()+"”, which is not captured into"
		}
		b.SetTone(tone)
		b.SetTip(tip)
		b.SetEnabled(s.Name() != "")
	}
	app.Sessions.Changed.Listen(update)
	app.Changed.Listen(update)
	update()
	return b
}

// openSessions opens the menu of the sessions below a button.
func openSessions(app *viewmodel.App, b fyne.CanvasObject) {
	s := app.Sessions
	var entries []viewmodel.MenuEntry
	for _, e := range s.Menu() {
		entry := viewmodel.MenuEntry{Icon: "circle", Label: e.Title, Keys: e.Count, Tone: viewmodel.Secondary, Enabled: true, Run: func() { s.Show(e.ID) }}
		if e.Active {
			entry.Tone = viewmodel.Good
		}
		if e.Shown {
			entry.Icon = "check"
		}
		entries = append(entries, entry)
	}
	for _, id := range [...]string{"", "sessions.new", "sessions.capture", "sessions.open", "", "share.open", "file.open", "file.clipboard"} {
		entries = append(entries, app.Entry(id))
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
	openMenu(b, at.AddXY(0, b.Size().Height+2), entries)
}

// AccessibilityLabel says which session is shown.
func (b *sessionButton) AccessibilityLabel() string { return "Session " + b.name.Text() }

// CreateRenderer is for Fyne.
func (b *sessionButton) CreateRenderer() fyne.WidgetRenderer {
	row := kit.Frame(nil, nil, kit.Pad(10, 0, 8, 0, kit.HRow(0, b.dot)), kit.Pad(6, 0, 8, 0, kit.HRow(0, b.arrow)), kit.HRow(0, b.name))
	return widget.NewSimpleRenderer(container.NewStack(b.ground, kit.Fixed(0, 32, row)))
}
