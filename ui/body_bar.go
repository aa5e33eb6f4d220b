package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

const (
	bodyBarHeight = 47
	bodyBarLeft   = 16
	bodyBarRight  = 12
	bodyBarGap    = 10
	findWidth     = 216
	findLeast     = 96
	wordsLeast    = 60 // below it type and facts are left out
)

// bodyBar lays out the bar over a body: the views, what the body is, the search
// field, the buttons. Where there is little room the words go first, then the
// field becomes narrower.
type bodyBar struct {
	views, words, find, buttons fyne.CanvasObject
}

func newBodyBar(views, words, find, buttons fyne.CanvasObject) *fyne.Container {
	return container.New(&bodyBar{views, words, find, buttons}, views, words, find, buttons)
}

// MinSize is for Fyne.
func (b *bodyBar) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(bodyBarLeft+b.views.MinSize().Width+b.buttons.MinSize().Width+findLeast+2*bodyBarGap+bodyBarRight, bodyBarHeight)
}

// Layout is for Fyne.
func (b *bodyBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	place := func(o fyne.CanvasObject, x, width float32) {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(width, height))
	}
	left := float32(bodyBarLeft)
	if b.views.Visible() {
		width := b.views.MinSize().Width
		place(b.views, left, width)
		left += width + bodyBarGap
	}
	buttons := b.buttons.MinSize().Width
	right := size.Width - bodyBarRight - buttons
	place(b.buttons, right, buttons)
	right -= bodyBarGap
	if b.find.Visible() {
		find := min(max(right-left, findLeast), findWidth)
		place(b.find, right-find, find)
		right -= find + bodyBarGap
	}
	if right-left < wordsLeast {
		place(b.words, left, 0)
		b.words.Hide()
		return
	}
	b.words.Show()
	place(b.words, left, right-left)
}

var _ fyne.Layout = (*bodyBar)(nil)

// putNotes lays notes out under each other, with a line under them.
func putNotes(into *fyne.Container, notes []viewmodel.BodyNote) {
	into.Objects = nil
	for _, n := range notes {
		into.Objects = append(into.Objects, kit.Fill(kit.ColorPanel,
			kit.Pad(16, 7, 16, 7, kit.NewParagraph(kit.RoleSmall, tone(n.Tone), n.Text))), kit.HLine())
	}
	into.Refresh()
}
