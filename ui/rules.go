package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// rulesDialog draws the answers: at the left what each endpoint answers now and the
// rules in their order, at the right the rule that is being written.
type rulesDialog struct {
	app   *viewmodel.App
	rules *viewmodel.Rules

	root    fyne.CanvasObject
	glance  *ruleGlance
	rows    *kit.Rows
	none    fyne.CanvasObject // in the place of rows that there are not
	said    *kit.Text
	undo    *kit.Button
	line    *fyne.Container // said and undo, or the keys
	editor  *ruleEditor
	preview *rulePreview
	writing fyne.CanvasObject // the editor with what is around it
	nothing fyne.CanvasObject // in its place

	write, list int   // Rules.Write and Rules.List that were seen
	at          int64 // row that was brought into view
}

// rulesLeft is how wide the left part is, where there is room.
const rulesLeft = 384

// ruleColumns is the layout of the two parts and the line between them.
type ruleColumns struct{ resized func(right float32) }

// MinSize is for Fyne.
func (ruleColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 200) }

// Layout is for Fyne.
func (l ruleColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(rulesLeft, size.Width*0.4)
	x := float32(0)
	for i, width := range []float32{left, 1, size.Width - left - 1} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
	l.resized(size.Width - left - 1)
}

// newRulesDialog makes the content of the dialog "Answers". It listens for as long
// as the program runs, so it is made once.
func newRulesDialog(app *viewmodel.App) *rulesDialog {
	d := &rulesDialog{app: app, rules: app.Rules, glance: newRuleGlance(app), editor: newRuleEditor(app), preview: newRulePreview(app)}
	face := func() rowFace[viewmodel.RuleRow] { return newRuleFace(d.rules.Toggle) }
	d.rows = newList(kit.RowsSpec{
		Count:    func() int { return len(d.rules.Rows) },
		OnTap:    func(i int, _ fyne.KeyModifier) { d.rules.Choose(d.rules.Rows[i].ID) },
		OnDouble: func(int) { d.rules.Edit() },
	}, face, func(i int) viewmodel.RuleRow { return d.rules.Rows[i] })
	d.none = kit.Pad(18, 6, 18, 0, kit.NewParagraph(kit.RoleSmall, kit.Muted, "No rules: every callback is answered with what its sender takes as success. Press n to make one."))
	add := kit.NewButton(kit.ButtonSpec{Label: "New rule", Icon: "plus", Kind: kit.Outlined, Tip: "Make a rule", Keys: "n", OnTap: d.rules.New})
	head := kit.Pad(18, 10, 12, 6, kit.HRow(8, kit.NewShrinkingText(kit.RoleSection, kit.Muted, "RULES, FIRST MATCH ANSWERS"), kit.Spacer(), add))
	d.said = kit.NewShrinkingText(kit.RoleSmall, kit.Plain, "")
	d.undo = kit.NewButton(kit.ButtonSpec{Label: "Undo", Icon: "undo-2", Tone: kit.Accent, Tip: "Bring it back", Keys: app.Commands.Shown("Mod+Z"), OnTap: d.rules.Undo})
	d.line = kit.HRow(8, d.said, kit.Spacer(), d.undo)
	foot := kit.VStack(0, kit.HLine(), kit.Fixed(0, 48, kit.Pad(18, 0, 10, 0, d.line)))
	left := kit.Frame(kit.VStack(0, d.glance.root, kit.HLine(), head), foot, nil, nil, container.NewStack(kit.Pad(8, 0, 4, 8, d.rows), d.none))
	d.root = container.New(ruleColumns{d.resized}, left, kit.VLine(), container.NewStack(d.right(), d.empty()))
	d.update()
	app.Rules.Changed.Listen(d.update)
	return d
}

// resized is told how wide the right part is.
func (d *rulesDialog) resized(right float32) {
	narrow := right < rulesNarrow
	d.editor.setNarrow(narrow)
	d.glance.setNarrow(narrow)
}

// rulesNarrow is from what width on all of the kinds stand side by side.
const rulesNarrow = 480

func (d *rulesDialog) right() fyne.CanvasObject {
	e := d.editor
	head := kit.Pad(18, 10, 12, 6, kit.Fixed(0, 28, e.head))
	foot := kit.Pad(14, 10, 14, 10, kit.HRow(8, kit.Spacer(), e.revert, e.save))
	d.writing = kit.Frame(head, kit.VStack(0, d.preview.root, kit.HLine(), foot), nil, nil, e.scroll)
	return d.writing
}

// empty is shown where nothing is written.
func (d *rulesDialog) empty() fyne.CanvasObject {
	d.nothing = kit.NewEmpty("reply", "Decide what a sender hears",
		"Choose a rule at the left, or make one: answer badly on purpose, late, in turn, by hand, or let your own app answer.",
		kit.NewButton(kit.ButtonSpec{Label: "New rule", Icon: "plus", Kind: kit.Primary, OnTap: d.rules.New}))
	return d.nothing
}

// update draws what has changed.
func (d *rulesDialog) update() {
	if d.app.Dialog != viewmodel.DialogRules {
		return // opened draws it
	}
	r := d.rules
	d.glance.update()
	show(d.rows, len(r.Rows) > 0)
	show(d.none, len(r.Rows) == 0)
	d.rows.Refresh()
	if at := r.Index(); at >= 0 && r.At != d.at {
		d.rows.ScrollTo(at)
	}
	d.at = r.At
	d.tell()
	show(d.writing, r.Draft != nil)
	show(d.nothing, r.Draft == nil)
	d.editor.update()
	d.preview.update()
	switch {
	case d.write != r.Write:
		d.write, d.list = r.Write, r.List
		if r.Draft != nil {
			d.editor.scroll.Top()
			d.editor.name.FocusEnd()
		}
	case d.list != r.List:
		d.list = r.List
		d.focusRows()
	}
}

// tell says what was done last.
func (d *rulesDialog) tell() {
	said := &d.rules.Said
	text, t := said.Text, tone(said.Tone)
	if text == "" && len(d.rules.Rows) > 0 {
		text, t = rulesKeys, kit.Muted
	}
	d.said.SetText(text)
	d.said.SetTone(t)
	show(d.undo, said.Undo != nil)
	d.line.Refresh()
}

// rulesKeys are the keys of the rules, which are no commands of the window's.
const rulesKeys = "Return edit · n new · Space on, off · Delete · Alt ↑ ↓"

// opened draws all of it and gives the keyboard to the rules, or to what is being
// written.
func (d *rulesDialog) opened() {
	d.list = d.rules.List
	d.update()
	if d.rules.Draft == nil || d.rules.Draft.ID != 0 {
		d.focusRows()
	}
}

// focusRows gives the keyboard to the rules. Without any the dialog itself has it.
func (d *rulesDialog) focusRows() {
	c := d.canvas()
	switch {
	case c == nil:
	case len(d.rules.Rows) > 0:
		c.Focus(d.rows)
	default:
		c.Unfocus()
	}
}

func (d *rulesDialog) canvas() fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(d.root)
}

// press takes a key that the widget with the keyboard had no use for. Those of the
// rules count where nothing else has it.
func (d *rulesDialog) press(key string) bool {
	c := d.canvas()
	if c == nil {
		return false
	}
	focused := c.Focused()
	elsewhere := focused != nil && focused != fyne.Focusable(d.rows)
	if key == "Escape" {
		if !elsewhere || len(d.rules.Rows) == 0 {
			return false
		}
		d.focusRows()
		return true
	}
	if elsewhere && !strings.Contains(key, "Mod+") {
		if _, frame := focused.(fyne.Widget); !frame || d.inside(focused) {
			return false
		}
	}
	return d.rules.Press(key)
}

// inside reports whether a widget is one of the dialog's own, and not its frame.
func (d *rulesDialog) inside(focused fyne.Focusable) bool {
	o, ok := focused.(fyne.CanvasObject)
	if !ok {
		return false
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	root := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.root)
	return at.X >= root.X && at.Y >= root.Y
}
