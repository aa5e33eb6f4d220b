package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// credentials lists the credentials of every provider, with the form in the
// place of the one that is being entered.
func (d *settingsDialog) credentials() fyne.CanvasObject {
	stack := kit.VStack(10)
	groups := d.state.Credentials()
	if len(groups) == 0 {
		stack.Add(kit.NewParagraph(kit.RoleBody, kit.Secondary, "Hookglass is starting."))
	}
	for _, group := range groups {
		stack.Add(kit.Pad(0, 8, 0, 0, kit.HRow(8, hueDot(group.Hue), kit.NewText(kit.RolePane, kit.Plain, group.Name))))
		for i := range group.Credentials {
			stack.Add(d.credential(&group.Credentials[i]))
		}
	}
	return stack
}

// credential is a card with the title of a credential, where to find it, and its
// values.
func (d *settingsDialog) credential(c *viewmodel.CredentialView) fyne.CanvasObject {
	s := d.state
	body := kit.VStack(6,
		kit.HRow(8, kit.NewShrinkingText(kit.RoleRow, kit.Plain, c.Title), kit.Spacer(),
			kit.NewButton(kit.ButtonSpec{Label: "Add", Icon: "plus", Tip: "Add a value", OnTap: func() { s.AddKey(c.Name) }})),
		kit.NewParagraph(kit.RoleSmall, kit.Muted, c.Help),
	)
	for i := range c.Values {
		body.Add(d.value(c, &c.Values[i]))
	}
	if s.Key != nil && s.Key.Credential == c.Name {
		body.Add(d.keyForm())
	}
	return panelCard(body)
}

// panelCard lays an object on a raised ground.
func panelCard(o fyne.CanvasObject) fyne.CanvasObject {
	return kit.VStack(0, kit.Fill(kit.ColorPanel, kit.Pad(12, 8, 8, 10, o)))
}

// value is a line with a configured value and what can be done with it.
func (d *settingsDialog) value(c *viewmodel.CredentialView, v *viewmodel.KeyView) fyne.CanvasObject {
	s := d.state
	row := kit.HRow(6)
	if v.Label != "" {
		row.Add(kit.NewBadge(v.Label, kit.Accent))
	}
	row.Add(kit.NewShrinkingText(kit.RoleMono, kit.Plain, v.Shown))
	row.Add(kit.Spacer())
	if !c.Public {
		icon, tip := kit.Icon("eye"), "Show"
		if v.Revealed {
			icon, tip = "eye-off", "Hide"
		}
		row.Add(kit.NewButton(kit.ButtonSpec{Icon: icon, Tip: tip, Tone: kit.Secondary, OnTap: func() { s.Reveal(c.Name, v.Label) }}))
	}
	row.Add(kit.NewButton(kit.ButtonSpec{Icon: "copy", Tip: "Copy", Tone: kit.Secondary, OnTap: func() { s.CopyKey(c.Name, v.Label) }}))
	if v.Fixed {
		row.Add(kit.NewText(kit.RoleSmall, kit.Muted, "set by the environment"))
	} else {
		row.Add(kit.NewButton(kit.ButtonSpec{Icon: "pencil", Tip: "Replace", Tone: kit.Secondary, OnTap: func() { s.ReplaceKey(c.Name, v.Label) }}))
		row.Add(kit.NewButton(kit.ButtonSpec{Icon: "trash-2", Tip: "Remove", Tone: kit.Secondary, OnTap: func() { s.RemoveKey(c.Name, v.Label) }}))
	}
	box := container.NewStack(kit.NewCard(kit.ColorRaised, kit.ColorLine, 6), kit.Pad(10, 2, 3, 2, row))
	if v.Problem == "" {
		return box
	}
	return kit.VStack(4, box, kit.NewParagraph(kit.RoleSmall, kit.Bad, v.Problem))
}

// keyForm is where a value is entered.
func (d *settingsDialog) keyForm() fyne.CanvasObject {
	s, draft := d.state, d.state.Key
	form := kit.VStack(8)
	if !draft.Replaces {
		label := kit.NewEntry(kit.EntrySpec{Text: draft.Label, Placeholder: "Label, where there are several: test, live", OnChange: s.SetKeyLabel})
		form.Add(kit.Fixed(0, 30, label))
	}
	value, focus := valueEntry(draft, s.SetKeyValue, s.SaveKey)
	form.Add(value)
	d.begin = focus // a label is seldom wanted
	problem, result := d.remark(), d.remark()
	form.Add(problem.object)
	form.Add(result.object)
	save := kit.NewButton(kit.ButtonSpec{Label: "Save", Icon: "save", Kind: kit.Primary, OnTap: s.SaveKey})
	form.Add(kit.HRow(8, save, kit.NewButton(kit.ButtonSpec{Label: "Cancel", OnTap: s.CancelKey})))
	d.now(func() {
		problem.say(draft.Problem, "")
		switch {
		case draft.Testing && draft.Result == "":
			result.tell(kit.Muted, "Trying it on what was captured …")
		default:
			result.tell(kit.Tone(draft.Tone), draft.Result)
		}
		save.SetEnabled(s.CanSaveKey())
	})
	return kit.Pad(0, 4, 4, 2, form)
}

// pemRows is how many lines of a key in PEM or JSON are seen at once.
const pemRows = 6

// valueEntry takes a value: hidden while it is a secret, in several lines where
// it is a key in PEM or JSON; focus gives it the keyboard.
func valueEntry(draft *viewmodel.KeyDraft, write func(string), submit func()) (o fyne.CanvasObject, focus func()) {
	if draft.Long {
		entry := kit.NewMultiline(pemRows, "-----BEGIN PUBLIC KEY-----", write)
		entry.SetText(draft.Value)
		return entry, entry.Focus
	}
	entry := kit.NewEntry(kit.EntrySpec{
		Text: draft.Value, Placeholder: "Value", Mono: true, Password: !draft.Public,
		OnChange: write, OnSubmit: func(string) { submit() },
	})
	return kit.Fixed(0, 30, entry), entry.Focus
}
