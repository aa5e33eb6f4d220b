package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// Rules returns all rules in the order in which they are asked; also those that
// are off or have ended.
func (db *DB) Rules(ctx context.Context) ([]capture.Rule, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, name, enabled, place, endpoint, filter, kind, params, most, used, until, quit, hits
		FROM rule ORDER BY place, id`)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []capture.Rule
	for rows.Next() {
		var r capture.Rule
		var params []byte
		var until int64
		if err := rows.Scan(&r.ID, &r.Name, &r.Enabled, &r.Order, &r.Endpoint, &r.Filter, &r.Kind, &params,
			&r.End.Count, &r.End.Used, &until, &r.End.Quit, &r.Hits); err != nil {
			return nil, explain(err)
		}
		if err := json.Unmarshal(params, &r.Params); err != nil {
			return nil, fmt.Errorf("rule %d: what it answers cannot be read: %w", r.ID, err)
		}
		r.End.Until = moment(until)
		all = append(all, r)
	}
	return all, explain(rows.Err())
}

// PutRule keeps a rule in place of the one with its ID, and returns its ID. A
// rule with the ID 0 is new and gets one. It returns ErrNotFound where there is
// no rule with that ID. What the rule is like is not checked.
func (db *DB) PutRule(ctx context.Context, r *capture.Rule) (int64, error) {
	values, err := ruleValues(r)
	if err != nil {
		return 0, err
	}
	id := r.ID
	err = db.call(ctx, func(w *writer) (err error) {
		if id == 0 {
			id, err = insertRule(w.conn, values)
			return err
		}
		n, err := execute(w.conn, `UPDATE rule SET name = ?, enabled = ?, place = ?, endpoint = ?, filter = ?, kind = ?, params = ?,
			most = ?, used = ?, until = ?, quit = ?, hits = ? WHERE id = ?`, append(values, id)...)
		return changedRule(id, n, err)
	})
	return id, err
}

// ruleValues are the columns of a rule but for its id.
func ruleValues(r *capture.Rule) ([]driver.Value, error) {
	params, err := json.Marshal(&r.Params)
	if err != nil {
		return nil, fmt.Errorf("keep a rule: %w", err)
	}
	return []driver.Value{
		r.Name, r.Enabled, r.Order, r.Endpoint, r.Filter, string(r.Kind), string(params),
		int64(r.End.Count), int64(r.End.Used), nanoseconds(r.End.Until), r.End.Quit, r.Hits,
	}, nil
}

func insertRule(conn *sqlite3.SQLiteConn, values []driver.Value) (int64, error) {
	result, err := conn.Exec(`INSERT INTO rule (name, enabled, place, endpoint, filter, kind, params, most, used, until, quit, hits)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, values)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// RemoveRule forgets a rule, or returns ErrNotFound.
func (db *DB) RemoveRule(ctx context.Context, id int64) error {
	return db.call(ctx, func(w *writer) error {
		n, err := execute(w.conn, "DELETE FROM rule WHERE id = ?", id)
		return changedRule(id, n, err)
	})
}

// CountRules keeps Hits and End.Used of rules. Those that are gone stay so.
func (db *DB) CountRules(ctx context.Context, rules []capture.Rule) error {
	return db.call(ctx, func(w *writer) error {
		for i := range rules {
			r := &rules[i]
			if _, err := execute(w.conn, "UPDATE rule SET hits = ?, used = ? WHERE id = ?", r.Hits, int64(r.End.Used), r.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

func changedRule(id, n int64, err error) error {
	if err == nil && n == 0 {
		err = fmt.Errorf("rule %d: %w", id, ErrNotFound)
	}
	return err
}

// ReplaceRules removes rules and keeps new ones, all of that or none, and returns
// the IDs of the new ones. Rules to remove that are gone stay so.
func (db *DB) ReplaceRules(ctx context.Context, remove []int64, add []capture.Rule) ([]int64, error) {
	ids := make([]int64, len(add))
	err := db.call(ctx, func(w *writer) error {
		for _, id := range remove {
			if _, err := execute(w.conn, "DELETE FROM rule WHERE id = ?", id); err != nil {
				return err
			}
		}
		for i := range add {
			values, err := ruleValues(&add[i])
			if err != nil {
				return err
			}
			if ids[i], err = insertRule(w.conn, values); err != nil {
				return err
			}
		}
		return nil
	})
	return ids, err
}

// PlaceRules has rules asked in this order, from the place 1 on. Those that are
// gone stay so.
func (db *DB) PlaceRules(ctx context.Context, ids []int64) error {
	return db.call(ctx, func(w *writer) error {
		for i, id := range ids {
			if _, err := execute(w.conn, "UPDATE rule SET place = ? WHERE id = ?", int64(i+1), id); err != nil {
				return err
			}
		}
		return nil
	})
}
