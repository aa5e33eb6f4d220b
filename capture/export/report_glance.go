package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"hookglass/capture"
)

// glance counts the callbacks of a report in bounded memory.
type glance struct {
	all, unlisted int64
	senders       map[string]int64
	verdicts      map[capture.Status]int64
	answers       map[string]int64

	width time.Duration // of a bar
	bars  map[int64]bar // by Received/width
}

type bar struct{ all, failed int64 }

// maxBars is how many bars the timeline has at most, and maxSenders how many
// senders are told apart.
const (
	maxBars    = 96
	maxSenders = 1_000
)

// barWidths are those that people read.
var barWidths = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

func newGlance() *glance {
	return &glance{
		senders: map[string]int64{}, verdicts: map[capture.Status]int64{}, answers: map[string]int64{},
		width: barWidths[0], bars: map[int64]bar{},
	}
}

func (g *glance) add(x *capture.Exchange) {
	g.all++
	sender := x.Annotation.Provider
	if _, known := g.senders[sender]; !known && len(g.senders) >= maxSenders {
		sender = "others"
	}
	g.senders[sender]++
	g.verdicts[x.Annotation.Verification.Status]++
	g.answers[answerClass(x)]++
	at := x.Request.Received.UnixNano()
	g.count(at/int64(g.width), bar{1, failures(x)})
	for len(g.bars) > 1 && g.span() > maxBars {
		g.widen()
	}
}

func (g *glance) count(at int64, more bar) {
	b := g.bars[at]
	g.bars[at] = bar{b.all + more.all, b.failed + more.failed}
}

// span is how many bars lie between the first and the last one, both counted.
func (g *glance) span() int64 {
	low, high := g.ends()
	return high - low + 1
}

func (g *glance) ends() (low, high int64) {
	keys := slices.Collect(maps.Keys(g.bars))
	return slices.Min(keys), slices.Max(keys)
}

// widen makes the bars wider.
func (g *glance) widen() {
	wider := g.width * 2 // beyond the table
	for _, w := range barWidths {
		if w > g.width {
			wider = w
			break
		}
	}
	// Where widths do not divide, counts move by where the narrow bar begins.
	old := g.bars
	g.bars = make(map[int64]bar, len(old))
	for at, b := range old {
		g.count(at*int64(g.width)/int64(wider), b)
	}
	g.width = wider
}

func failures(x *capture.Exchange) int64 {
	if failed(x) {
		return 1
	}
	return 0
}

// failed reports whether something was wrong with a callback: its proof, or what
// it was answered.
func failed(x *capture.Exchange) bool {
	proof, state := x.Annotation.Verification.Status, x.State
	if proof == capture.Invalid || proof == capture.Malformed ||
		state == capture.StateFailed || state == capture.StateDropped || state == capture.StateRefused || state == capture.StateGone {
		return true
	}
	return x.Response != nil && x.Response.Status >= 400
}

func answerClass(x *capture.Exchange) string {
	if x.Response == nil || x.Response.Status == 0 {
		return "none"
	}
	return strconv.Itoa(x.Response.Status/100) + "xx"
}

// tile is a small table of counts.
type tile struct {
	Title string
	Lines []tileLine
}

type tileLine struct {
	Name, Key, Count, Tone string
	Provider               bool
}

// maxTileLines is how many lines a tile has; the rest is summed up.
const maxTileLines = 8

func (g *glance) tiles() []tile {
	if g.all == 0 {
		return nil
	}
	senders := newTile("Senders", g.senders)
	for i := range senders.Lines {
		l := &senders.Lines[i]
		l.Provider, l.Name, l.Key = true, field(orElse(l.Key, "unknown")), field(l.Key)
	}
	verdicts := newTile("Proof", g.verdicts)
	for i := range verdicts.Lines {
		l := &verdicts.Lines[i]
		status := capture.Status(l.Key)
		l.Name, l.Tone = field(verdictWords(status)), verdictTone(status)
	}
	answers := newTile("Answers", g.answers)
	for i := range answers.Lines {
		l := &answers.Lines[i]
		l.Tone = answerTone(l.Key)
	}
	return []tile{senders, verdicts, answers}
}

func newTile[K ~string](title string, counts map[K]int64) tile {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b K) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	t := tile{Title: title}
	rest := int64(0)
	for i, key := range keys {
		if i >= maxTileLines {
			rest += counts[key]
			continue
		}
		t.Lines = append(t.Lines, tileLine{Name: field(string(key)), Key: string(key), Count: digits(counts[key])})
	}
	if rest > 0 {
		t.Lines = append(t.Lines, tileLine{Name: "others", Key: "others", Count: digits(rest)})
	}
	return t
}

// timeline is a histogram in units of its own: each bar has ten across, and the
// tallest a hundred down.
type timeline struct {
	Width          int64
	From, To, Says string
	Bars           []timeBar
}

type timeBar struct {
	X, Width                       int64
	Top, Height, FailedTop, Failed string
	Says                           string
}

func (g *glance) timeline(zone *time.Location) *timeline {
	if g.all == 0 {
		return nil
	}
	low, high := g.ends()
	for high-low+1 < 24 { // a single bar over the whole width tells nothing
		high++
		if high-low+1 < 24 {
			low--
		}
	}
	moment := func(at int64) time.Time { return time.Unix(0, at*int64(g.width)).In(zone) }
	layout := "15:04:05"
	if moment(low).Format(time.DateOnly) != moment(high).Format(time.DateOnly) {
		layout = "2 Jan 15:04"
	}
	t := &timeline{Width: (high - low + 1) * 10, From: moment(low).Format(layout), To: moment(high + 1).Format(layout)}
	tallest, failed := int64(1), int64(0)
	for _, b := range g.bars {
		tallest = max(tallest, b.all)
		failed += b.failed
	}
	t.Says = digits(g.all) + " callbacks"
	if g.all == 1 {
		t.Says = "1 callback"
	}
	if failed > 0 {
		t.Says += ", " + digits(failed) + " failed"
	}
	t.Says += ", a bar is " + widthWords(g.width)
	units := func(n int64) float64 { return 96 * float64(n) / float64(tallest) }
	for _, at := range slices.Sorted(maps.Keys(g.bars)) {
		b := g.bars[at]
		height := max(units(b.all), 3)
		tb := timeBar{
			X: (at-low)*10 + 1, Width: 8, Top: decimal(100 - height), Height: decimal(height),
			Says: fmt.Sprintf("%s: %d, %d failed", moment(at).Format(layout), b.all, b.failed),
		}
		if b.failed > 0 {
			bad := min(max(units(b.failed), 4), height)
			tb.FailedTop, tb.Failed = decimal(100-bad), decimal(bad)
		}
		t.Bars = append(t.Bars, tb)
	}
	return t
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

func widthWords(d time.Duration) string {
	switch {
	case d%(24*time.Hour) == 0:
		return plural(int64(d/(24*time.Hour)), "day")
	case d%time.Hour == 0:
		return plural(int64(d/time.Hour), "hour")
	case d%time.Minute == 0:
		return plural(int64(d/time.Minute), "minute")
	}
	return plural(int64(d/time.Second), "second")
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return digits(n) + " " + what + "s"
}
