package viewmodel

import (
	"slices"
	"strings"
	"time"

	"hookglass/capture"
)

// SessionRow is a session in the list of them, or the title over some.
type SessionRow struct {
	ID     int64  // 0 for a title
	Title  string // the name
	Note   string // "1 240 callbacks · 2 Mar 10:42 – 18:03"
	Mark   string // "capturing", "from a file"
	Active bool   // what is captured goes here
	Shown  bool   // the window shows it
	At     bool   // the dialog looks at it
	Dim    bool   // it is archived or deleted
}

// SessionEntry is a session in the menu of the button.
type SessionEntry struct {
	ID     int64
	Title  string
	Count  string
	Active bool
	Shown  bool
}

// rows lists the sessions: those in use, the archived, the deleted ones.
func (s *Sessions) rows() []SessionRow {
	var rows []SessionRow
	for _, part := range [...]struct {
		state capture.SessionState
		title string
	}{
		{capture.SessionStaged, "OPENED FROM A FILE"},
		{capture.SessionOpen, "SESSIONS"},
		{capture.SessionArchived, "ARCHIVED"},
		{capture.SessionDeleted, "DELETED, UNTIL THE NEXT START"},
	} {
		titled := false
		for _, session := range s.sorted() {
			if session.State != part.state {
				continue
			}
			if !titled {
				titled = true
				rows = append(rows, SessionRow{Title: part.title})
			}
			rows = append(rows, s.row(session))
		}
	}
	return rows
}

// sorted are the sessions: the active one first, then the youngest.
func (s *Sessions) sorted() []*capture.Session {
	list := make([]*capture.Session, len(s.list))
	for i := range s.list {
		list[i] = &s.list[i]
	}
	slices.SortStableFunc(list, func(a, b *capture.Session) int {
		switch {
		case a.Active != b.Active && a.Active:
			return -1
		case a.Active != b.Active:
			return 1
		}
		return int(min(max(b.ID-a.ID, -1), 1))
	})
	return list
}

func (s *Sessions) row(session *capture.Session) SessionRow {
	stats, counted := s.stats[session.ID]
	row := SessionRow{
		ID: session.ID, Title: sessionName(session), Active: session.Active, Shown: session.ID == s.Shown, At: session.ID == s.At,
		Dim: session.State == capture.SessionArchived || session.State == capture.SessionDeleted,
	}
	notes := []string{counting}
	if counted {
		notes[0] = groupDigits(stats.Exchanges) + " " + plural("callback", stats.Exchanges)
	}
	if span := timeSpan(stats.First, stats.Last, s.app.style()); span != "" {
		notes = append(notes, span)
	}
	row.Note = strings.Join(notes, " · ")
	switch {
	case session.Active:
		row.Mark = "capturing"
	case session.State == capture.SessionStaged:
		row.Mark = "not imported"
	case session.Origin != nil:
		row.Mark = "from a file"
	}
	return row
}

// timeSpan is from when to when: "2 Mar 10:42 – 18:03".
func timeSpan(first, last time.Time, s style) string {
	if first.IsZero() || last.IsZero() {
		return ""
	}
	first, last = first.In(s.zone), last.In(s.zone)
	from, to := shortMoment(first, s), shortMoment(last, s)
	if day(first) == day(last) {
		to = last.Format("15:04")
		if first.Format("15:04") == to {
			return from
		}
	}
	return from + " – " + to
}

// shortMoment is a time of a day: "10:42" of today, "2 Mar 10:42", "2 Mar 2025".
func shortMoment(t time.Time, s style) string {
	now := s.now.In(s.zone)
	t = t.In(s.zone)
	switch {
	case day(t) == day(now):
		return "today " + t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2 Jan 2006 15:04")
}

// maxMenu is how many sessions the menu of the button offers.
const maxMenu = 9

// Menu are the sessions that the button offers: those in use, the file that lies
// open, and the shown one in any case.
func (s *Sessions) Menu() []SessionEntry {
	var list []SessionEntry
	for _, session := range s.sorted() {
		shown := session.ID == s.Shown
		offered := session.State == capture.SessionOpen || session.ID == s.app.Opened.Session()
		if !shown && (!offered || len(list) >= maxMenu) {
			continue
		}
		e := SessionEntry{ID: session.ID, Title: shorten(sessionName(session), 40), Active: session.Active, Shown: shown}
		if n := s.stats[session.ID].Exchanges; n > 0 {
			e.Count = groupDigits(n)
		}
		list = append(list, e)
	}
	return list
}
