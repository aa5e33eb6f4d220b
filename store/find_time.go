package store

import (
	"cmp"
	"context"
	"math"
	"slices"

	"hookglass/capture"
)

// span returns between which times, in Unix nanoseconds, what is meant came at the
// most.
func (f *finder) span() (from, to int64) {
	from, to = f.spanOf(f.q.Filter.Root())
	if !f.q.Since.IsZero() {
		from = max(from, unixNano(f.q.Since))
	}
	if !f.q.Until.IsZero() {
		to = min(to, unixNano(f.q.Until))
	}
	return from, to
}

func (f *finder) spanOf(n *capture.FilterNode) (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if n == nil {
		return from, to
	}
	switch n.Kind {
	case capture.FilterIs:
		if t := n.Term; t.Op != nil && t.Op.Takes == capture.TakesMoment {
			at := unixNano(t.Moment.From(f.q.Now))
			if t.Op.Name == "before" {
				return from, at
			}
			return at, to
		}
	case capture.FilterNot:
		part := n.Parts[0]
		if part.Kind == capture.FilterIs {
			switch low, high := f.spanOf(part); {
			case low > math.MinInt64: // not after
				return from, low
			case high < math.MaxInt64: // not before
				return high, to
			}
		}
	case capture.FilterAnd:
		for _, part := range n.Parts {
			low, high := f.spanOf(part)
			from, to = max(from, low), min(to, high)
		}
	case capture.FilterOr:
		from, to = math.MaxInt64, math.MinInt64
		for _, part := range n.Parts {
			low, high := f.spanOf(part)
			from, to = min(from, low), max(to, high)
		}
	}
	return from, to
}

// narrow leaves the ids of what can have come between two times.
func (f *finder) narrow(ctx context.Context, from, to int64) error {
	ranges, err := f.ix.between(ctx, from, to)
	if err != nil {
		return f.without(ctx, err)
	}
	if mark := f.ix.mark; f.high > mark { // of these nobody knows
		if last := len(ranges) - 1; last >= 0 && ranges[last][1] >= mark {
			ranges[last][1] = f.high
		} else {
			ranges = append(ranges, [2]int64{mark + 1, f.high})
		}
	}
	if len(ranges) == 0 {
		f.high = f.low - 1
		return nil
	}
	f.ranges = ranges
	f.low, f.high = max(f.low, ranges[0][0]), min(f.high, ranges[len(ranges)-1][1])
	return nil
}

// skip returns the first id from one on, in the query's order, that can have come at
// the times that are meant. Files bring old exchanges among the new ones.
func (f *finder) skip(id int64) int64 {
	at, _ := slices.BinarySearchFunc(f.ranges, id, func(r [2]int64, id int64) int { return cmp.Compare(r[1], id) })
	switch { // at is the first range that ends there or behind
	case f.ranges == nil || at < len(f.ranges) && f.ranges[at][0] <= id:
		return id
	case f.q.Ascending && at < len(f.ranges):
		return f.ranges[at][0]
	case !f.q.Ascending && at > 0:
		return f.ranges[at-1][1]
	case f.q.Ascending:
		return f.high + 1
	}
	return f.low - 1
}
