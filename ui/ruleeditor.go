package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// ruleEditor is where a rule is written. Its fields stay for as long as the program
// runs; what follows from what is typed is drawn by the functions in live.
type ruleEditor struct {
	app   *viewmodel.App
	rules *viewmodel.Rules

	root     *fyne.Container // nil parts are hidden, never taken away: the keyboard stays
	scroll   *kit.Scroll
	head     *fyne.Container
	title    *kit.Text
	changed  *kit.Badge
	tools    *fyne.Container
	name     *kit.Entry
	endpoint *kit.Select
	filter   *kit.Entry
	told     *kit.Paragraph
	kinds    *kit.Segmented
	kind     *kit.Select // in the place of kinds where there is no room
	warning  *kit.Paragraph
	problem  *kit.Paragraph
	save     *kit.Button
	revert   *kit.Button
	live     []func(d *viewmodel.RuleDraft)
}

func newRuleEditor(app *viewmodel.App) *ruleEditor {
	e := &ruleEditor{app: app, rules: app.Rules}
	e.title = kit.NewShrinkingText(kit.RolePane, kit.Plain, "")
	e.changed = kit.NewBadge("changed", kit.Accent)
	e.tools = e.buildTools()
	e.head = kit.HRow(8, e.title, e.changed, kit.Spacer(), e.tools)
	e.filter = e.line(kit.EntrySpec{Icon: "search", Placeholder: "Every callback; or provider:klix event:purchase.*"}, func(f *viewmodel.RuleFields) *string { return &f.Filter })
	e.name = e.line(kit.EntrySpec{Placeholder: "For you to recognise it"}, func(f *viewmodel.RuleFields) *string { return &f.Name })
	e.endpoint = kit.NewSelect(nil, "", func(path string) { e.change(func(f *viewmodel.RuleFields) { f.Endpoint = path }) })
	e.told = kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	e.kinds = kit.NewSegmented(segments(viewmodel.RuleKinds), func(id string) { e.change(func(f *viewmodel.RuleFields) { f.Kind = viewmodel.RuleKind(id) }) })
	e.kind = kit.NewSelect(options(viewmodel.RuleKinds), "", func(id string) { e.change(func(f *viewmodel.RuleFields) { f.Kind = viewmodel.RuleKind(id) }) })
	e.kind.Hide()
	e.warning, e.problem = kit.NewParagraph(kit.RoleSmall, kit.Warn, ""), kit.NewParagraph(kit.RoleSmall, kit.Bad, "")
	e.save = kit.NewButton(kit.ButtonSpec{Label: "Save", Icon: "save", Kind: kit.Primary, Tip: "Save the rule", Keys: app.Commands.Shown("Mod+S"), OnTap: e.rules.Save})
	e.revert = kit.NewButton(kit.ButtonSpec{Label: "Revert", Kind: kit.Outlined, OnTap: e.rules.Revert})
	form := kit.VStack(10,
		kit.Halves(12, labelled("Name", kit.Fixed(0, 30, e.name)), labelled("At", e.endpoint)),
		labelled("Which callbacks", kit.Fixed(0, 30, e.filter), container.New(atLeast(filterTold), e.told)),
		labelled("Answer them by", kit.HRow(0, e.kinds, e.kind)),
	)
	for _, part := range e.kindParts() {
		form.Add(part)
	}
	form.Add(e.answerPart())
	form.Add(e.endPart())
	form.Add(e.warning)
	form.Add(e.problem)
	e.root = form
	e.scroll = kit.VScroll(kit.Pad(18, 12, 18, 16, form))
	return e
}

// setNarrow says whether there is no room for the kinds side by side.
func (e *ruleEditor) setNarrow(narrow bool) {
	if e.kind.Visible() != narrow {
		show(e.kind, narrow)
		show(e.kinds, !narrow)
		e.root.Refresh()
	}
}

// filterTold is the room for what a filter says, which may take two lines.
const filterTold = 34

// atLeast keeps a height, so that what is below stays while something is typed.
type atLeast float32

// MinSize is for Fyne.
func (l atLeast) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(fyne.NewSize(0, float32(l)))
}

// Layout is for Fyne.
func (atLeast) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}

// labelled puts a label over controls that take the whole width.
func labelled(label string, parts ...fyne.CanvasObject) *fyne.Container {
	return kit.VStack(5, append([]fyne.CanvasObject{kit.NewText(kit.RoleSmall, kit.Secondary, label)}, parts...)...)
}

// change changes what is typed; the editor is drawn again by the change itself.
func (e *ruleEditor) change(f func(f *viewmodel.RuleFields)) { e.rules.Change(f) }

// line is a field for a text of the draft.
func (e *ruleEditor) line(spec kit.EntrySpec, at func(f *viewmodel.RuleFields) *string) *kit.Entry {
	spec.OnChange = func(text string) { e.change(func(f *viewmodel.RuleFields) { *at(f) = text }) }
	spec.OnSubmit = func(string) { e.rules.Save() }
	entry := kit.NewEntry(spec)
	e.live = append(e.live, func(d *viewmodel.RuleDraft) { entry.SetText(*at(&d.RuleFields)) })
	return entry
}

// area is line for several lines.
func (e *ruleEditor) area(rows int, placeholder string, at func(f *viewmodel.RuleFields) *string) *kit.Multiline {
	area := kit.NewMultiline(rows, placeholder, func(text string) { e.change(func(f *viewmodel.RuleFields) { *at(f) = text }) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		if text := *at(&d.RuleFields); area.Text() != text {
			area.SetText(text)
		}
	})
	return area
}

// check is a yes or no of the draft.
func (e *ruleEditor) check(label string, at func(f *viewmodel.RuleFields) *bool) *kit.Check {
	check := kit.NewCheck(label, false, func(on bool) { e.change(func(f *viewmodel.RuleFields) { *at(f) = on }) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) { check.SetOn(*at(&d.RuleFields)) })
	return check
}

// below is the line under a field: what is wrong with it, else a note. It keeps the
// room of a line.
func (e *ruleEditor) below(field string, note func(d *viewmodel.RuleDraft) string) fyne.CanvasObject {
	words := kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		if problem := d.Problems[field]; problem != "" {
			words.SetTone(kit.Bad)
			words.SetText(problem)
			return
		}
		words.SetTone(kit.Muted)
		words.SetText(note(d))
	})
	return container.New(atLeast(16), words)
}

// quiet is a note that says nothing.
func quiet(*viewmodel.RuleDraft) string { return "" }

// shown has a part of the form shown where something is so.
func (e *ruleEditor) shown(part fyne.CanvasObject, when func(d *viewmodel.RuleDraft) bool) fyne.CanvasObject {
	e.live = append(e.live, func(d *viewmodel.RuleDraft) { show(part, when(d)) })
	return part
}

// buildTools are what can be done with a rule that is kept.
func (e *ruleEditor) buildTools() *fyne.Container {
	r := e.rules
	tool := func(icon kit.Icon, tip, keys string, run func()) *kit.Button {
		return kit.NewButton(kit.ButtonSpec{Icon: icon, Tip: tip, Keys: keys, Tone: kit.Secondary, OnTap: run})
	}
	up := tool("arrow-up", "Ask it earlier", "Alt Up", func() { r.Move(r.At, -1) })
	down := tool("arrow-down", "Ask it later", "Alt Down", func() { r.Move(r.At, 1) })
	reset := tool("undo-2", "Let it count from the start", "0", func() { r.Reset(r.At) })
	remove := tool("trash-2", "Remove it", "Delete", func() { r.Remove(r.At) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		reset.SetEnabled(r.CanReset(d.ID))
		up.SetEnabled(r.CanMove(d.ID, -1))
		down.SetEnabled(r.CanMove(d.ID, 1))
	})
	return kit.HRow(2, up, down, reset, remove)
}

// update draws the draft.
func (e *ruleEditor) update() {
	d := e.rules.Draft
	if d == nil {
		return
	}
	e.title.SetText(d.Title())
	show(e.changed, d.ID != 0 && d.Dirty())
	show(e.tools, d.ID != 0)
	e.head.Refresh()
	paths, titles := e.rules.RuleEndpoints()
	places := make([]kit.Option, len(paths))
	for i := range paths {
		places[i] = kit.Option{ID: paths[i], Title: titles[i]}
	}
	e.endpoint.SetOptions(places)
	e.endpoint.SetChosen(d.Endpoint)
	e.kinds.SetSelected(string(d.Kind))
	e.kind.SetChosen(string(d.Kind))
	told, t := d.FilterTold, kit.Muted
	if problem := d.Problems[viewmodel.FieldFilter]; problem != "" {
		told, t = problem, kit.Bad
	}
	e.told.SetTone(t)
	e.told.SetText(told)
	for _, draw := range e.live {
		draw(d)
	}
	e.warning.SetText(d.Warning)
	show(e.warning, d.Warning != "")
	e.problem.SetText(d.Problems[viewmodel.FieldRule])
	show(e.problem, d.Problems[viewmodel.FieldRule] != "")
	e.save.SetEnabled(e.rules.CanSave())
	e.revert.SetEnabled(e.rules.CanRevert())
	label := "Revert"
	if d.ID == 0 {
		label = "Discard"
	}
	e.revert.SetLabel(label)
	e.root.Refresh()
	e.scroll.Refresh()
}
