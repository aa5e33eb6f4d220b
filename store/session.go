package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hookglass/capture"
)

// ErrActiveSession says that what is captured goes into a session, which has to
// stay open.
var ErrActiveSession = errors.New("what is captured goes into this session: switch to another one first")

// activeID is the session of what is captured.
const activeID = "(SELECT value FROM mark WHERE name = 'active_session')"

// Sessions returns all sessions, the oldest first: also those that are staged, and
// those that are deleted as long as that can be taken back.
func (db *DB) Sessions(ctx context.Context) ([]capture.Session, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, name, state, id = `+activeID+`, created, note, keep_exchanges, keep_bytes, keep_age, origin
		FROM session WHERE state <> 'gone' ORDER BY id`)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []capture.Session
	for rows.Next() {
		var s capture.Session
		var created int64
		var origin string
		if err := rows.Scan(&s.ID, &s.Name, &s.State, &s.Active, &created, &s.Note,
			&s.Keep.Exchanges, &s.Keep.Bytes, &s.Keep.Age, &origin); err != nil {
			return nil, explain(err)
		}
		s.Created = moment(created)
		if origin != "" {
			if err := json.Unmarshal([]byte(origin), &s.Origin); err != nil {
				return nil, fmt.Errorf("reading where session %d came from: %w", s.ID, err)
			}
		}
		all = append(all, s)
	}
	return all, explain(rows.Err())
}

// PutSession adds a session, where it has no ID yet, and sets that; else it changes
// all of one but whether it is active. It returns ErrNotFound where there is none,
// and ErrActiveSession where the active one would not be open. None that is not
// staged becomes so: the next start would remove it.
func (db *DB) PutSession(ctx context.Context, s *capture.Session) error {
	if len(s.Note) > maxNote {
		return fmt.Errorf("the note is longer than %d KiB", maxNote>>10)
	}
	if s.State == "" {
		s.State = capture.SessionOpen
	}
	if s.Created.IsZero() {
		s.Created = time.Now().UTC()
	}
	origin := ""
	if s.Origin != nil {
		text, err := json.Marshal(s.Origin)
		if err != nil {
			return err
		}
		origin = string(text)
	}
	id := s.ID
	err := db.call(ctx, func(w *writer) error {
		if id == 0 {
			var err error
			id, err = queryInt(w.conn, `INSERT INTO session (name, state, created, note, keep_exchanges, keep_bytes, keep_age, origin)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, s.Name, string(s.State), nanoseconds(s.Created), s.Note,
				int64(s.Keep.Exchanges), s.Keep.Bytes, int64(s.Keep.Age), origin)
			if err != nil {
				return err
			}
			return w.keep(id, s.Keep)
		}
		if id == w.creator.active && s.State != capture.SessionOpen {
			return ErrActiveSession
		}
		n, err := execute(w.conn, `UPDATE session SET name = ?, state = iif(? = 'staged', state, ?), created = ?, note = ?, keep_exchanges = ?, keep_bytes = ?, keep_age = ?, origin = ?
			WHERE id = ? AND state <> 'gone'`, s.Name, string(s.State), string(s.State), nanoseconds(s.Created), s.Note,
			int64(s.Keep.Exchanges), s.Keep.Bytes, int64(s.Keep.Age), origin, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("session %d: %w", id, ErrNotFound)
		}
		return w.keep(id, s.Keep)
	})
	if err == nil {
		s.ID = id
	}
	return err
}

// ActivateSession has what is captured from now on go into a session, which is
// opened where it was put away. One that is staged, deleted or not there gives
// ErrNotFound.
func (db *DB) ActivateSession(ctx context.Context, id int64) error {
	return db.call(ctx, func(w *writer) error {
		n, err := execute(w.conn, "UPDATE session SET state = 'open' WHERE id = ? AND state IN ('open', 'archived')", id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("session %d: %w", id, ErrNotFound)
		}
		if _, err = w.pruner.mark.exec("active_session", id); err == nil {
			w.after = append(w.after, func() { w.creator.active = id })
		}
		return err
	})
}

// SessionStats counts a session, without what is hidden. With a million exchanges
// it takes up to a second. One statement reads all of it: between two, exchanges
// come and go.
func (db *DB) SessionStats(ctx context.Context, id int64) (capture.SessionStats, error) {
	var s capture.SessionStats
	if counts, err := db.Counts(ctx, id); err != nil || counts.Total == 0 {
		return s, err
	}
	from, err := db.fromSession(ctx, id)
	if err != nil {
		return s, err
	}
	var bytes, failed, first, last sql.NullInt64
	err = db.read.QueryRowContext(ctx, `SELECT count(*), sum(e.size), sum(e.status IN (?, ?)), min(e.received_at), max(e.received_at) `+
		from+" AND "+shown, capture.Invalid, capture.Malformed, id).
		Scan(&s.Exchanges, &bytes, &failed, &first, &last)
	s.Bytes, s.Failed = bytes.Int64, failed.Int64
	s.First, s.Last = moment(first.Int64), moment(last.Int64)
	return s, explain(err)
}

// The rows of a session e, by its facets or, where it is a large part of all, in the
// order in which they lie: that takes a fifth of seeking them.
const (
	fromFacets = "FROM exchange e INDEXED BY exchange_facet WHERE e.facet IN (SELECT id FROM facet WHERE session = ?)"
	fromRows   = "FROM exchange e NOT INDEXED WHERE e.session = ?"
)

// fromSession chooses the quicker one of fromFacets and fromRows.
func (db *DB) fromSession(ctx context.Context, id int64) (string, error) {
	var count, ids int64
	err := db.read.QueryRowContext(ctx, "SELECT (SELECT count(*) "+fromFacets+"), (SELECT coalesce(max(id) - min(id), 0) FROM exchange)", id).Scan(&count, &ids)
	if err != nil || count > ids/8 {
		return fromRows, explain(err)
	}
	return fromFacets, nil
}
