package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// rulePreview draws what the rule that is being written would have matched, and
// what it would answer. It keeps its height, so that nothing jumps while one types.
type rulePreview struct {
	rules *viewmodel.Rules

	trial  *kit.Text
	of     *kit.Text
	head   *fyne.Container
	page   *fyne.Container
	scroll *kit.Scroll
	root   fyne.CanvasObject
	shape  string
}

// previewHeight is that of the preview.
const previewHeight = 170

func newRulePreview(app *viewmodel.App) *rulePreview {
	p := &rulePreview{rules: app.Rules, page: kit.VStack(0)}
	p.trial = kit.NewShrinkingText(kit.RoleSmall, kit.Muted, "")
	p.of = kit.NewShrinkingText(kit.RoleMonoSmall, kit.Muted, "")
	p.head = kit.HRow(10, kit.NewText(kit.RoleSection, kit.Muted, "PREVIEW"), p.trial, kit.Spacer(), p.of)
	head := kit.Pad(18, 9, 18, 7, p.head)
	p.scroll = kit.VScroll(kit.Pad(18, 2, 18, 10, p.page))
	p.root = kit.Fixed(0, previewHeight, kit.Fill(kit.ColorGround, kit.Frame(kit.VStack(0, kit.HLine(), head), nil, nil, nil, p.scroll)))
	return p
}

func (p *rulePreview) update() {
	d := p.rules.Draft
	if d == nil {
		return
	}
	trial, t := d.Trial, tone(d.TrialTone)
	if trial == "" && d.Trying {
		trial, t = "Trying it on the last callbacks …", kit.Muted
	}
	p.trial.SetText(trial)
	p.trial.SetTone(t)
	of := ""
	if d.Preview.Of != "" {
		of = d.Preview.Of
	}
	p.of.SetText(of)
	p.head.Refresh()
	shape := fmt.Sprint(d.Preview)
	if shape == p.shape {
		return
	}
	p.shape = shape
	p.page.Objects = []fyne.CanvasObject{previewPage(&d.Preview)}
	p.page.Refresh()
	p.scroll.Refresh()
	p.scroll.Top()
}

// previewPage is what would be answered.
func previewPage(v *viewmodel.RulePreview) fyne.CanvasObject {
	stack := kit.VStack(9)
	if v.Word != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Warn, "It does not answer this one. "+v.Word))
	}
	if v.Told != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Secondary, v.Told))
	}
	if v.Told == "" && len(v.Answers) == 0 {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, "What a callback would be answered appears here."))
	}
	for i := range v.Answers {
		stack.Add(previewAnswer(&v.Answers[i]))
	}
	return stack
}

func previewAnswer(a *viewmodel.PreviewAnswer) fyne.CanvasObject {
	head := kit.HRow(8)
	if a.Turn != "" {
		head.Add(kit.NewText(kit.RoleMonoSmall, kit.Muted, a.Turn))
	}
	head.Add(kit.NewStatusPill(a.Status, tone(a.Tone)))
	head.Add(kit.NewShrinkingText(kit.RoleMonoSmall, kit.Muted, a.Type))
	stack := kit.VStack(6, head)
	if a.Broken != "" {
		stack.Add(newBullet("triangle-alert", kit.Warn, kit.NewParagraph(kit.RoleSmall, kit.Warn, a.Broken)))
	}
	text := a.Body
	if a.Header != "" {
		text = a.Header + "\n\n" + text
	}
	stack.Add(container.NewStack(kit.NewCard(kit.ColorPanel, kit.ColorLine, 6), kit.Pad(10, 6, 10, 6, kit.NewParagraph(kit.RoleMono, kit.Plain, text))))
	if a.Effect != "" {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Secondary, a.Effect))
	}
	return stack
}
