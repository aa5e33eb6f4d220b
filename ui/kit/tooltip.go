package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// tipDelay is how long the mouse rests before a tooltip comes.
const tipDelay = 500 * time.Millisecond

// tipWidest is where the words of a tooltip wrap.
const tipWidest = 320

// TooltipLayer lies over everything in the window and shows one tooltip. It
// takes neither clicks nor the mouse.
type TooltipLayer struct {
	layer *fyne.Container
	card  *Surface
	text  *Paragraph
	keys  *Badge

	serial int // of the last thing asked for
}

// NewTooltipLayer makes the layer.
func NewTooltipLayer() *TooltipLayer {
	l := &TooltipLayer{
		card: NewCard(ColorRaised, ColorOutline, 6),
		text: NewParagraph(RoleSmall, Plain, ""),
		keys: NewKeyChip(""),
	}
	l.layer = container.NewWithoutLayout(l.card, l.text, l.keys)
	l.Hide()
	return l
}

// Object is what is put over the content of the window.
func (l *TooltipLayer) Object() fyne.CanvasObject { return l.layer }

// Hide takes the tooltip away, and the one that is still to come.
func (l *TooltipLayer) Hide() {
	l.serial++
	if !l.card.Visible() {
		return
	}
	l.card.Hide()
	l.text.Hide()
	l.keys.Hide()
	redraw(l.layer)
}

// Over shows a tooltip below an object after a moment, unless Hide comes first.
func (l *TooltipLayer) Over(o fyne.CanvasObject, text, keys string) {
	l.serial++
	if shell.Do == nil || text == "" {
		return
	}
	mine := l.serial
	time.AfterFunc(tipDelay, func() {
		shell.Do(func() {
			if l.serial == mine {
				l.show(o, text, keys)
			}
		})
	})
}

func (l *TooltipLayer) show(o fyne.CanvasObject, text, keys string) {
	l.text.SetText(text)
	l.keys.SetText(keys)
	width := min(MeasureText(RoleSmall, cutRunes(text, maxLine)).Width+1, tipWidest)
	size := fyne.NewSize(width, l.text.HeightFor(width))
	card := size.AddWidthHeight(18, 12)
	if keys != "" {
		card.Width += l.keys.MinSize().Width + 6
	}
	at := l.place(o, card)
	l.card.Move(at)
	l.card.Resize(card)
	l.text.Move(at.AddXY(9, 6))
	l.text.Resize(size)
	l.keys.Resize(l.keys.MinSize())
	l.keys.Move(at.AddXY(size.Width+18, (card.Height-l.keys.MinSize().Height)/2))
	l.card.Show()
	l.text.Show()
	if keys != "" {
		l.keys.Show()
	} else {
		l.keys.Hide()
	}
	redraw(l.layer)
}

// place is where a tooltip goes: below its object in the middle, above it where
// there is no room below, and always inside the window.
func (l *TooltipLayer) place(o fyne.CanvasObject, card fyne.Size) fyne.Position {
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(o).Subtract(driver.AbsolutePositionForObject(l.layer))
	room := l.layer.Size()
	below := at.Y + o.Size().Height + 6
	if below+card.Height > room.Height-4 {
		below = at.Y - card.Height - 6
	}
	left := at.X + (o.Size().Width-card.Width)/2
	return fyne.NewPos(max(4, min(left, room.Width-card.Width-4)), below)
}

// showTip and hideTip are what widgets call when the mouse comes and goes.
func showTip(o fyne.CanvasObject, text, keys string) {
	if shell.Tips != nil {
		shell.Tips.Over(o, text, keys)
	}
}

func hideTip() {
	if shell.Tips != nil {
		shell.Tips.Hide()
	}
}
