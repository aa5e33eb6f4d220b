package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// DiffKind says what a row of a Diff is.
type DiffKind int

// The kinds of rows.
const (
	DiffGap   DiffKind = iota // nothing
	DiffTitle                 // of what follows: a band with an arrow
	DiffNote                  // a sentence, with what a click does
	DiffFold                  // a band in the place of rows that are not shown
	DiffSame
	DiffChanged
	DiffRemoved
	DiffAdded
)

// DiffRow is one row.
type DiffRow struct {
	Kind DiffKind

	Text   string // of a title, a note, a band
	Hint   string // beside a title
	Tone   Tone   // of the hint
	Open   bool   // where the arrow of a title points
	Action string // what a click does; "" for nothing

	A, B   DiffSide // split they stand beside each other; else one of them does
	Remark string   // behind the text
	Syntax Syntax
}

// DiffSide is a line of one side.
type DiffSide struct {
	Text   string
	Number string   // "" for none
	Marks  [][2]int // text[from:to], in rising order
}

// DiffSpec says what a Diff shows and whom it tells.
type DiffSpec struct {
	Count func() int
	Row   func(i int) DiffRow // must not wait for anything

	OnMove func(i int) // the person goes to a row
	OnTap  func(i int) // a row with something to do was clicked
	OnKey  func(key string) bool
}

// Diff shows two texts beside each other or in one column, with what differs
// marked. What it costs depends on the rows in view, never on how many there are.
type Diff struct {
	codeBase
	spec DiffSpec

	split   bool
	digits  int // of the largest line number; 0 for none
	current int
	focused bool
	hovered int
	widest  int // columns of the longest line seen
	marks   []float32

	cell, digit float32
}

// NewDiff makes a view.
func NewDiff(spec DiffSpec) *Diff {
	d := &Diff{spec: spec, hovered: -1}
	d.pool = newCodePool()
	d.ExtendBaseWidget(d)
	return d
}

// SetSplit says whether the sides stand beside each other, and how many digits the
// line numbers have.
func (d *Diff) SetSplit(split bool, digits int) { d.split, d.digits = split, digits }

// SetMarks marks places in the scrollbar: parts of the height from 0 to 1, rising.
func (d *Diff) SetMarks(marks []float32) { d.marks = marks }

// Split reports whether the sides stand beside each other.
func (d *Diff) Split() bool { return d.split }

// SetCurrent moves to a row and scrolls it into view.
func (d *Diff) SetCurrent(i int) {
	d.current = i
	d.measure()
	left := d.scroll.left
	d.scroll.show(codeTop+i*codeLine, codeLine, left)
	d.Refresh()
}

// ToTop scrolls to the beginning, also to that of the lines.
func (d *Diff) ToTop() {
	d.scroll.y, d.scroll.left, d.widest = 0, 0, 0
	d.Refresh()
}

// TopRow is the first row in view.
func (d *Diff) TopRow() int { return max(d.scroll.y-codeTop, 0) / codeLine }

// pageRows is how many rows a key for a page moves.
func (d *Diff) pageRows() int { return max(int(d.scroll.size.Height)/codeLine-2, 1) }

// Sizes of a Diff.
const (
	diffMargin = 8
	diffSign   = 18 // for + and -
	diffText   = 6  // between the sign and the text
)

// gutter is what stands before the text of a side.
func (d *Diff) gutter() float32 {
	if d.digits == 0 {
		return diffMargin + diffSign
	}
	numbers := float32(1)
	if !d.split {
		numbers = 2
	}
	return diffMargin + numbers*(float32(max(d.digits, codeDigits))*d.digit+diffMargin) + diffSign
}

// half is how wide a side is.
func (d *Diff) half() float32 {
	width := d.scroll.size.Width - codeBarRoom
	if d.split {
		width /= 2
	}
	return max(width, 0)
}

// measure takes the sizes of the rows and of the font.
func (d *Diff) measure() {
	d.cell = MeasureText(RoleCode, "MMMMMMMMMM").Width / 10
	d.digit = MeasureText(codeNumbers, "0000000000").Width / 10
	d.scroll.cell = d.cell
	d.scroll.gutter = d.gutter() + diffText
	if d.split { // the bar below is that of the right side, and moves both
		d.scroll.gutter += d.half()
	}
	d.scroll.height = codeTop + d.spec.Count()*codeLine + codeBottom
	d.scroll.columns = d.widest + 1
	d.scroll.clamp()
}

// Resize is for Fyne.
func (d *Diff) Resize(size fyne.Size) {
	first := d.scroll.size.Height <= codeView
	d.scroll.size = size
	d.measure()
	if first && d.current > 0 {
		d.scroll.show(codeTop+d.current*codeLine, codeLine, 0)
	}
	d.BaseWidget.Resize(size)
}

// rowAt is the row at a height of the view, or -1.
func (d *Diff) rowAt(y float32) int {
	if int(y)+d.scroll.y < codeTop {
		return -1
	}
	if i := (int(y) + d.scroll.y - codeTop) / codeLine; i < d.spec.Count() {
		return i
	}
	return -1
}

// offers reports whether a click on a row does something.
func (d *Diff) offers(i int) bool {
	if i < 0 {
		return false
	}
	row := d.spec.Row(i)
	return row.Kind == DiffTitle || row.Action != ""
}

// CreateRenderer is for Fyne.
func (d *Diff) CreateRenderer() fyne.WidgetRenderer { return newCodeRenderer(d, d.pool, d.draw) }

var (
	_ fyne.Focusable     = (*Diff)(nil)
	_ fyne.Shortcutable  = (*Diff)(nil)
	_ fyne.Scrollable    = (*Diff)(nil)
	_ fyne.Draggable     = (*Diff)(nil)
	_ desktop.Mouseable  = (*Diff)(nil)
	_ desktop.Hoverable  = (*Diff)(nil)
	_ desktop.Cursorable = (*Diff)(nil)
)
