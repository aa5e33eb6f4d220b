package store

import (
	"context"
	"fmt"

	"hookglass/capture"
)

// Endpoints returns the endpoints, sorted by path.
func (db *DB) Endpoints(ctx context.Context) (capture.Endpoints, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT path, name, provider, event, live FROM endpoint ORDER BY path")
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all capture.Endpoints
	for rows.Next() {
		var e capture.Endpoint
		if err := rows.Scan(&e.Path, &e.Name, &e.Provider, &e.Event, &e.Live); err != nil {
			return nil, explain(err)
		}
		all = append(all, e)
	}
	return all, explain(rows.Err())
}

// PutEndpoint adds an endpoint, or changes the one with its path. A path that
// cannot be one is an error that wraps capture.ErrEndpointPath.
func (db *DB) PutEndpoint(ctx context.Context, e capture.Endpoint) error {
	if err := e.Check(); err != nil {
		return err
	}
	return db.call(ctx, func(w *writer) error {
		_, err := execute(w.conn, `INSERT INTO endpoint (path, name, provider, event, live) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (path) DO UPDATE SET name = excluded.name, provider = excluded.provider,
				event = excluded.event, live = excluded.live`,
			e.Path, e.Name, e.Provider, e.Event, e.Live)
		return err
	})
}

// RemoveEndpoint removes the endpoint with exactly that path, or returns
// ErrNotFound.
func (db *DB) RemoveEndpoint(ctx context.Context, path string) error {
	return db.call(ctx, func(w *writer) error {
		n, err := execute(w.conn, "DELETE FROM endpoint WHERE path = ?", path)
		if err == nil && n == 0 {
			err = fmt.Errorf("endpoint %s: %w", path, ErrNotFound)
		}
		return err
	})
}

// SeedEndpoints adds the endpoints that exist from the first start. Each path is
// given once in the life of the file: one that was removed or changed since
// stays so, while one that a later version brings is added then.
func (db *DB) SeedEndpoints(ctx context.Context, es capture.Endpoints) error {
	return db.call(ctx, func(w *writer) error {
		for _, e := range es {
			if err := e.Check(); err != nil {
				return err
			}
			n, err := execute(w.conn, "INSERT OR IGNORE INTO endpoint_seed (path) VALUES (?)", e.Path)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if _, err := execute(w.conn, "INSERT OR IGNORE INTO endpoint (path, name, provider, event) VALUES (?, ?, ?, ?)",
				e.Path, e.Name, e.Provider, e.Event); err != nil {
				return err
			}
		}
		return nil
	})
}
