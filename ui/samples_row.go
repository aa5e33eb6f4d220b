package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
)

// sampleRowHeight is that of a callback or a story in the list.
const sampleRowHeight = 42

// sampleLine is what a row shows.
type sampleLine struct {
	number    string // before the title; "" for none
	title     string
	note      string // below the title
	right     string // at the end of the note; "" for nothing
	tone      kit.Tone
	at, hover bool
}

// sampleRow is a callback, a story, or a step of one.
type sampleRow struct {
	widget.BaseWidget

	line sampleLine
	look color.Color
}

func newSampleRow() *sampleRow {
	r := &sampleRow{}
	r.ExtendBaseWidget(r)
	return r
}

// set shows a line, where it is another than before.
func (r *sampleRow) set(line sampleLine) {
	look := kit.Color(kit.ColorText)
	if r.line != line || r.look != look {
		r.line, r.look = line, look
		r.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (r *sampleRow) CreateRenderer() fyne.WidgetRenderer {
	v := &sampleRowRenderer{
		row: r, block: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil),
		number: newRowText(kit.RoleMonoSmall), title: newRowText(kit.RoleBody),
		note: newRowText(kit.RoleMonoSmall), right: newRowText(kit.RoleMonoSmall),
	}
	v.Refresh()
	return v
}

type sampleRowRenderer struct {
	row                        *sampleRow
	block, bar                 *canvas.Rectangle
	number, title, note, right *rowText
}

// MinSize is for Fyne.
func (v *sampleRowRenderer) MinSize() fyne.Size { return fyne.NewSize(120, sampleRowHeight) }

// Layout is for Fyne.
func (v *sampleRowRenderer) Layout(size fyne.Size) {
	line := &v.row.line
	v.block.Move(fyne.NewPos(0, 1))
	v.block.Resize(fyne.NewSize(size.Width-10, size.Height-2))
	v.bar.Move(fyne.NewPos(0, 9))
	v.bar.Resize(fyne.NewSize(3, size.Height-18))
	left := float32(12)
	v.number.set(line.number, kit.Muted, 30)
	v.number.place(left, 14)
	if line.number != "" {
		left += 22
	}
	room := size.Width - left - 18
	tone := kit.Secondary
	if line.at {
		tone = kit.Plain
	}
	v.title.set(line.title, tone, room)
	v.title.place(left, 14)
	v.right.set(line.right, line.tone, room*0.6)
	v.right.place(size.Width-18-v.right.width(), 30)
	v.note.set(line.note, kit.Muted, room-v.right.width()-8)
	v.note.place(left, 30)
}

// Refresh is for Fyne.
func (v *sampleRowRenderer) Refresh() {
	line := &v.row.line
	v.block.CornerRadius = 6
	v.block.Hidden = false
	switch {
	case line.at:
		v.block.FillColor = kit.Color(kit.ColorTint)
	case line.hover:
		v.block.FillColor = kit.Color(kit.ColorHover)
	default:
		v.block.Hidden = true
	}
	v.bar.Hidden, v.bar.CornerRadius = !line.at, 1.5
	v.bar.FillColor = kit.Color(kit.ColorAccent)
	v.block.Refresh()
	v.bar.Refresh()
	v.Layout(v.row.Size())
}

// Objects is for Fyne.
func (v *sampleRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.block, v.bar, v.number.text, v.title.text, v.note.text, v.right.text}
}

// Destroy is for Fyne.
func (v *sampleRowRenderer) Destroy() {}
