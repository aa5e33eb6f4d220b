package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// answerPane draws the answer that was given, and what the endpoint answers
// next.
type answerPane struct {
	app    *viewmodel.App
	answer *viewmodel.Answer
	page   *page

	shown   *viewmodel.Page
	choice  answerShape
	message string
	draft   string     // the option that message is for
	field   *kit.Entry // for the message; nil before one was asked for

	held *heldAnswer // in the place of all that while the sender waits
	over bool        // it is shown
}

// answerShape is what decides whether the choices are drawn anew.
type answerShape struct {
	path, picked, draft, message, ends, problem string
	busy                                        bool
	options                                     int
}

func newAnswerPane(app *viewmodel.App) *answerPane {
	p := &answerPane{app: app, answer: app.Detail.Answer, page: newPage()}
	p.held = newHeldAnswer(app, p.page)
	app.Held.Changed.Listen(func() {
		if app.Detail.Tab == viewmodel.TabAnswer && (p.over || app.Held.Form.ID != 0) {
			p.update(false)
		}
	})
	return p
}

func (p *answerPane) object() fyne.CanvasObject { return p.page.scroll }

func (p *answerPane) update(bool) {
	shown := p.app.Detail.Page
	if shown == nil {
		return
	}
	if held := p.app.Held.Form.ID == shown.ID; held {
		p.held.update(!p.over)
		p.over, p.shown = true, nil
		return
	}
	p.over = false
	c := &p.answer.Choice
	shape := answerShape{c.Path, c.Picked, c.Draft, c.Message, c.Ends, c.Problem, c.Busy, len(c.Options)}
	if shown == p.shown && shape == p.choice {
		return
	}
	top := p.shown == nil || p.shown.ID != shown.ID
	if c.Draft != p.draft {
		p.draft, p.message = c.Draft, ""
		if c.Draft == c.Picked {
			p.message = c.Message
		}
	}
	p.shown, p.choice = shown, shape
	v := &p.answer.View
	content := []fyne.CanvasObject{p.given(v)}
	if len(v.Facts) > 0 {
		content = append(content, factTable(p.app, v.Facts))
	}
	if len(v.Passed) > 0 {
		content = append(content, section("Rules that did not answer", factTable(p.app, v.Passed)))
	}
	content = append(content, p.choices(c))
	if len(v.Header) > 0 {
		content = append(content, section("Header sent", headerTable(p.app, &viewmodel.HeaderGroup{Kind: viewmodel.GroupTrailers, Rows: v.Header}, true)))
	}
	if v.Size != "" {
		content = append(content, p.body(v))
	}
	p.page.put(top, content...)
}

// placed is told that the pane is in the window, or in it no more: what is outside
// of it cannot have the keyboard.
func (p *answerPane) placed(in bool) {
	p.held.shown = in
	if in && p.over {
		p.held.update(false)
	}
}

// focus gives the keyboard to the answers to a held callback, and reports whether
// it will be one.
func (p *answerPane) focus() bool {
	if id := p.app.Detail.ID; !p.app.Held.Waits(id) {
		return false
	}
	p.held.focus()
	return true
}

// focusMessage gives the keyboard to the field for a message.
func (p *answerPane) focusMessage() {
	field := p.field
	if p.over {
		field = p.held.field
	}
	if field != nil {
		field.Focus()
	}
}

// given is what was answered and who decided it.
func (p *answerPane) given(v *viewmodel.AnswerView) fyne.CanvasObject {
	parts := []fyne.CanvasObject{
		kit.HRow(10, kit.NewStatusPill(v.Status, tone(v.Tone))),
		kit.NewParagraph(kit.RoleBody, kit.Plain, v.Decided),
	}
	if v.Effect != "" {
		parts = append(parts, kit.NewParagraph(kit.RoleBody, kit.Secondary, v.Effect))
	}
	if v.Broken != "" {
		parts = append(parts, newBullet("triangle-alert", kit.Warn, kit.NewParagraph(kit.RoleBody, kit.Plain, v.Broken)))
	}
	return kit.VStack(8, parts...)
}

func (p *answerPane) body(v *viewmodel.AnswerView) fyne.CanvasObject {
	title := kit.HRow(8, kit.NewText(kit.RoleSection, kit.Muted, "Body sent"),
		kit.NewText(kit.RoleCaption, kit.Muted, v.Size), kit.NewShrinkingText(kit.RoleMonoSmall, kit.Muted, v.Type))
	if v.Text == "" {
		return title
	}
	text := container.NewStack(kit.NewCard(kit.ColorPanel, kit.ColorLine, 6),
		kit.Pad(12, 9, 12, 9, kit.NewParagraph(kit.RoleMono, kit.Plain, v.Text)))
	return kit.VStack(8, title, text)
}

// choices are the answers to choose from.
func (p *answerPane) choices(c *viewmodel.AnswerChoice) fyne.CanvasObject {
	if c.Missing != "" {
		return section("From the next callback on", kit.NewParagraph(kit.RoleBody, kit.Secondary, c.Missing))
	}
	lead := kit.HRow(8, kit.NewText(kit.RoleRow, kit.Plain, c.Endpoint), kit.NewShrinkingText(kit.RoleMono, kit.Muted, c.Path))
	parts := []fyne.CanvasObject{lead}
	var options []fyne.CanvasObject
	var lines []*answerOption
	for i := range c.Options {
		option := &c.Options[i]
		picked := option.ID == c.Picked
		line := newAnswerOption(option, picked, c, func() { p.answer.Pick(option.ID) })
		options, lines = append(options, line), append(lines, line)
		if c.Draft == option.ID && option.TakesMessage {
			options = append(options, p.words(option))
		}
	}
	arrows(p.page, lines, nil)
	parts = append(parts, kit.VStack(2, options...))
	if c.Problem != "" {
		parts = append(parts, kit.NewParagraph(kit.RoleSmall, kit.Bad, c.Problem))
	}
	return section("From the next callback on", parts...)
}

// words asks for the message of an answer.
func (p *answerPane) words(option *viewmodel.AnswerOption) fyne.CanvasObject {
	entry := kit.NewEntry(kit.EntrySpec{
		Placeholder: option.Sample, Icon: "message-square",
		OnChange: func(text string) { p.message = text },
		OnSubmit: func(string) { p.answer.Use(p.message) },
	})
	entry.SetText(p.message)
	p.field = entry
	use := kit.NewButton(kit.ButtonSpec{Label: "Answer this", Kind: kit.Outlined, Tone: kit.Accent, OnTap: func() { p.answer.Use(p.message) }})
	return kit.Pad(34, 2, 10, 8, kit.Frame(nil, nil, nil, kit.Pad(8, 1, 0, 1, use), kit.Fixed(0, 30, entry)))
}
