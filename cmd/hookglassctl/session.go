package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
)

type sessionCommand struct {
	List    sessionListCommand    `cmd:"" default:"1" help:"List the sessions; * marks the one into which callbacks are captured."`
	Show    sessionShowCommand    `cmd:"" help:"Show one session: counts, time span, note, what is kept, and where it came from."`
	New     sessionNewCommand     `cmd:"" help:"Begin a session and capture into it; prints its id."`
	Rename  sessionRenameCommand  `cmd:"" help:"Give a session another name."`
	Switch  sessionSwitchCommand  `cmd:"" help:"Capture into this session from the next callback on."`
	Archive sessionArchiveCommand `cmd:"" help:"Put a session away: it can still be searched and exported."`
	Delete  sessionDeleteCommand  `cmd:"" help:"Delete a session with all that is in it; session restore takes that back for a while."`
	Restore sessionRestoreCommand `cmd:"" help:"Take back that a session was archived or deleted."`
	Note    sessionNoteCommand    `cmd:"" help:"Write a note on a session; an empty one removes it."`
	Keep    sessionKeepCommand    `cmd:"" help:"Say how much of a session is kept; shows first what would go."`
}

// sessions reads the sessions of the folder, but those that are only being opened.
func (t *terminal) sessions(ctx context.Context, reader *engine.Reader) ([]capture.Session, error) {
	if reader.Store == nil {
		return nil, nil
	}
	all, err := reader.Store.Sessions(ctx)
	return slices.DeleteFunc(all, func(s capture.Session) bool { return s.State == capture.SessionStaged }), err
}

// session finds a session by its id or its name. Of two with one name, the one
// that is not deleted counts.
func (t *terminal) session(ctx context.Context, reader *engine.Reader, name string) (capture.Session, error) {
	all, err := t.sessions(ctx, reader)
	if err != nil {
		return capture.Session{}, err
	}
	var found []capture.Session
	id, noID := strconv.ParseInt(name, 10, 64)
	for _, s := range all {
		if noID == nil && s.ID == id {
			return s, nil
		}
		if strings.EqualFold(s.Name, name) {
			found = append(found, s)
		}
	}
	if len(found) > 1 {
		found = slices.DeleteFunc(found, func(s capture.Session) bool { return s.State == capture.SessionDeleted })
	}
	switch len(found) {
	case 0:
		return capture.Session{}, fmt.Errorf("there is no session %s; hookglassctl session list shows those there are", capture.Visible(name))
	case 1:
		return found[0], nil
	}
	return capture.Session{}, fmt.Errorf("there are several sessions of that name: give the id of one, as hookglassctl session list shows it")
}

// sessionID is the id of a session that --session names; 0 for "".
func (t *terminal) sessionID(ctx context.Context, reader *engine.Reader, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	s, err := t.session(ctx, reader, name)
	return s.ID, err
}

// changeSession changes a session that there should be.
func (t *terminal) changeSession(ctx context.Context, name string, change func(*capture.Session) error) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	s, err := t.session(ctx, reader, name)
	if err != nil {
		return err
	}
	if err := change(&s); err != nil {
		return err
	}
	_, err = engine.Apply(ctx, t.config(), engine.Change{Action: engine.PutSession, Session: s})
	return err
}

type sessionNewCommand struct {
	Name string `arg:"" help:"A name for people."`
	Note string `help:"A note on it." placeholder:"TEXT"`
	Stay bool   `help:"Go on capturing into the session of before."`
}

func (c *sessionNewCommand) Run(ctx context.Context, t *terminal) error {
	s := capture.Session{Name: c.Name, Note: c.Note, State: capture.SessionOpen, Created: time.Now().UTC()}
	if err := engine.CheckSession(&s); err != nil {
		return usage("%v", err)
	}
	id, err := engine.Apply(ctx, t.config(), engine.Change{Action: engine.PutSession, Session: s})
	if err == nil && !c.Stay {
		_, err = engine.Apply(ctx, t.config(), engine.Change{Action: engine.ActivateSession, Session: capture.Session{ID: int64(id)}})
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.out, id)
	return err
}

type sessionRenameCommand struct {
	Session string `arg:"" help:"Its id or its name."`
	Name    string `arg:"" help:"The new name."`
}

func (c *sessionRenameCommand) Run(ctx context.Context, t *terminal) error {
	return t.changeSession(ctx, c.Session, func(s *capture.Session) error {
		s.Name = c.Name
		return engine.CheckSession(s)
	})
}

type sessionNoteCommand struct {
	Session string `arg:"" help:"Its id or its name."`
	Text    string `arg:"" help:"The note."`
}

func (c *sessionNoteCommand) Run(ctx context.Context, t *terminal) error {
	return t.changeSession(ctx, c.Session, func(s *capture.Session) error {
		s.Note = c.Text
		return engine.CheckSession(s)
	})
}

type sessionSwitchCommand struct {
	Session string `arg:"" help:"Its id or its name."`
}

func (c *sessionSwitchCommand) Run(ctx context.Context, t *terminal) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	s, err := t.session(ctx, reader, c.Session)
	if err != nil {
		return err
	}
	if s.State != capture.SessionOpen {
		return fmt.Errorf("session %d is %s; hookglassctl session restore %d opens it again", s.ID, s.State, s.ID)
	}
	_, err = engine.Apply(ctx, t.config(), engine.Change{Action: engine.ActivateSession, Session: capture.Session{ID: s.ID}})
	return err
}

type sessionArchiveCommand struct {
	Session string `arg:"" help:"Its id or its name."`
}

func (c *sessionArchiveCommand) Run(ctx context.Context, t *terminal) error {
	return t.changeSession(ctx, c.Session, putAway(capture.SessionArchived))
}

type sessionDeleteCommand struct {
	Session string `arg:"" help:"Its id or its name."`
}

// Help is the long help of the command.
func (c *sessionDeleteCommand) Help() string {
	return "What is in it really goes when the window or hookglassctl serve ends, or starts the next time. Until then session restore takes it back."
}

func (c *sessionDeleteCommand) Run(ctx context.Context, t *terminal) error {
	return t.changeSession(ctx, c.Session, putAway(capture.SessionDeleted))
}

// putAway changes the state of a session that is not captured into.
func putAway(state capture.SessionState) func(*capture.Session) error {
	return func(s *capture.Session) error {
		if s.Active {
			return fmt.Errorf("callbacks are captured into session %d: hookglassctl session switch to another one first", s.ID)
		}
		s.State = state
		return nil
	}
}

type sessionRestoreCommand struct {
	Session string `arg:"" help:"Its id or its name."`
}

func (c *sessionRestoreCommand) Run(ctx context.Context, t *terminal) error {
	return t.changeSession(ctx, c.Session, func(s *capture.Session) error {
		s.State = capture.SessionOpen
		return nil
	})
}
