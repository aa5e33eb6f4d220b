package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
)

// IDsOf returns the ids of the exchanges that match, newest first (or oldest,
// when Ascending), up to q.Limit; 0 is no limit here.
func (db *DB) IDsOf(ctx context.Context, q Query) ([]int64, error) {
	var ids []int64
	err := db.Find(ctx, q, func(f Found) error {
		if ids == nil {
			ids = f.IDs
		} else {
			ids = append(ids, f.IDs...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// idList runs a query for ids. They come in one text: a row for each would take
// ten times as long, nearly all of it between SQLite and Go.
func (db *DB) idList(ctx context.Context, query string, args []any) ([]int64, error) {
	return readIDs(ctx, db.read.QueryContext, query, args)
}

// asking is the QueryContext of a pool or of a transaction.
type asking func(ctx context.Context, query string, args ...any) (*sql.Rows, error)

func readIDs(ctx context.Context, ask asking, query string, args []any) ([]int64, error) {
	var text sql.RawBytes
	rows, err := ask(ctx, "SELECT group_concat(id) FROM ("+query+")", args...)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			return nil, explain(err)
		}
		if ids, err = parseIDs(string(text)); err != nil {
			return nil, err
		}
	}
	return ids, explain(rows.Err())
}

func parseIDs(list string) ([]int64, error) {
	if list == "" {
		return nil, nil
	}
	ids := make([]int64, 0, 1+strings.Count(list, ","))
	for text := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("reading a list of ids: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Rows returns exchanges as List does, in the order of ids. Those that are gone
// or hidden are left out.
func (db *DB) Rows(ctx context.Context, ids []int64) ([]capture.Exchange, error) {
	list, err := json.Marshal(ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, "SELECT "+listColumns+
		" FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value WHERE "+shown, string(list))
	if err != nil {
		return nil, explain(err)
	}
	found, err := scanListed(make([]capture.Exchange, 0, len(ids)), rows)
	if err != nil {
		return nil, err
	}
	if err := db.addImported(ctx, pointers(found)); err != nil {
		return nil, err
	}
	return inOrder(found, ids), nil
}

// inOrder puts exchanges into the order of ids, where they are not in it yet.
func inOrder(found []capture.Exchange, ids []int64) []capture.Exchange {
	next := 0
	for _, id := range ids {
		if next < len(found) && found[next].ID == id {
			next++
		}
	}
	if next == len(found) {
		return found
	}
	byID := make(map[int64]*capture.Exchange, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	sorted := make([]capture.Exchange, 0, len(found))
	for _, id := range ids {
		if x := byID[id]; x != nil {
			sorted = append(sorted, *x)
		}
	}
	return sorted
}

// Matching returns those of ids that match, in their order. Limit and direction
// of q have no effect.
func (db *DB) Matching(ctx context.Context, q Query, ids []int64) ([]int64, error) {
	list, err := json.Marshal(ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	where, args := q.where(shown)
	matching, err := db.idList(ctx, "SELECT e.id FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value"+where,
		append([]any{string(list)}, args...))
	if err != nil || len(matching) == len(ids) {
		return matching, err
	}
	is := make(map[int64]bool, len(matching))
	for _, id := range matching {
		is[id] = true
	}
	sorted := matching[:0]
	for _, id := range ids {
		if is[id] {
			sorted = append(sorted, id)
		}
	}
	return sorted, nil
}

// IDAt returns the newest exchange that matches and was received at t or before;
// 0 where there is none.
func (db *DB) IDAt(ctx context.Context, q Query, t time.Time) (int64, error) {
	if q.Until.IsZero() || t.Before(q.Until) {
		q.Until = t
	}
	q.Ascending, q.Limit = false, 1
	ids, err := db.IDsOf(ctx, q)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}
