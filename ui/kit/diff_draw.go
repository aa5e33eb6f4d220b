package kit

import (
	"fyne.io/fyne/v2"
)

// How strong the fields of a Diff are, in percent.
const (
	diffFill = 9  // under a line that differs
	diffMark = 26 // under what differs in it
)

// draw draws what is in view.
func (d *Diff) draw(size fyne.Size) {
	d.measure()
	first, count := d.TopRow(), d.spec.Count()
	last := min(first+int(size.Height)/codeLine+2, count)
	widest := d.widest
	for i := first; i < last; i++ {
		row := d.spec.Row(i)
		d.drawRow(i, &row, float32(codeTop+i*codeLine-d.scroll.y), size.Width)
	}
	if d.widest != widest {
		d.measure()
	}
	var marks []float32
	if d.scroll.maxY() > 0 {
		marks = d.marks
	}
	d.pool.scrollbars(&d.scroll, marks, -1)
}

func (d *Diff) drawRow(i int, row *DiffRow, y, width float32) {
	text := func(role Role, s string, x, room float32, name fyne.ThemeColorName) float32 {
		s = Fit(role, s, room)
		d.pool.text(role, s, x, y, 1, codeLine, fyne.TextAlignLeading, Color(name))
		return x + MeasureText(role, s).Width
	}
	room := width - codeBarRoom - 2*diffMargin
	switch row.Kind {
	case DiffGap:
		return
	case DiffTitle:
		if row.Open {
			d.pool.field(0, y-2, width, codeLine+4, 0, Color(ColorChip))
		}
		d.arrow(row.Open, diffMargin+3, y+codeLine/2)
		x := text(RoleRow, row.Text, diffMargin+18, room, ColorText)
		text(RoleSmall, row.Hint, x+12, room-x, row.Tone.name())
	case DiffNote:
		x := text(RoleSmall, row.Text, diffMargin+18, room-18, ColorSecondary)
		if row.Action != "" {
			text(RoleSmall, row.Action, x+10, room-x, ColorAccent)
		}
	case DiffFold:
		d.pool.field(0, y+1, width, codeLine-2, 0, Color(ColorPanel))
		x := text(RoleSmall, "…  "+row.Text, d.gutter()+diffText, room, ColorMuted)
		text(RoleSmall, row.Action, x+10, room-x, ColorAccent)
	case DiffSame, DiffChanged, DiffRemoved, DiffAdded:
		d.drawSides(row, y)
	}
	if i == d.hovered && d.offers(i) {
		d.pool.field(0, y, width, codeLine, 0, Color(ColorHover))
	}
	if i == d.current {
		d.pool.field(0, y, width, codeLine, 0, Color(ColorHover))
		if d.focused {
			d.pool.bar(0, y, 3, codeLine, 0, Color(ColorAccent))
		}
	}
}

// arrow draws where a section is opened: a triangle of lines.
func (d *Diff) arrow(open bool, x, middle float32) {
	for i := range 5 {
		n := float32(i)
		if open {
			d.pool.bar(x+n, middle-2.5+n, 9-2*n, 1, 0, Color(ColorMuted))
		} else {
			d.pool.bar(x+2+n, middle-4.5+n, 1, 9-2*n, 0, Color(ColorMuted))
		}
	}
}

// drawSides draws a line of both sides, or in one column that of one.
func (d *Diff) drawSides(row *DiffRow, y float32) {
	half := d.half()
	if !d.split {
		side := &row.B
		if row.Kind == DiffRemoved {
			side = &row.A
		}
		d.drawSide(row, side, row.Kind, 0, half, y)
		return
	}
	first, second := DiffSame, DiffSame
	switch row.Kind {
	case DiffChanged:
		first, second = DiffRemoved, DiffAdded
	case DiffRemoved:
		first, second = DiffRemoved, DiffGap
	case DiffAdded:
		first, second = DiffGap, DiffAdded
	case DiffGap, DiffTitle, DiffNote, DiffFold, DiffSame:
	}
	d.drawSide(row, &row.A, first, 0, half, y)
	d.drawSide(row, &row.B, second, half+1, half-1, y)
	d.pool.field(half, y, 1, codeLine, 0, Color(ColorLine))
}

// drawSide draws one side from x on. A gap is where the other side has a line.
func (d *Diff) drawSide(row *DiffRow, side *DiffSide, kind DiffKind, x, width, y float32) {
	tone, sign, fill := ColorLineNumber, "", width
	if !d.split || x > 0 { // to the edge, under the scrollbar
		fill += codeBarRoom
	}
	switch kind {
	case DiffGap:
		d.pool.field(x, y, fill, codeLine, 0, Color(ColorPanel))
		return
	case DiffRemoved:
		tone, sign = ColorBad, "−"
	case DiffAdded:
		tone, sign = ColorGood, "+"
	case DiffTitle, DiffNote, DiffFold, DiffSame, DiffChanged:
	}
	if sign != "" {
		d.pool.field(x, y, fill, codeLine, 0, translucent(tone, diffFill))
		d.pool.text(RoleCode, sign, x+d.gutter()-diffSign+diffText, y, 1, codeLine, fyne.TextAlignLeading, Color(tone))
	}
	numbers := []string{side.Number}
	if !d.split {
		numbers = []string{row.A.Number, row.B.Number}
	}
	if d.digits > 0 {
		wide := float32(max(d.digits, codeDigits)) * d.digit
		for i, number := range numbers {
			d.pool.text(codeNumbers, number, x+diffMargin+float32(i)*(wide+diffMargin), y, wide, codeLine, fyne.TextAlignTrailing, Color(ColorLineNumber))
		}
	}
	line := diffLine{
		diff: d, src: []byte(side.Text), marks: side.Marks, tone: tone, syntax: row.Syntax,
		x: x + d.gutter() + diffText, y: y, columns: max(int((width-d.gutter()-2*diffText)/d.cell), 0),
	}
	end := line.draw()
	remark := row.Remark != "" && kind != DiffGap && (!d.split || side == &row.B || row.B.Text == "")
	if from := line.x + float32(end+2)*d.cell; remark && end >= 0 {
		if room := x + width - from - diffText; room > 40 {
			d.pool.text(RoleSmall, Fit(RoleSmall, row.Remark, room), from, y, 1, codeLine, fyne.TextAlignLeading, Color(ColorMuted))
		}
	}
}

// diffLine draws the part of a line that is in view.
type diffLine struct {
	diff    *Diff
	src     []byte
	marks   [][2]int
	tone    fyne.ThemeColorName // of the marks
	syntax  Syntax
	x, y    float32
	columns int // that there is room for

	run, runColumn int // what is to be drawn together
}

// draw draws the line and returns the column of the view that it ends at; -1 where
// that is out of view.
func (l *diffLine) draw() int {
	left := l.diff.scroll.left
	lex, state := lexerOf(l.syntax), lexState(0)
	column, pos, mark := 0, 0, 0
	from := -1 // column where the mark begins
	for pos < len(l.src) {
		end, kind, next := lex(l.src, pos, state)
		l.run, l.runColumn = pos, column
		for pos < end {
			c := cellOf(l.src, pos, column)
			if mark < len(l.marks) && pos >= l.marks[mark][0] && from < 0 {
				from = column
			}
			l.cell(pos, c, column, kind)
			pos += c.size
			column += c.width
			if from >= 0 && pos >= l.marks[mark][1] {
				l.field(from, column)
				from, mark = -1, mark+1
			}
		}
		l.flush(min(pos, len(l.src)), kind)
		state = next
	}
	l.diff.widest = max(l.diff.widest, column)
	if column < left || column > left+l.columns {
		return -1
	}
	return column - left
}

// inView reports whether a cell is in view whole.
func (l *diffLine) inView(column, width int) bool {
	left := l.diff.scroll.left
	return column >= left && column+width <= left+l.columns
}

// cell takes one character into what is drawn together, or draws it by itself.
func (l *diffLine) cell(pos int, c cell, column int, kind tokenKind) {
	seen := l.inView(column, c.width)
	if seen && (c.kind == cellPlain || c.kind == cellJoined && pos > l.run) {
		return
	}
	l.flush(pos, kind)
	l.run, l.runColumn = pos+c.size, column+c.width
	if !seen {
		return
	}
	raw := l.src[pos : pos+c.size]
	switch c.kind {
	case cellControl, cellInvalid:
		tone, label := ColorWarn, markText([]rune(string(raw))[0])
		if c.kind == cellInvalid {
			tone, label = ColorBad, markText(rune(raw[0]))
		}
		x, w := l.at(column), float32(c.width)*l.diff.cell
		l.diff.pool.field(x+0.5, l.y+3, w-1, codeLine-6, 3, translucent(tone, 22))
		l.diff.pool.text(roleMark, label, x, l.y, w, codeLine, fyne.TextAlignCenter, Color(tone))
	case cellAlone:
		end := pos + c.size
		for end < len(l.src) && cellOf(l.src, end, column).kind == cellJoined {
			end += cellOf(l.src, end, column).size
		}
		l.text(string(l.src[pos:end]), column, kind)
	case cellPlain, cellJoined, cellTab, cellEnd:
	}
}

// flush draws what was taken together, up to a place.
func (l *diffLine) flush(to int, kind tokenKind) {
	if l.run < to && kind != tokenSpace {
		l.text(string(l.src[l.run:to]), l.runColumn, kind)
	}
	l.run = to
}

func (l *diffLine) text(s string, column int, kind tokenKind) {
	l.diff.pool.text(RoleCode, s, l.at(column), l.y, 1, codeLine, fyne.TextAlignLeading, Color(kind.color()))
}

// at is where a column is.
func (l *diffLine) at(column int) float32 {
	return l.x + float32(column-l.diff.scroll.left)*l.diff.cell
}

// field marks columns.
func (l *diffLine) field(from, to int) {
	left := l.diff.scroll.left
	from, to = max(from, left), min(to, left+l.columns)
	if from < to {
		l.diff.pool.field(l.at(from)-1, l.y+1, float32(to-from)*l.diff.cell+2, codeLine-2, 3, translucent(l.tone, diffMark))
	}
}
