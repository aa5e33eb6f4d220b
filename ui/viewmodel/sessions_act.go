package viewmodel

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"hookglass/capture"
)

// act changes sessions and reads them anew. done is told what came of it.
func (s *Sessions) act(change func(ctx context.Context, b *Backend) error, done func(err error)) {
	b := s.app.backend
	if b == nil {
		return
	}
	if s.busy { // one after another
		s.waiting = append(s.waiting, func() { s.act(change, done) })
		return
	}
	s.busy = true
	s.app.run(func(ctx context.Context) func() {
		err := change(ctx, b)
		return func() {
			s.busy = false
			switch {
			case err == nil:
				s.look(func() { done(nil); s.show() })
			case !errors.Is(err, context.Canceled):
				done(err)
				s.show()
			}
			if len(s.waiting) > 0 {
				next := s.waiting[0]
				s.waiting = s.waiting[1:]
				next()
			}
		}
	})
}

// say tells what was done, with a way back where there is one: in the dialog where
// it is open, else as a toast.
func (s *Sessions) say(tone Tone, text string, undo func()) {
	if s.app.Dialog == DialogSessions {
		s.Said = RuleSaid{Tone: tone, Text: text, Undo: undo}
		s.Changed.Emit()
		return
	}
	action := ""
	if undo != nil {
		action = "Undo"
	}
	s.app.Notices.Say(tone, text, action, undo)
}

// failed tells that something could not be done.
func (s *Sessions) failed(what string, err error) { s.say(Bad, what+": "+sentence(err), nil) }

// New makes a session, shows it, and has what is captured go there.
func (s *Sessions) New() {
	if !s.known {
		return
	}
	before := s.active()
	session := &capture.Session{Name: s.freeName(s.app.config.Now().In(s.app.zone()).Format("2 January")), State: capture.SessionOpen, Created: s.app.config.Now()}
	s.act(func(ctx context.Context, b *Backend) error {
		if err := b.Store.PutSession(ctx, session); err != nil {
			return err
		}
		return b.Store.ActivateSession(ctx, session.ID)
	}, func(err error) {
		if err != nil {
			s.failed("The session was not made", err)
			return
		}
		var undo func()
		if before != nil {
			undo = func() { s.Capture(before.ID) }
		}
		s.At = session.ID
		s.Draft = nil
		s.Show(session.ID)
		s.say(Good, "What is captured goes to “"+session.Name+"” now.", undo)
		s.Write++
	})
}

// freeName is a name that no session of ours has: with a number, where one has it.
func (s *Sessions) freeName(name string) string {
	for n := 1; ; n++ {
		free := name
		if n > 1 {
			free += " (" + strconv.Itoa(n) + ")"
		}
		taken := false
		for i := range s.list {
			taken = taken || s.list[i].Name == free && s.list[i].State != capture.SessionStaged
		}
		if !taken {
			return free
		}
	}
}

// Capture has what is captured go to a session from now on.
func (s *Sessions) Capture(id int64) {
	session, before := s.find(id), s.active()
	if !s.canCapture(session) {
		return
	}
	name := sessionName(session)
	s.act(func(ctx context.Context, b *Backend) error { return b.Store.ActivateSession(ctx, id) }, func(err error) {
		if err != nil {
			s.failed("Captures go where they went", err)
			return
		}
		var undo func()
		if before != nil {
			undo = func() { s.Capture(before.ID) }
		}
		s.say(Good, "What is captured goes to “"+name+"” now.", undo)
		s.app.Sidebar.Recount()
	})
}

// put changes the state of a session, and says so with a way back, which shows it
// again where it was shown.
func (s *Sessions) put(id int64, state capture.SessionState, said, not string, then func()) {
	session := s.find(id)
	if session == nil || session.Active || session.State == state || session.State == capture.SessionStaged {
		return
	}
	changed, before := *session, session.State
	changed.State = state
	if d := s.Draft; d != nil && d.id == id && s.CanSave() {
		changed.Name, changed.Note = strings.TrimSpace(d.Name), d.Note
		d.was.Name, d.was.Note = d.Name, d.Note
	}
	s.act(func(ctx context.Context, b *Backend) error { return b.Store.PutSession(ctx, &changed) }, func(err error) {
		if err != nil {
			s.failed(not, err)
			return
		}
		again := func() {}
		if state == capture.SessionDeleted && s.Shown == id {
			s.ShowActive()
			again = func() { s.Show(id) }
		}
		then()
		s.say(Good, said, func() { s.put(id, before, "It is back.", "Not taken back", again) })
		s.app.Sidebar.Recount()
	})
}

// Share shows a session and opens the dialog that shares all of it.
func (s *Sessions) Share(id int64) {
	if s.find(id) != nil {
		s.Show(id)
		s.app.Share.OpenSession()
	}
}

// Archive puts a session away: it can be looked at, and is not offered.
func (s *Sessions) Archive(id int64) {
	if session := s.find(id); session != nil && session.State == capture.SessionOpen {
		s.put(id, capture.SessionArchived, "Archived “"+sessionName(session)+"”.", "Not archived", func() {})
	}
}

// Delete takes a session away with all callbacks in it, until Undo or until
// Hookglass is started again; then they are gone.
func (s *Sessions) Delete(id int64) {
	session := s.find(id)
	if session == nil {
		return
	}
	n := s.stats[id].Exchanges
	text := "Deleted “" + sessionName(session) + "”"
	if n > 0 {
		text += " with " + groupDigits(n) + " " + plural("callback", n)
	}
	s.put(id, capture.SessionDeleted, text+". It is gone for good at the next start.", "Not deleted", func() {})
}

// Restore brings an archived or deleted session back.
func (s *Sessions) Restore(id int64) {
	if session := s.find(id); session != nil {
		s.put(id, capture.SessionOpen, "“"+sessionName(session)+"” is back.", "Not restored", func() {})
	}
}

// Key takes a key of the dialog, and reports whether it had use for it.
func (s *Sessions) Key(key string) bool {
	switch key {
	case "Down", "j":
		s.Step(1)
	case "Up", "k":
		s.Step(-1)
	case "Return":
		if s.Card != nil && s.Card.CanShow {
			s.Show(s.At)
		}
	case "n":
		s.New()
	case "c":
		s.Capture(s.At)
	case "Delete":
		if s.Card != nil && s.Card.CanDelete {
			s.Delete(s.At)
		}
	case "Mod+Return":
		s.Save()
	case "Mod+Z":
		if undo := s.Said.Undo; undo != nil {
			s.Said.Undo = nil
			undo()
		}
	default:
		return false
	}
	return true
}
