package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// MenuItem is one line of a menu; a zero one is a line between others.
type MenuItem struct {
	Icon  Icon
	Label string
	Keys  string
	Tone  Tone
	Off   bool // cannot be chosen now
	Run   func()
}

const (
	menuRow  = 28
	menuRule = 9
	menuPad  = 5
)

// ShowMenu opens a menu at a place of a canvas. Escape or a click elsewhere
// closes it; Up, Down and Return choose.
func ShowMenu(c fyne.Canvas, at fyne.Position, items []MenuItem) {
	m := &menu{items: items, chosen: -1}
	m.ExtendBaseWidget(m)
	popup := widget.NewPopUp(m, c)
	m.close = func() {
		c.Unfocus()
		popup.Hide()
	}
	size := m.MinSize()
	at.X = max(0, min(at.X, c.Size().Width-size.Width-4))
	at.Y = max(0, min(at.Y, c.Size().Height-size.Height-4))
	popup.ShowAtPosition(at)
	popup.Resize(size)
	c.Focus(m)
}

type menu struct {
	widget.BaseWidget

	items  []MenuItem
	chosen int
	close  func()
}

func (m *menu) heights() (tops []float32, total float32) {
	y := float32(menuPad)
	for i := range m.items {
		tops = append(tops, y)
		if m.items[i].Label == "" {
			y += menuRule
		} else {
			y += menuRow
		}
	}
	return tops, y + menuPad
}

func (m *menu) at(y float32) int {
	tops, _ := m.heights()
	for i := range tops {
		if m.can(i) && y >= tops[i] && y < tops[i]+menuRow {
			return i
		}
	}
	return -1
}

func (m *menu) can(i int) bool {
	return i >= 0 && i < len(m.items) && m.items[i].Label != "" && !m.items[i].Off
}

func (m *menu) run(i int) {
	if !m.can(i) {
		return
	}
	m.close()
	if f := m.items[i].Run; f != nil {
		f()
	}
}

func (m *menu) choose(i int) {
	if m.chosen != i {
		m.chosen = i
		m.Refresh()
	}
}

func (m *menu) step(by int) {
	for i, n := m.chosen, 0; n < len(m.items); n++ {
		i += by
		if i < 0 {
			i = len(m.items) - 1
		}
		i %= len(m.items)
		if m.can(i) {
			m.choose(i)
			return
		}
	}
}

// Tapped is for Fyne.
func (m *menu) Tapped(e *fyne.PointEvent) { m.run(m.at(e.Position.Y)) }

// MouseIn is for Fyne.
func (m *menu) MouseIn(e *desktop.MouseEvent) { m.choose(m.at(e.Position.Y)) }

// MouseMoved is for Fyne.
func (m *menu) MouseMoved(e *desktop.MouseEvent) { m.choose(m.at(e.Position.Y)) }

// MouseOut is for Fyne.
func (m *menu) MouseOut() { m.choose(-1) }

// FocusGained is for Fyne.
func (m *menu) FocusGained() {}

// FocusLost is for Fyne.
func (m *menu) FocusLost() {}

// TypedRune is for Fyne.
func (m *menu) TypedRune(rune) {}

// TypedShortcut keeps shortcuts from what is behind the menu.
func (m *menu) TypedShortcut(fyne.Shortcut) {}

// TypedKey is for Fyne.
func (m *menu) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		m.step(-1)
	case fyne.KeyDown:
		m.step(1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.run(m.chosen)
	case fyne.KeyEscape:
		m.close()
	default: // a menu has no use for other keys, and nothing behind it gets them
	}
}

// CreateRenderer is for Fyne.
func (m *menu) CreateRenderer() fyne.WidgetRenderer {
	r := &menuRenderer{menu: m}
	r.Refresh()
	return r
}

type menuRenderer struct {
	menu    *menu
	objects []fyne.CanvasObject
}

func (r *menuRenderer) MinSize() fyne.Size {
	width := float32(0)
	for i := range r.menu.items {
		item := &r.menu.items[i]
		w := MeasureText(RoleBody, item.Label).Width + 48
		if item.Keys != "" {
			w += MeasureText(RoleMonoSmall, item.Keys).Width + 30
		}
		width = max(width, w)
	}
	_, height := r.menu.heights()
	return fyne.NewSize(width, height)
}

func (r *menuRenderer) Layout(fyne.Size) { r.Refresh() }

func (r *menuRenderer) Refresh() {
	m := r.menu
	size := m.Size()
	back := canvas.NewRectangle(Color(ColorRaised))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = Color(ColorOutline), 1, 7
	back.Resize(size)
	r.objects = append(r.objects[:0], back)
	tops, _ := m.heights()
	for i := range m.items {
		item, y := &m.items[i], tops[i]
		if item.Label == "" {
			rule := canvas.NewRectangle(Color(ColorLine))
			rule.Move(fyne.NewPos(1, y+menuRule/2))
			rule.Resize(fyne.NewSize(size.Width-2, 1))
			r.objects = append(r.objects, rule)
			continue
		}
		if i == m.chosen {
			mark := canvas.NewRectangle(Color(ColorSelected))
			mark.CornerRadius = 5
			mark.Move(fyne.NewPos(menuPad, y))
			mark.Resize(fyne.NewSize(size.Width-2*menuPad, menuRow))
			r.objects = append(r.objects, mark)
		}
		tone := item.Tone
		if item.Off {
			tone = Muted
		}
		icon := &canvas.Image{FillMode: canvas.ImageFillContain}
		SetImageIcon(icon, item.Icon, tone.name())
		icon.Resize(fyne.NewSquareSize(15))
		icon.Move(fyne.NewPos(12, y+(menuRow-15)/2))
		label := NewCanvasText(RoleBody, tone, item.Label)
		label.Move(fyne.NewPos(36, y+(menuRow-label.MinSize().Height)/2))
		keys := NewCanvasText(RoleMonoSmall, Muted, item.Keys)
		keys.Move(fyne.NewPos(size.Width-keys.MinSize().Width-12, y+(menuRow-keys.MinSize().Height)/2))
		r.objects = append(r.objects, icon, label, keys)
	}
	canvas.Refresh(m)
}

func (r *menuRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *menuRenderer) Destroy()                     {}
