package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// segments are choices side by side.
func segments(choices []viewmodel.RuleChoice) []kit.Segment {
	list := make([]kit.Segment, len(choices))
	for i, c := range choices {
		list[i] = kit.Segment{ID: c.ID, Title: c.Title}
	}
	return list
}

// options are choices in a menu.
func options(choices []viewmodel.RuleChoice) []kit.Option {
	list := make([]kit.Option, len(choices))
	for i, c := range choices {
		list[i] = kit.Option{ID: c.ID, Title: c.Title}
	}
	return list
}

// kindParts are the fields of the kinds, each shown for its own.
func (e *ruleEditor) kindParts() []fyne.CanvasObject {
	of := func(kind viewmodel.RuleKind, part fyne.CanvasObject) fyne.CanvasObject {
		return e.shown(part, func(d *viewmodel.RuleDraft) bool { return d.Kind == kind })
	}
	return []fyne.CanvasObject{
		of(viewmodel.KindDelayed, e.delayPart()),
		of(viewmodel.KindSequence, e.sequencePart()),
		of(viewmodel.KindHold, e.holdPart()),
		of(viewmodel.KindForward, e.forwardPart()),
		of(viewmodel.KindDrop, e.dropPart()),
	}
}

// short is a field for a number or a time, with what it is beside it.
func (e *ruleEditor) short(width float32, placeholder string, at func(f *viewmodel.RuleFields) *string) fyne.CanvasObject {
	return kit.Fixed(width, 30, e.line(kit.EntrySpec{Placeholder: placeholder}, at))
}

func (e *ruleEditor) delayPart() fyne.CanvasObject {
	return kit.VStack(5,
		kit.Halves(12,
			labelled("Wait before the head", e.short(0, "2s", func(f *viewmodel.RuleFields) *string { return &f.Delay })),
			labelled("Wait between head and body", e.short(0, "0s", func(f *viewmodel.RuleFields) *string { return &f.DelayBody }))),
		e.below(viewmodel.FieldDelay, func(d *viewmodel.RuleDraft) string {
			if problem := d.Problems[viewmodel.FieldDelayBody]; problem != "" {
				return problem
			}
			return "10 minutes at the most, both together."
		}))
}

func (e *ruleEditor) sequencePart() fyne.CanvasObject {
	pers := kit.NewSegmented(segments(viewmodel.RulePers), func(id string) { e.change(func(f *viewmodel.RuleFields) { f.Per = viewmodel.RulePer(id) }) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) { pers.SetSelected(string(d.Per)) })
	return kit.VStack(10,
		labelled("Answers, one after the other",
			kit.Fixed(0, 30, e.line(kit.EntrySpec{Placeholder: "503, 503, accepted", Mono: true}, func(f *viewmodel.RuleFields) *string { return &f.Answers })),
			e.below(viewmodel.FieldAnswers, func(*viewmodel.RuleDraft) string {
				return "Statuses, IDs of presets, or accepted for the usual answer; the last one repeats."
			})),
		underLabel("Counted for", pers))
}

func (e *ruleEditor) holdPart() fyne.CanvasObject {
	return labelled("How long the sender waits for you",
		kit.HRow(0, e.short(120, "30s", func(f *viewmodel.RuleFields) *string { return &f.For })),
		e.below(viewmodel.FieldFor, func(*viewmodel.RuleDraft) string {
			return "10 minutes at the most. Held callbacks lie over the list, and h goes to the next one."
		}))
}

func (e *ruleEditor) forwardPart() fyne.CanvasObject {
	check := func(label string, at func(f *viewmodel.RuleFields) *bool) fyne.CanvasObject {
		return kit.HRow(0, e.check(label, at))
	}
	return kit.VStack(10,
		labelled("To your app",
			kit.Fixed(0, 30, e.line(kit.EntrySpec{Icon: "server", Placeholder: "http://localhost:3000", Mono: true}, func(f *viewmodel.RuleFields) *string { return &f.URL })),
			e.below(viewmodel.FieldURL, func(d *viewmodel.RuleDraft) string {
				if d.KeepPath {
					return "Each callback's own path is sent to this host."
				}
				return "What follows the endpoint's path is added to this address."
			})),
		kit.VStack(4,
			check("Keep the path as it came", func(f *viewmodel.RuleFields) *bool { return &f.KeepPath }),
			check("Observe: the sender gets another answer, the app's is only kept", func(f *viewmodel.RuleFields) *bool { return &f.Observe }),
			check("Only proven callbacks", func(f *viewmodel.RuleFields) *bool { return &f.Proven })),
		labelled("How long the app has",
			kit.HRow(0, e.short(120, "10s", func(f *viewmodel.RuleFields) *string { return &f.Timeout })),
			e.below(viewmodel.FieldTimeout, quiet)))
}

func (e *ruleEditor) dropPart() fyne.CanvasObject {
	ways := kit.NewSegmented(segments(viewmodel.RuleDrops), func(id string) { e.change(func(f *viewmodel.RuleFields) { f.Drop = viewmodel.Drop(id) }) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) { ways.SetSelected(string(d.Drop)) })
	return underLabel("How", ways)
}

// answerPart is the answer that the kind gives.
func (e *ruleEditor) answerPart() fyne.CanvasObject {
	head := kit.NewText(kit.RoleSmall, kit.Secondary, "")
	modes := kit.NewSegmented(nil, func(id string) { e.change(func(f *viewmodel.RuleFields) { f.Mode = viewmodel.AnswerMode(id) }) })
	usual := ""
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		head.SetText(d.AnswerWords())
		if words := d.UsualWords(); words != usual {
			usual = words
			choices := []kit.Segment{{ID: string(viewmodel.AnswerUsual), Title: words}}
			if d.AppMayBeDown() {
				choices = append(choices, kit.Segment{ID: string(viewmodel.AnswerAccepted), Title: "As usual"})
			}
			modes.SetSegments(append(choices,
				kit.Segment{ID: string(viewmodel.AnswerPreset), Title: "A preset"}, kit.Segment{ID: string(viewmodel.AnswerOwn), Title: "Your own"}))
		}
		modes.SetSelected(string(d.AnswerShown()))
	})
	mode := e.shown(kit.VStack(5, head, kit.HRow(0, modes)), (*viewmodel.RuleDraft).HasMode)
	preset := e.shown(e.presetPart(), func(d *viewmodel.RuleDraft) bool { return d.AnswerShown() == viewmodel.AnswerPreset })
	own := e.shown(e.ownPart(), func(d *viewmodel.RuleDraft) bool { return d.AnswerShown() == viewmodel.AnswerOwn })
	return e.shown(kit.VStack(12, mode, preset, own), func(d *viewmodel.RuleDraft) bool {
		return d.HasMode() || d.AnswerShown() != ""
	})
}

func (e *ruleEditor) presetPart() fyne.CanvasObject {
	choice := kit.NewSelect(nil, "", func(id string) { e.change(func(f *viewmodel.RuleFields) { f.Preset = id }) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		var presets []kit.Option
		if d.Preset == "" {
			presets = append(presets, kit.Option{Title: "Choose a preset"})
		}
		for _, option := range e.rules.Presets() {
			presets = append(presets, kit.Option{ID: option.ID, Title: option.Title})
		}
		choice.SetOptions(presets)
		choice.SetChosen(d.Preset)
	})
	message := labelled("Its message", kit.Fixed(0, 30, e.line(kit.EntrySpec{Icon: "message-square", Placeholder: "The sender's own words"}, func(f *viewmodel.RuleFields) *string { return &f.Message })))
	return kit.VStack(10,
		labelled("Preset", choice, e.below(viewmodel.FieldPreset, func(*viewmodel.RuleDraft) string {
			if option := e.rules.Preset(); option != nil {
				return option.Text
			}
			return ""
		})),
		e.shown(message, func(*viewmodel.RuleDraft) bool {
			option := e.rules.Preset()
			return option != nil && option.TakesMessage
		}))
}

// ownPart is an answer of a person's own.
func (e *ruleEditor) ownPart() fyne.CanvasObject {
	keep := kit.NewCheck("Keep its header and its body", true, func(on bool) { e.change(func(f *viewmodel.RuleFields) { f.Keep = on }) })
	kept := kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		keep.SetOn(d.Keep)
		kept.SetText(d.KeptWords())
	})
	told := kit.NewShrinkingText(kit.RoleSmall, kit.Bad, "")
	status := kit.HRow(10, kit.NewText(kit.RoleSmall, kit.Secondary, "Status"),
		e.short(72, "503", func(f *viewmodel.RuleFields) *string { return &f.Status }), told)
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		told.SetText(d.Problems[viewmodel.FieldStatus])
		status.Refresh()
	})
	header := labelled("Header",
		e.area(2, "Content-Type: application/json", func(f *viewmodel.RuleFields) *string { return &f.Header }),
		e.below(viewmodel.FieldHeader, quiet))
	sources := kit.NewSegmented([]kit.Segment{{ID: "text", Title: "Text"}, {ID: "file", Title: "A file"}},
		func(id string) { e.change(func(f *viewmodel.RuleFields) { f.FromFile = id == "file" }) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) {
		if d.FromFile {
			sources.SetSelected("file")
		} else {
			sources.SetSelected("text")
		}
	})
	text := e.shown(e.area(5, "{}", func(f *viewmodel.RuleFields) *string { return &f.Body }), func(d *viewmodel.RuleDraft) bool { return !d.FromFile })
	file := e.shown(kit.Fixed(0, 30, e.line(kit.EntrySpec{Icon: "file-text", Placeholder: "Whole path of a file", Mono: true}, func(f *viewmodel.RuleFields) *string { return &f.BodyFile })),
		func(d *viewmodel.RuleDraft) bool { return d.FromFile })
	body := kit.VStack(6,
		kit.HRow(10, kit.NewText(kit.RoleSmall, kit.Secondary, "Body"), sources, kit.Spacer(),
			e.check("{{ }} is plain text", func(f *viewmodel.RuleFields) *bool { return &f.Plain })),
		text, file,
		e.below(viewmodel.FieldBody, func(d *viewmodel.RuleDraft) string {
			if d.Plain {
				return ""
			}
			return "Variables: {{order}} {{delivery}} {{event}} {{body.id}} {{query.x}} {{header.x}} {{now}} {{uuid}} {{counter}}"
		}))
	editable := func(d *viewmodel.RuleDraft) bool { return !d.Keep }
	hasKept := func(d *viewmodel.RuleDraft) bool { return d.KeptWords() != "" }
	return kit.VStack(10, status,
		e.shown(kit.VStack(4, kit.HRow(0, keep), kept), hasKept),
		e.shown(header, editable), e.shown(body, editable))
}

// endPart is when the rule ends by itself.
func (e *ruleEditor) endPart() fyne.CanvasObject {
	ends := kit.NewSegmented(segments(viewmodel.RuleEnds), func(id string) { e.change(func(f *viewmodel.RuleFields) { f.End = viewmodel.RuleEndKind(id) }) })
	e.live = append(e.live, func(d *viewmodel.RuleDraft) { ends.SetSelected(string(d.End)) })
	amount := func(kind viewmodel.RuleEndKind, unit string, at func(f *viewmodel.RuleFields) *string) fyne.CanvasObject {
		row := kit.HRow(6, e.short(64, "", at), kit.NewText(kit.RoleSmall, kit.Secondary, unit))
		return e.shown(row, func(d *viewmodel.RuleDraft) bool { return d.End == kind })
	}
	return labelled("It ends after",
		kit.Flow(10, 6, ends,
			amount(viewmodel.EndTime, "minutes", func(f *viewmodel.RuleFields) *string { return &f.Minutes }),
			amount(viewmodel.EndCount, "callbacks", func(f *viewmodel.RuleFields) *string { return &f.Count })),
		e.below(viewmodel.FieldMinutes, func(d *viewmodel.RuleDraft) string {
			if problem := d.Problems[viewmodel.FieldCount]; problem != "" {
				return problem
			}
			return e.rules.EndTold()
		}))
}
