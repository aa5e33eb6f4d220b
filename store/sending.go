package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hookglass/capture"
)

// maxKnownBodies is how many callbacks are remembered whose bodies are shared.
const maxKnownBodies = 256

// resends writes what is known of resends alone. It belongs to the writer's
// goroutine.
type resends struct {
	known map[int64]int64 // callback → whose message has its body

	insert, find *statement
}

func (s *resends) open(p *preparer) {
	s.forget()
	s.insert = p.prepare(`INSERT INTO replay (id, origin, base, dns, connect, tls, first_byte, total, differences, hops)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	s.find = p.prepare("SELECT body_of, length(body) FROM message WHERE exchange_id = ?")
}

func (s *resends) forget() { s.known = make(map[int64]int64) }

// share returns whose body x has too. It returns 0 where its origin is gone.
func (s *resends) share(x *capture.Exchange) (int64, error) {
	if id := s.known[x.Origin]; id != 0 {
		return id, nil
	}
	var id int64
	err := s.find.each(func(row []driver.Value) error {
		id, _ = row[0].(int64)
		if length, _ := row[1].(int64); id == 0 && length == int64(len(x.Request.Body)) {
			id = x.Origin
		}
		return nil
	}, x.Origin)
	if err != nil || id == 0 {
		return 0, err
	}
	if len(s.known) >= maxKnownBodies {
		s.forget()
	}
	s.known[x.Origin] = id
	return id, nil
}

// note writes what is known of a resend.
func (s *resends) note(x *capture.Exchange) error {
	sent := x.Sent
	if sent == nil {
		sent = &capture.Sending{}
	}
	differences, err := jsonOf(sent.Differences)
	if err != nil {
		return err
	}
	hops, err := jsonOf(sent.Hops)
	if err != nil {
		return err
	}
	t := &sent.Timings
	_, err = s.insert.exec(x.ID, x.Origin, sent.Base, int64(t.DNS), int64(t.Connect), int64(t.TLS), int64(t.FirstByte), int64(t.Total),
		differences, hops)
	return err
}

// jsonOf is a list as JSON, and "" for an empty one.
func jsonOf[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

const timingColumns = "base, dns, connect, tls, first_byte, total"

// timingTargets receive timingColumns.
func timingTargets(s *capture.Sending) []any {
	t := &s.Timings
	return []any{&s.Base, (*nanos)(&t.DNS), (*nanos)(&t.Connect), (*nanos)(&t.TLS), (*nanos)(&t.FirstByte), (*nanos)(&t.Total)}
}

// nanos is a duration that is kept in nanoseconds.
type nanos time.Duration

// Scan implements sql.Scanner.
func (n *nanos) Scan(value any) error {
	number, ok := value.(int64)
	if !ok {
		return fmt.Errorf("%T is no duration", value)
	}
	*n = nanos(number)
	return nil
}

// addSending reads what is known of the sending of x. What came before there was
// such a thing has an empty one.
func (db *DB) addSending(ctx context.Context, x *capture.Exchange, shared bool) error {
	x.Sent = &capture.Sending{SameBody: shared}
	var differences, hops string
	err := db.read.QueryRowContext(ctx, "SELECT "+timingColumns+", differences, hops FROM replay WHERE id = ?", x.ID).
		Scan(append(timingTargets(x.Sent), &differences, &hops)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return explain(err)
	}
	for _, list := range []struct {
		text string
		into any
	}{{differences, &x.Sent.Differences}, {hops, &x.Sent.Hops}} {
		if list.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(list.text), list.into); err != nil {
			return fmt.Errorf("reading what is known of resend %d: %w", x.ID, err)
		}
	}
	return nil
}

// addTimings reads where the resends of a list went and how long that took, and
// nothing where there are none.
func (db *DB) addTimings(ctx context.Context, list []capture.Exchange) error {
	at := map[int64]int{}
	var ids []int64
	for i := range list {
		if list[i].Via == capture.ViaReplay {
			at[list[i].ID] = i
			ids = append(ids, list[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := db.read.QueryContext(ctx, "SELECT r.id, "+timingColumns+" FROM json_each(?) j CROSS JOIN replay r ON r.id = j.value", string(text))
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var sent capture.Sending
		if err := rows.Scan(append([]any{&id}, timingTargets(&sent)...)...); err != nil {
			return explain(err)
		}
		list[at[id]].Sent = &sent
	}
	return explain(rows.Err())
}
