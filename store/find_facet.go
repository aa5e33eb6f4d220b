package store

import (
	"context"
	"encoding/json"

	"hookglass/capture"
)

const (
	// mostFacets is how many facets are followed at once.
	mostFacets = 1024

	// facetWidth is of how many ids those of facets are read at first.
	facetWidth = 1024
)

// facetsOf is the source of the facets that a part of the filter leaves; nil where
// it leaves all.
func (p *planner) facetsOf(ctx context.Context, n *capture.FilterNode) (*source, error) {
	root := n == p.f.q.Filter.Root()
	var ids []int64
	for i := range p.facets {
		if p.facets[i].asked(n) != none {
			ids = append(ids, p.facets[i].id)
		}
	}
	if len(ids) == len(p.facets) && (!root || p.all) {
		return nil, nil
	}
	list, err := json.Marshal(ids)
	if err != nil || len(ids) == 0 {
		return &source{few: true}, err
	}
	s, err := p.table(ctx, "SELECT id FROM exchange INDEXED BY exchange_facet WHERE facet IN ("+listedFacets+")", string(list), p.newest)
	switch {
	case err != nil || s.few:
		return s, err
	case len(ids) > mostFacets:
		return nil, nil
	}
	t := checked
	for _, id := range ids {
		if !root || !p.answers[id] {
			t = unknown
		}
	}
	return &source{streams: []*stream{p.facetStream(string(list), t)}}, nil
}

// listedFacets are some facets, and those that are newer than the newest that was
// known: what had one of the first can have one of those by now.
const listedFacets = "SELECT value FROM json_each(?) UNION ALL SELECT id FROM facet WHERE id > ?"

// facetStream tells the exchanges of some facets. It reads all of them at once,
// for some ids after the other: one whose facet changes meanwhile would be missed
// where each was read by itself.
func (p *planner) facetStream(list string, t trust) *stream {
	f, s, width := p.f, &stream{trust: t}, int64(facetWidth)
	query := "SELECT e.id FROM exchange e INDEXED BY exchange_facet WHERE e.facet IN (" + listedFacets + ") AND e.id BETWEEN ? AND ?"
	if t == checked {
		query += " AND " + shown
	}
	query += f.q.order() + " LIMIT ?"
	s.fill = func(ctx context.Context, first, last int64, n int) ([]int64, error) {
		var ids []int64
		for len(ids) < n && (first == last || first < last == f.q.Ascending) {
			end := min(first+width-1, last)
			if !f.q.Ascending {
				end = max(first-width+1, last)
			}
			more, err := f.db.idList(ctx, query, []any{list, p.newest, min(first, end), max(first, end), n - len(ids)})
			if err != nil {
				return nil, err
			}
			ids = append(ids, more...)
			if first = end + 1; !f.q.Ascending {
				first = end - 1
			}
			switch {
			case len(ids) == n:
				width = max(width/2, facetWidth)
			case len(more) < n/4:
				width *= 4
			}
		}
		return ids, p.doubt(ctx, s)
	}
	return s
}

// doubt has all be checked that comes from a stream of facets once there are newer
// ones: nobody has asked those.
func (p *planner) doubt(ctx context.Context, s *stream) error {
	if s.trust != checked {
		return nil
	}
	var newer bool
	err := p.f.db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM facet WHERE id > ?)", p.newest).Scan(&newer)
	if newer {
		s.trust = unknown
	}
	return explain(err)
}
