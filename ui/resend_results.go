package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// manySide draws the first request before they are sent, then how far it has come
// and what became of each.
type manySide struct {
	app  *viewmodel.App
	many *viewmodel.ResendMany

	root    *fyne.Container
	before  fyne.CanvasObject
	after   fyne.CanvasObject
	count   *kit.Text
	first   *kit.Paragraph
	page    *kit.Scroll
	rows    *kit.Rows
	report  *fyne.Container
	said    *kit.Scroll
	bar     *resendBar
	running *fyne.Container
	told    *kit.Text
	pause   *kit.Button
	filter  *kit.Select
	tools   *fyne.Container
	more    *kit.Text

	drawn int // sentences of the report that are drawn
}

func newManySide(app *viewmodel.App) *manySide {
	s := &manySide{app: app, many: app.Detail.Resend.Many}
	m := s.many
	s.count = kit.NewShrinkingText(kit.RoleBody, kit.Plain, "")
	s.first = kit.NewParagraph(kit.RoleMono, kit.Secondary, "")
	s.page = kit.VScroll(kit.Pad(16, 14, 16, 14, kit.VStack(12, s.count, section("The first request, exactly", s.first))))
	s.before = s.page
	s.rows = kit.NewRows(kit.RowsSpec{
		Height: manyRowHeight,
		Count:  func() int { return len(m.Rows) },
		New:    func() fyne.CanvasObject { return newManyRow() },
		Update: func(i int, o fyne.CanvasObject) {
			if row, ok := o.(*manyRow); ok && i < len(m.Rows) {
				row.set(&m.Rows[i])
			}
		},
		OnDouble: func(i int) {
			if i < len(m.Rows) && m.Rows[i].ID != 0 {
				id := m.Rows[i].ID
				app.Open(viewmodel.NoDialog)
				app.Detail.Go(id)
			}
		},
	})
	s.told = kit.NewShrinkingText(kit.RoleBody, kit.Plain, "")
	s.pause = kit.NewButton(kit.ButtonSpec{Label: "Pause", Icon: "pause", Kind: kit.Outlined, OnTap: m.Pause})
	s.bar = newResendBar()
	s.running = kit.VStack(8, kit.HRow(8, s.told, kit.Spacer(), s.pause, kit.NewButton(kit.ButtonSpec{Label: "Cancel", Kind: kit.Outlined, OnTap: m.Cancel})), s.bar)
	s.report = kit.VStack(6)
	s.said = kit.VScroll(s.report)
	s.filter = kit.NewSelect(manyOptions(viewmodel.ManyFilters), "", m.SetFilter)
	tool := func(label string, run func()) *kit.Button {
		return kit.NewButton(kit.ButtonSpec{Label: label, Icon: "copy", Tone: kit.Secondary, OnTap: run})
	}
	s.tools = kit.HRow(6, kit.Fixed(150, 0, s.filter), kit.Spacer(), tool("CSV", m.CopyCSV), tool("JSON lines", m.CopyJSON))
	s.more = kit.NewShrinkingText(kit.RoleSmall, kit.Muted, "")
	head := kit.Pad(16, 14, 14, 8, kit.VStack(10, s.running, container.New(&upTo{130, s.report}, s.said), kit.Fixed(0, 30, s.tools)))
	s.after = kit.Frame(kit.VStack(0, head, kit.HLine()), kit.Pad(16, 6, 16, 8, s.more), nil, nil, kit.Pad(8, 4, 4, 4, s.rows))
	s.root = container.NewStack(kit.Fill(kit.ColorGround, container.NewStack(s.before, s.after)))
	return s
}

// upTo gives a scrolled part the height of what is in it, but not more than most.
type upTo struct {
	most  float32
	inner *fyne.Container
}

// MinSize is for Fyne.
func (l *upTo) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if !objects[0].Visible() {
		return fyne.Size{}
	}
	return fyne.NewSize(100, min(l.inner.MinSize().Height, l.most))
}

// Layout is for Fyne.
func (l *upTo) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}

func (s *manySide) update() {
	m := s.many
	sent := m.Running || len(m.Report) > 0 || len(m.Rows) > 0
	show(s.before, !sent)
	show(s.after, sent)
	s.count.SetText(m.Count)
	s.first.SetText(m.First)
	show(s.running, m.Running)
	s.told.SetText(m.Progress)
	label, icon := "Pause", kit.Icon("pause")
	if m.Paused {
		label, icon = "Go on", "play"
	}
	s.pause.SetLabel(label)
	s.pause.SetIcon(icon)
	s.bar.set(m.Part)
	if s.drawn != len(m.Report) {
		s.drawn = len(m.Report)
		s.report.Objects = nil
		for _, line := range m.Report {
			s.report.Add(newBullet(mark(line.Tone), tone(line.Tone), kit.NewParagraph(kit.RoleBody, kit.Plain, line.Text)))
		}
		s.report.Refresh()
	}
	show(s.said, len(m.Report) > 0)
	s.filter.SetChosen(m.Filter)
	s.more.SetText(firstOf(m.More, "A double click shows the resend."))
	s.rows.Refresh()
	s.root.Refresh()
}

// resendBar is a line that fills up.
type resendBar struct {
	widget.BaseWidget

	part       float32
	back, full *kit.Surface
}

func newResendBar() *resendBar {
	b := &resendBar{back: kit.NewCard(kit.ColorLine, "", 2), full: kit.NewCard(kit.ColorAccent, "", 2)}
	b.ExtendBaseWidget(b)
	return b
}

func (b *resendBar) set(part float32) {
	if b.part != part {
		b.part = part
		b.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (b *resendBar) CreateRenderer() fyne.WidgetRenderer {
	return &resendBarRenderer{b}
}

type resendBarRenderer struct{ bar *resendBar }

// MinSize is for Fyne.
func (resendBarRenderer) MinSize() fyne.Size { return fyne.NewSize(40, 4) }

// Layout is for Fyne.
func (r resendBarRenderer) Layout(size fyne.Size) {
	r.bar.back.Resize(size)
	r.bar.full.Resize(fyne.NewSize(size.Width*min(r.bar.part, 1), size.Height))
}

// Refresh is for Fyne.
func (r resendBarRenderer) Refresh() { r.Layout(r.bar.Size()); r.bar.full.Refresh() }

// Objects is for Fyne.
func (r resendBarRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.bar.back, r.bar.full}
}

// Destroy is for Fyne.
func (resendBarRenderer) Destroy() {}

// manyRowHeight is that of a result.
const manyRowHeight = 44

// manyRow is one result of many.
type manyRow struct {
	widget.BaseWidget

	origin, target, verdict, word, took *kit.Text
	pill                                *kit.Badge
	root                                *fyne.Container
	first, second                       *fyne.Container
}

func newManyRow() *manyRow {
	r := &manyRow{
		origin:  kit.NewText(kit.RoleMonoSmall, kit.Muted, ""),
		target:  kit.NewShrinkingText(kit.RoleMonoSmall, kit.Plain, ""),
		verdict: kit.NewText(kit.RoleSmall, kit.Plain, ""),
		word:    kit.NewShrinkingText(kit.RoleSmall, kit.Muted, ""),
		took:    kit.NewText(kit.RoleMonoSmall, kit.Muted, ""),
		pill:    kit.NewStatusPill("", kit.Muted),
	}
	r.first = kit.HRow(8, r.pill, r.verdict, r.target, kit.Spacer(), r.took)
	r.second = kit.HRow(8, r.origin, r.word, kit.Spacer())
	r.root = kit.Pad(8, 3, 16, 3, kit.VStack(2, r.first, r.second))
	r.ExtendBaseWidget(r)
	return r
}

func (r *manyRow) set(row *viewmodel.ManyRow) {
	r.origin.SetText(row.Origin)
	r.target.SetText(row.Target)
	r.verdict.SetText(row.Verdict)
	r.verdict.SetTone(tone(row.Judged))
	r.word.SetText(row.Word)
	r.took.SetText(row.Took)
	r.pill.SetText(row.Status)
	r.pill.SetTone(tone(row.Tone))
	r.first.Refresh()
	r.second.Refresh()
}

// CreateRenderer is for Fyne.
func (r *manyRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.root) }
