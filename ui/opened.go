package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// openedDialog draws a file that lies open: what it says of itself, its rules, and
// what of it was not read. It is made anew each time.
type openedDialog struct {
	app   *viewmodel.App
	state *viewmodel.Opened

	root    fyne.CanvasObject
	problem *remark
	busy    *kit.Text
	stop    *kit.Button
	act     *kit.Button
	foot    *fyne.Container
}

// opened shows the dialog that imports.
func (d *dialogs) opened(frame func(kit.DialogSpec)) {
	review := newOpenedDialog(d.w.app)
	if d.review == nil {
		d.w.app.Opened.Changed.Listen(func() {
			if d.w.app.Dialog == viewmodel.DialogOpened {
				d.review.update()
			}
		})
	}
	d.review = review
	frame(kit.DialogSpec{Title: "Import", Width: 680, Height: 640, Content: review.root, OnKey: review.press})
}

func newOpenedDialog(app *viewmodel.App) *openedDialog {
	d := &openedDialog{app: app, state: app.Opened}
	o := d.state
	name := kit.NewEntry(kit.EntrySpec{Text: o.Name, OnChange: o.SetName, OnSubmit: func(string) { o.Import() }})
	stack := kit.VStack(14,
		kit.NewFactTable(kitFacts(o.Facts()), app.Screen.Copy),
		labelled("Name of the session that it becomes", kit.Fixed(0, 30, name)))
	verify := "Check the proofs again with my own keys"
	if o.Redacted() {
		verify += ", where nothing was taken out"
	}
	stack.Add(kit.NewCheck(verify, o.Verify, o.SetVerify))
	d.addRules(stack)
	d.addSkipped(stack)
	d.problem = newRemark()
	d.problem.changed = func() { stack.Refresh() }
	stack.Add(d.problem.object)
	d.busy = kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, "")
	d.stop = kit.NewButton(kit.ButtonSpec{Label: "Stop", Icon: "x", Kind: kit.Outlined, OnTap: o.Stop})
	look := kit.NewButton(kit.ButtonSpec{Label: "Only look at it", Kind: kit.Outlined, Keys: "Esc", OnTap: func() { app.Open(viewmodel.NoDialog) }})
	d.act = kit.NewButton(kit.ButtonSpec{Label: "Import", Icon: "download", Kind: kit.Primary, Tip: "Keep it as a session", Keys: app.Commands.Shown("Mod+Return"), OnTap: o.Import})
	d.foot = kit.HRow(8, d.busy, kit.Spacer(), d.stop, look, d.act)
	bottom := kit.VStack(0, kit.HLine(), kit.Fixed(0, 52, kit.Pad(18, 0, 14, 0, d.foot)))
	d.root = kit.Frame(nil, bottom, nil, nil, kit.VScroll(kit.Pad(20, 16, 20, 16, stack)))
	d.update()
	return d
}

// addRules lists the rules, none of which is in force.
func (d *openedDialog) addRules(stack *fyne.Container) {
	o := d.state
	if len(o.Rules) == 0 {
		return
	}
	part := kit.VStack(8, kit.NewText(kit.RoleSection, kit.Muted, "RULES IN THE FILE"),
		kit.NewParagraph(kit.RoleSmall, kit.Muted, "They are somebody else's. Those that you choose come in switched off, behind your own; where they would send callbacks is left out."))
	for i := range o.Rules {
		rule := &o.Rules[i]
		check := kit.NewCheck(rule.Title, rule.Wanted, func(on bool) { o.Want(i, on) })
		part.Add(kit.VStack(0, check, kit.Pad(24, 0, 0, 0, kit.NewParagraph(kit.RoleSmall, kit.Secondary, rule.Text))))
	}
	stack.Add(part)
}

// maxSkippedLines is how many parts that were not read are listed.
const maxSkippedLines = 200

// addSkipped lists what was not read, and why.
func (d *openedDialog) addSkipped(stack *fyne.Container) {
	skipped := d.state.Skipped()
	if len(skipped) == 0 {
		return
	}
	facts := make([]kit.Fact, 0, len(skipped))
	for _, part := range skipped[:min(len(skipped), maxSkippedLines)] {
		facts = append(facts, kit.Fact{Label: part.Where, Value: part.Why})
	}
	head := kit.HRow(8, kit.NewIcon("triangle-alert", kit.Warn, 14), kit.NewText(kit.RoleSection, kit.Muted, "NOT READ"))
	stack.Add(kit.VStack(8, head, kit.NewFactTable(facts, d.app.Screen.Copy)))
}

// press takes a key that the widget with the keyboard had no use for.
func (d *openedDialog) press(key string) bool {
	if key == "Return" || key == "Mod+Return" {
		d.state.Import()
		return true
	}
	return false
}

// update draws what has changed.
func (d *openedDialog) update() {
	o := d.state
	d.problem.say(o.Problem, "")
	text := o.Busy
	if words := viewmodel.ProgressWords(o.Done, o.Total); words != "" && text != "" {
		text += " " + words
	}
	d.busy.SetText(text)
	show(d.stop, o.Busy != "")
	d.act.SetEnabled(o.Busy == "")
	d.foot.Refresh()
}

// openFile asks for the path of a file. Fyne's own file dialog takes seconds in a
// large folder and cannot be typed into.
func (d *dialogs) openFile(frame func(kit.DialogSpec)) {
	app := d.w.app
	var field *kit.Entry
	submit := func(string) {
		if strings.TrimSpace(field.Text()) != "" {
			app.Opened.OpenPath(field.Text())
		}
	}
	field = kit.NewEntry(kit.EntrySpec{Placeholder: "/home/me/Downloads/incident.hookglass", Icon: "folder-open", Mono: true, Text: app.Opened.Path(), OnSubmit: submit})
	paste := kit.NewButton(kit.ButtonSpec{Label: "From the clipboard", Icon: "clipboard-paste", Kind: kit.Outlined, Tip: "A curl command or a raw request", Keys: app.Commands.Hint("file.clipboard"), OnTap: func() {
		app.Open(viewmodel.NoDialog)
		app.Commands.Do("file.clipboard")
	}})
	told := kit.NewParagraph(kit.RoleSmall, kit.Muted, "A Hookglass bundle, a HAR file, a raw HTTP request or a curl command. It is only looked at until you import it. Files can also be dropped onto the window.")
	frame(kit.DialogSpec{
		Title: "Open a file", Width: 620,
		Content: container.NewStack(kit.Pad(16, 14, 16, 14, kit.VStack(10, field, told))),
		Buttons: []*kit.Button{
			paste,
			kit.NewButton(kit.ButtonSpec{Label: "Cancel", Kind: kit.Outlined, OnTap: func() { app.Open(viewmodel.NoDialog) }}),
			kit.NewButton(kit.ButtonSpec{Label: "Open", Kind: kit.Primary, OnTap: func() { submit("") }}),
		},
	})
	field.Focus()
}

// copyAs finds among the forms in which what is chosen can be copied.
func (d *dialogs) copyAs(c fyne.Canvas) {
	app := d.w.app
	var found []viewmodel.MenuEntry
	d.dialog = kit.ShowFinder(c, kit.FinderSpec{
		Placeholder: "Copy as …",
		Empty:       "Nothing is copied so.",
		Find: func(query string) []kit.FinderItem {
			found = found[:0]
			var items []kit.FinderItem
			for _, e := range app.CopyEntries() {
				if e.Label != "" && strings.Contains(strings.ToLower(e.Label), strings.ToLower(strings.TrimSpace(query))) {
					found = append(found, e)
					items = append(items, kit.FinderItem{Icon: kit.Icon(e.Icon), Title: e.Label, Keys: e.Keys, Off: !e.Enabled})
				}
			}
			return items
		},
		Pick:    func(i int) { found[i].Run() },
		OnClose: d.closed(viewmodel.DialogCopyAs),
	})
}
