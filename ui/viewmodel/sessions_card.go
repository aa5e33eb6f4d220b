package viewmodel

import (
	"context"
	"slices"
	"time"

	"hookglass/capture"
)

// SessionCard is what the dialog tells of a session.
type SessionCard struct {
	ID      int64
	Title   string
	State   string // "Captured into", "Archived"; "" for an ordinary one
	Tone    Tone   // of State
	Facts   []DetailFact
	Public  []SessionLine // the public address while it was filled
	Gaps    []SessionLine // times in which that did not carry
	Hint    string        // in place of both, where there is nothing to tell
	Read    bool          // it can be looked at, and nothing else
	Deleted bool

	CanShow, CanCapture, CanShare, CanArchive, CanRestore, CanDelete bool

	WhyNot string // why it can be neither archived nor deleted; "" where it can
}

// counting stands where a number is not known yet.
const counting = "counting …"

// SessionLine is a line of the public address's history.
type SessionLine struct {
	When, Text string
	Tone       Tone
}

// maxCardLines bounds how much of the public address's history is told.
const maxCardLines = 12

// card writes what is known of the session that the dialog looks at.
func (s *Sessions) card() {
	session := s.find(s.At)
	if session == nil {
		s.Card, s.Draft = nil, nil
		return
	}
	open := session.State == capture.SessionOpen
	c := &SessionCard{
		ID: session.ID, Title: sessionName(session), Read: session.State == capture.SessionStaged,
		Deleted: session.State == capture.SessionDeleted,
		CanShow: session.ID != s.Shown && session.State != capture.SessionDeleted, CanCapture: s.canCapture(session),
		CanShare:   session.State != capture.SessionDeleted && s.app.Share.Ready(),
		CanArchive: open && !session.Active,
		CanRestore: session.State == capture.SessionArchived || session.State == capture.SessionDeleted,
		CanDelete:  !session.Active && (open || session.State == capture.SessionArchived),
	}
	switch {
	case session.Active:
		c.State, c.Tone = "Captured into", Good
		c.WhyNot = "What is captured goes here. Capture into another session first to archive or delete this one."
	case session.State == capture.SessionArchived:
		c.State, c.Tone = "Archived", Muted
	case session.State == capture.SessionDeleted:
		c.State, c.Tone = "Deleted", Bad
		c.WhyNot = "It can be restored until Hookglass is started the next time. Then it is gone."
	case session.State == capture.SessionStaged:
		c.State, c.Tone = "Not imported", Accent
		c.WhyNot = "It is of a file that is open: import it to keep it."
	}
	stats := s.stats[session.ID]
	c.Facts = s.facts(session, &stats)
	s.public(c, session, &stats)
	s.Card = c
	s.draft(session)
}

// canCapture reports whether captures can be sent to a session.
func (s *Sessions) canCapture(session *capture.Session) bool {
	return session != nil && !session.Active && session.State == capture.SessionOpen
}

func (s *Sessions) facts(session *capture.Session, stats *capture.SessionStats) []DetailFact {
	style := s.app.style()
	var facts []DetailFact
	add := func(label, value string, tone Tone) {
		if value != "" {
			facts = append(facts, DetailFact{Label: label, Value: value, Copy: value, Tone: tone})
		}
	}
	if _, counted := s.stats[session.ID]; counted {
		add("Callbacks", groupDigits(stats.Exchanges), Plain)
	} else {
		add("Callbacks", counting, Muted)
	}
	if stats.Failed > 0 {
		add("Proof failed", groupDigits(stats.Failed), Bad)
	}
	switch {
	case stats.Exchanges == 0:
	case stats.First.IsZero():
		add("Bodies", counting, Muted)
		add("Time", counting, Muted)
	default:
		add("Bodies", byteCount(stats.Bytes), Plain)
		add("Time", timeSpan(stats.First, stats.Last, style), Plain)
	}
	if !session.Created.IsZero() {
		add("Made", shortMoment(session.Created, style), Plain)
	}
	if o := session.Origin; o != nil {
		facts = append(facts, originFacts(o, style)...)
	}
	return facts
}

// originFacts tell of the file that a session came from. All of it is what the
// file says.
func originFacts(o *capture.SessionOrigin, s style) []DetailFact {
	var facts []DetailFact
	add := func(label, value, note string) {
		if value != "" {
			value = shorten(capture.Visible(value), maxFactText)
			facts = append(facts, DetailFact{Label: label, Value: value, Copy: value, Note: note})
		}
	}
	add("File", o.File, "")
	add("Format", formatWord(o.Format), "")
	if o.Sharer == "" {
		add("Shared by", "It does not say", "")
	} else {
		add("Shared by", o.Sharer, "What the file says: anyone can write any name into it.")
	}
	if !o.Shared.IsZero() {
		add("Shared", o.Shared.In(s.zone).Format("Monday 2 January 2006, 15:04"), "")
	}
	add("Written by", o.Tool, "")
	add("Taken out", orElse(o.Redaction, "Nothing, says the file"), "")
	add("Their note", o.Note, "")
	return facts
}

// maxFactText bounds what a stranger's file says in one fact.
const maxFactText = 600

// formatWord names the format of a file that was opened.
func formatWord(format string) string {
	switch format {
	case "bundle":
		return "Hookglass bundle"
	case "har":
		return "HAR"
	case "raw":
		return "Raw HTTP request"
	case "curl":
		return "curl command"
	}
	return format
}

// public tells of the public address while the session was filled.
func (s *Sessions) public(c *SessionCard, session *capture.Session, stats *capture.SessionStats) {
	_, counted := s.stats[session.ID]
	switch {
	case session.Origin != nil:
		c.Hint = "The public address is told for sessions that were captured here."
		return
	case !counted || stats.Exchanges > 0 && stats.First.IsZero():
		c.Hint = counting
		return
	case stats.Exchanges == 0:
		c.Hint = "Nothing was captured yet."
		return
	}
	now := s.app.config.Now()
	from, to := stats.First, stats.Last
	if session.Active {
		to = now
	}
	seen := map[string]bool{}
	for i := range s.events { // newest first
		e := &s.events[i]
		if e.URL == "" || e.At.After(to) || seen[e.URL] {
			continue
		}
		seen[e.URL] = e.State.Carries()
		if e.State.Carries() && len(c.Public) < maxCardLines {
			c.Public = append(c.Public, SessionLine{When: "online from " + s.app.minute(e.At, now), Text: capture.Visible(e.URL), Tone: Good})
		}
		if e.At.Before(from) {
			break // what was there before it began
		}
	}
	for _, o := range capture.Outages(s.events) {
		ended := !o.To.IsZero()
		if o.From.After(to) || ended && (o.To.Before(from) || o.To.Sub(o.From) < shortestGap) {
			continue
		}
		if len(c.Gaps) == maxCardLines {
			break
		}
		line := SessionLine{When: "since " + s.app.minute(o.From, now), Text: "it lasts", Tone: Bad}
		if ended {
			line = SessionLine{When: s.app.gapTimes(o, now), Text: gapSpan(o.To.Sub(o.From)), Tone: Warn}
		}
		if o.Reason != "" {
			line.Text += ": " + shorten(capture.Visible(o.Reason), maxRowText)
		}
		c.Gaps = append(c.Gaps, line)
	}
	switch {
	case len(c.Public) == 0 && len(c.Gaps) == 0:
		c.Hint = "No public address was open while it was filled."
	case len(c.Gaps) == 0:
		c.Hint = "It carried all the time."
	}
}

// sessionEvents is how many changes of the public address are read.
const sessionEvents = 2_000

// readEvents reads the public address's history.
func (s *Sessions) readEvents() {
	b := s.app.backend
	if b == nil || b.PublicEvents == nil {
		return
	}
	s.app.run(func(ctx context.Context) func() {
		events, err := b.PublicEvents(ctx, sessionEvents)
		return func() {
			if err != nil {
				return // the card says that there was none
			}
			s.events = slices.DeleteFunc(events, func(e capture.PublicEvent) bool { return e.At.Equal(time.Time{}) })
			s.show()
		}
	})
}
