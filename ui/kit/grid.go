package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Column is one column of a Grid.
type Column struct {
	Title string
	Right bool // numbers stand at the right
	Mono  bool
}

// Cell is one value of a Grid.
type Cell struct {
	Text string
	Tone Tone
	Copy string // what is copied; "" copies Text

	OnOpen func()                 // opens it as a link, in place of copying; nil for others
	OnMenu func(at fyne.Position) // the secondary button; at is on the canvas; nil for nothing
}

// Grid is a small table that is shown whole: the lines of an order, parcels,
// header fields. A click on a cell copies it.
type Grid struct {
	widget.BaseWidget

	columns []Column
	rows    [][]Cell
	onCopy  func(value string)
	marks   Marks
	hovered int
	light   func() // moves the light to the hovered row
}

const (
	gridRow    = 26
	gridGap    = 18
	gridNarrow = 40
)

// NewGrid makes a table.
func NewGrid(columns []Column, rows [][]Cell, onCopy func(value string)) *Grid {
	g := &Grid{columns: columns, rows: rows, onCopy: onCopy, hovered: -1}
	g.ExtendBaseWidget(g)
	return g
}

// SetMarks marks places in the cells.
func (g *Grid) SetMarks(marks Marks) *Grid {
	g.marks = marks
	g.Refresh()
	return g
}

// SetRows changes what is listed.
func (g *Grid) SetRows(rows [][]Cell) {
	g.rows, g.hovered = rows, -1
	g.Refresh()
}

func (c *Column) role() Role {
	if c.Mono {
		return RoleMono
	}
	return RoleBody
}

// widths shares a width among the columns: what they need, and where that is too
// much, the widest give way.
func (g *Grid) widths(width float32) []float32 {
	need := make([]float32, len(g.columns))
	sum := float32(0)
	for i := range g.columns {
		need[i] = MeasureText(RoleCaption, g.columns[i].Title).Width
		for _, row := range g.rows {
			if i < len(row) {
				need[i] = max(need[i], MeasureText(g.columns[i].role(), firstLine(row[i].Text)).Width)
			}
		}
		need[i] = max(need[i]+1, gridNarrow)
		sum += need[i]
	}
	room := width - gridGap*float32(max(len(need)-1, 0))
	for sum > room {
		widest := 0
		for i := range need {
			if need[i] > need[widest] {
				widest = i
			}
		}
		cut := min(sum-room, max(need[widest]*0.1, 1))
		if need[widest]-cut < gridNarrow {
			break
		}
		need[widest] -= cut
		sum -= cut
	}
	return need
}

func firstLine(s string) string {
	s = cutRunes(s, maxLine)
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return s[:i] + ellipsis
	}
	return s
}

func (g *Grid) cellAt(p fyne.Position) (row, column int) {
	row = int(p.Y/gridRow) - 1
	if row < 0 || row >= len(g.rows) {
		return -1, -1
	}
	x := float32(0)
	for i, width := range g.widths(g.Size().Width) {
		if p.X >= x && p.X < x+width+gridGap {
			return row, i
		}
		x += width + gridGap
	}
	return row, -1
}

// Tapped is for Fyne.
func (g *Grid) Tapped(e *fyne.PointEvent) {
	row, column := g.cellAt(e.Position)
	if row < 0 || column < 0 || column >= len(g.rows[row]) || g.onCopy == nil {
		return
	}
	cell := g.rows[row][column]
	switch {
	case cell.OnOpen != nil:
		cell.OnOpen()
	case cell.Copy != "":
		g.onCopy(cell.Copy)
	case cell.Text != "":
		g.onCopy(cell.Text)
	}
}

// TappedSecondary is for Fyne.
func (g *Grid) TappedSecondary(e *fyne.PointEvent) {
	row, column := g.cellAt(e.Position)
	if row >= 0 && column >= 0 && column < len(g.rows[row]) && g.rows[row][column].OnMenu != nil {
		g.rows[row][column].OnMenu(e.AbsolutePosition)
	}
}

// MouseIn is for Fyne.
func (g *Grid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved is for Fyne.
func (g *Grid) MouseMoved(e *desktop.MouseEvent) {
	row, _ := g.cellAt(e.Position)
	g.hover(row)
}

// MouseOut is for Fyne.
func (g *Grid) MouseOut() { g.hover(-1) }

// hover lights a row up, without drawing the texts anew.
func (g *Grid) hover(row int) {
	if row != g.hovered {
		g.hovered = row
		if g.light != nil {
			g.light()
		}
	}
}

// Cursor is for Fyne.
func (g *Grid) Cursor() desktop.Cursor {
	if g.hovered < 0 {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer is for Fyne.
func (g *Grid) CreateRenderer() fyne.WidgetRenderer {
	r := &gridRenderer{grid: g, hover: canvas.NewRectangle(nil)}
	g.light = r.light
	r.Refresh()
	return r
}

type gridRenderer struct {
	grid    *Grid
	hover   *canvas.Rectangle
	width   float32
	objects []fyne.CanvasObject
}

func (r *gridRenderer) MinSize() fyne.Size {
	return fyne.NewSize(120, gridRow*float32(len(r.grid.rows)+1))
}

func (r *gridRenderer) Layout(size fyne.Size) {
	if size.Width != r.width {
		r.Refresh()
	}
}

func (r *gridRenderer) Refresh() {
	g := r.grid
	r.width = g.Size().Width
	r.hover.FillColor = Color(ColorHover)
	r.objects = append(r.objects[:0], r.hover)
	widths := g.widths(r.width)
	put := func(role Role, tone Tone, s string, x, y, width float32, right bool) {
		text := NewCanvasText(role, tone, Fit(role, firstLine(s), width))
		size := text.MinSize()
		if right {
			x += width - size.Width
		}
		text.Move(fyne.NewPos(x, y+(gridRow-size.Height)/2))
		text.Resize(size)
		if y > 0 {
			r.objects = append(r.objects, g.marks.under(role, text)...)
		}
		r.objects = append(r.objects, text)
	}
	line := func(y float32) {
		rule := canvas.NewRectangle(Color(ColorLine))
		rule.Move(fyne.NewPos(0, y))
		rule.Resize(fyne.NewSize(r.width, 1))
		r.objects = append(r.objects, rule)
	}
	x := float32(0)
	for i := range g.columns {
		column := &g.columns[i]
		put(RoleCaption, Muted, column.Title, x, 0, widths[i], column.Right)
		for n, row := range g.rows {
			if i < len(row) {
				tone := row[i].Tone
				if row[i].OnOpen != nil {
					tone = Accent
				}
				put(column.role(), tone, row[i].Text, x, gridRow*float32(n+1), widths[i], column.Right)
			}
		}
		x += widths[i] + gridGap
	}
	for n := range g.rows {
		line(gridRow * float32(n+1))
	}
	r.light()
	canvas.Refresh(g)
}

// light shows which row a click is for.
func (r *gridRenderer) light() {
	g := r.grid
	if g.hovered < 0 || g.hovered >= len(g.rows) {
		r.hover.Hide()
		return
	}
	r.hover.Move(fyne.NewPos(-6, gridRow*float32(g.hovered+1)))
	r.hover.Resize(fyne.NewSize(r.width+12, gridRow))
	r.hover.Show()
}

func (r *gridRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *gridRenderer) Destroy()                     {}
