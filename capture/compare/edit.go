package compare

import (
	"context"
	"slices"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// edit says that a[a0:a1] on the first side is b[b0:b1] on the second.
type edit struct{ a0, a1, b0, b1 int }

// Bounds of the search for equal parts.
const (
	// exactEdits is up to how many differences the library finds the shortest
	// way; it gives up the middle of what has more.
	exactEdits = 100

	maxAnchorDepth = 12     // how often what lies between unique lines is searched for such
	maxSearches    = 20_000 // how often the library is asked
)

// differ searches two lists of numbers for their differences.
type differ struct {
	ctx      context.Context
	a, b     []int32
	inA, inB []int32 // by number: how often it stands in the part that is looked at
	at       []int32 // by number: where in b
	edits    []edit
	searches int
	coarse   bool
}

// diffNumbers returns what differs between a and b, in order and apart from each
// other; the numbers are below count. coarse says that there was too much to do,
// so that parts count as different that are not.
//
// Lines that stand once on both sides anchor the search, as people would do it;
// between them the library searches, which keeps to the shortest way up to a
// hundred differences. The work is bounded by the length, not by the differences.
func diffNumbers(ctx context.Context, a, b []int32, count int) (edits []edit, coarse bool, err error) {
	d := &differ{
		ctx: ctx, a: a, b: b,
		inA: make([]int32, count), inB: make([]int32, count), at: make([]int32, count),
	}
	if err := d.between(0, len(a), 0, len(b), 0); err != nil {
		return nil, false, err
	}
	return d.edits, d.coarse, nil
}

// between compares a[a0:a1] with b[b0:b1].
func (d *differ) between(a0, a1, b0, b1, depth int) error {
	if err := d.ctx.Err(); err != nil {
		return err
	}
	for a0 < a1 && b0 < b1 && d.a[a0] == d.b[b0] {
		a0++
		b0++
	}
	for a0 < a1 && b0 < b1 && d.a[a1-1] == d.b[b1-1] {
		a1--
		b1--
	}
	if a0 == a1 || b0 == b1 {
		d.add(edit{a0, a1, b0, b1})
		return nil
	}
	if depth < maxAnchorDepth {
		anchors, common := d.anchors(a0, a1, b0, b1)
		if !common {
			d.add(edit{a0, a1, b0, b1})
			return nil
		}
		if len(anchors) > 0 {
			for _, k := range anchors {
				if err := d.between(a0, k[0], b0, k[1], depth+1); err != nil {
					return err
				}
				a0, b0 = k[0]+1, k[1]+1
			}
			return d.between(a0, a1, b0, b1, depth+1)
		}
	}
	return d.search(edit{a0, a1, b0, b1})
}

// search asks the library, and again for what it gave up.
func (d *differ) search(e edit) error {
	a, b := d.a[e.a0:e.a1:e.a1], d.b[e.b0:e.b1:e.b1]
	if err := d.ctx.Err(); err != nil {
		return err
	}
	if d.searches++; d.searches > maxSearches {
		d.coarse = true
		d.add(e)
		return nil
	}
	for _, found := range lcs.DiffRunes(a, b) {
		part := edit{e.a0 + found.Start, e.a0 + found.End, e.b0 + found.ReplStart, e.b0 + found.ReplEnd}
		given := part.a1-part.a0+part.b1-part.b0 > exactEdits && part.a0 < part.a1 && part.b0 < part.b1
		switch {
		case !given:
			d.add(part)
		case part != e:
			if err := d.search(part); err != nil {
				return err
			}
		default:
			_, common := d.anchors(part.a0, part.a1, part.b0, part.b1)
			d.coarse = d.coarse || common
			d.add(part)
		}
	}
	return nil
}

// add appends an edit, or makes the last one longer.
func (d *differ) add(e edit) {
	if e.a0 == e.a1 && e.b0 == e.b1 {
		return
	}
	if last := len(d.edits) - 1; last >= 0 && d.edits[last].a1 == e.a0 && d.edits[last].b1 == e.b0 {
		d.edits[last].a1, d.edits[last].b1 = e.a1, e.b1
		return
	}
	d.edits = append(d.edits, e)
}

// anchors returns places of a and b with a number that stands once in either part,
// as many as are in the same order on both sides; common says whether there is any
// number at all that both have.
func (d *differ) anchors(a0, a1, b0, b1 int) (anchors [][2]int, common bool) {
	for i := a0; i < a1; i++ {
		d.inA[d.a[i]]++
	}
	for j := b0; j < b1; j++ {
		d.inB[d.b[j]]++
		d.at[d.b[j]] = int32(j)
	}
	var both [][2]int
	for i := a0; i < a1; i++ {
		id := d.a[i]
		common = common || d.inB[id] > 0
		if d.inA[id] == 1 && d.inB[id] == 1 {
			both = append(both, [2]int{i, int(d.at[id])})
		}
	}
	for i := a0; i < a1; i++ {
		d.inA[d.a[i]] = 0
	}
	for j := b0; j < b1; j++ {
		d.inB[d.b[j]] = 0
	}
	return longestRising(both), common
}

// longestRising keeps the most pairs whose second numbers rise; the first ones do.
func longestRising(pairs [][2]int) [][2]int {
	if len(pairs) == 0 {
		return nil
	}
	ends := make([]int32, 0, 16)        // by length: the pair that such a row ends with
	before := make([]int32, len(pairs)) // of each pair the one before it
	for i := range pairs {
		at, _ := slices.BinarySearchFunc(ends, pairs[i][1], func(end int32, second int) int { return pairs[end][1] - second })
		before[i] = -1
		if at > 0 {
			before[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, int32(i))
		} else {
			ends[at] = int32(i)
		}
	}
	rising := make([][2]int, len(ends))
	for at, i := len(ends)-1, ends[len(ends)-1]; at >= 0; at, i = at-1, before[i] {
		rising[at] = pairs[i]
	}
	return rising
}
