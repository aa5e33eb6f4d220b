package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// roleMark is the role of the small marks in the place of what cannot be drawn.
const roleMark Role = -1

// codePool draws a view with objects that are used again and again: rectangles
// first, texts over them, the scrollbars over all.
type codePool struct {
	fields, bars []*canvas.Rectangle
	texts        []*canvas.Text
	usedFields   int
	usedBars     int
	usedTexts    int

	sheet *fyne.Container
	clip  *container.Clip
}

func newCodePool() *codePool {
	p := &codePool{sheet: container.NewWithoutLayout()}
	p.clip = container.NewClip(p.sheet)
	return p
}

func (p *codePool) begin() { p.usedFields, p.usedBars, p.usedTexts = 0, 0, 0 }

func rectangle(pool *[]*canvas.Rectangle, used *int, x, y, w, h, radius float32, c color.Color) *canvas.Rectangle {
	if *used == len(*pool) {
		*pool = append(*pool, canvas.NewRectangle(c))
	}
	r := (*pool)[*used]
	*used++
	r.FillColor, r.CornerRadius = c, radius
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(w, h))
	return r
}

// field draws a rectangle below the texts; nothing where it has no size.
func (p *codePool) field(x, y, w, h, radius float32, c color.Color) {
	if w > 0 && h > 0 {
		rectangle(&p.fields, &p.usedFields, x, y, w, h, radius, c)
	}
}

// bar draws a rectangle over everything.
func (p *codePool) bar(x, y, w, h, radius float32, c color.Color) {
	if w > 0 && h > 0 {
		rectangle(&p.bars, &p.usedBars, x, y, w, h, radius, c)
	}
}

// text draws a text in a role, in the middle of a line's height.
func (p *codePool) text(role Role, s string, x, y, w, h float32, align fyne.TextAlign, c color.Color) {
	if p.usedTexts == len(p.texts) {
		p.texts = append(p.texts, canvas.NewText("", c))
	}
	t := p.texts[p.usedTexts]
	p.usedTexts++
	if t.FontSource, t.TextSize = Font(role); role == roleMark {
		t.FontSource, t.TextSize = monoBold, 9
	}
	t.TextStyle.Monospace = true
	t.Text, t.Color, t.Alignment = s, c, align
	t.Move(fyne.NewPos(x, y))
	t.Resize(fyne.NewSize(w, h))
}

// end puts what was drawn on the sheet.
func (p *codePool) end() {
	objects := p.sheet.Objects[:0]
	for _, r := range p.fields[:p.usedFields] {
		objects = append(objects, r)
	}
	for _, t := range p.texts[:p.usedTexts] {
		objects = append(objects, t)
	}
	for _, r := range p.bars[:p.usedBars] {
		objects = append(objects, r)
	}
	p.sheet.Objects = objects
}

// scrollbars draws those that are needed. marks are places in the text, each as
// a part of its height from 0 to 1, in rising order.
func (p *codePool) scrollbars(s *codeScroll, marks []float32, current float32) {
	edge := s.size.Width - codeBar - 2
	if start, length := s.downThumb(); length > 0 {
		p.bar(edge, start+2, codeBar, length-4, codeBar/2, translucent(ColorMuted, 38))
	}
	if start, length := s.rightThumb(); length > 0 {
		p.bar(s.gutter+start+2, s.size.Height-codeBar-2, length-4, codeBar, codeBar/2, translucent(ColorMuted, 38))
	}
	last := float32(-3)
	for _, m := range marks {
		if y := m * (s.size.Height - 3); y-last >= 2 {
			p.bar(edge, y, codeBar, 2, 0, Color(ColorMatchCurrent))
			last = y
		}
	}
	if current >= 0 {
		p.bar(edge-2, current*(s.size.Height-3)-0.5, codeBar+4, 3, 0, Color(ColorWarn))
	}
}

// codeRenderer is the renderer of everything that draws with a pool.
type codeRenderer struct {
	pool *codePool
	of   fyne.Widget
	draw func(size fyne.Size)
	size fyne.Size
}

func newCodeRenderer(of fyne.Widget, pool *codePool, draw func(fyne.Size)) *codeRenderer {
	return &codeRenderer{pool: pool, of: of, draw: draw}
}

func (r *codeRenderer) MinSize() fyne.Size { return fyne.NewSize(120, codeLeast) }

func (r *codeRenderer) Layout(size fyne.Size) {
	r.size = size
	r.pool.clip.Move(fyne.NewPos(0, 0))
	r.pool.clip.Resize(size)
	r.redraw()
}

func (r *codeRenderer) Refresh() {
	r.redraw()
	canvas.Refresh(r.of)
}

func (r *codeRenderer) redraw() {
	if r.size.IsZero() {
		return
	}
	r.pool.begin()
	r.draw(r.size)
	r.pool.end()
}

func (r *codeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.pool.clip} }
func (r *codeRenderer) Destroy()                     {}

var _ fyne.WidgetRenderer = (*codeRenderer)(nil)

// codeBase is what the views that draw with a pool have in common.
type codeBase struct {
	widget.BaseWidget
	scroll codeScroll
	pool   *codePool
}
