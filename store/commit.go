package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// commit writes the batch and wakes those who wait for it. Creations that
// failed are gone; updates that the disk refused stay pending.
func (w *writer) commit() {
	if len(w.batch)+len(w.pending)+len(w.flushes) == 0 {
		return
	}
	slices.SortStableFunc(w.pending, func(a, b change) int { return cmp.Compare(a.x.ID, b.x.ID) })
	err := w.apply(false)
	if err != nil && !environmental(err) {
		err = w.apply(true) // one bad exchange must not fail its neighbours
	}
	if err != nil {
		w.fail(err)
	} else {
		w.succeed()
	}
	clear(w.batch)
	w.batch = w.batch[:0]
}

// apply writes the batch in one transaction. When careful, each exchange has a
// savepoint, and an error that is the exchange's own stays with it.
func (w *writer) apply(careful bool) error {
	if len(w.batch)+len(w.pending) == 0 {
		return nil
	}
	_, err := w.begin.exec()
	if err == nil {
		if err = w.applyAll(careful); err == nil {
			_, err = w.commitment.exec()
		}
	}
	if err == nil {
		return nil
	}
	for _, c := range w.batch {
		c.x.ID, c.err = 0, nil
	}
	w.forget()
	clear(w.updater.attempts.late)
	return errors.Join(err, rollback(w.conn))
}

func (w *writer) applyAll(careful bool) error {
	id := w.next
	for _, c := range w.batch {
		if err := w.guard(careful); err != nil {
			return err
		}
		c.x.ID = id
		err := w.creator.create(c.x)
		if err == nil && finished(c.x) {
			err = w.updater.apply(change{x: c.x})
		}
		if c.err, err = w.unguard(careful, err); err != nil {
			return err
		}
		if c.err != nil {
			c.x.ID = 0
			continue
		}
		id++
	}
	for i, c := range w.pending {
		if err := w.guard(careful); err != nil {
			return err
		}
		own, err := w.unguard(careful, w.updater.apply(c))
		if err != nil {
			return err
		}
		if own != nil {
			w.log.Error("an exchange cannot be updated", "id", w.pending[i].x.ID, "error", own)
		}
	}
	return w.updater.renumber(w.batch, w.pending)
}

func (w *writer) guard(careful bool) error {
	if !careful {
		return nil
	}
	_, err := w.savepoint.exec()
	return err
}

// unguard ends what guard began. It splits the error of an op into one of its
// own, after which the batch goes on, and one that ends the batch.
func (w *writer) unguard(careful bool, err error) (own, fatal error) {
	if !careful || environmental(err) {
		return nil, err
	}
	if err != nil {
		w.forget()
		if _, fatal := w.rollbackTo.exec(); fatal != nil {
			return nil, errors.Join(err, fatal)
		}
	}
	_, fatal = w.release.exec()
	return err, fatal
}

func (w *writer) succeed() {
	if w.failing {
		w.failing = false
		w.log.Info("the disk takes writes again")
	}
	for _, c := range w.batch {
		if c.err == nil {
			w.next++
			w.pruner.added(c.x)
			w.notify(c.x, Request)
		}
		c.done <- c.err
	}
	for _, c := range w.pending {
		kept := Outcome
		if c.again {
			kept = Annotation
		}
		w.notify(c.x, kept)
	}
	clear(w.pending)
	w.pending = w.pending[:0]
	w.answerFlushes(nil)
}

func (w *writer) fail(err error) {
	err = explain(err)
	if !w.failing {
		w.failing = true
		w.log.Error("exchanges cannot be written", "error", err)
	}
	for _, c := range w.batch {
		c.done <- fmt.Errorf("keeping the request: %w", err)
	}
	select {
	case <-w.closing: // nobody will try again
	default:
		return
	}
	if len(w.pending) > 0 {
		w.failure = fmt.Errorf("%d updates of exchanges are lost: %w", len(w.pending), err)
	}
	w.answerFlushes(err)
	clear(w.pending)
	w.pending = w.pending[:0]
}

func (w *writer) answerFlushes(err error) {
	for _, done := range w.flushes {
		done <- err
	}
	clear(w.flushes)
	w.flushes = w.flushes[:0]
}
