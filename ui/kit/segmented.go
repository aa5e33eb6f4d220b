package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Segment is one choice of a Segmented.
type Segment struct {
	ID, Title string
	Off       bool // cannot be chosen now
}

// Segmented is a row of choices of which one holds. The arrow keys go through
// them.
type Segmented struct {
	widget.BaseWidget
	stepper

	segments []Segment
	selected string
	hovered  int
	onSelect func(id string)
}

const (
	segmentHeight = 26
	segmentPad    = 11
)

// NewSegmented makes a row of choices. onSelect is called for a click, not by
// SetSelected.
func NewSegmented(segments []Segment, onSelect func(id string)) *Segmented {
	s := &Segmented{segments: segments, onSelect: onSelect, hovered: -1}
	s.step, s.changed = s.move, s.Refresh
	s.ExtendBaseWidget(s)
	return s
}

// SetSegments changes the choices.
func (s *Segmented) SetSegments(segments []Segment) {
	s.segments = segments
	s.Refresh()
}

// SetSelected marks a choice.
func (s *Segmented) SetSelected(id string) {
	if s.selected != id {
		s.selected = id
		s.Refresh()
	}
}

// move chooses what is before or after the choice that holds, as a click does.
func (s *Segmented) move(by int) {
	at := slices.IndexFunc(s.segments, func(segment Segment) bool { return segment.ID == s.selected })
	for i := at + by; at >= 0 && i >= 0 && i < len(s.segments); i += by {
		if !s.segments[i].Off {
			if s.onSelect != nil {
				s.onSelect(s.segments[i].ID)
			}
			return
		}
	}
}

func (s *Segmented) at(x float32) int {
	left := float32(2)
	for i, segment := range s.segments {
		width := MeasureText(RoleSmall, segment.Title).Width + 2*segmentPad
		if x >= left && x < left+width {
			return i
		}
		left += width
	}
	return -1
}

// Tapped is for Fyne.
func (s *Segmented) Tapped(e *fyne.PointEvent) {
	if i := s.at(e.Position.X); i >= 0 && !s.segments[i].Off && s.onSelect != nil {
		s.onSelect(s.segments[i].ID)
	}
}

// MouseIn is for Fyne.
func (s *Segmented) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved is for Fyne.
func (s *Segmented) MouseMoved(e *desktop.MouseEvent) {
	if i := s.at(e.Position.X); i != s.hovered {
		s.hovered = i
		s.Refresh()
	}
}

// MouseOut is for Fyne.
func (s *Segmented) MouseOut() { s.hovered = -1; s.Refresh() }

// Cursor is for Fyne.
func (s *Segmented) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is for Fyne.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentedRenderer{segmented: s, back: canvas.NewRectangle(nil), chosen: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type segmentedRenderer struct {
	segmented *Segmented
	back      *canvas.Rectangle
	chosen    *canvas.Rectangle
	titles    []*canvas.Text
	objects   []fyne.CanvasObject
}

func (r *segmentedRenderer) MinSize() fyne.Size {
	width := float32(4)
	for _, segment := range r.segmented.segments {
		width += MeasureText(RoleSmall, segment.Title).Width + 2*segmentPad
	}
	return fyne.NewSize(width, segmentHeight)
}

func (r *segmentedRenderer) Layout(size fyne.Size) {
	r.back.Resize(fyne.NewSize(size.Width, segmentHeight))
	r.back.Move(fyne.NewPos(0, (size.Height-segmentHeight)/2))
	top := (size.Height - segmentHeight) / 2
	x := float32(2)
	r.chosen.Hide()
	for i, segment := range r.segmented.segments {
		text := r.titles[i].MinSize()
		width := MeasureText(RoleSmall, segment.Title).Width + 2*segmentPad
		r.titles[i].Resize(text)
		r.titles[i].Move(fyne.NewPos(x+segmentPad, top+(segmentHeight-text.Height)/2))
		if segment.ID == r.segmented.selected {
			r.chosen.Show()
			r.chosen.Resize(fyne.NewSize(width, segmentHeight-4))
			r.chosen.Move(fyne.NewPos(x, top+2))
		}
		x += width
	}
}

func (r *segmentedRenderer) Refresh() {
	s := r.segmented
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = Color(ColorPanel), Color(ColorOutline), 1, 6
	if s.focused {
		r.back.StrokeColor = Color(ColorAccent)
	}
	r.chosen.FillColor, r.chosen.CornerRadius = Color(ColorSelected), 5
	for len(r.titles) < len(s.segments) {
		r.titles = append(r.titles, NewCanvasText(RoleSmall, Plain, ""))
	}
	r.titles = r.titles[:len(s.segments)]
	r.objects = append(r.objects[:0], r.back, r.chosen)
	for i, segment := range s.segments {
		tone := Secondary
		switch {
		case segment.Off:
			tone = Muted
		case segment.ID == s.selected || i == s.hovered:
			tone = Plain
		}
		r.titles[i].Text, r.titles[i].Color = segment.Title, ToneColor(tone)
		r.titles[i].Refresh()
		r.objects = append(r.objects, r.titles[i])
	}
	r.Layout(s.Size())
	r.back.Refresh()
	r.chosen.Refresh()
}

func (r *segmentedRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *segmentedRenderer) Destroy()                     {}
