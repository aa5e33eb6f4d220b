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
	if r.option.Hovered || r.option.Focused {
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
