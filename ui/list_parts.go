package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

const listHeadHeight = 44

// listHead is the line over the rows: what they are and how many.
type listHead struct {
	app *viewmodel.App

	title, count, several *kit.Text
	rule                  fyne.CanvasObject // below; the histogram has its own
	line, root            *fyne.Container
}

func newListHead(app *viewmodel.App) *listHead {
	h := &listHead{
		app:     app,
		title:   kit.NewShrinkingText(kit.RolePane, kit.Plain, ""),
		count:   kit.NewText(kit.RoleMono, kit.Muted, ""),
		several: kit.NewText(kit.RoleSmall, kit.Accent, ""),
	}
	goTo := app.Commands.Find("list.time")
	when := kit.NewButton(kit.ButtonSpec{
		Icon: kit.Icon(goTo.Icon), Tip: goTo.Title, Keys: app.Commands.Shown(goTo.Keys[0]), Tone: kit.Secondary,
		OnTap: func() { app.Commands.Do(goTo.ID) },
	})
	h.line = kit.HRow(9, h.title, h.count, kit.Spacer(), h.several, when)
	h.rule = kit.HLine()
	h.root = kit.VStack(0, kit.Fixed(0, listHeadHeight, kit.Pad(14, 0, 8, 0, h.line)), h.rule)
	return h
}

func (h *listHead) update() {
	title, count := h.app.List.Heading()
	several := h.app.List.Several()
	if h.title.Text() == title && h.count.Text() == count && h.several.Text() == several {
		return
	}
	h.title.SetText(title)
	h.count.SetText(count)
	h.several.SetText(several)
	h.line.Refresh()
}

// listPaused is the strip that says what comes while the list is paused.
type listPaused struct {
	app        *viewmodel.App
	text       *kit.Text
	line, root *fyne.Container
}

func newListPaused(app *viewmodel.App) *listPaused {
	p := &listPaused{app: app, text: kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, "")}
	goOn := kit.NewButton(kit.ButtonSpec{Label: "Go on", Tone: kit.Accent, OnTap: func() { app.Commands.Do("list.pause") }})
	p.line = kit.HRow(8, kit.NewIcon("pause", kit.Warn, 15), p.text, kit.Spacer(), goOn)
	p.root = kit.VStack(0, kit.Fill(kit.ColorRaised, kit.Fixed(0, 34, kit.Pad(14, 0, 6, 0, p.line))), kit.HLine())
	p.root.Hide()
	return p
}

// update reports whether the strip came or went.
func (p *listPaused) update() bool {
	text := p.app.List.PausedText()
	if text == p.text.Text() {
		return false
	}
	p.text.SetText(text)
	p.line.Refresh()
	if p.root.Visible() == (text != "") {
		return false
	}
	show(p.root, text != "")
	return true
}

// listMeaning is the strip that says how the filter is understood, or what is
// wrong with it, and how far the search is.
type listMeaning struct {
	app       *viewmodel.App
	good, bad *kit.IconView
	text      *kit.Paragraph
	far       *kit.Text
	stop      *kit.Button
	root      *fyne.Container

	told  string
	wrong bool
}

func newListMeaning(app *viewmodel.App) *listMeaning {
	m := &listMeaning{app: app, text: kit.NewParagraph(kit.RoleSmall, kit.Secondary, "")}
	m.good, m.bad = kit.NewIcon("search", kit.Muted, 14), kit.NewIcon("circle-alert", kit.Bad, 14)
	m.far = kit.NewText(kit.RoleMonoSmall, kit.Accent, "")
	m.stop = kit.NewButton(kit.ButtonSpec{Icon: "x", Tip: "Stop searching", Keys: "Escape", Tone: kit.Secondary, OnTap: func() { app.List.StopSearch() }})
	icon := kit.VStack(0, kit.HRow(0, m.good, m.bad))
	m.root = kit.VStack(0,
		kit.Pad(14, 6, 8, 6, kit.Frame(nil, nil, kit.Pad(0, 1, 8, 0, icon), nil, m.text)),
		kit.Pad(14, 0, 4, 2, kit.HRow(8, m.far, m.stop)),
		kit.HLine())
	m.root.Hide()
	return m
}

// update reports whether the strip takes another place than before.
func (m *listMeaning) update() bool {
	text, wrong := m.app.List.FilterTold()
	far := m.app.List.Searching()
	if text == m.told && wrong == m.wrong && far == m.far.Text() {
		return false
	}
	moved := m.told != text || (far == "") != (m.far.Text() == "")
	m.told, m.wrong = text, wrong
	m.far.SetText(far)
	m.text.SetText(text)
	tone := kit.Secondary
	if wrong {
		tone = kit.Bad
	}
	m.text.SetTone(tone)
	show(m.good, !wrong)
	show(m.bad, wrong)
	show(m.root.Objects[1], far != "")
	show(m.root, text != "" || far != "")
	m.root.Refresh()
	return moved
}

// listEmpty stands in the place of rows.
type listEmpty struct {
	app   *viewmodel.App
	first fyne.CanvasObject // made once
	shown viewmodel.Empty
	root  *fyne.Container
}

func newListEmpty(app *viewmodel.App) *listEmpty {
	e := &listEmpty{app: app, root: container.NewStack()}
	e.root.Hide()
	return e
}

// update reports whether there are no rows to show.
func (e *listEmpty) update() bool {
	state := e.app.List.Empty()
	if state == e.shown {
		return state.Kind != viewmodel.NotEmpty
	}
	e.shown = state
	e.root.Objects = nil
	if o := e.build(state); o != nil {
		e.root.Objects = []fyne.CanvasObject{o}
	}
	show(e.root, state.Kind != viewmodel.NotEmpty)
	e.root.Refresh()
	return state.Kind != viewmodel.NotEmpty
}

func (e *listEmpty) build(state viewmodel.Empty) fyne.CanvasObject {
	switch state.Kind {
	case viewmodel.EmptyFirst:
		if e.first == nil {
			e.first = connectCard(e.app)
		}
		return e.first
	case viewmodel.EmptyFiltered:
		return kit.NewEmpty("search", state.Title, state.Sentence, kit.NewButton(kit.ButtonSpec{
			Label: "Clear the filter", Icon: "x", Kind: kit.Outlined, OnTap: e.app.List.ClearFilter,
		}))
	case viewmodel.EmptyLoading:
		return kit.NewEmpty("loader", state.Title, state.Sentence)
	case viewmodel.EmptyView:
		return kit.NewEmpty("inbox", state.Title, state.Sentence)
	case viewmodel.EmptyFailed:
		return kit.NewEmpty("circle-alert", state.Title, state.Sentence)
	case viewmodel.NotEmpty:
	}
	return nil
}
