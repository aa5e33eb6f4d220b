package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
)

// rowFace is what a row of a dialog's list shows of a T.
type rowFace[T comparable] struct {
	objects []fyne.CanvasObject
	height  float32
	bar     float32                        // how far the bar of the chosen row is from its edges
	state   func(value *T) rowState        // nil: no row is ever chosen
	lay     func(value *T, size fyne.Size) // writes and places the objects
}

// rowState is how the ground of a row is drawn.
type rowState int

const (
	rowPlain  rowState = iota
	rowChosen          // the keys work on it
	rowTitle           // of the rows below: it does not light up under the mouse
)

// stateOf is that of a row which may be chosen.
func stateOf(chosen bool) rowState {
	if chosen {
		return rowChosen
	}
	return rowPlain
}

// listRow is a row of a dialog's list: its face on a ground that tells of the mouse
// and of what is chosen.
type listRow[T comparable] struct {
	widget.BaseWidget

	face  rowFace[T]
	value T
	hover bool
	look  color.Color
}

// newList makes the list of a dialog. Each row has a face of its own, and value is
// what the i-th of them shows.
func newList[T comparable](spec kit.RowsSpec, face func() rowFace[T], value func(i int) T) *kit.Rows {
	var rows *kit.Rows
	spec.Height = face().height
	spec.New = func() fyne.CanvasObject {
		r := &listRow[T]{face: face()}
		r.ExtendBaseWidget(r)
		return r
	}
	spec.Update = func(i int, o fyne.CanvasObject) {
		if row, ok := o.(*listRow[T]); ok && i < spec.Count() {
			row.set(value(i), rows.Hovered() == i)
		}
	}
	rows = kit.NewRows(spec)
	return rows
}

// set shows a value, where it is another than before.
func (r *listRow[T]) set(value T, hover bool) {
	look := kit.Color(kit.ColorText)
	if r.value != value || r.hover != hover || r.look != look {
		r.value, r.hover, r.look = value, hover, look
		r.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (r *listRow[T]) CreateRenderer() fyne.WidgetRenderer {
	v := &listRowRenderer[T]{row: r, block: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil)}
	v.block.CornerRadius, v.bar.CornerRadius = 6, 1.5
	v.Refresh()
	return v
}

type listRowRenderer[T comparable] struct {
	row        *listRow[T]
	block, bar *canvas.Rectangle
}

// MinSize is for Fyne.
func (v *listRowRenderer[T]) MinSize() fyne.Size { return fyne.NewSize(120, v.row.face.height) }

// Layout is for Fyne.
func (v *listRowRenderer[T]) Layout(size fyne.Size) {
	v.block.Move(fyne.NewPos(0, 1))
	v.block.Resize(fyne.NewSize(size.Width-10, size.Height-2))
	v.bar.Move(fyne.NewPos(0, v.row.face.bar))
	v.bar.Resize(fyne.NewSize(3, size.Height-2*v.row.face.bar))
	v.row.face.lay(&v.row.value, size)
}

// Refresh is for Fyne.
func (v *listRowRenderer[T]) Refresh() {
	r, state := v.row, rowPlain
	if r.face.state != nil {
		state = r.face.state(&r.value)
	}
	v.bar.Hidden, v.bar.FillColor = state != rowChosen, kit.Color(kit.ColorAccent)
	v.block.Hidden, v.block.FillColor = state == rowTitle || state == rowPlain && !r.hover, kit.Color(kit.ColorHover)
	if state == rowChosen {
		v.block.FillColor = kit.Color(kit.ColorTint)
	}
	v.block.Refresh()
	v.bar.Refresh()
	v.Layout(r.Size())
}

// Objects is for Fyne.
func (v *listRowRenderer[T]) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{v.block, v.bar}, v.row.face.objects...)
}

// Destroy is for Fyne.
func (v *listRowRenderer[T]) Destroy() {}
