package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// detailPane draws the callback that is shown: its head, the tabs, and the pane
// behind the one that is selected.
type detailPane struct {
	widget.BaseWidget

	app    *viewmodel.App
	detail *viewmodel.Detail

	back    *kit.Button
	head    *detailHead
	tabs    *kit.Tabs
	holder  *fyne.Container // of the selected pane
	panes   map[string]detailTab
	whole   fyne.CanvasObject // all of it
	nothing *fyne.Container
	root    *fyne.Container

	shown    *viewmodel.Page
	selected string
}

// detailTab is a pane behind a tab. update is called for the pane that is
// shown alone; other says that it is another callback than before.
type detailTab interface {
	object() fyne.CanvasObject
	update(other bool)
}

// fixedTab is a pane that follows its view model by itself.
type fixedTab struct{ fyne.CanvasObject }

func (t fixedTab) object() fyne.CanvasObject { return t.CanvasObject }
func (fixedTab) update(bool)                 {}

// newDetailPane makes the pane.
func newDetailPane(app *viewmodel.App) *detailPane {
	p := &detailPane{app: app, detail: app.Detail, panes: map[string]detailTab{}}
	p.back = kit.NewButton(kit.ButtonSpec{Icon: "arrow-left", Tip: "Back to the list", Keys: "Escape", OnTap: app.Back})
	p.back.Hide()
	p.head = newDetailHead(app, p.back)
	p.tabs = kit.NewTabs(nil, app.Detail.Select)
	p.holder = container.NewStack()
	p.nothing = container.NewStack()
	top := kit.VStack(0, p.head.root, kit.Pad(16, 0, 16, 0, p.tabs), kit.HLine())
	p.whole = kit.Frame(top, nil, nil, nil, p.holder)
	p.root = kit.Fill(kit.ColorGround, container.NewStack(p.whole, p.nothing))
	p.ExtendBaseWidget(p)
	app.Detail.Changed.Listen(p.update)
	app.Changed.Listen(p.showBack)
	p.showBack()
	p.update()
	return p
}

// showBack shows the button that leads back to the list where the detail covers
// it.
func (p *detailPane) showBack() {
	if p.back.Visible() == p.app.Narrow {
		return
	}
	if p.app.Narrow {
		p.back.Show()
	} else {
		p.back.Hide()
	}
	p.head.root.Refresh()
}

// Resize leaves out of the head what has no room.
func (p *detailPane) Resize(size fyne.Size) {
	p.head.fit(size.Width)
	p.BaseWidget.Resize(size)
}

// CreateRenderer is for Fyne.
func (p *detailPane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.root) }

// update copies what the view model shows.
func (p *detailPane) update() {
	d := p.detail
	if d.Page == nil || d.Loading {
		p.empty()
		return
	}
	other := p.shown == nil || p.shown.ID != d.Page.ID
	if p.shown != d.Page {
		p.head.update(&d.Page.Head)
		tabs := make([]kit.Tab, len(d.Page.Tabs))
		for i, tab := range d.Page.Tabs {
			tabs[i] = kit.Tab{ID: tab.ID, Title: tab.Title, Count: tab.Count}
		}
		p.tabs.SetTabs(tabs)
		p.whole.Refresh() // the head may have got a line more
	} else if p.head.note.update(&d.Page.Head) {
		p.head.root.Refresh()
		p.whole.Refresh()
	}
	p.shown = d.Page
	if !p.whole.Visible() {
		p.nothing.Hide()
		p.whole.Show()
	}
	pane := p.pane(d.Tab)
	if p.selected != d.Tab || len(p.holder.Objects) == 0 {
		p.selected = d.Tab
		p.tabs.SetSelected(d.Tab)
		pane.update(other)
		p.holder.Objects = []fyne.CanvasObject{pane.object()}
		p.holder.Refresh()
		if answer, ok := p.panes[viewmodel.TabAnswer].(*answerPane); ok {
			answer.placed(d.Tab == viewmodel.TabAnswer)
		}
		return
	}
	pane.update(other)
}

// pane makes the pane of a tab when it is first wanted.
func (p *detailPane) pane(tab string) detailTab {
	if made := p.panes[tab]; made != nil {
		return made
	}
	var made detailTab
	switch tab {
	case viewmodel.TabBody:
		made = fixedTab{newBodyPane(p.app)}
	case viewmodel.TabHeaders:
		made = newHeadersPane(p.app)
	case viewmodel.TabProof:
		made = newProofPane(p.app)
	case viewmodel.TabAnswer:
		made = newAnswerPane(p.app)
	case viewmodel.TabRaw:
		made = fixedTab{newRawPane(p.app)}
	default:
		made = newOverviewPane(p.app)
	}
	p.panes[tab] = made
	return made
}

// focus gives the keyboard to the pane that is shown. One that takes no keys
// leaves them all to the commands.
func (p *detailPane) focus() {
	if pane, ok := p.panes[p.selected].(fixedTab); ok {
		if taker, ok := pane.CanvasObject.(interface{ focus() }); ok {
			taker.focus()
			return
		}
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		c.Unfocus()
	}
	if pane, ok := p.pane(p.detail.Tab).(*answerPane); ok {
		pane.focus()
	}
}

// focusFind gives the keyboard to the search field of the body.
func (p *detailPane) focusFind() {
	p.detail.Select(viewmodel.TabBody)
	if pane, ok := p.pane(viewmodel.TabBody).(fixedTab); ok {
		if finder, ok := pane.CanvasObject.(interface{ focusFind() }); ok {
			finder.focusFind()
		}
	}
}

// focusKey gives the keyboard to the field for a key.
func (p *detailPane) focusKey() {
	if pane, ok := p.pane(viewmodel.TabProof).(*proofPane); ok && pane.form.field != nil {
		pane.form.field.Focus()
	}
}

// focusMessage gives the keyboard to the field for an answer's message.
func (p *detailPane) focusMessage() {
	if pane, ok := p.pane(viewmodel.TabAnswer).(*answerPane); ok {
		pane.focusMessage()
	}
}

// focusOwn gives the keyboard to the answer of one's own to a held callback.
func (p *detailPane) focusOwn() {
	if pane, ok := p.pane(viewmodel.TabAnswer).(*answerPane); ok && pane.over {
		pane.held.own.focus()
	}
}

// empty says why there is nothing to see.
func (p *detailPane) empty() {
	d := p.detail
	p.shown = nil
	var content fyne.CanvasObject
	switch {
	case d.Problem != "":
		content = kit.NewEmpty("circle-alert", "Nothing to show", d.Problem)
	case d.Loading:
		content = kit.NewEmpty("loader", "Loading", "This callback is large; it is read from the disk.")
	case d.ID == 0:
		content = kit.NewEmpty("webhook", "No callback selected", "Select one in the list to read it, check its proof and resend it.")
	default:
		return // it comes within a blink
	}
	p.nothing.Objects = []fyne.CanvasObject{content}
	p.nothing.Refresh()
	p.whole.Hide()
	p.nothing.Show()
}
