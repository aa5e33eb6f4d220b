package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// headersPane draws the header fields and the parameters.
type headersPane struct {
	app     *viewmodel.App
	page    *page
	shown   *viewmodel.Page
	secrets bool
	filter  string
}

func newHeadersPane(app *viewmodel.App) *headersPane {
	return &headersPane{app: app, page: newPage()}
}

func (p *headersPane) object() fyne.CanvasObject { return p.page.scroll }

func (p *headersPane) update(bool) {
	d := p.app.Detail
	if d.Page == nil || d.Page == p.shown && d.Secrets == p.secrets && p.app.List.HitsOf() == p.filter {
		return
	}
	top := p.shown == nil || p.shown.ID != d.Page.ID
	p.shown, p.secrets, p.filter = d.Page, d.Secrets, p.app.List.HitsOf()
	h := &d.Page.Headers
	var content []fyne.CanvasObject
	if h.Note != "" {
		content = append(content, newBullet("info", kit.Warn, kit.NewParagraph(kit.RoleBody, kit.Secondary, h.Note)))
	}
	if h.HasSecrets() {
		content = append(content, p.toggle())
	}
	var tables []*kit.FactTable
	for i := range h.Groups {
		table := headerTable(p.app, &h.Groups[i], d.Secrets).SetMarks(p.app.List.Hits)
		tables = append(tables, table)
		content = append(content, section(h.Groups[i].Title, table))
	}
	align(tables)
	if len(h.Groups) == 0 {
		content = append(content, kit.NewText(kit.RoleBody, kit.Secondary, "It came without a header."))
	}
	p.page.put(top, content...)
}

// toggle shows the secrets that came along, or masks them.
func (p *headersPane) toggle() fyne.CanvasObject {
	label := "Show them"
	if p.secrets {
		label = "Mask them"
	}
	show := !p.secrets
	return kit.HRow(10,
		kit.NewIcon("lock", kit.Muted, 15),
		kit.NewShrinkingText(kit.RoleBody, kit.Secondary, "Secrets came along."),
		kit.NewButton(kit.ButtonSpec{Label: label, Kind: kit.Outlined, OnTap: func() { p.app.Detail.ShowSecrets(show) }}))
}

// headerTable draws names and values; a click copies a value.
func headerTable(app *viewmodel.App, group *viewmodel.HeaderGroup, secrets bool) *kit.FactTable {
	rows := group.Rows
	var table *kit.FactTable
	facts := make([]kit.Fact, len(rows))
	for i := range rows {
		r := &rows[i]
		facts[i] = kit.Fact{Label: r.Name, Value: r.Text(secrets), Note: r.Mark, Mono: true, Copy: r.Copy}
		facts[i].OnMenu = func(at fyne.Position) { openMenu(table, at, app.Detail.HeaderMenu(group, r)) }
		if facts[i].Value == "" {
			facts[i].Value, facts[i].Note, facts[i].Tone = "empty", "", kit.Muted
		}
		if r.Secret && !secrets {
			facts[i].Tone = kit.Muted
		}
	}
	table = kit.NewFactTable(facts, func(value string) { app.Detail.CopyValue(value, value) })
	return table
}
