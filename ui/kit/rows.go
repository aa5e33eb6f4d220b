package kit

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// RowsSpec says what a list of rows shows and whom it tells.
type RowsSpec struct {
	Height float32 // of every row
	Count  func() int
	New    func() fyne.CanvasObject
	Update func(i int, o fyne.CanvasObject) // must not wait for anything

	OnTap    func(i int, modifier fyne.KeyModifier)
	OnDouble func(i int)
	OnMenu   func(i int, at fyne.Position) // the secondary button; at is on the canvas
	OnHover  func(i int)                   // -1: none
	OnScroll func(top int, atTop bool)     // a person has scrolled
	OnKey    func(key string) bool         // of the focused list; what it returns false for goes to the shell
}

// Rows is a list of rows of one height. It keeps its place as a whole row and
// the pixels of it that are scrolled away, so that a million rows scroll like
// ten, and it draws only what is in view.
type Rows struct {
	widget.BaseWidget

	spec RowsSpec
	top  int
	rest float32 // pixels of the top row that are out of view

	hovered int
	mouse   float32 // how far down the mouse is; below 0 while it is elsewhere
	lastTap time.Time
	lastRow int
	view    *fyne.Container
	bar     *ScrollBar
}

// doubleTap is how soon a second click makes a double click.
const doubleTap = 350 * time.Millisecond

// NewRows makes a list.
func NewRows(spec RowsSpec) *Rows {
	r := &Rows{spec: spec, hovered: -1, mouse: -1, lastRow: -1}
	r.view = container.NewWithoutLayout()
	r.bar = NewScrollBar(func(offset float64) {
		r.top = int(offset / float64(spec.Height))
		r.rest = float32(offset - float64(r.top)*float64(spec.Height))
		r.scrolled()
	})
	r.ExtendBaseWidget(r)
	return r
}

// Top is the first row in view, and how many pixels of it are out of view.
func (r *Rows) Top() (row int, rest float32) { return r.top, r.rest }

// AtTop reports whether the list is scrolled to its beginning.
func (r *Rows) AtTop() bool { return r.top == 0 && r.rest < 1 }

// SetTop scrolls to a place without telling OnScroll.
func (r *Rows) SetTop(row int, rest float32) {
	r.top, r.rest = row, rest
	r.Refresh()
}

// ScrollTo scrolls as little as it takes to bring a row into view whole.
func (r *Rows) ScrollTo(i int) {
	height := r.Size().Height
	y := float64(i-r.top)*float64(r.spec.Height) - float64(r.rest)
	switch {
	case y < 0 || height < r.spec.Height: // or nothing has a size yet
		r.top, r.rest = i, 0
	case y+float64(r.spec.Height) > float64(height):
		r.top, r.rest = i, 0
		r.shift(r.spec.Height - height)
	default:
		return
	}
	r.Refresh()
}

// VisibleRange is the rows in view, the last one not included.
func (r *Rows) VisibleRange() (first, last int) {
	n := int((r.Size().Height+r.rest)/r.spec.Height) + 1
	return r.top, min(r.top+n, r.spec.Count())
}

// shift scrolls by pixels, down where they are positive.
func (r *Rows) shift(pixels float32) {
	h := float64(r.spec.Height)
	offset := float64(r.rest) + float64(pixels)
	rows := int(math.Floor(offset / h))
	r.top += rows
	r.rest = float32(offset - float64(rows)*h)
	r.bound()
}

// bound keeps the place inside what there is.
func (r *Rows) bound() {
	count := r.spec.Count()
	room := float64(r.Size().Height)
	h := float64(r.spec.Height)
	if last := float64(count)*h - room; float64(r.top)*h+float64(r.rest) > last {
		last = max(last, 0)
		r.top = int(last / h)
		r.rest = float32(last - float64(r.top)*h)
	}
	if r.top < 0 {
		r.top, r.rest = 0, 0
	}
}

func (r *Rows) scrolled() {
	r.bound()
	r.Refresh()
	if r.spec.OnScroll != nil {
		r.spec.OnScroll(r.top, r.AtTop())
	}
}

// Scrolled is for Fyne.
func (r *Rows) Scrolled(e *fyne.ScrollEvent) {
	r.shift(-e.Scrolled.DY)
	r.scrolled()
}

// rowAt is the row at a height of the list, or -1.
func (r *Rows) rowAt(y float32) int {
	i := r.top + int((y+r.rest)/r.spec.Height)
	if y < 0 || i < 0 || i >= r.spec.Count() {
		return -1
	}
	return i
}

// MouseDown is for Fyne.
func (r *Rows) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
		c.Focus(r)
	}
	i := r.rowAt(e.Position.Y)
	if i < 0 {
		return
	}
	if e.Button == desktop.MouseButtonSecondary {
		if r.spec.OnMenu != nil {
			r.spec.OnMenu(i, e.AbsolutePosition)
		}
		return
	}
	if r.spec.OnTap != nil {
		r.spec.OnTap(i, e.Modifier)
	}
	now := time.Now()
	if i == r.lastRow && now.Sub(r.lastTap) < doubleTap && r.spec.OnDouble != nil {
		r.spec.OnDouble(i)
		i = -1 // a third click begins anew
	}
	r.lastRow, r.lastTap = i, now
}

// MouseUp is for Fyne.
func (r *Rows) MouseUp(*desktop.MouseEvent) {}

// MouseIn is for Fyne.
func (r *Rows) MouseIn(e *desktop.MouseEvent) { r.hover(e.Position.Y) }

// MouseMoved is for Fyne.
func (r *Rows) MouseMoved(e *desktop.MouseEvent) { r.hover(e.Position.Y) }

// MouseOut is for Fyne.
func (r *Rows) MouseOut() { r.hover(-1) }

// hover takes where the mouse is.
func (r *Rows) hover(y float32) {
	r.mouse = y
	if r.rowAt(y) != r.hovered {
		r.Refresh()
	}
}

// point finds the row under the mouse, which changes when the rows move too.
func (r *Rows) point() {
	i := r.rowAt(r.mouse)
	if i == r.hovered {
		return
	}
	r.hovered = i
	if r.spec.OnHover != nil {
		r.spec.OnHover(i)
	}
}

// Hovered is the row under the mouse, or -1.
func (r *Rows) Hovered() int { return r.hovered }

// FocusGained is for Fyne.
func (r *Rows) FocusGained() {}

// FocusLost is for Fyne.
func (r *Rows) FocusLost() {}

// TypedRune is for Fyne.
func (r *Rows) TypedRune(c rune) { r.key(KeyOfRune(c)) }

// TypedKey is for Fyne.
func (r *Rows) TypedKey(e *fyne.KeyEvent) {
	if key := KeyOf(e, ShiftHeld()); key != "" {
		r.key(key)
	}
}

// TypedShortcut is for Fyne.
func (r *Rows) TypedShortcut(s fyne.Shortcut) {
	if key := KeyOfShortcut(s); key != "" {
		r.key(key)
	}
}

func (r *Rows) key(key string) {
	if r.spec.OnKey == nil || !r.spec.OnKey(key) {
		otherKey(key)
	}
}

// CreateRenderer is for Fyne.
func (r *Rows) CreateRenderer() fyne.WidgetRenderer {
	return &rowsRenderer{rows: r, clip: container.NewClip(r.view)}
}

// rowsRenderer keeps the rows' objects in the list's view: Fyne makes another
// renderer where the list was out of sight for a while.
type rowsRenderer struct {
	rows *Rows
	clip *container.Clip
}

func (r *rowsRenderer) MinSize() fyne.Size { return fyne.NewSize(60, r.rows.spec.Height) }

func (r *rowsRenderer) Layout(size fyne.Size) {
	r.clip.Resize(size)
	r.rows.bar.Resize(fyne.NewSize(scrollBarWidth, size.Height))
	r.rows.bar.Move(fyne.NewPos(size.Width-scrollBarWidth, 0))
	r.rows.bound()
	r.draw()
}

// draw updates the rows in view and places them.
func (r *rowsRenderer) draw() {
	rows := r.rows
	size := rows.Size()
	first, last := rows.VisibleRange()
	for len(rows.view.Objects) < last-first {
		rows.view.Objects = append(rows.view.Objects, rows.spec.New())
	}
	for n, o := range rows.view.Objects {
		i := first + n
		if i >= last {
			o.Hide()
			continue
		}
		o.Move(fyne.NewPos(0, float32(n)*rows.spec.Height-rows.rest))
		o.Resize(fyne.NewSize(size.Width, rows.spec.Height))
		rows.spec.Update(i, o)
		o.Show()
	}
	h := float64(rows.spec.Height)
	rows.bar.Set(float64(rows.spec.Count())*h, float64(size.Height), float64(rows.top)*h+float64(rows.rest))
}

func (r *rowsRenderer) Refresh() {
	r.rows.bound()
	r.rows.point()
	r.draw()
	r.rows.view.Refresh()
	r.rows.bar.Refresh()
}

func (r *rowsRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.clip, r.rows.bar}
}
func (r *rowsRenderer) Destroy() {}
