package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hookglass/capture"
)

// Value is one that an operator can be asked for.
type Value struct {
	Text  string // as capture.FilterTerm takes it
	Count int64  // how many of those that were looked at have it
}

const (
	// valueRows is how many of the newest exchanges values are looked for in, and
	// headedRows of how many the head is read.
	valueRows  = 1000
	headedRows = 200

	maxValue = 200 // bytes; longer ones help nobody who types
)

// Values returns values of an operator that occur and begin with prefix, in any
// case of letters, the most frequent first: at most limit. Of a header they are
// names, and once prefix has a colon "name: value". They are looked for in all
// exchanges where facets tell them, else in the newest. session 0 is all of them.
func (db *DB) Values(ctx context.Context, session int64, operator, prefix string, limit int) ([]Value, error) {
	op := capture.FindOperator(operator)
	if op == nil || limit <= 0 {
		return nil, nil
	}
	v := values{op: op, prefix: prefix, counts: map[string]int64{}}
	for _, value := range op.Values {
		v.add(value, 0)
	}
	var err error
	switch op.Name {
	case "provider", "event", "verified", "status", "by", "state", "via":
		err = db.facetValues(ctx, session, &v)
	case "header":
		err = db.headerValues(ctx, session, &v)
	default:
		err = db.rowValues(ctx, session, &v)
	}
	return v.mostFrequent(limit), err
}

// values counts the values of an operator.
type values struct {
	op     *capture.Operator
	prefix string
	counts map[string]int64
}

func (v *values) add(text string, n int64) {
	if text != "" && len(text) <= maxValue && len(text) >= len(v.prefix) && strings.EqualFold(text[:len(v.prefix)], v.prefix) {
		v.counts[text] += n
	}
}

func (v *values) mostFrequent(limit int) []Value {
	all := make([]Value, 0, len(v.counts))
	for text, n := range v.counts {
		all = append(all, Value{text, n})
	}
	slices.SortFunc(all, func(a, b Value) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return all[:min(len(all), limit)]
}

// facetValues counts all exchanges by their facets.
func (db *DB) facetValues(ctx context.Context, session int64, v *values) error {
	known, err := db.facets(ctx)
	if err != nil {
		return err
	}
	shown, err := db.shownSessions(ctx)
	if err != nil {
		return err
	}
	rows, err := db.read.QueryContext(ctx, "SELECT facet, count(*) FROM exchange INDEXED BY exchange_facet GROUP BY facet")
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	counts := map[int64]int64{}
	for rows.Next() {
		var facet, n int64
		if err := rows.Scan(&facet, &n); err != nil {
			return explain(err)
		}
		counts[facet] = n
	}
	q := Query{Session: session}
	for i := range known {
		k := &known[i]
		if counts[k.id] == 0 || q.asks(&k.facetKey, shown) == none {
			continue
		}
		x := capture.Exchange{
			Via: k.via, State: k.state, Response: &capture.Response{Status: int(max(k.answered, 0)), By: k.by},
			Annotation: capture.Annotation{Provider: k.provider, Event: k.event, Verification: capture.Verification{Status: k.status}},
		}
		if text := v.op.Value(&x); text != anything {
			v.add(text, counts[k.id])
		}
	}
	return explain(rows.Err())
}

// rowValues counts the newest exchanges, and some that the index knows to begin
// so.
func (db *DB) rowValues(ctx context.Context, session int64, v *values) error {
	ids, err := db.IDsOf(ctx, Query{Limit: valueRows, Session: session})
	if err != nil {
		return err
	}
	if f, err := capture.ParseFilter(v.op.Name + ":" + v.prefix + "*"); err == nil && v.op.Takes == capture.TakesText && f.Root().Term != nil {
		if query, _ := termQuery(f.Root().Term, false); query != "" {
			more, err := db.IDsOf(ctx, Query{Limit: headedRows, Session: session, Filter: f})
			if err != nil {
				return err
			}
			ids = append(ids, more...)
			slices.Sort(ids)
			ids = slices.Compact(ids)
		}
	}
	rows, err := db.Rows(ctx, ids)
	for i := range rows {
		v.add(v.op.Value(&rows[i]), 1)
	}
	return err
}

// headerValues counts the header fields of the newest exchanges.
func (db *DB) headerValues(ctx context.Context, session int64, v *values) error {
	ids, err := db.IDsOf(ctx, Query{Limit: headedRows, Session: session})
	if err != nil {
		return err
	}
	name, _, valued := strings.Cut(v.prefix, ":")
	for _, id := range ids {
		var head []byte
		if err := db.read.QueryRowContext(ctx, "SELECT "+headOf+" FROM exchange e WHERE e.id = ?", id).Scan(&head); err != nil {
			continue // deleted meanwhile
		}
		for _, field := range headerOf(head) {
			switch {
			case !valued:
				v.add(strings.ToLower(field.Name), 1)
			case strings.EqualFold(field.Name, name):
				v.add(name+": "+field.Value, 1)
			}
		}
	}
	return nil
}
