package store

import (
	"context"
	"fmt"
)

// SavedFilter is a filter that a person keeps under a name.
type SavedFilter struct {
	ID    int64
	Name  string
	Text  string // in the filter language
	Place int    // the smaller ones come first
}

// SavedFilters returns all saved filters in their order.
func (db *DB) SavedFilters(ctx context.Context) ([]SavedFilter, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT id, name, text, place FROM saved_filter ORDER BY place, id")
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []SavedFilter
	for rows.Next() {
		var f SavedFilter
		if err := rows.Scan(&f.ID, &f.Name, &f.Text, &f.Place); err != nil {
			return nil, explain(err)
		}
		all = append(all, f)
	}
	return all, explain(rows.Err())
}

// PutSavedFilter adds a filter, where it has no ID yet, and sets that; else it
// changes one, or returns ErrNotFound.
func (db *DB) PutSavedFilter(ctx context.Context, f *SavedFilter) error {
	id := f.ID
	err := db.call(ctx, func(w *writer) (err error) {
		if id == 0 {
			id, err = queryInt(w.conn, "INSERT INTO saved_filter (name, text, place) VALUES (?, ?, ?) RETURNING id", f.Name, f.Text, int64(f.Place))
			return err
		}
		n, err := execute(w.conn, "UPDATE saved_filter SET name = ?, text = ?, place = ? WHERE id = ?", f.Name, f.Text, int64(f.Place), id)
		if err == nil && n == 0 {
			err = fmt.Errorf("saved filter %d: %w", id, ErrNotFound)
		}
		return err
	})
	if err == nil {
		f.ID = id
	}
	return err
}

// RemoveSavedFilter removes a filter, if it is there.
func (db *DB) RemoveSavedFilter(ctx context.Context, id int64) error {
	return db.call(ctx, func(w *writer) error {
		_, err := execute(w.conn, "DELETE FROM saved_filter WHERE id = ?", id)
		return err
	})
}
