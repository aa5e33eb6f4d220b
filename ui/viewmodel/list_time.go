package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// errTime says which times are understood.
var errTime = errors.New(`write a time like 10:42, "yesterday 9:00", "2026-03-04 10:42" or -2h`)

// clockForms and dayForms are how a time and a date can be written.
var (
	clockForms = [...]string{"15:04:05", "15:04", "15"}
	dayForms   = [...]string{"2006-01-02", "2.1.2006", "2 January 2006", "2 Jan 2006"}
)

// parseTime reads a point in the past as a person writes it: "10:42", "2026-03-04
// 10:42", "yesterday 9:00", "-2h". A time of day without a date that is still to
// come is that of yesterday; a date without a time is its end.
func parseTime(text string, now time.Time) (time.Time, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	switch {
	case text == "":
		return time.Time{}, errTime
	case text == "now":
		return now, nil
	case text[0] == '-':
		return parseAgo(text[1:], now)
	}
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(text)); err == nil {
		return t, nil
	}
	date, clock, dated := splitDate(text, now)
	if clock == "" && dated {
		return date.AddDate(0, 0, 1).Add(-time.Nanosecond), nil
	}
	for _, form := range clockForms {
		t, err := time.Parse(form, clock)
		if err != nil || form == "15" && !dated {
			continue
		}
		at := time.Date(date.Year(), date.Month(), date.Day(), t.Hour(), t.Minute(), t.Second(), 0, now.Location())
		if form == "15:04" {
			at = at.Add(time.Minute - time.Nanosecond) // the whole minute
		}
		if !dated && at.Add(-time.Minute).After(now) {
			at = at.AddDate(0, 0, -1)
		}
		return at, nil
	}
	return time.Time{}, errTime
}

// splitDate takes the date off the front of a text; today where there is none.
func splitDate(text string, now time.Time) (date time.Time, rest string, dated bool) {
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	first, rest, _ := strings.Cut(text, " ")
	switch first {
	case "today":
		return today, rest, true
	case "yesterday":
		return today.AddDate(0, 0, -1), rest, true
	}
	for end := len(text); end > 0; end = strings.LastIndexByte(text[:end], ' ') {
		for _, form := range dayForms {
			if t, err := time.ParseInLocation(form, text[:end], now.Location()); err == nil {
				return t, strings.TrimSpace(text[end:]), true
			}
		}
	}
	return today, text, false
}

// parseAgo reads how long ago something was: "2h", "90m", "3d", "1h30m".
func parseAgo(text string, now time.Time) (time.Time, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 100_000 {
			return time.Time{}, errTime
		}
		return now.AddDate(0, 0, -n), nil
	}
	ago, err := time.ParseDuration(strings.ReplaceAll(strings.TrimSuffix(text, "in"), " ", ""))
	if err != nil || ago < 0 {
		return time.Time{}, errTime
	}
	return now.Add(-ago), nil
}

// TimeHint says what GoTo would make of a text, or which texts it takes.
func (l *List) TimeHint(text string) (hint string, ok bool) {
	style := l.app.style()
	t, err := parseTime(text, style.now.In(style.zone))
	if err != nil {
		return sentence(err), false
	}
	return t.Format("Monday 2 January 2006, 15:04:05 MST"), true
}

// GoTo shows the newest callback of a time or before it; the error says which
// texts are understood.
func (l *List) GoTo(text string) error {
	style := l.app.style()
	t, err := parseTime(text, style.now.In(style.zone))
	if err != nil {
		return err
	}
	b := l.app.backend
	if b == nil {
		return errors.New("hookglass is still starting")
	}
	q := l.query()
	l.app.run(func(ctx context.Context) func() {
		id, err := b.Store.IDAt(ctx, q, t)
		return func() {
			switch {
			case errors.Is(err, context.Canceled):
			case err != nil:
				l.app.Notices.Say(Bad, "The time was not found: "+sentence(err), "", nil)
			case id == 0:
				l.app.Notices.Say(Warn, "No callback of this list is as old as "+t.Format("2 January 2006, 15:04:05")+".", "", nil)
			default:
				l.goToID(id)
			}
		}
	})
	return nil
}

// goToID selects a callback; the window moves to where it is.
func (l *List) goToID(id int64) {
	if row, found := l.rowOf(id); found {
		l.goTo(row, false)
		return
	}
	show := func() bool {
		row, found := l.rowOf(id)
		if found {
			l.setTop(max(row-l.offset(), 0))
			l.goTo(row, false)
		}
		return found
	}
	older := func() { l.load(span{before: id + 1}, func() { show() }) }
	l.hold()
	if id <= l.window.newest() {
		older()
		return
	}
	l.load(span{}, func() {
		if !show() {
			older() // newer than what was shown, but not among the newest
		}
	})
}

// selectedText says in a few words what a command works on.
func selectedText(n int) string {
	if n == 1 {
		return "the callback"
	}
	return fmt.Sprintf("%s callbacks", groupDigits(int64(n)))
}
