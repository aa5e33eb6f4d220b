package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// addressPill says where callbacks come in: a dot, a word where all is not well,
// the host, and how long the tunnel takes. A click shows what there is to know;
// its buttons copy addresses.
type addressPill struct {
	widget.BaseWidget
	kit.Pressable

	app *viewmodel.App

	ground              *kit.Surface
	dot                 *kit.Dot
	word, host, latency *kit.Text
	copy, more          *kit.Button
	line                *fyne.Container

	room float32 // that there is for the whole
}

// Widths of the pill.
const (
	pillWidest = 460
	pillAround = 10 + 8 + 30 + 24 + 2 + 4*pillGap // all but the texts, with the gaps around the host
	pillGap    = 7
)

func newAddressPill(app *viewmodel.App) *addressPill {
	p := &addressPill{app: app, room: pillWidest}
	p.OnPress, p.Changed = app.Public.Show, p.light
	p.ground = kit.NewCard(kit.ColorGround, kit.ColorOutline, 6)
	p.dot = kit.NewDot(kit.ColorMuted, 8)
	p.word = kit.NewText(kit.RoleSmall, kit.Plain, "")
	p.host = kit.NewText(kit.RoleMono, kit.Plain, "")
	p.latency = kit.NewText(kit.RoleMonoSmall, kit.Muted, "")
	p.copy = kit.NewButton(kit.ButtonSpec{
		Icon: "copy", Tone: kit.Secondary, Tip: "Copy the address", Keys: app.Commands.Hint("app.copyurl"),
		OnTap: func() { app.Commands.Do("app.copyurl") },
	})
	p.more = kit.NewButton(kit.ButtonSpec{
		Icon: "chevron-down", Tone: kit.Secondary, Tip: "Copy the address for a provider", OnTap: p.menu,
	})
	p.line = kit.HRow(pillGap, p.dot, p.word, p.host, p.latency, kit.HRow(0, p.copy, kit.Fixed(24, 0, p.more)))
	p.ExtendBaseWidget(p)
	app.Public.Changed.Listen(p.update)
	app.Status.Changed.Listen(p.update)
	app.Changed.Listen(p.update)
	p.update()
	return p
}

// setRoom says how wide the pill may be.
func (p *addressPill) setRoom(width float32) {
	if width = min(width, pillWidest); p.room != width {
		p.room = width
		p.update()
	}
}

// update draws what has changed. Where there is not enough room, what is no
// warning goes first, then the end of the host.
func (p *addressPill) update() {
	pill := p.app.Public.Pill()
	p.dot.SetTone(tone(pill.Tone))
	p.word.SetText(pill.Word)
	p.word.SetTone(tone(pill.Tone))
	if pill.Quiet {
		p.word.SetTone(kit.Muted)
	}
	room, word := p.room-pillAround, p.word.Natural().Width+pillGap
	host := kit.MeasureText(kit.RoleMono, pill.Host).Width
	worded := pill.Word != "" && (!pill.Quiet || host+word <= room)
	show(p.word, worded)
	if worded {
		room -= word
	}
	wide := kit.MeasureText(kit.RoleMonoSmall, pill.Latency).Width + pillGap
	if pill.Latency != "" && host+wide > room {
		pill.Latency = ""
	}
	if pill.Latency != "" {
		room -= wide
	}
	p.latency.SetText(pill.Latency)
	show(p.latency, pill.Latency != "")
	p.host.SetText(kit.Fit(kit.RoleMono, pill.Host, max(room, 60)))
	p.copy.SetEnabled(pill.Copy)
	p.more.SetEnabled(pill.Copy)
	p.line.Refresh()
	p.Refresh()
}

func (p *addressPill) light() {
	switch {
	case p.Focused, p.Hovered:
		p.ground.SetColor(kit.ColorRaised)
	default:
		p.ground.SetColor(kit.ColorGround)
	}
}

// menu offers to copy the address of each provider.
func (p *addressPill) menu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.copy)
	kit.ShowMenu(c, at.AddXY(0, p.copy.Size().Height+4), copyItems(p.app))
}

// copyItems are the lines of a menu of what can be copied of the address.
func copyItems(app *viewmodel.App) []kit.MenuItem {
	var items []kit.MenuItem
	providers := false
	for _, c := range app.Public.Copies() {
		icon := kit.Icon("copy")
		if c.Hue != 0 {
			if icon = "link"; !providers && len(items) > 0 {
				items = append(items, kit.MenuItem{})
			}
			providers = true
		}
		items = append(items, kit.MenuItem{Icon: icon, Label: c.Title, Run: c.Run})
	}
	return append(items, kit.MenuItem{}, kit.MenuItem{Icon: "globe", Label: "Public address …", Run: app.Public.Show})
}

// AccessibilityLabel says the state and the host.
func (p *addressPill) AccessibilityLabel() string {
	return "Public address: " + p.app.Public.Word + ", " + p.host.Text()
}

// CreateRenderer is for Fyne.
func (p *addressPill) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.ground, kit.Pad(10, 0, 2, 0, p.line)))
}
