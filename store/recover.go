package store

import (
	"context"
	"database/sql/driver"

	"hookglass/capture"
)

const recoverRows = 1000

// interrupted is the error of exchanges that nobody answered.
const interrupted = "Hookglass ended before this was answered."

// Recover puts in order what an earlier process left undone. Its first call
// marks that process's unanswered exchanges StateUnknown. Each call returns the
// ids, at most 1,000, oldest first, of exchanges that have no annotation, for
// the caller to Reannotate; call it until it returns none. Refused exchanges
// are not among them: there is no request to annotate.
func (db *DB) Recover(ctx context.Context) (unannotated []int64, err error) {
	err = db.call(ctx, func(w *writer) error {
		if w.cursor == 0 {
			if err := w.interrupt(); err != nil {
				return err
			}
		}
		s, err := prepare(w.conn, `SELECT id FROM exchange WHERE id > ? AND id <= ? AND annotated = 0 AND state <> ?
			AND via <> 'import' ORDER BY id LIMIT ?`)
		if err != nil {
			return err
		}
		defer s.stmt.Close()
		if err := s.each(func(row []driver.Value) error {
			id, _ := row[0].(int64)
			unannotated = append(unannotated, id)
			return nil
		}, max(w.cursor, w.settled), w.started, string(capture.StateRefused), int64(recoverRows)); err != nil {
			return err
		}
		if len(unannotated) > 0 {
			w.cursor = unannotated[len(unannotated)-1]
			return nil
		}
		return w.settle()
	})
	return unannotated, err
}

// interrupt marks what nobody answered, but what was imported so.
func (w *writer) interrupt() error {
	w.recount = true
	waiting := w.facets.choose(func(k *facetKey) bool {
		return (k.state == capture.StateReceived || k.state == capture.StateHeld || k.state == anything) && k.via != capture.ViaImport
	})
	for _, old := range waiting {
		k, facet := w.facets.keys[old], old
		if k.state != anything {
			k.state = capture.StateUnknown
			var err error
			if facet, err = w.facets.id(k); err != nil {
				return err
			}
		}
		if _, err := execute(w.conn, `UPDATE exchange SET state = 'unknown', error = ltrim(error || ' ' || ?), facet = ?
			WHERE facet = ? AND id > ? AND id <= ? AND state IN ('received', 'held')`, interrupted, facet, old, w.settled, w.started); err != nil {
			return err
		}
	}
	return nil
}

// settle notes that a later start need not look at these exchanges again: all of
// them, or those before the first that the caller could not annotate.
func (w *writer) settle() error {
	first, err := queryInt(w.conn, `SELECT min(id) FROM exchange WHERE id > ? AND id <= ? AND annotated = 0 AND state <> ? AND via <> 'import'`,
		w.settled, w.started, string(capture.StateRefused))
	if err != nil {
		return err
	}
	settled := w.started
	if first > 0 {
		settled = first - 1
	}
	if _, err := w.pruner.mark.exec("settled_id", settled); err != nil {
		return err
	}
	w.settled, w.cursor = settled, w.started
	return nil
}
