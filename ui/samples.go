package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// samplesDialog draws "be the provider": at the left the providers and what each
// of them sends, at the right how it is made, and the request itself.
type samplesDialog struct {
	app   *viewmodel.App
	state *viewmodel.Samples

	root   fyne.CanvasObject
	right  *fyne.Container
	nav    map[string]*navRow
	column *fyne.Container
	modes  *kit.Segmented
	rows   *kit.Rows
	form   *samplesForm

	steps  *kit.Rows
	told   *kit.Text
	reveal *kit.Button
	head   *fyne.Container
	code   *kit.Code
	lower  *fyne.Container // steps and code

	pill *fyne.Container
	line *fyne.Container // pill, note and buttons
	note *kit.Paragraph
	stop *kit.Button
	send *kit.Button
	foot *fyne.Container

	text    *viewmodel.BodyText
	chosen  string
	outcome string
}

// sampleModes are what the list shows.
var sampleModes = []kit.Segment{{ID: "callbacks", Title: "Callbacks"}, {ID: "stories", Title: "Stories"}}

// newSamplesDialog makes the content of the dialog "Be the provider". It listens
// for as long as the program runs, so it is made once.
func newSamplesDialog(app *viewmodel.App) *samplesDialog {
	d := &samplesDialog{app: app, state: app.Samples, nav: map[string]*navRow{}, column: kit.VStack(2)}
	s := d.state
	d.form = newSamplesForm(app)
	d.modes = kit.NewSegmented(sampleModes, func(id string) {
		s.Change(func(f *viewmodel.SampleFields) { f.Stories = id == "stories" })
	})
	d.rows = newList(kit.RowsSpec{
		Count: func() int { return len(s.Rows()) },
		OnTap: func(i int, _ fyne.KeyModifier) { s.Choose(i) },
		OnKey: s.Key,
	}, newSampleFace, func(i int) sampleLine {
		r := s.Rows()[i]
		return sampleLine{title: r.Title, note: r.Note, at: r.At}
	})
	d.steps = newList(kit.RowsSpec{
		Count: func() int { return len(s.Steps) },
		OnTap: func(i int, _ fyne.KeyModifier) { s.ChooseStep(i) },
		OnKey: d.stepKey,
	}, newSampleFace, func(i int) sampleLine {
		step := &s.Steps[i]
		return sampleLine{number: step.Number, title: step.Title, note: step.After, right: step.Text, tone: tone(step.Tone), at: step.At}
	})
	d.right = kit.Frame(d.form.root, d.bottom(), nil, nil, d.preview())
	d.root = container.New(samplesColumns{}, d.left(), d.right)
	d.update()
	s.Changed.Listen(d.update)
	return d
}

// samplesLeft is how wide the left part is, where there is room.
const samplesLeft = 296

func (d *samplesDialog) left() fyne.CanvasObject {
	providers := kit.Pad(10, 12, 10, 10, d.column)
	modes := kit.Pad(18, 10, 18, 8, kit.HRow(0, d.modes))
	left := kit.Frame(kit.VStack(0, providers, kit.HLine(), modes), nil, nil, nil, kit.Pad(8, 0, 4, 8, d.rows))
	return kit.Frame(nil, nil, nil, kit.VLine(), kit.Fill(kit.ColorPanel, left))
}

// samplesColumns is the layout of the two parts.
type samplesColumns struct{}

// MinSize is for Fyne.
func (samplesColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 200) }

// Layout is for Fyne.
func (samplesColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(samplesLeft, size.Width*0.33)
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(left, size.Height))
	objects[1].Move(fyne.NewPos(left, 0))
	objects[1].Resize(fyne.NewSize(size.Width-left, size.Height))
}

// preview is the request, with the steps of a story beside it.
func (d *samplesDialog) preview() fyne.CanvasObject {
	s := d.state
	d.told = kit.NewShrinkingText(kit.RoleSmall, kit.Muted, "")
	d.reveal = kit.NewButton(kit.ButtonSpec{Icon: "eye", Tip: "Show the secrets", Tone: kit.Secondary, OnTap: func() { s.ShowSecrets(!s.Secrets) }})
	identity := kit.NewButton(kit.ButtonSpec{Icon: "key-round", Tip: "The test identity, for your app's test configuration", Tone: kit.Secondary, OnTap: s.ShowIdentity})
	d.code = kit.NewCode(kit.CodeSpec{OnCopy: d.app.Screen.Copy})
	d.head = kit.HRow(10, kit.NewText(kit.RoleSection, kit.Muted, "WHAT IS SENT"), d.told, kit.Spacer(), d.reveal, identity)
	head := kit.Fixed(0, 36, kit.Pad(18, 0, 10, 0, d.head))
	steps := kit.Frame(nil, nil, nil, kit.VLine(), kit.Pad(8, 6, 4, 6, d.steps))
	d.lower = container.New(sampleHalves{}, steps, d.code)
	return kit.Fill(kit.ColorGround, kit.Frame(kit.VStack(0, kit.HLine(), head), nil, nil, nil, d.lower))
}

// bottom is what became of it, and the button that sends.
func (d *samplesDialog) bottom() fyne.CanvasObject {
	s := d.state
	d.pill = container.NewStack()
	d.note = kit.NewParagraph(kit.RoleSmall, kit.Secondary, "")
	d.stop = kit.NewButton(kit.ButtonSpec{Label: "Stop", Icon: "x", Kind: kit.Outlined, OnTap: func() { s.Stop() }})
	d.send = kit.NewButton(kit.ButtonSpec{Label: "Send", Icon: "send", Kind: kit.Primary, Tip: "Send it", Keys: d.app.Commands.Shown("Mod+Return"), OnTap: s.Send})
	d.foot = kit.HRow(8, d.stop, d.send)
	d.line = kit.Frame(nil, nil, kit.HRow(0, d.pill), kit.Pad(10, 0, 0, 0, d.foot), container.New(middle{}, d.note))
	return kit.VStack(0, kit.HLine(), kit.Fixed(0, 52, kit.Pad(18, 0, 14, 0, d.line)))
}

// middle gives one object the whole width, at half the height.
type middle struct{}

// MinSize is for Fyne.
func (middle) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 16) }

// Layout is for Fyne.
func (middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(size.Width, o.Size().Height))
		height := min(o.MinSize().Height, size.Height)
		o.Move(fyne.NewPos(0, (size.Height-height)/2))
		o.Resize(fyne.NewSize(size.Width, height))
	}
}

// sampleHalves is the layout of steps and code; without steps the code has all.
type sampleHalves struct{}

// MinSize is for Fyne.
func (sampleHalves) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 120) }

// Layout is for Fyne.
func (sampleHalves) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	if objects[0].Visible() {
		x = min(320, size.Width*0.42)
		objects[0].Move(fyne.NewPos(0, 0))
		objects[0].Resize(fyne.NewSize(x, size.Height))
	}
	objects[1].Move(fyne.NewPos(x, 0))
	objects[1].Resize(fyne.NewSize(size.Width-x, size.Height))
}

// update draws what has changed.
func (d *samplesDialog) update() {
	if d.app.Dialog != viewmodel.DialogSamples {
		return // opened draws it
	}
	s := d.state
	for _, tab := range s.Tabs() {
		row := d.nav[tab.ID]
		if row == nil {
			row = newNavRow(tab.Name, hueDot(tab.Hue), func() {
				s.Change(func(f *viewmodel.SampleFields) { f.Provider = tab.ID })
			})
			d.nav[tab.ID] = row
			d.column.Add(row)
		}
		row.setSelected(tab.ID == s.Provider)
	}
	mode := sampleModes[0].ID
	if s.Stories {
		mode = sampleModes[1].ID
	}
	d.modes.SetSelected(mode)
	d.rows.Refresh()
	if chosen := s.Provider + mode + s.Sample + s.Scenario; chosen != d.chosen {
		d.chosen = chosen
		d.rows.ScrollTo(max(s.Index(), 0))
	}
	d.form.update()
	d.updatePreview()
	d.updateFoot()
	d.right.Refresh()
}

func (d *samplesDialog) updatePreview() {
	s := d.state
	d.told.SetText(s.Preview.Told)
	d.told.SetTone(tone(s.Preview.Tone))
	show(d.reveal, s.Preview.Secret)
	icon := kit.Icon("eye")
	if s.Secrets {
		icon = "eye-off"
	}
	d.reveal.SetIcon(icon)
	d.head.Refresh()
	if d.text != s.Preview.Text {
		d.text = s.Preview.Text
		d.code.SetText(codeText(d.text))
	}
	show(d.code, d.text != nil)
	show(d.lower.Objects[0], len(s.Steps) > 0)
	d.steps.Refresh()
	d.lower.Layout.Layout(d.lower.Objects, d.lower.Size())
}

func (d *samplesDialog) updateFoot() {
	s := d.state
	label := "Send"
	if s.Stories {
		label = "Tell it"
	}
	d.send.SetLabel(label)
	d.send.SetEnabled(s.CanSend())
	show(d.stop, s.Busy != "")
	d.foot.Refresh()
	text, t, note := "", kit.Secondary, ""
	switch {
	case s.Busy != "":
		note = s.Busy
	case s.Result != nil:
		text, t, note = s.Result.Text, tone(s.Result.Tone), s.Told()
	case s.Stories:
		note = s.Lasts()
	}
	if outcome := text + "\n" + note; outcome != d.outcome {
		d.outcome = outcome
		d.pill.Objects = nil
		if text != "" {
			d.pill.Objects = []fyne.CanvasObject{kit.Pad(0, 0, 10, 0, kit.NewStatusPill(text, t))}
		}
		d.pill.Refresh()
		d.note.SetText(note)
	}
	d.line.Refresh()
}

// opened draws all of it and gives the keyboard to the list.
func (d *samplesDialog) opened() {
	d.update()
	if c := d.canvas(); c != nil {
		c.Focus(d.rows)
	}
}

func (d *samplesDialog) canvas() fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(d.root)
}

// stepKey takes a key of the steps.
func (d *samplesDialog) stepKey(key string) bool {
	switch key {
	case "Down":
		d.state.ChooseStep(d.state.Step + 1)
	case "Up":
		d.state.ChooseStep(d.state.Step - 1)
	default:
		return false
	}
	return true
}

// press takes a key that the widget with the keyboard had no use for. In a field
// the arrows are its own.
func (d *samplesDialog) press(key string) bool {
	if !strings.Contains(key, "Mod+") && (d.form.to.Focused() || d.form.order.Focused()) {
		return false
	}
	return d.state.Key(key)
}
