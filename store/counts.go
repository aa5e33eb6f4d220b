package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"math"
	"sync"
	"sync/atomic"

	"hookglass/capture"
)

// Counts says how many exchanges are listed, by what the sidebar tells apart. Of the
// maps, only what has any is there.
type Counts struct {
	Total     int64
	Pinned    int64
	Failed    int64            // the proof is invalid or malformed
	Held      int64            // a person is to answer
	Resent    int64            // came via replay
	Providers map[string]int64 // by ID; "" for unknown senders
	Verdicts  map[capture.Status]int64
	Answers   map[int]int64 // by the first digit of the status; 0: not answered

	kinds []facetCount // nil for none
}

// facetCount says how many exchanges have a facet.
type facetCount struct {
	facet *facetKey
	n     int64
}

// Matching returns how many of those that were counted match a filter. It is not ok
// where that cannot be told from what was counted: see DB.Tally.
func (c *Counts) Matching(f capture.Filter) (n int64, ok bool) {
	for _, kind := range c.kinds {
		switch kind.facet.asked(f.Root()) {
		case all:
			n += kind.n
		case some:
			return 0, false
		case none:
		}
	}
	return n, len(c.kinds) > 0 || c.Total == 0
}

// countsOf tells a tally by what the sidebar shows, for one session or for those
// that are shown.
func countsOf(t *tally, known []facet, session int64, shown map[int64]bool) Counts {
	c := Counts{Providers: map[string]int64{}, Verdicts: map[capture.Status]int64{}, Answers: map[int]int64{}}
	meant := func(of int64) bool { return session == of || session == 0 && shown[of] }
	for i := range known {
		k := &known[i].facetKey
		n := t.facets[known[i].id]
		if n == 0 || !meant(k.session) {
			continue
		}
		c.Total += n
		c.Providers[k.provider] += n
		c.Verdicts[k.status] += n
		c.Answers[int(max(k.answered, 0)/100)] += n
		if k.status == capture.Invalid || k.status == capture.Malformed {
			c.Failed += n
		}
		if k.state == capture.StateHeld && k.via != capture.ViaImport {
			c.Held += n
		}
		if k.via == capture.ViaReplay {
			c.Resent += n
		}
		c.kinds = append(c.kinds, facetCount{k, n})
	}
	for of, n := range t.pinned {
		if meant(of) {
			c.Pinned += n
		}
	}
	return c
}

// tally counts exchanges by facet, and pinned ones by session.
type tally struct{ facets, pinned map[int64]int64 }

func newTally() tally { return tally{map[int64]int64{}, map[int64]int64{}} }

// add adds what another tally has, so many times.
func (t *tally) add(more *tally, times int64) {
	for id, n := range more.facets {
		t.facets[id] += n * times
	}
	for id, n := range more.pinned {
		t.pinned[id] += n * times
	}
}

const (
	// unsettled is how many of the newest exchanges are counted anew each time:
	// most of them are still to be answered and annotated.
	unsettled = 4096

	// maxUncounted is how many there may be before those that are settled by now
	// are counted in.
	maxUncounted = 3 * unsettled
)

// counter remembers what Counts has counted of the rows that rarely change, and
// that one of them has.
type counter struct {
	through atomic.Int64 // the rows up to here are in settled
	changes atomic.Int64 // grows after a commit that changed one of them

	mu      sync.Mutex // guards the rest; one at a time counts
	known   bool       // settled is of all rows up to through, as they were at changes seen
	seen    int64
	settled tally
}

// changedOne is told of each row that was changed, once that can be read.
func (c *counter) changedOne(id int64) {
	if id <= c.through.Load() {
		c.changes.Add(1)
	}
}

// changedAny is told that any row may have been changed, deleted or hidden.
func (c *counter) changedAny() { c.changes.Add(1) }

// replace counts rows up to through otherwise, once that can be read. Where
// somebody is counting, nobody knows which of the two he reads.
func (c *counter) replace(r *recounting) {
	if !c.mu.TryLock() {
		c.changes.Add(1)
		return
	}
	defer c.mu.Unlock()
	if c.known && c.through.Load() == r.through {
		c.settled.add(&r.after, 1)
		c.settled.add(&r.before, -1)
	} else {
		c.changes.Add(1)
	}
}

// recounted runs f, which deletes, hides, shows or pins the exchanges of a list
// in JSON, inside a transaction, and notes what Counts is to count otherwise.
func (w *writer) recounted(list string, f func() error) error {
	through := w.counter.through.Load()
	if through == 0 || w.recount { // nobody counts, or only the newest
		w.recount = true
		return f()
	}
	if w.counted.through != 0 && w.counted.through != through {
		w.recount = true
	}
	if w.counted.through == 0 {
		w.counted = recounting{through, newTally(), newTally()}
	}
	err := w.countListed(list, through, &w.counted.before)
	if err == nil {
		err = f()
	}
	if err == nil {
		err = w.countListed(list, through, &w.counted.after)
	}
	return err
}

// recounting is what a transaction changes of what Counts has counted.
type recounting struct {
	through       int64 // 0: nothing
	before, after tally
}

const listedKinds = `SELECT e.facet, e.session, e.pinned
	FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value WHERE e.id <= ? AND ` + shown

// countListed adds what is shown of a list.
func (w *writer) countListed(list string, through int64, counts *tally) error {
	return w.listedKinds.each(func(row []driver.Value) error {
		facet, _ := row[0].(int64)
		session, _ := row[1].(int64)
		pinned, _ := row[2].(int64)
		counts.facets[facet]++
		counts.pinned[session] += pinned
		return nil
	}, list, through)
}

// Counts counts a session, or with 0 all that are neither staged nor deleted. The
// first time, and after rows that are not among the newest were changed, it goes
// through the whole index of facets; else, in the process that writes, only through
// the newest of it.
func (db *DB) Counts(ctx context.Context, session int64) (Counts, error) {
	counted, err := db.tally(ctx)
	if err != nil {
		return Counts{}, err
	}
	known, err := db.facets(ctx) // after the counting, so that none is unknown
	if err != nil {
		return Counts{}, err
	}
	var shown map[int64]bool
	if session == 0 {
		if shown, err = db.shownSessions(ctx); err != nil {
			return Counts{}, err
		}
	}
	return countsOf(&counted, known, session, shown), nil
}

// tally counts what is shown of all sessions.
func (db *DB) tally(ctx context.Context) (tally, error) {
	c := db.counter
	c.mu.Lock()
	defer c.mu.Unlock()
	var newest int64
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM exchange").Scan(&newest); err != nil {
		return tally{}, explain(err)
	}
	// What is changed between the two lines below is read, and noticed, too.
	from := c.through.Load()
	switch {
	case db.writer == nil || !c.known || c.seen != c.changes.Load():
		from, c.settled, c.known = 0, newTally(), false
		c.seen = c.changes.Load()
		c.through.Store(max(newest-unsettled, 0))
	case newest-from > maxUncounted:
		c.known = false
		c.through.Store(newest - unsettled)
	}
	through := c.through.Load()
	if !c.known && through > from {
		more, err := db.count(ctx, from, through)
		if err != nil {
			return tally{}, err
		}
		c.settled.add(&more, 1)
	}
	c.known = true
	counted, err := db.count(ctx, through, math.MaxInt64)
	if err != nil {
		return tally{}, err
	}
	counted.add(&c.settled, 1)
	return counted, nil
}

// The parts of what is shown of the ids above ?1 up to ?2, each by facet; what is
// hidden is taken away.
const (
	countAbove = `SELECT f.id, (SELECT count(*) FROM exchange e INDEXED BY exchange_facet
		WHERE e.facet = f.id AND e.id > max(?1, ?3) AND e.id <= ?2) FROM facet f`
	countHidden = `SELECT e.facet, -count(*) FROM hidden h CROSS JOIN exchange e ON e.id = h.id
		WHERE h.id > max(?1, ?3) AND h.id <= ?2 GROUP BY e.facet`
	countSpared = `SELECT e.facet, count(*) FROM spared s CROSS JOIN exchange e ON e.id = s.id
		WHERE s.through >= ?3 AND s.id > ?1 AND s.id <= min(?2, ?3) GROUP BY e.facet`
	countPinned = `SELECT e.session, count(*) FROM spared s CROSS JOIN exchange e ON e.id = s.id
		WHERE s.id > ?1 AND s.id <= ?2 AND e.pinned = 1 AND ?3 = ?3 GROUP BY e.session`
)

// count counts the shown rows with ids above after, up to through, as they stand
// together.
func (db *DB) count(ctx context.Context, after, through int64) (tally, error) {
	counted := newTally()
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return counted, explain(err)
	}
	defer func() { _ = tx.Rollback() }() // it has written nothing
	var clearedTo int64
	if err := tx.QueryRowContext(ctx, "SELECT "+clearedID).Scan(&clearedTo); err != nil {
		return counted, explain(err)
	}
	for _, part := range [...]struct {
		query string
		into  map[int64]int64
	}{
		{countAbove, counted.facets},
		{countHidden, counted.facets},
		{countSpared, counted.facets},
		{countPinned, counted.pinned},
	} {
		if err := addCounts(ctx, tx, part.into, part.query, after, through, clearedTo); err != nil {
			return counted, explain(err)
		}
	}
	return counted, nil
}

func addCounts(ctx context.Context, tx *sql.Tx, into map[int64]int64, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, n int64
		if err := rows.Scan(&id, &n); err != nil {
			return err
		}
		into[id] += n
	}
	return rows.Err()
}
