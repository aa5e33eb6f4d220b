package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"hookglass/capture"
)

// creation is a Create that waits for its commit.
type creation struct {
	x     *capture.Exchange
	state atomic.Int32
	err   error // its own, from the writer
	done  chan error
}

// The states of a creation. Who moves it from waiting decides what becomes of it.
const (
	waiting int32 = iota
	taken
	abandoned
)

// Create keeps a request and returns when it is on disk, with x.ID set. Where x
// is already annotated or answered (a refused or an imported one), that is kept
// in the same commit. An empty UID is filled in; one that is no UUID is an
// error. When ctx ends before the writer has taken x, nothing is kept.
func (db *DB) Create(ctx context.Context, x *capture.Exchange) error {
	if db.writer == nil {
		return ErrReadOnly
	}
	if x.UID == "" {
		x.UID = capture.NewUID(x.Request.Received)
	} else if _, err := parseUID(x.UID); err != nil {
		return err
	}
	c := &creation{x: x, done: make(chan error, 1)}
	if err := enqueue(ctx, db.writer, db.writer.creations, c); err != nil {
		return err
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		if c.state.CompareAndSwap(waiting, abandoned) {
			return ctx.Err()
		}
		return <-c.done
	}
}

// finished reports whether x carries more than its request.
func finished(x *capture.Exchange) bool {
	return x.Response != nil || annotated(x)
}

// creator writes requests.
type creator struct {
	exchange, whole, message, spared *statement
	resends                          resends
	remarks                          remarks
	imports                          imports
	facets                           *facets
	active                           int64 // the session of what is captured
}

func (c *creator) open(p *preparer, f *facets) {
	c.facets = f
	c.active = p.integer("SELECT value FROM mark WHERE name = 'active_session'")
	c.exchange = p.prepare(`INSERT INTO exchange (id, uid, received_at, via, state, origin, pinned, endpoint,
		remote, source, method, target, proto, host, size, truncated, error, session, facet)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	c.whole = p.prepare(`INSERT INTO exchange (id, uid, received_at, via, state, origin, pinned, endpoint,
		remote, source, method, target, proto, host, size, truncated, error, session, facet,
		annotated, provider, event, summary, order_key, delivery, attempt, status, at_arrival, scheme, proof, proof_key, reason,
		answer_status, answer_by, answer_preset, answer_rule, answer_rule_name, answered_at, took, answer_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	c.message = p.prepare("INSERT INTO message (exchange_id, exact, trailers, head, body, body_of) VALUES (?, ?, ?, ?, ?, ?)")
	c.spared = p.prepare("INSERT OR REPLACE INTO spared (id, through) VALUES (?, ?)")
	c.resends.open(p)
	c.remarks.open(p)
	c.imports.open(p)
}

// create writes a request of which nothing else is known.
func (c *creator) create(x *capture.Exchange) error {
	uid, err := parseUID(x.UID)
	if err != nil {
		return err
	}
	facet, err := c.facets.id(facetKey{session: x.Session, via: x.Via, state: x.State})
	if err != nil {
		return err
	}
	r := &x.Request
	if _, err = c.exchange.exec(x.ID, uid[:], nanoseconds(r.Received), string(x.Via), string(x.State), x.Origin, x.Pinned, x.Endpoint,
		r.Remote, r.Source, r.Method, r.Target, r.Proto, r.Host, r.Size, r.Truncated, x.Error, x.Session, facet); err != nil {
		return err
	}
	return c.rest(x)
}

// createWhole writes an exchange with all that became of it.
func (c *creator) createWhole(x *capture.Exchange, uid [16]byte, answer *answerRow) error {
	facet, err := c.facets.id(facetOf(x))
	if err != nil {
		return err
	}
	r, a, v := &x.Request, &x.Annotation, &x.Annotation.Verification
	if _, err := c.whole.exec(x.ID, uid[:], nanoseconds(r.Received), string(x.Via), string(x.State), x.Origin, x.Pinned, x.Endpoint,
		r.Remote, r.Source, r.Method, r.Target, r.Proto, r.Host, r.Size, r.Truncated, x.Error, x.Session, facet,
		annotated(x), a.Provider, a.Event, a.Summary, a.Order, a.Delivery, int64(a.Attempt),
		string(v.Status), string(atArrival(a)), v.Scheme, v.Header, v.Key, v.Reason,
		answer.status, answer.by, answer.preset, answer.rule, answer.ruleName, answer.answered, answer.took, answer.id); err != nil {
		return err
	}
	return c.rest(x)
}

// rest writes what stands beside the row of a list.
func (c *creator) rest(x *capture.Exchange) error {
	r := &x.Request
	trailers, err := encodeFields(r.Trailers)
	if err != nil {
		return err
	}
	body, shared := r.Body, int64(0)
	if x.Via == capture.ViaReplay && x.Sent != nil && x.Sent.SameBody {
		if shared, err = c.resends.share(x); err != nil {
			return err
		}
		if shared > 0 {
			body = nil
		}
	}
	if _, err = c.message.exec(x.ID, r.Exact, trailers, r.Head, body, shared); err != nil {
		return err
	}
	return c.note(x)
}

// note keeps apart the few that are to be found without reading every row.
func (c *creator) note(x *capture.Exchange) error {
	if x.Via == capture.ViaReplay {
		if err := c.resends.note(x); err != nil {
			return err
		}
	}
	if x.Mark != "" || x.Note != "" {
		if err := c.remarks.put(x.ID, x.Mark, x.Note); err != nil {
			return err
		}
	}
	if x.Pinned {
		return c.spare(x.ID)
	}
	return nil
}

// nanoseconds is the Unix time of t; 0 stands for the zero time.
func nanoseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return unixNano(t)
}

// unixNano is t in Unix nanoseconds, or what is nearest of those: they go from 1677
// to 2262, and a file or a filter may name any year.
func unixNano(t time.Time) int64 {
	switch seconds := t.Unix(); {
	case seconds <= math.MinInt64/int64(time.Second):
		return math.MinInt64
	case seconds >= math.MaxInt64/int64(time.Second):
		return math.MaxInt64
	}
	return t.UnixNano()
}

func moment(nanoseconds int64) time.Time {
	if nanoseconds == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanoseconds).UTC()
}

// encodeFields makes JSON of fields, [[name, value], …], and nil of none. It is
// text for people who open the file; bytes that are not UTF-8 go through
// encodeText.
func encodeFields(fields capture.Fields) (any, error) {
	if len(fields) == 0 {
		return nil, nil
	}
	pairs := make([][2]string, len(fields))
	for i, f := range fields {
		pairs[i] = [2]string{encodeText(f.Name), encodeText(f.Value)}
	}
	text, err := json.Marshal(pairs)
	return string(text), err
}

func decodeFields(text string) (capture.Fields, error) {
	if text == "" {
		return nil, nil
	}
	var pairs [][2]string
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return nil, fmt.Errorf("reading stored header fields: %w", err)
	}
	fields := make(capture.Fields, len(pairs))
	for i, p := range pairs {
		fields[i] = capture.Field{Name: decodeText(p[0]), Value: decodeText(p[1])}
	}
	return fields, nil
}

// encodeText reads bytes as Latin-1, as header fields once were defined: JSON
// can then hold any byte.
func encodeText(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			runes := make([]rune, len(s))
			for i := range len(s) {
				runes[i] = rune(s[i])
			}
			return string(runes)
		}
	}
	return s
}

func decodeText(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

var errUID = errors.New("not a UUID")

// parseUID reads a UUID in its usual form of 36 characters.
func parseUID(s string) (uid [16]byte, err error) {
	if len(s) != 36 {
		return uid, fmt.Errorf("%q is %w", s, errUID)
	}
	n := 0
	for i := 0; i < len(s); {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return uid, fmt.Errorf("%q is %w", s, errUID)
			}
			i++
		}
		high, low := digit(s[i]), digit(s[i+1])
		if high < 0 || low < 0 {
			return uid, fmt.Errorf("%q is %w", s, errUID)
		}
		uid[n] = byte(high<<4 | low)
		n++
		i += 2
	}
	return uid, nil
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func formatUID(uid []byte) string {
	if len(uid) != 16 {
		return ""
	}
	text := make([]byte, 0, 36)
	for i, c := range uid {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text = append(text, '-')
		}
		text = append(text, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&0xf])
	}
	return string(text)
}
