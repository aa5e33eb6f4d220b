package viewmodel

import (
	"context"
	"errors"
	"slices"

	"hookglass/capture"
	"hookglass/store"
)

// Sessions are the named sets of callbacks. One of them is active: what is
// captured goes there. The window shows one of them, by default that one.
type Sessions struct {
	// Shown is the session that the window shows: 0, which stands for all, until
	// it is known.
	Shown int64

	Rows  []SessionRow
	At    int64         // the session that the dialog looks at
	Card  *SessionCard  // what is known of it; nil for nothing
	Draft *SessionDraft // what is typed of it; nil for nothing

	// Write counts up whenever the keyboard is to go to the name.
	Write int

	// Said is what was done last, while the dialog is open: a toast would lie
	// behind it.
	Said RuleSaid

	Changed Signal

	app     *App
	list    []capture.Session
	stats   map[int64]capture.SessionStats
	events  []capture.PublicEvent
	known   bool // the sessions were read at least once
	reading bool
	again   bool
	busy    bool     // an act is on its way
	waiting []func() // acts that come after it
	last    int64    // what was shown before a file was opened
	counts  int      // serial of the newest counting
	stop    func()   // ends that; nil before there is one
	drops   int      // serial of the newest look at what would be dropped
}

func newSessions(a *App) *Sessions {
	s := &Sessions{app: a, stats: map[int64]capture.SessionStats{}}
	a.Changed.Listen(func() {
		if a.Dialog != DialogSessions {
			s.keepTyped()
			s.Said = RuleSaid{}
		}
	})
	return s
}

func (s *Sessions) attached() { s.look(nil) }

// SessionsChanged tells that another process has changed sessions or imported a
// file. It may be called from any goroutine and does not block.
func (a *App) SessionsChanged() { a.config.Do(func() { a.Sessions.look(nil) }) }

// commands are those of sessions.
func (s *Sessions) commands() []Command {
	open := func() bool { return s.app.backend != nil && s.known }
	return []Command{
		{ID: "sessions.open", Title: "Sessions", Place: "Session", Icon: "layers", Keys: []Key{"s"}, Ready: open, Run: s.Open},
		{ID: "sessions.new", Title: "New session: what is captured goes there", Place: "Session", Icon: "plus", Ready: open, Run: s.New},
		{
			ID: "sessions.active", Title: "Show the session that is captured into", Place: "Session", Icon: "layers",
			Ready: func() bool { return open() && !s.Live() }, Run: s.ShowActive,
		},
		{
			ID: "sessions.capture", Title: "Capture into the session that is shown", Place: "Session", Icon: "circle",
			Ready: func() bool { return open() && s.canCapture(s.find(s.Shown)) }, Run: func() { s.Capture(s.Shown) },
		},
	}
}

// look reads the sessions. then, which may be nil, runs after they are read.
func (s *Sessions) look(then func()) {
	b := s.app.backend
	if b == nil || s.app.ctx.Err() != nil {
		return
	}
	if s.reading {
		s.again = true
		if then == nil {
			return
		}
	}
	s.reading = true
	s.app.run(func(ctx context.Context) func() {
		list, err := b.Store.Sessions(ctx)
		return func() {
			s.reading = false
			s.looked(list, err)
			if then != nil {
				then()
			}
			if s.again {
				s.again = false
				s.look(nil)
			}
		}
	})
}

// looked takes what was read.
func (s *Sessions) looked(list []capture.Session, err error) {
	first := !s.known
	switch {
	case errors.Is(err, context.Canceled):
		return
	case err != nil:
		s.app.List.failed(err)
	default:
		s.list, s.known = list, true
		if s.app.Dialog == DialogSessions {
			s.count()
		}
	}
	active := s.active()
	gone := s.find(s.Shown) == nil && active != nil
	if gone {
		s.Shown = active.ID
	}
	s.show()
	switch {
	case first:
		s.app.List.sessionRead()
	case gone:
		s.app.List.Select(0)
		s.app.List.sessionChanged()
	}
}

// count counts every session: first how many there are, which is known at once, then
// the rest, one session after another, as a large one takes a while.
func (s *Sessions) count() {
	b := s.app.backend
	if s.stop != nil {
		s.stop() // it would go on reading
	}
	s.counts++
	serial, list := s.counts, slices.Clone(s.list)
	ctx, stop := context.WithCancel(s.app.ctx)
	s.stop = stop
	s.app.run(func(context.Context) func() {
		defer stop()
		counted := make([]store.Counts, len(list))
		for i := range list {
			var err error
			if counted[i], err = b.Store.Counts(ctx, list[i].ID); err != nil {
				return nil // what was counted before stays
			}
		}
		s.app.config.Do(func() {
			if serial != s.counts {
				return
			}
			for i := range list {
				stats := s.stats[list[i].ID] // how large it is, and from when to when, stays until it is known
				stats.Exchanges, stats.Failed = counted[i].Total, counted[i].Failed
				if stats.Exchanges == 0 {
					stats = capture.SessionStats{}
				}
				s.stats[list[i].ID] = stats
			}
			s.show()
		})
		for i := range list {
			id := list[i].ID
			stats, err := b.Store.SessionStats(ctx, id)
			if err != nil {
				return nil
			}
			s.app.config.Do(func() {
				if serial == s.counts && s.stats[id] != stats {
					s.stats[id] = stats
					s.show()
				}
			})
		}
		return nil
	})
}

// show writes everything anew.
func (s *Sessions) show() {
	s.Rows = s.rows()
	if s.find(s.At) == nil {
		s.At = s.Shown
	}
	s.card()
	s.Changed.Emit()
}

// find returns a session, or nil.
func (s *Sessions) find(id int64) *capture.Session {
	for i := range s.list {
		if s.list[i].ID == id {
			return &s.list[i]
		}
	}
	return nil
}

// active is the session that is captured into; nil until it is known.
func (s *Sessions) active() *capture.Session {
	for i := range s.list {
		if s.list[i].Active {
			return &s.list[i]
		}
	}
	return nil
}

// Live reports whether what is captured comes into the session that is shown.
func (s *Sessions) Live() bool {
	active := s.active()
	return active == nil || s.Shown == 0 || s.Shown == active.ID
}

// onlySession reports whether no other session has callbacks, also none that was
// deleted and can come back.
func onlySession(ctx context.Context, b *Backend, id int64) (bool, error) {
	list, err := b.Store.Sessions(ctx)
	if err != nil {
		return false, err
	}
	for i := range list {
		if list[i].ID == id {
			continue
		}
		ids, err := b.Store.IDsOf(ctx, store.Query{Session: list[i].ID, Limit: 1})
		if err != nil || len(ids) > 0 {
			return false, err
		}
	}
	return true, nil
}

// Name is that of the session that is shown, "" until it is known.
func (s *Sessions) Name() string {
	if shown := s.find(s.Shown); shown != nil {
		return sessionName(shown)
	}
	return ""
}

// sessionName is a name as it can be shown: it may be a stranger's.
func sessionName(s *capture.Session) string {
	return orElse(shorten(capture.Visible(s.Name), maxRowText), "Without a name")
}

// Open opens the dialog at the session that is shown.
func (s *Sessions) Open() {
	if !s.known {
		return
	}
	s.At = s.Shown
	s.Draft = nil
	s.app.Open(DialogSessions)
	s.readEvents()
	s.look(nil) // and counts
	s.show()
}

// Choose has the dialog look at a session.
func (s *Sessions) Choose(id int64) {
	if s.find(id) == nil || id == s.At {
		return
	}
	s.keepTyped()
	s.At, s.Draft = id, nil
	s.show()
}

// Step has the dialog look at the next session, or with -1 at the one before.
func (s *Sessions) Step(by int) {
	at := slices.IndexFunc(s.Rows, func(r SessionRow) bool { return r.ID == s.At && r.ID != 0 })
	for at += by; at >= 0 && at < len(s.Rows); at += by {
		if s.Rows[at].ID != 0 {
			s.Choose(s.Rows[at].ID)
			return
		}
	}
}

// Index is the place of the row that the dialog looks at, or -1.
func (s *Sessions) Index() int {
	return slices.IndexFunc(s.Rows, func(r SessionRow) bool { return r.ID == s.At && r.ID != 0 })
}

// Show shows a session in the window.
func (s *Sessions) Show(id int64) {
	if s.find(id) == nil || id == s.Shown {
		return
	}
	if s.app.Opened.Session() != s.Shown {
		s.last = s.Shown
	}
	s.Shown = id
	s.show()
	l := s.app.List
	if l.Paused {
		l.Pause() // it was the other session that was held still
	}
	l.Select(0)
	l.sessionChanged()
}

// ShowActive shows the session that is captured into.
func (s *Sessions) ShowActive() {
	if active := s.active(); active != nil {
		s.Show(active.ID)
	}
}

// back shows the session that was shown before a file was opened.
func (s *Sessions) back() {
	if s.find(s.last) != nil {
		s.Show(s.last)
		return
	}
	s.ShowActive()
}
