package ui

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// connectDialog draws how to have a provider send its callbacks here: the
// providers at the left, what to do at the right.
type connectDialog struct {
	app   *viewmodel.App
	state *viewmodel.Connect

	column *fyne.Container
	nav    map[string]*navRow
	title  *kit.Text
	page   *fyne.Container
	scroll *kit.Scroll

	shape string
	shown string // ID of the provider
	pick  string // name of the sample that is chosen
}

// newConnectDialog makes the content of the dialog "Connect a provider". It
// listens for as long as the program runs, so it is made once.
func newConnectDialog(app *viewmodel.App) fyne.CanvasObject {
	d := &connectDialog{app: app, state: app.Connect, nav: map[string]*navRow{}}
	d.title = kit.NewText(kit.RolePage, kit.Plain, "")
	d.page = kit.VStack(0)
	d.column = kit.VStack(2)
	d.scroll = kit.VScroll(kit.Pad(20, 4, 20, 20, d.page))
	d.update()
	d.state.Changed.Listen(d.update)
	all := kit.NewButton(kit.ButtonSpec{
		Label: "Send one of each", Icon: "flask-conical", Kind: kit.Outlined, Tip: "Send a sample of each provider to yourself",
		OnTap: d.state.SendAll,
	})
	left := kit.Frame(nil, kit.Pad(0, 8, 0, 0, all), nil, nil, d.column)
	left = kit.Fill(kit.ColorPanel, kit.Fixed(180, 0, kit.Pad(10, 12, 10, 12, left)))
	right := kit.Frame(kit.Pad(20, 16, 20, 10, d.title), nil, nil, nil, d.scroll)
	return kit.Frame(nil, nil, kit.Frame(nil, nil, nil, kit.VLine(), left), nil, right)
}

func (d *connectDialog) update() {
	for _, tab := range d.state.Tabs() {
		row := d.nav[tab.ID]
		if row == nil {
			row = newNavRow(tab.Name, hueDot(tab.Hue), func() { d.state.Turn(tab.ID) })
			d.nav[tab.ID] = row
			d.column.Add(row)
		}
		row.setSelected(tab.ID == d.state.Provider)
	}
	view := d.state.View()
	shape := fmt.Sprintf("%+v %+v %t %s", view, view.Token, d.state.Saving || d.state.Sending, d.state.Problem)
	if shape == d.shape {
		return
	}
	d.shape = shape
	if d.shown != view.Provider {
		d.shown, d.pick = view.Provider, ""
		d.scroll.Top()
	}
	d.title.SetText(view.Name)
	d.page.Objects = []fyne.CanvasObject{d.build(&view)}
	d.page.Refresh()
	d.scroll.Refresh()
}

func (d *connectDialog) build(v *viewmodel.ConnectView) fyne.CanvasObject {
	if v.Provider == "" {
		return kit.NewParagraph(kit.RoleBody, kit.Secondary, "Hookglass is starting.")
	}
	stack := kit.VStack(10, sectionHead("WHAT TO DO THERE"))
	for i, step := range v.Steps {
		words := kit.VStack(6, kit.NewParagraph(kit.RoleBody, kit.Plain, step.Text))
		if step.Paste != "" {
			words.Add(codeBox(step.Paste, func() { d.state.CopyStep(i) }))
		}
		stack.Add(numbered(strconv.Itoa(i+1), words))
	}
	stack.Add(d.source(v.Source))
	stack.Add(sectionHead("ADDRESSES TO ENTER"))
	if v.Reach != "" {
		stack.Add(d.reach(v))
	}
	for _, a := range v.Addresses {
		stack.Add(d.address(v, a))
	}
	if v.Token != nil {
		stack.Add(sectionHead("TOKEN"))
		stack.Add(d.token(v.Token))
	}
	stack.Add(sectionHead("WHAT IT EXPECTS"))
	for _, s := range v.Told() {
		stack.Add(kit.NewParagraph(kit.RoleBody, kit.Plain, s.Text))
		if s.Source != "" {
			stack.Add(d.source(s.Source))
		}
	}
	stack.Add(sectionHead("TRY IT"))
	stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, v.Signed))
	stack.Add(codeBox(v.Curl, func() { d.state.CopyCurl(v.Provider) }))
	stack.Add(d.sample(v))
	return stack
}

// numbered puts a number before words that wrap. Both begin at the same height:
// the words go back by the height of the number.
func numbered(number string, words fyne.CanvasObject) fyne.CanvasObject {
	height := kit.MeasureText(kit.RoleBody, "M").Height
	return kit.VStack(-height, kit.HRow(0, kit.NewText(kit.RoleBody, kit.Muted, number)), kit.Pad(20, 0, 0, 0, words))
}

// reach says that the addresses cannot be reached from everywhere, and leads to
// where that is changed.
func (d *connectDialog) reach(v *viewmodel.ConnectView) fyne.CanvasObject {
	show := kit.NewButton(kit.ButtonSpec{Label: "Public address", Icon: "globe", Kind: kit.Outlined, OnTap: d.app.Public.Show})
	return kit.VStack(8, newBullet("globe", tone(v.ReachTone), kit.NewParagraph(kit.RoleBody, kit.Secondary, v.Reach)), kit.HRow(0, show))
}

func (d *connectDialog) address(v *viewmodel.ConnectView, a viewmodel.ConnectAddress) fyne.CanvasObject {
	stack := kit.VStack(5,
		kit.HRow(8, kit.NewText(kit.RoleRow, kit.Plain, a.Title), kit.NewShrinkingText(kit.RoleSmall, kit.Muted, a.Field)),
		codeBox(a.Shown, func() { d.state.CopyAddress(v.Provider, a.Path) }),
	)
	if a.Note != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Warn, a.Note))
	}
	return stack
}

func (d *connectDialog) token(t *viewmodel.ConnectToken) fyne.CanvasObject {
	tone := kit.Warn
	if t.Saved {
		tone = kit.Good
	}
	stack := kit.VStack(8, kit.NewParagraph(kit.RoleSmall, tone, t.Text))
	if t.Field != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, "Enter it in the provider's field \""+t.Field+"\"; it is not a part of the address."))
	}
	stack.Add(codeBox(t.Shown, d.state.CopyToken))
	if !t.Saved {
		save := kit.NewButton(kit.ButtonSpec{Label: "Save as credential", Icon: "key-round", Kind: kit.Primary, OnTap: d.state.SaveToken})
		save.SetEnabled(!d.state.Saving)
		stack.Add(kit.HRow(8, save, kit.NewButton(kit.ButtonSpec{Label: "Make another", Icon: "refresh-cw", OnTap: d.state.AnotherToken})))
	}
	if d.state.Problem != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Bad, d.state.Problem))
	}
	return stack
}

// source is the address of a documentation, which opens on a click.
func (d *connectDialog) source(address string) fyne.CanvasObject {
	return kit.HRow(4,
		kit.NewShrinkingText(kit.RoleMonoSmall, kit.Muted, address),
		kit.NewButton(kit.ButtonSpec{Icon: "external-link", Tip: "Open " + address, Tone: kit.Muted, OnTap: func() { d.state.OpenSource(address) }}))
}

func (d *connectDialog) sample(v *viewmodel.ConnectView) fyne.CanvasObject {
	options := make([]kit.Option, len(v.Samples))
	for i, s := range v.Samples {
		options[i] = kit.Option{ID: s.Name, Title: s.Title}
	}
	if d.pick == "" && len(v.Samples) > 0 {
		d.pick = v.Samples[0].Name
	}
	choice := kit.NewSelect(options, d.pick, func(id string) { d.pick = id })
	send := kit.NewButton(kit.ButtonSpec{Label: "Send the sample", Icon: "send", Kind: kit.Outlined, OnTap: func() {
		d.state.SendSample(d.pick)
	}})
	send.SetEnabled(!d.state.Sending)
	return kit.Fixed(0, 30, kit.Frame(nil, nil, nil, kit.Pad(8, 1, 0, 1, send), choice))
}
