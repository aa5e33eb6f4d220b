package store

import (
	"context"
	"fmt"
)

// PublicValue is a configured value that is no secret: a certificate, a public
// key, a JWKS, an issuer, an audience. Secrets belong to store/secret.
type PublicValue struct{ Name, Label, Value string }

// PublicValues returns the public values, sorted by name and label.
func (db *DB) PublicValues(ctx context.Context) ([]PublicValue, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT name, label, value FROM public_value ORDER BY name, label")
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []PublicValue
	for rows.Next() {
		var v PublicValue
		if err := rows.Scan(&v.Name, &v.Label, &v.Value); err != nil {
			return nil, explain(err)
		}
		all = append(all, v)
	}
	return all, explain(rows.Err())
}

// PutPublicValue adds a value, or changes the one with its name and label.
func (db *DB) PutPublicValue(ctx context.Context, v PublicValue) error {
	return db.call(ctx, func(w *writer) error {
		_, err := execute(w.conn, `INSERT INTO public_value (name, label, value) VALUES (?, ?, ?)
			ON CONFLICT (name, label) DO UPDATE SET value = excluded.value`, v.Name, v.Label, v.Value)
		return err
	})
}

// RemovePublicValue removes a value, or returns ErrNotFound.
func (db *DB) RemovePublicValue(ctx context.Context, name, label string) error {
	return db.call(ctx, func(w *writer) error {
		n, err := execute(w.conn, "DELETE FROM public_value WHERE name = ? AND label = ?", name, label)
		if err == nil && n == 0 {
			err = fmt.Errorf("%s with the label %q: %w", name, label, ErrNotFound)
		}
		return err
	})
}
