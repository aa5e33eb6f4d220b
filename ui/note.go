package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// noteLine is a person's note in the head of the detail, and the field that
// writes it.
type noteLine struct {
	remark *viewmodel.Remark

	text   *kit.Text
	shown  *fyne.Container
	field  *kit.Entry
	edit   *fyne.Container
	root   *fyne.Container
	serial int
}

func newNoteLine(app *viewmodel.App) *noteLine {
	n := &noteLine{remark: app.Detail.Remark, text: kit.NewShrinkingText(kit.RoleSmall, kit.Plain, "")}
	change := kit.NewButton(kit.ButtonSpec{
		Icon: "pencil", Tip: "Change the note", Keys: app.Commands.Hint("callback.note"), Tone: kit.Secondary, OnTap: n.remark.Write,
	})
	n.shown = kit.HRow(6, kit.NewIcon("sticky-note", kit.Warn, 15), n.text, change)
	n.field = kit.NewEntry(kit.EntrySpec{
		Placeholder: "A note on this callback", Icon: "sticky-note",
		OnChange: n.remark.Type,
		OnSubmit: n.remark.Keep,
		OnKey: func(key string) bool {
			if key == "Escape" {
				n.remark.Leave()
			}
			return key == "Escape"
		},
	})
	keep := kit.NewButton(kit.ButtonSpec{Label: "Keep", Keys: "Return", Kind: kit.Outlined, OnTap: func() { n.remark.Keep(n.field.Text()) }})
	leave := kit.NewButton(kit.ButtonSpec{Icon: "x", Tip: "Leave the note as it was", Keys: "Escape", Tone: kit.Secondary, OnTap: n.remark.Leave})
	n.edit = kit.Frame(nil, nil, nil, kit.Pad(8, 0, 0, 0, kit.HRow(4, keep, leave)), n.field)
	n.root = kit.VStack(0, n.shown, n.edit)
	n.root.Hide()
	return n
}

// update reports whether the line takes another place than before.
func (n *noteLine) update(head *viewmodel.DetailHead) bool {
	before := n.root.MinSize().Height
	visible := n.root.Visible()
	n.text.SetText(head.Remark)
	show(n.edit, n.remark.Writing)
	show(n.shown, !n.remark.Writing && head.Remark != "")
	show(n.root, n.remark.Writing || head.Remark != "")
	if n.remark.Writing && n.serial != n.remark.Serial {
		n.serial = n.remark.Serial
		n.field.SetText(n.remark.Text)
	}
	return visible != n.root.Visible() || before != n.root.MinSize().Height
}

// focus gives the keyboard to the field.
func (n *noteLine) focus() { n.field.FocusEnd() }
