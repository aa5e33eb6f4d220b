package viewmodel

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"hookglass/capture"
)

const (
	// heldShown is how many held callbacks lie over the list at a time.
	heldShown = 3

	// heldEvery is the shortest time between two looks at what is held: hundreds
	// may come at once.
	heldEvery = 100 * time.Millisecond

	// heldSoon is when a countdown turns to alarm.
	heldSoon = 10 * time.Second
)

// Held shows the callbacks whose senders wait for a person's answer, and gives it
// to the one that the detail shows.
type Held struct {
	Title string     // "3 senders wait for your answer"; "" where none does
	Lines []HeldLine // those whose time ends first
	More  string     // "and 9 more"; "" where all are shown

	Form HeldForm // of the callback that is shown

	// Changed tells that something of it has changed, once a second while anything
	// is held.
	Changed Signal

	app    *App
	list   []capture.Held // the one whose time ends first comes first
	drafts map[int64]HeldOwn
	stop   func() bool // the countdown's timer

	posted  atomic.Bool // a look is on its way to the screen's goroutine
	resting bool        // one was just now
	missed  bool        // meanwhile another was wanted

	away   bool           // another program's window has the keyboard
	known  map[int64]bool // that have been looked at
	untold int            // that came while the window was away, and were not told
	told   time.Time      // when the desktop was told last
}

// HeldLine is one held callback over the list.
type HeldLine struct {
	ID           int64
	Method, Path string // secrets masked
	Provider     string
	Hue          int
	Event        string
	Left         string  // "0:27"
	Share        float32 // of its time that is left: 1 to 0
	Tone         Tone    // of what is left
	Since        string  // "since 10:42:06"
}

func newHeld(a *App) *Held {
	h := &Held{app: a, known: map[int64]bool{}, stop: func() bool { return true }}
	h.Form = HeldForm{held: h, Picked: sentNothing}
	return h
}

func (h *Held) attached() { h.look() }

// HeldChanged tells that other callbacks are held. It may be called from any
// goroutine and does not block.
func (a *App) HeldChanged() {
	if !a.Held.posted.Swap(true) {
		a.config.Do(a.Held.changed)
	}
}

// changed looks at what is held, not more often than heldEvery.
func (h *Held) changed() {
	h.posted.Store(false)
	if h.app.backend == nil {
		return // attached looks
	}
	if h.resting {
		h.missed = true
		return
	}
	h.look()
	h.resting = true
	h.app.Detail.after(heldEvery, func() {
		h.resting = false
		if h.missed {
			h.missed = false
			h.changed()
		}
	})
}

// look takes over what is held now.
func (h *Held) look() {
	defer func(before string) {
		if h.covered() != before {
			h.app.Status.update()
		}
	}(h.covered())
	b := h.app.backend
	if b == nil || b.Held == nil || h.app.ctx.Err() != nil {
		return
	}
	h.list = slices.Clone(b.Held())
	slices.SortStableFunc(h.list, func(a, b capture.Held) int {
		if c := a.Until.Compare(b.Until); c != 0 {
			return c
		}
		return int(a.Exchange - b.Exchange)
	})
	h.count()
	for id := range h.drafts {
		if h.find(id) == nil {
			delete(h.drafts, id)
		}
	}
	h.Form.follow()
	h.tick()
}

// tick writes the countdowns anew, and does so again in a second while anything
// is held.
func (h *Held) tick() {
	h.stop()
	h.stop = func() bool { return true }
	if h.app.ctx.Err() != nil {
		return
	}
	h.write()
	h.tell()
	if len(h.list) > 0 {
		left := h.list[0].Until.Sub(h.app.config.Now())
		h.stop = h.app.Detail.after(untilNextSecond(left), h.tick)
	}
	h.Changed.Emit()
}

// untilNextSecond is when a countdown shows another second.
func untilNextSecond(left time.Duration) time.Duration {
	if left <= 0 {
		return time.Second
	}
	return left - (left-1)/time.Second*time.Second
}

// write formats what is shown.
func (h *Held) write() {
	now := h.app.config.Now()
	h.Title, h.More, h.Lines = "", "", h.Lines[:0]
	h.Form.count(now)
	if len(h.list) == 0 {
		return
	}
	h.Title = waiting(len(h.list))
	if n := len(h.list) - heldShown; n > 0 {
		h.More = "and " + groupDigits(int64(n)) + " more"
	}
	for i := range h.list[:min(len(h.list), heldShown)] {
		h.Lines = append(h.Lines, h.line(&h.list[i], now))
	}
}

// waiting says how many senders wait.
func waiting(n int) string {
	if n == 1 {
		return "1 sender waits for your answer"
	}
	return groupDigits(int64(n)) + " senders wait for your answer"
}

func (h *Held) line(x *capture.Held, now time.Time) HeldLine {
	path := x.Path
	if b := h.app.backend; b.Mask != nil {
		path = b.Mask(path)
	} else {
		path = capture.MaskTarget(path)
	}
	path, _ = capture.SplitTarget(path)
	left, share, tone := countdown(x, now)
	return HeldLine{
		ID: x.Exchange, Method: orElse(rowText(x.Method), "?"), Path: rowText(path),
		Provider: h.sender(x), Hue: senderHue(x.Provider), Event: rowText(x.Event),
		Left: left, Share: share, Tone: tone, Since: "since " + x.Since.In(h.app.style().zone).Format("15:04:05"),
	}
}

// fallback says what it gets where nobody answers: "200", "the preset 503".
func fallback(x *capture.Held) string {
	return capture.Visible(strings.TrimPrefix(x.Fallback, "with "))
}

// sender names who waits.
func (h *Held) sender(x *capture.Held) string {
	if p := h.app.backend.Set.Find(x.Provider); p != nil {
		return p.Name
	}
	return "Unknown sender"
}

// countdown says how long a person has still: "0:27", rounded up.
func countdown(x *capture.Held, now time.Time) (text string, share float32, tone Tone) {
	left, whole := max(x.Until.Sub(now), 0), x.Until.Sub(x.Since)
	seconds := int((left + time.Second - 1) / time.Second)
	if whole > 0 {
		share = min(float32(left.Seconds()/whole.Seconds()), 1)
	}
	tone = Warn
	if left <= heldSoon {
		tone = Bad
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60), share, tone
}

// waited says how long a sender has waited so far: "12 s", "3 min 20 s".
func waited(x *capture.Held, now time.Time) string { return seconds(now.Sub(x.Since)) }

// seconds writes a time in whole seconds.
func seconds(d time.Duration) string {
	s := max(int(d/time.Second), 0)
	if s < 60 {
		return fmt.Sprintf("%d s", s)
	}
	return fmt.Sprintf("%d min %d s", s/60, s%60)
}

// find returns the held callback with an ID, or nil.
func (h *Held) find(id int64) *capture.Held {
	for i := range h.list {
		if h.list[i].Exchange == id {
			return &h.list[i]
		}
	}
	return nil
}

// Waits reports whether the sender of a callback waits.
func (h *Held) Waits(id int64) bool { return h.find(id) != nil }

// covered says how many senders wait while a callback covers the list, which else
// says it: "2 senders wait".
func (h *Held) covered() string {
	switch n := len(h.list); {
	case n == 0 || !h.app.Narrow || !h.app.Covered:
		return ""
	case n == 1:
		return "1 sender waits"
	default:
		return groupDigits(int64(n)) + " senders wait"
	}
}

// Any reports whether a sender waits.
func (h *Held) Any() bool { return len(h.list) > 0 }

// Go opens the Answer tab of a held callback: of the one that is shown where that
// is held and another tab is open, else of the next one.
func (h *Held) Go() {
	if len(h.list) == 0 {
		return
	}
	at := slices.IndexFunc(h.list, func(x capture.Held) bool { return x.Exchange == h.app.Detail.ID })
	if at < 0 || h.app.Detail.Tab == TabAnswer && (!h.app.Narrow || h.app.Covered) {
		at = (at + 1) % len(h.list)
	}
	h.Open(h.list[at].Exchange)
}

// Open shows a callback's Answer tab, with the keyboard on the answers.
func (h *Held) Open(id int64) {
	h.app.Detail.Go(id)
	h.app.Detail.Select(TabAnswer)
	h.app.Enter()
	h.write()
	h.Changed.Emit()
}

// All shows the held callbacks in the list.
func (h *Held) All() { h.app.Sidebar.Select(ViewHeld) }
