package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// proofPane explains the verdict, and has a form for a key.
type proofPane struct {
	app   *viewmodel.App
	proof *viewmodel.Proof
	page  *page
	form  *proofForm

	shown *viewmodel.Page
	open  bool
}

func newProofPane(app *viewmodel.App) *proofPane {
	p := &proofPane{app: app, proof: app.Detail.Proof, page: newPage()}
	p.form = newProofForm(app, p.page.settle)
	return p
}

func (p *proofPane) object() fyne.CanvasObject { return p.page.scroll }

func (p *proofPane) update(bool) {
	shown := p.app.Detail.Page
	if shown == nil {
		return
	}
	other := p.shown == nil || p.shown.ID != shown.ID
	changed := p.form.update(other)
	if shown == p.shown && p.open == p.proof.Open && !changed {
		return
	}
	p.shown, p.open = shown, p.proof.Open
	v := &p.proof.View
	content := []fyne.CanvasObject{p.verdict(v)}
	if p.proof.Open {
		content = append(content, p.form.root)
	}
	content = append(content, section("What it rests on", trust(v)))
	if v.Compare != nil {
		content = append(content, section("What was compared", comparison(p.app, v.Compare)))
	}
	if len(v.Facts) > 0 {
		content = append(content, section("How it was checked", factTable(p.app, v.Facts)))
	}
	if len(v.Checks) > 0 {
		content = append(content, section("Each proof by itself", checkLines(v.Checks)))
	}
	if len(v.Ladder) > 0 {
		content = append(content, section("Other readings",
			kit.NewParagraph(kit.RoleSmall, kit.Muted, v.Climbed+"."), checkLines(v.Ladder)))
	}
	if len(v.Keys) > 0 {
		content = append(content, section("Keys in force", keyLines(v.Keys)))
	}
	p.page.put(other, content...)
}

// verdict is the sentence, now and on arrival, with the way to another key.
func (p *proofPane) verdict(v *viewmodel.ProofView) fyne.CanvasObject {
	row := []fyne.CanvasObject{
		kit.NewIcon(kit.Icon(v.Icon), tone(v.Tone), 22),
		kit.NewShrinkingText(kit.RolePane, kit.Plain, v.Title), kit.Spacer(),
	}
	if len(p.proof.Credentials) > 0 && !p.proof.Open {
		row = append(row, kit.NewButton(kit.ButtonSpec{
			Label: "Add or try a key", Icon: "key-round", Kind: kit.Outlined, OnTap: func() { p.proof.Unfold(true) },
		}))
	}
	return kit.VStack(8,
		kit.HRow(10, row...),
		kit.NewParagraph(kit.RoleBody, kit.Plain, v.Reason),
		kit.NewParagraph(kit.RoleSmall, kit.Muted, v.Arrival))
}

func trust(v *viewmodel.ProofView) fyne.CanvasObject {
	lines := make([]fyne.CanvasObject, len(v.Trust))
	for i, line := range v.Trust {
		lines[i] = newBullet(kit.Icon(line.Icon), tone(line.Tone), kit.NewParagraph(kit.RoleBody, kit.Secondary, line.Text))
	}
	return kit.VStack(7, lines...)
}

// comparison shows two values under each other, from their first difference on
// in red.
func comparison(app *viewmodel.App, c *viewmodel.Compare) fyne.CanvasObject {
	expected, received := kit.Good, kit.Bad
	if c.At < 0 {
		expected, received = kit.Plain, kit.Plain
	}
	lines := []fyne.CanvasObject{
		compared(app, c.ExpectedTitle, c.Expected, c.At, expected),
		compared(app, c.ReceivedTitle, c.Received, c.At, received),
	}
	if c.Difference != "" {
		lines = append(lines, kit.NewParagraph(kit.RoleSmall, kit.Secondary, c.Difference))
	}
	return kit.VStack(8, lines...)
}

func compared(app *viewmodel.App, title, value string, at int, t kit.Tone) fyne.CanvasObject {
	runes := []rune(value)
	at = min(max(at, 0), len(runes))
	row := []fyne.CanvasObject{
		kit.NewText(kit.RoleMono, kit.Secondary, string(runes[:at])),
		kit.NewShrinkingText(kit.RoleMono, t, string(runes[at:])),
		kit.Spacer(),
		kit.NewButton(kit.ButtonSpec{Icon: "copy", Tip: "Copy", Tone: kit.Muted, OnTap: func() { app.Detail.CopyValue(value, title) }}),
	}
	box := container.NewStack(kit.NewCard(kit.ColorPanel, kit.ColorLine, 6), kit.Pad(10, 2, 3, 2, kit.Fixed(0, 28, kit.HRow(0, row...))))
	return kit.VStack(4, kit.NewText(kit.RoleCaption, kit.Muted, title), box)
}

// checkLines draws checks and rungs.
func checkLines(checks []viewmodel.CheckLine) fyne.CanvasObject {
	lines := make([]fyne.CanvasObject, len(checks))
	for i, check := range checks {
		text := kit.Secondary
		if check.Tone == viewmodel.Good || check.Tone == viewmodel.Bad {
			text = kit.Plain
		}
		parts := []*kit.Paragraph{kit.NewParagraph(kit.RoleBody, text, check.Title)}
		if check.Text != "" {
			parts = append(parts, kit.NewParagraph(kit.RoleSmall, kit.Secondary, check.Text))
		}
		lines[i] = newBullet(kit.Icon(check.Icon), tone(check.Tone), parts...)
	}
	return kit.VStack(6, lines...)
}

func keyLines(keys []viewmodel.KeyFact) fyne.CanvasObject {
	lines := make([]fyne.CanvasObject, len(keys))
	for i, key := range keys {
		parts := []*kit.Paragraph{
			kit.NewParagraph(kit.RoleMono, kit.Plain, key.Title),
			kit.NewParagraph(kit.RoleSmall, kit.Secondary, key.Text),
		}
		icon, t := kit.Icon("key-round"), kit.Muted
		if key.Warning != "" {
			icon, t = "triangle-alert", kit.Warn
			parts = append(parts, kit.NewParagraph(kit.RoleSmall, kit.Warn, key.Warning))
		}
		if key.Tone == viewmodel.Bad {
			icon, t = "circle-x", kit.Bad
		}
		lines[i] = newBullet(icon, t, parts...)
	}
	return kit.VStack(8, lines...)
}
