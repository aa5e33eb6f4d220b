package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hookglass/capture"
)

// Exchange returns a whole exchange, with head, header, body and answer, or
// ErrNotFound. An empty body comes back as nil.
func (db *DB) Exchange(ctx context.Context, id int64) (*capture.Exchange, error) {
	return db.exchange(ctx, "e.id = ?", id)
}

// ByUID is Exchange for a uid. What is no UUID is not found.
func (db *DB) ByUID(ctx context.Context, uid string) (*capture.Exchange, error) {
	key, err := parseUID(uid)
	if err != nil {
		return nil, fmt.Errorf("exchange %q: %w", uid, ErrNotFound)
	}
	return db.exchange(ctx, "e.uid = ?", key[:])
}

// wholeColumns are listColumns and what stands apart; whole scans them.
const (
	wholeColumns = "SELECT " + listColumns + ", m.exact, m.trailers, m.head, coalesce(m.body, o.body, b.data), m.body_of > 0, a.header, a.body"
	wholeJoins   = ` LEFT JOIN message m ON m.exchange_id = e.id
		LEFT JOIN message o ON o.exchange_id = nullif(m.body_of, 0) LEFT JOIN body b ON b.id = nullif(m.body_of, 0)
		LEFT JOIN answer a ON a.id = e.answer_id`
)

func (db *DB) exchange(ctx context.Context, condition string, key any) (*capture.Exchange, error) {
	row := db.read.QueryRowContext(ctx, wholeColumns+" FROM exchange e"+wholeJoins+" WHERE "+condition, key)
	x, shared, err := whole(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("exchange %v: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, explain(err)
	}
	if x.Via == capture.ViaReplay {
		err = db.addSending(ctx, x, shared)
	}
	return x, err
}

// whole scans an exchange, and says whether its body is another's too.
func whole(scan func(...any) error) (x *capture.Exchange, sharing bool, err error) {
	var l listed
	var exact, shared sql.NullBool
	var trailers, answerHeader sql.NullString
	var head, body, answerBody []byte
	if err := scan(append(l.targets(), &exact, &trailers, &head, &body, &shared, &answerHeader, &answerBody)...); err != nil {
		return nil, false, err
	}
	made := l.exchange()
	x = &made
	x.Request.Exact = exact.Bool
	x.Request.Head, x.Request.Body = nonempty(head), nonempty(body)
	x.Request.Header = headerOf(x.Request.Head)
	if x.Request.Trailers, err = decodeFields(trailers.String); err != nil {
		return nil, false, err
	}
	if x.Response != nil {
		x.Response.Body = nonempty(answerBody)
		x.Response.Header, err = decodeFields(answerHeader.String)
	}
	return x, shared.Bool, err
}

// Exchanges returns those of ids that are there and whose body is not above most
// bytes, as Exchange does, but without what is known of resends alone.
func (db *DB) Exchanges(ctx context.Context, ids []int64, most int64) ([]*capture.Exchange, error) {
	list, err := json.Marshal(ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, wholeColumns+" FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value"+wholeJoins+
		" WHERE e.size <= ?", string(list), most)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []*capture.Exchange
	for rows.Next() {
		x, _, err := whole(rows.Scan)
		if err != nil {
			return nil, explain(err)
		}
		all = append(all, x)
	}
	return all, explain(rows.Err())
}

func nonempty(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}
