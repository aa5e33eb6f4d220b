package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// bodyPane draws the body of the callback.
type bodyPane struct {
	widget.BaseWidget

	app  *viewmodel.App
	body *viewmodel.Body

	views *kit.Segmented
	kind  *kit.Text
	facts *kit.Text
	find  *kit.Entry
	copy  *kit.Button
	save  *kit.Button
	notes *fyne.Container
	code  *kit.Code
	hex   *kit.Hex
	tree  *kit.Tree
	holds *fyne.Container
	root  *fyne.Container

	text   *viewmodel.BodyText // what code shows
	bytes  []byte              // what hex shows
	nodes  *viewmodel.BodyTree // what tree shows
	spot   int
	noted  []viewmodel.BodyNote
	absent string
}

func newBodyPane(app *viewmodel.App) *bodyPane {
	p := &bodyPane{app: app, body: app.Detail.Body}
	b := p.body
	p.views = kit.NewSegmented(nil, b.Select)
	p.kind = kit.NewShrinkingText(kit.RoleMono, kit.Muted, "")
	p.facts = kit.NewShrinkingText(kit.RoleSmall, kit.Muted, "")
	p.find = kit.NewEntry(kit.EntrySpec{
		Placeholder: "Find", Icon: "search", KeyHint: app.Commands.Shown("Mod+F"),
		OnChange: b.SetQuery,
		OnSubmit: func(string) { b.Next() },
		OnKey:    p.findKey,
	})
	p.copy = kit.NewButton(kit.ButtonSpec{Icon: "copy", Tip: "Copy the body as it is shown", OnTap: b.CopyShown})
	p.save = kit.NewButton(kit.ButtonSpec{Icon: "download", Tip: "Save the body", OnTap: b.Save})
	p.code = kit.NewCode(kit.CodeSpec{OnCopy: b.CopyText, OnMenu: p.menu, OnCaret: b.MoveCaret})
	p.hex = kit.NewHex(kit.HexSpec{OnCopy: b.CopyText, OnMenu: p.menu, OnCaret: b.MoveCaret})
	p.tree = kit.NewTree(kit.TreeSpec{
		Children: p.children, OnMenu: p.menu,
		OnSelect: func(n kit.TreeNode) { b.Choose(n.ID) },
		OnCopy:   func(kit.TreeNode) { b.CopyValue() },
		Marks:    p.marks,
	})
	p.notes = kit.VStack(0)
	p.holds = container.NewStack()
	bar := newBodyBar(p.views, kit.HRow(10, p.kind, p.facts), p.find, kit.HRow(2, p.copy, p.save))
	p.root = kit.Frame(kit.VStack(0, bar, kit.HLine(), p.notes), nil, nil, nil, p.holds)
	p.ExtendBaseWidget(p)
	b.Changed.Listen(p.update)
	p.update()
	return p
}

// CreateRenderer is for Fyne.
func (p *bodyPane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.root) }

// findKey takes the keys of the search field that lead elsewhere.
func (p *bodyPane) findKey(key string) bool {
	switch key {
	case "Escape":
		if p.find.Text() != "" {
			p.find.SetText("")
			return true
		}
		p.focus()
	case "Down":
		p.body.Next()
	case "Up":
		p.body.Previous()
	default:
		return false
	}
	return true
}

// focusFind gives the keyboard to the search field.
func (p *bodyPane) focusFind() { p.find.Focus() }

// focus gives the keyboard to what is shown.
func (p *bodyPane) focus() {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(p)
	if canvas == nil {
		return
	}
	switch {
	case p.body.Tree != nil:
		canvas.Focus(p.tree)
	case p.body.Bytes != nil:
		canvas.Focus(p.hex)
	default:
		canvas.Focus(p.code)
	}
}

// update copies what the view model shows.
func (p *bodyPane) update() {
	b := p.body
	segments := make([]kit.Segment, len(b.Views))
	for i, v := range b.Views {
		segments[i] = kit.Segment{ID: v.ID, Title: v.Title, Off: v.Off}
	}
	p.views.SetSegments(segments)
	p.views.SetSelected(b.View)
	for _, o := range []fyne.CanvasObject{p.views, p.find, p.copy, p.save} {
		if len(b.Views) > 0 {
			o.Show()
		} else {
			o.Hide()
		}
	}
	p.kind.SetText(b.Type)
	if b.Busy != "" {
		p.facts.SetText(b.Busy)
	} else {
		p.facts.SetText(b.Facts)
	}
	p.copy.SetEnabled(b.Ready())
	p.save.SetEnabled(b.Ready())
	p.find.SetText(b.Find.Query)
	p.find.SetBeside(b.Find.Count)
	if len(b.Notes) != len(p.noted) || len(b.Notes) > 0 && &b.Notes[0] != &p.noted[0] {
		p.noted = b.Notes
		putNotes(p.notes, b.Notes)
	}
	p.content()
	p.root.Refresh()
}

// content shows one of the views, or why there is none.
func (p *bodyPane) content() {
	b := p.body
	show := func(o fyne.CanvasObject) {
		if len(p.holds.Objects) != 1 || p.holds.Objects[0] != o {
			p.holds.Objects = []fyne.CanvasObject{o}
			p.holds.Refresh()
		}
	}
	switch {
	case b.Empty != "":
		if p.absent != b.Empty || len(p.holds.Objects) == 0 {
			p.absent = b.Empty
			show(kit.NewEmpty("file-text", "No body", b.Empty))
		}
		return
	case b.Tree != nil:
		if p.nodes != b.Tree {
			p.nodes = b.Tree
			p.tree.SetRoots(treeNodes(b.Tree.Roots()))
		}
		show(p.tree)
	case b.Bytes != nil:
		if len(p.bytes) == 0 || &p.bytes[0] != &b.Bytes[0] || len(p.bytes) != len(b.Bytes) {
			p.bytes = b.Bytes
			p.hex.SetBytes(b.Bytes)
		}
		if b.Find.Lengths != nil {
			p.hex.SetSpans(b.Find.Offsets, b.Find.Lengths, b.Find.Current)
		} else {
			p.hex.SetMatches(b.Find.Offsets, b.Find.Length, b.Find.Current)
		}
		show(p.hex)
	default:
		if p.text != b.Text {
			p.text = b.Text
			p.code.SetText(codeText(b.Text))
		}
		if b.Find.Lengths != nil {
			p.code.SetSpans(b.Find.Offsets, b.Find.Lengths, b.Find.Current)
		} else {
			p.code.SetMatches(b.Find.Offsets, b.Find.Length, b.Find.Current)
		}
		show(p.code)
	}
	p.absent = ""
	if p.spot != b.Spot.Serial {
		p.spot = b.Spot.Serial
		switch {
		case b.Tree != nil:
			p.tree.Reveal(func(n kit.TreeNode) bool { return b.Tree.Holds(n.ID, b.Spot.Offset) })
		case b.Bytes != nil:
			p.hex.Reveal(b.Spot.Offset)
		default:
			p.code.Reveal(b.Spot.Offset)
		}
	}
}

// children are the nodes of a branch of the tree.
func (p *bodyPane) children(n kit.TreeNode) []kit.TreeNode {
	if p.nodes == nil {
		return nil
	}
	return treeNodes(p.nodes.Children(n.ID))
}

// marks are what was found in a line of the tree.
func (p *bodyPane) marks(n kit.TreeNode) []kit.TreeMark {
	found := p.body.Marks(n.ID)
	marks := make([]kit.TreeMark, len(found))
	for i, m := range found {
		marks[i] = kit.TreeMark(m)
	}
	return marks
}

func treeNodes(nodes []viewmodel.BodyNode) []kit.TreeNode {
	all := make([]kit.TreeNode, len(nodes))
	for i, n := range nodes {
		all[i] = kit.TreeNode{ID: n.ID, Key: n.Key, Index: n.Index, Value: n.Value, Branch: n.Branch, Syntax: kit.TreeValue(n.Kind)}
	}
	return all
}

// codeText is a text as the kit wants it; nil stays nil.
func codeText(t *viewmodel.BodyText) *kit.CodeText {
	if t == nil {
		return nil
	}
	c := &kit.CodeText{Bytes: t.Bytes, Lines: t.Lines, Sections: make([]kit.CodeSection, len(t.Sections))}
	for i, s := range t.Sections {
		c.Sections[i] = kit.CodeSection{Start: s.Start, Syntax: kit.Syntax(s.Syntax)}
	}
	return c
}

// menu opens what can be done with the place under the mouse.
func (p *bodyPane) menu(at fyne.Position) {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(p)
	if canvas == nil {
		return
	}
	items := []kit.MenuItem{}
	switch {
	case p.body.Tree != nil:
	case p.body.Bytes != nil:
		items = append(items,
			kit.MenuItem{Icon: "copy", Label: "Copy the bytes", Keys: p.app.Commands.Shown("Mod+C"), Run: func() { p.hex.Copy() }},
			kit.MenuItem{Icon: "text", Label: "Select all", Keys: p.app.Commands.Shown("Mod+A"), Run: p.hex.SelectAll})
	default:
		from, to := p.code.Selection()
		items = append(items,
			kit.MenuItem{Icon: "copy", Label: "Copy", Keys: p.app.Commands.Shown("Mod+C"), Off: from == to, Run: func() { p.code.Copy() }},
			kit.MenuItem{Icon: "text", Label: "Select all", Keys: p.app.Commands.Shown("Mod+A"), Run: p.code.SelectAll})
	}
	for _, id := range []string{"body.filter", "body.filter.not", "body.copy.value", "body.copy.path", "body.copy.pretty", "body.copy", "body.save", "body.save.sent"} {
		if command := p.app.Commands.Find(id); command != nil && command.Enabled() {
			items = append(items, kit.MenuItem{Icon: kit.Icon(command.Icon), Label: command.Title, Run: command.Run})
		}
	}
	kit.ShowMenu(canvas, at, items)
}
