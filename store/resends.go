package store

import (
	"context"
	"slices"

	"hookglass/capture"
)

// maxResends bounds how many resends of one exchange Resends returns.
const maxResends = 200

// Resends returns the exchanges that an exchange was sent again as, oldest
// first, as List does; of more than 200 the newest ones. Hidden ones and those of
// deleted sessions are left out.
func (db *DB) Resends(ctx context.Context, id int64) ([]capture.Exchange, error) {
	if id <= 0 {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, "SELECT "+listColumns+
		" FROM replay r CROSS JOIN exchange e ON e.id = r.id WHERE r.origin = ? AND "+shown+" AND e.session IN ("+listedSessions+") ORDER BY r.id DESC LIMIT ?", id, maxResends)
	if err != nil {
		return nil, explain(err)
	}
	list, err := scanListed(nil, rows)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	return list, db.addTimings(ctx, list)
}
