package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/json"
	"math"
	"slices"

	"hookglass/capture"
)

// Retention says how much is kept. A limit of 0 is none.
//
// Beyond a limit, exchanges are deleted down to 1 % under it: first those of
// unknown senders, then those that are not proven, then others, the oldest
// first; so a stranger cannot flush the evidence. Pinned ones stay, unanswered
// ones stay until they are answered, and the newest 1,000 stay as long as others
// can go. A capture is never refused. What was imported is not counted and stays:
// its session may have limits of its own.
type Retention struct {
	MaxExchanges int
	MaxBytes     int64 // of the pages in use: the file itself does not shrink
}

// DefaultRetention keeps 100,000 exchanges or 2 GiB, whichever comes first.
func DefaultRetention() Retention { return Retention{MaxExchanges: 100_000, MaxBytes: 2 << 30} }

const (
	keptNewest = 1000

	// One step of deleting. Batches go between steps, so a step is what a
	// callback may have to wait for.
	pruneRows  = 200
	pruneBytes = 32 << 20

	// rowOverhead estimates what an exchange takes besides its body.
	rowOverhead = 1 << 10
)

// pruner deletes what is too much. It belongs to the writer's goroutine.
type pruner struct {
	facets   *facets
	imports  *imports
	limit    Retention
	over     bool // above a limit, and not yet down to 1 % under it
	count    int64
	removed  int64 // in the present transaction
	foreign  int64 // of them imported
	written  int64 // estimated bytes since the used ones were looked up
	pageSize int64
	pause    int64 // nothing could be deleted: captures to wait for before the next try

	pages, free, newest          *statement
	first, oldest                *statement
	sizes                        *statement
	mark                         *statement
	deleteExchange, deleteAnswer *statement
}

func (p *pruner) open(prep *preparer, c *creator, limit Retention) {
	p.facets, p.imports, p.limit = c.facets, &c.imports, limit
	p.pages = prep.prepare("PRAGMA page_count")
	p.free = prep.prepare("PRAGMA freelist_count")
	p.newest = prep.prepare("SELECT id FROM exchange ORDER BY id DESC LIMIT 1 OFFSET ?")
	p.first = prep.prepare("SELECT min(id) FROM exchange INDEXED BY exchange_facet WHERE facet = ?")
	p.oldest = prep.prepare(`SELECT id, size, received_at FROM exchange WHERE facet = ? AND pinned = 0 AND id < ?
		AND NOT (id > ? AND state IN ('received', 'held')) ORDER BY id LIMIT ?`)
	p.sizes = prep.prepare("SELECT e.session, e.size, CASE e.via WHEN 'import' THEN " + importedSize + " ELSE -1 END" +
		" FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value")
	p.deleteExchange = prep.prepare("DELETE FROM exchange WHERE id = ?") // its message goes with it
	p.deleteAnswer = prep.prepare("DELETE FROM answer WHERE id = ?")
	p.mark = prep.prepare("INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
	p.pageSize = prep.integer("PRAGMA page_size")
	p.count = prep.integer("SELECT count(*) FROM exchange") - c.imports.count
	p.written = math.MaxInt32 // look at the first opportunity
}

// added notes a new exchange.
func (p *pruner) added(x *capture.Exchange) {
	p.count++
	p.written += x.Request.Size + rowOverhead
	p.pause = max(p.pause-1, 0)
}

// excess returns how many exchanges and bytes must go. It is 0, 0 while no limit
// is passed; from then on until both are 1 % below theirs.
func (p *pruner) excess() (exchanges, bytes int64, err error) {
	most, mostBytes := int64(p.limit.MaxExchanges), p.limit.MaxBytes
	look := mostBytes > 0 && (p.over || p.written >= mostBytes/256)
	var used int64
	if look {
		p.written = 0
		if used, err = p.used(); err != nil {
			return 0, 0, err
		}
	}
	if !p.over && (most == 0 || p.count <= most) && (!look || used <= mostBytes) {
		return 0, 0, nil
	}
	if most > 0 {
		exchanges = max(p.count-(most-most/100), 0)
	}
	if look {
		bytes = max(used-(mostBytes-mostBytes/100), 0)
	}
	return exchanges, bytes, nil
}

// used is the size of the pages that hold something.
func (p *pruner) used() (int64, error) {
	var pages, free int64
	err := p.pages.each(func(row []driver.Value) error { pages, _ = row[0].(int64); return nil })
	if err == nil {
		err = p.free.each(func(row []driver.Value) error { free, _ = row[0].(int64); return nil })
	}
	return max((pages-free)*p.pageSize-p.imports.bytes, 0), err
}

// prune does one step of deleting where that is due.
func (w *writer) prune() {
	p := &w.pruner
	if p.pause > 0 || w.failing {
		p.over = false
		return
	}
	exchanges, bytes, err := p.excess()
	if err == nil && exchanges == 0 && bytes == 0 {
		if p.over {
			p.over = false
			err = w.sweep()
		}
		if err == nil {
			return
		}
	}
	var ids []int64
	if err == nil {
		ids, err = p.victims(func(k *facetKey) bool { return k.via != capture.ViaImport }, w.started, exchanges, bytes)
	}
	if err == nil && len(ids) > 0 {
		err = w.transact(func(*writer) error { return w.remove(ids) })
	}
	p.over = err == nil && len(ids) > 0
	if p.over {
		return
	}
	p.pause = keptNewest
	if err != nil {
		w.log.Error("old exchanges cannot be deleted", "error", explain(err))
	}
}

// sweep removes the shared answers that no exchange has any more, once so many
// were made that it is worth reading every exchange's row for it.
func (w *writer) sweep() error {
	if w.updater.answers.made < maxForgotten {
		return nil
	}
	return w.transact(func(w *writer) error { return w.updater.answers.sweep() })
}

// victims chooses what goes next of the facets that are meant: rows that no one
// needs to wait for, of the first class that has any, and not more than is too much.
func (p *pruner) victims(meant func(*facetKey) bool, started, exchanges, bytes int64) (ids []int64, err error) {
	var newest int64
	if err := p.newest.each(func(row []driver.Value) error { newest, _ = row[0].(int64); return nil }, int64(keptNewest-1)); err != nil {
		return nil, err
	}
	for _, below := range []int64{newest, math.MaxInt64} {
		for _, class := range []int64{classUnknown, classUnproven, classLast} {
			old, err := p.eldest(p.facets.choose(func(k *facetKey) bool { return k.class() == class && meant(k) }), below, started)
			if err != nil {
				return nil, err
			}
			if ids := enough(old, exchanges, bytes); len(ids) > 0 {
				return ids, nil
			}
		}
	}
	return nil, nil
}

// victim is an exchange that may go.
type victim struct{ id, size, received int64 }

// enough takes what is too much, or a step of it.
func enough(old []victim, exchanges, bytes int64) (ids []int64) {
	var size int64
	for _, v := range old {
		if int64(len(ids)) >= exchanges && size >= bytes || len(ids) > 0 && size >= pruneBytes {
			break
		}
		ids = append(ids, v.id)
		size += v.size + rowOverhead
	}
	return ids
}

// eldest returns the oldest exchanges of some facets, a step of them. It looks only
// at those facets that may have one of them.
func (p *pruner) eldest(facets []int64, below, started int64) ([]victim, error) {
	type run struct{ first, facet int64 }
	var runs []run
	for _, facet := range facets {
		first, err := p.firstOf(facet)
		if err != nil {
			return nil, err
		}
		if first > 0 && first < below {
			runs = append(runs, run{first, facet})
		}
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.first, b.first) })
	var old []victim
	for _, r := range runs {
		if len(old) >= pruneRows && r.first > old[len(old)-1].id {
			break
		}
		if err := p.oldest.each(func(row []driver.Value) error {
			var v victim
			for i, n := range [...]*int64{&v.id, &v.size, &v.received} {
				*n, _ = row[i].(int64)
			}
			old = append(old, v)
			return nil
		}, r.facet, below, started, int64(pruneRows)); err != nil {
			return nil, err
		}
		slices.SortFunc(old, func(a, b victim) int { return cmp.Compare(a.id, b.id) })
		old = old[:min(len(old), pruneRows)]
	}
	return old, nil
}

// firstOf returns the oldest exchange of a facet; 0 where it has none.
func (p *pruner) firstOf(facet int64) (first int64, err error) {
	err = p.first.each(func(row []driver.Value) error { first, _ = row[0].(int64); return nil }, facet)
	return first, err
}

// taken notes, before the exchanges of a list are deleted, what they take away of
// what is counted.
func (w *writer) taken(list string) error {
	imported, bytes := int64(0), int64(0)
	if w.creator.imports.count == 0 && len(w.keepers.of) == 0 {
		return nil
	}
	less := map[int64]keeper{}
	err := w.pruner.sizes.each(func(row []driver.Value) error {
		session, _ := row[0].(int64)
		size, _ := row[1].(int64)
		stored, _ := row[2].(int64)
		k := less[session]
		less[session] = keeper{count: k.count + 1, bytes: k.bytes + size + rowOverhead}
		if stored >= 0 {
			imported, bytes = imported+1, bytes+stored+rowOverhead
		}
		return nil
	}, list)
	if err != nil {
		return err
	}
	w.pruner.foreign += imported
	w.after = append(w.after, func() {
		w.creator.imports.count -= imported
		w.creator.imports.bytes -= bytes
		for session, k := range less {
			w.keepers.change(session, -k.count, -k.bytes)
		}
	})
	return nil
}

// remove deletes exchanges, inside a transaction, and counts in removed those
// that there were. It notes the last id given, so that none is ever given again.
func (w *writer) remove(ids []int64) error {
	p := &w.pruner
	if _, err := p.mark.exec("last_id", w.next-1); err != nil {
		return err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	if err := w.taken(string(list)); err != nil {
		return err
	}
	err = w.recounted(string(list), func() error {
		for _, id := range ids {
			if _, err := p.deleteAnswer.exec(-id); err != nil {
				return err
			}
			n, err := p.deleteExchange.exec(id)
			if err != nil {
				return err
			}
			p.removed += n
		}
		return nil
	})
	w.after = append(w.after, func() { w.search.forget(ids) })
	w.forget()
	return err
}

// Delete removes exchanges, pinned ones too, and returns how many there were.
// Their ids are never given again, and the attempts of other exchanges keep
// their numbers. Many are removed in several commits: an error may come after
// some are gone.
func (db *DB) Delete(ctx context.Context, ids ...int64) (int, error) {
	total := 0
	for len(ids) > 0 {
		n := min(len(ids), pruneRows)
		var removed int64
		err := db.call(ctx, func(w *writer) error {
			err := w.remove(ids[:n])
			removed = w.pruner.removed
			return err
		})
		if err != nil {
			return total, err
		}
		total += int(removed)
		ids = ids[n:]
	}
	return total, nil
}
