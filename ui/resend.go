package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// resendForm asks where the callback is sent, and shows what became of it. It is
// the content of a dialog.
type resendForm struct {
	app    *viewmodel.App
	resend *viewmodel.Resend

	root    *fyne.Container
	title   *kit.Text
	entry   *kit.Entry
	targets *fyne.Container
	notes   *fyne.Container
	state   *fyne.Container // progress or result
	send    *kit.Button
	problem *remark

	address string
	result  *viewmodel.ResendResult
	busy    string
	closed  func()
}

// newResendForm makes the form; closed takes its dialog away.
func newResendForm(app *viewmodel.App, closed func()) *resendForm {
	f := &resendForm{
		app: app, resend: app.Detail.Resend, closed: closed, problem: newRemark(),
		title:   kit.NewShrinkingText(kit.RoleMono, kit.Secondary, ""),
		targets: kit.HRow(6), notes: kit.VStack(6), state: container.NewStack(),
	}
	f.entry = kit.NewEntry(kit.EntrySpec{
		Placeholder: "http://localhost:3000/path", Icon: "send",
		OnChange: func(text string) {
			if f.address != text {
				f.address = text
				f.resend.Typed()
			}
		},
		OnSubmit: func(string) { f.resend.Send(f.address) },
	})
	f.send = kit.NewButton(kit.ButtonSpec{Label: "Send", Icon: "send", Kind: kit.Primary, OnTap: func() { f.resend.Send(f.address) }})
	line := kit.Frame(nil, nil, nil, kit.Pad(8, 1, 0, 1, f.send), kit.Fixed(0, 30, f.entry))
	app.Detail.Changed.Listen(f.update)
	f.root = kit.VStack(12, f.title, line, f.problem.object, f.targets, f.notes, f.state)
	return f
}

// open fills the form for the callback that is shown.
func (f *resendForm) open() {
	r := f.resend
	f.title.SetText(r.Title)
	f.address = r.URL
	f.entry.SetText(r.URL)
	f.targets.Objects = nil
	for _, target := range r.Suggestions[:min(len(r.Suggestions), 3)] {
		f.targets.Add(kit.NewButton(kit.ButtonSpec{
			Label: clip(target, 46), Tip: target, Tone: kit.Secondary, Kind: kit.Outlined,
			OnTap: func() {
				f.entry.SetText(target)
			},
		}))
	}
	if len(r.Suggestions) < 2 {
		f.targets.Hide()
	} else {
		f.targets.Show()
	}
	f.notes.Objects = nil
	note := func(icon kit.Icon, t kit.Tone, text string) {
		f.notes.Add(newBullet(icon, t, kit.NewParagraph(kit.RoleSmall, kit.Secondary, text)))
	}
	note("info", kit.Muted, "Method, header and body go as they came; only what belongs to the connection is new.")
	if r.Query != "" {
		note("info", kit.Muted, "The query "+r.Query+" is added where the address has none.")
	}
	if r.Warning != "" {
		note("triangle-alert", kit.Warn, r.Warning)
	}
	f.update()
}

// update follows the view model.
func (f *resendForm) update() {
	r := f.resend
	f.problem.tell(kit.Bad, r.Problem)
	f.send.SetEnabled(r.Busy == "")
	if f.busy != r.Busy || f.result != r.Result || len(f.state.Objects) == 0 {
		f.busy, f.result = r.Busy, r.Result
		f.state.Objects = []fyne.CanvasObject{f.outcome()}
		f.state.Refresh()
	}
	f.root.Refresh()
}

// outcome is what runs, or what became of the last sending.
func (f *resendForm) outcome() fyne.CanvasObject {
	r := f.resend
	if r.Busy != "" {
		return kit.NewProgress(r.Busy, r.Cancel)
	}
	if r.Result == nil {
		return kit.Fixed(0, 28, kit.HRow(0, kit.Spacer()))
	}
	row := []fyne.CanvasObject{
		kit.NewStatusPill(r.Result.Text, tone(r.Result.Tone)),
		kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, r.Result.Note), kit.Spacer(),
	}
	if id := r.Result.ID; id != 0 {
		row = append(row, kit.NewButton(kit.ButtonSpec{
			Label: "Show it", Icon: "arrow-right", Kind: kit.Outlined,
			OnTap: func() {
				f.closed()
				f.app.Detail.Go(id)
			},
		}))
	}
	return kit.HRow(10, row...)
}

// clip cuts a label that has no room; the whole stands in its tooltip.
func clip(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
