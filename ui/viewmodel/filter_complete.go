package viewmodel

import (
	"context"
	"slices"
	"strings"

	"hookglass/capture"
	"hookglass/store"
)

// FilterItem is something that can be written into the filter.
type FilterItem struct {
	Title string // "provider:", "klix"
	Hint  string // "who sent it"
	Count string // how many callbacks have the value; "" where that is not known
	Icon  string // "" for operators and values

	insert   string
	from, to int  // the bytes of the draft that it takes the place of
	whole    bool // it takes the place of the whole filter
	ends     bool // nothing can follow it
}

const (
	maxValues = 12
	maxRecent = 10
	// recentShown is how many of the filters before an empty field offers.
	recentShown = 5
)

// complete finds what can be written at the cursor.
func (f *FilterBar) complete() {
	f.asked++
	f.Items, f.Chosen = nil, -1
	if !f.focused {
		f.Open = false
		return
	}
	c := capture.Complete(f.Draft, f.At)
	switch {
	case c.Operator != nil:
		f.values(&c, nil)
		f.ask(&c)
	case strings.TrimSpace(f.Draft) == "":
		f.before()
		f.operators(&c)
	case c.Prefix != "":
		f.operators(&c)
	}
	f.Open = len(f.Items) > 0
}

// before offers the filters that were used last.
func (f *FilterBar) before() {
	if len(f.Chips) > 0 {
		return
	}
	for _, text := range f.app.Preferences.RecentFilters[:min(len(f.app.Preferences.RecentFilters), recentShown)] {
		f.Items = append(f.Items, FilterItem{Title: shorten(capture.Visible(text), 60), Hint: "used before", Icon: "history", insert: text, whole: true})
	}
}

func (f *FilterBar) operators(c *capture.Completion) {
	for _, op := range c.Operators {
		item := FilterItem{Title: op.Name + ":", Hint: op.Help, insert: op.Name + ":", from: c.From, to: c.To}
		if op.Takes == capture.TakesNothing {
			item.Title, item.insert, item.ends = op.Name, op.Name, true
		}
		if c.Prefix == op.Name && op.Takes == capture.TakesNothing {
			continue // it is there
		}
		f.Items = append(f.Items, item)
	}
}

// values offers those that occur, and where nothing can be counted, examples.
func (f *FilterBar) values(c *capture.Completion, found []store.Value) {
	offer := func(text, hint, count string) {
		term, ok := capture.FilterTerm(c.Operator.Name, text)
		insert := strings.TrimPrefix(term, c.Operator.Name+":")
		if !ok { // an example may be a pattern
			insert = text
		}
		taken := func(other FilterItem) bool { return other.insert == insert }
		if !slices.ContainsFunc(f.Items, taken) {
			f.Items = append(f.Items, FilterItem{
				Title: shorten(capture.Visible(text), 60), Hint: hint, Count: count,
				insert: insert, from: c.From, to: c.To, ends: true,
			})
		}
	}
	for i := range found {
		count := ""
		if found[i].Count > 0 {
			count = groupDigits(found[i].Count)
		}
		offer(found[i].Text, "", count)
	}
	if len(f.Items) > 0 {
		return
	}
	like := func(texts []string, hint string) {
		for _, text := range texts {
			if len(text) >= len(c.Prefix) && strings.EqualFold(text[:len(c.Prefix)], c.Prefix) {
				offer(text, hint, "")
			}
		}
	}
	like(c.Operator.Values, "")
	if len(c.Operator.Values) == 0 {
		like(c.Operator.Examples, "an example")
	}
}

// ask reads the values that occur, off the screen's goroutine.
func (f *FilterBar) ask(c *capture.Completion) {
	b := f.app.backend
	if b == nil {
		return
	}
	asked, session, operator, prefix := f.asked, f.app.session(), c.Operator.Name, c.Prefix
	f.app.run(func(ctx context.Context) func() {
		found, err := b.Store.Values(ctx, session, operator, prefix, maxValues)
		return func() {
			if err != nil || asked != f.asked || len(found) == 0 {
				return // the examples do
			}
			f.Items, f.Chosen = nil, -1
			f.values(c, found)
			f.Open = len(f.Items) > 0
			f.Changed.Emit()
		}
	})
}

// Take writes an item into the field.
func (f *FilterBar) Take(i int) {
	if i < 0 || i >= len(f.Items) {
		return
	}
	item := f.Items[i]
	if item.whole {
		f.done, f.Draft = "", item.insert
		f.settle(false)
		f.At = len(f.Draft)
	} else {
		rest := f.Draft[item.to:]
		if strings.HasSuffix(item.insert, ":") {
			rest = strings.TrimPrefix(rest, ":") // its own is there already
		}
		f.Draft = f.Draft[:item.from] + item.insert + rest
		f.At = item.from + len(item.insert)
		if item.ends && f.At == len(f.Draft) {
			f.finish()
		}
	}
	f.changed()
	f.app.Screen.Focus(PaneFilter)
}

// remember keeps the filter among those that were used last. One that was only on
// the way to it gives its place to it.
func (f *FilterBar) remember() {
	text := f.app.List.applied
	if text == "" || text != strings.TrimSpace(f.text()) {
		return
	}
	p := f.app.Preferences
	recent := slices.DeleteFunc(slices.Clone(p.RecentFilters), func(old string) bool { return old == text })
	if len(recent) > 0 && strings.HasPrefix(text, recent[0]) {
		recent = recent[1:]
	}
	recent = slices.Insert(recent, 0, text)
	p.RecentFilters = recent[:min(len(recent), maxRecent)]
}
