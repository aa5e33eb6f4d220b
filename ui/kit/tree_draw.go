package kit

import (
	"strings"

	"fyne.io/fyne/v2"
)

func (v TreeValue) color() fyne.ThemeColorName {
	switch v {
	case TreeString:
		return ColorString
	case TreeNumber:
		return ColorNumber
	case TreeLiteral:
		return ColorLiteral
	case TreeNote:
		return ColorMuted
	default:
		return ColorText
	}
}

func (t *Tree) draw(size fyne.Size) {
	first := max(t.scroll.y-treeTop, 0) / treeLine
	last := min(first+int(size.Height)/treeLine+2, len(t.rows))
	for i := first; i < last; i++ {
		t.drawRow(i, float32(treeTop+i*treeLine-t.scroll.y), size)
	}
	t.pool.scrollbars(&t.scroll, nil, -1)
}

func (t *Tree) drawRow(i int, y float32, size fyne.Size) {
	row := &t.rows[i]
	switch i {
	case t.selected:
		t.pool.field(6, y, size.Width-12, treeLine, 5, Color(ColorTint))
		if t.focused {
			t.pool.field(6, y+3, 3, treeLine-6, 1.5, Color(ColorAccent))
		}
	case t.hovered:
		t.pool.field(6, y, size.Width-12, treeLine, 5, Color(ColorHover))
	}
	depth := float32(min(row.depth, maxTreeIndent))
	for d := float32(1); d <= depth; d++ {
		t.pool.field(treeMargin+(d-1)*treeIndent+6, y, 1, treeLine, 0, Color(ColorGuide))
	}
	x := treeMargin + depth*treeIndent
	if row.node.Branch {
		t.drawArrow(x, y, row.open)
	}
	x += treeArrow
	var marks []TreeMark
	if t.spec.Marks != nil {
		marks = t.spec.Marks(row.node)
	}
	if row.node.Key != "" {
		name := ColorKey
		if row.node.Index {
			name = ColorPunctuation
		}
		end := t.drawText(row.node.Key, x, y, size.Width, name)
		t.drawMarks(row, marks, true, x, end, y)
		x = t.drawText(": ", end, y, size.Width, ColorPunctuation)
	}
	if row.node.Value != "" {
		end := t.drawText(row.node.Value, x, y, size.Width, row.node.Syntax.color())
		t.drawMarks(row, marks, false, x, end, y)
	}
}

// drawMarks draws the marks of the key or of the value, which is drawn from x to
// end; what was cut off there is marked at the end.
func (t *Tree) drawMarks(row *treeRow, marks []TreeMark, key bool, x, end, y float32) {
	text := row.node.Value
	if key {
		text = row.node.Key
	}
	for _, m := range marks {
		if m.Key != key || m.Inside && row.open {
			continue
		}
		from, to := x, end
		if !m.Inside {
			from, to = x+t.columns(text, m.From), min(x+t.columns(text, m.To), end)
			from = min(from, max(end-t.cell, x))
		}
		tone := ColorMatch
		if m.Current {
			tone = ColorMatchCurrent
		}
		t.pool.field(from, y+2, max(to-from, t.cell), treeLine-4, 3, Color(tone))
	}
}

// columns is how wide a text is up to a byte.
func (t *Tree) columns(s string, to int) float32 {
	src, column := []byte(s), 0
	for pos := 0; pos < min(to, len(src)); {
		c := cellAt(src, pos, column)
		pos += c.size
		column += c.width
	}
	return float32(column) * t.cell
}

// maxTreeIndent is the depth from which on lines do not move to the right.
const maxTreeIndent = 30

// drawText draws a text with marks for what must not be drawn, cut where the
// view ends, and returns where it ends.
func (t *Tree) drawText(s string, x, y, width float32, name fyne.ThemeColorName) float32 {
	room := max(int((width-x-codeBarRoom)/t.cell), 1)
	src, column := []byte(s), 0
	var run strings.Builder
	start := 0
	flush := func() {
		if run.Len() > 0 {
			t.pool.text(RoleCode, run.String(), x+float32(start)*t.cell, y, 1, treeLine, fyne.TextAlignLeading, Color(name))
		}
		run.Reset()
	}
	for pos := 0; pos < len(src); {
		c := cellAt(src, pos, column)
		if column+c.width > room-1 && pos+c.size < len(src) {
			run.WriteString(ellipsis)
			column++
			break
		}
		switch raw := src[pos : pos+c.size]; c.kind {
		case cellPlain, cellJoined:
			run.Write(raw)
		case cellAlone:
			flush()
			run.Write(raw)
			start = column
		default:
			flush()
			t.drawMark(raw, c, x+float32(column)*t.cell, y)
			start = column + c.width
		}
		if c.kind == cellAlone {
			flush()
			start = column + c.width
		}
		pos += c.size
		column += c.width
	}
	flush()
	return x + float32(column)*t.cell
}

func (t *Tree) drawMark(raw []byte, c cell, x, y float32) {
	tone, label := ColorWarn, ""
	switch c.kind {
	case cellInvalid:
		tone, label = ColorBad, markText(rune(raw[0]))
	case cellTab:
		label = "09"
	default:
		label = markText([]rune(string(raw))[0])
	}
	w := float32(c.width) * t.cell
	t.pool.field(x+0.5, y+4, w-1, treeLine-8, 3, translucent(tone, 22))
	t.pool.text(roleMark, label, x, y, w, treeLine, fyne.TextAlignCenter, Color(tone))
}

// drawArrow draws a small triangle of rectangles: to the right, or down where
// the branch is open.
func (t *Tree) drawArrow(x, y float32, open bool) {
	c := Color(ColorMuted)
	for i := float32(0); i < 5; i++ {
		if open {
			t.pool.field(x+2+i, y+8.5+i, 9-2*i, 1, 0, c)
		} else {
			t.pool.field(x+4+i, y+6.5+i, 1, 9-2*i, 0, c)
		}
	}
}
