package store

import (
	"context"
	"errors"
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
	return db.call(ctx, func(w *writer) error { return w.remark(id, "mark", string(mark)) })
}

// MarkAll does what SetMark does with many, in several commits. Those that are gone
// are left out.
func (db *DB) MarkAll(ctx context.Context, mark capture.Mark, ids ...int64) error {
	if err := knownMark(mark); err != nil {
		return err
	}
	for part := range slices.Chunk(ids, hideRows) {
		if err := db.call(ctx, func(w *writer) error {
			for _, id := range part {
				if err := w.remark(id, "mark", string(mark)); err != nil && !errors.Is(err, ErrNotFound) {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
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
	return db.call(ctx, func(w *writer) error { return w.remark(id, "note", note) })
}

// remark sets one column of a row of remark, which goes once it says nothing.
func (w *writer) remark(id int64, column, value string) error {
	n, err := queryInt(w.conn, "SELECT count(*) FROM exchange WHERE id = ?", id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("exchange %d: %w", id, ErrNotFound)
	}
	if err := w.toucher.noting(id); err != nil {
		return err
	}
	if _, err := execute(w.conn, "INSERT OR IGNORE INTO remark (id, mark, note) VALUES (?, '', '')", id); err != nil {
		return err
	}
	if _, err := execute(w.conn, "UPDATE remark SET "+column+" = ? WHERE id = ?", value, id); err != nil {
		return err
	}
	_, err = execute(w.conn, "DELETE FROM remark WHERE id = ? AND mark = '' AND note = ''", id)
	return err
}
