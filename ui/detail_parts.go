package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// tone is the kit's word for a view model's tone.
func tone(t viewmodel.Tone) kit.Tone { return kit.Tone(t) }

// bullet is an icon with paragraphs beside it, which wrap.
type bullet struct {
	widget.BaseWidget

	icon  fyne.CanvasObject
	lines []*kit.Paragraph
}

const (
	bulletIndent = 24
	bulletGap    = 3
)

// newBullet makes a bullet; empty texts are left out.
func newBullet(icon kit.Icon, t kit.Tone, lines ...*kit.Paragraph) *bullet {
	b := &bullet{icon: kit.NewIcon(icon, t, 15), lines: lines}
	b.ExtendBaseWidget(b)
	return b
}

// HeightFor is the height that it takes at a width.
func (b *bullet) HeightFor(width float32) float32 {
	height := float32(0)
	for i, line := range b.lines {
		if i > 0 {
			height += bulletGap
		}
		height += line.HeightFor(max(width-bulletIndent, 1))
	}
	return max(height, 16)
}

// CreateRenderer is for Fyne.
func (b *bullet) CreateRenderer() fyne.WidgetRenderer { return &bulletRenderer{b} }

type bulletRenderer struct{ bullet *bullet }

func (r *bulletRenderer) MinSize() fyne.Size {
	width := r.bullet.Size().Width
	if width <= 0 {
		return fyne.NewSize(bulletIndent+40, 16)
	}
	return fyne.NewSize(bulletIndent+40, r.bullet.HeightFor(width))
}

func (r *bulletRenderer) Layout(size fyne.Size) {
	r.bullet.icon.Move(fyne.NewPos(0, 1))
	r.bullet.icon.Resize(fyne.NewSquareSize(15))
	y := float32(0)
	for _, line := range r.bullet.lines {
		height := line.HeightFor(max(size.Width-bulletIndent, 1))
		line.Move(fyne.NewPos(bulletIndent, y))
		line.Resize(fyne.NewSize(max(size.Width-bulletIndent, 1), height))
		y += height + bulletGap
	}
}

func (r *bulletRenderer) Refresh() {
	r.bullet.icon.Refresh()
	for _, line := range r.bullet.lines {
		line.Refresh()
	}
}

func (r *bulletRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.bullet.icon}
	for _, line := range r.bullet.lines {
		all = append(all, line)
	}
	return all
}

func (r *bulletRenderer) Destroy() {}

// section puts a small title over what belongs to it.
func section(title string, content ...fyne.CanvasObject) fyne.CanvasObject {
	return kit.VStack(8, append([]fyne.CanvasObject{kit.NewText(kit.RoleSection, kit.Muted, title)}, content...)...)
}

// page is a pane's content: a column that scrolls, with the margins of the
// detail. put keeps the place where the reader was.
type page struct {
	scroll *kit.Scroll
	column *fyne.Container
}

func newPage() *page {
	p := &page{column: kit.VStack(20)}
	p.scroll = kit.VScroll(kit.Pad(16, 16, 16, 28, p.column))
	return p
}

// put shows other content; top says that it begins at its top.
func (p *page) put(top bool, content ...fyne.CanvasObject) {
	p.column.Objects = content
	p.settle()
	if top {
		p.scroll.Top()
	}
}

// reveal scrolls as far as it takes to see an object of the column.
func (p *page) reveal(o fyne.CanvasObject) {
	const margin = 12
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(p.scroll).Y
	over := top + o.Size().Height + margin - p.scroll.Size().Height
	switch {
	case top < margin:
		p.scroll.By(top - margin)
	case over > 0:
		p.scroll.By(min(over, top-margin))
	}
}

// settle lays the column out again, after something in it took another height.
func (p *page) settle() {
	p.column.Refresh()
	p.scroll.Refresh()
}
