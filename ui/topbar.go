package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// topBar holds the name, the address, the filter, and what concerns the whole
// window.
type topBar struct {
	app *viewmodel.App

	root   fyne.CanvasObject
	filter *filterBar
	pause  *kit.Button
	clear  *kit.Button
	name   *kit.Text
	inUse  *kit.Button // the session's, where there is no sidebar
	pill   *addressPill
	row    *fyne.Container
	field  *fyne.Container
	width  float32
}

func newTopBar(app *viewmodel.App) *topBar {
	b := &topBar{app: app}
	b.name = kit.NewText(kit.RolePane, kit.Plain, "Hookglass")

	b.inUse = newSessionSymbol(app)
	b.pill = newAddressPill(app)
	b.filter = newFilterBar(app)
	b.filter.moved = func() { b.resized(b.width) }
	b.field = kit.Fixed(filterRoom, 0, b.filter.field)
	b.pause = kit.NewButton(kit.ButtonSpec{
		Label: "Pause", Icon: "pause", Kind: kit.Outlined,
		Tip: "Hold the list still; capture goes on", Keys: app.Commands.Hint("list.pause"),
		OnTap: func() { app.Commands.Do("list.pause") },
	})
	b.clear = kit.NewButton(kit.ButtonSpec{
		Icon: "trash-2", Tone: kit.Secondary, Tip: "Clear the list", Keys: app.Commands.Hint("list.clear"),
		OnTap: func() { app.Commands.Do("list.clear") },
	})
	settings := kit.NewButton(kit.ButtonSpec{
		Icon: "sliders-horizontal", Tone: kit.Secondary, Tip: "Settings", Keys: app.Commands.Hint("settings.open"),
		OnTap: func() { app.Commands.Do("settings.open") },
	})
	b.row = kit.HRow(topGap,
		kit.HRow(10, kit.NewLogo(28), b.name), kit.HRow(0, kit.Fixed(8, 1, kit.NewSurface(kit.ColorPanel))), b.inUse, b.pill,
		kit.Spacer(), b.field, kit.Spacer(),
		b.pause, b.clear, settings)
	b.root = kit.Fixed(0, topHeight, kit.Pad(14, 0, 10, 0, b.row))
	app.Changed.Listen(b.update)
	app.List.Changed.Listen(b.update)
	app.Status.Changed.Listen(b.update)
	b.update()
	return b
}

func (b *topBar) update() {
	label, icon := "Pause", kit.Icon("pause")
	if b.app.List.Paused {
		label, icon = "Resume", "play"
	}
	b.pause.SetLabel(label)
	b.pause.SetIcon(icon)
	b.root.Refresh()
}

// topGap is between the parts of the bar.
const topGap = 8

// besidePill is the width that all but the pill takes.
func (b *topBar) besidePill() float32 {
	width := float32(14 + 10)
	for _, o := range b.row.Objects {
		if o.Visible() {
			width += topGap
			if o != b.pill {
				width += o.MinSize().Width
			}
		}
	}
	return width
}

// resized leaves out what a narrow window has no room for.
func (b *topBar) resized(width float32) {
	if width == 0 {
		return // nothing is drawn yet
	}
	b.width = width
	show(b.inUse, width < sidebarFrom)
	for _, o := range []struct {
		object fyne.CanvasObject
		from   float32
	}{{b.name, 820}, {b.pill, 750}} {
		if width < o.from {
			o.object.Hide()
		} else {
			o.object.Show()
		}
	}
	beside := b.besidePill() - b.field.MinSize().Width + 2*topGap // all but the field
	if b.pill.Visible() {
		beside += min(b.pill.MinSize().Width, pillLeast)
	}
	field := min(filterRoom, max(width*0.28, 150))
	switch {
	case width >= growingFrom:
		field = max(field, b.filter.width(width-beside))
	case !b.pill.Visible():
		field = min(filterRoom, max(width-beside, 150))
	}
	b.field.Layout = fieldWidth(field)
	b.filter.resized(field)
	b.pill.setRoom(width - b.besidePill())
	b.root.Refresh()
}

// growingFrom is how wide the window must be for the filter to take more than its
// share: what the address has to say can change at any time.
const growingFrom = 900

// pillLeast is what the address keeps of its room where the filter grows.
const pillLeast = 250

// fieldWidth is the layout of the filter: a width and its own height.
type fieldWidth float32

// MinSize is for Fyne.
func (w fieldWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(w), objects[0].MinSize().Height)
}

// Layout is for Fyne.
func (fieldWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}
