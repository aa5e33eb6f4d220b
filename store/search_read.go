package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"sync"
)

// searchPool is the connections that read the index. The file can be another one
// the next time.
type searchPool struct {
	mu     sync.Mutex
	pool   *sql.DB
	closed bool
}

func (p *searchPool) open(path string) (*sql.DB, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	if p.pool == nil {
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
		// Nobody writes into a file whose log is not there, but on a medium that can
		// be written.
		immutable := !logged(path) && !writable(path)
		p.pool = openPool(readDSN(path, immutable))
	}
	return p.pool, nil
}

func writable(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// forget closes connections that are of no use any more.
func (p *searchPool) forget(pool *sql.DB) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pool == pool && pool != nil {
		p.pool = nil
		_ = pool.Close() // it was only read
	}
}

func (p *searchPool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.pool == nil {
		return nil
	}
	return p.pool.Close()
}

// index is the search index as far as it can be believed now.
type index struct {
	pool    *sql.DB
	mark    int64   // exchanges above are not in it
	shards  []int64 // ascending
	touched []int64 // exchanges whose text is another one since, ascending
}

// lastID selects the last id that the store has given, as far as that can be told.
const lastID = "max(coalesce((SELECT max(id) FROM exchange), 0), coalesce((SELECT value FROM mark WHERE name = 'last_id'), 0))"

// behind reports whether the store has not given an id yet that the index has read:
// it was put back to what it was before.
func (db *DB) behind(ctx context.Context, mark int64) bool {
	var last int64
	err := db.read.QueryRowContext(ctx, "SELECT "+lastID).Scan(&last)
	return err != nil || mark > last
}

// index returns the index; nil where there is none.
func (db *DB) index(ctx context.Context) *index {
	for range 2 { // the file may have been made anew since it was opened
		// What is touched comes first: what is touched later was so, as the index has
		// it, when the question was asked.
		var epoch, last int64
		var touched string
		if err := db.read.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM mark WHERE name = 'search_epoch'), 0),
			coalesce((SELECT group_concat(id) FROM (SELECT id FROM touched ORDER BY id)), ''), `+lastID).Scan(&epoch, &touched, &last); err != nil || epoch == 0 {
			return nil
		}
		pool, err := db.searches.open(searchPath(db.path))
		if err != nil {
			return nil
		}
		var its, version int64
		var shards string
		ix := index{pool: pool}
		err = pool.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE name = 'epoch'), (SELECT value FROM meta WHERE name = 'mark'),
			coalesce((SELECT group_concat(n) FROM (SELECT n FROM shard ORDER BY n)), ''), user_version FROM pragma_user_version`).
			Scan(&its, &ix.mark, &shards, &version)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil || its != epoch || version != searchVersion || ix.mark > last && db.behind(ctx, ix.mark) {
			db.searches.forget(pool)
			continue
		}
		if ix.shards, err = parseIDs(shards); err != nil {
			return nil
		}
		if ix.touched, err = parseIDs(touched); err != nil {
			return nil
		}
		return &ix
	}
	return nil
}

// failedIndex is told of an error of the index, which is made anew where it is
// broken.
func (db *DB) failedIndex(ix *index, err error) {
	db.searches.forget(ix.pool)
	if db.writer != nil && db.writer.search != nil && broken(err) {
		db.writer.search.damaged.Store(true)
		db.writer.search.committed(0, false)
	}
}

// matching returns the first n of the ids from first to last, in that order
// (descending where first is the larger), that have the words.
func (ix *index) matching(ctx context.Context, words string, first, last int64, n int) ([]int64, error) {
	down := first > last
	ids := []int64{}
	for i := range ix.shards {
		shard := ix.shards[i]
		if down {
			shard = ix.shards[len(ix.shards)-1-i]
		}
		from, to := shard<<shardBits, (shard+1)<<shardBits-1
		from, to = max(from, min(first, last)), min(to, max(first, last), ix.mark)
		for from <= to && len(ids) < n {
			more, err := ix.ofShard(ctx, words, shard, from, to, down, n-len(ids))
			if err != nil {
				return nil, err
			}
			ids = append(ids, slices.DeleteFunc(slices.Clone(more), ix.changed)...)
			if len(more) == 0 {
				break
			}
			if end := more[len(more)-1]; down {
				to = end - 1
			} else {
				from = end + 1
			}
		}
		if len(ids) >= n {
			break
		}
	}
	return ids, nil
}

func (ix *index) ofShard(ctx context.Context, words string, shard, from, to int64, down bool, n int) ([]int64, error) {
	order := ""
	if down {
		order = " DESC"
	}
	ids, err := readIDs(ctx, ix.pool.QueryContext, fmt.Sprintf("SELECT rowid AS id FROM doc_%d WHERE doc_%d MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid%s LIMIT ?",
		shard, shard, order), []any{words, from, to, n})
	switch {
	case err == nil:
		return ids, nil
	case ctx.Err() == nil && ix.dropped(ctx, shard):
		return nil, nil
	}
	return nil, &indexError{err}
}

// dropped reports whether a shard is not there any more: all of its exchanges are
// gone.
func (ix *index) dropped(ctx context.Context, shard int64) (is bool) {
	err := ix.pool.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT 1 FROM shard WHERE n = ?)", shard).Scan(&is)
	return err == nil && is
}

// indexError is an error of the index, without which everything goes on.
type indexError struct{ err error }

func (e *indexError) Error() string { return "reading the search index: " + e.err.Error() }
func (e *indexError) Unwrap() error { return e.err }

// changed reports whether the index has another text of an exchange.
func (ix *index) changed(id int64) bool {
	_, changed := slices.BinarySearch(ix.touched, id)
	return changed
}

// between returns which ids an exchange can have that came between two times, of
// those that the index knows: ranges of them, ascending and apart.
func (ix *index) between(ctx context.Context, from, to int64) (ranges [][2]int64, err error) {
	blocks, err := readIDs(ctx, ix.pool.QueryContext, "SELECT n AS id FROM block WHERE high >= ? AND low <= ? ORDER BY n", []any{from, to})
	for _, n := range blocks {
		low, high := n<<blockBits, (n+1)<<blockBits-1
		if last := len(ranges) - 1; last >= 0 && ranges[last][1] == low-1 {
			ranges[last][1] = high
			continue
		}
		ranges = append(ranges, [2]int64{low, high})
	}
	return ranges, err
}
