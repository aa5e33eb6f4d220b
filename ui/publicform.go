package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// publicForm is where a person chooses the public address. Its entries stay for
// as long as the program runs; what follows from what is typed is drawn by the
// functions in live.
type publicForm struct {
	app  *viewmodel.App
	form *viewmodel.PublicForm

	root        *fyne.Container
	modes       *kit.Segmented
	tunnel, own *fyne.Container
	source      *kit.Paragraph
	forget, use *kit.Button
	live        []func()
}

func newPublicForm(app *viewmodel.App) *publicForm {
	f := &publicForm{app: app, form: app.Public.Form}
	f.modes = kit.NewSegmented([]kit.Segment{{ID: string(viewmodel.PublicTunnel), Title: "ngrok tunnel"}, {ID: string(viewmodel.PublicOwn), Title: "My own address"}},
		func(id string) { f.form.SetMode(viewmodel.PublicMode(id)) })
	f.tunnel, f.own = f.tunnelPart(), f.ownPart()
	f.root = kit.VStack(14, kit.HRow(0, f.modes), f.tunnel, f.own)
	f.update()
	return f
}

// update draws what has changed. Whoever shows the form lays out anew what is
// around it.
func (f *publicForm) update() {
	own := f.form.Mode() == viewmodel.PublicOwn
	f.modes.SetSelected(string(f.form.Mode()))
	show(f.tunnel, !own)
	show(f.own, own)
	f.source.SetText(f.form.Source)
	f.source.SetTone(tone(f.form.SourceTone))
	show(f.source, f.form.Source != "")
	show(f.forget, f.form.CanForget)
	f.use.SetEnabled(f.form.CanAllow())
	for _, draw := range f.live {
		draw()
	}
	f.root.Refresh()
}

// entry is a labelled field of the form, with what is wrong with it.
func (f *publicForm) entry(label string, spec kit.EntrySpec, read func() *viewmodel.Field, write func(string)) fyne.CanvasObject {
	return kit.VStack(6, kit.NewText(kit.RoleSmall, kit.Secondary, label), f.bare(spec, read, write))
}

// bare is entry without a label.
func (f *publicForm) bare(spec kit.EntrySpec, read func() *viewmodel.Field, write func(string), beside ...fyne.CanvasObject) fyne.CanvasObject {
	spec.Text, spec.Placeholder = read().Text, read().Usual
	spec.OnChange = func(text string) {
		if text != read().Text {
			write(text)
		}
	}
	entry := kit.NewEntry(spec)
	below := newRemark()
	f.live = append(f.live, func() {
		entry.SetText(read().Text)
		below.say(read().Problem, read().Note)
	})
	line := kit.Fixed(0, 30, entry)
	if len(beside) > 0 {
		line = kit.Fixed(0, 30, kit.Frame(nil, nil, nil, kit.Pad(8, 1, 0, 1, kit.HRow(6, beside...)), entry))
	}
	return kit.VStack(6, line, below.object)
}

func (f *publicForm) tunnelPart() *fyne.Container {
	v := f.form
	f.source = kit.NewParagraph(kit.RoleSmall, kit.Secondary, "")
	f.forget = kit.NewButton(kit.ButtonSpec{Label: "Forget it", Icon: "trash-2", Tip: "Take the kept token away", Tone: kit.Secondary, OnTap: v.Forget})
	get := kit.NewButton(kit.ButtonSpec{Label: "Get a token", Icon: "external-link", Tip: viewmodel.TokenPage, Tone: kit.Secondary, OnTap: v.GetToken})
	f.use = kit.NewButton(kit.ButtonSpec{Label: "Make the policy", Kind: kit.Outlined, OnTap: v.UseAllow})
	return kit.VStack(14,
		kit.VStack(6,
			kit.NewText(kit.RoleSmall, kit.Secondary, "Token of your ngrok account"),
			f.bare(kit.EntrySpec{Icon: "key-round", Password: true, Mono: true, OnSubmit: func(string) { f.app.Public.Connect() }},
				func() *viewmodel.Field { return &v.Token }, v.SetToken),
			f.source,
			kit.HRow(6, get, f.forget)),
		f.entry("Domain", kit.EntrySpec{}, func() *viewmodel.Field { return &v.Domain }, v.SetDomain),
		f.policy(),
		kit.VStack(6,
			kit.NewText(kit.RoleSmall, kit.Secondary, "Only these addresses may call"),
			f.bare(kit.EntrySpec{}, func() *viewmodel.Field { return &v.Allow }, v.SetAllow, f.use)),
		sectionHead("ON THE WAY TO NGROK"),
		f.entry("SOCKS5 proxy", kit.EntrySpec{}, func() *viewmodel.Field { return &v.Proxy }, v.SetProxy),
		f.entry("Address of the service", kit.EntrySpec{}, func() *viewmodel.Field { return &v.Service }, v.SetService),
		f.entry("Who may sign its certificate", kit.EntrySpec{}, func() *viewmodel.Field { return &v.CAFile }, v.SetCAFile),
		sectionHead("WHAT LEAVES THIS MACHINE"),
		kit.NewParagraph(kit.RoleSmall, kit.Muted, viewmodel.LeavesMachine),
	)
}

// policyRows is how many lines of a policy are seen at once.
const policyRows = 5

func (f *publicForm) policy() fyne.CanvasObject {
	v := f.form
	area := kit.NewMultiline(policyRows, v.Policy.Usual, func(text string) {
		if text != v.Policy.Text {
			v.SetPolicy(text)
		}
	})
	area.SetText(v.Policy.Text)
	below := newRemark()
	f.live = append(f.live, func() {
		if area.Text() != v.Policy.Text {
			area.SetText(v.Policy.Text)
		}
		below.say(v.Policy.Problem, v.Policy.Note)
	})
	return kit.VStack(6, kit.NewText(kit.RoleSmall, kit.Secondary, "Traffic policy"), area, below.object)
}

func (f *publicForm) ownPart() *fyne.Container {
	v := f.form
	return kit.VStack(14,
		kit.NewParagraph(kit.RoleBody, kit.Secondary, "A proxy or a tunnel of your own, which leads to the local address. Hookglass tests whether it does, and hands it out to providers."),
		f.entry("Public address", kit.EntrySpec{Icon: "globe", OnSubmit: func(string) { f.app.Public.Connect() }},
			func() *viewmodel.Field { return &v.URL }, v.SetURL),
	)
}
