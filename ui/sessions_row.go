package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// sessionRowHeight is that of a session in the list, and of a title.
const sessionRowHeight = 46

// sessionRow is a session in the list, or a title over some.
type sessionRow struct {
	widget.BaseWidget

	row   viewmodel.SessionRow
	hover bool
	look  color.Color
}

func newSessionRow() *sessionRow {
	r := &sessionRow{}
	r.ExtendBaseWidget(r)
	return r
}

// set shows a row, where it is another than before.
func (r *sessionRow) set(row viewmodel.SessionRow, hover bool) {
	look := kit.Color(kit.ColorText)
	if r.row != row || r.hover != hover || r.look != look {
		r.row, r.hover, r.look = row, hover, look
		r.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (r *sessionRow) CreateRenderer() fyne.WidgetRenderer {
	v := &sessionRowRenderer{
		row: r, block: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil), dot: canvas.NewCircle(nil),
		section: newRowText(kit.RoleSection), title: newRowText(kit.RoleRow), note: newRowText(kit.RoleSmall), mark: newRowText(kit.RoleSmall),
	}
	v.Refresh()
	return v
}

type sessionRowRenderer struct {
	row                        *sessionRow
	block, bar                 *canvas.Rectangle
	dot                        *canvas.Circle
	section, title, note, mark *rowText
}

// MinSize is for Fyne.
func (v *sessionRowRenderer) MinSize() fyne.Size { return fyne.NewSize(120, sessionRowHeight) }

// Layout is for Fyne.
func (v *sessionRowRenderer) Layout(size fyne.Size) {
	row := &v.row.row
	v.block.Move(fyne.NewPos(0, 1))
	v.block.Resize(fyne.NewSize(size.Width-10, size.Height-2))
	v.bar.Move(fyne.NewPos(0, 10))
	v.bar.Resize(fyne.NewSize(3, size.Height-20))
	if row.ID == 0 {
		v.section.set(row.Title, kit.Muted, size.Width-20)
		v.section.place(10, size.Height-13)
		v.title.set("", kit.Plain, 0)
		v.note.set("", kit.Plain, 0)
		v.mark.set("", kit.Plain, 0)
		return
	}
	v.section.set("", kit.Muted, 0)
	v.dot.Resize(fyne.NewSquareSize(8))
	v.dot.Move(fyne.NewPos(12, 12))
	left, right := float32(28), size.Width-20
	markTone := kit.Muted
	if row.Active {
		markTone = kit.Good
	}
	v.mark.set(row.Mark, markTone, (right-left)*0.5)
	v.mark.place(right-v.mark.width(), 16)
	tone, note := kit.Plain, kit.Secondary
	if row.Dim {
		tone, note = kit.Secondary, kit.Muted
	}
	v.title.set(row.Title, tone, right-left-v.mark.width()-10)
	v.title.place(left, 16)
	v.note.set(row.Note, note, right-left)
	v.note.place(left, 33)
}

// Refresh is for Fyne.
func (v *sessionRowRenderer) Refresh() {
	row := &v.row.row
	v.block.CornerRadius, v.bar.CornerRadius = 6, 1.5
	v.block.Hidden = false
	switch {
	case row.ID == 0:
		v.block.Hidden = true
	case row.At:
		v.block.FillColor = kit.Color(kit.ColorTint)
	case v.row.hover:
		v.block.FillColor = kit.Color(kit.ColorHover)
	default:
		v.block.Hidden = true
	}
	v.bar.Hidden = !row.At || row.ID == 0
	v.bar.FillColor = kit.Color(kit.ColorAccent)
	v.dot.Hidden = row.ID == 0 || !row.Active && !row.Shown
	v.dot.FillColor, v.dot.StrokeWidth = kit.Color(kit.ColorGood), 0
	if !row.Active {
		v.dot.FillColor = kit.Color(kit.ColorAccent)
	}
	v.block.Refresh()
	v.bar.Refresh()
	v.dot.Refresh()
	v.Layout(v.row.Size())
}

// Objects is for Fyne.
func (v *sessionRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.block, v.bar, v.dot, v.section.text, v.title.text, v.note.text, v.mark.text}
}

// Destroy is for Fyne.
func (v *sessionRowRenderer) Destroy() {}
