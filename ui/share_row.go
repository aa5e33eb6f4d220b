package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// changeRowHeight is that of a change in the list.
const changeRowHeight = 44

// changeRow is a value that is taken out: where, what it was, what stands there
// then.
type changeRow struct {
	widget.BaseWidget

	change viewmodel.ShareChange
	hover  bool
	look   color.Color
}

func newChangeRow() *changeRow {
	r := &changeRow{}
	r.ExtendBaseWidget(r)
	return r
}

// set shows a change, where it is another than before.
func (r *changeRow) set(change viewmodel.ShareChange, hover bool) {
	look := kit.Color(kit.ColorText)
	if r.change != change || r.hover != hover || r.look != look {
		r.change, r.hover, r.look = change, hover, look
		r.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (r *changeRow) CreateRenderer() fyne.WidgetRenderer {
	v := &changeRowRenderer{
		row: r, block: canvas.NewRectangle(nil), arrow: kit.NewIcon("arrow-right", kit.Muted, 12),
		callback: newRowText(kit.RoleMonoSmall), where: newRowText(kit.RoleMonoSmall), kind: newRowText(kit.RoleSmall),
		before: newRowText(kit.RoleMono), after: newRowText(kit.RoleMono),
	}
	v.Refresh()
	return v
}

type changeRowRenderer struct {
	row   *changeRow
	block *canvas.Rectangle
	arrow *kit.IconView

	callback, where, kind, before, after *rowText
}

// MinSize is for Fyne.
func (v *changeRowRenderer) MinSize() fyne.Size { return fyne.NewSize(160, changeRowHeight) }

// Layout is for Fyne.
func (v *changeRowRenderer) Layout(size fyne.Size) {
	c := &v.row.change
	v.block.Move(fyne.NewPos(0, 1))
	v.block.Resize(fyne.NewSize(size.Width-10, size.Height-2))
	left, right := float32(10), size.Width-20
	room := right - left
	v.kind.set(c.Kind, kit.Muted, room*0.3)
	v.kind.place(right-v.kind.width(), 14)
	x := left
	v.callback.set(c.Callback, kit.Muted, room*0.2)
	v.callback.place(x, 14)
	if c.Callback != "" {
		x += v.callback.width() + 8
	}
	v.where.set(c.Where, kit.Secondary, right-x-v.kind.width()-10)
	v.where.place(x, 14)
	tone := kit.Bad
	if c.Masked {
		tone = kit.Muted
	}
	v.before.set(c.Before, tone, (room-32)*0.5)
	v.before.place(left, 31)
	x = left + v.before.width() + 10
	v.arrow.Resize(fyne.NewSquareSize(12))
	v.arrow.Move(fyne.NewPos(x, 25))
	after := kit.Good
	if c.Stays {
		after = kit.Warn
	}
	v.after.set(c.After, after, right-x-22)
	v.after.place(x+22, 31)
}

// Refresh is for Fyne.
func (v *changeRowRenderer) Refresh() {
	v.block.CornerRadius, v.block.FillColor = 6, kit.Color(kit.ColorHover)
	v.block.Hidden = !v.row.hover
	v.block.Refresh()
	v.arrow.Refresh()
	v.Layout(v.row.Size())
}

// Objects is for Fyne.
func (v *changeRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.block, v.arrow, v.callback.text, v.where.text, v.kind.text, v.before.text, v.after.text}
}

// Destroy is for Fyne.
func (v *changeRowRenderer) Destroy() {}
