package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

type rowRenderer struct {
	view    *rowView
	objects []fyne.CanvasObject

	block, bar, colour, dayLeft, dayRight *canvas.Rectangle
	waiting                               [3]*canvas.Rectangle
	badge                                 *kit.Badge
	dot                                   *canvas.Circle
	verdict, pin, origin, note            *canvas.Image

	path, name, event, meta, answer, time, mark, day, title *rowText

	size fyne.Size
}

const (
	rowIcon   = 15
	smallIcon = 12
)

// MinSize is for Fyne.
func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(120, rowPitch) }

// Layout is for Fyne.
func (r *rowRenderer) Layout(size fyne.Size) {
	if r.size != size {
		r.size = size
		r.arrange()
	}
}

// Refresh is for Fyne.
func (r *rowRenderer) Refresh() {
	r.size = r.view.Size()
	r.arrange()
}

// Objects is for Fyne.
func (r *rowRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy is for Fyne.
func (r *rowRenderer) Destroy() {}

func (r *rowRenderer) lines() rowLines {
	if r.view.row.Day != "" {
		return rowLines{25, 41.5, 57}
	}
	return rowLines{17.5, 35.5, 53}
}

// arrange writes, colours and places everything.
func (r *rowRenderer) arrange() {
	row := &r.view.row
	for _, o := range r.objects {
		o.Hide()
	}
	r.surface(row)
	switch row.Kind {
	case viewmodel.RowCallback:
		r.callback(row)
	case viewmodel.RowWaiting:
		r.placeholder()
	case viewmodel.RowOlder, viewmodel.RowNewer:
		r.link(row)
	}
}

// surface draws the block under a row, and the day over it.
func (r *rowRenderer) surface(row *viewmodel.Row) {
	top := float32(0)
	if row.Day != "" {
		top = dayHeight
		r.day.text.Show()
		r.day.set(row.Day, kit.Muted, r.size.Width-100)
		width := r.day.width()
		left := (r.size.Width - width) / 2
		r.day.place(left, dayHeight/2)
		rule := func(line *canvas.Rectangle, x, width float32) {
			line.FillColor = kit.Color(kit.ColorLine)
			line.Move(fyne.NewPos(x, dayHeight/2))
			line.Resize(fyne.NewSize(max(width, 0), 1))
			line.Show()
			line.Refresh()
		}
		rule(r.dayLeft, badgeLeft, left-badgeLeft-10)
		rule(r.dayRight, left+width+10, r.size.Width-rowRight-left-width-10)
	}
	switch {
	case row.Selected:
		r.block.FillColor = kit.Color(kit.ColorTint)
	case r.view.hover && row.Kind != viewmodel.RowWaiting:
		r.block.FillColor = kit.Color(kit.ColorHover)
	default:
		return
	}
	height := r.size.Height - rowGap - top
	r.block.Move(fyne.NewPos(blockLeft, top))
	r.block.Resize(fyne.NewSize(max(r.size.Width-blockLeft-blockRight, 0), height))
	r.block.Show()
	r.block.Refresh()
	if row.Current {
		r.bar.FillColor = kit.Color(kit.ColorAccent)
		r.bar.Move(fyne.NewPos(blockLeft, top+8))
		r.bar.Resize(fyne.NewSize(3, height-16))
		r.bar.Show()
		r.bar.Refresh()
	}
}

func (r *rowRenderer) callback(row *viewmodel.Row) {
	lines, right := r.lines(), r.size.Width-rowRight
	if row.Mark != viewmodel.Plain {
		r.colour.FillColor = kit.ToneColor(kit.Tone(row.Mark))
		r.colour.Move(fyne.NewPos(markLeft, lines.first-9))
		r.colour.Resize(fyne.NewSize(3, lines.second-lines.first+18))
		r.colour.Show()
		r.colour.Refresh()
	}
	r.badge.SetMethod(row.Method)
	r.badge.Resize(fyne.NewSize(r.badge.MinSize().Width, 18))
	r.badge.Move(fyne.NewPos(badgeLeft, lines.first-9))
	r.badge.Show()

	r.answer.set(row.Answer, kit.Tone(row.AnswerTone), 110)
	left := right - r.answer.width()
	r.answer.place(left, lines.first)
	edge := min(left-8, r.size.Width-verdictRight)
	icon := func(image *canvas.Image, name string, colour fyne.ThemeColorName, size float32) {
		if name == "" {
			return
		}
		edge -= size
		image.Resize(fyne.NewSquareSize(size))
		image.Move(fyne.NewPos(edge, lines.first-size/2))
		kit.SetImageIcon(image, kit.Icon(name), colour)
		edge -= 7
	}
	icon(r.verdict, row.VerdictIcon, kit.ToneName(kit.Tone(row.VerdictTone)), rowIcon)
	if row.Pinned {
		icon(r.pin, "star", kit.ColorWarn, smallIcon)
	}
	if row.Note {
		icon(r.note, "sticky-note", kit.ColorWarn, smallIcon)
	}
	icon(r.origin, row.OriginIcon, kit.ColorMuted, smallIcon)
	edge = r.marks(row, edge, lines.first)
	r.path.set(row.Path, kit.Plain, edge-textLeft-3)
	r.path.place(textLeft, lines.first)
	r.path.mark(row.PathHits)
	r.second(row, lines, right)
}

// marks writes which attempt it is, and whether something was cut off.
func (r *rowRenderer) marks(row *viewmodel.Row, edge, middle float32) float32 {
	text, tone := row.Attempt, kit.Muted
	if row.Cut {
		tone = kit.Warn
		if text != "" {
			text += " "
		}
		text += "cut"
	}
	r.mark.set(text, tone, 70)
	if text == "" {
		return edge
	}
	edge -= r.mark.width()
	r.mark.place(edge, middle)
	return edge - 7
}

// second draws the lines below: who sent what, when, and, where wanted, more.
func (r *rowRenderer) second(row *viewmodel.Row, lines rowLines, right float32) {
	r.dot.FillColor = kit.Color(kit.HueName(row.Hue))
	r.dot.Resize(fyne.NewSquareSize(7))
	r.dot.Move(fyne.NewPos(textLeft, lines.second-3))
	r.dot.Show()
	r.dot.Refresh()
	r.time.set(row.Time, kit.Muted, 80)
	left := right - r.time.width()
	r.time.place(left, lines.second)
	room := left - 8 - nameLeft
	if r.view.meta {
		r.meta.set(row.Meta, kit.Muted, right-nameLeft)
		r.meta.place(nameLeft, lines.third)
		r.meta.mark(row.MetaHits)
	} else if r.view.hover {
		r.meta.set(row.Meta, kit.Secondary, room)
		r.meta.place(nameLeft, lines.second)
		r.meta.mark(row.MetaHits)
		return
	}
	r.name.set(row.Provider, kit.Secondary, room)
	r.name.place(nameLeft, lines.second)
	after := r.name.width() + 8
	r.event.set(row.Event, kit.Muted, room-after)
	r.event.place(nameLeft+after, lines.second)
	r.event.mark(row.EventHits)
}

// placeholder stands for a row that is being read.
func (r *rowRenderer) placeholder() {
	lines := r.lines()
	bar := func(i int, x, middle, width, height float32) {
		b := r.waiting[i]
		b.FillColor = kit.Color(kit.ColorLine)
		b.Move(fyne.NewPos(x, middle-height/2))
		b.Resize(fyne.NewSize(width, height))
		b.Show()
		b.Refresh()
	}
	bar(0, badgeLeft, lines.first, 42, 18)
	bar(1, textLeft, lines.first, min(150, max(r.size.Width-textLeft-rowRight, 0)), 10)
	bar(2, textLeft, lines.second, min(96, max(r.size.Width-textLeft-rowRight, 0)), 9)
}

// link draws the row that leads to older or newer callbacks.
func (r *rowRenderer) link(row *viewmodel.Row) {
	r.title.set(row.Title, kit.Accent, r.size.Width-2*rowRight)
	r.title.place((r.size.Width-r.title.width())/2, (r.size.Height-rowGap)/2)
}
