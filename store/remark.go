package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"hookglass/capture"
)

// maxNote bounds what a person says of an exchange or a session, in bytes.
const maxNote = 64 << 10

// remarks writes what a person says of exchanges.
type remarks struct{ insert *statement }

func (r *remarks) open(p *preparer) {
	r.insert = p.prepare("INSERT OR REPLACE INTO remark (id, mark, note) VALUES (?, ?, ?)")
}

func (r *remarks) put(id int64, mark capture.Mark, note string) error {
	_, err := r.insert.exec(id, string(mark), note)
	return err
}

// SetMark gives an exchange a colour; "" takes it away. It returns ErrNotFound
// where there is none.
func (db *DB) SetMark(ctx context.Context, id int64, mark capture.Mark) error {
	if err := knownMark(mark); err != nil {
		return err
	}
	return db.call(ctx, func(w *writer) error {
		if err := w.has(id); err != nil {
			return err
		}
		return w.mark(fmt.Sprintf("[%d]", id), mark)
	})
}

// MarkAll does what SetMark does with many, in several commits. Those that are gone
// are left out.
func (db *DB) MarkAll(ctx context.Context, mark capture.Mark, ids ...int64) error {
	if err := knownMark(mark); err != nil {
		return err
	}
	for part := range slices.Chunk(ids, hideRows) {
		list, err := json.Marshal(part)
		if err != nil {
			return err
		}
		if err := db.call(ctx, func(w *writer) error { return w.mark(string(list), mark) }); err != nil {
			return err
		}
	}
	return nil
}

// mark gives those of a list in JSON a colour. No word is looked for in it, so the
// index of words need not know.
func (w *writer) mark(list string, mark capture.Mark) error {
	if mark != "" {
		_, err := execute(w.conn, `INSERT INTO remark (id, mark, note) SELECT e.id, ?, '' FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value
			WHERE true ON CONFLICT (id) DO UPDATE SET mark = excluded.mark`, string(mark), list)
		return err
	}
	const listed = "id IN (SELECT value FROM json_each(?))"
	if _, err := execute(w.conn, "UPDATE remark SET mark = '' WHERE "+listed, list); err != nil {
		return err
	}
	_, err := execute(w.conn, "DELETE FROM remark WHERE note = '' AND "+listed, list)
	return err
}

func knownMark(mark capture.Mark) error {
	if mark != "" && !slices.Contains(capture.Marks, mark) {
		return fmt.Errorf("there is no mark %q", mark)
	}
	return nil
}

// SetNote keeps a person's words on an exchange; "" takes them away. It returns
// ErrNotFound where there is none.
func (db *DB) SetNote(ctx context.Context, id int64, note string) error {
	if len(note) > maxNote {
		return fmt.Errorf("the note is longer than %d KiB", maxNote>>10)
	}
	return db.call(ctx, func(w *writer) error {
		if err := w.has(id); err != nil {
			return err
		}
		if err := w.toucher.noting(id); err != nil {
			return err
		}
		if _, err := execute(w.conn, "INSERT INTO remark (id, mark, note) VALUES (?, '', ?) ON CONFLICT (id) DO UPDATE SET note = excluded.note", id, note); err != nil {
			return err
		}
		_, err := execute(w.conn, "DELETE FROM remark WHERE id = ? AND mark = '' AND note = ''", id)
		return err
	})
}

// has returns ErrNotFound where there is no such exchange.
func (w *writer) has(id int64) error {
	n, err := queryInt(w.conn, "SELECT count(*) FROM exchange WHERE id = ?", id)
	if err == nil && n == 0 {
		err = fmt.Errorf("exchange %d: %w", id, ErrNotFound)
	}
	return err
}
