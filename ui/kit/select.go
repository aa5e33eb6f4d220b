package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Option is one choice of a Select.
type Option struct{ ID, Title string }

// Select shows the chosen one of several options, and the others in a menu.
type Select struct {
	widget.BaseWidget
	Pressable

	options []Option
	chosen  string
	onPick  func(id string)
}

// NewSelect makes a choice. onPick is called for a choice in the menu, not by
// SetChosen.
func NewSelect(options []Option, chosen string, onPick func(id string)) *Select {
	s := &Select{options: options, chosen: chosen, onPick: onPick}
	s.OnPress, s.Changed = s.open, s.Refresh
	s.ExtendBaseWidget(s)
	return s
}

// SetChosen shows an option as the chosen one.
func (s *Select) SetChosen(id string) {
	if s.chosen != id {
		s.chosen = id
		s.Refresh()
	}
}

// SetOptions changes what there is to choose from.
func (s *Select) SetOptions(options []Option) {
	s.options = options
	s.Refresh()
}

// Chosen is the ID of the chosen option.
func (s *Select) Chosen() string { return s.chosen }

func (s *Select) title() string {
	for _, o := range s.options {
		if o.ID == s.chosen {
			return o.Title
		}
	}
	return ""
}

func (s *Select) open() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s)
	if c == nil {
		return
	}
	items := make([]MenuItem, len(s.options))
	for i, o := range s.options {
		icon := Icon("")
		if o.ID == s.chosen {
			icon = "check"
		}
		items[i] = MenuItem{Icon: icon, Label: o.Title, Run: func() {
			s.SetChosen(o.ID)
			if s.onPick != nil {
				s.onPick(o.ID)
			}
		}}
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s)
	ShowMenu(c, at.AddXY(0, s.Size().Height+2), items)
}

// CreateRenderer is for Fyne.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	r := &selectRenderer{s, canvas.NewRectangle(nil), NewCanvasText(RoleBody, Plain, ""), &canvas.Image{FillMode: canvas.ImageFillContain}}
	r.Refresh()
	return r
}

type selectRenderer struct {
	sel   *Select
	back  *canvas.Rectangle
	title *canvas.Text
	arrow *canvas.Image
}

func (r *selectRenderer) MinSize() fyne.Size {
	width := float32(60)
	for _, o := range r.sel.options {
		width = max(width, MeasureText(RoleBody, o.Title).Width)
	}
	return fyne.NewSize(min(width, 260)+42, entryHeight)
}

func (r *selectRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.title.Text = Fit(RoleBody, r.sel.title(), size.Width-42)
	height := r.title.MinSize().Height
	r.title.Resize(fyne.NewSize(size.Width-42, height))
	r.title.Move(fyne.NewPos(10, (size.Height-height)/2))
	r.arrow.Resize(fyne.NewSquareSize(14))
	r.arrow.Move(fyne.NewPos(size.Width-24, (size.Height-14)/2))
}

func (r *selectRenderer) Refresh() {
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = Color(ColorRaised), Color(ColorOutline), 1, 6
	if r.sel.Hovered {
		r.back.FillColor = Color(ColorSelected)
	}
	if r.sel.Focused {
		r.back.StrokeColor = Color(ColorAccent)
	}
	r.back.Refresh()
	r.title.Color = Color(ColorText)
	SetImageIcon(r.arrow, "chevron-down", ColorMuted)
	r.Layout(r.sel.Size())
	r.title.Refresh()
}

func (r *selectRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.title, r.arrow}
}
func (r *selectRenderer) Destroy() {}
