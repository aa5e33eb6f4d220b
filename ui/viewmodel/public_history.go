package viewmodel

import (
	"context"
	"slices"
	"strconv"
	"time"

	"hookglass/capture"
)

// PublicHistory is how it stood with the public address, newest first.
type PublicHistory struct {
	Gaps  []PublicGap
	Lines []PublicLine

	public  *PublicAddress
	outages []capture.Outage
	asked   int // the last load counts
}

// PublicGap is a time in which callbacks did not get through.
type PublicGap struct {
	Text string // "offline 02:13 to 02:41, 28 min: provider retries may be waiting"
	Why  string
	Now  bool // it lasts
}

// PublicLine is a change of the state.
type PublicLine struct {
	When string // "10:42:18"
	Word string // "Online"
	Tone Tone
	Text string // the address, or why it is not online
}

// What is shown of the history.
const (
	historyEvents = 200 // are read, so that the gaps among them are whole
	historyLines  = 30
	historyGaps   = 5

	shortestGap = time.Second
)

// load reads the history. Where back, a gap may just have ended: it is told.
func (h *PublicHistory) load(back bool) {
	app := h.public.app
	b := app.backend
	if b == nil || b.PublicEvents == nil {
		return
	}
	h.asked++
	asked := h.asked
	app.run(func(ctx context.Context) func() {
		events, err := b.PublicEvents(ctx, historyEvents)
		return func() {
			if err != nil || asked != h.asked {
				return // the state itself is told all the same
			}
			h.show(events)
			if back {
				h.tellBack()
			}
			h.public.Changed.Emit()
			app.Status.update()
		}
	})
}

func (h *PublicHistory) show(events []capture.PublicEvent) {
	app := h.public.app
	now := app.config.Now()
	h.Gaps, h.Lines = nil, nil
	h.outages = slices.DeleteFunc(capture.Outages(events), func(o capture.Outage) bool {
		return !o.To.IsZero() && o.To.Sub(o.From) < shortestGap // nobody's retry waits for that
	})
	for _, o := range h.outages[:min(len(h.outages), historyGaps)] {
		h.Gaps = append(h.Gaps, PublicGap{Text: app.gapText(o, now), Why: capture.Visible(o.Reason), Now: o.To.IsZero()})
	}
	for i := range events[:min(len(events), historyLines)] {
		e := &events[i]
		word, tone := stateWord(e.State)
		line := PublicLine{When: app.clock(e.At), Word: word, Tone: tone, Text: capture.Visible(e.Reason)}
		if e.State == capture.PublicOnline || line.Text == "" {
			line.Text = hostOf(e.URL)
		}
		h.Lines = append(h.Lines, line)
	}
}

// stateWord is a state as the history names it.
func stateWord(state capture.PublicState) (string, Tone) {
	switch state {
	case capture.PublicConnecting:
		return "Connecting", Muted
	case capture.PublicOnline:
		return "Online", Good
	case capture.PublicUnreachable:
		return "Unreachable", Bad
	case capture.PublicReconnecting:
		return "Reconnecting", Warn
	case capture.PublicFailed:
		return "Failed", Bad
	case capture.PublicOff:
	}
	return "Off", Muted
}

// retriesWait is what a gap means for a person.
const retriesWait = "provider retries may be waiting"

// gapText writes a gap: "offline 02:13 to 02:41, 28 min: provider retries may be
// waiting".
func (a *App) gapText(o capture.Outage, now time.Time) string {
	if o.To.IsZero() {
		return "offline since " + a.minute(o.From, now) + ": callbacks do not get through"
	}
	return "offline " + a.gapTimes(o, now) + ", " + gapSpan(o.To.Sub(o.From)) + ": " + retriesWait
}

// gapTimes writes from when to when: to the second where it was shorter than a
// minute.
func (a *App) gapTimes(o capture.Outage, now time.Time) string {
	if o.To.Sub(o.From) < time.Minute {
		return a.clock(o.From) + " to " + o.To.In(a.zone()).Format("15:04:05")
	}
	to := o.To.In(a.zone()).Format("15:04")
	if day(o.To.In(a.zone())) != day(o.From.In(a.zone())) {
		to = a.minute(o.To, now)
	}
	return a.minute(o.From, now) + " to " + to
}

// minute writes a time to the minute, with its day where that is not today.
func (a *App) minute(t, now time.Time) string {
	t = t.In(a.zone())
	if day(t) == day(now.In(a.zone())) {
		return t.Format("15:04")
	}
	return t.Format("2 Jan 15:04")
}

// gapSpan writes how long a gap was: "40 s", "28 min", "3 h 5 min", "2 d 4 h".
func gapSpan(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch {
	case d < time.Minute:
		return strconv.Itoa(max(int(d/time.Second), 1)) + " s"
	case d < time.Hour:
		return strconv.Itoa(minutes) + " min"
	case d < 24*time.Hour:
		return withRest(minutes/60, "h", minutes%60, "min")
	}
	return withRest(minutes/1440, "d", minutes%1440/60, "h")
}

func withRest(n int, unit string, rest int, restUnit string) string {
	text := strconv.Itoa(n) + " " + unit
	if rest > 0 {
		text += " " + strconv.Itoa(rest) + " " + restUnit
	}
	return text
}

// worthTelling is how long a gap was that is told when it ends.
const worthTelling = 5 * time.Second

// tellBack says that callbacks get through again, and since when they did not.
func (h *PublicHistory) tellBack() {
	if len(h.outages) == 0 || h.outages[0].To.IsZero() || h.outages[0].To.Sub(h.outages[0].From) < worthTelling {
		return
	}
	app := h.public.app
	app.Notices.Say(Good, "Online again: "+app.gapText(h.outages[0], app.config.Now())+".", "", nil)
}

// recentGap is how long the status bar still speaks of a gap.
const recentGap = 12 * time.Hour

// last is the gap that the status bar tells: one that lasts, or that ended not
// long ago; "" for none.
func (h *PublicHistory) last() string {
	if len(h.outages) == 0 || h.public.now.State == capture.PublicOff {
		return ""
	}
	app, o := h.public.app, h.outages[0]
	now := app.config.Now()
	switch {
	case o.To.IsZero():
		return "offline since " + app.minute(o.From, now)
	case now.Sub(o.To) > recentGap:
		return ""
	}
	return "offline " + app.gapTimes(o, now) + ", " + gapSpan(o.To.Sub(o.From))
}
