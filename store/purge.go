package store

import (
	"context"
	"database/sql/driver"
	"errors"
)

// purgeRows is how many exchanges a step of Purge removes: nobody waits behind
// it but the end of the program.
const purgeRows = 1000

// purger removes what was hidden. It belongs to the writer's goroutine.
type purger struct {
	through int64   // up to here everything goes that is not spared
	session int64   // hidden ones of sessions below it go
	due     bool    // there may be some
	brief   bool    // see Options
	dead    []int64 // sessions that go, with all that is in them

	covered, hidden, sessions *statement
}

const (
	purgeCovered = `SELECT id, size FROM exchange WHERE id <= ?1 AND pinned = 0
		AND id NOT IN (SELECT id FROM spared WHERE through >= ?1) ORDER BY id LIMIT ?2`
	purgeHidden = `SELECT e.id, e.size FROM hidden h CROSS JOIN exchange e ON e.id = h.id
		WHERE h.session < ? AND e.pinned = 0 LIMIT ?`
	purgeSession = "SELECT id, size FROM exchange WHERE facet IN (SELECT id FROM facet WHERE session = ?) LIMIT ?"
)

// open makes what earlier processes have hidden due.
func (p *purger) open(prep *preparer, brief bool) {
	p.brief = brief
	p.covered = prep.prepare(purgeCovered)
	p.hidden = prep.prepare(purgeHidden)
	p.sessions = prep.prepare(purgeSession)
	p.through = prep.integer("SELECT " + clearedID)
	p.session = prep.integer("SELECT max(session) FROM hidden") + 1
	if prep.err == nil {
		p.dead, prep.err = buried(prep.conn, brief)
	}
	p.due = p.through > 0 || p.session > 1 || len(p.dead) > 0
}

// victims chooses what goes next.
func (p *purger) victims(most int64) (ids []int64, err error) {
	var size int64
	choose := func(row []driver.Value) error {
		if size >= pruneBytes {
			return nil
		}
		id, _ := row[0].(int64)
		n, _ := row[1].(int64)
		ids = append(ids, id)
		size += n + rowOverhead
		return nil
	}
	if err := p.covered.each(choose, p.through, most); err != nil || len(ids) > 0 {
		return ids, err
	}
	if err := p.hidden.each(choose, p.session, most); err != nil || len(ids) > 0 {
		return ids, err
	}
	for _, session := range p.dead {
		if err := p.sessions.each(choose, session, most); err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	return ids, nil
}

// purge does one step of removing what earlier processes have hidden. After an
// error the rest is left to a later one.
func (w *writer) purge() {
	if !w.purger.due || w.failing {
		return
	}
	ids, err := w.purger.victims(pruneRows)
	switch {
	case err == nil && len(ids) > 0:
		err = w.transact(func(*writer) error { return w.remove(ids) })
	case err == nil:
		w.purger.due = false
		if err = w.transact(func(*writer) error { return w.bury() }); err == nil {
			err = w.sweep()
		}
	}
	if err != nil {
		w.purger.due = false
		w.log.Error("deleted exchanges cannot be removed", "error", explain(err))
	}
}

// Purge removes what is hidden, for good, until all is gone or ctx ends. It
// returns how many it removed. That ctx ended is no error: the next process
// removes the rest.
func (db *DB) Purge(ctx context.Context) (int, error) {
	total := 0
	for ctx.Err() == nil {
		var removed int64
		err := db.call(ctx, func(w *writer) error {
			through, err := cleared(w.conn)
			if err != nil {
				return err
			}
			if w.purger.through < through {
				w.purger.through = through
			}
			session, err := queryInt(w.conn, "SELECT max(session) FROM hidden")
			if err != nil {
				return err
			}
			w.purger.session = max(w.purger.session, session+1)
			if w.purger.dead, err = buried(w.conn, w.purger.brief); err != nil {
				return err
			}
			ids, err := w.purger.victims(purgeRows)
			if err == nil && len(ids) == 0 {
				return w.bury()
			}
			if err != nil {
				return err
			}
			err = w.remove(ids)
			removed = w.pruner.removed
			return err
		})
		if err != nil && !errors.Is(err, ctx.Err()) {
			return total, err
		}
		if removed == 0 {
			break
		}
		total += int(removed)
	}
	return total, nil
}
