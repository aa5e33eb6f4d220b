package store

import (
	"context"
	"database/sql"
	"time"

	"hookglass/capture"
)

const listColumns = `e.id, e.uid, e.received_at, e.via, e.state, e.origin, e.pinned, e.endpoint,
	e.remote, e.source, e.method, e.target, e.proto, e.host, e.size, e.truncated, e.error,
	e.provider, e.event, e.summary, e.order_key, e.delivery, e.attempt,
	e.status, e.at_arrival, e.scheme, e.proof, e.proof_key, e.reason,
	e.answer_status, e.answer_by, e.answer_preset, e.answer_rule, e.answer_rule_name, e.answered_at, e.took,
	e.session, coalesce((SELECT mark FROM remark WHERE id = e.id), ''), coalesce((SELECT note FROM remark WHERE id = e.id), '')`

// listed receives listColumns.
type listed struct {
	x                        capture.Exchange
	uid                      []byte
	received, answered, took int64
	answer                   capture.Response
}

func (l *listed) targets() []any {
	x, r, a, v := &l.x, &l.x.Request, &l.x.Annotation, &l.x.Annotation.Verification
	return []any{ // plain pointers: database/sql takes longer ways to types of our own
		&x.ID, &l.uid, &l.received, (*string)(&x.Via), (*string)(&x.State), &x.Origin, &x.Pinned, &x.Endpoint,
		&r.Remote, &r.Source, &r.Method, &r.Target, &r.Proto, &r.Host, &r.Size, &r.Truncated, &x.Error,
		&a.Provider, &a.Event, &a.Summary, &a.Order, &a.Delivery, &a.Attempt,
		(*string)(&v.Status), (*string)(&a.AtArrival), &v.Scheme, &v.Header, &v.Key, &v.Reason,
		&l.answer.Status, (*string)(&l.answer.By), &l.answer.Preset, &l.answer.Rule, &l.answer.RuleName, &l.answered, &l.took,
		&x.Session, (*string)(&x.Mark), &x.Note,
	}
}

func (l *listed) exchange() capture.Exchange {
	x := l.x
	x.UID = formatUID(l.uid)
	x.Request.Received = moment(l.received)
	if l.answer.Status != 0 || l.answer.By != "" { // who was cut off may have no status
		answer := l.answer
		answer.Timing = capture.Timing{Answered: moment(l.answered), Took: time.Duration(l.took)}
		x.Response = &answer
	}
	return x
}

// List returns exchanges as lists show them: newest first, without header, head,
// trailers and bodies. To page, ask again with Before set to the smallest id of
// the page before (After and the largest, when Ascending).
func (db *DB) List(ctx context.Context, q Query) ([]capture.Exchange, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	ids, err := db.IDsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	list, err := db.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	return list, db.addTimings(ctx, list)
}

func scanListed(list []capture.Exchange, rows *sql.Rows) ([]capture.Exchange, error) {
	defer rows.Close()
	var l listed
	targets := l.targets()
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, explain(err)
		}
		list = append(list, l.exchange())
	}
	return list, explain(rows.Err())
}

// IDs returns the ids of a provider's exchanges below before (0: from the
// newest), newest first: the order in which they are verified again. Hidden ones
// are among them, as they may be shown again, and none that were imported.
func (db *DB) IDs(ctx context.Context, provider string, before int64, limit int) ([]int64, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	rows, err := db.read.QueryContext(ctx, "SELECT id FROM exchange WHERE provider = ? AND via <> 'import' AND id < ? ORDER BY id DESC LIMIT ?",
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
