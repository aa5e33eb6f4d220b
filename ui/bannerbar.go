package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// bannerBar shows the banners under each other.
type bannerBar struct {
	app  *viewmodel.App
	root *fyne.Container

	moved  func() // lays out what is around the bar; nil before there is any
	height float32
}

func newBannerBar(app *viewmodel.App) *bannerBar {
	b := &bannerBar{app: app, root: kit.VStack(0)}
	app.Notices.Changed.Listen(b.update)
	b.update()
	return b
}

func (b *bannerBar) update() {
	b.root.RemoveAll()
	for _, banner := range b.app.Notices.Banners {
		var onClose func()
		if banner.Close {
			onClose = func() { b.app.Notices.Remove(banner.ID) }
		}
		b.root.Add(kit.NewBanner(kit.Tone(banner.Tone), banner.Text, banner.Action, banner.Run, onClose))
	}
	b.root.Refresh()
	if height := b.root.MinSize().Height; height != b.height && b.moved != nil {
		b.height = height
		b.moved() // Fyne would wait for the next new size of the window
	}
}
