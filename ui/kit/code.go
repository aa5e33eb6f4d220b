package kit

import (
	"sort"

	"fyne.io/fyne/v2"
)

// Sizes of a Code.
const (
	codeLine    = 19 // whole pixels, or selections show seams
	codeTop     = 9  // over the first line
	codeMargin  = 14 // left of the line numbers
	codeGap     = 18 // between line numbers and text
	codeDigits  = 3  // room for this many at least
	codeBottom  = 24 // under the last line
	codeNumbers = RoleMono
)

// CodeSpec says what a Code does.
type CodeSpec struct {
	OnCopy  func(text string)            // Ctrl+C with something selected
	OnMenu  func(position fyne.Position) // the other mouse button, on the canvas
	OnCaret func(offset int)             // the caret has moved
}

// Code shows a text of any size, read only: coloured, with line numbers, a
// selection, and marks for what was found. What it costs depends on what is in
// view, never on the size of the text.
type Code struct {
	codeBase
	spec CodeSpec

	text  *CodeText
	lex   lexMap
	lines lineMap

	caret, anchor int // the selection is between them
	goal          int // the column that Up and Down keep to; -1 for the caret's
	focused       bool
	shift         bool
	pressed       bool // the mouse selects

	matches  []int32 // where, in rising order
	matchLen int
	lengths  []int32 // of each match, where they differ; else nil
	current  int     // index in matches; -1 for none

	cell, digit float32
}

// NewCode makes a view without a text.
func NewCode(spec CodeSpec) *Code {
	c := &Code{spec: spec, text: NewCodeText(nil, SyntaxPlain), current: -1, goal: -1}
	c.pool = newCodePool()
	c.ExtendBaseWidget(c)
	return c
}

// SetText shows a text from its beginning; nil shows none.
func (c *Code) SetText(t *CodeText) {
	if t == nil {
		t = NewCodeText(nil, SyntaxPlain)
	}
	c.text, c.lex, c.lines = t, lexMap{}, lineMap{}
	c.caret, c.anchor, c.goal = 0, 0, -1
	c.matches, c.lengths, c.matchLen, c.current = nil, nil, 0, -1
	c.scroll.y, c.scroll.left = 0, 0
	c.measure()
	c.Refresh()
}

// Text is what is shown.
func (c *Code) Text() *CodeText { return c.text }

// SetMatches marks what was found: offsets in rising order, each of a length,
// and the index of the current one, or -1. It does not scroll.
func (c *Code) SetMatches(offsets []int32, length, current int) {
	c.matches, c.lengths, c.matchLen, c.current = offsets, nil, length, current
	c.Refresh()
}

// SetSpans is SetMatches for matches that each have a length of their own, and lie
// apart from each other.
func (c *Code) SetSpans(offsets, lengths []int32, current int) {
	c.matches, c.lengths, c.matchLen, c.current = offsets, lengths, 0, current
	c.Refresh()
}

// matchEnd is the byte behind a match.
func (c *Code) matchEnd(i int) int {
	if c.lengths != nil {
		return int(c.matches[i]) + int(c.lengths[i])
	}
	return int(c.matches[i]) + c.matchLen
}

// Reveal puts the caret to a place, selects nothing and scrolls there.
func (c *Code) Reveal(offset int) {
	c.caret = min(max(offset, 0), len(c.text.Bytes))
	c.anchor, c.goal = c.caret, -1
	c.scrollToCaret()
	c.moved()
}

// Select selects a part of the text and scrolls to its end.
func (c *Code) Select(from, to int) {
	c.anchor = min(max(from, 0), len(c.text.Bytes))
	c.caret, c.goal = min(max(to, 0), len(c.text.Bytes)), -1
	c.scrollToCaret()
	c.moved()
}

// SelectAll selects the whole text, and does not scroll.
func (c *Code) SelectAll() {
	c.anchor, c.caret, c.goal = 0, len(c.text.Bytes), -1
	c.moved()
}

// Caret is the place of the caret.
func (c *Code) Caret() int { return c.caret }

// Selection is what is selected; from and to are equal where nothing is.
func (c *Code) Selection() (from, to int) {
	return min(c.caret, c.anchor), max(c.caret, c.anchor)
}

// Selected is the selected text, as it is in the bytes.
func (c *Code) Selected() string {
	from, to := c.Selection()
	return string(c.text.Bytes[from:to])
}

// Copy hands the selected text to CodeSpec.OnCopy and reports whether there was
// any.
func (c *Code) Copy() bool {
	from, to := c.Selection()
	if from == to || c.spec.OnCopy == nil {
		return false
	}
	c.spec.OnCopy(string(c.text.Bytes[from:to]))
	return true
}

// TopLine is the first line in view, counted from 0.
func (c *Code) TopLine() int { return max(c.scroll.y-codeTop, 0) / codeLine }

// ScrollTo brings a line to the top.
func (c *Code) ScrollTo(line int) {
	c.scroll.y = codeTop + line*codeLine
	if line == 0 {
		c.scroll.y = 0
	}
	c.scroll.clamp()
	c.Refresh()
}

// measure takes the sizes of the text and of the font.
func (c *Code) measure() {
	c.cell = MeasureText(RoleCode, "MMMMMMMMMM").Width / 10
	c.digit = MeasureText(codeNumbers, "0000000000").Width / 10
	digits := codeDigits
	for n := len(c.text.Lines); n >= 1000; n /= 10 {
		digits++
	}
	c.scroll.cell = c.cell
	c.scroll.gutter = codeMargin + float32(digits)*c.digit + codeGap
	c.scroll.height = codeTop + len(c.text.Lines)*codeLine + codeBottom
	c.scroll.columns = c.lines.columns(c.text, c.text.longest()) + 1
}

// Resize is for Fyne.
func (c *Code) Resize(size fyne.Size) {
	first := c.scroll.size.Height <= codeView
	c.scroll.size = size
	c.scroll.clamp()
	if first && c.caret > 0 {
		c.scrollToCaret()
	}
	c.BaseWidget.Resize(size)
}

// moved tells that caret or selection have changed.
func (c *Code) moved() {
	c.Refresh()
	if c.spec.OnCaret != nil {
		c.spec.OnCaret(c.caret)
	}
}

func (c *Code) scrollToCaret() {
	line := c.text.lineOf(c.caret)
	c.scroll.show(codeTop+line*codeLine, codeLine, c.lines.columnOf(c.text, c.caret))
}

// offsetAt is the place in the text under a point of the view. half lets the
// right half of a character count as the place behind it.
func (c *Code) offsetAt(at fyne.Position, half bool) int {
	line := min(max((int(at.Y)+c.scroll.y-codeTop)/codeLine, 0), len(c.text.Lines)-1)
	if int(at.Y)+c.scroll.y < codeTop {
		line = 0
	}
	x := (at.X - c.scroll.gutter) / c.cell
	if half {
		x += 0.5
	}
	return c.lines.offsetAt(c.text, line, max(int(x)+c.scroll.left, 0))
}

// matchesIn are the indexes of the matches that reach into a part of the text.
func (c *Code) matchesIn(from, to int) (first, last int) {
	first = sort.Search(len(c.matches), func(i int) bool { return c.matchEnd(i) > from })
	last = sort.Search(len(c.matches), func(i int) bool { return int(c.matches[i]) >= to })
	return first, max(first, last)
}

// CreateRenderer is for Fyne.
func (c *Code) CreateRenderer() fyne.WidgetRenderer {
	return newCodeRenderer(c, c.pool, c.draw)
}

var _ fyne.Widget = (*Code)(nil)
