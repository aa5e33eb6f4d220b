package store

import (
	"context"
	"database/sql/driver"
	"slices"
	"sync"

	"hookglass/capture"
)

// answer is what a facet says to a question about exchanges.
type answer int

// What a facet can say of the exchanges that have it.
const (
	none answer = iota // of none of them
	some               // their rows tell
	all                // of all of them
)

// dictionary is what this process has read of the facets. They never change, and
// those of a session that is gone do no harm.
type dictionary struct {
	mu    sync.Mutex
	last  int64
	known []facet
}

// facet is a combination with its number.
type facet struct {
	id int64
	facetKey
}

// facets returns all facets, ascending. The slice is for reading only.
func (db *DB) facets(ctx context.Context) ([]facet, error) {
	d := &db.dictionary
	d.mu.Lock()
	defer d.mu.Unlock()
	rows, err := db.read.QueryContext(ctx, "SELECT id, "+facetColumns+" FROM facet WHERE id > ? ORDER BY id", d.last)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	row := make([]driver.Value, 9)
	targets := make([]any, len(row))
	for i := range row {
		targets[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, explain(err)
		}
		id, _ := row[0].(int64)
		d.known, d.last = append(d.known, facet{id, facetKeyOf(row[1:])}), id
	}
	return slices.Clip(d.known), explain(rows.Err())
}

// asks answers for the whole of a query but its filter, ids and times. shown are the
// sessions that a query of all sessions is about.
func (q *Query) asks(k *facetKey, shown map[int64]bool) answer {
	if q.Session > 0 && k.session != q.Session || q.Session == 0 && !shown[k.session] || q.Via != "" && k.via != q.Via {
		return none
	}
	least := all
	meet := func(wanted bool, value string, is bool) {
		switch {
		case !wanted || is:
		case value == anything:
			least = min(least, some)
		default:
			least = none
		}
	}
	meet(q.Provider != nil, k.provider, q.Provider != nil && k.provider == *q.Provider)
	meet(q.Verdict != "", string(k.status), k.status == q.Verdict)
	meet(len(q.Verdicts) > 0, string(k.status), slices.Contains(q.Verdicts, k.status))
	meet(q.State != "", string(k.state), k.state == q.State)
	meet(q.Event != "", k.event, k.event == q.Event && k.event != anything)
	meet(q.Pinned || q.Order != "", anything, false)
	return least
}

// asked answers a filter, or a part of one; nil asks for nothing.
func (k *facetKey) asked(n *capture.FilterNode) answer {
	if n == nil {
		return all
	}
	switch n.Kind {
	case capture.FilterIs:
		return k.term(n.Term)
	case capture.FilterNot:
		return all - k.asked(n.Parts[0])
	case capture.FilterAnd:
		least := all
		for _, part := range n.Parts {
			least = min(least, k.asked(part))
		}
		return least
	case capture.FilterOr:
		most := none
		for _, part := range n.Parts {
			most = max(most, k.asked(part))
		}
		return most
	}
	return some
}

// term answers a term: some where it asks for what facets do not tell.
func (k *facetKey) term(t *capture.Term) answer {
	if t.Op == nil {
		return some
	}
	var text string
	switch t.Op.Name {
	case "provider":
		text = k.provider
	case "event":
		text = k.event
	case "verified":
		text = string(k.status)
	case "by":
		text = string(k.by)
	case "state":
		text = string(k.state)
	case "via":
		text = string(k.via)
	case "status":
		if k.answered < 0 {
			return some
		}
		return surely(k.answered >= t.Low && k.answered <= t.High)
	default:
		return some
	}
	switch {
	case text == anything:
		return some
	case t.Op.Takes == capture.TakesText:
		return surely(t.Pattern.Match(text))
	case t.Op.Takes == capture.TakesChoice:
		return surely(slices.Contains(t.Choices, text))
	}
	return some
}

func surely(yes bool) answer {
	if yes {
		return all
	}
	return none
}

// listedSessions are those that a query of all sessions is about.
const listedSessions = "SELECT id FROM session WHERE state IN ('open', 'archived')"

// facetsFor returns the facets whose exchanges may be among what q is about: certain,
// where all of them are but for ids, times and what is hidden, and the others.
func (db *DB) facetsFor(ctx context.Context, q *Query) (certain, possible []int64, err error) {
	known, err := db.facets(ctx)
	if err != nil {
		return nil, nil, err
	}
	shown, err := db.shownSessions(ctx)
	if err != nil {
		return nil, nil, err
	}
	for i := range known {
		f := &known[i]
		switch min(q.asks(&f.facetKey, shown), f.asked(q.Filter.Root())) {
		case all:
			certain = append(certain, f.id)
		case some:
			possible = append(possible, f.id)
		case none:
		}
	}
	return certain, possible, nil
}

func (db *DB) shownSessions(ctx context.Context) (map[int64]bool, error) {
	ids, err := db.idList(ctx, listedSessions, nil)
	if err != nil {
		return nil, err
	}
	shown := map[int64]bool{}
	for _, id := range ids {
		shown[id] = true
	}
	return shown, nil
}
