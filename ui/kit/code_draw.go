package kit

import (
	"strconv"

	"fyne.io/fyne/v2"
)

// draw draws what is in view.
func (c *Code) draw(size fyne.Size) {
	first := c.TopLine()
	last := min(first+int(size.Height)/codeLine+2, len(c.text.Lines))
	from, to := c.Selection()
	current := c.text.lineOf(c.caret)
	for i := first; i < last; i++ {
		y := float32(codeTop + i*codeLine - c.scroll.y)
		if i == current && from == to {
			c.pool.field(0, y, size.Width, codeLine, 0, Color(ColorCurrentLine))
		}
		tone := ColorLineNumber
		if i == current {
			tone = ColorSecondary
		}
		c.pool.text(codeNumbers, strconv.Itoa(i+1), 0, y, c.scroll.gutter-codeGap, codeLine, fyne.TextAlignTrailing, Color(tone))
		c.drawLine(i, y)
	}
	c.drawCaret(current, size)
	c.pool.scrollbars(&c.scroll, c.marks(), c.currentMark())
}

// x is where a column is in the view.
func (c *Code) x(column int) float32 {
	return c.scroll.gutter + float32(column-c.scroll.left)*c.cell
}

// visibleLine is the part of a line that is in view.
type visibleLine struct {
	from, to    int // offsets
	left, right int // columns; left may be less than the view's
	end         int // of the line
	ends        bool
}

func (c *Code) visible(line int) visibleLine {
	_, end := c.text.line(line)
	v := visibleLine{end: end}
	v.from = c.lines.offsetAt(c.text, line, c.scroll.left)
	v.left = c.lines.columnOf(c.text, v.from)
	edge := c.scroll.left + c.scroll.shownColumns() + 3
	v.to = c.lines.offsetAt(c.text, line, edge)
	v.right = min(c.lines.columnOf(c.text, v.to), edge)
	v.ends = v.to >= end
	return v
}

// drawLine draws one line: fields first, then its texts by colour.
func (c *Code) drawLine(line int, y float32) {
	v := c.visible(line)
	c.drawGuides(line, y)
	for i, last := c.matchesIn(v.from, v.to+1); i < last; i++ {
		tone := ColorMatch
		if i == c.current {
			tone = ColorMatchCurrent
		}
		c.drawSpan(v, int(c.matches[i]), c.matchEnd(i), y, tone, 3, false)
	}
	if from, to := c.Selection(); from < to && from <= v.end && to > v.from {
		c.drawSpan(v, from, to, y, ColorSelectionText, 0, to > v.end && v.ends)
	}
	column := v.left
	start, _ := c.text.line(line)
	src := c.text.Bytes[start:v.end]
	drawn := v.from
	c.lex.tokens(c.text, v.from, v.to, func(a, b int, kind tokenKind) bool {
		a, b = max(a, drawn), min(b, v.to)
		if a < b {
			column = c.drawCells(src, start, a, b, column, y, kind)
			drawn = b
		}
		return b < v.to
	})
}

// drawSpan draws a rectangle under a part of a line.
func (c *Code) drawSpan(v visibleLine, from, to int, y float32, name fyne.ThemeColorName, radius float32, open bool) {
	if from > v.to || to < v.from {
		return
	}
	left, right := max(v.left, c.scroll.left), v.right
	if from > v.from {
		left = max(c.lines.columnOf(c.text, from), c.scroll.left)
	}
	if to < v.to {
		right = c.lines.columnOf(c.text, to)
	}
	width := float32(right-left) * c.cell
	if open {
		width += c.cell / 2
	}
	c.pool.field(c.x(left), y, width, codeLine, radius, Color(name))
}

// drawCells draws a piece of one colour, which starts at a column, and returns
// the column behind it. Characters that need it get a text of their own.
func (c *Code) drawCells(src []byte, start, from, to, column int, y float32, kind tokenKind) int {
	pos, run, runColumn := from-start, from-start, column
	flush := func(end int) {
		if run < end && kind != tokenSpace {
			c.drawText(string(src[run:end]), runColumn, y, kind.color())
		}
	}
	for pos < to-start {
		k := cellOf(src, pos, column)
		next := pos + k.size
		if k.kind != cellPlain && (k.kind != cellJoined || pos == run) {
			flush(pos)
			switch k.kind {
			case cellControl, cellInvalid:
				c.drawMark(src[pos:next], k, column, y)
			case cellAlone:
				for next < len(src) && next < to-start && cellOf(src, next, column).kind == cellJoined {
					next += cellOf(src, next, column).size
				}
				c.drawText(string(src[pos:next]), column, y, kind.color())
			case cellPlain, cellJoined, cellTab, cellEnd:
			}
			run, runColumn = next, column+k.width
		}
		pos = next
		column += k.width
	}
	flush(pos)
	return column
}

func (c *Code) drawText(s string, column int, y float32, name fyne.ThemeColorName) {
	if column < c.scroll.left {
		return // the half of a wide one
	}
	c.pool.text(RoleCode, s, c.x(column), y, 1, codeLine, fyne.TextAlignLeading, Color(name))
}

// drawMark draws the number of what cannot or must not be drawn itself.
func (c *Code) drawMark(raw []byte, k cell, column int, y float32) {
	if column < c.scroll.left {
		return
	}
	tone, label := ColorWarn, ""
	if k.kind == cellInvalid {
		tone, label = ColorBad, markText(rune(raw[0]))
	} else {
		r := []rune(string(raw))
		label = markText(r[0])
	}
	x, w := c.x(column), float32(k.width)*c.cell
	c.pool.field(x+0.5, y+3, w-1, codeLine-6, 3, translucent(tone, 22))
	c.pool.text(roleMark, label, x, y, w, codeLine, fyne.TextAlignCenter, Color(tone))
}

// drawGuides draws the lines that join the indents of nested things.
func (c *Code) drawGuides(line int, y float32) {
	start, end := c.text.line(line)
	if section, _ := c.text.section(start); section.Syntax != SyntaxJSON && section.Syntax != SyntaxXML {
		return
	}
	indent := 0
	for indent < end-start && indent < 400 && c.text.Bytes[start+indent] == ' ' {
		indent++
	}
	for column := 2; column < indent; column += 2 {
		if column >= c.scroll.left {
			c.pool.field(c.x(column)+3, y, 1, codeLine, 0, Color(ColorGuide))
		}
	}
}

func (c *Code) drawCaret(line int, size fyne.Size) {
	y := float32(codeTop + line*codeLine - c.scroll.y)
	if !c.focused || y < -codeLine || y > size.Height {
		return
	}
	if column := c.lines.columnOf(c.text, c.caret); column >= c.scroll.left {
		c.pool.bar(c.x(column)-0.5, y+2, 1.5, codeLine-4, 0, Color(ColorAccent))
	}
}

// marks are the places of the matches for the scrollbar: some where there are
// very many.
func (c *Code) marks() []float32 {
	if c.scroll.maxY() == 0 || len(c.matches) == 0 {
		return nil
	}
	step := max(len(c.matches)/500, 1)
	var marks []float32
	for i := 0; i < len(c.matches); i += step {
		marks = append(marks, c.part(i))
	}
	return marks
}

func (c *Code) currentMark() float32 {
	if c.current < 0 || c.current >= len(c.matches) || c.scroll.maxY() == 0 {
		return -1
	}
	return c.part(c.current)
}

// part is how far down a match is, from 0 to 1.
func (c *Code) part(match int) float32 {
	return float32(c.text.lineOf(int(c.matches[match]))) / float32(max(len(c.text.Lines), 1))
}
