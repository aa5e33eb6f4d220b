package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// answerOption is one answer to choose, with a mark where it is in force.
type answerOption struct {
	widget.BaseWidget
	kit.Pressable

	onKey  func(key string) bool // before what every pressed thing does with keys; may be nil
	locked bool                  // it cannot be chosen any more

	ground *kit.Surface
	dot    *kit.IconView
	title  *kit.Text
	badge  *kit.Badge
	text   *kit.Paragraph
}

const (
	optionIndent = 34
	optionPad    = 7
)

func newAnswerOption(o *viewmodel.AnswerOption, picked bool, c *viewmodel.AnswerChoice, onTap func()) *answerOption {
	w := &answerOption{ground: kit.NewCard(kit.ColorGround, "", 6)}
	w.dot = kit.NewIcon("circle", kit.Muted, 15)
	w.title = kit.NewShrinkingText(kit.RoleBody, kit.Secondary, o.Title)
	text := o.Text
	if picked {
		w.dot = kit.NewIcon("circle-check", tone(o.Tone), 15)
		w.title.SetTone(kit.Plain)
		if c.Message != "" {
			text = "\u201c" + c.Message + "\u201d  " + text
		}
		if c.Ends != "" {
			w.badge = kit.NewBadge(c.Ends, kit.Warn)
		}
	}
	w.text = kit.NewParagraph(kit.RoleSmall, kit.Muted, text)
	w.OnPress, w.Changed = onTap, w.Refresh
	w.ExtendBaseWidget(w)
	return w
}

// lock says whether it can be chosen, and whether it is the one that was.
func (w *answerOption) lock(locked, picked bool, t kit.Tone) {
	w.locked = locked
	switch {
	case picked:
		w.dot.SetIcon("circle-check")
		w.dot.SetTone(t)
		w.title.SetTone(kit.Plain)
	case locked:
		w.dot.SetIcon("circle")
		w.dot.SetTone(kit.Muted)
		w.title.SetTone(kit.Muted)
	default:
		w.dot.SetIcon("circle")
		w.dot.SetTone(t)
		w.title.SetTone(kit.Plain)
	}
	w.Refresh()
}

// TypedKey is for Fyne.
func (w *answerOption) TypedKey(e *fyne.KeyEvent) {
	if key := kit.KeyOf(e, kit.ShiftHeld()); key == "" || w.onKey == nil || !w.onKey(key) {
		w.Pressable.TypedKey(e)
	}
}

// TypedRune is for Fyne.
func (w *answerOption) TypedRune(r rune) {
	if w.onKey == nil || !w.onKey(kit.KeyOfRune(r)) {
		w.Pressable.TypedRune(r)
	}
}

// arrows has the arrow keys go through options of a page, and gives each its other
// keys.
func arrows(p *page, options []*answerOption, other func(i int, key string) bool) {
	for i, option := range options {
		option.onKey = func(key string) bool {
			to := i
			switch key {
			case "Up":
				to--
			case "Down":
				to++
			default:
				return other != nil && other(i, key)
			}
			if to >= 0 && to < len(options) {
				kit.Focus(options[to], false)
				p.reveal(options[to])
			}
			return true
		}
	}
}

// HeightFor is the height that it takes at a width.
func (w *answerOption) HeightFor(width float32) float32 {
	return 2*optionPad + 20 + w.text.HeightFor(max(width-optionIndent-10, 1))
}

// CreateRenderer is for Fyne.
func (w *answerOption) CreateRenderer() fyne.WidgetRenderer { return &optionRenderer{w} }

type optionRenderer struct{ option *answerOption }

func (r *optionRenderer) MinSize() fyne.Size {
	width := r.option.Size().Width
	if width <= 0 {
		return fyne.NewSize(200, 48)
	}
	return fyne.NewSize(200, r.option.HeightFor(width))
}

func (r *optionRenderer) Layout(size fyne.Size) {
	w := r.option
	w.ground.Resize(size)
	w.dot.Move(fyne.NewPos(10, optionPad+1))
	w.dot.Resize(fyne.NewSquareSize(15))
	room := size.Width - optionIndent - 10
	if w.badge != nil {
		badge := w.badge.MinSize()
		room -= badge.Width + 8
		w.badge.Move(fyne.NewPos(size.Width-badge.Width-10, optionPad))
		w.badge.Resize(badge)
	}
	w.title.Move(fyne.NewPos(optionIndent, optionPad))
	w.title.Resize(fyne.NewSize(max(room, 1), 17))
	w.text.Move(fyne.NewPos(optionIndent, optionPad+20))
	width := max(size.Width-optionIndent-10, 1)
	w.text.Resize(fyne.NewSize(width, w.text.HeightFor(width)))
}

func (r *optionRenderer) Refresh() {
	name := kit.ColorGround
	switch {
	case r.option.locked:
	case r.option.Focused:
		name = kit.ColorTint
	case r.option.Hovered:
		name = kit.ColorPanel
	}
	r.option.ground.SetColor(name)
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *optionRenderer) Objects() []fyne.CanvasObject {
	w := r.option
	all := []fyne.CanvasObject{w.ground, w.dot, w.title, w.text}
	if w.badge != nil {
		all = append(all, w.badge)
	}
	return all
}

func (r *optionRenderer) Destroy() {}
