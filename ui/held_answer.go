package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// heldAnswer draws what a callback can be answered while its sender waits. Its
// parts are made once and written anew, so that a second that passes takes the
// keyboard from no field.
type heldAnswer struct {
	app  *viewmodel.App
	form *viewmodel.HeldForm
	page *page

	left    *kit.Badge
	title   *kit.Text
	note    *kit.Paragraph
	rail    *heldRail
	problem *kit.Paragraph
	release *kit.Button
	leave   *kit.Button
	head    *fyne.Container

	options []*answerOption
	group   *fyne.Container
	own     *heldOwn

	id      int64
	shape   heldShape
	message string
	draft   string
	field   *kit.Entry // for the message; nil while none is asked for
	use     *kit.Button
	shown   bool // it is in the window
	wanted  bool // the keyboard, as soon as there is something to choose
}

// heldShape is what decides whether parts come or go.
type heldShape struct {
	draft           string
	options         int
	waiting, failed bool
	noteLines       float32
}

func newHeldAnswer(app *viewmodel.App, page *page) *heldAnswer {
	h := &heldAnswer{app: app, form: &app.Held.Form, page: page}
	h.left = kit.NewStatusPill("", kit.Warn)
	h.title = kit.NewShrinkingText(kit.RolePane, kit.Plain, "")
	h.note = kit.NewParagraph(kit.RoleBody, kit.Secondary, "")
	h.rail = newHeldRail()
	h.problem = kit.NewParagraph(kit.RoleBody, kit.Bad, "")
	command := app.Commands.Find("held.release")
	h.release = kit.NewButton(kit.ButtonSpec{
		Label: "Send the fallback now", Icon: "reply", Kind: kit.Outlined, Keys: app.Commands.Shown(command.Keys[0]),
		OnTap: func() { app.Held.Form.Release() },
	})
	h.leave = kit.NewButton(kit.ButtonSpec{Label: "Show what was answered", Kind: kit.Outlined, OnTap: func() { app.Held.Form.Leave() }})
	h.head = kit.VStack(10, kit.HRow(10, h.left, h.title), h.note, h.rail, h.problem, kit.HRow(8, h.release, h.leave))
	h.group = kit.VStack(2)
	h.own = newHeldOwn(app, page)
	return h
}

// update writes the form; fresh says that something else was shown before.
func (h *heldAnswer) update(fresh bool) {
	f := h.form
	other := h.id != f.ID
	if other {
		h.id, h.message, h.options = f.ID, "", nil
	}
	shape := heldShape{f.Draft, len(f.Options), f.Waiting, f.Problem != "", 0}
	rebuild := other || len(h.options) != len(f.Options) || shape.draft != h.draft
	h.draft = f.Draft
	h.words(f)
	shape.noteLines = h.note.HeightFor(max(h.page.column.Size().Width, 1))
	if rebuild {
		h.build(f)
	}
	for i, option := range h.options {
		option.lock(!f.Waiting, f.Options[i].ID == f.Picked, tone(f.Options[i].Tone))
	}
	if h.use != nil {
		h.use.SetEnabled(f.Waiting && !f.Busy)
	}
	moved := h.own.update(f)
	if fresh || rebuild || shape != h.shape {
		h.shape = shape
		h.page.put(fresh || other, h.head, kit.VStack(8, h.lead(f), h.group), section("An answer of your own", h.own.root))
	} else if moved {
		h.page.settle()
	}
	h.wanted = h.wanted && (!f.Waiting || f.ID != h.app.Detail.ID || !h.focusOptions(true))
}

// lead is the title over the options, with the keys that work on them.
func (h *heldAnswer) lead(f *viewmodel.HeldForm) fyne.CanvasObject {
	if !f.Waiting {
		return kit.Fixed(0, 18, kit.HRow(8, kit.NewText(kit.RoleSection, kit.Muted, "What could be answered")))
	}
	return kit.Fixed(0, 18, kit.HRow(8, kit.NewText(kit.RoleSection, kit.Muted, "Answer it now"), kit.Spacer(),
		kit.NewKeyChip("↑"), kit.NewKeyChip("↓"), kit.NewKeyChip("Return"),
		kit.NewKeyChip("e"), kit.NewText(kit.RoleCaption, kit.Muted, "edit")))
}

// words writes the head.
func (h *heldAnswer) words(f *viewmodel.HeldForm) {
	h.title.SetText(f.Title)
	h.left.SetTone(tone(f.Tone))
	h.rail.set(f.Share, tone(f.Tone))
	if f.Waiting {
		h.left.SetText(f.Left)
		h.note.SetText(f.Note)
		h.note.SetTone(kit.Secondary)
	} else {
		h.left.SetText("over")
		h.note.SetText(f.Told)
		h.note.SetTone(tone(f.Tone))
	}
	h.problem.SetText(f.Problem)
	show(h.problem, f.Problem != "")
	show(h.release, f.Waiting)
	h.release.SetEnabled(!f.Busy)
	show(h.leave, !f.Waiting)
	h.head.Refresh()
}

// build makes the options, and the field for a message below the one that wants
// it.
func (h *heldAnswer) build(f *viewmodel.HeldForm) {
	if len(h.options) != len(f.Options) {
		h.options = nil
		for i := range f.Options {
			option := &f.Options[i]
			id := option.ID
			h.options = append(h.options, newAnswerOption(option, false, &viewmodel.AnswerChoice{}, func() { h.form.Answer(id) }))
		}
		arrows(h.page, h.options, h.key)
	}
	h.group.Objects, h.field, h.use = nil, nil, nil
	for i, option := range h.options {
		h.group.Add(option)
		if f.Draft != "" && f.Options[i].ID == f.Draft {
			h.group.Add(h.ask(&f.Options[i]))
		}
	}
	h.group.Refresh()
}

// ask makes the field for an answer's message.
func (h *heldAnswer) ask(option *viewmodel.AnswerOption) fyne.CanvasObject {
	h.field = kit.NewEntry(kit.EntrySpec{
		Text: h.message, Placeholder: option.Sample, Icon: "message-square",
		OnChange: func(text string) { h.message = text },
		OnSubmit: func(string) { h.form.Use(h.message) },
	})
	h.use = kit.NewButton(kit.ButtonSpec{Label: "Answer this", Kind: kit.Outlined, Tone: kit.Accent, OnTap: func() { h.form.Use(h.message) }})
	return kit.Pad(optionIndent, 2, 10, 8, kit.Frame(nil, nil, nil, kit.Pad(8, 1, 0, 1, h.use), kit.Fixed(0, 30, h.field)))
}

// key is told of a key on an option.
func (h *heldAnswer) key(i int, key string) bool {
	if key != "e" || i >= len(h.form.Options) {
		return false
	}
	h.form.Edit(h.form.Options[i].ID)
	return true
}

// focus gives the keyboard to the options, once they are there.
func (h *heldAnswer) focus() {
	if h.form.Waiting && h.form.ID == h.app.Detail.ID && h.id == h.form.ID {
		h.focusOptions(false)
		return
	}
	h.wanted = true
}

// focusOptions gives the keyboard to the first answer, and reports whether that is
// done with. With idle, no other widget loses it.
func (h *heldAnswer) focusOptions(idle bool) bool {
	if len(h.options) == 0 || !h.shown {
		return false
	}
	h.page.scroll.Top()
	kit.Focus(h.options[0], idle)
	return true
}
