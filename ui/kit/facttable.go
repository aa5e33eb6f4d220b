package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Fact is one value with its name.
type Fact struct {
	Label string
	Value string
	Note  string // what it means; below the value, muted
	Tone  Tone
	Mono  bool
	Copy  string // what is copied; "" copies Value

	OnOpen func()                 // opens it as a link; nil for others
	OnMenu func(at fyne.Position) // the secondary button; at is on the canvas; nil for nothing
}

// FactTable lists facts, a label column beside a column of values that wrap.
// A click on a value copies it.
type FactTable struct {
	widget.BaseWidget

	facts      []Fact
	onCopy     func(value string)
	marks      Marks
	labelWidth float32
	hovered    int
	light      func() // moves the light to the hovered row

	rows  []factRow
	width float32 // that rows were made for
}

type factRow struct {
	label  []string
	lines  []string
	notes  []string
	y      float32
	height float32
}

const (
	factGap     = 6
	factColumn  = 16 // between the columns
	factWidest  = 190
	factActions = 26 // room at the right for the copy sign
)

// NewFactTable makes a table.
func NewFactTable(facts []Fact, onCopy func(value string)) *FactTable {
	t := &FactTable{onCopy: onCopy, hovered: -1}
	t.ExtendBaseWidget(t)
	t.SetFacts(facts)
	return t
}

// SetFacts changes what is listed.
func (t *FactTable) SetFacts(facts []Fact) {
	t.facts, t.width, t.hovered = facts, 0, -1
	t.labelWidth = 60
	for i := range facts {
		t.labelWidth = max(t.labelWidth, min(MeasureText(RoleSmall, cutRunes(facts[i].Label, maxLine)).Width+2, factWidest))
	}
	t.Refresh()
}

// SetMarks marks places in the values.
func (t *FactTable) SetMarks(marks Marks) *FactTable {
	t.marks = marks
	t.Refresh()
	return t
}

// AlignLabels makes the label column at least so wide, so that several tables
// stand under each other in one grid. It returns the width that it has.
func (t *FactTable) AlignLabels(width float32) float32 {
	if width > t.labelWidth {
		t.labelWidth, t.width = width, 0
		t.Refresh()
	}
	return t.labelWidth
}

func (f *Fact) role() Role {
	if f.Mono {
		return RoleMono
	}
	return RoleBody
}

// measure lays the rows out for a width.
func (t *FactTable) measure(width float32) {
	if t.width == width && t.rows != nil {
		return
	}
	t.width, t.rows = width, t.rows[:0]
	room := max(width-t.labelWidth-factColumn-factActions, 60)
	y := float32(0)
	for i := range t.facts {
		f := &t.facts[i]
		row := factRow{y: y, label: wrapLine(RoleSmall, cutRunes(f.Label, maxLine), t.labelWidth)}
		row.lines = wrapLines(f.role(), cutRunes(f.Value, maxParagraph), room)
		if f.Note != "" {
			row.notes = wrapLines(RoleSmall, cutRunes(f.Note, maxParagraph), room)
		}
		line, note := MeasureText(f.role(), "M").Height, MeasureText(RoleSmall, "M").Height
		row.height = max(float32(len(row.lines))*(line+2)+float32(len(row.notes))*(note+2), float32(len(row.label))*(note+2))
		y += row.height + factGap
		t.rows = append(t.rows, row)
	}
}

// HeightFor is the height that the table takes at a width.
func (t *FactTable) HeightFor(width float32) float32 {
	t.measure(width)
	return t.height()
}

func (t *FactTable) height() float32 {
	if len(t.rows) == 0 {
		return 0
	}
	last := t.rows[len(t.rows)-1]
	return last.y + last.height
}

// Resize wraps the values anew.
func (t *FactTable) Resize(size fyne.Size) {
	changed := size.Width != t.Size().Width // HeightFor may have measured it already, which nobody has drawn
	t.measure(size.Width)
	t.BaseWidget.Resize(size)
	if changed {
		t.Refresh()
	}
}

func (t *FactTable) at(y float32) int {
	for i := range t.rows {
		if y >= t.rows[i].y-factGap/2 && y < t.rows[i].y+t.rows[i].height+factGap/2 {
			return i
		}
	}
	return -1
}

// Tapped is for Fyne.
func (t *FactTable) Tapped(e *fyne.PointEvent) {
	i := t.at(e.Position.Y)
	if i < 0 || e.Position.X < t.labelWidth {
		return
	}
	f := &t.facts[i]
	copied := f.Copy
	if copied == "" {
		copied = f.Value
	}
	switch {
	case f.OnOpen != nil && e.Position.X < t.Size().Width-factActions:
		f.OnOpen()
	case t.onCopy != nil && copied != "":
		t.onCopy(copied)
	}
}

// TappedSecondary is for Fyne.
func (t *FactTable) TappedSecondary(e *fyne.PointEvent) {
	if i := t.at(e.Position.Y); i >= 0 && t.facts[i].OnMenu != nil {
		t.facts[i].OnMenu(e.AbsolutePosition)
	}
}

// MouseIn is for Fyne.
func (t *FactTable) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved is for Fyne.
func (t *FactTable) MouseMoved(e *desktop.MouseEvent) {
	i := t.at(e.Position.Y)
	if e.Position.X < t.labelWidth {
		i = -1 // a label does nothing
	}
	t.hover(i)
}

// MouseOut is for Fyne.
func (t *FactTable) MouseOut() { t.hover(-1) }

// hover lights a row up, without drawing the texts anew.
func (t *FactTable) hover(i int) {
	if i != t.hovered {
		t.hovered = i
		if t.light != nil {
			t.light()
		}
	}
}

// Cursor is for Fyne.
func (t *FactTable) Cursor() desktop.Cursor {
	if t.hovered < 0 {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer is for Fyne.
func (t *FactTable) CreateRenderer() fyne.WidgetRenderer {
	r := &factRenderer{table: t, hover: canvas.NewRectangle(nil), sign: newImage()}
	t.light = r.light
	r.Refresh()
	return r
}

type factRenderer struct {
	table   *FactTable
	hover   *canvas.Rectangle
	sign    *canvas.Image
	objects []fyne.CanvasObject
}

func (r *factRenderer) MinSize() fyne.Size {
	if r.table.rows == nil {
		r.table.measure(r.table.Size().Width)
	}
	return fyne.NewSize(120, r.table.height())
}

func (r *factRenderer) Layout(fyne.Size) {}

func (r *factRenderer) Refresh() {
	t := r.table
	t.measure(t.Size().Width)
	r.hover.FillColor, r.hover.CornerRadius = Color(ColorHover), 4
	r.objects = append(r.objects[:0], r.hover, r.sign)
	put := func(role Role, tone Tone, s string, x, y float32) {
		text := NewCanvasText(role, tone, s)
		text.Move(fyne.NewPos(x, y))
		text.Resize(text.MinSize())
		if x > 0 {
			r.objects = append(r.objects, t.marks.under(role, text)...)
		}
		r.objects = append(r.objects, text)
	}
	left := t.labelWidth + factColumn
	small := MeasureText(RoleSmall, "M").Height
	for i := range t.rows {
		row, f := &t.rows[i], &t.facts[i]
		line := MeasureText(f.role(), "M").Height
		for n, s := range row.label {
			put(RoleSmall, Muted, s, 0, row.y+float32(n)*(small+2)+(line-small)/2)
		}
		y := row.y
		tone := f.Tone
		if f.OnOpen != nil && tone == Plain {
			tone = Accent
		}
		for _, s := range row.lines {
			put(f.role(), tone, s, left, y)
			y += line + 2
		}
		for _, s := range row.notes {
			put(RoleSmall, Muted, s, left, y)
			y += small + 2
		}
	}
	r.light()
	canvas.Refresh(t)
}

// light shows which row a click is for, and that it copies or opens.
func (r *factRenderer) light() {
	t := r.table
	if t.hovered < 0 || t.hovered >= len(t.rows) {
		r.hover.Hide()
		r.sign.Hide()
		return
	}
	row, left := &t.rows[t.hovered], t.labelWidth+factColumn
	r.hover.Move(fyne.NewPos(left-6, row.y-factGap/2))
	r.hover.Resize(fyne.NewSize(max(t.Size().Width-left+6, 0), row.height+factGap))
	r.hover.Show()
	r.sign.Resize(fyne.NewSquareSize(14))
	r.sign.Move(fyne.NewPos(t.Size().Width-20, row.y+1))
	SetImageIcon(r.sign, "copy", ColorSecondary)
}

func (r *factRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *factRenderer) Destroy()                     {}
