package store

import (
	"strings"
	"time"

	"hookglass/capture"
)

// Query says which exchanges to list: those that meet all of it. The zero value
// lists the newest 100. Hidden ones are never listed.
type Query struct {
	Before, After int64 // only ids below and above; 0: no bound
	Limit         int   // at most; 0: 100, and for IDsOf no limit
	Ascending     bool  // oldest first

	Provider *string // "" asks for unknown senders; nil for all
	Verdict  capture.Status
	Verdicts []capture.Status // any of these; none: all
	State    capture.State
	Via      capture.Via
	Pinned   bool // only pinned ones
	Event    string
	Order    string
	Since    time.Time // received then or later; the zero time: no bound
	Until    time.Time // received then or earlier; the zero time: no bound
	Session  int64     // of this one; 0: of all that are neither deleted nor staged

	Filter capture.Filter // and what this asks; the zero value asks for nothing
	Now    time.Time      // what the filter's spans count from; the zero time: the moment of asking
}

const defaultLimit = 100

// conditions are the terms of a WHERE with their arguments.
type conditions struct {
	terms []string
	args  []any
}

func (c *conditions) add(term string, args ...any) {
	c.terms = append(c.terms, "("+term+")")
	c.args = append(c.args, args...)
}

// where makes the conditions of q, and of the further term, on exchange e.
func (q *Query) where(further string) (string, []any) { return q.whereBut(further, nil) }

// whereBut is where without the parts of the filter that are known to be met.
func (q *Query) whereBut(further string, sure map[*capture.FilterNode]bool) (string, []any) {
	c := conditions{terms: []string{further}}
	if q.After > 0 {
		c.add("e.id > ?", q.After)
	}
	if q.Before > 0 {
		c.add("e.id < ?", q.Before)
	}
	q.addColumns(&c)
	if !q.Since.IsZero() {
		c.add("e.received_at >= ?", unixNano(q.Since))
	}
	if !q.Until.IsZero() {
		c.add("e.received_at <= ?", unixNano(q.Until))
	}
	now := q.Now
	if now.IsZero() {
		now = time.Now()
	}
	c.addFilter(q.Filter, now, sure)
	return " WHERE " + strings.Join(c.terms, " AND "), c.args
}

func (q *Query) addColumns(c *conditions) {
	if q.Session > 0 {
		c.add("e.session = ?", q.Session)
	} else {
		c.add("e.session IN (" + listedSessions + ")")
	}
	// The tables spare reading every row.
	if q.Pinned {
		c.add("e.id IN (SELECT id FROM spared) AND e.pinned = 1")
	}
	if q.Via == capture.ViaReplay {
		c.add("e.id IN (SELECT id FROM replay)")
	}
	if q.Provider != nil {
		c.add("e.provider = ?", *q.Provider)
	}
	for _, equal := range [...]struct{ column, value string }{
		{"e.status", string(q.Verdict)},
		{"e.state", string(q.State)},
		{"e.via", string(q.Via)},
		{"e.event", q.Event},
		{"e.order_key", q.Order},
	} {
		if equal.value != "" {
			c.add(equal.column+" = ?", equal.value)
		}
	}
	if len(q.Verdicts) > 0 {
		marks := strings.Repeat(", ?", len(q.Verdicts))[2:]
		args := make([]any, len(q.Verdicts))
		for i, verdict := range q.Verdicts {
			args[i] = string(verdict)
		}
		c.add("e.status IN ("+marks+")", args...)
	}
}

func (q *Query) order() string {
	if q.Ascending {
		return " ORDER BY e.id"
	}
	return " ORDER BY e.id DESC"
}
