package store

import (
	"context"
	"database/sql"
	"slices"
)

// The parts of rangeOf. SQLite goes by one lower bound alone, and below what is
// cleared by those of the range that are spared: of all that are, there may be many.
const (
	rangeAbove = "e.id > max(?, " + clearedID + ") AND e.id < ? AND e.id NOT IN (SELECT id FROM hidden)"
	rangeBelow = "e.id IN (SELECT id FROM spared WHERE id > ? AND id < min(?, " + clearedID + " + 1) AND through >= " + clearedID + ")"
)

// rangeOf reads the ids that match between q.After and q.Before, as they stand
// together: what is cleared between two readings would be missed, or be there twice.
func (db *DB) rangeOf(ctx context.Context, q Query) ([]int64, error) {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, explain(err)
	}
	defer func() { _ = tx.Rollback() }() // it has written nothing
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	parts := [...]string{rangeAbove, rangeBelow}
	if q.Ascending {
		slices.Reverse(parts[:])
	}
	bounds := []any{q.After, q.Before}
	q.After, q.Before = 0, 0
	var ids []int64
	for _, part := range parts {
		where, args := q.where(part)
		more, err := readIDs(ctx, tx.QueryContext, "SELECT e.id FROM exchange e"+where+q.order()+" LIMIT ?", slices.Concat(bounds, args, []any{limit}))
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
		if limit > 0 {
			if limit -= len(more); limit <= 0 {
				break
			}
		}
	}
	return ids, nil
}
