package store

import (
	"database/sql/driver"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// facetKey is a combination of what exchanges are told apart by. Few of them
// occur: so what asks about these columns alone is asked of each combination, and
// not of each exchange. anything stands where there would be too many.
type facetKey struct {
	session         int64
	via             capture.Via
	state           capture.State
	provider, event string
	status          capture.Status
	answered        int64 // 0: not answered; -1: anything
	by              capture.By
}

const (
	anything = "*"

	// maxFacets is how many combinations a session may have before events are no
	// longer told apart: a stranger can invent those. After twice as many nothing
	// is, as a stranger's file can invent the rest.
	maxFacets     = 1024
	maxFacetEvent = 100 // bytes
)

// facetOf is the combination of an exchange.
func facetOf(x *capture.Exchange) facetKey {
	k := facetKey{
		session: x.Session, via: x.Via, state: x.State,
		provider: x.Annotation.Provider, event: x.Annotation.Event, status: x.Annotation.Verification.Status,
	}
	if x.Response != nil {
		k.answered, k.by = int64(x.Response.Status), x.Response.By
	}
	return k
}

// withAnnotation is k with the annotation of x.
func (k facetKey) withAnnotation(x *capture.Exchange) facetKey {
	now := facetOf(x)
	k.provider, k.event, k.status = now.provider, now.event, now.status
	return k
}

// withOutcome is k with the state and the answer of x.
func (k facetKey) withOutcome(x *capture.Exchange) facetKey {
	now := facetOf(x)
	k.state, k.answered, k.by = now.state, now.answered, now.by
	return k
}

// class says who goes first when room is needed.
func (k *facetKey) class() int64 {
	switch {
	case k.status == "" && k.state != capture.StateRefused: // not annotated yet
		return classLast
	case k.provider == "", k.provider == anything:
		return classUnknown
	case !k.status.Proven():
		return classUnproven
	}
	return classLast
}

// facets is the dictionary of the writer, whose goroutine alone uses it.
type facets struct {
	known map[facetKey]int64
	keys  map[int64]facetKey
	count map[int64]int // by session

	insert, row *statement
}

const facetColumns = "session, via, state, provider, event, status, answer_status, answer_by"

func (f *facets) open(p *preparer) {
	f.insert = p.prepare("INSERT INTO facet (" + facetColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")
	f.row = p.prepare("SELECT facet FROM exchange WHERE id = ?")
	if p.err == nil {
		p.err = f.load(p.conn)
	}
}

// load reads the dictionary anew: after a rollback too, as what is new in it is
// gone then.
func (f *facets) load(conn *sqlite3.SQLiteConn) error {
	f.known, f.keys, f.count = map[facetKey]int64{}, map[int64]facetKey{}, map[int64]int{}
	s, err := prepare(conn, "SELECT id, "+facetColumns+" FROM facet")
	if err != nil {
		return err
	}
	defer s.stmt.Close()
	return s.each(func(row []driver.Value) error {
		id, _ := row[0].(int64)
		f.learn(id, facetKeyOf(row[1:]))
		return nil
	})
}

func (f *facets) learn(id int64, k facetKey) {
	f.known[k], f.keys[id] = id, k
	f.count[k.session]++
}

// facetKeyOf reads facetColumns.
func facetKeyOf(row []driver.Value) facetKey {
	text := func(i int) string { s, _ := row[i].(string); return s }
	k := facetKey{
		via: capture.Via(text(1)), state: capture.State(text(2)), provider: text(3), event: text(4),
		status: capture.Status(text(5)), by: capture.By(text(7)),
	}
	k.session, _ = row[0].(int64)
	k.answered, _ = row[6].(int64)
	return k
}

// id returns the number of a combination, or of one that stands for it, and notes
// it where it is new.
func (f *facets) id(k facetKey) (int64, error) {
	if id, ok := f.known[k]; ok {
		return id, nil
	}
	if len(k.event) > maxFacetEvent || f.count[k.session] >= maxFacets && k.event != "" {
		k.event = anything
	}
	if f.count[k.session] >= 2*maxFacets {
		k = facetKey{k.session, k.via, anything, anything, anything, anything, -1, anything}
	}
	if id, ok := f.known[k]; ok {
		return id, nil
	}
	k.event, k.provider = strings.Clone(k.event), strings.Clone(k.provider) // they may be pieces of a body
	var id int64
	keep := func(row []driver.Value) error { id, _ = row[0].(int64); return nil }
	values := [...]driver.Value{k.session, string(k.via), string(k.state), k.provider, k.event, string(k.status), k.answered, string(k.by)}
	if err := f.insert.each(keep, values[:]...); err != nil {
		return 0, err
	}
	f.learn(id, k)
	return id, nil
}

// of returns the combination that a row has now.
func (f *facets) of(id int64) (k facetKey, found bool, err error) {
	err = f.row.each(func(row []driver.Value) error {
		number, _ := row[0].(int64)
		k, found = f.keys[number]
		return nil
	}, id)
	return k, found, err
}

// drop forgets the combinations of a session that is gone.
func (f *facets) drop(session int64) {
	for id, k := range f.keys {
		if k.session == session {
			delete(f.keys, id)
			delete(f.known, k)
		}
	}
	delete(f.count, session)
}

// choose returns the numbers of those combinations that are wanted, ascending.
func (f *facets) choose(wanted func(k *facetKey) bool) []int64 {
	var ids []int64
	for id, k := range f.keys {
		if wanted(&k) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
