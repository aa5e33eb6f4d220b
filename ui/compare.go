package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// compareDialog draws how two callbacks differ: over each side what it is, below
// them their lines, beside each other where there is room.
type compareDialog struct {
	app     *viewmodel.App
	compare *viewmodel.Comparison

	root    *fyne.Container
	frame   *fyne.Container // of the sides and what is below
	sides   *fyne.Container
	summary *kit.Text
	which   *kit.Text // "2 of 7"
	before  *kit.Button
	next    *kit.Button
	unfold  *kit.Button
	copy    *kit.Button
	tools   *fyne.Container
	diff    *kit.Diff
	path    *kit.Text
	note    *kit.Text
	foot    *fyne.Container
	shown   fyne.CanvasObject // all of it but the sides
	instead *fyne.Container   // what is there while there is nothing to compare

	drawn struct {
		sides   [2]viewmodel.CompareSide
		wide    bool
		ready   bool
		busy    string
		problem string
	}
	began bool // something was drawn since it was opened
}

// compareBeside is from what width on both sides stand beside each other.
const compareBeside = 1100

// compareWhole gives the dialog its room, and tells how wide that is.
type compareWhole struct{ resized func(width float32) }

// MinSize is for Fyne.
func (compareWhole) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 240) }

// Layout is for Fyne.
func (l compareWhole) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.resized(size.Width)
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

// newCompareDialog makes the content of the dialog "Compare". It listens for as
// long as the program runs, so it is made once.
func newCompareDialog(app *viewmodel.App) *compareDialog {
	c := app.Compare
	d := &compareDialog{app: app, compare: c, sides: container.NewStack(), instead: container.NewStack()}
	d.diff = kit.NewDiff(kit.DiffSpec{Count: c.Len, Row: d.row, OnMove: c.Move, OnTap: c.Press, OnKey: c.Key})
	d.summary = kit.NewShrinkingText(kit.RoleRow, kit.Plain, "")
	d.which = kit.NewText(kit.RoleMonoSmall, kit.Muted, "")
	d.before = kit.NewButton(kit.ButtonSpec{Icon: "arrow-up", Tip: "The change before", Keys: "p", Tone: kit.Secondary, OnTap: func() { c.NextChange(-1) }})
	d.next = kit.NewButton(kit.ButtonSpec{Icon: "arrow-down", Tip: "The next change", Keys: "n", Tone: kit.Secondary, OnTap: func() { c.NextChange(1) }})
	d.unfold = kit.NewButton(kit.ButtonSpec{Label: "Show all lines", Kind: kit.Outlined, Tip: "Show the equal lines too, or fold them", Keys: "e", OnTap: c.Unfold})
	d.copy = kit.NewButton(kit.ButtonSpec{Label: "Copy", Icon: "copy", Kind: kit.Outlined, Tip: "Copy the differences as text", Keys: "c", OnTap: c.Copy})
	d.tools = kit.HRow(8, d.summary, kit.Spacer(), d.which, d.before, d.next, d.unfold, d.copy)
	d.path = kit.NewShrinkingText(kit.RoleMono, kit.Secondary, "")
	d.note = kit.NewShrinkingText(kit.RoleSmall, kit.Muted, "")
	d.foot = kit.HRow(12, d.path, d.note, kit.Spacer(), kit.NewText(kit.RoleSmall, kit.Muted, "n next change · p before · Return unfold · e all"))
	bar := kit.Fixed(0, 44, kit.Pad(16, 0, 12, 0, d.tools))
	foot := kit.Frame(kit.HLine(), nil, nil, nil, kit.Fixed(0, 34, kit.Pad(16, 0, 16, 0, d.foot)))
	d.shown = kit.Frame(kit.VStack(0, kit.HLine(), bar, kit.HLine()), foot, nil, nil, kit.Fill(kit.ColorGround, d.diff))
	below := container.NewStack(d.shown, d.instead)
	d.frame = kit.Frame(d.sides, nil, nil, nil, below)
	d.root = container.New(compareWhole{d.resized}, d.frame)
	c.Changed.Listen(d.update)
	c.Moved.Listen(d.moved)
	return d
}

// resized is told how wide the dialog is.
func (d *compareDialog) resized(width float32) { d.compare.SetWide(width >= compareBeside) }

// opened draws all of it.
func (d *compareDialog) opened() {
	d.began = false
	d.update()
	d.focus()
}

// focus gives the keyboard to the lines, where there are any.
func (d *compareDialog) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(d.root); c != nil && d.compare.Ready() {
		c.Focus(d.diff)
	}
}

// update draws what has changed.
func (d *compareDialog) update() {
	c := d.compare
	if d.app.Dialog != viewmodel.DialogCompare {
		return // opened draws it
	}
	now := d.drawn
	now.sides, now.wide, now.ready, now.busy, now.problem = c.Sides, c.Wide(), c.Ready(), c.Busy, c.Problem
	if !d.began || d.drawn.sides != now.sides || d.drawn.wide != now.wide {
		d.sides.Objects = []fyne.CanvasObject{d.heads()}
		d.frame.Layout.Layout(d.frame.Objects, d.frame.Size())
		d.frame.Refresh()
	}
	first := now.ready && (!d.began || !d.drawn.ready)
	if !d.began || now != d.drawn {
		d.instead.Objects = d.other()
		d.instead.Refresh()
	}
	d.began, d.drawn = true, now
	show(d.shown, now.ready && c.Busy == "" && c.Problem == "")
	d.summary.SetText(c.Summary)
	d.summary.SetTone(tone(c.Tone))
	label := "Show all lines"
	if c.Unfolded() {
		label = "Fold"
	}
	d.unfold.SetLabel(label)
	digits := 0
	if highest := c.Numbers(); highest > 0 {
		digits = len(strconv.Itoa(highest))
	}
	d.diff.SetSplit(c.Wide(), digits)
	d.diff.SetMarks(c.Marks())
	if first {
		d.diff.ToTop()
		d.focus()
	}
	d.moved()
}

// moved draws where the keys are.
func (d *compareDialog) moved() {
	c := d.compare
	text := ""
	switch {
	case c.Changes > 0 && c.Change > 0:
		text = strconv.Itoa(c.Change) + " of " + strconv.Itoa(c.Changes)
	case c.Changes == 1:
		text = "1 change"
	case c.Changes > 0:
		text = strconv.Itoa(c.Changes) + " changes"
	}
	d.which.SetText(text)
	d.before.SetEnabled(c.Changes > 0)
	d.next.SetEnabled(c.Changes > 0)
	d.tools.Refresh()
	path, note := c.Place()
	if c.Said != "" {
		note = c.Said
	}
	d.path.SetText(path)
	d.note.SetText(note)
	d.foot.Refresh()
	d.diff.SetCurrent(c.At)
}

// other is what stands there while there is nothing to compare.
func (d *compareDialog) other() []fyne.CanvasObject {
	c := d.compare
	switch {
	case c.Problem != "":
		return []fyne.CanvasObject{kit.NewEmpty("triangle-alert", "Nothing to compare", c.Problem)}
	case c.Busy != "":
		line := kit.Fixed(420, 40, kit.NewProgress(c.Busy, c.Close))
		return []fyne.CanvasObject{kit.VStack(0, kit.Spacer(), kit.HRow(0, kit.Spacer(), line, kit.Spacer()), kit.Spacer())}
	}
	return nil
}

// row is a row as it is drawn.
func (d *compareDialog) row(i int) kit.DiffRow {
	r := d.compare.Row(i)
	row := kit.DiffRow{
		Text: r.Text, Hint: r.Hint, Tone: tone(r.Tone), Open: r.Open, Action: r.Action, Remark: r.Note, Syntax: kit.Syntax(r.Syntax),
		A: diffSide(r.A, r.NumberA, r.MarksA), B: diffSide(r.B, r.NumberB, r.MarksB),
	}
	switch r.Kind {
	case viewmodel.CompareGap:
		row.Kind = kit.DiffGap
	case viewmodel.CompareTitle:
		row.Kind = kit.DiffTitle
	case viewmodel.CompareNote, viewmodel.CompareKey:
		row.Kind = kit.DiffNote
	case viewmodel.CompareFold:
		row.Kind = kit.DiffFold
	case viewmodel.CompareSame:
		row.Kind = kit.DiffSame
	case viewmodel.CompareChanged:
		row.Kind = kit.DiffChanged
	case viewmodel.CompareRemoved:
		row.Kind = kit.DiffRemoved
	case viewmodel.CompareAdded:
		row.Kind = kit.DiffAdded
	}
	return row
}

func diffSide(text string, number int, marks []viewmodel.CompareSpan) kit.DiffSide {
	side := kit.DiffSide{Text: text}
	if number > 0 {
		side.Number = strconv.Itoa(number)
	}
	for _, m := range marks {
		side.Marks = append(side.Marks, [2]int{m.From, m.To})
	}
	return side
}
