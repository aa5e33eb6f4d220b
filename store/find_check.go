package store

import (
	"context"
	"encoding/json"
	"math"
	"slices"
)

// check returns those of the candidates that match.
func (f *finder) check(ctx context.Context, candidates []candidate) ([]int64, error) {
	if err := f.askWords(ctx, candidates); err != nil {
		return nil, err
	}
	var open [refused + 1][]int64
	for _, c := range candidates {
		open[c.trust] = append(open[c.trust], c.id)
	}
	matching := map[int64]bool{}
	for t := worded; t <= unknown; t++ {
		if len(open[t]) == 0 {
			continue
		}
		sure := f.sure
		if t == unknown {
			sure = nil
		}
		list, err := json.Marshal(open[t])
		if err != nil {
			return nil, err
		}
		where, args := f.q.whereBut(shown, sure)
		ids, err := f.db.idList(ctx, "SELECT e.id FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value"+where, append([]any{string(list)}, args...))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			matching[id] = true
		}
	}
	ids := make([]int64, 0, len(open[checked])+len(matching))
	for _, c := range candidates {
		if c.trust == checked || matching[c.id] {
			ids = append(ids, c.id)
		}
	}
	return ids, nil
}

// refused is the trust of a candidate that does not match.
const refused = unknown + 1

// askWords asks the index of words about candidates of which all is to be checked,
// where they are so near to each other that this is cheaper than to read them.
func (f *finder) askWords(ctx context.Context, candidates []candidate) error {
	if f.words == "" || f.ix == nil || len(candidates) == 0 {
		return nil
	}
	low, high, n := int64(math.MaxInt64), int64(0), int64(0)
	for _, c := range candidates {
		if c.trust == unknown && c.id <= f.ix.mark && !f.ix.changed(c.id) {
			low, high, n = min(low, c.id), max(high, c.id), n+1
		}
	}
	if n < dense || (high-low)/n > dense {
		return nil
	}
	for i := range candidates {
		c := &candidates[i]
		if c.trust != unknown || c.id > f.ix.mark || f.ix.changed(c.id) {
			continue
		}
		if shard := c.id >> shardBits; f.worded == nil || shard != f.shard {
			var err error
			if f.worded, err = f.ix.matching(ctx, f.words, shard<<shardBits, (shard+1)<<shardBits-1, 1<<shardBits); err != nil {
				return f.without(ctx, err)
			}
			f.shard = shard
		}
		if _, has := slices.BinarySearch(f.worded, c.id); has {
			c.trust = worded
		} else {
			c.trust = refused
		}
	}
	return nil
}
