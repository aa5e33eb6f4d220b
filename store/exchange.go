package store

import (
	"context"
	"database/sql"
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

func (db *DB) exchange(ctx context.Context, condition string, key any) (*capture.Exchange, error) {
	var l listed
	var exact sql.NullBool
	var trailers, answerHeader sql.NullString
	var head, body, answerBody []byte
	err := db.read.QueryRowContext(ctx, "SELECT "+listColumns+`, m.exact, m.trailers, m.head, m.body, a.header, a.body
		FROM exchange e LEFT JOIN message m ON m.exchange_id = e.id LEFT JOIN answer a ON a.id = e.answer_id
		WHERE `+condition, key).
		Scan(append(l.targets(), &exact, &trailers, &head, &body, &answerHeader, &answerBody)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("exchange %v: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, explain(err)
	}
	x := l.exchange()
	x.Request.Exact = exact.Bool
	x.Request.Head, x.Request.Body = nonempty(head), nonempty(body)
	x.Request.Header = headerOf(x.Request.Head)
	if x.Request.Trailers, err = decodeFields(trailers.String); err != nil {
		return nil, err
	}
	if x.Response != nil {
		x.Response.Body = nonempty(answerBody)
		if x.Response.Header, err = decodeFields(answerHeader.String); err != nil {
			return nil, err
		}
	}
	return &x, nil
}

func nonempty(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}
