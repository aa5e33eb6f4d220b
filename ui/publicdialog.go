package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// publicDialog draws the public address: at the left how it stands and what can
// be done, at the right what can be chosen.
type publicDialog struct {
	app    *viewmodel.App
	public *viewmodel.PublicAddress

	page   *fyne.Container
	scroll *kit.Scroll
	form   *publicForm
	choose *kit.Scroll
	shape  string
}

// publicLeft is how wide the left part is, where there is room.
const publicLeft = 452

// publicColumns is the layout of the two parts and the line between them.
type publicColumns struct{}

// MinSize is for Fyne.
func (publicColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 200) }

// Layout is for Fyne.
func (publicColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(publicLeft, size.Width/2)
	x := float32(0)
	for i, width := range []float32{left, 1, size.Width - left - 1} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

// newPublicDialog makes the content of the dialog "Public address". It listens
// for as long as the program runs, so it is made once.
func newPublicDialog(app *viewmodel.App) fyne.CanvasObject {
	d := &publicDialog{app: app, public: app.Public, page: kit.VStack(0), form: newPublicForm(app)}
	d.scroll = kit.VScroll(kit.Pad(20, 16, 20, 20, d.page))
	d.choose = kit.VScroll(kit.Pad(20, 16, 20, 20, d.form.root))
	d.update()
	app.Public.Changed.Listen(d.update)
	return container.New(publicColumns{}, d.scroll, kit.VLine(), d.choose)
}

func (d *publicDialog) update() {
	d.form.update()
	d.choose.Refresh()
	p := d.public
	title, ready := p.Act()
	shape := fmt.Sprint(p.Word, p.Tone, p.Sentence, p.Code, p.URL, p.Latency, p.Account, p.Checking, p.Test, p.Busy, p.Problem,
		p.Diagnosis, p.Diagnosed, p.Steps, p.History.Gaps, p.History.Lines, title, ready, p.Live())
	if shape == d.shape {
		return
	}
	d.shape = shape
	d.page.Objects = []fyne.CanvasObject{d.build()}
	d.page.Refresh()
	d.scroll.Refresh()
}

func (d *publicDialog) build() fyne.CanvasObject {
	p := d.public
	stack := kit.VStack(12, publicHead(p))
	if p.URL != "" {
		stack.Add(codeBox(p.URL, p.Copy))
	}
	stack.Add(kit.NewParagraph(kit.RoleBody, kit.Plain, p.Sentence))
	if p.Code != "" {
		stack.Add(kit.HRow(8, kit.NewBadge(p.Code, tone(p.Tone)),
			kit.NewButton(kit.ButtonSpec{Label: "What ngrok says of it", Icon: "external-link", Tone: kit.Secondary, OnTap: p.OpenHelp})))
	}
	if p.Problem != "" {
		stack.Add(kit.NewParagraph(kit.RoleBody, kit.Bad, p.Problem))
	}
	stack.Add(publicActs(p))
	stack.Add(sectionHead("SELF-TEST"))
	stack.Add(d.test())
	if p.Diagnosis || p.Diagnosed != "" {
		stack.Add(sectionHead("DIAGNOSIS"))
		stack.Add(d.diagnosis())
	}
	stack.Add(sectionHead("HISTORY"))
	stack.Add(publicHistory(p.History))
	return stack
}

// publicHead is the state in a word, with what the service tells beside it.
func publicHead(p *viewmodel.PublicAddress) fyne.CanvasObject {
	row := kit.HRow(9, kit.NewDot(kit.ColorMuted, 9), kit.NewShrinkingText(kit.RolePage, kit.Plain, p.Word), kit.Spacer())
	if dot, ok := row.Objects[0].(*kit.Dot); ok {
		dot.SetTone(tone(p.Tone))
	}
	if p.Latency != "" {
		row.Add(kit.NewText(kit.RoleMono, kit.Secondary, p.Latency))
	}
	if p.Account == "" {
		return row
	}
	return kit.VStack(4, row, kit.HRow(0, kit.NewShrinkingText(kit.RoleSmall, kit.Muted, p.Account)))
}

// publicActs are the buttons that open and close.
func publicActs(p *viewmodel.PublicAddress) fyne.CanvasObject {
	title, ready := p.Act()
	kind := kit.Primary
	if p.Live() && !p.Stale() {
		kind = kit.Outlined
	}
	connect := kit.NewButton(kit.ButtonSpec{Label: title, Icon: "plug", Kind: kind, OnTap: p.Connect})
	connect.SetEnabled(ready)
	row := kit.Flow(8, 8, connect)
	if p.Wanted() {
		off := kit.NewButton(kit.ButtonSpec{Label: "Disconnect", Icon: "x", Kind: kit.Outlined, OnTap: p.Disconnect})
		off.SetEnabled(p.Busy == "")
		row.Add(off)
	}
	find := kit.NewButton(kit.ButtonSpec{Label: "Diagnose", Icon: "search", Kind: kit.Outlined, Tip: "Try each step on the way to ngrok's service", OnTap: p.Diagnose})
	find.SetEnabled(!p.Diagnosis)
	row.Add(find)
	return row
}

// test is the last self-test, and the button for another.
func (d *publicDialog) test() fyne.CanvasObject {
	p := d.public
	words, t := p.Test, tone(p.TestTone)
	switch {
	case p.Checking:
		words, t = "A request of ours is on its way …", kit.Secondary
	case words == "":
		words, t = "A request of ours goes out to the public address and has to come back in. It is not kept as a callback.", kit.Muted
	}
	again := kit.NewButton(kit.ButtonSpec{Label: p.TestTitle(), Icon: "rotate-cw", Kind: kit.Outlined, OnTap: p.CheckNow})
	again.SetEnabled(p.Live() && !p.Checking)
	return kit.VStack(8, kit.NewParagraph(kit.RoleBody, t, words), kit.HRow(0, again))
}

// diagnosis lists the steps on the way to the service.
func (d *publicDialog) diagnosis() fyne.CanvasObject {
	p := d.public
	if p.Diagnosis {
		return kit.NewProgress("Trying each step …", nil)
	}
	stack := kit.VStack(8)
	for i := range p.Steps {
		step := &p.Steps[i]
		icon, t := kit.Icon("circle-check"), kit.Good
		if !step.OK {
			icon, t = "circle-x", kit.Bad
		}
		stack.Add(newBullet(icon, t, kit.NewParagraph(kit.RoleBody, kit.Plain, step.Name), kit.NewParagraph(kit.RoleSmall, kit.Secondary, step.Text)))
	}
	stack.Add(kit.NewText(kit.RoleSmall, kit.Muted, "Tried at "+p.Diagnosed))
	return stack
}

// publicHistory lists the gaps, then every change.
func publicHistory(h *viewmodel.PublicHistory) fyne.CanvasObject {
	stack := kit.VStack(8)
	if len(h.Lines) == 0 {
		stack.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, "Nothing has happened yet."))
	}
	for _, gap := range h.Gaps {
		t := kit.Warn
		if gap.Now {
			t = kit.Bad
		}
		words := []*kit.Paragraph{kit.NewParagraph(kit.RoleBody, kit.Plain, gap.Text)}
		if gap.Why != "" {
			words = append(words, kit.NewParagraph(kit.RoleSmall, kit.Muted, gap.Why))
		}
		stack.Add(newBullet("triangle-alert", t, words...))
	}
	lines := kit.VStack(5)
	for i := range h.Lines {
		line := &h.Lines[i]
		lines.Add(kit.HRow(8,
			kit.Fixed(84, 0, kit.NewText(kit.RoleMonoSmall, kit.Muted, line.When)),
			kit.Fixed(86, 0, kit.NewText(kit.RoleSmall, tone(line.Tone), line.Word)),
			kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, line.Text)))
	}
	stack.Add(lines)
	return stack
}
