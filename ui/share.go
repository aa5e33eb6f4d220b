package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// shareDialog draws what is to leave: at the left what is chosen, at the right
// every value that is taken out before.
type shareDialog struct {
	app   *viewmodel.App
	state *viewmodel.Share

	root   fyne.CanvasObject
	form   *shareForm
	right  *fyne.Container
	head   *fyne.Container
	title  *kit.Text
	told   *kit.Text
	reveal *kit.Button
	counts *fyne.Container
	rows   *kit.Rows
	over   *fyne.Container // in place of rows, where there are none
	warned *kit.Paragraph

	foot  *fyne.Container
	busy  *kit.Text
	stop  *kit.Button
	write *kit.Button

	drawn string // of counts
	empty string // of over
}

// newShareDialog makes the content of the dialog. It listens for as long as the
// program runs, so it is made once.
func newShareDialog(app *viewmodel.App) *shareDialog {
	d := &shareDialog{app: app, state: app.Share}
	d.form = newShareForm(app)
	d.right = kit.Frame(d.top(), d.bottom(), nil, nil, d.list())
	d.root = container.New(shareColumns{}, d.form.root, kit.VLine(), d.right)
	app.Share.Changed.Listen(d.update)
	return d
}

// shareLeft is how wide the choices are, where there is room.
const shareLeft = 372

// shareColumns is the layout of the two parts.
type shareColumns struct{}

// MinSize is for Fyne.
func (shareColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(420, 240) }

// Layout is for Fyne.
func (shareColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(shareLeft, size.Width*0.45)
	x := float32(0)
	for i, width := range []float32{left, 1, size.Width - left - 1} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

// takenOut is the title over the changes.
const takenOut = "WHAT IS TAKEN OUT"

// top is what is said of the changes, and how many there are of each kind.
func (d *shareDialog) top() fyne.CanvasObject {
	s := d.state
	d.told = kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, "")
	d.reveal = kit.NewButton(kit.ButtonSpec{Icon: "eye", Tip: "Show the secrets; a click on one shows it alone", Tone: kit.Secondary, OnTap: func() { s.ShowSecrets(!s.Secrets) }})
	d.title = kit.NewText(kit.RoleSection, kit.Muted, takenOut)
	d.head = kit.HRow(10, d.title, d.told, kit.Spacer(), d.reveal)
	d.counts = kit.Flow(6, 6)
	d.warned = kit.NewParagraph(kit.RoleSmall, kit.Warn, "")
	return kit.VStack(0, kit.Fixed(0, 40, kit.Pad(18, 0, 10, 0, d.head)), kit.Pad(18, 0, 18, 8, kit.VStack(8, d.counts, d.warned)), kit.HLine())
}

// list is the changes.
func (d *shareDialog) list() fyne.CanvasObject {
	s := d.state
	d.rows = newList(kit.RowsSpec{
		Count: s.Len,
		OnTap: func(i int, _ fyne.KeyModifier) { s.ShowRow(i) },
	}, newChangeFace, s.Row)
	d.over = container.NewStack()
	return kit.Fill(kit.ColorGround, container.NewStack(kit.Pad(8, 4, 4, 4, d.rows), d.over))
}

// bottom is what is under way, and the button that writes.
func (d *shareDialog) bottom() fyne.CanvasObject {
	s := d.state
	d.busy = kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, "")
	d.stop = kit.NewButton(kit.ButtonSpec{Label: "Stop", Icon: "x", Kind: kit.Outlined, OnTap: s.Stop})
	d.write = kit.NewButton(kit.ButtonSpec{Label: "Save as …", Icon: "download", Kind: kit.Primary, Tip: "Write the file", Keys: d.app.Commands.Shown("Mod+Return"), OnTap: s.Write})
	d.foot = kit.HRow(8, d.busy, kit.Spacer(), d.stop, d.write)
	return kit.VStack(0, kit.HLine(), kit.Fixed(0, 52, kit.Pad(18, 0, 14, 0, d.foot)))
}

// update draws what has changed.
func (d *shareDialog) update() {
	if d.app.Dialog != viewmodel.DialogShare {
		return // opened draws it
	}
	s := d.state
	d.form.update()
	title := takenOut
	if s.Profile == "none" {
		title = "WHAT IS IN THERE"
	}
	d.title.SetText(title)
	told := s.Told()
	if s.Nothing() {
		told = "" // it is said below
	}
	d.told.SetText(told)
	d.told.SetTone(kit.Secondary)
	icon := kit.Icon("eye")
	if s.Secrets {
		icon = "eye-off"
	}
	d.reveal.SetIcon(icon)
	show(d.reveal, s.Len() > 0)
	d.head.Refresh()
	d.updateCounts()
	warned := strings.Join(s.Warnings, " ")
	d.warned.SetText(warned)
	show(d.warned, warned != "")
	show(d.rows, s.Len() > 0)
	d.rows.Refresh()
	d.updateOver()
	d.updateFoot()
	d.right.Refresh()
}

func (d *shareDialog) updateCounts() {
	counts := d.state.Counts()
	drawn := ""
	for _, c := range counts {
		drawn += c.Text
		if c.At {
			drawn += "*"
		}
		drawn += "\n"
	}
	if drawn == d.drawn {
		return
	}
	d.drawn = drawn
	d.counts.Objects = nil
	for _, c := range counts {
		kind := kit.Outlined
		if c.At {
			kind = kit.Lit
		}
		d.counts.Add(kit.NewButton(kit.ButtonSpec{Label: c.Text, Kind: kind, Tone: tone(c.Tone), Tip: "List only these, or all again", OnTap: func() { d.state.Choose(c.Kind) }}))
	}
	show(d.counts, len(counts) > 0)
	d.counts.Refresh()
}

// updateOver says why no change is listed.
func (d *shareDialog) updateOver() {
	s := d.state
	title, sentence, icon := "", "", kit.Icon("shield-check")
	var act []fyne.CanvasObject
	switch {
	case s.Len() > 0:
	case s.Problem != "":
		title, sentence, icon = "Not like this", s.Problem, "triangle-alert"
	case s.Busy != "":
		title, sentence, icon = s.Busy, "Nothing is written before all that changes was shown.", "loader"
	case s.Stopped:
		title, sentence, icon = "It was stopped", "Nothing is written before all that changes was shown.", "circle-x"
		act = append(act, kit.NewButton(kit.ButtonSpec{Label: "Look again", Icon: "rotate-cw", Kind: kit.Outlined, OnTap: s.Again}))
	case s.Nothing():
		title, sentence, icon = "Nothing to share", s.Told(), "inbox"
	case s.Told() != "":
		title, sentence = "Nothing to take out", s.Told()
	}
	if key := title + "\n" + sentence; key != d.empty {
		d.empty = key
		d.over.Objects = nil
		if title != "" {
			d.over.Objects = []fyne.CanvasObject{kit.NewEmpty(icon, title, sentence, act...)}
		}
		d.over.Refresh()
	}
}

func (d *shareDialog) updateFoot() {
	s := d.state
	text := s.Size()
	if s.Busy != "" {
		text = s.Busy
		if words := viewmodel.ProgressWords(s.Done, s.Total); words != "" {
			text += " " + words
		}
	}
	d.busy.SetText(text)
	show(d.stop, s.Busy != "")
	d.write.SetEnabled(s.CanWrite())
	kind := kit.Primary
	if s.Profile == "none" {
		kind = kit.Danger
	}
	d.write.SetKind(kind)
	d.foot.Refresh()
}

// opened draws all of it.
func (d *shareDialog) opened() { d.update() }

// press takes a key that the widget with the keyboard had no use for.
func (d *shareDialog) press(key string) bool {
	if key == "Mod+Return" {
		d.state.Write()
		return true
	}
	return false
}
