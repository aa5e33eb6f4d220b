package redact

import (
	"cmp"
	"slices"
)

// edit replaces a part of a text.
type edit struct {
	from, to int
	text     string
	changes  []Change // what it replaces; Where is within the text
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
func settle(edits []edit) []edit {
	if len(edits) < 2 {
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
			last.changes = append(last.changes, e.changes...)
		}
	}
	return kept
}

// under names the place of changes in what is around it.
func under(edits []edit, place string) []edit {
	for i := range edits {
		for j := range edits[i].changes {
			c := &edits[i].changes[j]
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

// changesOf are the changes of edits.
func changesOf(edits []edit) []Change {
	var all []Change
	for i := range edits {
		all = append(all, edits[i].changes...)
	}
	return all
}
