package store

import (
	"context"
	"database/sql/driver"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Counts says how many exchanges are listed, by what the sidebar tells apart.
type Counts struct {
	Total     int64
	Pinned    int64
	Failed    int64            // the proof is invalid or malformed
	Held      int64            // a person is to answer
	Resent    int64            // came via replay
	Providers map[string]int64 // by ID; "" for unknown senders; only those that have any
}

func (c *Counts) add(more *Counts) {
	c.Total += more.Total
	c.Pinned += more.Pinned
	c.Failed += more.Failed
	c.Held += more.Held
	c.Resent += more.Resent
	for provider, n := range more.Providers {
		if c.Providers == nil {
			c.Providers = map[string]int64{}
		}
		c.Providers[provider] += n
	}
}

// subtract takes counts away that are among these.
func (c *Counts) subtract(less *Counts) {
	c.Total -= less.Total
	c.Pinned -= less.Pinned
	c.Failed -= less.Failed
	c.Held -= less.Held
	c.Resent -= less.Resent
	for provider, n := range less.Providers {
		if c.Providers[provider] -= n; c.Providers[provider] == 0 {
			delete(c.Providers, provider)
		}
	}
}

// clone returns counts with a map of their own.
func (c *Counts) clone() Counts {
	copied := *c
	copied.Providers = maps.Clone(c.Providers)
	return copied
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
	settled Counts
	names   []string // the providers that were met
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
func (c *counter) replace(before, after *Counts, through int64) {
	if !c.mu.TryLock() {
		c.changes.Add(1)
		return
	}
	defer c.mu.Unlock()
	if c.known && c.through.Load() == through {
		c.settled.add(after)
		c.settled.subtract(before)
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
	w.counted.through = through
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
	before, after Counts
}

const listedKinds = `SELECT e.provider, e.pinned, e.status IN ('invalid', 'malformed'), e.state = 'held', e.via = 'replay'
	FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value WHERE e.id <= ? AND ` + shown

// countListed adds what is shown of a list.
func (w *writer) countListed(list string, through int64, counts *Counts) error {
	return w.listedKinds.each(func(row []driver.Value) error {
		provider, _ := row[0].(string)
		one := Counts{Total: 1, Providers: map[string]int64{provider: 1}}
		for i, kind := range [...]*int64{&one.Pinned, &one.Failed, &one.Held, &one.Resent} {
			*kind, _ = row[i+1].(int64)
		}
		counts.add(&one)
		return nil
	}, list, through)
}

// Counts counts. The first time, and after rows that are not among the newest
// were changed, it reads every row; else, in the process that writes, only the
// newest.
func (db *DB) Counts(ctx context.Context) (Counts, error) {
	c := db.counter
	c.mu.Lock()
	defer c.mu.Unlock()
	var newest int64
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM exchange").Scan(&newest); err != nil {
		return Counts{}, explain(err)
	}
	// What is changed between the two lines below is read, and noticed, too.
	from := c.through.Load()
	switch {
	case db.writer == nil || !c.known || c.seen != c.changes.Load():
		from, c.settled, c.known = 0, Counts{}, false
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
			return Counts{}, err
		}
		c.settled.add(&more)
	}
	c.known = true
	rest, err := db.count(ctx, through, math.MaxInt64)
	if err != nil {
		return Counts{}, err
	}
	counted := c.settled.clone()
	counted.add(&rest)
	return counted, nil
}

// count counts the shown rows with ids above after, up to through. SQLite would
// sort for a GROUP BY; so each provider met so far has a column, and where there
// are others, it counts again with them.
func (db *DB) count(ctx context.Context, after, through int64) (counts Counts, err error) {
	c := db.counter
	for {
		counts = Counts{}
		var named int64
		// SQLite goes by one lower bound alone, and by the range where it should
		// go by the few that are spared, but for the +.
		for _, part := range [...]string{
			"e.id > max(?, " + clearedID + ") AND e.id NOT IN (SELECT id FROM hidden) AND e.id <= ?",
			shownBelow + " AND +e.id > ? AND +e.id <= ?",
		} {
			more, err := db.countPart(ctx, part, after, through)
			if err != nil {
				return Counts{}, err
			}
			counts.add(&more)
		}
		for _, n := range counts.Providers {
			named += n
		}
		if named >= counts.Total {
			return counts, nil
		}
		names, err := db.providersBetween(ctx, after, through)
		if err != nil {
			return Counts{}, err
		}
		before := len(c.names)
		for _, name := range names {
			if !slices.Contains(c.names, name) {
				c.names = append(c.names, name)
			}
		}
		if len(c.names) == before { // it came and went between the two
			return counts, nil
		}
	}
}

func (db *DB) countPart(ctx context.Context, part string, after, through int64) (Counts, error) {
	c := db.counter
	var counts Counts
	columns := strings.Repeat(", count(*) FILTER (WHERE e.provider = ?)", len(c.names))
	perName := make([]int64, len(c.names))
	targets := []any{&counts.Total, &counts.Pinned, &counts.Failed, &counts.Held, &counts.Resent}
	var args []any
	for i, name := range c.names {
		args = append(args, name)
		targets = append(targets, &perName[i])
	}
	err := db.read.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE e.pinned),
		count(*) FILTER (WHERE e.status IN ('invalid', 'malformed')), count(*) FILTER (WHERE e.state = 'held'),
		count(*) FILTER (WHERE e.via = 'replay')`+columns+` FROM exchange e
		WHERE `+part, append(args, after, through)...).Scan(targets...)
	if err != nil {
		return Counts{}, explain(err)
	}
	counts.Providers = map[string]int64{}
	for i, n := range perName {
		if n > 0 {
			counts.Providers[c.names[i]] = n
		}
	}
	return counts, nil
}

func (db *DB) providersBetween(ctx context.Context, after, through int64) ([]string, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT DISTINCT provider FROM exchange WHERE id > ? AND id <= ?", after, through)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, explain(err)
		}
		names = append(names, name)
	}
	return names, explain(rows.Err())
}
