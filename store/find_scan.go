package store

import (
	"context"
	"slices"
)

// The parts of rangeOf. SQLite goes by one lower bound alone, and by the range
// where it should go by the few that are spared, but for the +.
const (
	rangeAbove = "e.id > max(?, " + clearedID + ") AND e.id < ? AND e.id NOT IN (SELECT id FROM hidden)"
	rangeBelow = shownBelow + " AND +e.id > ? AND +e.id < ?"
)

// rangeOf reads the ids that match between q.After and q.Before.
func (db *DB) rangeOf(ctx context.Context, q Query) ([]int64, error) {
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
		more, err := db.idList(ctx, "SELECT e.id FROM exchange e"+where+q.order()+" LIMIT ?", slices.Concat(bounds, args, []any{limit}))
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
