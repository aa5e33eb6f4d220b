package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// resendEditor draws what of a callback is edited before it is resent.
type resendEditor struct {
	resend *viewmodel.Resend

	root    *fyne.Container
	body    fyne.CanvasObject // where it can be typed here
	why     *kit.Paragraph    // where it cannot
	said    *kit.Text
	line    *fyne.Container
	format  *kit.Button
	outside *kit.Button
	take    *kit.Button
	file    *kit.Paragraph
	undo    *kit.Button
}

func newResendEditor(app *viewmodel.App, f *resendForm) *resendEditor {
	r := app.Detail.Resend
	e := &resendEditor{resend: r}
	method := f.line(kit.EntrySpec{Placeholder: "POST"}, func(f *viewmodel.ResendFields) *string { return &f.Method })
	target := f.line(kit.EntrySpec{Placeholder: "/path?query"}, func(f *viewmodel.ResendFields) *string { return &f.Target })
	header := f.area(5, "Name: value", func(f *viewmodel.ResendFields) *string { return &f.Header })
	e.body = f.area(12, "No body", func(f *viewmodel.ResendFields) *string { return &f.Body })
	e.why = kit.NewParagraph(kit.RoleSmall, kit.Secondary, "")
	e.said = kit.NewShrinkingText(kit.RoleSmall, kit.Muted, "")
	e.format = kit.NewButton(kit.ButtonSpec{Label: "Format", Icon: "braces", Tone: kit.Secondary, Tip: "Lay the JSON out, or put it into one line", OnTap: r.Format})
	e.outside = kit.NewButton(kit.ButtonSpec{Label: "Edit in my editor", Icon: "external-link", Tone: kit.Secondary, Tip: "Open the body in a file that only you can read", OnTap: r.EditOutside})
	e.take = kit.NewButton(kit.ButtonSpec{Label: "Take it", Icon: "download", Kind: kit.Outlined, Tip: "Read the edited file back", OnTap: r.Take})
	e.file = kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	e.undo = kit.NewButton(kit.ButtonSpec{Label: "Back to the original", Icon: "undo-2", Tone: kit.Secondary, Tip: "Undo what was edited", OnTap: r.Undo})
	e.line = kit.HRow(6, e.said, kit.Spacer(), e.format, e.outside, e.take)
	e.root = kit.VStack(10,
		kit.Frame(nil, nil, kit.Pad(0, 0, 12, 0, kit.Fixed(110, 0, labelled("Method", kit.Fixed(0, 30, method)))), nil, labelled("Path and query", kit.Fixed(0, 30, target))),
		labelled("Header", header),
		labelled("Body", e.body, e.why, kit.Fixed(0, 28, e.line), e.file),
		kit.HRow(0, e.undo, kit.Spacer()),
	)
	return e
}

func (e *resendEditor) update() {
	r := e.resend
	b := &r.Body
	show(e.root, r.Fields.Edited)
	show(e.body, b.Here && b.File == "")
	e.why.SetText(b.Why)
	show(e.why, b.Why != "")
	e.said.SetText(b.Said)
	e.said.SetTone(tone(b.Tone))
	show(e.format, b.Here && b.JSON && b.File == "")
	show(e.outside, b.File == "")
	show(e.take, b.File != "")
	file := ""
	if b.File != "" {
		file = "The body is open in your editor. Save it there, then take it. The file: " + b.File
	}
	e.file.SetText(file)
	show(e.file, file != "")
	e.undo.SetEnabled(r.CanUndo())
	e.line.Refresh()
	e.root.Refresh()
}
