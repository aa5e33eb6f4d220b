package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Bar is one bar of a Bars: how high it is and how much of that is bad, both from
// 0 to 1.
type Bar struct{ Height, Bad float32 }

// BarsSpec says whom bars tell.
type BarsSpec struct {
	OnChoose func(low, high int) // a click, or a drag over several
	OnHover  func(low, high int) // -1, -1 once the mouse is elsewhere
	OnKey    func(key string) bool
	OnFocus  func(on bool)
}

// Bars draws how many there were when. A click chooses a bar, a drag several.
type Bars struct {
	widget.BaseWidget

	spec      BarsSpec
	bars      []Bar
	low, high int // chosen; -1 for none
	at, to    int // the keyboard is on; -1 for none
	hovered   int
	from      int  // where a drag began; -1 for none
	outside   bool // the mouse has left in a drag
	focused   bool
}

const (
	barsHeight = 40
	barsWidest = 14
	barsLeast  = 2 // pixels of a bar that is not empty
)

// NewBars makes bars without any.
func NewBars(spec BarsSpec) *Bars {
	b := &Bars{spec: spec, low: -1, high: -1, at: -1, to: -1, hovered: -1, from: -1}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes what is drawn: the bars, those from low to high that are chosen, and
// those from at to to that the keyboard is on; -1 for none.
func (b *Bars) Set(bars []Bar, low, high, at, to int) {
	b.bars, b.low, b.high, b.at, b.to = bars, low, high, at, to
	b.Refresh()
}

// Focus gives the keyboard to the bars.
func (b *Bars) Focus() {
	if c := canvasOf(b); c != nil {
		c.Focus(b)
	}
}

// pitch is how far bars are from each other, and how wide they are.
func (b *Bars) pitch() (step, width float32) {
	step = b.Size().Width / float32(max(len(b.bars), 1))
	return step, min(max(step-max(step*0.25, 1), 1), barsWidest)
}

func (b *Bars) index(x float32) int {
	if len(b.bars) == 0 {
		return -1
	}
	step, _ := b.pitch()
	return max(min(int(x/step), len(b.bars)-1), 0)
}

// span are the bars from where a drag began to where the mouse is.
func (b *Bars) span() (low, high int) {
	if b.from < 0 {
		return b.hovered, b.hovered
	}
	return min(b.from, b.hovered), max(b.from, b.hovered)
}

func (b *Bars) hover(i int) {
	if i == b.hovered {
		return
	}
	b.hovered = i
	if b.spec.OnHover != nil {
		b.spec.OnHover(b.span())
	}
	b.Refresh()
}

// MouseIn is for Fyne.
func (b *Bars) MouseIn(e *desktop.MouseEvent) {
	b.outside = false
	b.hover(b.index(e.Position.X))
}

// MouseMoved is for Fyne.
func (b *Bars) MouseMoved(e *desktop.MouseEvent) { b.hover(b.index(e.Position.X)) }

// MouseOut is for Fyne.
func (b *Bars) MouseOut() {
	if b.outside = b.from >= 0; !b.outside {
		b.hover(-1)
	}
}

// MouseDown is for Fyne.
func (b *Bars) MouseDown(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonPrimary {
		b.hovered = b.index(e.Position.X)
		b.from = b.hovered
		b.Refresh()
	}
}

// Dragged is for Fyne.
func (b *Bars) Dragged(e *fyne.DragEvent) { b.hover(b.index(e.Position.X)) }

// DragEnd is for Fyne.
func (b *Bars) DragEnd() { b.release() }

// MouseUp is for Fyne.
func (b *Bars) MouseUp(*desktop.MouseEvent) { b.release() }

func (b *Bars) release() {
	low, high := b.span()
	if b.from < 0 {
		return
	}
	b.from = -1
	if b.outside {
		b.hovered = -1
	}
	if low >= 0 && b.spec.OnChoose != nil {
		b.spec.OnChoose(low, high)
	}
	if b.spec.OnHover != nil {
		b.spec.OnHover(b.span()) // no longer all of the drag
	}
	b.Refresh()
}

// Cursor is for Fyne.
func (b *Bars) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained is for Fyne.
func (b *Bars) FocusGained() { b.focus(true) }

// FocusLost is for Fyne.
func (b *Bars) FocusLost() { b.focus(false) }

func (b *Bars) focus(on bool) {
	b.focused = on
	if b.spec.OnFocus != nil {
		b.spec.OnFocus(on)
	}
	b.Refresh()
}

// TypedRune is for Fyne.
func (b *Bars) TypedRune(r rune) { b.key(KeyOfRune(r)) }

// TypedKey is for Fyne.
func (b *Bars) TypedKey(e *fyne.KeyEvent) {
	if key := KeyOf(e, ShiftHeld()); key != "" {
		b.key(key)
	}
}

// TypedShortcut is for Fyne.
func (b *Bars) TypedShortcut(s fyne.Shortcut) { shortcutElsewhere(s) }

func (b *Bars) key(key string) {
	if b.spec.OnKey == nil || !b.spec.OnKey(key) {
		otherKey(key)
	}
}

// AccessibilityLabel is what a screen reader says.
func (b *Bars) AccessibilityLabel() string { return "When the callbacks came" }

// CreateRenderer is for Fyne.
func (b *Bars) CreateRenderer() fyne.WidgetRenderer {
	r := &barsRenderer{bars: b}
	r.Refresh()
	return r
}

type barsRenderer struct {
	bars    *Bars
	pool    []*canvas.Rectangle
	used    int
	objects []fyne.CanvasObject
}

func (r *barsRenderer) MinSize() fyne.Size { return fyne.NewSize(60, barsHeight) }

func (r *barsRenderer) Layout(fyne.Size) { r.Refresh() }

// field draws a rectangle.
func (r *barsRenderer) field(x, y, width, height, radius float32, name fyne.ThemeColorName, percent int) {
	if r.used == len(r.pool) {
		r.pool = append(r.pool, canvas.NewRectangle(nil))
		r.objects = append(r.objects, r.pool[r.used])
	}
	f := r.pool[r.used]
	r.used++
	f.FillColor, f.CornerRadius = Color(name), radius
	if percent > 0 {
		f.FillColor = translucent(name, percent)
	}
	f.Move(fyne.NewPos(x, y))
	f.Resize(fyne.NewSize(width, height))
	f.Show()
}

func (r *barsRenderer) Refresh() {
	b := r.bars
	r.used = 0
	size := b.Size()
	step, width := b.pitch()
	ground := func(low, high int, name fyne.ThemeColorName) {
		if low >= 0 && high >= low && high < len(b.bars) {
			r.field(float32(low)*step-1, 0, float32(high-low+1)*step+1, size.Height, 3, name, 0)
		}
	}
	ground(b.low, b.high, ColorTint)
	if b.hovered >= 0 {
		low, high := b.span()
		ground(low, high, ColorHover)
	}
	if b.focused {
		ground(b.at, b.to, ColorSelected)
	}
	r.field(0, size.Height-1, size.Width, 1, 0, ColorLine, 0)
	for i, bar := range b.bars {
		if bar.Height <= 0 {
			continue
		}
		height := max(bar.Height*(size.Height-4), barsLeast)
		strength := 62
		if b.low >= 0 && (i < b.low || i > b.high) {
			strength = 24
		}
		x := float32(i)*step + (step-width)/2
		r.field(x, size.Height-1-height, width, height, min(width/3, 1.5), ColorGood, strength)
		if bar.Bad > 0 {
			bad := min(max(bar.Bad*(size.Height-4), 3), height)
			r.field(x, size.Height-1-height, width, bad, min(width/3, 1.5), ColorBad, min(strength+38, 100))
		}
	}
	for _, f := range r.pool[r.used:] {
		f.Hide()
	}
	canvas.Refresh(b)
}

func (r *barsRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *barsRenderer) Destroy()                     {}
