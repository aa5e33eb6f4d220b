package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// overviewPane draws a callback as people read it.
type overviewPane struct {
	app   *viewmodel.App
	page  *page
	shown *viewmodel.Page

	filter string // whose words are marked
}

func newOverviewPane(app *viewmodel.App) *overviewPane {
	return &overviewPane{app: app, page: newPage()}
}

func (p *overviewPane) object() fyne.CanvasObject { return p.page.scroll }

func (p *overviewPane) update(bool) {
	shown := p.app.Detail.Page
	if shown == nil || shown == p.shown && p.app.List.HitsOf() == p.filter {
		return
	}
	p.filter = p.app.List.HitsOf()
	top := p.shown == nil || p.shown.ID != shown.ID
	p.shown = shown
	o := &shown.Overview
	content := []fyne.CanvasObject{heading(o)}
	if o.Note != "" {
		content = append(content, newBullet("sticky-note", kit.Warn, kit.NewParagraph(kit.RoleBody, kit.Plain, o.Note)))
	}
	if notes := overviewNotes(o); notes != nil {
		content = append(content, notes)
	}
	content = append(content, p.groups(o)...)
	if o.Text != "" {
		text := kit.NewParagraph(kit.RoleMono, kit.Secondary, o.Text)
		content = append(content, section("The body, as text", kit.Pad(0, 2, 0, 0, text)))
	}
	content = append(content, p.expectation(o))
	p.page.put(top, content...)
}

// heading is what the callback says, in one line or two.
func heading(o *viewmodel.Overview) fyne.CanvasObject {
	title := kit.NewShrinkingText(kit.RolePane, kit.Plain, o.Title)
	if o.Summary == "" {
		return title
	}
	return kit.VStack(4, title, kit.NewParagraph(kit.RoleBody, kit.Secondary, o.Summary))
}

func overviewNotes(o *viewmodel.Overview) fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, note := range o.Notes {
		icon, text := kit.Icon("triangle-alert"), kit.Plain
		if note.Tone == viewmodel.Bad {
			icon = "circle-alert"
		}
		if note.Tone == viewmodel.Secondary {
			icon, text = "info", kit.Secondary
		}
		lines = append(lines, newBullet(icon, tone(note.Tone), kit.NewParagraph(kit.RoleBody, text, note.Text)))
	}
	if lines == nil {
		return nil
	}
	return kit.VStack(8, lines...)
}

// groups draws the titled parts, their label columns in one grid.
func (p *overviewPane) groups(o *viewmodel.Overview) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	var tables []*kit.FactTable
	for i := range o.Groups {
		g := &o.Groups[i]
		var parts []fyne.CanvasObject
		if g.Hint != "" {
			parts = append(parts, kit.NewParagraph(kit.RoleSmall, kit.Muted, g.Hint))
		}
		if len(g.Facts) > 0 {
			table := factTable(p.app, g.Facts)
			tables = append(tables, table)
			parts = append(parts, table)
		}
		if len(g.Rows) > 0 {
			grid := kit.NewGrid(gridColumns(g), gridRows(p.app, g, p.page.scroll), func(value string) {
				p.app.Detail.CopyValue(value, value)
			})
			parts = append(parts, grid.SetMarks(p.app.List.Hits))
		}
		for _, note := range g.Notes {
			parts = append(parts, kit.NewParagraph(kit.RoleCaption, kit.Muted, note))
		}
		all = append(all, section(g.Title, parts...))
	}
	align(tables)
	return all
}

// align gives several tables one label column.
func align(tables []*kit.FactTable) {
	width := float32(0)
	for _, table := range tables {
		width = max(width, table.AlignLabels(0))
	}
	for _, table := range tables {
		table.AlignLabels(width)
	}
}

// kitFacts are facts as they are drawn; links in them lead nowhere.
func kitFacts(facts []viewmodel.DetailFact) []kit.Fact {
	drawn := make([]kit.Fact, len(facts))
	for i := range facts {
		f := &facts[i]
		drawn[i] = kit.Fact{Label: f.Label, Value: f.Value, Note: f.Note, Tone: tone(f.Tone), Mono: f.Mono, Copy: f.Copy}
	}
	return drawn
}

// factTable draws facts, whose values a click copies.
func factTable(app *viewmodel.App, facts []viewmodel.DetailFact) *kit.FactTable {
	drawn := kitFacts(facts)
	var table *kit.FactTable
	for i := range facts {
		drawn[i].OnMenu = func(at fyne.Position) { openMenu(table, at, app.Detail.FactMenu(&facts[i])) }
		if link := facts[i].Link; link != "" {
			drawn[i].OnOpen = func() { app.Detail.OpenLink(link) }
		}
		if id := facts[i].Goes; id != 0 {
			drawn[i].OnOpen = func() { app.Detail.Go(id) }
		}
	}
	table = kit.NewFactTable(drawn, func(value string) { app.Detail.CopyValue(value, value) }).SetMarks(app.List.Hits)
	return table
}

func gridColumns(g *viewmodel.Group) []kit.Column {
	columns := make([]kit.Column, len(g.Columns))
	for i, title := range g.Columns {
		columns[i] = kit.Column{Title: title, Right: g.Numeric[i]}
	}
	return columns
}

func gridRows(app *viewmodel.App, g *viewmodel.Group, over fyne.CanvasObject) [][]kit.Cell {
	rows := make([][]kit.Cell, len(g.Rows))
	for i := range g.Rows {
		rows[i] = make([]kit.Cell, len(g.Rows[i]))
		for k, text := range g.Rows[i] {
			rows[i][k] = kit.Cell{Text: text, Copy: g.Copies[i][k]}
			value := g.Copies[i][k]
			rows[i][k].OnMenu = func(at fyne.Position) { openMenu(over, at, app.Detail.CellMenu(text, value)) }
			if link := g.Links[i][k]; link != "" {
				rows[i][k].OnOpen = func() { app.Detail.OpenLink(link) }
			}
			if g.Tones != nil {
				rows[i][k].Tone = tone(g.Tones[i][k])
			}
			if k == 0 && g.Goes != nil {
				id := g.Goes[i]
				rows[i][k].OnOpen = func() { app.Detail.Go(id) }
			}
			if text == "null" || text == "empty" {
				rows[i][k].Tone = kit.Muted
			}
		}
	}
	return rows
}

// expectation is what the provider wants, and which attempt this is.
func (p *overviewPane) expectation(o *viewmodel.Overview) fyne.CanvasObject {
	parts := []fyne.CanvasObject{kit.NewParagraph(kit.RoleBody, kit.Secondary, o.Expects)}
	var row []fyne.CanvasObject
	if o.Attempt != "" {
		row = append(row, kit.NewText(kit.RoleSmall, kit.Secondary, o.Attempt))
	}
	if o.Previous != 0 {
		previous := o.Previous
		row = append(row, kit.NewButton(kit.ButtonSpec{
			Label: "The one before", Icon: "history", Tone: kit.Secondary, OnTap: func() { p.app.Detail.Go(previous) },
		}), kit.NewButton(kit.ButtonSpec{
			Label: "Compare with it", Icon: "diff", Tone: kit.Secondary, OnTap: func() { p.app.Compare.Open(previous, p.shown.ID) },
		}))
	}
	if o.Source != "" {
		source := o.Source
		row = append(row, kit.NewButton(kit.ButtonSpec{
			Label: "Where this is documented", Icon: "external-link", Tone: kit.Secondary, Tip: source,
			OnTap: func() { p.app.Detail.OpenLink(source) },
		}))
	}
	if len(row) > 0 {
		if o.Attempt == "" { // the label of a button without an edge stands in line with the text
			parts = append(parts, kit.Pad(-10, 0, 0, 0, kit.Flow(0, 2, row...)))
		} else {
			parts = append(parts, kit.Flow(6, 2, row...))
		}
	}
	return section("What the sender expects", parts...)
}
