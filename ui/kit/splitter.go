package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Splitter puts two panes beside each other. The leading one has a width in
// pixels that a person can change; the other takes the rest.
type Splitter struct {
	widget.BaseWidget

	leading, trailing fyne.CanvasObject
	width, least      float32
	room              float32 // that the trailing pane keeps
	grip              *grip
	onMoved           func(width float32)
	only              int // 0: both, 1: the leading one, 2: the trailing one
}

// grabWidth is how wide the line can be grabbed.
const grabWidth = 7

// NewSplitter makes a splitter. least is what the leading pane keeps; onMoved
// is told of every new width.
func NewSplitter(leading, trailing fyne.CanvasObject, width, least float32, onMoved func(width float32)) *Splitter {
	s := &Splitter{leading: leading, trailing: trailing, width: width, least: least, room: 380, onMoved: onMoved}
	s.grip = &grip{splitter: s}
	s.grip.ExtendBaseWidget(s.grip)
	s.ExtendBaseWidget(s)
	return s
}

// ShowBoth shows both panes, as at the start.
func (s *Splitter) ShowBoth() { s.show(0) }

// ShowLeading gives the leading pane all the room.
func (s *Splitter) ShowLeading() { s.show(1) }

// ShowTrailing gives the trailing pane all the room.
func (s *Splitter) ShowTrailing() { s.show(2) }

func (s *Splitter) show(only int) {
	if s.only != only {
		s.only = only
		s.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (s *Splitter) CreateRenderer() fyne.WidgetRenderer { return &splitterRenderer{s} }

type splitterRenderer struct{ s *Splitter }

func (r *splitterRenderer) MinSize() fyne.Size {
	return fyne.NewSize(100, max(r.s.leading.MinSize().Height, r.s.trailing.MinSize().Height))
}

func (r *splitterRenderer) Layout(size fyne.Size) {
	s := r.s
	set := func(o fyne.CanvasObject, on bool) {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	set(s.leading, s.only != 2)
	set(s.trailing, s.only != 1)
	set(s.grip, s.only == 0)
	if s.only != 0 {
		for _, o := range []fyne.CanvasObject{s.leading, s.trailing} {
			o.Move(fyne.NewPos(0, 0))
			o.Resize(size)
		}
		return
	}
	width := max(min(s.width, size.Width-s.room), s.least)
	s.leading.Move(fyne.NewPos(0, 0))
	s.leading.Resize(fyne.NewSize(width, size.Height))
	s.trailing.Move(fyne.NewPos(width+1, 0))
	s.trailing.Resize(fyne.NewSize(max(size.Width-width-1, 0), size.Height))
	s.grip.Move(fyne.NewPos(width-grabWidth/2, 0))
	s.grip.Resize(fyne.NewSize(grabWidth, size.Height))
}

func (r *splitterRenderer) Refresh() {
	r.Layout(r.s.Size())
	r.s.grip.Refresh()
	canvas.Refresh(r.s)
}

func (r *splitterRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.leading, r.s.trailing, r.s.grip}
}
func (r *splitterRenderer) Destroy() {}

// grip is the line between the panes, wider than it looks.
type grip struct {
	widget.BaseWidget

	splitter *Splitter
	hovered  bool
	dragged  bool
}

// Dragged is for Fyne.
func (g *grip) Dragged(e *fyne.DragEvent) {
	s := g.splitter
	g.dragged = true
	width := max(min(s.width, s.Size().Width-s.room), s.least) + e.Dragged.DX
	s.width = max(min(width, s.Size().Width-s.room), s.least)
	s.Refresh()
}

// DragEnd is for Fyne.
func (g *grip) DragEnd() {
	g.dragged = false
	if g.splitter.onMoved != nil {
		g.splitter.onMoved(g.splitter.width)
	}
	g.Refresh()
}

// MouseIn is for Fyne.
func (g *grip) MouseIn(*desktop.MouseEvent) { g.hovered = true; g.Refresh() }

// MouseMoved is for Fyne.
func (g *grip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (g *grip) MouseOut() { g.hovered = false; g.Refresh() }

// Cursor is for Fyne.
func (g *grip) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// CreateRenderer is for Fyne.
func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	r := &gripRenderer{g, canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type gripRenderer struct {
	grip *grip
	line *canvas.Rectangle
}

func (r *gripRenderer) MinSize() fyne.Size { return fyne.NewSize(grabWidth, 1) }

func (r *gripRenderer) Layout(size fyne.Size) {
	r.line.Resize(fyne.NewSize(1, size.Height))
	r.line.Move(fyne.NewPos(grabWidth/2, 0))
}

func (r *gripRenderer) Refresh() {
	r.line.FillColor = Color(ColorLine)
	if r.grip.hovered || r.grip.dragged {
		r.line.FillColor = Color(ColorAccent)
	}
	r.line.Refresh()
}

func (r *gripRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *gripRenderer) Destroy()                     {}
