package store

import (
	"cmp"
	"context"
	"slices"
)

// trust says what is left to check of an id.
type trust int

const (
	checked trust = iota // nothing: it matches
	worded               // all but what the index of words has answered
	unknown              // all
)

// stream tells ids in the order of a query, in pieces.
type stream struct {
	trust trust

	// fill returns the first n ids from first on to last, in their order, and less
	// than n only where there are no more.
	fill func(ctx context.Context, first, last int64, n int) ([]int64, error)

	ids  []int64 // that were read, and not yet taken
	size int     // of the next piece
	next int64   // where it begins
	done bool
}

const (
	firstPiece   = 32
	longestPiece = 8192
)

// candidate is an id that may match.
type candidate struct {
	id    int64
	trust trust
}

// streams are those whose ids are all that may match, each id in any of them.
type streams struct {
	all  []*stream
	last int64
	down bool
	skip func(int64) int64 // passes over ids of which none is wanted
}

func newStreams(first, last int64, down bool, all []*stream) *streams {
	for _, s := range all {
		s.next, s.size = first, firstPiece
	}
	return &streams{all: all, last: last, down: down}
}

// take returns the next n candidates, each once; fewer only at the end. Of an id
// in several streams the one that is trusted most counts.
func (ss *streams) take(ctx context.Context, n int) ([]candidate, error) {
	var taken []candidate
	// Each stream tells its next ones; what lies before the end of all pieces is
	// complete.
	for len(taken) < n {
		var heads []candidate
		limit, limited := int64(0), false
		for _, s := range ss.all {
			if err := ss.refill(ctx, s); err != nil {
				return nil, err
			}
			for _, id := range s.ids {
				heads = append(heads, candidate{id, s.trust})
			}
			if end := len(s.ids) - 1; !s.done && (!limited || ss.before(s.ids[end], limit)) {
				limit, limited = s.ids[end], true
			}
		}
		if len(heads) == 0 {
			break
		}
		slices.SortFunc(heads, func(a, b candidate) int {
			order := cmp.Compare(a.id, b.id)
			if ss.down {
				order = -order
			}
			return cmp.Or(order, cmp.Compare(a.trust, b.trust))
		})
		heads = slices.CompactFunc(heads, func(a, b candidate) bool { return a.id == b.id })
		if limited {
			end := len(heads)
			for end > 0 && ss.before(limit, heads[end-1].id) {
				end--
			}
			heads = heads[:end]
		}
		heads = heads[:min(len(heads), n-len(taken))]
		taken = append(taken, heads...)
		ss.drop(heads[len(heads)-1].id)
	}
	return taken, nil
}

// before reports whether an id comes before another one.
func (ss *streams) before(a, b int64) bool {
	if ss.down {
		return a > b
	}
	return a < b
}

func (ss *streams) refill(ctx context.Context, s *stream) error {
	if s.done || len(s.ids) > 0 {
		return nil
	}
	s.next = ss.skip(s.next)
	if ss.before(ss.last, s.next) {
		s.done = true
		return nil
	}
	ids, err := s.fill(ctx, s.next, ss.last, s.size)
	if err != nil {
		return err
	}
	s.ids, s.done = ids, len(ids) < s.size
	s.size = min(4*s.size, longestPiece)
	if len(ids) > 0 {
		if s.next = ids[len(ids)-1] + 1; ss.down {
			s.next -= 2
		}
	}
	return nil
}

// drop takes what comes up to an id away.
func (ss *streams) drop(through int64) {
	for _, s := range ss.all {
		n := 0
		for n < len(s.ids) && !ss.before(through, s.ids[n]) {
			n++
		}
		s.ids = s.ids[n:]
	}
}

// listedStream is a stream of a few ids.
func listedStream(ids []int64, t trust) *stream {
	return &stream{trust: t, fill: func(_ context.Context, first, last int64, n int) ([]int64, error) {
		var some []int64
		for _, id := range ids {
			if id >= min(first, last) && id <= max(first, last) {
				some = append(some, id)
			}
		}
		slices.Sort(some)
		if first > last {
			slices.Reverse(some)
		}
		return some[:min(len(some), n)], nil
	}}
}
