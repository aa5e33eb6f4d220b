package store

import (
	"context"
	"time"
)

// maxTargets is how many addresses are remembered of a provider and endpoint.
const maxTargets = 8

// PutTarget remembers an address that a provider's callbacks to an endpoint were
// resent to; either may be "". Of more than eight the oldest go. The address holds
// no secrets: that is the caller's to see to.
func (db *DB) PutTarget(ctx context.Context, provider, endpoint, address string, now time.Time) error {
	return db.call(ctx, func(w *writer) error {
		_, err := execute(w.conn, `INSERT INTO target (provider, endpoint, address, used_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (provider, endpoint, address) DO UPDATE SET used_at = excluded.used_at`,
			provider, endpoint, address, nanoseconds(now))
		if err != nil {
			return err
		}
		_, err = execute(w.conn, `DELETE FROM target WHERE provider = ?1 AND endpoint = ?2 AND address NOT IN
			(SELECT address FROM target WHERE provider = ?1 AND endpoint = ?2 ORDER BY used_at DESC LIMIT ?3)`,
			provider, endpoint, int64(maxTargets))
		return err
	})
}

// Targets returns the addresses that a provider's callbacks to an endpoint were
// resent to, the last used one first.
func (db *DB) Targets(ctx context.Context, provider, endpoint string) ([]string, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT address FROM target WHERE provider = ? AND endpoint = ? ORDER BY used_at DESC",
		provider, endpoint)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var address string
		if err := rows.Scan(&address); err != nil {
			return nil, explain(err)
		}
		all = append(all, address)
	}
	return all, explain(rows.Err())
}
