package viewmodel

import (
	"context"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// Share is the dialog that writes callbacks to a file for somebody else: what
// goes, in which format, and what is taken out of it before. Nothing is written
// before all that changes was shown.
type Share struct {
	ShareFields

	Problem string // what is wrong with what is typed; "" for nothing
	Busy    string // what is under way: "Looking for what is taken out …"; "" for nothing
	Done    int64  // of what is under way; Total is 0 where it is not known
	Total   int64
	Writing bool // what is under way is the file
	Stopped bool // the looking was stopped: nothing is known of what would leave

	Kind     string // only changes of this kind are listed; "" lists all
	Secrets  bool   // secrets are shown in full
	Warnings []string

	Changed Signal

	app     *App
	after   func(time.Duration, func())
	ids     []int64 // those that were selected when the dialog was opened
	preview *sharePreview
	serial  int
	typed   int
	cancel  context.CancelFunc
}

// ShareFields are what a person chooses and types.
type ShareFields struct {
	Scope   string // one of the Scope constants
	Format  string // name of a format
	Profile string // one of ShareProfiles
	Persons bool   // of the profile of one's own: personal data too
	Paths   string // further places, a line each
	Headers string // further header fields, a line each
	Regexes string // patterns, a line each
	Sharer  string
	Note    string
	Rules   bool
	Keyed   bool
}

// What goes along.
const (
	ScopeSelected = "selected" // the callbacks that were selected
	ScopeListed   = "listed"   // what the view and the filter show
	ScopeSession  = "session"  // all of the session that is shown
)

// profileCustom is the profile with places of one's own.
const profileCustom = "custom"

// ShareProfiles are what is taken out.
var ShareProfiles = []RuleChoice{
	{ID: "secrets", Title: "Secrets"},
	{ID: "personal", Title: "Secrets and personal data"},
	{ID: profileCustom, Title: "Also what I name"},
	{ID: "none", Title: "Nothing"},
}

func newShare(a *App) *Share {
	s := &Share{app: a}
	s.Format, s.Profile, s.Persons, s.Scope = "bundle", "secrets", true, ScopeSession
	s.Sharer = a.Preferences.Sharer
	s.after = func(t time.Duration, f func()) { time.AfterFunc(t, func() { a.config.Do(f) }) }
	a.Changed.Listen(func() {
		if a.Dialog != DialogShare && s.preview != nil && !s.Writing {
			s.stop()
			s.preview = nil // it holds what must not leave
		}
	})
	return s
}

// commands are those that share.
func (s *Share) commands() []Command {
	return []Command{
		{ID: "share.open", Title: "Share callbacks as a file …", Place: "Session", Icon: "share-2", Keys: []Key{"Mod+E"}, Ready: s.Ready, Run: s.Open},
		{
			ID: "share.selected", Title: "Share what is selected …", Place: "Callback", Icon: "share-2",
			Ready: func() bool { return s.Ready() && len(s.app.List.Chosen()) > 0 },
			Run:   func() { s.OpenWith(s.app.List.Chosen()) },
		},
	}
}

// Ready reports whether there is an engine that writes files.
func (s *Share) Ready() bool {
	return s.app.backend != nil && s.app.backend.PreviewShare != nil && s.app.backend.WriteShare != nil
}

// Open opens the dialog: for what is selected where that is several, else for
// what the list shows.
func (s *Share) Open() {
	chosen := s.app.List.Chosen()
	if len(chosen) < 2 {
		chosen = nil
	}
	s.OpenWith(chosen)
}

// OpenSession opens the dialog for all of the session that is shown.
func (s *Share) OpenSession() {
	s.OpenWith(nil)
	s.Change(func(f *ShareFields) { f.Scope = ScopeSession })
}

// OpenWith opens the dialog for some callbacks; none: for what the list shows.
func (s *Share) OpenWith(ids []int64) {
	if !s.Ready() {
		return
	}
	if s.Writing { // it goes on, and its progress is shown
		s.app.Open(DialogShare)
		s.Changed.Emit()
		return
	}
	s.ids = slices.Clone(ids)
	switch {
	case len(ids) > 0:
		s.Scope = ScopeSelected
	case s.narrowed():
		s.Scope = ScopeListed
	default:
		s.Scope = ScopeSession
	}
	s.Kind, s.Secrets, s.Warnings = "", false, nil
	if s.Profile == "none" {
		s.Profile = "secrets" // it is chosen anew each time
	}
	s.app.Open(DialogShare)
	s.look()
}

// narrowed reports whether the list shows less than the session.
func (s *Share) narrowed() bool {
	return s.app.List.View != ViewAll || s.app.List.applied != ""
}

// Scopes are what can go along now.
func (s *Share) Scopes() []RuleChoice {
	var all []RuleChoice
	if n := len(s.ids); n > 0 {
		title := counted(n, "callback")
		if n > 1 {
			title = groupDigits(int64(n)) + " selected"
		}
		all = append(all, RuleChoice{ID: ScopeSelected, Title: title})
	}
	if s.narrowed() {
		all = append(all, RuleChoice{ID: ScopeListed, Title: "What is listed"})
	}
	return append(all, RuleChoice{ID: ScopeSession, Title: "The whole session"})
}

// Change changes what is chosen or typed; the preview is made anew where
// something else would leave.
func (s *Share) Change(change func(f *ShareFields)) {
	before := s.ShareFields
	change(&s.ShareFields)
	now := s.ShareFields
	if now == before || s.Writing {
		s.ShareFields = before
		return
	}
	if now.Sharer != before.Sharer {
		s.app.Preferences.Sharer = now.Sharer
	}
	if now.Profile != before.Profile || now.Scope != before.Scope {
		s.Kind = ""
	}
	words := before
	words.Paths, words.Headers, words.Regexes, words.Note, words.Sharer = now.Paths, now.Headers, now.Regexes, now.Note, now.Sharer
	if words == now { // only texts: until the typing rests, nothing is looked at
		s.stop()
		s.preview = nil
		s.typed++
		typed := s.typed
		s.after(typingPause, func() {
			if typed == s.typed && s.app.Dialog == DialogShare {
				s.look()
			}
		})
		s.judge()
		s.Changed.Emit()
		return
	}
	s.look()
}

// Redaction is the profile as the engine reads it.
func (f *ShareFields) Redaction() string {
	if f.Profile != profileCustom {
		return f.Profile
	}
	parts := []string{"secrets"}
	if f.Persons {
		parts[0] = "personal"
	}
	add := func(prefix, lines string) {
		for line := range strings.Lines(lines) {
			if line = strings.TrimSpace(line); line != "" {
				parts = append(parts, prefix+line)
			}
		}
	}
	add("path:", f.Paths)
	add("header:", f.Headers)
	add("regex:", f.Regexes)
	return strings.Join(parts, ",")
}

// judge says what is wrong with what is typed.
func (s *Share) judge() bool {
	s.Problem = ""
	if _, err := redact.ParseProfile(s.Redaction()); err != nil {
		s.Problem = sentence(err)
	}
	return s.Problem == ""
}

// sharing says what is to leave; ids of what is listed are looked for where the
// filter alone does not name them. It blocks.
func (s *Share) sharing() func(ctx context.Context) (capture.Sharing, error) {
	b, f, ids, l := s.app.backend, s.ShareFields, s.ids, s.app.List
	share := capture.Sharing{
		Session: s.app.Sessions.Shown, Format: f.Format, Redact: f.Redaction(),
		Sharer: strings.TrimSpace(f.Sharer), Note: strings.TrimSpace(f.Note), Rules: f.Rules, Keyed: f.Keyed,
	}
	q, view, filter := l.query(), l.View, l.applied
	return func(ctx context.Context) (capture.Sharing, error) {
		var err error
		switch {
		case f.Scope == ScopeSelected:
			share.IDs = ids
		case f.Scope == ScopeListed && view == ViewAll:
			share.Filter = filter
		case f.Scope == ScopeListed:
			share.IDs, err = b.Store.IDsOf(ctx, q)
			if err == nil && len(share.IDs) == 0 {
				err = errNothing
			}
		}
		return share, err
	}
}

// stop ends what is under way.
func (s *Share) stop() {
	s.serial++
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	s.Busy, s.Done, s.Total, s.Writing = "", 0, 0, false
}

// Stop ends the looking or the writing; of a file that was being written nothing
// stays.
func (s *Share) Stop() {
	writing := s.Writing
	s.stop()
	if writing {
		s.app.Notices.Say(Plain, "Nothing was written.", "", nil)
	} else {
		s.Stopped, s.preview = true, nil // half of it would look like all
	}
	s.Changed.Emit()
}

// Again looks anew at what would leave, after that was stopped.
func (s *Share) Again() { s.look() }

// ShowSecrets shows the secrets among the changes, or hides them.
func (s *Share) ShowSecrets(on bool) {
	s.Secrets = on
	s.Changed.Emit()
}
