package store

import (
	"context"
	"errors"
	"math"
	"time"

	"hookglass/capture"
)

// Found is a part of what Find finds.
type Found struct {
	IDs     []int64 // those that were found since the part before, in the query's order
	Scanned int64   // ids that were gone through so far, of Total
	Total   int64
	Done    bool // this is the last part
}

// Find tells part the ids of the exchanges that match as they are found, newest
// first (or oldest, when Ascending), up to q.Limit; 0 is no limit. Where an index
// answers, one part has all; else rows are read in slices of some 30 ms, and part
// is told after each that found some, and now and then how far it is. It ends
// with ctx, or with the error of part, which it returns. What is created
// meanwhile is not found. part should not block for long: the file's log may grow
// until it returns.
func (db *DB) Find(ctx context.Context, q Query, part func(Found) error) error {
	f, err := db.newFinder(ctx, q)
	if err != nil {
		return err
	}
	return f.run(ctx, part)
}

// Tally counts what matches, and tells each how many there are so far: at least,
// until the last time. It goes on in slices as Find does. Limit has no effect.
func (db *DB) Tally(ctx context.Context, q Query, each func(n int64, atLeast bool) error) error {
	q.Limit = 0
	n := int64(0)
	return db.Find(ctx, q, func(f Found) error {
		n += int64(len(f.IDs))
		return each(n, !f.Done)
	})
}

const (
	firstSlice = 1024                  // ids of the first slice
	sliceTime  = 20 * time.Millisecond // what a slice is to take
	longSlice  = 10 * sliceTime        // one that takes as long is tried again with less in it
	tellTime   = 60 * time.Millisecond

	// dense is how many ids there may be to one candidate where it pays to ask the
	// index of words for all between, and not to look into each candidate.
	dense = 64
)

// finder is one run of Find.
type finder struct {
	db        *DB
	q         Query
	ix        *index     // nil: there is none
	low, high int64      // ids to go through
	ranges    [][2]int64 // of them, ascending; nil for all
	left      int        // how many more are wanted; below 0 any number
	slice     int64
	told      time.Time
	begun     bool // some were told
	scanned   int64
	found     []int64 // and not told yet

	words string                       // what the index is asked for the filter
	sure  map[*capture.FilterNode]bool // the parts of the filter that this answers

	worded []int64 // what the index has for words in one shard, ascending; nil where it was not asked
	shard  int64
}

func (db *DB) newFinder(ctx context.Context, q Query) (*finder, error) {
	f := &finder{db: db, q: q, left: q.Limit, slice: firstSlice, told: time.Now()}
	if f.left <= 0 {
		f.left = -1
	}
	if f.q.Now.IsZero() {
		f.q.Now = f.told
	}
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce((SELECT min(id) FROM exchange), 1), coalesce((SELECT max(id) FROM exchange), 0)").
		Scan(&f.low, &f.high); err != nil {
		return nil, explain(err)
	}
	f.low = max(f.low, q.After+1)
	if q.Before > 0 {
		f.high = min(f.high, q.Before-1)
	}
	from, to := f.span()
	timed := from > math.MinInt64 || to < math.MaxInt64
	if root := q.Filter.Root(); root != nil || timed || q.Order != "" {
		f.ix = db.index(ctx)
		f.ask(root)
	}
	if timed && f.ix != nil {
		return f, f.narrow(ctx, from, to)
	}
	return f, nil
}

// ask notes what the index is asked, and what that answers.
func (f *finder) ask(root *capture.FilterNode) {
	if root == nil || f.ix == nil {
		return
	}
	exact := false
	f.sure = map[*capture.FilterNode]bool{}
	if f.words, exact = wordQuery(root, false); exact {
		f.sure[root] = true
	}
	if root.Kind == capture.FilterAnd {
		for _, part := range root.Parts {
			if query, exact := wordQuery(part, false); query != "" && exact {
				f.sure[part] = true
			}
		}
	}
}

// first and last are the ends of what is gone through, in the query's order.
func (f *finder) first() int64 {
	if f.q.Ascending {
		return f.low
	}
	return f.high
}

func (f *finder) last() int64 {
	if f.q.Ascending {
		return f.high
	}
	return f.low
}

func (f *finder) run(ctx context.Context, part func(Found) error) error {
	total := max(f.high-f.low+1, 0)
	if total > 0 {
		s, err := f.plan(ctx)
		if err != nil {
			return err
		}
		if s != nil {
			err = f.follow(ctx, s, total, part)
		} else {
			err = f.readAll(ctx, total, part)
		}
		if err != nil {
			return err
		}
	}
	return f.tell(part, Found{IDs: f.found, Scanned: total, Total: total, Done: true})
}

// readAll looks at every exchange.
func (f *finder) readAll(ctx context.Context, total int64, part func(Found) error) error {
	for f.left != 0 {
		if f.q.Ascending {
			f.scanned = f.skip(f.low+f.scanned) - f.low
		} else {
			f.scanned = f.high - f.skip(f.high-f.scanned)
		}
		if f.scanned >= total {
			break
		}
		n := min(f.slice, total-f.scanned)
		q := f.q
		if q.Ascending {
			q.After, q.Before = f.low+f.scanned-1, f.low+f.scanned+n
		} else {
			q.After, q.Before = f.high-f.scanned-n, f.high-f.scanned+1
		}
		q.Limit = max(f.left, 0)
		began := time.Now()
		ids, enough, err := f.within(ctx, n, func(ctx context.Context) ([]int64, error) { return f.db.rangeOf(ctx, q) })
		if err != nil {
			return err
		}
		if !enough {
			continue
		}
		f.pace(time.Since(began), 1<<40)
		f.scanned += n
		if err := f.add(ids, total, part); err != nil {
			return err
		}
	}
	return nil
}

// follow looks at what a source tells.
func (f *finder) follow(ctx context.Context, s *source, total int64, part func(Found) error) error {
	all := s.streams
	if s.few {
		all = []*stream{listedStream(s.ids, s.trust)}
	}
	ss := newStreams(f.first(), f.last(), !f.q.Ascending, all)
	ss.skip = f.skip
	f.slice = 4 * firstPiece
	for f.left != 0 {
		began := time.Now()
		candidates, err := ss.take(ctx, int(f.slice))
		if broken := (*indexError)(nil); errors.As(err, &broken) && ctx.Err() == nil {
			f.db.failedIndex(f.ix, err)
			return f.again(ctx, total, part)
		}
		if err != nil || len(candidates) == 0 {
			return err
		}
		if err := f.checkAll(ctx, candidates, began, total, part); err != nil {
			return err
		}
	}
	return nil
}

// checkAll checks candidates that were taken, and notes those that match.
func (f *finder) checkAll(ctx context.Context, candidates []candidate, began time.Time, total int64, part func(Found) error) error {
	for len(candidates) > 0 && f.left != 0 {
		some := candidates[:min(int64(len(candidates)), f.slice)]
		ids, enough, err := f.within(ctx, int64(len(some)), func(ctx context.Context) ([]int64, error) { return f.check(ctx, some) })
		if err != nil {
			return err
		}
		if !enough {
			continue
		}
		f.pace(time.Since(began), longestPiece)
		last := some[len(some)-1].id
		f.scanned = f.high - last + 1
		if f.q.Ascending {
			f.scanned = last - f.low + 1
		}
		if err := f.add(ids, total, part); err != nil {
			return err
		}
		candidates, began = candidates[len(some):], time.Now()
	}
	return nil
}

// within runs what goes through so many ids. It is not enough time for more than
// one where they are large: then the slice becomes smaller.
func (f *finder) within(ctx context.Context, n int64, look func(context.Context) ([]int64, error)) (ids []int64, enough bool, err error) {
	if n == 1 {
		ids, err = look(ctx)
		return ids, true, err
	}
	bounded, stop := context.WithTimeout(ctx, longSlice)
	defer stop()
	ids, err = look(bounded)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		f.slice = max(n/16, 1)
		return nil, false, nil
	}
	return ids, true, err
}

// again goes on without the index.
func (f *finder) again(ctx context.Context, total int64, part func(Found) error) error {
	f.ix, f.words, f.sure, f.slice = nil, "", nil, firstSlice
	return f.readAll(ctx, total, part)
}

// add notes what was found, and tells it where that is due.
func (f *finder) add(ids []int64, total int64, part func(Found) error) error {
	if f.left > 0 {
		ids = ids[:min(len(ids), f.left)]
		f.left -= len(ids)
	}
	f.found = append(f.found, ids...)
	if f.scanned >= total || f.left == 0 {
		return nil
	}
	if len(f.found) > 0 && !f.begun || time.Since(f.told) >= tellTime {
		f.begun = f.begun || len(f.found) > 0
		return f.tell(part, Found{IDs: f.found, Scanned: f.scanned, Total: total})
	}
	return nil
}

func (f *finder) tell(part func(Found) error, found Found) error {
	f.found, f.told = nil, time.Now()
	return part(found)
}

// pace makes the next slice as large as fits into the time of one.
func (f *finder) pace(took time.Duration, most int64) {
	size := float64(f.slice) * float64(sliceTime) / float64(max(took, time.Microsecond))
	f.slice = min(max(int64(size), f.slice/4, 1), 4*f.slice, most)
}
