package redact

import (
	"cmp"
	"slices"
)

// edit replaces a part of a text.
type edit struct {
	from, to int
	text     string
	told     span // what it replaces; Where is within the text
}

// span is a part of what a room was told.
type span struct{ first, n int }

// join is both of two spans, the first one first.
func (r *room) join(a, b span) span {
	switch {
	case b.n == 0:
		return a
	case a.n == 0:
		return b
	case a.first+a.n == b.first:
		return span{a.first, a.n + b.n}
	}
	if a.first+a.n != len(r.told) { // else it grows where it is, as it does for each of many
		first := len(r.told)
		r.told = append(r.told, r.told[a.first:a.first+a.n]...)
		a.first = first
	}
	r.told = append(r.told, r.told[b.first:b.first+b.n]...)
	return span{a.first, a.n + b.n}
}

// apply returns a text with edits made. They are in order and apart.
func apply(text []byte, edits []edit) []byte {
	n := len(text)
	for i := range edits {
		n += len(edits[i].text) - (edits[i].to - edits[i].from)
	}
	out := make([]byte, 0, max(n, 0))
	done := 0
	for i := range edits {
		e := &edits[i]
		out = append(append(out, text[done:e.from]...), e.text...)
		done = e.to
	}
	return append(out, text[done:]...)
}

// settle puts edits in order. Of those that overlap, the one that begins first,
// then the longest, then the earliest stands for all that they cover.
func (r *room) settle(edits []edit) []edit {
	if len(edits) < 2 {
		return edits
	}
	if slices.IsSortedFunc(edits, apart) {
		return edits
	}
	slices.SortStableFunc(edits, func(a, b edit) int {
		if c := cmp.Compare(a.from, b.from); c != 0 {
			return c
		}
		return cmp.Compare(b.to, a.to)
	})
	kept := edits[:1]
	for _, e := range edits[1:] {
		last := &kept[len(kept)-1]
		if e.from >= last.to {
			kept = append(kept, e)
			continue
		}
		if e.to > last.to {
			last.to = e.to
			last.told = r.join(last.told, e.told)
		}
	}
	return kept
}

// apart tells of two edits whether they are in order and do not overlap.
func apart(a, b edit) int {
	if a.from >= b.to {
		return 0
	}
	return -1
}

// under names the place of changes in what is around it.
func (w *walk) under(edits []edit, place string) []edit {
	if !w.telling {
		return edits
	}
	for i := range edits {
		told := edits[i].told
		for j := range w.told[told.first : told.first+told.n] {
			c := &w.told[told.first+j]
			c.Where = joined(place, c.Where)
		}
	}
	return edits
}

func joined(outer, inner string) string {
	switch {
	case inner == "":
		return outer
	case outer == "":
		return inner
	}
	return outer + " " + inner
}

// shifted moves edits of a part to the text that it is a part of.
func shifted(edits []edit, by int) []edit {
	for i := range edits {
		edits[i].from += by
		edits[i].to += by
	}
	return edits
}

// toldBy are the changes of edits.
func (r *room) toldBy(edits []edit) span {
	var all span
	for i := range edits {
		all = r.join(all, edits[i].told)
	}
	return all
}
