package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// heldOwn is where a person writes an answer of their own to a held callback.
type heldOwn struct {
	app  *viewmodel.App
	page *page

	status, kind *kit.Entry
	body         *kit.Multiline
	effect       *kit.Paragraph
	broken       *kit.Paragraph
	send         *kit.Button
	root         *fyne.Container

	turn    int // of the form that the fields were filled for
	id      int64
	filling bool
	said    string
}

func newHeldOwn(app *viewmodel.App, page *page) *heldOwn {
	o := &heldOwn{app: app, page: page, turn: -1}
	changed := func(string) { o.changed() }
	submit := func(string) { app.Held.Form.SendOwn() }
	o.status = kit.NewEntry(kit.EntrySpec{Placeholder: "200", Mono: true, OnChange: changed, OnSubmit: submit})
	o.kind = kit.NewEntry(kit.EntrySpec{Placeholder: "no Content-Type", Mono: true, OnChange: changed, OnSubmit: submit})
	o.body = kit.NewMultiline(6, "No body", changed)
	o.effect = kit.NewParagraph(kit.RoleSmall, kit.Secondary, "")
	o.broken = kit.NewParagraph(kit.RoleSmall, kit.Warn, "")
	command := app.Commands.Find("held.send")
	o.send = kit.NewButton(kit.ButtonSpec{
		Label: "Send this answer", Kind: kit.Outlined, Tone: kit.Accent,
		Keys: app.Commands.Shown(command.Keys[0]), OnTap: func() { app.Held.Form.SendOwn() },
	})
	line := kit.Frame(nil, nil, kit.Pad(0, 0, 8, 0, kit.Fixed(64, 30, o.status)), kit.Pad(8, 1, 0, 1, o.send), kit.Fixed(0, 30, o.kind))
	line.Objects[1], line.Objects[2] = line.Objects[2], line.Objects[1] // Tab goes from left to right
	o.root = kit.VStack(8, line, o.body, o.effect, o.broken)
	return o
}

// changed hands on what was typed.
func (o *heldOwn) changed() {
	if !o.filling {
		o.app.Held.Form.SetOwn(o.status.Text(), o.kind.Text(), o.body.Text())
	}
}

// update follows the form, and reports whether another height is wanted.
func (o *heldOwn) update(f *viewmodel.HeldForm) bool {
	if o.turn != f.OwnTurn || o.id != f.ID {
		o.turn, o.id, o.filling = f.OwnTurn, f.ID, true
		o.status.SetText(f.Own.Status)
		o.kind.SetText(f.Own.Type)
		o.body.SetText(f.Own.Body)
		o.filling = false
	}
	o.send.SetEnabled(f.Waiting && !f.Busy && f.Own.Problem == "")
	said := f.Own.Problem + "\x00" + f.Own.Effect + "\x00" + f.Own.Broken
	if said == o.said {
		return false
	}
	o.said = said
	effect, t := f.Own.Effect, kit.Secondary
	if f.Own.Problem != "" {
		effect, t = f.Own.Problem, kit.Bad
	}
	o.effect.SetText(effect)
	o.effect.SetTone(t)
	o.broken.SetText(f.Own.Broken)
	show(o.effect, effect != "")
	show(o.broken, f.Own.Broken != "")
	o.root.Refresh()
	return true
}

// focus gives the keyboard to the field that is most likely to change.
func (o *heldOwn) focus() {
	o.page.reveal(o.root)
	o.status.Focus()
}
