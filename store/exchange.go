package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
	x, err := db.exchange(ctx, "e.uid = ?", key[:])
	if errors.Is(err, ErrNotFound) { // of a file that was read while another exchange had it
		return db.exchange(ctx, "e.id = (SELECT min(id) FROM imported WHERE uid = ?)", key[:])
	}
	return x, err
}

// wholeColumns are listColumns and what stands apart; a wholeScan takes them.
const (
	wholeColumns = "SELECT " + listColumns + ", m.exact, m.trailers, m.head, coalesce(m.body, o.body, b.data), m.body_of > 0, a.header, a.body"
	wholeJoins   = ` LEFT JOIN message m ON m.exchange_id = e.id
		LEFT JOIN message o ON o.exchange_id = nullif(m.body_of, 0) LEFT JOIN body b ON b.id = nullif(m.body_of, 0)
		LEFT JOIN answer a ON a.id = e.answer_id`
)

func (db *DB) exchange(ctx context.Context, condition string, key any) (*capture.Exchange, error) {
	row := db.read.QueryRowContext(ctx, wholeColumns+" FROM exchange e"+wholeJoins+" WHERE "+condition, key)
	x, shared, err := new(wholeScan).exchange(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("exchange %v: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, explain(err)
	}
	if x.Via == capture.ViaReplay {
		err = db.addSending(ctx, x, shared)
	}
	return x, errors.Join(err, db.addImported(ctx, []*capture.Exchange{x}))
}

// wholeScan scans one exchange after the other.
type wholeScan struct {
	listed
	exact, shared          sql.NullBool
	trailers, answerHeader sql.NullString
	head, body, answerBody blob

	to      []any
	kept    string // the header of the last answer, as it stands there
	decoded capture.Fields
}

// exchange scans one, and says whether its body is another's too.
func (s *wholeScan) exchange(scan func(...any) error) (x *capture.Exchange, sharing bool, err error) {
	if s.to == nil {
		s.to = append(s.targets(), &s.exact, &s.trailers, &s.head, &s.body, &s.shared, &s.answerHeader, &s.answerBody)
	}
	if err := scan(s.to...); err != nil {
		return nil, false, err
	}
	made := s.listed.exchange()
	x = &made
	x.Request.Exact = s.exact.Bool
	x.Request.Head, x.Request.Body = nonempty(s.head), nonempty(s.body)
	x.Request.Header = headerOf(x.Request.Head)
	if x.Request.Trailers, err = decodeFields(s.trailers.String); err != nil {
		return nil, false, err
	}
	if x.Response != nil {
		x.Response.Body = nonempty(s.answerBody)
		x.Response.Header, err = s.headerOfAnswer()
	}
	return x, s.shared.Bool, err
}

// headerOfAnswer decodes the header of an answer: most have the one before.
func (s *wholeScan) headerOfAnswer() (capture.Fields, error) {
	if s.answerHeader.String != s.kept {
		fields, err := decodeFields(s.answerHeader.String)
		if err != nil {
			return nil, err
		}
		s.kept, s.decoded = s.answerHeader.String, fields
	}
	return slices.Clone(s.decoded), nil
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
	var s wholeScan
	for rows.Next() {
		x, _, err := s.exchange(rows.Scan)
		if err != nil {
			return nil, explain(err)
		}
		all = append(all, x)
	}
	if err := errors.Join(explain(rows.Err()), rows.Close()); err != nil {
		return nil, err
	}
	return all, db.addImported(ctx, all)
}

// blob takes bytes as the driver gives them: it makes each a copy of its own, and
// database/sql would make another one.
type blob []byte

// Scan implements sql.Scanner. NULL is nil.
func (b *blob) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*b = nil
	case []byte:
		*b = v
	case string:
		*b = []byte(v)
	default:
		return fmt.Errorf("a %T where bytes are kept", v)
	}
	return nil
}

func nonempty(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}
