package store

import (
	"context"
	"slices"

	"hookglass/capture"
)

const (
	// fewIDs is how many ids are read at once to learn whether there are few: it
	// takes a millisecond or two.
	fewIDs = 4096

	// enoughIDs are so few that nothing smaller is looked for.
	enoughIDs = 64
)

// source is where all ids that may match come from.
type source struct {
	few     bool    // ids are all of them
	ids     []int64 // in any order; one may stand there twice
	trust   trust
	streams []*stream // where there are many
}

// planner chooses where Find looks. An index that fails is done without.
type planner struct {
	f       *finder
	facets  []facet        // that the query's own fields leave
	answers map[int64]bool // those whose exchanges all match
	all     bool           // facets are all there are
	newest  int64          // of all facets
}

// plan chooses the smallest source; nil where every exchange is to be read.
func (f *finder) plan(ctx context.Context) (*source, error) {
	known, err := f.db.facets(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := f.db.shownSessions(ctx)
	if err != nil {
		return nil, err
	}
	p := planner{f: f, answers: map[int64]bool{}}
	timed := !f.q.Since.IsZero() || !f.q.Until.IsZero()
	root := f.q.Filter.Root()
	for i := range known {
		k := &known[i]
		p.newest = k.id
		asks := f.q.asks(&k.facetKey, shown)
		if asks == none {
			continue
		}
		p.facets = append(p.facets, *k)
		p.answers[k.id] = !timed && min(asks, k.asked(root)) == all
	}
	p.all = len(p.facets) == len(known)
	sources, err := p.own(ctx)
	if err != nil {
		return nil, err
	}
	s, err := p.source(ctx, root)
	if err != nil {
		return nil, err
	}
	return smallest(append(sources, s)), nil
}

// own are the sources that the query's own fields give.
func (p *planner) own(ctx context.Context) ([]*source, error) {
	q := &p.f.q
	var sources []*source
	if q.Pinned {
		s, err := p.table(ctx, "SELECT id FROM spared")
		if err != nil {
			return nil, err
		}
		if s.few {
			sources = append(sources, s)
		}
	}
	if q.Order != "" && p.f.ix != nil {
		s, err := p.words(ctx, patternQuery(capture.Pattern(literal(q.Order)), false), "", unknown)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// smallest prefers few ids to many.
func smallest(sources []*source) *source {
	var best *source
	for _, s := range sources {
		switch {
		case s == nil:
		case best == nil, s.few && !best.few, s.few && len(s.ids) < len(best.ids):
			best = s
		}
	}
	return best
}

// source returns where what a part of the filter means comes from; nil where only
// reading every exchange tells. n nil asks for nothing.
func (p *planner) source(ctx context.Context, n *capture.FilterNode) (*source, error) {
	s, err := p.facetsOf(ctx, n)
	if err != nil || n == nil || s != nil && s.few && len(s.ids) < enoughIDs {
		return s, err
	}
	sources := []*source{s}
	if query, _ := wordQuery(n, false); query != "" && p.f.ix != nil {
		t := unknown
		if n == p.f.q.Filter.Root() {
			t = worded
		}
		lean, _ := wordQuery(n, true)
		if s, err = p.words(ctx, query, lean, t); err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	switch n.Kind {
	case capture.FilterIs:
		s, err = p.term(ctx, n.Term)
		sources = append(sources, s)
	case capture.FilterAnd:
		for _, part := range n.Parts {
			if s, err = p.source(ctx, part); err != nil {
				return nil, err
			}
			if s != nil && s.few {
				s.trust = max(s.trust, unknown)
				sources = append(sources, s)
			}
		}
	case capture.FilterOr:
		if best := smallest(sources); best == nil || !best.few {
			s, err = p.union(ctx, n.Parts)
			sources = append(sources, s)
		}
	case capture.FilterNot:
	}
	return smallest(sources), err
}

// union is where any of some parts comes from.
func (p *planner) union(ctx context.Context, parts []*capture.FilterNode) (*source, error) {
	u := source{few: true, trust: unknown}
	for _, part := range parts {
		s, err := p.source(ctx, part)
		if err != nil || s == nil {
			return nil, err
		}
		if s.few {
			u.ids = append(u.ids, s.ids...)
			continue
		}
		u.few = false
		for _, stream := range s.streams {
			stream.trust = unknown
			u.streams = append(u.streams, stream)
		}
	}
	if !u.few && len(u.ids) > 0 {
		u.streams = append(u.streams, listedStream(u.ids, unknown))
		u.ids = nil
	}
	return &u, nil
}

// table is the source of ids that a query tells, where there are few.
func (p *planner) table(ctx context.Context, query string, args ...any) (*source, error) {
	ids, err := p.f.db.idList(ctx, query+" LIMIT ?", append(args, fewIDs))
	if err != nil {
		return nil, err
	}
	if len(ids) == fewIDs {
		return &source{}, nil
	}
	return &source{few: true, ids: ids, trust: unknown}, nil
}

// term is the source of a term that a small table answers.
func (p *planner) term(ctx context.Context, t *capture.Term) (*source, error) {
	if t.Op == nil {
		return nil, nil
	}
	query := ""
	switch {
	case t.Op.Name == "pinned":
		query = "SELECT id FROM spared"
	case t.Op.Name == "note", t.Op.Name == "mark" && !slices.Contains(t.Choices, ""):
		query = "SELECT id FROM remark"
	default:
		return nil, nil
	}
	s, err := p.table(ctx, query)
	if err != nil || !s.few {
		return nil, err
	}
	return s, nil
}

// words is the source of what the index finds, and of what it does not know. Where
// a lean query finds few, that will do.
func (p *planner) words(ctx context.Context, query, lean string, t trust) (*source, error) {
	f, ix := p.f, p.f.ix // which a later part may find broken
	var ids []int64
	var err error
	few := false
	if lean != "" && lean != query {
		ids, err = ix.matching(ctx, lean, f.first(), f.last(), fewIDs)
		few = len(ids) < fewIDs
		if few {
			t = unknown
		}
	}
	if !few && err == nil {
		ids, err = ix.matching(ctx, query, f.first(), f.last(), fewIDs)
		few = len(ids) < fewIDs
	}
	if err != nil {
		return nil, f.without(ctx, err)
	}
	if few && f.high <= ix.mark && len(ix.touched) == 0 {
		return &source{few: true, ids: ids, trust: t}, nil
	}
	if few && f.high-ix.mark < fewIDs && len(ix.touched) < fewIDs {
		above, err := f.db.idList(ctx, "SELECT id FROM exchange WHERE id > ? AND id <= ?", []any{ix.mark, f.high})
		if err != nil {
			return nil, err
		}
		return &source{few: true, ids: slices.Concat(ids, above, ix.touched), trust: unknown}, nil
	}
	known := listedStream(ids, t)
	if !few {
		known = &stream{trust: t, fill: func(ctx context.Context, first, last int64, n int) ([]int64, error) {
			return ix.matching(ctx, query, first, last, n)
		}}
	}
	above := &stream{trust: unknown, fill: func(ctx context.Context, first, last int64, n int) ([]int64, error) {
		return f.db.idList(ctx, "SELECT id FROM exchange e WHERE id BETWEEN ? AND ?"+f.q.order()+" LIMIT ?",
			[]any{max(min(first, last), ix.mark+1), max(first, last), n})
	}}
	return &source{streams: []*stream{known, above, listedStream(ix.touched, unknown)}}, nil
}

// without goes on without an index that has failed.
func (f *finder) without(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f.db.failedIndex(f.ix, err)
	f.ix, f.words = nil, ""
	return nil
}

// literal writes a text as a pattern without stars.
func literal(text string) string {
	p := []byte(text)
	for i := range p {
		if p[i] == '*' {
			p[i] = 0
		}
	}
	return string(p)
}
