package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// heldRow is one held callback over the list. A click leads to its answer.
type heldRow struct {
	widget.BaseWidget
	kit.Pressable

	line    viewmodel.HeldLine
	current bool
	draw    *heldRowRenderer
}

const heldPitch = 48

func newHeldRow(open func(id int64)) *heldRow {
	w := &heldRow{}
	w.OnPress, w.Changed = func() { open(w.line.ID) }, w.Refresh
	w.ExtendBaseWidget(w)
	return w
}

// set shows a held callback; current says that the detail shows it.
func (w *heldRow) set(line viewmodel.HeldLine, current bool) {
	if w.line == line && w.current == current {
		return
	}
	w.line, w.current = line, current
	w.Refresh()
}

// AccessibilityLabel is what a screen reader says.
func (w *heldRow) AccessibilityLabel() string {
	l := &w.line
	return l.Method + " " + l.Path + ", " + l.Provider + " " + l.Event + ", " + l.Since + ", " + l.Left + " left"
}

// CreateRenderer is for Fyne.
func (w *heldRow) CreateRenderer() fyne.WidgetRenderer {
	r := &heldRowRenderer{
		row: w, ground: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil),
		rail:  newHeldRail(),
		badge: kit.NewMethodBadge(""), dot: canvas.NewCircle(nil),
		path: newRowText(kit.RoleRow), name: newRowText(kit.RoleSmall), event: newRowText(kit.RoleSmall),
		left: newRowText(kit.RoleMonoBold), since: newRowText(kit.RoleMonoSmall),
	}
	r.ground.CornerRadius, r.bar.CornerRadius = 6, 1.5
	r.objects = []fyne.CanvasObject{
		r.ground, r.bar, r.rail, r.badge, r.dot, r.path.text, r.name.text, r.event.text, r.left.text, r.since.text,
	}
	w.draw = r
	r.Refresh()
	return r
}

type heldRowRenderer struct {
	row     *heldRow
	objects []fyne.CanvasObject

	ground, bar *canvas.Rectangle
	rail        *heldRail
	badge       *kit.Badge
	dot         *canvas.Circle

	path, name, event, left, since *rowText
}

// MinSize is for Fyne.
func (*heldRowRenderer) MinSize() fyne.Size { return fyne.NewSize(120, heldPitch) }

// Layout is for Fyne.
func (r *heldRowRenderer) Layout(size fyne.Size) {
	const first, second, third = 14.5, 31.5, 42
	line, right := &r.row.line, size.Width-rowRight
	area := func(o fyne.CanvasObject, x, y, width, height float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(width, 0), height))
	}
	area(r.ground, blockLeft, 0, size.Width-blockLeft-blockRight, heldPitch)
	area(r.bar, blockLeft, 8, 3, heldPitch-16)
	r.badge.Move(fyne.NewPos(badgeLeft, first-9))
	r.badge.Resize(fyne.NewSize(r.badge.MinSize().Width, 18))
	r.left.set(line.Left, tone(line.Tone), 80)
	edge := right - r.left.width()
	r.left.place(edge, first)
	r.path.set(line.Path, kit.Plain, edge-10-textLeft)
	r.path.place(textLeft, first)
	r.dot.Move(fyne.NewPos(textLeft, second-3))
	r.dot.Resize(fyne.NewSquareSize(7))
	area(r.rail, textLeft, third, right-textLeft, railHeight)
	r.since.set(line.Since, kit.Muted, 120)
	r.since.place(right-r.since.width(), second)
	room := right - r.since.width() - 8 - nameLeft
	r.name.set(line.Provider, kit.Secondary, room)
	r.name.place(nameLeft, second)
	after := r.name.width() + 8
	r.event.set(line.Event, kit.Muted, room-after)
	r.event.place(nameLeft+after, second)
}

// Refresh is for Fyne.
func (r *heldRowRenderer) Refresh() {
	w := r.row
	switch {
	case w.current:
		r.ground.FillColor = kit.Color(kit.ColorTint)
	case w.Hovered || w.Focused:
		r.ground.FillColor = kit.Color(kit.ColorHover)
	default:
		r.ground.FillColor = nil
	}
	r.bar.Hidden = !w.current
	r.bar.FillColor = kit.Color(kit.ColorAccent)
	r.rail.set(w.line.Share, tone(w.line.Tone))
	r.dot.FillColor = kit.Color(kit.HueName(w.line.Hue))
	r.badge.SetMethod(w.line.Method)
	r.Layout(w.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

// Objects is for Fyne.
func (r *heldRowRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy is for Fyne.
func (*heldRowRenderer) Destroy() {}
