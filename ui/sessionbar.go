package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// sessionBar says where one is, where that is not the session that is captured
// into: another session, or a file that lies open.
type sessionBar struct {
	app  *viewmodel.App
	root *fyne.Container

	moved  func() // lays out what is around the bar; nil before there is any
	height float32
	narrow bool
	shown  viewmodel.Place
}

func newSessionBar(app *viewmodel.App) *sessionBar {
	b := &sessionBar{app: app, root: kit.VStack(0)}
	app.Sessions.Changed.Listen(b.update)
	app.Opened.Changed.Listen(b.update)
	app.Share.Changed.Listen(b.update)
	app.Changed.Listen(b.update)
	b.update()
	return b
}

// samePlace reports whether two bars look the same; their acts do what their
// labels say.
func samePlace(a, b *viewmodel.Place) bool {
	if a.Icon != b.Icon || a.Tone != b.Tone || a.Title != b.Title || a.Text != b.Text || len(a.Actions) != len(b.Actions) {
		return false
	}
	for i := range a.Actions {
		if a.Actions[i].Label != b.Actions[i].Label || a.Actions[i].Off != b.Actions[i].Off {
			return false
		}
	}
	return true
}

// resized puts the text below the title where the window is narrow.
func (b *sessionBar) resized(width float32) {
	if narrow := width < besideFrom; b.narrow != narrow {
		b.narrow, b.shown = narrow, viewmodel.Place{}
		b.update()
	}
}

func (b *sessionBar) update() {
	place := b.app.Sessions.Place()
	if samePlace(&place, &b.shown) {
		b.shown = place
		return
	}
	b.shown = place
	b.root.RemoveAll()
	if place.Title != "" {
		b.root.Add(b.bar(&place))
	}
	b.root.Refresh()
	if height := b.root.MinSize().Height; height != b.height {
		b.height = height
		if b.moved != nil {
			b.moved() // Fyne would wait for the next new size of the window
		}
	}
}

// placeTitle is how wide the title of the bar is at most: a stranger's file can be
// called anything.
const placeTitle = 240

func (b *sessionBar) bar(place *viewmodel.Place) fyne.CanvasObject {
	var acts []fyne.CanvasObject
	for i := range place.Actions {
		kind := kit.Outlined
		if place.Actions[i].Loud {
			kind = kit.Primary
		}
		act := kit.NewButton(kit.ButtonSpec{Label: place.Actions[i].Label, Kind: kind, OnTap: func() {
			if i < len(b.shown.Actions) {
				b.shown.Actions[i].Run()
			}
		}})
		act.SetEnabled(!place.Actions[i].Off)
		acts = append(acts, act)
	}
	icon, title := kit.NewIcon(kit.Icon(place.Icon), tone(place.Tone), 16), kit.FitMiddle(kit.RoleRow, place.Title, placeTitle)
	buttons, text := kit.HRow(6, acts...), kit.NewParagraph(kit.RoleBody, kit.Secondary, place.Text)
	line := kit.Frame(nil, nil,
		kit.Pad(14, 0, 10, 0, kit.HRow(10, icon, kit.NewText(kit.RoleRow, kit.Plain, title))), kit.Pad(12, 5, 10, 5, buttons), kit.Pad(0, 10, 0, 10, text))
	if b.narrow {
		line = kit.VStack(0,
			kit.Pad(14, 6, 10, 0, kit.HRow(10, icon, kit.NewShrinkingText(kit.RoleRow, kit.Plain, title), kit.Spacer(), buttons)),
			kit.Pad(14, 4, 10, 8, text))
	}
	return kit.Fill(kit.ColorTint, kit.Frame(nil, kit.HLine(), kit.Fixed(3, 0, kit.NewSurface(kit.ToneName(tone(place.Tone)))), nil, line))
}
