package viewmodel

import (
	"slices"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// Tip says what a bar, or several from low to high, are: "10:42:00 – 10:43:00 · 12
// callbacks, 3 failed".
func (h *Histogram) Tip(low, high int) string {
	if low < 0 || high >= len(h.data.Bars) || low > high {
		return ""
	}
	bar := h.count(low, high)
	zone := h.app.style().zone
	from, to := h.edge(low).In(zone), h.edge(high+1).In(zone)
	form := "15:04:05"
	switch {
	case h.data.Width < time.Second:
		form = "15:04:05.000"
	case h.data.Width >= 24*time.Hour:
		form = "2 Jan 2006"
	case day(from) != day(h.app.config.Now().In(zone)) || day(to) != day(from):
		form = "2 Jan 15:04"
	case h.data.Width >= time.Minute:
		form = "15:04"
	}
	text := from.Format(form) + " – " + to.Format(form) + " · " + counted(int(bar.Count), "callback")
	if bar.Failed > 0 {
		text += ", proof failed of " + groupDigits(bar.Failed)
	}
	return text
}

// count is how many callbacks the bars from low to high are.
func (h *Histogram) count(low, high int) store.Bar {
	var sum store.Bar
	for i := low; i <= high; i++ {
		sum.Count += h.data.Bars[i].Count
		sum.Failed += h.data.Bars[i].Failed
	}
	return sum
}

// edge is when a bar begins.
func (h *Histogram) edge(i int) time.Time { return h.data.From.Add(time.Duration(i) * h.data.Width) }

// Choose has the list show the bars from low to high alone; those that are chosen
// already are let go.
func (h *Histogram) Choose(low, high int) {
	low, high = max(min(low, high), 0), min(max(low, high), len(h.Bars)-1)
	if low > high || h.count(low, high).Count == 0 {
		return // there is nothing to be seen
	}
	if low == h.Low && high == h.High {
		h.Clear()
		return
	}
	filter := h.app.List.filter
	if a, b := spanTerms(filter); a >= 0 {
		if rest, err := capture.ParseFilter(withoutSpan(filter, a, b)); err == nil {
			filter = rest
		}
	}
	text := filter.With("after:" + h.write(h.edge(low)))
	if filter, err := capture.ParseFilter(text); err == nil {
		text = filter.With("before:" + h.write(h.edge(high+1)))
	}
	h.app.List.FilterNow(text)
}

// Clear lets the span go, and reports whether there was one.
func (h *Histogram) Clear() bool {
	l := h.app.List
	low, high := spanTerms(l.filter)
	if low < 0 || l.FilterProblem != "" {
		return false
	}
	l.FilterNow(withoutSpan(l.filter, low, high))
	return true
}

// Key is a key of the histogram while it has the keyboard: Left and Right go from
// bar to bar, with Shift they choose several, Return takes them.
func (h *Histogram) Key(key string) bool {
	last := len(h.Bars) - 1
	step := func(to int, extend bool) {
		h.At = max(min(to, last), 0)
		if !extend || h.anchor < 0 {
			h.anchor = h.At
		}
	}
	switch key {
	case "Left":
		step(h.At-1, false)
	case "Right":
		step(h.At+1, false)
	case "Shift+Left":
		step(h.At-1, true)
	case "Shift+Right":
		step(h.At+1, true)
	case "Home":
		step(0, false)
	case "End":
		step(last, false)
	case "Return", "Space":
		if h.At >= 0 {
			h.Choose(h.anchor, h.At)
		}
	default:
		return false
	}
	h.Changed.Emit()
	return true
}

// Focus is told whether the histogram has the keyboard.
func (h *Histogram) Focus(on bool) {
	switch {
	case !on:
		h.At, h.anchor = -1, -1
	case h.At < 0:
		h.At = len(h.Bars) - 1
		h.anchor = h.At
	}
	h.Changed.Emit()
}

// Marked are the bars that the keyboard is about to choose.
func (h *Histogram) Marked() (low, high int) { return min(h.anchor, h.At), max(h.anchor, h.At) }

// write writes a moment for the filter, whose times without a zone are this
// machine's.
func (h *Histogram) write(t time.Time) string {
	zone := time.Local
	if h.app.Preferences.UTC {
		return t.UTC().Format(time.RFC3339Nano)
	}
	t = t.In(zone)
	switch {
	case t.Nanosecond() != 0:
		return t.Format(time.RFC3339Nano)
	case t.Second() != 0:
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04")
}

// chosen are the bars that the filter's span is, -1 for none.
func (h *Histogram) chosen() (low, high int) {
	after, before := spanTerms(h.app.List.filter)
	if after < 0 || len(h.data.Bars) == 0 {
		return -1, -1
	}
	chips := h.app.List.filter.Chips()
	last := len(h.data.Bars) - 1
	low = int(momentOf(chips[after].Text).Sub(h.data.From) / h.data.Width)
	high = int((momentOf(chips[before].Text).Sub(h.data.From) - 1) / h.data.Width)
	if low > last || high < 0 || high < low {
		return -1, -1
	}
	return max(low, 0), min(high, last)
}

// momentOf is the fixed time of a filter that is one after: or before:.
func momentOf(text string) time.Time {
	filter, err := capture.ParseFilter(text)
	if err != nil || filter.Root() == nil || filter.Root().Term == nil {
		return time.Time{}
	}
	return filter.Root().Term.Moment.At
}

// spanTerms are the two chips that make a span of fixed times, as Choose writes
// it: -1 where the filter has no such.
func spanTerms(f capture.Filter) (after, before int) {
	after, before = -1, -1
	for i, chip := range f.Chips() {
		switch {
		case momentOf(chip.Text).IsZero():
		case strings.HasPrefix(chip.Text, "after:"):
			after = i
		case strings.HasPrefix(chip.Text, "before:"):
			before = i
		}
	}
	if after < 0 || before < 0 {
		return -1, -1
	}
	return after, before
}

// withoutSpan is the text of a filter without two of its chips.
func withoutSpan(f capture.Filter, a, b int) string {
	chips := f.Chips()
	var texts []string
	for i := range chips {
		if !slices.Contains([]int{a, b}, i) {
			texts = append(texts, chips[i].Text)
		}
	}
	return strings.Join(texts, " ")
}
