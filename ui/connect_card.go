package ui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// firstRun draws what an empty list shows: where to send callbacks, and how to
// see some at once.
type firstRun struct {
	state *viewmodel.Connect

	app   *viewmodel.App
	page  *fyne.Container
	token *kit.Entry // stays while what is around it changes
	shape string
}

// connectCard makes the content of an empty list. It fits the width of the list
// and listens for as long as the program runs, so it is made once.
func connectCard(app *viewmodel.App) fyne.CanvasObject {
	c := &firstRun{app: app, state: app.Connect, page: kit.VStack(0)}
	form := app.Public.Form
	c.token = kit.NewEntry(kit.EntrySpec{
		Placeholder: form.Token.Usual, Icon: "key-round", Password: true, Mono: true,
		OnChange: func(text string) {
			if text != form.Token.Text {
				form.SetToken(text)
			}
		},
		OnSubmit: func(string) { app.Public.Connect() },
	})
	c.update()
	c.state.Changed.Listen(c.update)
	return kit.VScroll(kit.Pad(16, 20, 16, 16, c.page))
}

func (c *firstRun) update() {
	first := c.state.FirstRun()
	c.token.SetText(c.app.Public.Form.Token.Text)
	shape := fmt.Sprintf("%+v %t", first, c.state.Sending)
	if shape == c.shape {
		return
	}
	c.shape = shape
	c.page.Objects = []fyne.CanvasObject{c.build(&first)}
	c.page.Refresh()
}

func (c *firstRun) build(first *viewmodel.FirstRun) fyne.CanvasObject {
	stack := kit.VStack(12,
		kit.HRow(0, kit.NewIcon("webhook", kit.Muted, 32)),
		kit.NewText(kit.RolePane, kit.Plain, "No callbacks yet"),
		kit.NewParagraph(kit.RoleBody, kit.Secondary, first.Sentence),
	)
	if len(first.Addresses) == 0 {
		return stack
	}
	stack.Add(c.public(&first.Public))
	send := kit.NewButton(kit.ButtonSpec{
		Label: "Send a sample of each provider", Icon: "flask-conical", Kind: kit.Outlined, OnTap: c.state.SendAll,
	})
	send.SetEnabled(!c.state.Sending)
	stack.Add(kit.NewText(kit.RoleRow, kit.Plain, first.Lead))
	addresses := kit.VStack(8)
	for _, a := range first.Addresses {
		addresses.Add(kit.VStack(4,
			kit.HRow(8, hueDot(a.Hue), kit.NewText(kit.RoleSmall, kit.Secondary, a.Name)),
			codeBoxIn(kit.RoleMonoSmall, a.Shown, func() { c.state.CopyFirst(a.Provider) })))
	}
	stack.Add(addresses)
	stack.Add(send)
	if c.app.Samples.Ready() {
		stack.Add(kit.NewButton(kit.ButtonSpec{
			Label: "Choose what to send", Icon: "send", Kind: kit.Outlined, Tip: "Be the provider",
			Keys: c.app.Commands.Hint("samples.open"), OnTap: c.app.Samples.Open,
		}))
	}
	stack.Add(kit.NewText(kit.RoleSmall, kit.Secondary, "Or from a terminal of this machine"))
	stack.Add(codeBoxIn(kit.RoleMonoSmall, first.Curl, func() { c.state.CopyCurl(first.CurlOf) }))
	stack.Add(kit.NewButton(kit.ButtonSpec{
		Label: "Connect a provider", Icon: "plug", Kind: kit.Outlined, OnTap: func() { c.state.Show("") },
	}))
	return stack
}

// public says how providers reach Hookglass from outside, and takes the token
// that is needed for it.
func (c *firstRun) public(p *viewmodel.FirstPublic) fyne.CanvasObject {
	public := c.app.Public
	head := kit.HRow(8, kit.NewIcon("globe", tone(p.Tone), 16), kit.NewShrinkingText(kit.RoleRow, kit.Plain, p.Title))
	stack := kit.VStack(8, head, kit.NewParagraph(kit.RoleBody, kit.Secondary, p.Text))
	if p.URL != "" {
		stack.Add(codeBoxIn(kit.RoleMonoSmall, p.URL, public.Copy))
	}
	if p.Source != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, p.Source))
	}
	if p.Act != "" {
		connect := kit.NewButton(kit.ButtonSpec{Label: p.Act, Icon: "plug", Kind: kit.Primary, OnTap: public.Connect})
		connect.SetEnabled(p.Ready)
		if p.Token {
			stack.Add(kit.Fixed(0, 30, c.token))
		}
		row := kit.Flow(8, 8, connect)
		if p.Token {
			row.Add(kit.NewButton(kit.ButtonSpec{Label: "Get a token", Icon: "external-link", Tone: kit.Secondary, OnTap: public.Form.GetToken}))
		}
		stack.Add(row)
	}
	if p.Problem != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Bad, p.Problem))
	}
	if p.Settings {
		stack.Add(kit.HRow(0, kit.NewButton(kit.ButtonSpec{Label: "Public address", Icon: "globe", Kind: kit.Outlined, OnTap: public.Show})))
	}
	return kit.Fill(kit.ColorGround, kit.Pad(12, 10, 12, 12, stack))
}
