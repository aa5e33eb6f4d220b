package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// proofForm is where a key is typed. What was typed stays while the callback is
// loaded again.
type proofForm struct {
	app   *viewmodel.App
	proof *viewmodel.Proof

	root    *fyne.Container
	result  *remark
	try     *kit.Button
	save    *kit.Button
	moved   func() // it takes another height
	said    string
	credits string // what the form was built for
	value   string
	label   string
	field   *kit.Entry // nil where a key takes several lines
}

func newProofForm(app *viewmodel.App, moved func()) *proofForm {
	f := &proofForm{app: app, proof: app.Detail.Proof, root: container.NewStack(), moved: moved}
	f.result = newRemark()
	f.try = kit.NewButton(kit.ButtonSpec{
		Label: "Try without saving", Icon: "flask-conical", Kind: kit.Outlined,
		OnTap: func() { f.proof.Try(f.value) },
	})
	f.save = kit.NewButton(kit.ButtonSpec{
		Label: "Save the key", Icon: "save", Kind: kit.Outlined, Tone: kit.Accent,
		OnTap: func() { f.proof.Save(f.label, f.value, f.clear) },
	})
	return f
}

// update follows the view model, and reports whether the form was built anew.
func (f *proofForm) update(other bool) bool {
	if f.proof.Busy != "" {
		f.result.tell(kit.Secondary, f.proof.Busy)
	} else {
		f.result.tell(tone(f.proof.ResultTone), f.proof.Result)
	}
	f.try.SetEnabled(f.proof.Busy == "")
	f.save.SetEnabled(f.proof.Busy == "")
	if said := f.proof.Busy + f.proof.Result; said != f.said {
		f.said = said
		f.root.Refresh()
		f.moved()
	}
	credential := f.proof.Picked()
	if credential == nil {
		return false
	}
	if other {
		f.value, f.label = "", ""
	}
	if !other && f.credits == credential.Name && len(f.root.Objects) > 0 {
		return false
	}
	f.credits = credential.Name
	f.root.Objects = []fyne.CanvasObject{f.build(credential)}
	f.root.Refresh()
	return true
}

// clear forgets what was typed: it is a secret, and it is kept now.
func (f *proofForm) clear() {
	f.value, f.label, f.credits = "", "", ""
}

func (f *proofForm) build(c *viewmodel.ProofCredential) fyne.CanvasObject {
	parts := []fyne.CanvasObject{
		kit.HRow(8, kit.NewText(kit.RoleRow, kit.Plain, "Add or try a key"), kit.Spacer(),
			kit.NewButton(kit.ButtonSpec{Icon: "x", Tip: "Close", Tone: kit.Muted, OnTap: func() { f.proof.Unfold(false) }})),
	}
	if len(f.proof.Credentials) > 1 {
		options := make([]kit.Option, len(f.proof.Credentials))
		for i := range f.proof.Credentials {
			options[i] = kit.Option{ID: f.proof.Credentials[i].Name, Title: f.proof.Credentials[i].Title}
		}
		parts = append(parts, kit.Fixed(0, 30, kit.NewSelect(options, c.Name, f.proof.Pick)))
	} else {
		parts = append(parts, kit.NewText(kit.RoleBody, kit.Secondary, c.Title))
	}
	parts = append(parts, kit.NewParagraph(kit.RoleSmall, kit.Muted, c.Help), f.entry(c))
	if c.Configured > 0 {
		label := kit.NewEntry(kit.EntrySpec{Placeholder: "Label, to tell it from the one that is there: test, live", OnChange: func(text string) { f.label = text }})
		label.SetText(f.label)
		parts = append(parts, kit.Fixed(0, 30, label))
	}
	parts = append(parts, kit.HRow(8, f.save, f.try), f.result.object) // the buttons stay where they are
	return container.NewStack(kit.NewCard(kit.ColorPanel, kit.ColorLine, 8), kit.Pad(14, 10, 10, 14, kit.VStack(10, parts...)))
}

func (f *proofForm) entry(c *viewmodel.ProofCredential) fyne.CanvasObject {
	write := func(text string) {
		if f.value != text {
			f.value = text
			f.proof.Typed()
		}
	}
	if c.Multiline {
		entry := kit.NewMultiline(5, "-----BEGIN CERTIFICATE-----, a public key, or a JWKS", write)
		entry.SetText(f.value)
		f.field = nil
		return entry
	}
	entry := kit.NewEntry(kit.EntrySpec{
		Placeholder: "Paste it here", Icon: "key-round", Password: c.Secret, OnChange: write,
		OnSubmit: func(string) { f.proof.Enter(f.label, f.value, f.clear) },
	})
	entry.SetText(f.value)
	f.field = entry
	return kit.Fixed(0, 30, entry)
}
