package viewmodel

import (
	"strings"

	"hookglass/capture"
)

// FilterBar is the field that filters the list: what is understood stands in
// chips, and behind them the text that is still being written. Under it stands
// what can be written there.
type FilterBar struct {
	Chips []FilterChip
	Draft string // behind the chips; Serial grows when it was not the person who changed it

	Serial int
	At     int // the cursor, in bytes of Draft

	// WrongFrom and WrongTo are the bytes of Draft that the list's FilterProblem is
	// about; they are equal where there is no such place.
	WrongFrom, WrongTo int

	// Items can be written at the cursor; Chosen is the one that Return takes, -1 for
	// none. Open says whether they are shown.
	Items  []FilterItem
	Chosen int
	Open   bool

	Changed Signal

	app     *App
	done    string // the text of the chips
	focused bool
	asked   int // serial of the values that were asked for
}

// FilterChip is a part of the filter that is understood.
type FilterChip struct {
	Text  string // "provider:klix"
	Words string // "the provider is klix"
}

func newFilterBar(a *App) *FilterBar {
	f := &FilterBar{app: a, Chosen: -1}
	a.List.Changed.Listen(f.follow)
	return f
}

// text is the whole filter.
func (f *FilterBar) text() string { return strings.TrimLeft(joined(f.done, f.Draft), " ") }

func joined(done, draft string) string {
	if done == "" || strings.TrimSpace(draft) == "" {
		return done + draft
	}
	return done + " " + draft
}

// follow takes over a filter that somebody else has set, and where it is wrong.
func (f *FilterBar) follow() {
	before := [2]int{f.WrongFrom, f.WrongTo}
	if f.app.List.FilterText != f.text() {
		f.put(f.app.List.FilterText)
		return
	}
	f.mark()
	if before != [2]int{f.WrongFrom, f.WrongTo} {
		f.Changed.Emit()
	}
}

// mark finds the place that is wrong.
func (f *FilterBar) mark() {
	f.WrongFrom, f.WrongTo = 0, 0
	if f.app.List.FilterProblem == "" {
		return
	}
	at := len(f.done)
	if f.done != "" {
		at++
	}
	if wrong := filterFault(f.text()); wrong != nil && wrong.End > at {
		f.WrongFrom = min(max(wrong.At-at, 0), len(f.Draft))
		f.WrongTo = min(max(wrong.End-at, f.WrongFrom), len(f.Draft))
	}
}

// put shows a filter: what it asks by operators in chips, words that follow as
// text.
func (f *FilterBar) put(text string) {
	f.done, f.Draft = "", text
	f.settle(false)
	f.At = len(f.Draft)
	f.Serial++
	f.mark()
	f.complete()
	f.Changed.Emit()
}

// settle makes chips of what is understood and finished: up to the last operator,
// and with words of all.
func (f *FilterBar) settle(words bool) {
	text := strings.TrimSpace(f.text())
	filter, err := capture.ParseFilter(text)
	if err != nil {
		f.chip()
		return
	}
	chips := filter.Chips()
	if loose(text) {
		f.done, f.Draft = "", text
		if words {
			f.done, f.Draft = "("+text+")", ""
		}
		f.chip()
		return
	}
	n := 0
	for i := range chips {
		if words || !freeWords(chips[i].Text) {
			n = i + 1
		}
	}
	if n == 0 {
		f.done, f.Draft = "", text
	} else {
		f.done, f.Draft = text[:chips[n-1].To], strings.TrimSpace(text[chips[n-1].To:])
	}
	f.chip()
}

// loose reports whether a filter has alternatives that are not held together:
// what is written behind them belongs to the last of them.
func loose(text string) bool {
	filter, err := capture.ParseFilter(text + " and more")
	return err == nil && filter.Root() != nil && filter.Root().Kind == capture.FilterOr
}

// freeWords reports whether a part of a filter is words alone.
func freeWords(text string) bool {
	part, err := capture.ParseFilter(text)
	root := part.Root()
	return err == nil && root != nil && root.Term != nil && root.Term.Op == nil
}

// chip writes the chips of what is done.
func (f *FilterBar) chip() {
	f.Chips = nil
	filter, err := capture.ParseFilter(f.done)
	if err != nil {
		return
	}
	for _, chip := range filter.Chips() {
		f.Chips = append(f.Chips, FilterChip{capture.Visible(chip.Text), capital(capture.Visible(chip.Words))})
	}
}

// Type is told what stands behind the chips and where the cursor is. A space
// after an operator and its value makes a chip of it.
func (f *FilterBar) Type(draft string, at int) {
	if draft == f.Draft {
		f.Move(at)
		return
	}
	grown := len(draft) > len(f.Draft)
	f.Draft, f.At = draft, min(at, len(draft))
	if grown && strings.HasSuffix(draft, " ") && at >= len(draft)-1 {
		f.finish()
	}
	f.complete()
	f.app.List.SetFilter(f.text())
	f.Changed.Emit()
}

// finish makes chips of the draft, where it is one whole.
func (f *FilterBar) finish() {
	text := strings.TrimSpace(f.text())
	filter, err := capture.ParseFilter(text)
	if err != nil || filter.All() || loose(text) {
		return
	}
	if chips := filter.Chips(); freeWords(chips[len(chips)-1].Text) {
		return // words stay text: one goes on writing them
	}
	f.settle(false)
	f.At = len(f.Draft)
	f.Serial++
}

// begun reports whether the person has just written an operator, and is offered its
// values: that one is missing is no news to them.
func (f *FilterBar) begun() bool {
	c := capture.Complete(f.Draft, f.At)
	return f.focused && f.Open && c.Operator != nil && c.Prefix == "" && c.To == len(f.Draft)
}

// beforeOperator is the filter without the operator that was begun at its end.
func (f *FilterBar) beforeOperator() string {
	draft := strings.TrimRight(f.Draft, ":")
	return strings.TrimSpace(joined(f.done, draft[:strings.LastIndexAny(draft, " (")+1]))
}

// Move is told where the cursor is.
func (f *FilterBar) Move(at int) {
	if at = min(at, len(f.Draft)); at != f.At {
		f.At = at
		f.complete()
		f.Changed.Emit()
	}
}

// Remove takes a chip away.
func (f *FilterBar) Remove(i int) {
	if filter, err := capture.ParseFilter(f.done); err == nil && i >= 0 && i < len(f.Chips) {
		f.done = filter.Without(i)
		f.changed()
	}
}

// Edit makes text of a chip again, to be changed.
func (f *FilterBar) Edit(i int) {
	filter, err := capture.ParseFilter(f.done)
	if err != nil || i < 0 || i >= len(f.Chips) {
		return
	}
	text := filter.Chips()[i].Text
	f.done = filter.Without(i)
	f.Draft = strings.TrimSpace(text + " " + f.Draft)
	f.At = len(text)
	f.changed()
	f.app.Screen.Focus(PaneFilter)
}

// changed applies what was changed otherwise than by writing.
func (f *FilterBar) changed() {
	f.chip()
	f.At = min(f.At, len(f.Draft))
	f.Serial++
	f.complete()
	f.app.List.FilterNow(f.text())
	f.Changed.Emit()
}

// Submit takes what is chosen under the field; where nothing is, the filter is
// done and the list gets the keyboard.
func (f *FilterBar) Submit() {
	if f.Open && f.Chosen >= 0 {
		f.Take(f.Chosen)
		return
	}
	if text := f.text(); filterFault(text) == nil {
		f.settle(loose(text))
		f.At = len(f.Draft)
	}
	f.changed()
	f.hide()
	f.app.List.FilterNow(f.text())
	if f.app.List.FilterProblem == "" {
		f.remember()
		f.app.Screen.Focus(PaneList)
	}
}

// Focus is told whether the field has the keyboard.
func (f *FilterBar) Focus(on bool) {
	if on == f.focused {
		return
	}
	f.focused = on
	if !on {
		f.remember()
		f.hide()
		return
	}
	f.complete()
	f.Changed.Emit()
}

// Key takes a key of the field before the field itself does.
func (f *FilterBar) Key(key string) bool {
	switch key {
	case "Down":
		if !f.Open || len(f.Items) == 0 {
			f.app.Screen.Focus(PaneList)
			return true
		}
		f.choose(f.Chosen + 1)
	case "Up":
		if !f.Open {
			return false
		}
		f.choose(f.Chosen - 1)
	case "Tab":
		if !f.Open || len(f.Items) == 0 {
			return false
		}
		f.Take(max(f.Chosen, 0))
	case "Escape":
		if !f.Open || len(f.Items) == 0 {
			return false
		}
		f.hide()
	case "BackSpace":
		if f.At > 0 || len(f.Chips) == 0 {
			return false
		}
		f.Remove(len(f.Chips) - 1)
	case "Left":
		if f.At > 0 || len(f.Chips) == 0 {
			return false
		}
		f.Edit(len(f.Chips) - 1)
	default:
		return false
	}
	return true
}

func (f *FilterBar) choose(i int) {
	f.Chosen = max(min(i, len(f.Items)-1), -1)
	f.Changed.Emit()
}

func (f *FilterBar) hide() {
	f.Open, f.Chosen = false, -1
	f.Changed.Emit()
}

// Saved reports whether the filter is among those that were saved, and whether
// there is one that can be.
func (f *FilterBar) Saved() (saved, can bool) {
	text := f.app.List.applied
	return text != "" && f.app.Saved.find(text) != nil, text != "" && f.app.List.FilterProblem == "" && f.app.backend != nil
}
