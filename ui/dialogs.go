package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// dialogs shows the dialog that the view model names, and over it the question
// that it asks.
type dialogs struct {
	w *Window

	shown    viewmodel.Dialog
	dialog   *kit.Dialog
	question *kit.Dialog
	asked    *viewmodel.Confirmation

	settings, connect, public fyne.CanvasObject // made when first wanted
	resend                    *resendForm
	many                      *manyForm
	rules                     *rulesDialog
	samples                   *samplesDialog
	compare                   *compareDialog
	sessions                  *sessionsDialog
	share                     *shareDialog
	review                    *openedDialog

	path *kit.Dialog // asks for a path, over the dialog
}

func newDialogs(w *Window) *dialogs { return &dialogs{w: w} }

// open reports whether a dialog lies over the window.
func (d *dialogs) open() bool { return d.top() != nil }

// top is the uppermost dialog, or nil.
func (d *dialogs) top() *kit.Dialog {
	if d.question != nil && d.question.Open() {
		return d.question
	}
	if d.path != nil && d.path.Open() {
		return d.path
	}
	if d.dialog != nil && d.dialog.Open() {
		return d.dialog
	}
	return nil
}

// press gives a key to the uppermost dialog.
func (d *dialogs) press(key string) bool { return d.top().Press(key) }

// update opens and closes what has changed.
func (d *dialogs) update() {
	app := d.w.app
	if app.Dialog != d.shown {
		d.shown = app.Dialog
		if d.dialog != nil {
			d.dialog.Hide()
			d.dialog = nil
		}
		d.show()
	}
	if app.Confirmation != d.asked {
		d.asked = app.Confirmation
		if d.question != nil {
			d.question.Hide()
			d.question = nil
		}
		if d.asked != nil {
			d.ask(d.asked)
		}
	}
}

// kept is what was made when a dialog was wanted for the first time.
func kept[T comparable](slot *T, app *viewmodel.App, first func(*viewmodel.App) T) T {
	var none T
	if *slot == none {
		*slot = first(app)
	}
	return *slot
}

// closed is told that a dialog is gone, by whatever way.
func (d *dialogs) closed(which viewmodel.Dialog) func() {
	return func() {
		if d.w.app.Dialog == which {
			d.w.app.Open(viewmodel.NoDialog)
		}
		if d.top() == nil {
			d.w.focus(viewmodel.PaneList)
		}
	}
}

func (d *dialogs) show() {
	c, app := d.w.window.Canvas(), d.w.app
	frame := func(spec kit.DialogSpec) {
		spec.OnClose = d.closed(d.shown)
		d.dialog = kit.ShowDialog(c, spec)
	}
	switch d.shown {
	case viewmodel.NoDialog:
	case viewmodel.DialogPalette:
		d.palette(c)
	case viewmodel.DialogShortcuts:
		frame(kit.DialogSpec{Title: "Keyboard shortcuts", Width: 720, Height: 690, Content: shortcutSheet(app)})
	case viewmodel.DialogSettings:
		frame(kit.DialogSpec{Title: "Settings", Width: 900, Height: 640, Content: kept(&d.settings, app, newSettingsDialog)})
	case viewmodel.DialogConnect:
		frame(kit.DialogSpec{Title: "Connect a provider", Width: 900, Height: 640, Content: kept(&d.connect, app, newConnectDialog)})
	case viewmodel.DialogPublic:
		frame(kit.DialogSpec{Title: "Public address", Width: 960, Height: 660, Content: kept(&d.public, app, newPublicDialog)})
	case viewmodel.DialogRules:
		kept(&d.rules, app, newRulesDialog)
		frame(kit.DialogSpec{Title: "Answers", Width: 1060, Height: 780, Content: d.rules.root, OnKey: d.rules.press})
		d.rules.opened()
	case viewmodel.DialogCompare:
		kept(&d.compare, app, newCompareDialog)
		frame(kit.DialogSpec{Title: "Compare", Width: 1400, Height: 1000, Content: d.compare.root, OnKey: app.Compare.Key})
		d.compare.opened()
	case viewmodel.DialogSamples:
		kept(&d.samples, app, newSamplesDialog)
		frame(kit.DialogSpec{Title: "Be the provider", Width: 1180, Height: 800, Content: d.samples.root, OnKey: d.samples.press})
		d.samples.opened()
	case viewmodel.DialogSessions:
		kept(&d.sessions, app, newSessionsDialog)
		frame(kit.DialogSpec{Title: "Sessions", Width: 1000, Height: 720, Content: d.sessions.root, OnKey: d.sessions.press})
		d.sessions.opened()
	case viewmodel.DialogShare:
		kept(&d.share, app, newShareDialog)
		frame(kit.DialogSpec{Title: "Share as a file", Width: 1180, Height: 800, Content: d.share.root, OnKey: d.share.press})
		d.share.opened()
	case viewmodel.DialogOpen:
		d.openFile(frame)
	case viewmodel.DialogOpened:
		d.opened(frame)
	case viewmodel.DialogCopyAs:
		d.copyAs(c)
	case viewmodel.DialogCompareWith:
		d.compareWith(c)
	case viewmodel.DialogResend:
		kept(&d.resend, app, newResendForm)
		frame(kit.DialogSpec{Title: "Resend the callback", Width: 1060, Height: 780, Content: d.resend.root, OnKey: d.resend.press})
		d.resend.open()
	case viewmodel.DialogResendMany:
		kept(&d.many, app, newManyForm)
		frame(kit.DialogSpec{Title: "Resend callbacks", Width: 1120, Height: 800, Content: d.many.root, OnKey: d.many.press})
		d.many.open()
	case viewmodel.DialogAnswers:
		d.answers(c)
	case viewmodel.DialogGoTo:
		d.goTo(frame)
	case viewmodel.DialogSaveFilter:
		d.saveFilter(frame)
	case viewmodel.DialogFilterBy:
		d.filterBy(c)
	}
}

func (d *dialogs) palette(c fyne.Canvas) {
	var found []viewmodel.Found
	app := d.w.app
	d.dialog = kit.ShowFinder(c, kit.FinderSpec{
		Placeholder: "Type a command",
		Empty:       "No command is called so.",
		Find: func(query string) []kit.FinderItem {
			found = app.Commands.Search(query)
			items := make([]kit.FinderItem, len(found))
			for i, f := range found {
				items[i] = kit.FinderItem{Icon: kit.Icon(f.Command.Icon), Title: f.Command.Title, Hint: f.Command.Place, Keys: f.Keys, Off: !f.Enabled}
			}
			return items
		},
		Pick:    func(i int) { app.Commands.Do(found[i].Command.ID) },
		OnClose: d.closed(viewmodel.DialogPalette),
	})
}

// answers finds among what the endpoint of the callback can answer.
func (d *dialogs) answers(c fyne.Canvas) {
	answer := d.w.app.Detail.Answer
	var found []viewmodel.AnswerOption
	d.dialog = kit.ShowFinder(c, kit.FinderSpec{
		Placeholder: "What " + answer.Choice.Endpoint + " answers from the next callback on",
		Empty:       "No answer is called so.",
		Find: func(query string) []kit.FinderItem {
			found = answer.Find(query)
			items := make([]kit.FinderItem, len(found))
			for i := range found {
				icon := kit.Icon("circle")
				if found[i].ID == answer.Choice.Picked {
					icon = "circle-check"
				}
				items[i] = kit.FinderItem{Icon: icon, Title: found[i].Title, Keys: found[i].Short}
			}
			return items
		},
		Pick:    func(i int) { answer.Take(found[i].ID) },
		OnClose: d.closed(viewmodel.DialogAnswers),
	})
}

func (d *dialogs) goTo(frame func(kit.DialogSpec)) {
	app := d.w.app
	problem := newRemark()
	problem.say("", "A time of today, a date and a time, or how long ago: 10:42, 2026-03-04 10:42, yesterday 9:00, -2h")
	var field *kit.Entry
	submit := func(string) {
		if err := app.List.GoTo(field.Text()); err != nil {
			problem.say(err.Error(), "")
			return
		}
		app.Open(viewmodel.NoDialog)
	}
	field = kit.NewEntry(kit.EntrySpec{Placeholder: "10:42", Icon: "clock", OnSubmit: submit})
	frame(kit.DialogSpec{
		Title: "Go to a time", Width: 440,
		Content: kit.Pad(16, 14, 16, 14, kit.VStack(10, field, problem.object)),
		Buttons: []*kit.Button{
			kit.NewButton(kit.ButtonSpec{Label: "Cancel", Kind: kit.Outlined, OnTap: func() { app.Open(viewmodel.NoDialog) }}),
			kit.NewButton(kit.ButtonSpec{Label: "Go", Kind: kit.Primary, OnTap: func() { submit("") }}),
		},
	})
	field.Focus()
}

// ask shows a question. Return says what the loud button says, Escape no.
func (d *dialogs) ask(asked *viewmodel.Confirmation) {
	app := d.w.app
	kind := kit.Primary
	if asked.Danger {
		kind = kit.Danger
	}
	answer := func(yes bool) func() {
		return func() {
			if app.Confirmation == asked {
				app.Answered(yes)
			}
		}
	}
	body := kit.VStack(8,
		kit.NewText(kit.RolePane, kit.Plain, asked.Question),
		kit.NewParagraph(kit.RoleBody, kit.Secondary, asked.Detail))
	d.question = kit.ShowDialog(d.w.window.Canvas(), kit.DialogSpec{
		Width: 460, Height: 190,
		Content: kit.VScroll(kit.Pad(18, 18, 18, 12, body)),
		Buttons: []*kit.Button{
			kit.NewButton(kit.ButtonSpec{Label: "Cancel", Kind: kit.Outlined, OnTap: answer(false)}),
			kit.NewButton(kit.ButtonSpec{Label: asked.Action, Kind: kind, OnTap: answer(true)}),
		},
		OnKey: func(key string) bool {
			if key != "Return" {
				return false
			}
			answer(true)()
			return true
		},
		OnClose: func() {
			answer(false)()
			d.closed(viewmodel.NoDialog)()
		},
	})
}

// shortcutSheet lists every key in two columns.
func shortcutSheet(app *viewmodel.App) fyne.CanvasObject {
	columns := [2]*fyne.Container{kit.VStack(18), kit.VStack(18)}
	lines := [2]int{}
	for _, group := range app.Commands.Sheet() {
		block := kit.VStack(7, kit.NewText(kit.RoleSection, kit.Muted, group.Title))
		for _, shortcut := range group.Shortcuts {
			row := []fyne.CanvasObject{kit.NewShrinkingText(kit.RoleBody, kit.Plain, shortcut.Title), kit.Spacer()}
			for _, keys := range shortcut.Keys {
				row = append(row, kit.NewKeyChip(keys))
			}
			block.Add(kit.HRow(6, row...))
		}
		side := 0
		if lines[1] < lines[0] {
			side = 1
		}
		columns[side].Add(block)
		lines[side] += len(group.Shortcuts) + 2
	}
	return kit.VScroll(kit.Pad(20, 16, 20, 20, kit.Halves(28, columns[0], columns[1])))
}
