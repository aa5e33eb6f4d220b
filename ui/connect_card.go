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

	page  *fyne.Container
	shape string
}

// connectCard makes the content of an empty list. It fits the width of the list
// and listens for as long as the program runs, so it is made once.
func connectCard(app *viewmodel.App) fyne.CanvasObject {
	c := &firstRun{state: app.Connect, page: kit.VStack(0)}
	c.update()
	c.state.Changed.Listen(c.update)
	return kit.VScroll(kit.Pad(16, 20, 16, 16, c.page))
}

func (c *firstRun) update() {
	first := c.state.FirstRun()
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
	send := kit.NewButton(kit.ButtonSpec{
		Label: "Send a sample of each provider", Icon: "flask-conical", Kind: kit.Primary, OnTap: c.state.SendAll,
	})
	send.SetEnabled(!c.state.Sending)
	stack.Add(send)
	addresses := kit.VStack(8)
	for _, a := range first.Addresses {
		addresses.Add(kit.VStack(4,
			kit.HRow(8, hueDot(a.Hue), kit.NewText(kit.RoleSmall, kit.Secondary, a.Name)),
			codeBoxIn(kit.RoleMonoSmall, a.Shown, func() { c.state.CopyFirst(a.Provider) })))
	}
	stack.Add(addresses)
	stack.Add(kit.NewText(kit.RoleSmall, kit.Secondary, "Or from a terminal"))
	stack.Add(codeBoxIn(kit.RoleMonoSmall, first.Curl, func() { c.state.CopyCurl(first.CurlOf) }))
	stack.Add(kit.NewButton(kit.ButtonSpec{
		Label: "Connect a provider", Icon: "plug", Kind: kit.Outlined, OnTap: func() { c.state.Show("") },
	}))
	return stack
}
