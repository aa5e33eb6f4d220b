package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// resendForm draws the resend of one callback: at the left where it goes and what
// is edited, at the right what differs and what became of it.
type resendForm struct {
	app    *viewmodel.App
	resend *viewmodel.Resend

	root    fyne.CanvasObject
	scroll  *kit.Scroll
	form    *fyne.Container
	title   *kit.Text
	entry   *kit.Entry
	targets *fyne.Container
	mode    *kit.Segmented
	editor  *resendEditor
	sign    *kit.Check
	signed  *kit.Paragraph
	drop    *kit.Check
	live    []func(f *viewmodel.ResendFields)
	side    *resendSide
	problem *kit.Paragraph
	left    *fyne.Container
	foot    *fyne.Container
	send    *kit.Button

	written int
}

func newResendForm(app *viewmodel.App) *resendForm {
	f := &resendForm{app: app, resend: app.Detail.Resend, written: -1}
	f.title = kit.NewShrinkingText(kit.RoleMono, kit.Secondary, "")
	f.editor = newResendEditor(app, f)
	f.side = newResendSide(app)
	f.problem = kit.NewParagraph(kit.RoleSmall, kit.Bad, "")
	f.send = kit.NewButton(kit.ButtonSpec{Label: "Send", Icon: "send", Kind: kit.Primary, Tip: "Send it", Keys: app.Commands.Shown("Mod+Return"), OnTap: f.resend.Send})
	f.form = kit.VStack(14, f.title, f.target(), f.options(), f.what(), f.editor.root)
	f.scroll = kit.VScroll(kit.Pad(18, 14, 18, 16, f.form))
	schedule := kit.NewButton(kit.ButtonSpec{Label: "On a schedule …", Icon: "clock", Kind: kit.Outlined, Tip: "Send it as its sender would, until it is accepted", OnTap: f.resend.OnSchedule})
	f.foot = kit.HRow(10, schedule, kit.Spacer(), f.send)
	foot := kit.Frame(kit.HLine(), nil, nil, nil, kit.Pad(14, 10, 14, 10, kit.VStack(8, f.problem, f.foot)))
	f.left = kit.Frame(nil, foot, nil, nil, f.scroll)
	f.root = container.New(resendColumns{}, f.left, kit.VLine(), f.side.root)
	f.resend.Changed.Listen(f.update)
	return f
}

// resendColumns is the layout of the two parts and the line between them.
type resendColumns struct{}

// MinSize is for Fyne.
func (resendColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 200) }

// Layout is for Fyne.
func (resendColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	right := max(min(size.Width*0.4, 440), 200)
	x := float32(0)
	for i, width := range []float32{size.Width - right - 1, 1, right} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

// target is where it goes.
func (f *resendForm) target() fyne.CanvasObject {
	f.entry = f.line(kit.EntrySpec{Placeholder: "http://localhost:3000", Icon: "send"}, func(f *viewmodel.ResendFields) *string { return &f.URL })
	f.targets = kit.Flow(6, 6)
	keep := f.check("Keep the callback's path, whatever path the address has", func(f *viewmodel.ResendFields) *bool { return &f.KeepPath })
	return labelled("To", kit.Fixed(0, 30, f.entry), f.targets, keep)
}

// what says whether it goes as it came.
func (f *resendForm) what() fyne.CanvasObject {
	f.mode = kit.NewSegmented([]kit.Segment{{ID: "exact", Title: "As it came"}, {ID: "edited", Title: "Edited"}}, func(id string) {
		f.resend.Change(func(f *viewmodel.ResendFields) { f.Edited = id == "edited" })
	})
	f.sign = f.check("Sign it again", func(f *viewmodel.ResendFields) *bool { return &f.Resign })
	f.signed = kit.NewParagraph(kit.RoleSmall, kit.Warn, "")
	return labelled("What is sent", kit.HRow(16, f.mode, f.sign, kit.Spacer()), f.signed)
}

// options are the choices that rarely change.
func (f *resendForm) options() fyne.CanvasObject {
	f.drop = f.check("Leave out its secrets", func(f *viewmodel.ResendFields) *bool { return &f.Drop })
	follow := f.check("Follow redirects within the same host", func(f *viewmodel.ResendFields) *bool { return &f.Follow })
	marker := f.check("Mark it as a resend in a header", func(f *viewmodel.ResendFields) *bool { return &f.Marker })
	return kit.Flow(18, 4, f.drop, follow, marker)
}

// line is a field for one line of text.
func (f *resendForm) line(spec kit.EntrySpec, at func(f *viewmodel.ResendFields) *string) *kit.Entry {
	spec.OnChange = func(text string) { f.resend.Change(func(f *viewmodel.ResendFields) { *at(f) = text }) }
	spec.OnSubmit = func(string) { f.resend.Send() }
	entry := kit.NewEntry(spec)
	f.live = append(f.live, func(fields *viewmodel.ResendFields) {
		if text := *at(fields); entry.Text() != text {
			entry.SetText(text)
		}
	})
	return entry
}

// area is line for several lines.
func (f *resendForm) area(rows int, placeholder string, at func(f *viewmodel.ResendFields) *string) *kit.Multiline {
	area := kit.NewMultiline(rows, placeholder, func(text string) {
		f.resend.Change(func(f *viewmodel.ResendFields) { *at(f) = text })
	})
	f.live = append(f.live, func(fields *viewmodel.ResendFields) {
		if text := *at(fields); area.Text() != text {
			area.SetText(text)
		}
	})
	return area
}

func (f *resendForm) check(label string, at func(f *viewmodel.ResendFields) *bool) *kit.Check {
	check := kit.NewCheck(label, false, func(on bool) { f.resend.Change(func(f *viewmodel.ResendFields) { *at(f) = on }) })
	f.live = append(f.live, func(fields *viewmodel.ResendFields) { check.SetOn(*at(fields)) })
	return check
}

// open draws the form for the callback that it was opened for.
func (f *resendForm) open() {
	f.update()
	f.scroll.Top()
	f.entry.Focus()
}

// press takes a key that the widget with the keyboard had no use for.
func (f *resendForm) press(key string) bool {
	if key == "Mod+Return" {
		f.resend.Send()
		return true
	}
	return false
}

// update follows the view model.
func (f *resendForm) update() {
	if f.app.Dialog != viewmodel.DialogResend {
		return // open draws it
	}
	r := f.resend
	if f.written != r.Written {
		f.written = r.Written
		fields := r.Fields // what the widgets tell while they are filled must not count
		for _, draw := range f.live {
			draw(&fields)
		}
		f.suggest()
	}
	f.title.SetText(r.Title)
	edited := "exact"
	if r.Fields.Edited {
		edited = "edited"
	}
	f.mode.SetSelected(edited)
	f.editor.update()
	show(f.sign, r.Fields.Edited && r.CannotSign == "")
	f.signed.SetText(r.CannotSign)
	show(f.signed, r.Fields.Edited && r.CannotSign != "")
	show(f.drop, len(r.Secrets) > 0)
	problem := firstOf(r.Problem, r.Preview.Problem)
	f.problem.SetText(problem)
	show(f.problem, problem != "")
	f.send.SetEnabled(r.Busy == "")
	f.foot.Refresh()
	f.side.update()
	f.form.Refresh()
	f.left.Refresh()
	f.scroll.Refresh()
}

// firstOf is the first text that says something.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// suggest shows the addresses that were used before.
func (f *resendForm) suggest() {
	f.targets.Objects = nil
	all := f.resend.Suggestions
	for _, target := range all[:min(len(all), 3)] {
		f.targets.Add(kit.NewButton(kit.ButtonSpec{
			Label: clip(target, 46), Tip: target, Tone: kit.Secondary, Kind: kit.Outlined,
			OnTap: func() { f.entry.SetText(target) },
		}))
	}
	show(f.targets, len(all) > 1)
}

// clip cuts a label that has no room; the whole stands in its tooltip.
func clip(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
