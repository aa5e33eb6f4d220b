package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// manyForm draws the resend of several callbacks: at the left what is chosen, at the
// right the first request, and then the results.
type manyForm struct {
	app  *viewmodel.App
	many *viewmodel.ResendMany

	root     fyne.CanvasObject
	scroll   *kit.Scroll
	form     *fyne.Container
	title    *kit.Text
	targets  *fyne.Container
	entry    *kit.Entry
	order    *kit.Segmented
	schedule *kit.Select
	speed    *kit.Select
	plain    *fyne.Container // what counts without a schedule
	speeds   *fyne.Container // what counts with one
	live     []func(f *viewmodel.ManyFields)
	problem  *kit.Paragraph
	left     *fyne.Container
	foot     *fyne.Container
	send     *kit.Button
	side     *manySide

	written int
}

func newManyForm(app *viewmodel.App) *manyForm {
	f := &manyForm{app: app, many: app.Detail.Resend.Many, written: -1}
	f.title = kit.NewShrinkingText(kit.RolePane, kit.Plain, "")
	f.side = newManySide(app)
	f.problem = kit.NewParagraph(kit.RoleSmall, kit.Bad, "")
	f.send = kit.NewButton(kit.ButtonSpec{Label: "Send", Icon: "send", Kind: kit.Primary, Tip: "Send them", Keys: app.Commands.Shown("Mod+Return"), OnTap: f.many.Send})
	f.form = kit.VStack(14, f.title, f.target(), f.when(), f.options())
	f.scroll = kit.VScroll(kit.Pad(18, 14, 18, 16, f.form))
	f.foot = kit.HRow(10, kit.Spacer(), f.send)
	foot := kit.Frame(kit.HLine(), nil, nil, nil, kit.Pad(18, 10, 14, 10, kit.VStack(8, f.problem, f.foot)))
	f.left = kit.Frame(nil, foot, nil, nil, f.scroll)
	f.root = container.New(manyColumns{}, f.left, kit.VLine(), f.side.root)
	f.many.Changed.Listen(f.update)
	return f
}

// manyColumns is the layout of the two parts and the line between them.
type manyColumns struct{}

// MinSize is for Fyne.
func (manyColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 200) }

// Layout is for Fyne.
func (manyColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(size.Width*0.4, 390)
	x := float32(0)
	for i, width := range []float32{left, 1, size.Width - left - 1} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

func (f *manyForm) target() fyne.CanvasObject {
	f.entry = f.line(kit.EntrySpec{Placeholder: "http://localhost:3000", Icon: "send"}, func(f *viewmodel.ManyFields) *string { return &f.URL })
	f.targets = kit.Flow(6, 6)
	return labelled("To", kit.Fixed(0, 30, f.entry), f.targets,
		f.check("Keep each callback's path", func(f *viewmodel.ManyFields) *bool { return &f.KeepPath }))
}

// when says how often, how fast and in what order.
func (f *manyForm) when() fyne.CanvasObject {
	m := f.many
	f.order = kit.NewSegmented([]kit.Segment{{ID: "old", Title: "Oldest first"}, {ID: "new", Title: "Newest first"}}, func(id string) {
		m.Change(func(f *viewmodel.ManyFields) { f.Newest = id == "new" })
	})
	f.schedule = kit.NewSelect(nil, "", func(id string) { m.Change(func(f *viewmodel.ManyFields) { f.Schedule = id }) })
	f.speed = kit.NewSelect(manyOptions(viewmodel.ManySpeeds), "", func(id string) { m.Change(func(f *viewmodel.ManyFields) { f.Speed = id }) })
	number := func(label, hint string, at func(f *viewmodel.ManyFields) *string) fyne.CanvasObject {
		return labelled(label, kit.Fixed(0, 30, f.line(kit.EntrySpec{Placeholder: hint}, at)))
	}
	f.plain = kit.VStack(10,
		kit.Halves(12,
			number("Each how often", "1", func(f *viewmodel.ManyFields) *string { return &f.Times }),
			number("At the same time, 1 to 64", "1", func(f *viewmodel.ManyFields) *string { return &f.AtOnce })),
		number("A second at the most", "any number", func(f *viewmodel.ManyFields) *string { return &f.Rate }),
		f.check("Stop at the first that is not accepted", func(f *viewmodel.ManyFields) *bool { return &f.Stop }),
	)
	f.speeds = labelled("How fast", f.speed,
		kit.NewParagraph(kit.RoleSmall, kit.Muted, "Each is sent again as documented, until its answer is accepted. The result says when your app recovered."))
	return kit.VStack(14, labelled("Order", kit.HRow(0, f.order)), labelled("Schedule", f.schedule), f.plain, f.speeds)
}

func (f *manyForm) options() fyne.CanvasObject {
	return kit.VStack(4,
		f.check("Leave out their secrets", func(f *viewmodel.ManyFields) *bool { return &f.Drop }),
		f.check("Follow redirects within the same host", func(f *viewmodel.ManyFields) *bool { return &f.Follow }),
		f.check("Mark them as resends in a header", func(f *viewmodel.ManyFields) *bool { return &f.Marker }))
}

func manyOptions(all []viewmodel.Choosable) []kit.Option {
	options := make([]kit.Option, len(all))
	for i, c := range all {
		options[i] = kit.Option{ID: c.ID, Title: c.Title}
	}
	return options
}

func (f *manyForm) line(spec kit.EntrySpec, at func(f *viewmodel.ManyFields) *string) *kit.Entry {
	spec.OnChange = func(text string) { f.many.Change(func(f *viewmodel.ManyFields) { *at(f) = text }) }
	spec.OnSubmit = func(string) { f.many.Send() }
	entry := kit.NewEntry(spec)
	f.live = append(f.live, func(fields *viewmodel.ManyFields) {
		if text := *at(fields); entry.Text() != text {
			entry.SetText(text)
		}
	})
	return entry
}

func (f *manyForm) check(label string, at func(f *viewmodel.ManyFields) *bool) *kit.Check {
	check := kit.NewCheck(label, false, func(on bool) { f.many.Change(func(f *viewmodel.ManyFields) { *at(f) = on }) })
	f.live = append(f.live, func(fields *viewmodel.ManyFields) { check.SetOn(*at(fields)) })
	return check
}

// open draws all of it.
func (f *manyForm) open() {
	f.update()
	f.scroll.Top()
	f.entry.Focus()
}

// press takes a key that the widget with the keyboard had no use for.
func (f *manyForm) press(key string) bool {
	if key == "Mod+Return" {
		f.many.Send()
		return true
	}
	return false
}

// update follows the view model.
func (f *manyForm) update() {
	if f.app.Dialog != viewmodel.DialogResendMany {
		return // open draws it
	}
	m := f.many
	if f.written != m.Written {
		f.written = m.Written
		fields := m.Fields // what the widgets tell while they are filled must not count
		for _, draw := range f.live {
			draw(&fields)
		}
		f.schedule.SetOptions(manyOptions(m.Schedules))
		f.suggest()
	}
	f.title.SetText(m.Title)
	order := "old"
	if m.Fields.Newest {
		order = "new"
	}
	f.order.SetSelected(order)
	f.schedule.SetChosen(m.Fields.Schedule)
	f.speed.SetChosen(m.Fields.Speed)
	show(f.plain, m.Fields.Schedule == "")
	show(f.speeds, m.Fields.Schedule != "")
	f.problem.SetText(m.Problem)
	show(f.problem, m.Problem != "")
	f.send.SetEnabled(!m.Running)
	f.foot.Refresh()
	f.form.Refresh()
	f.left.Refresh()
	f.scroll.Refresh()
	f.side.update()
}

// suggest shows the addresses that callbacks like the first were sent to.
func (f *manyForm) suggest() {
	f.targets.Objects = nil
	all := f.many.Suggested
	for _, target := range all[:min(len(all), 3)] {
		f.targets.Add(kit.NewButton(kit.ButtonSpec{
			Label: clip(target, 40), Tip: target, Tone: kit.Secondary, Kind: kit.Outlined,
			OnTap: func() { f.entry.SetText(target) },
		}))
	}
	show(f.targets, len(all) > 1)
}
