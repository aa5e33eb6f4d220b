package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// The bounds of the queues and of one transaction.
const (
	maxCreations  = 512
	maxChanges    = 1024
	maxBatchBytes = 64 << 20

	// companyWait is how long an Update that is alone waits for a Create to
	// share its commit with: committed at once, its fsync delays the next
	// callback's.
	companyWait = 10 * time.Millisecond

	// company is how many updates share a commit with a Create before their time
	// is up: fewer wait for more, so that a single sender's commits stay small.
	company = 16

	// retryWait is the pause between tries to keep updates on a disk that
	// refuses them. A Create tries at once.
	retryWait = 500 * time.Millisecond
)

// writer owns the connection that writes. Only its goroutine touches the fields
// below the channels.
type writer struct {
	conn       *sqlite3.SQLiteConn
	statements *preparer
	log        *slog.Logger
	notify     func(*capture.Exchange, Kept)

	mu        sync.RWMutex // held for reading while something is queued
	stopping  chan struct{}
	closing   chan struct{} // closed once nothing can be queued any more
	closeOnce sync.Once
	done      chan struct{}
	failure   error // why close lost updates; read after done

	creations chan *creation
	changes   chan change
	calls     chan *call

	begin, commitment, savepoint, release, rollbackTo *statement
	listedKinds                                       *statement
	creator                                           creator
	updater                                           updater
	facets                                            facets
	toucher                                           toucher
	search                                            *searcher // nil where no index is kept
	pruner                                            pruner
	keepers                                           keepers
	purger                                            purger
	counter                                           *counter

	next    int64 // the id of the next exchange
	started int64 // the last id that an earlier process gave
	settled int64 // see mark settled_id
	cursor  int64 // how far Recover has come; 0: not begun

	batch   []*creation
	size    int64        // bytes of the batch's bodies
	written int          // of the batch, in the present transaction
	pending []change     // updates; they stay here until they are committed
	due     time.Time    // when pending must wait no longer
	now     []change     // pending, or none of it: what this commit takes
	flushes []chan error // they wait for what is pending
	called  []*call
	after   []func() // to do once the present transaction is committed
	timer   *time.Timer
	recount bool       // the present transaction changes what Counts has counted of any row
	counted recounting // or of these
	failing bool       // the last commit did
	retry   time.Time  // when pending is tried again, while failing
}

// change is something that is queued without anybody waiting: an update, or
// with flushed set the mark that Flush waits for.
type change struct {
	x       *capture.Exchange
	again   bool // only the annotation, of an exchange that may have one
	flushed chan error
}

// call is a function to run in a transaction of its own.
type call struct {
	run  func(*writer) error
	done chan error
}

// newWriter brings the file up to date. On an error it closes the connection.
func newWriter(p *preparer, path string, o Options) (*writer, error) {
	w := &writer{
		conn: p.conn, statements: p, log: o.Logger, notify: o.Changed,
		stopping: make(chan struct{}), closing: make(chan struct{}), done: make(chan struct{}),
		creations: make(chan *creation, maxCreations),
		changes:   make(chan change, maxChanges),
		calls:     make(chan *call),
		timer:     time.NewTimer(time.Hour),
		counter:   &counter{},
	}
	w.timer.Stop()
	if w.notify == nil {
		w.notify = func(*capture.Exchange, Kept) {}
	}
	// Creators wait for checkpoints, and less for smaller ones: with 64 of them
	// p99 is about 4 ms with 2,000 pages (8 MiB) and 5 ms with 4,000, at the same
	// throughput. What a burst or a long read made of the log beyond 64 MiB is given
	// back.
	_, err := p.conn.Exec("PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864", nil)
	if err == nil {
		err = migrate(p.conn, path, migrations)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	w.begin = p.prepare("BEGIN IMMEDIATE")
	w.commitment = p.prepare("COMMIT")
	w.savepoint = p.prepare("SAVEPOINT op")
	w.release = p.prepare("RELEASE op")
	w.rollbackTo = p.prepare("ROLLBACK TO op")
	w.started = max(p.integer("SELECT max(id) FROM exchange"), p.integer("SELECT value FROM mark WHERE name = 'last_id'"))
	w.next = w.started + 1
	w.settled = p.integer("SELECT value FROM mark WHERE name = 'settled_id'")
	w.listedKinds = p.prepare(listedKinds)
	w.facets.open(p)
	w.toucher.open(p)
	w.creator.open(p, &w.facets)
	w.updater.open(p, &w.facets, &w.toucher)
	w.pruner.open(p, &w.creator, o.Retention)
	w.keepers.open(p)
	w.purger.open(p, o.Brief)
	if p.err == nil && !o.Search {
		p.err = w.forgetSearch()
	}
	if p.err != nil {
		return nil, errors.Join(p.err, p.close())
	}
	return w, nil
}

// run is the writer's goroutine.
func (w *writer) run() {
	defer close(w.done)
	for w.gather() {
		w.commit()
		for _, c := range w.called {
			c.done <- w.transact(c.run)
		}
		clear(w.called)
		w.called = w.called[:0]
		w.prune()
		w.keepSessions()
		w.purge()
	}
}

// gather waits until there is something to do. It returns false when the store
// is closing and nothing is left.
func (w *writer) gather() bool {
	open := w.wait()
	w.timer.Stop()
	w.takeChanges()
	return open || w.takeCreation() || len(w.batch)+len(w.pending)+len(w.flushes)+len(w.called) > 0
}

// wait blocks until it is time to commit: a creation came, or what is pending has
// waited enough. It returns false when closing.
func (w *writer) wait() bool {
	if w.pruner.over || w.keepers.over || w.purger.due {
		return w.look()
	}
	if len(w.pending) > 0 {
		w.setTimer()
	}
	for {
		changes := w.changes
		if len(w.pending) >= maxChanges {
			changes = nil
		}
		select {
		case c := <-w.creations:
			if w.add(c) {
				return true
			}
		case c := <-changes:
			w.addChange(c)
			if !w.failing && (len(w.flushes) > 0 || len(w.pending) >= maxChanges/2) {
				return true
			}
			if len(w.pending) == 1 {
				w.setTimer()
			}
		case c := <-w.calls:
			w.called = append(w.called, c)
			return true
		case <-w.timer.C:
			return true
		case <-w.closing:
			return false
		}
	}
}

// look is wait while there is something to delete: what is queued goes between
// the steps of that, and nothing is waited for.
func (w *writer) look() bool {
	w.takeCreation() // commit takes the others
	select {
	case c := <-w.calls:
		w.called = append(w.called, c)
	case <-w.closing:
		return false
	default:
	}
	return true
}

// setTimer sets the end of waiting for what is pending.
func (w *writer) setTimer() {
	end := w.due
	if w.failing {
		end = w.retry
	}
	w.timer.Reset(time.Until(end))
}

// takeCreation adds a creation to the batch, if one is queued and there is room.
func (w *writer) takeCreation() bool {
	for len(w.batch) < maxCreations && w.size < maxBatchBytes {
		select {
		case c := <-w.creations:
			if w.add(c) {
				return true
			}
		default:
			return false
		}
	}
	return false
}

// takeChanges takes what is queued of changes, within their bound.
func (w *writer) takeChanges() {
	for len(w.pending) < maxChanges {
		select {
		case c := <-w.changes:
			w.addChange(c)
		default:
			return
		}
	}
}

func (w *writer) add(c *creation) bool {
	if !c.state.CompareAndSwap(waiting, taken) {
		return false // its Create has given up
	}
	w.batch = append(w.batch, c)
	w.size += c.x.Request.Size
	return true
}

func (w *writer) addChange(c change) {
	switch {
	case c.flushed == nil:
		if len(w.pending) == 0 {
			w.due = time.Now().Add(companyWait)
		}
		w.pending = append(w.pending, c)
	case len(w.pending) == 0: // all that was queued before is committed
		c.flushed <- nil
	default:
		w.flushes = append(w.flushes, c.flushed)
	}
}

// transact runs f in a transaction.
func (w *writer) transact(f func(*writer) error) error {
	w.pruner.removed, w.pruner.foreign, w.recount, w.counted, w.after = 0, 0, false, recounting{}, w.after[:0]
	w.toucher.noted = false
	if _, err := w.begin.exec(); err != nil {
		return explain(err)
	}
	err := f(w)
	if err == nil {
		_, err = w.commitment.exec()
	}
	if err != nil {
		w.forget()
		clear(w.updater.attempts.late)
		return explain(errors.Join(err, rollback(w.conn), w.facets.load(w.conn)))
	}
	w.pruner.count -= w.pruner.removed - w.pruner.foreign
	for _, f := range w.after {
		f()
	}
	w.search.committed(0, w.toucher.noted)
	if w.recount {
		w.counter.changedAny()
	} else if w.counted.through > 0 {
		w.counter.replace(&w.counted)
	}
	return nil
}

// forget drops what the writer remembers of rows, after a rollback or where some
// were deleted. What this transaction has still to number again is no memory.
func (w *writer) forget() {
	w.updater.attempts.forget()
	w.updater.answers.forget()
	w.creator.resends.forget()
}

// enqueue puts something into a queue, unless the store closes or ctx ends.
func enqueue[T any](ctx context.Context, w *writer, queue chan<- T, item T) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	select {
	case <-w.stopping:
		return ErrClosed
	default:
	}
	select {
	case queue <- item:
		return nil
	case <-w.stopping:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// call runs f on the writer's goroutine, in a transaction of its own, after the
// updates that were queued before (unless the disk refuses those). It waits for
// the end of f even when ctx ends, so that f may set variables of the caller.
func (db *DB) call(ctx context.Context, f func(*writer) error) error {
	c := &call{run: f, done: make(chan error, 1)}
	if db.writer == nil {
		return ErrReadOnly
	}
	if err := enqueue(ctx, db.writer, db.writer.calls, c); err != nil {
		return err
	}
	return <-c.done
}

// Flush waits until every Update and Reannotate that was queued before is
// committed: where there are none, not at all. While the disk refuses them, it
// waits on.
func (db *DB) Flush(ctx context.Context) error {
	if db.writer == nil {
		return ErrReadOnly
	}
	done := make(chan error, 1)
	if err := enqueue(ctx, db.writer, db.writer.changes, change{flushed: done}); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) close() error {
	w.closeOnce.Do(func() {
		close(w.stopping) // those who wait for room in a queue give up
		w.mu.Lock()
		defer w.mu.Unlock()
		close(w.closing)
	})
	<-w.done
	if w.failure != nil {
		return fmt.Errorf("closing the store: %w", w.failure)
	}
	return nil
}
