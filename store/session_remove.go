package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// buried marks what cannot be taken back any more, and returns all such sessions.
// With brief those that are deleted can still be.
func buried(conn *sqlite3.SQLiteConn, brief bool) (dead []int64, err error) {
	if _, err := execute(conn, "UPDATE session SET state = 'gone' WHERE state = 'staged' OR state = 'deleted' AND NOT ?", brief); err != nil {
		return nil, err
	}
	s, err := prepare(conn, "SELECT id FROM session WHERE state = 'gone'")
	if err != nil {
		return nil, err
	}
	defer s.stmt.Close()
	err = s.each(func(row []driver.Value) error {
		id, _ := row[0].(int64)
		dead = append(dead, id)
		return nil
	})
	return dead, err
}

// bury removes the sessions that are gone and empty, inside a transaction.
func (w *writer) bury() error {
	for _, id := range w.purger.dead {
		if err := w.buryOne(id); err != nil {
			return err
		}
	}
	w.after = append(w.after, func() { w.purger.dead = nil })
	return nil
}

func (w *writer) buryOne(id int64) error {
	for _, query := range [...]string{
		"DELETE FROM facet WHERE session = ?",
		"DELETE FROM session WHERE id = ?",
	} {
		if _, err := execute(w.conn, query, id); err != nil {
			return err
		}
	}
	w.facets.drop(id)
	w.after = append(w.after, func() { delete(w.keepers.of, id) })
	return nil
}

// RemoveSession removes a session with all that is in it, pinned ones too, for good
// and in small steps. Where ctx ends it the next process goes on; the session is not
// seen any more. It returns ErrActiveSession, or ErrNotFound.
func (db *DB) RemoveSession(ctx context.Context, id int64) error {
	err := db.call(ctx, func(w *writer) error {
		if id == w.creator.active {
			return ErrActiveSession
		}
		n, err := execute(w.conn, "UPDATE session SET state = 'gone' WHERE id = ?", id)
		if err == nil && n == 0 {
			err = fmt.Errorf("session %d: %w", id, ErrNotFound)
		}
		return err
	})
	for more := true; more && err == nil; {
		if err = ctx.Err(); err == nil {
			err = db.call(ctx, func(w *writer) (err error) {
				more, err = w.removeSome(id)
				return err
			})
		}
	}
	return err
}

// removeSome does a step of removing a session, and says whether there is more.
func (w *writer) removeSome(session int64) (more bool, err error) {
	ids, err := chosen(w.purger.sessions, session, int64(pruneRows))
	switch {
	case err != nil:
		return false, err
	case len(ids) == 0:
		return false, w.buryOne(session)
	}
	return true, w.remove(ids)
}

// chosen returns the ids that a query for ids and sizes chooses, a step of them.
func chosen(s *statement, values ...driver.Value) (ids []int64, err error) {
	var size int64
	err = s.each(func(row []driver.Value) error {
		if size < pruneBytes {
			id, _ := row[0].(int64)
			n, _ := row[1].(int64)
			ids = append(ids, id)
			size += n + rowOverhead
		}
		return nil
	}, values...)
	return ids, err
}

// counting is the condition that exchange o makes exchange e of session ?1 a
// duplicate: it is listed, or stands before e in the same file.
var counting = "o.id <> e.id AND (o.session IN (" + listedSessions + ") AND " + strings.ReplaceAll(shown, "e.id", "o.id") +
	" OR o.session = ?1 AND o.id < e.id)"

// duplicating is the condition that others have the UID that exchange e, imported
// as i, has in its file: as their own, or in their file.
var duplicating = `e.session = ?1 AND (
	EXISTS (SELECT 1 FROM exchange o WHERE o.uid = coalesce(i.uid, e.uid) AND ` + counting + `) OR
	EXISTS (SELECT 1 FROM imported j CROSS JOIN exchange o ON o.id = j.id WHERE j.uid = coalesce(i.uid, e.uid) AND ` + counting + `))`

var (
	// duplicates chooses those of session ?1, and duplicatesOf those of a list.
	duplicates = `SELECT e.id AS id FROM exchange s INDEXED BY exchange_facet CROSS JOIN exchange e ON e.id = s.id CROSS JOIN imported i ON i.id = e.id
	WHERE s.facet IN (SELECT id FROM facet WHERE session = ?1) AND ` + duplicating
	duplicatesOf = `SELECT e.id, e.size FROM json_each(?2) s CROSS JOIN exchange e ON e.id = s.value CROSS JOIN imported i ON i.id = e.id
	WHERE ` + duplicating
)

// Duplicates counts the exchanges of a session that are here already, in sessions
// that are neither staged nor deleted, or twice in this one. CommitSession drops
// them.
func (db *DB) Duplicates(ctx context.Context, session int64) (n int64, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT count(*) FROM ("+duplicates+")", session).Scan(&n)
	return n, explain(err)
}

// CommitSession makes an open session of a staged one, without its duplicates, which
// it removes in small steps before; it returns how many are kept, and were
// duplicates. Where it fails before its end the session is still staged.
func (db *DB) CommitSession(ctx context.Context, id int64) (kept, dropped int64, err error) {
	// They are looked for where no callback waits, and looked at again when they go.
	ids, err := db.idList(ctx, duplicates, []any{id})
	if err != nil {
		return 0, 0, err
	}
	for part := range slices.Chunk(ids, pruneRows) {
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				return 0, dropped, err
			}
			n := int64(0)
			if err := db.call(ctx, func(w *writer) (err error) {
				n, err = w.dropDuplicates(id, part)
				return err
			}); err != nil {
				return 0, dropped, err
			}
			dropped += n
			more = n > 0 // large ones go in several steps
		}
	}
	err = db.call(ctx, func(w *writer) (err error) {
		kept, err = w.open(id)
		return err
	})
	return kept, dropped, err
}

// dropDuplicates removes those of a list that are duplicates still, or the first of
// them, and returns how many.
func (w *writer) dropDuplicates(session int64, list []int64) (int64, error) {
	if err := w.staged(session); err != nil {
		return 0, err
	}
	text, err := json.Marshal(list)
	if err != nil {
		return 0, err
	}
	s, err := prepare(w.conn, duplicatesOf)
	if err != nil {
		return 0, err
	}
	defer s.stmt.Close()
	ids, err := chosen(s, session, string(text))
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	err = w.remove(ids)
	return w.pruner.removed, err
}

// staged returns an error where a session is not.
func (w *writer) staged(session int64) error {
	n, err := queryInt(w.conn, "SELECT count(*) FROM session WHERE id = ? AND state = ?", session, string(capture.SessionStaged))
	if err == nil && n == 0 {
		err = fmt.Errorf("session %d is not staged: %w", session, ErrNotFound)
	}
	return err
}

// open makes an open session of a staged one, and returns how many are in it.
func (w *writer) open(session int64) (int64, error) {
	if err := w.staged(session); err != nil {
		return 0, err
	}
	if _, err := execute(w.conn, "UPDATE session SET state = ? WHERE id = ?", string(capture.SessionOpen), session); err != nil {
		return 0, err
	}
	return queryInt(w.conn, "SELECT count(*) FROM exchange WHERE facet IN (SELECT id FROM facet WHERE session = ?)", session)
}
