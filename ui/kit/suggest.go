package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Suggestion is one line of a Suggestions.
type Suggestion struct {
	Icon  Icon // "" for none
	Title string
	Hint  string // muted, behind the title
	Count string // at the right
}

// Suggestions is a list that hangs below a field and never takes the keyboard
// from it: the field says which line is chosen.
type Suggestions struct {
	widget.BaseWidget

	Hovered bool // the mouse is on it: a click comes before the field loses the keyboard

	items    []Suggestion
	chosen   int
	first    int // line at the upper edge
	foot     string
	footTone Tone
	onPick   func(i int)
	layer    *fyne.Container
}

const (
	suggestRow  = 27
	suggestMost = 10
	suggestFoot = 24
)

// NewSuggestions makes a list that is hidden. foot says in a line which keys it
// takes.
func NewSuggestions(foot string, onPick func(i int)) *Suggestions {
	s := &Suggestions{foot: foot, onPick: onPick, chosen: -1, footTone: Muted}
	s.ExtendBaseWidget(s)
	s.layer = container.NewWithoutLayout(s)
	s.Hide()
	return s
}

// Object is what is put over the content of the window.
func (s *Suggestions) Object() fyne.CanvasObject { return s.layer }

// Set changes what is listed, and which line is chosen; -1 for none.
func (s *Suggestions) Set(items []Suggestion, chosen int) {
	s.items, s.chosen = items, chosen
	s.first = min(s.first, max(len(items)-suggestMost, 0))
	switch {
	case chosen < 0:
		s.first = 0
	case chosen < s.first:
		s.first = chosen
	case chosen >= s.first+suggestMost:
		s.first = chosen - suggestMost + 1
	}
	s.Refresh()
}

// SetFoot changes the line below the items; a bad one says what is wrong.
func (s *Suggestions) SetFoot(text string, tone Tone) {
	if s.foot != text {
		s.foot, s.footTone = text, tone
		s.Refresh()
	}
}

// Under shows the list below an object.
func (s *Suggestions) Under(o fyne.CanvasObject, width float32) {
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(o).Subtract(driver.AbsolutePositionForObject(s.layer))
	width = float32(int(max(width, o.Size().Width)))
	left := max(min(at.X, s.layer.Size().Width-width-4), 4)
	s.Move(fyne.NewPos(float32(int(left)), float32(int(at.Y+o.Size().Height+4)))) // else its edge is blurred
	s.Resize(fyne.NewSize(width, s.MinSize().Height))
	s.Show()
	s.Refresh()
}

func (s *Suggestions) lines() int { return min(len(s.items), suggestMost) }

// at is the item at a height, or -1.
func (s *Suggestions) at(y float32) int {
	i := int((y - menuPad) / suggestRow)
	if y < menuPad || i >= s.lines() {
		return -1
	}
	return s.first + i
}

// Tapped is for Fyne.
func (s *Suggestions) Tapped(e *fyne.PointEvent) {
	if i := s.at(e.Position.Y); i >= 0 {
		s.onPick(i)
	}
}

// Scrolled is for Fyne.
func (s *Suggestions) Scrolled(e *fyne.ScrollEvent) {
	by := 1
	if e.Scrolled.DY > 0 {
		by = -1
	}
	s.first = max(min(s.first+by, len(s.items)-suggestMost), 0)
	s.Refresh()
}

// MouseIn is for Fyne.
func (s *Suggestions) MouseIn(e *desktop.MouseEvent) {
	s.Hovered = true
	s.MouseMoved(e)
}

// MouseMoved is for Fyne.
func (s *Suggestions) MouseMoved(e *desktop.MouseEvent) {
	if i := s.at(e.Position.Y); i >= 0 && i != s.chosen {
		s.chosen = i
		s.Refresh()
	}
}

// MouseOut is for Fyne.
func (s *Suggestions) MouseOut() { s.Hovered = false }

// Cursor is for Fyne.
func (s *Suggestions) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is for Fyne.
func (s *Suggestions) CreateRenderer() fyne.WidgetRenderer {
	r := &suggestRenderer{list: s}
	r.Refresh()
	return r
}

type suggestRenderer struct {
	list    *Suggestions
	objects []fyne.CanvasObject
}

func (r *suggestRenderer) MinSize() fyne.Size {
	height := float32(r.list.lines())*suggestRow + suggestFoot
	if r.list.lines() > 0 {
		height += 2 * menuPad
	}
	return fyne.NewSize(120, height)
}

func (r *suggestRenderer) Layout(fyne.Size) { r.Refresh() }

func (r *suggestRenderer) Refresh() {
	s := r.list
	size := fyne.NewSize(s.Size().Width, r.MinSize().Height)
	back := canvas.NewRectangle(Color(ColorRaised))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = Color(ColorOutline), 1, 7
	back.Resize(size)
	r.objects = append(r.objects[:0], back)
	for n := range s.lines() {
		r.line(s.first+n, menuPad+float32(n)*suggestRow, size.Width)
	}
	rule := canvas.NewRectangle(Color(ColorLine))
	rule.Hidden = len(s.items) == 0
	rule.Move(fyne.NewPos(1, size.Height-suggestFoot-2))
	rule.Resize(fyne.NewSize(size.Width-2, 1))
	foot := NewCanvasText(RoleCaption, s.footTone, Fit(RoleCaption, s.foot, size.Width-24))
	foot.Move(fyne.NewPos(12, size.Height-suggestFoot+(suggestFoot-foot.MinSize().Height)/2-1))
	r.objects = append(r.objects, rule, foot)
	canvas.Refresh(s)
}

// line draws one item.
func (r *suggestRenderer) line(i int, y, width float32) {
	s := r.list
	item := &s.items[i]
	if i == s.chosen {
		mark := canvas.NewRectangle(Color(ColorSelected))
		mark.CornerRadius = 5
		mark.Move(fyne.NewPos(menuPad, y))
		mark.Resize(fyne.NewSize(width-2*menuPad, suggestRow))
		r.objects = append(r.objects, mark)
	}
	put := func(t *canvas.Text, x float32) {
		t.Move(fyne.NewPos(x, y+(suggestRow-t.MinSize().Height)/2))
		r.objects = append(r.objects, t)
	}
	left, right := float32(12), width-14
	if item.Icon != "" {
		icon := newImage()
		SetImageIcon(icon, item.Icon, ColorMuted)
		icon.Resize(fyne.NewSquareSize(14))
		icon.Move(fyne.NewPos(left, y+(suggestRow-14)/2))
		r.objects = append(r.objects, icon)
		left += 22
	}
	if item.Count != "" {
		count := NewCanvasText(RoleMonoSmall, Muted, item.Count)
		right -= count.MinSize().Width
		put(count, right)
		right -= 10
	}
	title := NewCanvasText(RoleMono, Plain, Fit(RoleMono, item.Title, right-left))
	put(title, left)
	left += title.MinSize().Width + 12
	if item.Hint != "" && right-left > 30 {
		put(NewCanvasText(RoleSmall, Muted, Fit(RoleSmall, item.Hint, right-left)), left)
	}
}

func (r *suggestRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *suggestRenderer) Destroy()                     {}
