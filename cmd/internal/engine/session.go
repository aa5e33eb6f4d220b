package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// maxSessionName bounds the name of a session, and maxNote a person's words on a
// session or a callback: both are listed.
const (
	maxSessionName = 200
	maxNote        = 16 << 10
)

// CheckSession says why a session cannot be as it is, or nil.
func CheckSession(s *capture.Session) error {
	switch name := strings.TrimSpace(s.Name); {
	case name == "":
		return errors.New("a session needs a name")
	case utf8.RuneCountInString(name) > maxSessionName:
		return fmt.Errorf("the name has more than %d characters: put the rest into the note", maxSessionName)
	case len(s.Note) > maxNote:
		return fmt.Errorf("the note is larger than %d KiB", maxNote>>10)
	case s.Keep.Exchanges < 0 || s.Keep.Bytes < 0 || s.Keep.Age < 0:
		return errors.New("how much is kept cannot be below zero")
	}
	return nil
}

// applySession makes a change of sessions, with changing held.
func (e *Engine) applySession(ctx context.Context, change *Change) (int, error) {
	s := change.Session
	defer e.sessionsMoved()
	if change.Action == ActivateSession {
		return 1, e.Store.ActivateSession(ctx, s.ID)
	}
	if err := CheckSession(&s); err != nil {
		return 0, err
	}
	s.Name = strings.TrimSpace(s.Name)
	err := e.Store.PutSession(ctx, &s)
	return int(s.ID), err
}

func (e *Engine) sessionsMoved() {
	if e.config.SessionsChanged != nil {
		e.config.SessionsChanged()
	}
}

// applyRemark keeps what a person says of callbacks. It returns how many of them
// there are.
func (e *Engine) applyRemark(ctx context.Context, change *Change) (done int, err error) {
	if len(change.Note) > maxNote {
		return 0, fmt.Errorf("the note is larger than %d KiB", maxNote>>10)
	}
	remark := func(id int64) error { return e.Store.Pin(ctx, id, change.Action == PinCallbacks) }
	if change.Action == MarkCallbacks {
		remark = func(id int64) error { return e.Store.SetMark(ctx, id, change.Mark) }
	}
	if change.Action == NoteCallbacks {
		remark = func(id int64) error { return e.Store.SetNote(ctx, id, change.Note) }
	}
	defer e.callbacksMoved(change.IDs)
	for _, id := range change.IDs {
		if err := remark(id); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

func (e *Engine) callbacksMoved(ids []int64) {
	if e.config.CallbacksChanged != nil {
		e.config.CallbacksChanged(ids)
	}
}
