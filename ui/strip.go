package ui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// strip draws the answers that take one click, under the top bar.
type strip struct {
	app   *viewmodel.App
	state *viewmodel.Strip

	root    *fyne.Container
	row     *fyne.Container
	buttons []*kit.Button // they stay, so that the keyboard does
	shown   int           // of them
	rest    []int         // of the answers, those that are under More
	more    *kit.Button
	all     *kit.Button
	shape   string
	width   float32
	moved   func() // lays out what is around the strip; nil before there is any
}

// stripHeight is that of the strip.
const stripHeight = 34

func newStrip(app *viewmodel.App) *strip {
	s := &strip{app: app, state: app.Rules.Strip, row: kit.HRow(stripGap)}
	s.all = kit.NewButton(kit.ButtonSpec{
		Label: "Answers…", Icon: "reply", Tone: kit.Secondary, Tip: "What is answered, and the rules", Keys: app.Commands.Hint("rules.open"),
		OnTap: app.Rules.Open,
	})
	s.more = kit.NewButton(kit.ButtonSpec{Label: "More…", Tone: kit.Secondary, Tip: "Further answers, and dropping the connection", OnTap: s.menu})
	s.root = kit.VStack(0, kit.HLine(), kit.Fixed(0, stripHeight, kit.Pad(14, 0, 10, 0, s.row)))
	app.Rules.Changed.Listen(s.update)
	app.Changed.Listen(s.update)
	s.update()
	return s
}

// update draws the strip, or takes it away.
func (s *strip) update() {
	if on := s.state.Shown(); on != s.root.Visible() {
		show(s.root, on)
		if s.moved != nil {
			s.moved()
		}
	}
	if !s.root.Visible() {
		return
	}
	v := s.state
	shape := fmt.Sprint(v.Name, v.Path, v.Hue, v.Hint, v.Buttons, v.Ends, v.Rule, v.Busy, s.width, s.app.Preferences.Appearance)
	if shape != s.shape {
		s.shape = shape
		s.build()
	}
}

// resized is told of every new width of the window.
func (s *strip) resized(width float32) {
	if s.width != width {
		s.width = width
		s.update()
	}
}

// parts are what stands before and behind the answers.
func (s *strip) parts() (lead, tail []fyne.CanvasObject) {
	v := s.state
	lead = []fyne.CanvasObject{hueDot(v.Hue), kit.NewShrinkingText(kit.RoleSmall, kit.Plain, v.Name)}
	if s.width >= stripWide {
		lead = []fyne.CanvasObject{hueDot(v.Hue), kit.NewText(kit.RoleSmall, kit.Secondary, "Answers at"), kit.NewShrinkingText(kit.RoleMono, kit.Plain, v.Path)}
	}
	tail = []fyne.CanvasObject{kit.Spacer()}
	if v.Rule != "" {
		tail = append(tail, kit.NewShrinkingText(kit.RoleSmall, kit.Warn, "Your rule answers first: "+v.Rule))
	}
	return lead, append(tail, s.all)
}

// stripWide is from what width on the strip says more than names.
const stripWide = 980

// build fills the strip with the answers that there is room for; the others are
// under More.
func (s *strip) build() {
	v := s.state
	if v.Hint != "" {
		s.shown = 0
		s.row.Objects = []fyne.CanvasObject{kit.NewIcon("reply", kit.Muted, 14), kit.NewShrinkingText(kit.RoleSmall, kit.Muted, v.Hint), kit.Spacer(), s.all}
		s.row.Refresh()
		return
	}
	lead, tail := s.parts()
	room := s.width - 24 - s.more.MinSize().Width - 3*stripGap
	if v.Ends != "" && s.width >= stripWide {
		room -= kit.MeasureText(kit.RoleSmall, v.Ends).Width + stripGap
	}
	for _, o := range append(slices.Clone(lead), tail...) {
		width := o.MinSize().Width
		if text, ok := o.(*kit.Text); ok {
			width = min(text.Natural().Width, stripWords)
		}
		room -= width + stripGap
	}
	order := s.order()
	for len(s.buttons) < len(order) {
		s.buttons = append(s.buttons, kit.NewButton(kit.ButtonSpec{Kind: kit.Outlined}))
	}
	row := append(lead, kit.Fixed(2, 1, kit.NewSurface(kit.ColorPanel)))
	s.shown = 0
	for _, i := range order {
		b := s.buttons[s.shown]
		s.dress(b, &v.Buttons[i])
		width := b.MinSize().Width + stripGap
		if room < width {
			break
		}
		room -= width
		row = append(row, b)
		s.shown++
	}
	row = append(row, s.more)
	if v.Ends != "" && s.width >= stripWide {
		row = append(row, kit.NewText(kit.RoleSmall, kit.Muted, v.Ends))
	}
	s.row.Objects = append(row, tail...)
	s.row.Refresh()
}

const (
	stripGap   = 6
	stripWords = 200 // what a text of the strip may take before the answers
)

// order is in what order the answers find room: a few presets, then to hold and to
// forward, and whatever is in force always.
func (s *strip) order() []int {
	var first, rest []int
	presets := 0
	for i := range s.state.Buttons {
		b := &s.state.Buttons[i]
		if b.Preset {
			presets++
		}
		if !b.Rare && (!b.Preset || presets <= stripPresets(s.width)) || b.On {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	s.rest = rest
	return first
}

// stripPresets is how many presets come before the other answers.
func stripPresets(width float32) int {
	switch {
	case width >= 1300:
		return 4
	case width >= stripWide:
		return 2
	}
	return 1
}

// dress makes a button say what an answer says.
func (s *strip) dress(b *kit.Button, v *viewmodel.StripButton) {
	b.SetLabel(v.Label)
	b.SetIcon(kit.Icon(v.Icon))
	b.SetTip(v.Tip)
	b.SetOnTap(func() { s.state.Press(v.ID) })
	b.SetEnabled(!s.state.Busy)
	if v.On {
		b.SetKind(kit.Lit)
		b.SetTone(tone(v.Tone))
	} else {
		b.SetKind(kit.Outlined)
		b.SetTone(kit.Secondary)
	}
}

// menu offers the answers that there was no room for.
func (s *strip) menu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s.more)
	if c == nil {
		return
	}
	order := s.order()
	var items []kit.MenuItem
	for _, i := range append(slices.Clone(order[s.shown:]), s.rest...) {
		b := &s.state.Buttons[i]
		icon := kit.Icon(b.Icon)
		if b.On {
			icon = "check"
		}
		items = append(items, kit.MenuItem{Icon: icon, Label: b.Title, Tone: tone(b.Tone), Run: func() { s.state.Press(b.ID) }})
	}
	items = append(items, kit.MenuItem{}, kit.MenuItem{Icon: "x", Label: "Hide this bar", Run: s.state.Turn})
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.more)
	kit.ShowMenu(c, at.AddXY(0, s.more.Size().Height+4), items)
}
