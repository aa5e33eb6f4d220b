package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// heldBlock lies over the rows of the list: the callbacks whose senders wait for
// an answer, with their countdowns. It follows its own signal, so that a second
// that passes draws nothing else.
type heldBlock struct {
	app   *viewmodel.App
	title *kit.Text
	head  *fyne.Container
	rows  []*heldRow
	more  *kit.Button
	tail  *fyne.Container
	stack *fyne.Container
	root  *fyne.Container

	moved func() // lays out what is around the block
	shown int    // rows
	full  bool   // with more
}

func newHeldBlock(app *viewmodel.App, moved func()) *heldBlock {
	b := &heldBlock{app: app, moved: moved}
	b.title = kit.NewShrinkingText(kit.RoleSmall, kit.Warn, "")
	next := app.Commands.Find("held.next")
	b.head = kit.HRow(8, kit.NewIcon("clock", kit.Warn, 15), b.title, kit.Spacer(), kit.NewKeyChip(app.Commands.Shown(next.Keys[0])))
	b.more = kit.NewButton(kit.ButtonSpec{Tip: "Show the held callbacks in the list", Tone: kit.Secondary, OnTap: app.Held.All})
	b.tail = kit.Pad(8, 0, 8, 2, kit.HRow(0, b.more))
	b.stack = kit.VStack(0)
	b.root = kit.VStack(0, kit.Fill(kit.ColorRaised, kit.VStack(0, kit.Fixed(0, 30, kit.Pad(14, 2, 12, 0, b.head)), b.stack, b.tail)), kit.HLine())
	b.root.Hide()
	app.Held.Changed.Listen(b.update)
	app.Detail.Changed.Listen(b.update)
	b.update()
	return b
}

// update shows what is held.
func (b *heldBlock) update() {
	h := b.app.Held
	if h.Title == "" && !b.root.Visible() {
		return
	}
	if b.title.Text() != h.Title {
		b.title.SetText(h.Title)
		b.head.Refresh()
	}
	for len(b.rows) < len(h.Lines) {
		row := newHeldRow(b.app.Held.Open)
		b.rows = append(b.rows, row)
		b.stack.Add(row)
	}
	for i, row := range b.rows {
		show(row, i < len(h.Lines))
		if i < len(h.Lines) {
			row.set(h.Lines[i], h.Lines[i].ID == b.app.Detail.ID)
		}
	}
	b.more.SetLabel(h.More)
	show(b.tail, h.More != "")
	if len(h.Lines) == b.shown && (h.More != "") == b.full && b.root.Visible() == (h.Title != "") {
		return
	}
	b.shown, b.full = len(h.Lines), h.More != ""
	show(b.root, h.Title != "")
	b.moved()
}
