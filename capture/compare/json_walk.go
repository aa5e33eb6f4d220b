package compare

import (
	"bytes"
	"context"
	"fmt"
	"slices"
)

// shape says which part of a value a row is.
type shape uint8

const (
	shapeScalar shape = iota
	shapeEmpty        // {} or []
	shapeOpen         // { or [
	shapeClose        // } or ]

	shapes shape = 3
	commaA shape = 4 // another value follows in the same container
	commaB shape = 8
)

// jsonRow is a line of indented JSON: a value of either tree, -1 where it has none.
type jsonRow struct {
	a, b  int32
	depth uint16
	shape shape
}

// walk compares two trees and lists the rows.
type walk struct {
	ctx  context.Context
	a, b *tree
	keys map[string]string
	s    *Section
	list []jsonRow

	steps   int
	err     error
	moved   int // objects whose keys stand in another order
	shifted int // arrays compared by key whose elements do
	spelled int // strings and keys with other escapes
}

// compareJSON compares two trees into a section; one may be nil.
func compareJSON(ctx context.Context, s *Section, a, b *tree, o *Options) error {
	w := &walk{ctx: ctx, a: a, b: b, keys: o.ArrayKey, s: s}
	for _, t := range []*tree{a, b} {
		if t != nil {
			w.list = slices.Grow(w.list, len(t.nodes)+len(t.nodes)/2) // containers have two rows
		}
	}
	switch {
	case a == nil:
		w.alone(b, 0, Added, 0, false)
	case b == nil:
		w.alone(a, 0, Removed, 0, false)
	default:
		a.keyed, b.keyed = map[int32]string{}, map[int32]string{}
		w.pair(0, 0, 0, false, false)
	}
	if w.err != nil {
		return w.err
	}
	d := &jsonDraw{a: a, b: b, rows: w.list, secret: o.places()}
	s.rows.draw = d.draw
	w.notes()
	return nil
}

// row appends a row.
func (w *walk) row(kind Kind, r jsonRow) {
	if w.steps++; w.steps&0xffff == 0 && w.err == nil {
		w.err = w.ctx.Err()
	}
	w.s.rows.add(kind, 1)
	w.list = append(w.list, r)
}

func commas(a, b bool) (s shape) {
	if a {
		s |= commaA
	}
	if b {
		s |= commaB
	}
	return s
}

// alone lists a value that only one side has.
func (w *walk) alone(t *tree, n int32, kind Kind, depth int, comma bool) {
	row := jsonRow{a: n, b: -1, depth: uint16(depth)}
	follows := commas(comma, false)
	if kind == Added {
		row.a, row.b = -1, n
		follows = commas(false, comma)
	}
	switch {
	case w.err != nil:
		return
	case !t.container(n):
		row.shape = shapeScalar | follows
	case t.empty(n):
		row.shape = shapeEmpty | follows
	default:
		row.shape = shapeOpen
		w.row(kind, row)
		end := t.nodes[n].next
		for c := n + 1; c < end; c = t.nodes[c].next {
			w.alone(t, c, kind, depth+1, t.nodes[c].next < end)
		}
		row.shape = shapeClose | follows
	}
	w.row(kind, row)
}

// pair lists two values that stand at the same place.
func (w *walk) pair(x, y int32, depth int, moreA, moreB bool) {
	row := jsonRow{a: x, b: y, depth: uint16(depth), shape: commas(moreA, moreB)}
	kindA, kindB := w.a.nodes[x].kind, w.b.nodes[y].kind
	inA, inB := w.a.container(x), w.b.container(y)
	switch {
	case w.err != nil:
		return
	case inA && inB && kindA == kindB:
		if w.a.empty(x) && w.b.empty(y) {
			row.shape |= shapeEmpty
			break
		}
		open := row
		open.shape = shapeOpen
		w.row(Same, open)
		w.inside(x, y, depth+1)
		row.shape |= shapeClose
	case inA || inB:
		w.alone(w.a, x, Removed, depth, moreA)
		w.alone(w.b, y, Added, depth, moreB)
		return
	case !sameScalar(w.a, w.b, x, y):
		row.shape |= shapeScalar
		w.row(Changed, row)
		return
	default:
		row.shape |= shapeScalar
		if !bytes.Equal(w.a.raw(x), w.b.raw(y)) || !bytes.Equal(w.a.rawKey(x), w.b.rawKey(y)) {
			w.spelled++
		}
	}
	w.row(Same, row)
}

// inside lists what stands in two objects, or in two arrays.
func (w *walk) inside(x, y int32, depth int) {
	key := ""
	if w.a.nodes[x].kind == jsonArray {
		key = w.arrayKey(x)
		if key == "" && depth <= maxGuessDepth {
			w.guess(x, y)
		}
	}
	if key == "" && (w.a.nodes[x].kind == jsonArray || w.sameKeys(x, y)) {
		w.inOrder(x, y, depth)
		return
	}
	ca, cb := w.a.children(x), w.b.children(y)
	nameA := func(i int) string { return w.a.keyText(ca[i]) }
	nameB := func(j int) string { return w.b.keyText(cb[j]) }
	if key != "" {
		w.a.keyed[x], w.b.keyed[y] = key, key
		nameA = func(i int) string { return w.a.tellApart(ca[i], key) }
		nameB = func(j int) string { return w.b.tellApart(cb[j], key) }
	}
	pairs, ordered := match(len(ca), len(cb), nameA, nameB)
	switch {
	case ordered:
	case key != "":
		w.shifted++
	default:
		w.moved++
	}
	leftA, leftB := len(ca), len(cb)
	merge(pairs, len(cb), func(i, j int) {
		switch {
		case j < 0:
			leftA--
			w.alone(w.a, ca[i], Removed, depth, leftA > 0)
		case i < 0:
			leftB--
			w.alone(w.b, cb[j], Added, depth, leftB > 0)
		default:
			leftA--
			leftB--
			w.pair(ca[i], cb[j], depth, leftA > 0, leftB > 0)
		}
	})
}

// inOrder pairs the nth of one side with the nth of the other.
func (w *walk) inOrder(x, y int32, depth int) {
	endA, endB := w.a.nodes[x].next, w.b.nodes[y].next
	i, j := x+1, y+1
	for i < endA && j < endB {
		nextA, nextB := w.a.nodes[i].next, w.b.nodes[j].next
		w.pair(i, j, depth, nextA < endA, nextB < endB)
		i, j = nextA, nextB
	}
	for ; i < endA; i = w.a.nodes[i].next {
		w.alone(w.a, i, Removed, depth, w.a.nodes[i].next < endA)
	}
	for ; j < endB; j = w.b.nodes[j].next {
		w.alone(w.b, j, Added, depth, w.b.nodes[j].next < endB)
	}
}

// sameKeys reports whether two objects have the same keys in the same order.
func (w *walk) sameKeys(x, y int32) bool {
	endA, endB := w.a.nodes[x].next, w.b.nodes[y].next
	i, j := x+1, y+1
	for i < endA && j < endB {
		if !bytes.Equal(w.a.rawKey(i), w.b.rawKey(j)) {
			return false
		}
		i, j = w.a.nodes[i].next, w.b.nodes[j].next
	}
	return i >= endA && j >= endB
}

// arrayKey is the key that was chosen for an array, "" for its positions.
func (w *walk) arrayKey(n int32) string {
	if len(w.keys) == 0 {
		return ""
	}
	if key, ok := w.keys[w.a.arrayPath(n)]; ok {
		return key
	}
	return w.keys[""]
}

// Bounds of the guesses.
const (
	maxKeys       = 8  // that are offered
	maxGuessDepth = 64 // of arrays that are looked at
)

// guess offers a key for two arrays.
func (w *walk) guess(x, y int32) {
	if len(w.s.Keys) >= maxKeys || bytes.Equal(w.a.raw(x), w.b.raw(y)) {
		return
	}
	key := guessKey(w.a, w.b, x, y)
	offer := ArrayKey{w.a.arrayPath(x), key}
	if key != "" && !slices.Contains(w.s.Keys, offer) {
		w.s.Keys = append(w.s.Keys, offer)
	}
}

// notes says what the rows do not show.
func (w *walk) notes() {
	note := func(n int, one, many string) {
		switch {
		case n == 1:
			w.s.Notes = append(w.s.Notes, one)
		case n > 1:
			w.s.Notes = append(w.s.Notes, fmt.Sprintf(many, n))
		}
	}
	note(w.moved, "the keys of one object stand in another order", "the keys of %d objects stand in another order")
	note(w.shifted, "the elements of one array stand in another order", "the elements of %d arrays stand in another order")
	note(w.spelled, "one text or key is written with other escapes", "%d texts or keys are written with other escapes")
	w.twice(w.a, "first")
	w.twice(w.b, "second")
}

const maxTwice = 3 // keys that stand twice, each named in a note

func (w *walk) twice(t *tree, side string) {
	if t == nil {
		return
	}
	for i, n := range t.twice {
		if i == maxTwice {
			w.s.Notes = append(w.s.Notes, fmt.Sprintf("so do %d more keys of the %s", len(t.twice)-i, side))
			return
		}
		w.s.Notes = append(w.s.Notes, fmt.Sprintf("the key %s stands twice in the %s; the nth is compared with the nth", t.path(n), side))
	}
}
