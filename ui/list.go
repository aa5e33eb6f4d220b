package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// listPane draws the list of callbacks with its head, what stands in its place
// while it is empty, and the pill that tells of new ones.
type listPane struct {
	widget.BaseWidget

	app  *viewmodel.App
	list *viewmodel.List

	head   *listHead
	paused *listPaused
	told   *listMeaning
	times  *histogram
	held   *heldBlock
	rows   *kit.Rows
	meta   bool            // rows have a third line
	middle *fyne.Container // the rows, or what stands in their place
	empty  *listEmpty
	pill   *kit.Button
	float  *fyne.Container // over the rows
	frame  *fyne.Container
	root   *fyne.Container

	revealed int // RevealSerial that was last seen
	placing  bool
}

// newListPane makes the pane.
func newListPane(app *viewmodel.App) *listPane {
	p := &listPane{app: app, list: app.List}
	p.head = newListHead(app)
	p.paused = newListPaused(app)
	p.told = newListMeaning(app)
	p.times = newHistogram(app)
	p.empty = newListEmpty(app)
	p.pill = kit.NewButton(kit.ButtonSpec{Icon: "arrow-up", Kind: kit.Outlined, Tone: kit.Accent, OnTap: app.List.ToTop})
	p.float = container.New(pillLayout{}, p.pill)
	p.middle = container.NewStack()
	p.buildRows()
	p.held = newHeldBlock(app, func() {
		if p.frame != nil {
			p.frame.Refresh()
		}
	})
	p.frame = kit.Frame(kit.VStack(0, p.head.root, p.times.root, p.told.root, p.paused.root, p.held.root), nil, nil, nil, p.middle)
	p.root = kit.Fill(kit.ColorPanel, p.frame)
	p.ExtendBaseWidget(p)
	app.List.Changed.Listen(p.update)
	app.Changed.Listen(p.update)
	app.Histogram.Changed.Listen(func() {
		if p.updateTimes() {
			p.frame.Refresh()
		}
	})
	p.update()
	return p
}

// CreateRenderer is for Fyne.
func (p *listPane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.root) }

// buildRows makes the rows anew: their height depends on the preferences.
func (p *listPane) buildRows() {
	p.meta = p.app.Preferences.RowMeta
	height := float32(rowPitch)
	if p.meta {
		height = rowPitchMeta
	}
	p.rows = kit.NewRows(kit.RowsSpec{
		Height: height,
		Count:  p.list.Len,
		New:    func() fyne.CanvasObject { return newRowView() },
		Update: func(i int, o fyne.CanvasObject) {
			if view, ok := o.(*rowView); ok {
				view.set(p.list.Row(i), p.rows.Hovered() == i, p.meta)
			}
		},
		OnTap: func(i int, modifier fyne.KeyModifier) {
			mod := modifier&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0
			p.list.Tap(i, modifier&fyne.KeyModifierShift != 0, mod)
		},
		OnDouble: func(int) { p.app.Enter() },
		OnMenu: func(i int, at fyne.Position) {
			p.list.Menu(i)
			p.menu(at)
		},
		OnScroll: func(top int, atTop bool) {
			if !p.placing {
				p.list.Scrolled(top, p.visible(), atTop)
			}
		},
	})
	p.middle.Objects = []fyne.CanvasObject{kit.Pad(0, 4, 0, 0, p.rows), p.float, p.empty.root}
}

func (p *listPane) visible() int {
	first, last := p.rows.VisibleRange()
	return last - first
}

// focus gives the keyboard to the list.
func (p *listPane) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.rows); c != nil {
		c.Focus(p.rows)
	}
}

// update shows the state of the list.
func (p *listPane) update() {
	if p.meta != p.app.Preferences.RowMeta {
		p.buildRows()
		p.middle.Refresh()
	}
	p.head.update()
	told, paused, times := p.told.update(), p.paused.update(), p.updateTimes()
	if told || paused || times {
		p.frame.Refresh()
	}
	empty := p.empty.update()
	show(p.rows, !empty)
	p.updatePill()
	if empty {
		return
	}
	p.placing = true
	_, rest := p.rows.Top()
	if p.list.Following {
		rest = 0
	}
	p.rows.SetTop(p.list.Top, rest)
	if p.revealed != p.list.RevealSerial {
		p.revealed = p.list.RevealSerial
		p.rows.ScrollTo(p.list.Reveal)
	}
	top, _ := p.rows.Top()
	p.list.Placed(top, p.visible())
	p.placing = false
}

// updateTimes draws the histogram, and reports whether it came or went.
func (p *listPane) updateTimes() bool {
	moved := p.times.update()
	show(p.head.rule, !p.times.root.Visible())
	return moved
}

func (p *listPane) updatePill() {
	text := p.list.Pill()
	p.pill.SetLabel(text)
	show(p.float, text != "")
	if text != "" {
		p.float.Refresh()
	}
}

// pillLayout puts the pill over the first rows, in the middle.
type pillLayout struct{}

// MinSize is for Fyne.
func (pillLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

// Layout is for Fyne.
func (pillLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		pill := o.MinSize()
		o.Resize(pill)
		o.Move(fyne.NewPos((size.Width-pill.Width)/2, 8))
	}
}

// show shows or hides an object.
func show(o fyne.CanvasObject, on bool) {
	switch {
	case on == o.Visible():
	case on:
		o.Show()
	default:
		o.Hide()
	}
}

// menu opens the context menu of what is selected.
func (p *listPane) menu(at fyne.Position) { openMenu(p.rows, at, p.list.MenuEntries()) }

// openMenu opens a menu of entries at a place of an object's canvas. An entry with
// more opens those in its place.
func openMenu(over fyne.CanvasObject, at fyne.Position, entries []viewmodel.MenuEntry) {
	c := fyne.CurrentApp().Driver().CanvasForObject(over)
	if c == nil || len(entries) == 0 {
		return
	}
	items := make([]kit.MenuItem, len(entries))
	for i, entry := range entries {
		items[i] = kit.MenuItem{
			Icon: kit.Icon(entry.Icon), Label: entry.Label, Keys: entry.Keys, Tone: kit.Tone(entry.Tone),
			Off: !entry.Enabled, Run: entry.Run,
		}
		if len(entry.More) > 0 {
			items[i].Run = func() { openMenu(over, at, entry.More) }
		}
	}
	kit.ShowMenu(c, at, items)
}
