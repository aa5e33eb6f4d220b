package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
)

// Query says which exchanges to list. The zero value lists the newest 100.
type Query struct {
	Before, After int64 // only ids below and above; 0: no bound
	Limit         int   // at most; 0: 100
	Ascending     bool  // oldest first

	Provider *string // "" asks for unknown senders; nil for all
	Verdict  capture.Status
	Event    string
	Order    string
	Since    time.Time // received then or later; the zero time: no bound
}

const defaultLimit = 100

const listColumns = `e.id, e.uid, e.received_at, e.via, e.state, e.origin, e.pinned, e.endpoint,
	e.remote, e.source, e.method, e.target, e.proto, e.host, e.size, e.truncated, e.error,
	e.provider, e.event, e.summary, e.order_key, e.delivery, e.attempt,
	e.status, e.at_arrival, e.scheme, e.proof, e.proof_key, e.reason,
	e.answer_status, e.answer_by, e.answer_preset, e.answered_at, e.took`

// listed receives listColumns.
type listed struct {
	x                        capture.Exchange
	uid                      []byte
	received, answered, took int64
	answer                   capture.Response
}

func (l *listed) targets() []any {
	x, r, a, v := &l.x, &l.x.Request, &l.x.Annotation, &l.x.Annotation.Verification
	return []any{
		&x.ID, &l.uid, &l.received, &x.Via, &x.State, &x.Origin, &x.Pinned, &x.Endpoint,
		&r.Remote, &r.Source, &r.Method, &r.Target, &r.Proto, &r.Host, &r.Size, &r.Truncated, &x.Error,
		&a.Provider, &a.Event, &a.Summary, &a.Order, &a.Delivery, &a.Attempt,
		&v.Status, &a.AtArrival, &v.Scheme, &v.Header, &v.Key, &v.Reason,
		&l.answer.Status, &l.answer.By, &l.answer.Preset, &l.answered, &l.took,
	}
}

func (l *listed) exchange() capture.Exchange {
	x := l.x
	x.UID = formatUID(l.uid)
	x.Request.Received = moment(l.received)
	if l.answer.Status != 0 {
		answer := l.answer
		answer.Timing = capture.Timing{Answered: moment(l.answered), Took: time.Duration(l.took)}
		x.Response = &answer
	}
	return x
}

// where makes the conditions of q.
func (q *Query) where() (string, []any) {
	var conditions []string
	var args []any
	add := func(condition string, arg any) {
		conditions = append(conditions, condition)
		args = append(args, arg)
	}
	if q.Before > 0 {
		add("e.id < ?", q.Before)
	}
	if q.After > 0 {
		add("e.id > ?", q.After)
	}
	if q.Provider != nil {
		add("e.provider = ?", *q.Provider)
	}
	if q.Verdict != "" {
		add("e.status = ?", string(q.Verdict))
	}
	if q.Event != "" {
		add("e.event = ?", q.Event)
	}
	if q.Order != "" {
		add("e.order_key = ?", q.Order)
	}
	if !q.Since.IsZero() {
		add("e.received_at >= ?", q.Since.UnixNano())
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// List returns exchanges as lists show them: newest first, without header, head,
// trailers and bodies. To page, ask again with Before set to the smallest id of
// the page before (After and the largest, when Ascending).
func (db *DB) List(ctx context.Context, q Query) ([]capture.Exchange, error) {
	where, args := q.where()
	direction := " DESC"
	if q.Ascending {
		direction = ""
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	rows, err := db.read.QueryContext(ctx, "SELECT "+listColumns+" FROM exchange e"+where+
		" ORDER BY e.id"+direction+" LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var l listed
	targets := l.targets()
	var list []capture.Exchange
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, explain(err)
		}
		list = append(list, l.exchange())
	}
	return slices.Clip(list), explain(rows.Err())
}

// IDs returns the ids of a provider's exchanges below before (0: from the
// newest), newest first: the order in which they are verified again.
func (db *DB) IDs(ctx context.Context, provider string, before int64, limit int) ([]int64, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	rows, err := db.read.QueryContext(ctx, "SELECT id FROM exchange WHERE provider = ? AND id < ? ORDER BY id DESC LIMIT ?",
		provider, before, limit)
	if err != nil {
		return nil, explain(err)
	}
	return scanIDs(rows)
}

func scanIDs(rows *sql.Rows) ([]int64, error) {
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, explain(err)
		}
		ids = append(ids, id)
	}
	return ids, explain(rows.Err())
}
