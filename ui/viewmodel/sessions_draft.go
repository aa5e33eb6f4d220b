package viewmodel

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
)

// SessionDraft is what is typed of a session: its name, a note, and how much of it
// is kept.
type SessionDraft struct {
	SessionFields

	Problem string // what is wrong with it; "" for nothing
	Drops   string // what would be dropped; "" for nothing
	Looking bool   // that is being counted
	Saving  bool

	id    int64
	was   SessionFields
	keep  capture.Keep // what the fields say
	drops int64
	known bool // drops is of these fields
}

// SessionFields are the typed texts.
type SessionFields struct {
	Name, Note            string
	Exchanges, Bytes, Age string // of what is kept; "" for no limit of its own
}

// Dirty reports whether something is typed that is not kept.
func (d *SessionDraft) Dirty() bool { return d.SessionFields != d.was }

// fieldsOf are the texts of a session.
func fieldsOf(session *capture.Session) SessionFields {
	f := SessionFields{Name: session.Name, Note: session.Note}
	if session.Keep.Exchanges > 0 {
		f.Exchanges = strconv.Itoa(session.Keep.Exchanges)
	}
	if session.Keep.Bytes > 0 {
		f.Bytes = sizeText(session.Keep.Bytes)
	}
	if session.Keep.Age > 0 {
		f.Age = ageText(session.Keep.Age)
	}
	return f
}

const aDay = 24 * time.Hour

// ageText writes how long callbacks are kept: "30 days", "12 h".
func ageText(d time.Duration) string {
	if d%aDay == 0 {
		return counted(int(d/aDay), "day")
	}
	return strconv.FormatFloat(d.Hours(), 'f', -1, 64) + " h"
}

// parseAge reads how long callbacks are kept. A number alone is days.
func parseAge(text string) (time.Duration, string) {
	const problem = "Write days, such as 30, or hours, such as 12 h."
	text = strings.TrimSpace(strings.ToLower(text))
	if text == "" {
		return 0, ""
	}
	unit := aDay
	for _, u := range [...]struct {
		suffix string
		unit   time.Duration
	}{{"days", aDay}, {"day", aDay}, {"d", aDay}, {"hours", time.Hour}, {"hour", time.Hour}, {"h", time.Hour}, {"weeks", 7 * aDay}, {"week", 7 * aDay}, {"w", 7 * aDay}} {
		if rest, found := strings.CutSuffix(text, u.suffix); found {
			text, unit = strings.TrimSpace(rest), u.unit
			break
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 100*366 {
		return 0, problem
	}
	return time.Duration(n) * unit, ""
}

// parseKeep reads what is kept. problem says which field is wrong.
func (f *SessionFields) parseKeep() (keep capture.Keep, problem string) {
	if text := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "").Replace(f.Exchanges); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return keep, "How many callbacks are kept is a number from 1 on."
		}
		keep.Exchanges = n
	}
	n, problem := parseSize(f.Bytes)
	if problem != "" {
		return keep, problem
	}
	keep.Bytes = max(n, 0)
	keep.Age, problem = parseAge(f.Age)
	return keep, problem
}

// maxSessionName bounds the name of a session, in characters.
const maxSessionName = 200

// draft has what is typed follow the session, and leaves it alone where something
// is typed.
func (s *Sessions) draft(session *capture.Session) {
	d := s.Draft
	if d != nil && d.id == session.ID && (d.Dirty() || d.Saving) {
		return
	}
	f := fieldsOf(session)
	s.Draft = &SessionDraft{SessionFields: f, was: f, id: session.ID, keep: session.Keep, known: true}
}

// Change changes what is typed, and looks at what would be dropped.
func (s *Sessions) Change(change func(f *SessionFields)) {
	d := s.Draft
	if d == nil || d.Saving {
		return
	}
	before := d.SessionFields
	change(&d.SessionFields)
	if d.SessionFields == before {
		return
	}
	d.Problem = ""
	if name := strings.TrimSpace(d.Name); name == "" {
		d.Problem = "A session needs a name."
	} else if len([]rune(name)) > maxSessionName {
		d.Problem = "The name has more than " + strconv.Itoa(maxSessionName) + " characters: put the rest into the note."
	}
	keep, problem := d.parseKeep()
	if problem != "" {
		d.Problem = problem
	}
	if keep != d.keep || problem != "" {
		d.keep = keep
		s.wouldDrop(d, problem == "")
	}
	s.Changed.Emit()
}

// wouldDrop counts what the typed limits would drop, when the typing rests.
func (s *Sessions) wouldDrop(d *SessionDraft, fine bool) {
	s.drops++
	serial := s.drops
	d.Drops, d.drops, d.known, d.Looking = "", 0, false, false
	if !fine {
		return
	}
	if d.keep == (capture.Keep{}) {
		d.known = true
		return
	}
	d.Looking = true
	s.app.List.after(typingPause, func() {
		b := s.app.backend
		if serial != s.drops || b == nil || s.Draft != d {
			return
		}
		id, keep := d.id, d.keep
		s.app.run(func(ctx context.Context) func() {
			n, bytes, through, err := b.Store.WouldDrop(ctx, id, keep)
			return func() {
				if serial != s.drops || errors.Is(err, context.Canceled) {
					return
				}
				d.Looking = false
				if err != nil {
					d.Problem = "What would be dropped cannot be counted: " + sentence(err)
				} else {
					d.known, d.drops, d.Drops = true, n, dropWords(n, bytes, through, s.app.style())
				}
				s.Changed.Emit()
			}
		})
	})
}

// dropWords say what would be dropped.
func dropWords(n, bytes int64, through time.Time, s style) string {
	if n == 0 {
		return "Nothing that is here now would be dropped."
	}
	text := groupDigits(n) + " " + plural("callback", n) + " (about " + byteCount(bytes) + " on disk)"
	if !through.IsZero() {
		text += ", received until " + shortMoment(through, s) + ","
	}
	return text + " would be dropped at once, the unproven first. Pinned ones stay."
}

// CanSave reports whether what is typed can be kept.
func (s *Sessions) CanSave() bool {
	d := s.Draft
	return d != nil && d.Dirty() && d.Problem == "" && d.known && !d.Saving && s.Card != nil && !s.Card.Read && !s.Card.Deleted
}

// Save keeps what is typed. Where callbacks would be dropped, it asks first.
func (s *Sessions) Save() {
	d := s.Draft
	if !s.CanSave() {
		return
	}
	if d.drops > 0 && fieldsKeep(d.was) != fieldsKeep(d.SessionFields) {
		s.app.Confirm("Keep less of this session?", d.Drops+" This cannot be taken back.", "Keep less", true, func() { s.save(d) })
		return
	}
	s.save(d)
}

func fieldsKeep(f SessionFields) [3]string { return [3]string{f.Exchanges, f.Bytes, f.Age} }

func (s *Sessions) save(d *SessionDraft) {
	session := s.find(d.id)
	if session == nil {
		return
	}
	changed := *session
	changed.Name, changed.Note, changed.Keep = strings.TrimSpace(d.Name), d.Note, d.keep
	d.Saving = true
	s.Changed.Emit()
	s.act(func(ctx context.Context, b *Backend) error { return b.Store.PutSession(ctx, &changed) }, func(err error) {
		d.Saving = false
		if err != nil {
			d.Problem = "Not saved: " + sentence(err)
			if s.app.Dialog != DialogSessions {
				s.say(Bad, d.Problem, nil)
			}
			return
		}
		d.was = d.SessionFields
		s.say(Good, "Saved.", nil)
	})
}

// keepTyped keeps a name or a note that was typed when the reader goes on, or
// closes the dialog; limits are kept by the button alone.
func (s *Sessions) keepTyped() {
	d := s.Draft
	if d == nil || !s.CanSave() || fieldsKeep(d.was) != fieldsKeep(d.SessionFields) {
		return
	}
	s.save(d)
}
