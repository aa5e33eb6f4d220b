package store

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"hookglass/capture"
)

// commit writes the batch, what joins it meanwhile and what is pending, and wakes
// those who wait for it. Creations that failed are gone; updates that the disk
// refused stay pending.
func (w *writer) commit() {
	if len(w.batch)+len(w.pending) == 0 {
		return
	}
	w.now = nil
	err := w.write((*writer).applyAsTheyCome)
	if err != nil && !environmental(err) {
		err = w.write((*writer).applyCarefully) // one bad exchange must not fail its neighbours
	}
	if err != nil {
		w.fail(err)
	} else {
		w.succeed()
	}
	clear(w.batch)
	w.batch, w.size = w.batch[:0], 0
}

// write applies the batch in one transaction. After an error it stands as if
// nothing had been tried.
func (w *writer) write(apply func(*writer) error) error {
	w.written = 0
	err := w.transact(apply)
	if err != nil {
		for _, c := range w.batch {
			c.x.ID, c.err = 0, nil
		}
	}
	return err
}

// yields is how often the writer lets others run before it believes that no
// creation is on its way. One commit wakes dozens of senders at once; waiting the
// few microseconds until they are here again makes one commit of what would be
// two.
const yields = 1

// applyAsTheyCome writes the batch, then the updates, and each creation that is
// queued meanwhile: there is work to do while the senders of others are on their
// way.
func (w *writer) applyAsTheyCome() error {
	if err := w.createQueued(0); err != nil {
		return err
	}
	w.takeChanges()
	w.chooseUpdates()
	for _, c := range w.now {
		if err := w.updater.apply(c); err != nil {
			return err
		}
	}
	if err := w.createQueued(yields); err != nil {
		return err
	}
	return w.updater.renumber(w.batch, w.now)
}

// createQueued writes what the batch holds and what joins it meanwhile, until it
// has let others run so often in vain.
func (w *writer) createQueued(patience int) error {
	for yielded := 0; ; {
		for ; w.written < len(w.batch); w.written++ {
			c := w.batch[w.written]
			c.x.ID = w.next + int64(w.written)
			if err := w.create(c.x); err != nil {
				return err
			}
		}
		if w.takeCreation() {
			yielded = 0
			continue
		}
		if yielded == patience {
			return nil
		}
		yielded++
		runtime.Gosched()
	}
}

func (w *writer) create(x *capture.Exchange) error {
	if x.Session == 0 {
		x.Session = w.creator.active
	}
	if !finished(x) {
		return w.creator.create(x)
	}
	uid, err := parseUID(x.UID)
	if err != nil {
		return err
	}
	return w.createWhole(x, uid)
}

// createWhole writes an exchange of which all is known.
func (w *writer) createWhole(x *capture.Exchange, uid [16]byte) error {
	answer, err := w.updater.answers.row(x)
	if err != nil {
		return err
	}
	live := annotated(x) && x.Via.Live()
	if live {
		if x.Annotation.Attempt, err = w.updater.attempts.number(x); err != nil {
			return err
		}
	}
	if err := w.creator.createWhole(x, uid, &answer); err != nil {
		return err
	}
	if live {
		w.updater.attempts.settle(x)
	}
	return nil
}

// chooseUpdates decides whether this commit takes the pending updates.
func (w *writer) chooseUpdates() {
	closing := false
	select {
	case <-w.closing:
		closing = true
	default:
	}
	if closing || len(w.batch) == 0 || len(w.pending) >= company || len(w.flushes)+len(w.called) > 0 ||
		!time.Now().Before(w.due) {
		w.now = w.pending
		slices.SortStableFunc(w.now, func(a, b change) int { return cmp.Compare(a.x.ID, b.x.ID) })
	}
}

// applyCarefully writes the same batch again with a savepoint for each exchange:
// an error that is an exchange's own stays with it.
func (w *writer) applyCarefully() error {
	w.chooseUpdates() // the first try may have ended before it
	id := w.next
	for _, c := range w.batch {
		if err := w.guard(); err != nil {
			return err
		}
		c.x.ID = id
		var err error
		if c.err, err = w.unguard(w.create(c.x)); err != nil {
			return err
		}
		if c.err != nil {
			c.x.ID = 0
			continue
		}
		id++
	}
	for _, c := range w.now {
		if err := w.guard(); err != nil {
			return err
		}
		own, err := w.unguard(w.updater.apply(c))
		if err != nil {
			return err
		}
		if own != nil {
			w.log.Error("an exchange cannot be updated", "id", c.x.ID, "error", own)
		}
	}
	return w.updater.renumber(w.batch, w.now)
}

func (w *writer) guard() error {
	_, err := w.savepoint.exec()
	return err
}

// unguard ends what guard began. It splits the error of an op into one of its
// own, after which the batch goes on, and one that ends the batch. An op that
// failed has settled no attempt yet: what is late stays to be numbered.
func (w *writer) unguard(err error) (own, fatal error) {
	if environmental(err) {
		return nil, err
	}
	if err != nil {
		w.forget()
		if _, fatal := w.rollbackTo.exec(); fatal != nil {
			return nil, errors.Join(err, fatal)
		}
		if fatal := w.facets.load(w.conn); fatal != nil {
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
			w.keepers.added([]*capture.Exchange{c.x})
			w.notify(c.x, Request)
			if c.x.Via == capture.ViaReplay && finished(c.x) {
				light := *c.x // the caller's stays whole
				lighten(&light)
				w.notify(&light, Outcome)
			}
		}
	}
	for _, c := range w.now {
		kept := Outcome
		if c.again {
			kept = Annotation
		}
		w.counter.changedOne(c.x.ID)
		w.notify(c.x, kept)
	}
	w.search.committed(len(w.batch), false)
	// Those who wait for their commit are woken last: who is woken last runs
	// first.
	for _, c := range w.batch {
		c.done <- c.err
	}
	if len(w.now) > 0 {
		clear(w.pending)
		w.pending = w.pending[:0]
	}
	w.answerFlushes(nil)
}

func (w *writer) fail(err error) {
	if now := time.Now(); !now.Before(w.retry) { // failing Creates do not put it off
		w.retry = now.Add(retryWait)
	}
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
