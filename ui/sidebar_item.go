package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

const (
	itemHeight = 28
	itemIcon   = 17
	itemDot    = 8
	itemText   = 35
)

// sidebarItem is one view in the sidebar.
type sidebarItem struct {
	widget.BaseWidget

	item  viewmodel.SidebarItem
	look  color.Color
	hover bool

	onTap  func()
	onMenu func(at fyne.Position)
}

func newSidebarItem(onTap func()) *sidebarItem {
	s := &sidebarItem{onTap: onTap}
	s.ExtendBaseWidget(s)
	return s
}

// set shows a view, where it is another than before.
func (s *sidebarItem) set(item viewmodel.SidebarItem) {
	look := kit.Color(kit.ColorText)
	if s.item != item || s.look != look {
		s.item, s.look = item, look
		s.Refresh()
	}
}

// Tapped is for Fyne.
func (s *sidebarItem) Tapped(*fyne.PointEvent) { s.onTap() }

// TappedSecondary is for Fyne.
func (s *sidebarItem) TappedSecondary(e *fyne.PointEvent) {
	if s.onMenu != nil {
		s.onMenu(e.AbsolutePosition)
	}
}

// Cursor is for Fyne.
func (s *sidebarItem) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn is for Fyne.
func (s *sidebarItem) MouseIn(*desktop.MouseEvent) { s.hover = true; s.Refresh() }

// MouseMoved is for Fyne.
func (s *sidebarItem) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (s *sidebarItem) MouseOut() { s.hover = false; s.Refresh() }

// AccessibilityLabel is what a screen reader says.
func (s *sidebarItem) AccessibilityLabel() string { return s.item.Title + " " + s.item.Count }

// CreateRenderer is for Fyne.
func (s *sidebarItem) CreateRenderer() fyne.WidgetRenderer {
	r := &sidebarItemRenderer{
		item: s, block: canvas.NewRectangle(nil), dot: canvas.NewCircle(nil), icon: newRowIcon(),
		title: newRowText(kit.RoleBody), chosen: newRowText(kit.RoleRow), count: newRowText(kit.RoleMonoSmall),
	}
	r.block.CornerRadius = 6
	r.Refresh()
	return r
}

type sidebarItemRenderer struct {
	item  *sidebarItem
	block *canvas.Rectangle
	dot   *canvas.Circle
	icon  *canvas.Image

	title, chosen, count *rowText // the chosen one is medium
}

func (r *sidebarItemRenderer) MinSize() fyne.Size { return fyne.NewSize(120, itemHeight) }

func (r *sidebarItemRenderer) Layout(size fyne.Size) {
	it := &r.item.item
	middle := size.Height / 2
	r.block.Resize(size)
	r.dot.Resize(fyne.NewSquareSize(itemDot))
	r.dot.Move(fyne.NewPos(10+(itemIcon-itemDot)/2, middle-itemDot/2))
	r.icon.Resize(fyne.NewSquareSize(itemIcon))
	r.icon.Move(fyne.NewPos(10, middle-itemIcon/2))
	r.count.set(it.Count, kit.Muted, size.Width-itemText)
	r.count.place(size.Width-10-r.count.width(), middle)
	room := size.Width - itemText - 18 - r.count.width()
	r.title.set(it.Title, kit.Secondary, room)
	r.title.text.Hidden = it.Selected
	r.title.place(itemText, middle)
	r.chosen.set(it.Title, kit.Plain, room)
	r.chosen.text.Hidden = !it.Selected
	r.chosen.place(itemText, middle)
}

func (r *sidebarItemRenderer) Refresh() {
	it := &r.item.item
	r.block.Hidden = false
	switch {
	case it.Selected:
		r.block.FillColor = kit.Color(kit.ColorSelected)
	case r.item.hover:
		r.block.FillColor = kit.Color(kit.ColorHover)
	default:
		r.block.Hidden = true
	}
	r.block.Refresh()
	r.dot.Hidden = it.Hue == 0 && !it.Dot
	r.dot.FillColor = kit.Color(kit.HueName(it.Hue))
	if it.Dot {
		r.dot.FillColor = kit.ToneColor(kit.Tone(it.Tone))
	}
	r.dot.Refresh()
	colour := kit.ToneName(kit.Tone(it.Tone))
	if it.Selected && it.Tone == viewmodel.Secondary {
		colour = kit.ColorText
	}
	kit.SetImageIcon(r.icon, kit.Icon(it.Icon), colour)
	r.Layout(r.item.Size())
}

func (r *sidebarItemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.block, r.dot, r.icon, r.title.text, r.chosen.text, r.count.text}
}

func (r *sidebarItemRenderer) Destroy() {}
