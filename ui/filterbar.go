package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// filterBar is the field that filters the list: chips of what is understood, the
// text behind them, the star that saves it, and what can be written below.
type filterBar struct {
	app   *viewmodel.App
	state *viewmodel.FilterBar

	field  *kit.Entry
	chips  *fyne.Container
	star   *kit.Button
	below  *kit.Suggestions
	moved  func() // it wants another width
	serial int
	shape  string
	room   float32 // for the chips
	wanted float32 // by all chips
}

// filterHint says what the filter looks into; it needs filterRoom to be read.
const (
	suggestKeys = "↑ ↓ choose · Tab or Return takes it · Escape closes"

	filterHint  = "Filter: words, provider:klix, status:5xx"
	filterRoom  = 330
	filterWide  = 620 // the widest field
	draftLeast  = 120 // what is left for writing
	suggestWide = 440
	chipGap     = 4
)

func newFilterBar(app *viewmodel.App) *filterBar {
	b := &filterBar{app: app, state: app.Filter, chips: kit.HRow(chipGap), moved: func() {}}
	b.star = kit.NewButton(kit.ButtonSpec{
		Icon: "star", Tone: kit.Muted, Tip: "Save the filter", Keys: app.Commands.Hint("filter.save"),
		OnTap: func() { app.Commands.Do("filter.save") },
	})
	b.field = kit.NewEntry(kit.EntrySpec{
		Placeholder: filterHint, Icon: "search", KeyHint: app.Commands.Hint("list.filter"),
		Lead: b.chips, Tail: b.star,
		OnChange: func(text string) { b.state.Type(text, b.field.At()) },
		OnMove: func(at int) {
			if b.serial == b.state.Serial { // else the field still shows what was there before
				b.state.Move(at)
			}
		},
		OnSubmit: func(string) { b.state.Submit() },
		OnKey:    b.key,
		TakesTab: func() bool { return b.state.Open && len(b.state.Items) > 0 },
		OnFocus: func(on bool) {
			if on || !b.below.Hovered {
				b.state.Focus(on)
			}
		},
	})
	b.below = kit.NewSuggestions(suggestKeys, func(i int) { b.state.Take(i) })
	b.state.Changed.Listen(b.update)
	app.List.Changed.Listen(b.update)
	b.update()
	return b
}

func (b *filterBar) key(key string) bool {
	if (key == "BackSpace" || key == "Left") && b.field.Selected() != "" {
		return false
	}
	b.state.Move(b.field.At())
	return b.state.Key(key)
}

// focus gives the keyboard to the field, to go on writing.
func (b *filterBar) focus() {
	if b.field.Focused() {
		return
	}
	b.field.FocusEnd()
}

func (b *filterBar) update() {
	if b.serial != b.state.Serial {
		b.serial = b.state.Serial
		b.field.Put(b.state.Draft, b.state.At)
	}
	saved, can := b.state.Saved()
	show(b.star, can)
	tone := kit.Muted
	if saved {
		tone = kit.Warn
	}
	b.star.SetTone(tone)
	b.fill()
	b.field.SetWrong(b.state.WrongFrom, b.state.WrongTo)
	b.field.Refresh()
	b.suggest()
}

// fill makes the chips, as many of the last ones as there is room for.
func (b *filterBar) fill() {
	shape := ""
	for _, chip := range b.state.Chips {
		shape += chip.Text + "\n"
	}
	if shape == b.shape {
		return
	}
	b.shape = shape
	b.wanted = 0
	for i := range b.state.Chips {
		b.wanted += b.chip(i).MinSize().Width + chipGap
	}
	b.moved()
	b.fit(b.room)
}

func (b *filterBar) chip(i int) *kit.Pill {
	chip := b.state.Chips[i]
	pill := kit.NewPill(kit.Fit(kit.RoleSmall, chip.Text, 190), kit.Plain, func() { b.state.Remove(i) })
	pill.Tip = chip.Words
	pill.OnTap = func() { b.state.Edit(i) }
	return pill
}

// fit shows the chips that there is room for; the first ones become a number.
func (b *filterBar) fit(room float32) {
	b.room = room
	var shown []fyne.CanvasObject
	taken, hidden := float32(0), 0
	for i := len(b.state.Chips) - 1; i >= 0; i-- {
		pill := b.chip(i)
		taken += pill.MinSize().Width + chipGap
		left := float32(0)
		if i > 0 {
			left = 40 // for the number
		}
		if room > 0 && taken > room-left && len(shown) > 0 {
			hidden = i + 1
			break
		}
		shown = append([]fyne.CanvasObject{pill}, shown...)
	}
	if hidden > 0 {
		more := kit.NewPill("+"+strconv.Itoa(hidden), kit.Secondary, nil)
		words := ""
		for i := range hidden {
			words += b.state.Chips[i].Words + "\n"
		}
		more.Tip = words
		more.OnTap = func() { b.state.Edit(hidden - 1) }
		shown = append([]fyne.CanvasObject{more}, shown...)
	}
	b.chips.Objects = shown
	b.chips.Refresh()
	b.field.Refresh()
}

// width is what the field takes of what there is.
func (b *filterBar) width(room float32) float32 {
	usual := min(filterRoom, room)
	if len(b.state.Chips) == 0 {
		return usual
	}
	return max(usual, min(b.wanted+draftLeast+60, filterWide, room))
}

// resized is told how wide the field is.
func (b *filterBar) resized(width float32) {
	hint := filterHint
	if width < filterRoom-20 || len(b.state.Chips) > 0 {
		hint = "Filter" // the longer one would be cut
	}
	if len(b.state.Chips) > 0 {
		hint = "and …"
	}
	b.field.SetPlaceholder(hint)
	b.fit(width - draftLeast - 60)
}

// suggest shows what can be written, under the field, and what is wrong with what
// is.
func (b *filterBar) suggest() {
	problem := b.app.List.FilterProblem
	if !b.state.Open && (problem == "" || !b.field.Focused()) {
		show(b.below, false)
		b.below.Hovered = false
		return
	}
	var items []kit.Suggestion
	if b.state.Open {
		for _, item := range b.state.Items {
			items = append(items, kit.Suggestion{Icon: kit.Icon(item.Icon), Title: item.Title, Hint: item.Hint, Count: item.Count})
		}
	}
	b.below.SetFoot(suggestKeys, kit.Muted)
	width := float32(suggestWide)
	if problem != "" {
		b.below.SetFoot(problem, kit.Bad)
		width = max(width, kit.MeasureText(kit.RoleCaption, problem).Width+30)
	}
	b.below.Set(items, b.state.Chosen)
	b.below.Under(b.field, width)
}
