package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// DialogSpec says what a dialog is.
type DialogSpec struct {
	Title         string // "" has no title bar
	Width, Height float32
	Content       fyne.CanvasObject
	Buttons       []*Button // at its foot, the last one at the right end
	OnClose       func()    // also after Escape
	OnKey         func(key string) bool
}

// Dialog lies over the window and takes its keys.
type Dialog struct {
	canvas  fyne.Canvas
	overlay *fyne.Container
	frame   *dialogFrame
	onClose func()
	open    bool
}

// dialogRadius is that of a dialog's corners.
const dialogRadius = 10

// ShowDialog opens a dialog over a veil that dims the window. Escape closes it.
func ShowDialog(c fyne.Canvas, spec DialogSpec) *Dialog {
	d := &Dialog{canvas: c, onClose: spec.OnClose, open: true}
	d.frame = &dialogFrame{dialog: d, onKey: spec.OnKey}
	d.frame.content = d.compose(spec)
	d.frame.ExtendBaseWidget(d.frame)
	layers := append([]fyne.CanvasObject{NewSurface(ColorVeil), d.frame}, shell.Over...)
	d.overlay = container.New(&dialogLayout{fyne.NewSize(spec.Width, spec.Height)}, layers...)
	d.overlay.Resize(c.Size())
	c.Overlays().Add(d.overlay)
	c.Focus(d.frame)
	return d
}

func (d *Dialog) compose(spec DialogSpec) fyne.CanvasObject {
	var top, bottom fyne.CanvasObject
	if spec.Title != "" {
		title := HRow(8, NewShrinkingText(RolePane, Plain, spec.Title), Spacer(),
			NewButton(ButtonSpec{Icon: "x", Tip: "Close", Keys: "Esc", OnTap: d.Hide}))
		top = Frame(nil, HLine(), nil, nil, Pad(16, 10, 10, 10, title))
	}
	if len(spec.Buttons) > 0 {
		row := []fyne.CanvasObject{Spacer()}
		for _, b := range spec.Buttons {
			row = append(row, b)
		}
		bottom = Frame(HLine(), nil, nil, nil, Pad(16, 11, 14, 11, HRow(8, row...)))
	}
	return Frame(top, bottom, nil, nil, spec.Content)
}

// Hide closes the dialog. The field with the keyboard loses it first: its caret
// would go on blinking.
func (d *Dialog) Hide() {
	if !d.open {
		return
	}
	d.open = false
	hideTip()
	d.canvas.Unfocus()
	d.canvas.Overlays().Remove(d.overlay)
	if d.onClose != nil {
		d.onClose()
	}
}

// dialogLayout puts a dialog into the middle of the window, as large as it wants to
// be or as there is room for. What else there is has the whole window.
type dialogLayout struct{ wanted fyne.Size }

func (*dialogLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l *dialogLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for i, o := range objects {
		own := size
		if i == 1 {
			room := size.SubtractWidthHeight(32, 32)
			own.Width = min(max(min(l.wanted.Width, room.Width), o.MinSize().Width), size.Width)
			o.Resize(fyne.NewSize(own.Width, o.Size().Height)) // the height of text follows the width
			own.Height = min(max(l.wanted.Height, o.MinSize().Height), room.Height)
		}
		o.Resize(own)
		o.Move(fyne.NewPos((size.Width-own.Width)/2, (size.Height-own.Height)/2))
	}
}

// Open reports whether the dialog is still there.
func (d *Dialog) Open() bool { return d.open }

// Press gives the dialog a key that the widget with the focus had no use for,
// and reports whether it took it: Escape closes it.
func (d *Dialog) Press(key string) bool {
	if d.frame.onKey != nil && d.frame.onKey(key) {
		return true
	}
	if key == "Escape" {
		d.Hide()
		return true
	}
	return false
}

// dialogFrame is the surface of a dialog. It has the keyboard until something in
// the dialog takes it.
type dialogFrame struct {
	widget.BaseWidget

	dialog  *Dialog
	content fyne.CanvasObject
	onKey   func(key string) bool
}

// FocusGained is for Fyne.
func (f *dialogFrame) FocusGained() {}

// FocusLost is for Fyne.
func (f *dialogFrame) FocusLost() {}

// TypedRune is for Fyne.
func (f *dialogFrame) TypedRune(r rune) { f.dialog.Press(KeyOfRune(r)) }

// TypedKey is for Fyne.
func (f *dialogFrame) TypedKey(e *fyne.KeyEvent) {
	if key := KeyOf(e, ShiftHeld()); key != "" {
		f.dialog.Press(key)
	}
}

// CreateRenderer is for Fyne.
func (f *dialogFrame) CreateRenderer() fyne.WidgetRenderer {
	r := &dialogRenderer{f, canvas.NewRectangle(nil), container.NewStack(f.content)}
	r.Refresh()
	return r
}

type dialogRenderer struct {
	frame *dialogFrame
	back  *canvas.Rectangle
	inner *fyne.Container
}

func (r *dialogRenderer) MinSize() fyne.Size { return r.inner.MinSize() }

func (r *dialogRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.inner.Move(fyne.NewPos(1, 1))
	r.inner.Resize(size.SubtractWidthHeight(2, 2))
}

func (r *dialogRenderer) Refresh() {
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = Color(ColorPanel), Color(ColorOutline), 1, dialogRadius
	r.back.Refresh()
	r.inner.Refresh()
}

func (r *dialogRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.inner}
}
func (r *dialogRenderer) Destroy() {}
