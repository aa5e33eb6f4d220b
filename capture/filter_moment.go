package capture

import (
	"strings"
	"time"
)

// Moment is a time of the filter language: fixed, so long before the moment of
// asking, or a time of a day that is counted from the day of asking.
type Moment struct {
	At    time.Time     // fixed; the zero time for the others
	Ago   time.Duration // before the moment of asking
	Daily bool          // then: Days before the day of asking, at Clock
	Days  int
	Clock time.Duration // since midnight, in the zone of the moment of asking
}

// From returns the time that is meant when it is asked at now.
func (m Moment) From(now time.Time) time.Time {
	switch {
	case !m.At.IsZero():
		return m.At
	case m.Daily:
		year, month, day := now.Date()
		return time.Date(year, month, day-m.Days, 0, 0, 0, int(m.Clock), now.Location())
	}
	return now.Add(-m.Ago)
}

// momentLayouts are the ways to write a time; those without a zone are meant in
// this machine's.
var momentLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
}

// parseMoment reads a time, and reports whether it is one.
func parseMoment(text string) (Moment, bool) {
	switch strings.ToLower(text) {
	case "today":
		return Moment{Daily: true}, true
	case "yesterday":
		return Moment{Daily: true, Days: 1}, true
	}
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		ago, ok := parseSpan(rest)
		return Moment{Ago: ago}, ok
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			year, month, day := t.Date()
			return Moment{Daily: true, Clock: t.Sub(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))}, true
		}
	}
	for _, layout := range momentLayouts {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return Moment{At: t}, true
		}
	}
	return Moment{}, false
}

// longestSpan keeps spans, and times so far back, in what int64 can say.
const longestSpan = 100 * 365 * 24 * time.Hour

// parseSpan reads a span as Go writes it, and also days and weeks: "90s", "1h30m",
// "2d", "1w".
func parseSpan(text string) (time.Duration, bool) {
	for _, long := range [...]struct {
		unit string
		span time.Duration
	}{{"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour}} {
		if number, ok := strings.CutSuffix(text, long.unit); ok {
			n, ok := parseCount(number)
			if !ok || n > int64(longestSpan/long.span) {
				return 0, false
			}
			return time.Duration(n) * long.span, true
		}
	}
	span, err := time.ParseDuration(text)
	return span, err == nil && span >= 0 && span <= longestSpan
}
