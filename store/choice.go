package store

import (
	"context"
	"fmt"

	"hookglass/capture"
)

// Choices returns the answers that were chosen, sorted by path; also those that
// have ended.
func (db *DB) Choices(ctx context.Context) ([]capture.Choice, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT path, preset, message, until FROM choice ORDER BY path")
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []capture.Choice
	for rows.Next() {
		var c capture.Choice
		var until int64
		if err := rows.Scan(&c.Path, &c.Preset, &c.Message, &until); err != nil {
			return nil, explain(err)
		}
		c.Until = moment(until)
		all = append(all, c)
	}
	return all, explain(rows.Err())
}

// PutChoice keeps a choice, in place of the one for its path.
func (db *DB) PutChoice(ctx context.Context, c capture.Choice) error {
	return db.call(ctx, func(w *writer) error {
		_, err := execute(w.conn, `INSERT INTO choice (path, preset, message, until) VALUES (?, ?, ?, ?)
			ON CONFLICT (path) DO UPDATE SET preset = excluded.preset, message = excluded.message, until = excluded.until`,
			c.Path, c.Preset, c.Message, nanoseconds(c.Until))
		return err
	})
}

// RemoveChoice forgets the choice for a path, or returns ErrNotFound.
func (db *DB) RemoveChoice(ctx context.Context, path string) error {
	return db.call(ctx, func(w *writer) error {
		n, err := execute(w.conn, "DELETE FROM choice WHERE path = ?", path)
		if err == nil && n == 0 {
			err = fmt.Errorf("choice for %s: %w", path, ErrNotFound)
		}
		return err
	})
}
