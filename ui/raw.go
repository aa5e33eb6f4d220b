package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// rawPane draws the request as it was on the wire.
type rawPane struct {
	widget.BaseWidget

	app    *viewmodel.App
	raw    *viewmodel.Raw
	reveal *kit.Button
	notes  *fyne.Container
	code   *kit.Code
	root   *fyne.Container

	text *viewmodel.BodyText
}

func newRawPane(app *viewmodel.App) *rawPane {
	p := &rawPane{app: app, raw: app.Detail.Raw}
	r := p.raw
	p.code = kit.NewCode(kit.CodeSpec{OnCopy: r.CopyText, OnMenu: p.menu})
	p.reveal = kit.NewButton(kit.ButtonSpec{Icon: "eye", Label: "Show secrets", OnTap: func() { r.ShowSecrets(r.Masked) }})
	p.notes = kit.VStack(0)
	bar := kit.Fixed(0, bodyBarHeight, kit.Pad(16, 0, 12, 0, kit.HRow(10,
		kit.NewShrinkingText(kit.RoleSmall, kit.Muted, "The request as it was on the wire"), kit.Spacer(), p.reveal,
		kit.HRow(2,
			kit.NewButton(kit.ButtonSpec{Icon: "copy", Tip: "Copy the request", OnTap: r.Copy}),
			kit.NewButton(kit.ButtonSpec{Icon: "download", Tip: "Save the request", OnTap: r.Save})))))
	p.root = kit.Frame(kit.VStack(0, bar, kit.HLine(), p.notes), nil, nil, nil, p.code)
	p.ExtendBaseWidget(p)
	r.Changed.Listen(p.update)
	p.update()
	return p
}

// CreateRenderer is for Fyne.
func (p *rawPane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.root) }

// update copies what the view model shows.
func (p *rawPane) update() {
	r := p.raw
	if r.Secret {
		p.reveal.Show()
	} else {
		p.reveal.Hide()
	}
	if r.Masked {
		p.reveal.SetLabel("Show secrets")
		p.reveal.SetIcon("eye")
	} else {
		p.reveal.SetLabel("Mask secrets")
		p.reveal.SetIcon("eye-off")
	}
	if p.text != r.Text {
		p.text = r.Text
		p.code.SetText(codeText(r.Text))
		putNotes(p.notes, r.Notes)
	}
	p.root.Refresh()
}

// menu opens what can be done with the text.
func (p *rawPane) menu(at fyne.Position) {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(p)
	if canvas == nil {
		return
	}
	from, to := p.code.Selection()
	kit.ShowMenu(canvas, at, []kit.MenuItem{
		{Icon: "copy", Label: "Copy", Keys: p.app.Commands.Shown("Mod+C"), Off: from == to, Run: func() { p.code.Copy() }},
		{Icon: "text", Label: "Select all", Keys: p.app.Commands.Shown("Mod+A"), Run: p.code.SelectAll},
		{Icon: "copy", Label: "Copy the request", Run: p.raw.Copy},
		{Icon: "download", Label: "Save the request …", Run: p.raw.Save},
	})
}
