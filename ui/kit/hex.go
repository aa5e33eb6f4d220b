package kit

import (
	"fmt"
	"sort"

	"fyne.io/fyne/v2"
)

// HexSpec says what a Hex does.
type HexSpec struct {
	OnCopy  func(text string)            // Ctrl+C with bytes selected: "7B 22 61"
	OnMenu  func(position fyne.Position) // the other mouse button, on the canvas
	OnCaret func(offset int)             // the caret has moved
}

// Hex shows bytes as such, read only: their place, their numbers, and what they
// are in ASCII. There is always a caret byte; a selection reaches from it.
type Hex struct {
	codeBase
	spec HexSpec

	bytes         []byte
	caret, anchor int
	focused       bool
	shift         bool
	pressed       bool

	matches  []int32
	matchLen int
	lengths  []int32 // of each match, where they differ; else nil
	current  int

	cell, digit float32
}

// maxHexCopy bounds how many bytes Copy takes: each becomes three characters.
const maxHexCopy = 16 << 20

// NewHex makes a view without bytes.
func NewHex(spec HexSpec) *Hex {
	h := &Hex{spec: spec, current: -1}
	h.pool = newCodePool()
	h.ExtendBaseWidget(h)
	return h
}

// SetBytes shows bytes from their beginning. They must not change while shown.
func (h *Hex) SetBytes(b []byte) {
	h.bytes = b
	h.caret, h.anchor = 0, 0
	h.matches, h.lengths, h.matchLen, h.current = nil, nil, 0, -1
	h.scroll.y = 0
	h.measure()
	h.Refresh()
}

// SetMatches marks what was found, as Code.SetMatches does.
func (h *Hex) SetMatches(offsets []int32, length, current int) {
	h.matches, h.lengths, h.matchLen, h.current = offsets, nil, length, current
	h.Refresh()
}

// SetSpans is SetMatches for matches that each have a length of their own, and lie
// apart from each other.
func (h *Hex) SetSpans(offsets, lengths []int32, current int) {
	h.matches, h.lengths, h.matchLen, h.current = offsets, lengths, 0, current
	h.Refresh()
}

// matchEnd is the byte behind a match.
func (h *Hex) matchEnd(i int) int {
	if h.lengths != nil {
		return int(h.matches[i]) + int(h.lengths[i])
	}
	return int(h.matches[i]) + h.matchLen
}

// Reveal puts the caret on a byte and scrolls there.
func (h *Hex) Reveal(offset int) {
	h.caret = min(max(offset, 0), max(len(h.bytes)-1, 0))
	h.anchor = h.caret
	h.scrollToCaret()
	h.moved()
}

// SelectAll selects every byte.
func (h *Hex) SelectAll() {
	h.anchor, h.caret = 0, max(len(h.bytes)-1, 0)
	h.Refresh()
}

// Selection is what is selected: at least the byte under the caret where there
// is one.
func (h *Hex) Selection() (from, to int) {
	if len(h.bytes) == 0 {
		return 0, 0
	}
	return min(h.caret, h.anchor), max(h.caret, h.anchor) + 1
}

// Copy hands the selected bytes to HexSpec.OnCopy, in hexadecimal and at most
// 16 MB of them, and reports whether there were any.
func (h *Hex) Copy() bool {
	from, to := h.Selection()
	if from == to || h.spec.OnCopy == nil {
		return false
	}
	h.spec.OnCopy(hexText(h.bytes[from:min(to, from+maxHexCopy)]))
	return true
}

const hexDigits = "0123456789ABCDEF"

// hexText writes bytes as "7B 22 61".
func hexText(b []byte) string {
	text := make([]byte, 0, 3*len(b))
	for i, c := range b {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(text, hexDigits[c>>4], hexDigits[c&15])
	}
	return string(text)
}

// perRow is how many bytes a row has: 8 where there is little room.
func (h *Hex) perRow() int {
	if h.scroll.size.Width > 0 && h.scroll.size.Width < h.ascii(16)+16*h.cell+codeBarRoom {
		return 8
	}
	return 16
}

func (h *Hex) measure() {
	h.cell = MeasureText(RoleCode, "MMMMMMMMMM").Width / 10
	h.digit = MeasureText(codeNumbers, "0000000000").Width / 10
	h.scroll.gutter = codeMargin + 8*h.digit + codeGap
	rows := (len(h.bytes) + h.perRow() - 1) / h.perRow()
	h.scroll.height = codeTop + rows*codeLine + codeBottom
	h.scroll.clamp()
}

// x is where the number of a byte of a row starts.
func (h *Hex) x(i int) float32 {
	x := h.scroll.gutter + float32(3*i)*h.cell
	return x + float32(i/8)*h.cell
}

// ascii is where the characters of a row of n bytes start.
func (h *Hex) ascii(n int) float32 { return h.x(n) + h.cell }

// Resize is for Fyne.
func (h *Hex) Resize(size fyne.Size) {
	first := h.scroll.size.Height <= codeView
	h.scroll.size = size
	h.measure()
	if first && h.caret > 0 {
		h.scrollToCaret()
	}
	h.BaseWidget.Resize(size)
}

func (h *Hex) scrollToCaret() {
	h.scroll.show(codeTop+h.caret/h.perRow()*codeLine, codeLine, 0)
}

// byteAt is the byte under a point of the view: of its number or of its
// character.
func (h *Hex) byteAt(at fyne.Position) int {
	n := h.perRow()
	row := max(int(at.Y)+h.scroll.y-codeTop, 0) / codeLine
	i := 0
	if left := h.ascii(n); at.X >= left-h.cell/2 {
		i = int((at.X - left) / h.cell)
	} else {
		for i < n-1 && at.X >= h.x(i+1)-h.cell/2 {
			i++
		}
	}
	return min(max(row*n+min(max(i, 0), n-1), 0), max(len(h.bytes)-1, 0))
}

// moved tells that caret or selection have changed.
func (h *Hex) moved() {
	h.Refresh()
	if h.spec.OnCaret != nil {
		h.spec.OnCaret(h.caret)
	}
}

// CreateRenderer is for Fyne.
func (h *Hex) CreateRenderer() fyne.WidgetRenderer {
	return newCodeRenderer(h, h.pool, h.draw)
}

func (h *Hex) draw(size fyne.Size) {
	n := h.perRow()
	first := max(h.scroll.y-codeTop, 0) / codeLine
	rows := (len(h.bytes) + n - 1) / n
	for row := first; row < min(first+int(size.Height)/codeLine+2, rows); row++ {
		y := float32(codeTop + row*codeLine - h.scroll.y)
		from, to := row*n, min(row*n+n, len(h.bytes))
		if a, b := h.Selection(); b-a == 1 && a >= from && a < to {
			h.pool.field(0, y, size.Width, codeLine, 0, Color(ColorCurrentLine))
		}
		for i, last := h.matchesIn(from, to); i < last; i++ {
			tone := ColorMatch
			if i == h.current {
				tone = ColorMatchCurrent
			}
			h.drawSpan(int(h.matches[i]), h.matchEnd(i), from, to, y, tone)
		}
		a, b := h.Selection()
		h.drawSpan(a, b, from, to, y, ColorSelectionText)
		h.pool.text(codeNumbers, fmt.Sprintf("%08X", from), 0, y, h.scroll.gutter-codeGap, codeLine, fyne.TextAlignTrailing, Color(ColorLineNumber))
		h.drawRow(from, to, y)
	}
	var marks []float32
	current := float32(-1)
	if h.scroll.maxY() > 0 {
		for i := 0; i < len(h.matches); i += max(len(h.matches)/500, 1) {
			marks = append(marks, float32(h.matches[i])/float32(len(h.bytes)))
		}
		if h.current >= 0 && h.current < len(h.matches) {
			current = float32(h.matches[h.current]) / float32(len(h.bytes))
		}
	}
	h.pool.scrollbars(&h.scroll, marks, current)
}

func (h *Hex) matchesIn(from, to int) (first, last int) {
	first = sort.Search(len(h.matches), func(i int) bool { return h.matchEnd(i) > from })
	last = sort.Search(len(h.matches), func(i int) bool { return int(h.matches[i]) >= to })
	return first, max(first, last)
}

// drawSpan draws a rectangle under some bytes of a row, on both its sides.
func (h *Hex) drawSpan(a, b, from, to int, y float32, name fyne.ThemeColorName) {
	a, b = max(a, from)-from, min(b, to)-from
	if a >= b {
		return
	}
	half := h.cell / 2
	left, right := h.x(a)-half, h.x(b-1)+2*h.cell+half
	h.pool.field(left, y, right-left, codeLine, 0, Color(name))
	h.pool.field(h.ascii(h.perRow())+float32(a)*h.cell, y, float32(b-a)*h.cell, codeLine, 0, Color(name))
}

// byteColor tells text, nothing and the rest apart.
func byteColor(c byte) fyne.ThemeColorName {
	switch {
	case c == 0:
		return ColorLineNumber
	case c > 0x20 && c < 0x7f:
		return ColorText
	case isSpace(c):
		return ColorPunctuation
	case c < 0x80:
		return ColorLiteral
	default:
		return ColorNumber
	}
}

// drawRow draws the numbers and the characters of a row, a text for each run of
// one colour.
func (h *Hex) drawRow(from, to int, y float32) {
	n := h.perRow()
	for i := from; i < to; {
		end := i + 1
		for end < to && byteColor(h.bytes[end]) == byteColor(h.bytes[i]) && (end-from)%8 != 0 {
			end++
		}
		name := Color(byteColor(h.bytes[i]))
		h.pool.text(RoleCode, hexText(h.bytes[i:end]), h.x(i-from), y, 1, codeLine, fyne.TextAlignLeading, name)
		text := make([]byte, 0, 8)
		for _, c := range h.bytes[i:end] {
			if c < 0x20 || c >= 0x7f {
				c = '.'
			}
			text = append(text, c)
		}
		h.pool.text(RoleCode, string(text), h.ascii(n)+float32(i-from)*h.cell, y, 1, codeLine, fyne.TextAlignLeading, name)
		i = end
	}
}
