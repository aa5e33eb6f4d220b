package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// Histogram says when the callbacks of the list came. A span of it can be chosen:
// then the list shows that span alone, and the histogram still all.
type Histogram struct {
	Shown bool // it has a place over the list; nothing was captured yet where it has none
	Bars  []HistogramBar

	// First and Last are when the first bar begins and the last one ends, Span how long
	// that is: "10:12", "30 min".
	First, Span, Last string

	// Low and High are the bars that are chosen; both are -1 for none. At is the one
	// that the keyboard is on, -1 while it is elsewhere.
	Low, High int
	At        int

	Changed Signal

	app     *App
	data    store.Histogram
	most    int64
	dirty   bool
	reading bool
	planned bool
	last    time.Time
	took    time.Duration
	serial  int    // of what is asked for
	asked   string // what that is, but for the span
	told    string // what the bars are of
	anchor  int    // where the keyboard began to choose
}

// HistogramBar is one bar, each part of it between 0 and 1 of the highest.
type HistogramBar struct {
	Count  float32
	Failed float32 // of Count
}

// histogramBars is about how many bars there are.
const histogramBars = 60

func newHistogram(a *App) *Histogram {
	h := &Histogram{app: a, Low: -1, High: -1, At: -1, anchor: -1}
	a.List.Changed.Listen(h.follow)
	return h
}

// follow is told of every change of the list.
func (h *Histogram) follow() {
	shown := h.app.backend != nil && (h.app.Sidebar.counts.Total > 0 || h.app.List.window.len() > 0)
	low, high := h.chosen()
	if shown != h.Shown || low != h.Low || high != h.High {
		h.Shown, h.Low, h.High = shown, low, high
		h.Changed.Emit()
	}
}

// forget takes the bars away: they are of another session.
func (h *Histogram) forget() {
	h.told, h.last = "", time.Time{}
	h.empty("")
}

// empty shows no bars, and a word instead.
func (h *Histogram) empty(word string) {
	h.data, h.Bars = store.Histogram{}, nil
	h.First, h.Span, h.Last = "", word, ""
	h.Low, h.High, h.At = -1, -1, -1
	h.Changed.Emit()
}

// Reread counts anew, as soon as that is not too often.
func (h *Histogram) Reread() {
	h.dirty = true
	h.plan()
}

// Current reports whether the bars are of all that the list was told of.
func (h *Histogram) Current() bool { return !h.dirty && !h.reading && !h.planned }

func (h *Histogram) plan() {
	// What the list finds is counted, so that nothing is searched twice; at its end it
	// asks again.
	if !h.dirty || h.reading || h.planned || h.app.backend == nil || h.app.List.search != nil {
		return
	}
	rest := max(countEvery, countShares*h.took)
	if wait := rest - h.app.config.Now().Sub(h.last); !h.last.IsZero() && wait > 0 {
		h.planned = true
		h.app.List.after(wait, func() {
			h.planned = false
			h.read()
		})
		return
	}
	h.read()
}

// otherQuestion counts anew as soon as the list is read: the filter or the view is
// another one. Bars of the one before do not stay for long.
func (h *Histogram) otherQuestion() {
	h.serial++
	h.last = time.Time{}
	l := h.app.List
	h.asked = fmt.Sprint(h.app.session(), l.View, " ", h.query().Filter.String())
	serial := h.serial
	l.after(2*blink, func() {
		if serial == h.serial && h.asked != h.told {
			h.empty("Counting …")
		}
	})
	h.Reread()
}

// read counts off the screen's goroutine.
func (h *Histogram) read() {
	b := h.app.backend
	if b == nil || h.app.ctx.Err() != nil || h.reading || h.app.List.search != nil {
		return // a search may have begun since it was planned: at its end it asks again
	}
	h.reading, h.dirty = true, false
	serial, q, listed := h.serial, h.query(), h.listed()
	h.app.run(func(ctx context.Context) func() {
		start := time.Now()
		data, err := b.Store.HistogramOf(ctx, q, histogramBars, listed)
		took := time.Since(start)
		return func() {
			h.reading, h.took, h.last = false, took, h.app.config.Now()
			switch {
			case serial != h.serial:
				h.last = time.Time{} // of another question
				h.dirty = true
			case err == nil:
				h.told = h.asked
				h.put(data)
			case !errors.Is(err, context.Canceled):
				h.told = h.asked
				h.empty("")
				h.app.List.failed(err)
			}
			h.plan()
		}
	})
}

// query is that of the list without the span that was chosen here.
func (h *Histogram) query() store.Query {
	l := h.app.List
	filter := l.filter
	if low, high := spanTerms(filter); low >= 0 {
		if rest, err := capture.ParseFilter(withoutSpan(filter, low, high)); err == nil {
			filter = rest
		}
	}
	return l.queryOf(filter)
}

// listed is what the list has found of the question; nil where that is another one,
// or not all that is new.
func (h *Histogram) listed() *store.Listed {
	l := h.app.List
	if low, _ := spanTerms(l.filter); low >= 0 || !l.known || l.Paused || l.window.above {
		return nil
	}
	return &store.Listed{IDs: slices.Clone(l.window.ids), More: l.window.below}
}

func (h *Histogram) put(data store.Histogram) {
	h.data, h.most = data, 1
	for i := range data.Bars {
		h.most = max(h.most, data.Bars[i].Count)
	}
	h.Bars = make([]HistogramBar, len(data.Bars))
	for i, bar := range data.Bars {
		h.Bars[i] = HistogramBar{float32(bar.Count) / float32(h.most), float32(bar.Failed) / float32(h.most)}
	}
	h.At = min(h.At, len(h.Bars)-1)
	h.First, h.Span, h.Last = "", "", ""
	if len(data.Bars) > 0 {
		h.First, h.Last = h.moment(data.From, data.To.Sub(data.From)), h.moment(data.To, data.To.Sub(data.From))
		h.Span = spanLeft(data.To.Sub(data.From))
		if whole := data.To.Sub(data.From); whole < 2*time.Minute {
			h.Span = duration(whole)
		}
		if data.AtLeast {
			h.Span += " or more"
		}
	}
	h.Low, h.High = h.chosen()
	h.Changed.Emit()
}

// moment writes an edge of the histogram as short as it can be told apart.
func (h *Histogram) moment(t time.Time, whole time.Duration) string {
	style := h.app.style()
	t = t.In(style.zone)
	switch {
	case whole <= 2*time.Minute:
		return t.Format("15:04:05")
	case whole > 300*24*time.Hour:
		return t.Format("2 Jan 2006")
	case whole > 2*24*time.Hour:
		return t.Format("2 Jan")
	case day(t) != day(style.now.In(style.zone)):
		return t.Format("2 Jan 15:04")
	}
	return t.Format("15:04")
}
