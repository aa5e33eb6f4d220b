package store

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
)

// searcher keeps the search index, which follows what is captured: a file beside
// the store's own that holds nothing but what can be made again. One goroutine
// reads what is new and writes it there, so that no callback waits for it, and
// little while callbacks come.
//
// The index and the store are two files, whose commits can be lost apart from each
// other. So the index is believed only as far as the store confirms it: mark
// search_epoch names the file that belongs to it, and touched the exchanges whose
// text is another one since. What the index does not know is read instead.
type searcher struct {
	db   *DB
	path string
	log  *slog.Logger

	claimed atomic.Int64 // the index may have read exchanges up to here: changes of their text are noted in touched
	kept    atomic.Int64 // grows with what is captured
	touched atomic.Bool  // there may be touched ones
	damaged atomic.Bool  // a reader has found it so

	mu      sync.Mutex
	removed []int64 // exchanges that are gone, and may be in the index
	lost    bool    // others are, too

	wake chan struct{}
	idle chan struct{} // one is put in whenever there is nothing to do
	stop context.CancelFunc
	done chan struct{}

	// The rest belongs to its goroutine.
	conn   *sqlite3.SQLiteConn
	mark   int64          // exchanges up to here are in the index
	shards map[int64]bool // those that have a table
	seen   int64          // kept, when it was last looked at
	busy   time.Time      // until then callbacks are expected
	remake bool           // the file is of no use

	sweeping bool // the index may hold exchanges that are gone, from swept on
	swept    int64
}

const (
	searchRetry = 30 * time.Second // the pause after an error
	searchBusy  = 300 * time.Millisecond

	// searchRest is how long the index rests while callbacks come, in times of what
	// the last step took.
	searchRest = 3

	// searchYoung is how long an exchange that is neither answered nor annotated is
	// waited for, so that it is read once.
	searchYoung = 2 * time.Second

	searchStep     = 64 // exchanges of a step while callbacks come
	searchLongStep = 1024
	searchBytes    = 8 << 20 // of bodies in a step

	maxRemovals = 1 << 16
)

func newSearcher(db *DB, log *slog.Logger) *searcher {
	s := &searcher{db: db, path: searchPath(db.path), log: log, wake: make(chan struct{}, 1), idle: make(chan struct{}, 1), done: make(chan struct{})}
	s.claimed.Store(math.MaxInt64) // until it is known how far the index is
	s.touched.Store(true)
	return s
}

// start begins to keep the index. Of a nil one it does nothing, as the others that
// are called from outside.
func (s *searcher) start() {
	if s == nil {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go s.run(ctx)
}

func searchPath(path string) string { return path + "-search" }

// close ends the index's goroutine, which waits for nothing long.
func (s *searcher) close() {
	if s != nil {
		s.stop()
		<-s.done
	}
}

// committed is told by the writer of each commit: how many exchanges it has
// created, and whether it has noted changes in touched.
func (s *searcher) committed(created int, touched bool) {
	if s == nil {
		return
	}
	s.kept.Add(int64(created))
	if touched {
		s.touched.Store(true)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// forget notes exchanges that were deleted.
func (s *searcher) forget(ids []int64) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.removed)+len(ids) <= maxRemovals {
		s.removed = append(s.removed, ids...)
		return
	}
	s.removed, s.lost = nil, true
}

// run keeps the index until ctx ends. Errors are no reason to give up: a disk that
// was full may have room later.
func (s *searcher) run(ctx context.Context) {
	defer close(s.done)
	for failures := 1; ctx.Err() == nil; failures++ {
		err := s.openFile(ctx)
		if err == nil {
			var steps int
			steps, err = s.follow(ctx)
			err = errors.Join(err, s.leave())
			if steps > 0 {
				failures = 1
			}
		} else if ctx.Err() == nil {
			err = errors.Join(err, s.abandon(ctx))
		}
		if s.conn != nil {
			err = errors.Join(err, s.conn.Close())
			s.conn = nil
		}
		if ctx.Err() != nil {
			return
		}
		s.remake = broken(err)
		s.log.Warn("the search index cannot be kept up to date", "error", explain(err))
		if !s.remake || failures > 1 {
			s.sleep(ctx, searchRetry)
		}
	}
}

// broken reports whether an error says that the index is not what it should be.
func broken(err error) bool {
	var e sqlite3.Error
	return errors.Is(explain(err), ErrDamaged) || errors.As(err, &e) && e.Code == sqlite3.ErrError
}

// abandon has nobody believe an index that cannot be opened: so what changes need
// not be noted for it.
func (s *searcher) abandon(ctx context.Context) error {
	err := s.db.call(ctx, func(w *writer) error {
		for _, query := range [...]string{"DELETE FROM mark WHERE name = 'search_epoch'", "DELETE FROM touched"} {
			if _, err := execute(w.conn, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.claimed.Store(0)
	}
	return err
}

// follow indexes what comes. It returns how many steps went well.
func (s *searcher) follow(ctx context.Context) (steps int, err error) {
	s.touched.Store(true) // an earlier try may have left some
	for ; ; steps++ {
		began := time.Now()
		wait, err := s.step(ctx)
		if err != nil || ctx.Err() != nil {
			return steps, err
		}
		if s.damaged.Swap(false) {
			return steps, ErrDamaged
		}
		switch now := time.Now(); {
		case wait == 0 && s.capturing(now):
			s.sleep(ctx, searchRest*now.Sub(began))
		case wait > 0:
			s.await(ctx, wait)
		}
	}
}

// leave notes whether the index still holds what is gone.
func (s *searcher) leave() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sweeping || s.lost || len(s.removed) > 0 {
		return nil
	}
	_, err := execute(s.conn, "UPDATE meta SET value = 1 WHERE name = 'clean'")
	return err
}

// capturing reports whether callbacks come.
func (s *searcher) capturing(now time.Time) bool {
	if kept := s.kept.Load(); kept != s.seen {
		s.seen, s.busy = kept, now.Add(searchBusy)
	}
	return now.Before(s.busy)
}

func (s *searcher) sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// await waits for a commit, or for what is too young.
func (s *searcher) await(ctx context.Context, most time.Duration) {
	select {
	case s.idle <- struct{}{}:
	default:
	}
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-s.wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}
