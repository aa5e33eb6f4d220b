package redact

import (
	"bytes"
	"slices"
)

// longValues are the values of more than longHashed bytes that are looked for
// everywhere: links, tokens, whole letters. They keep their texts.
type longValues struct {
	list   []longValue // sorted as far as ordered
	up     []int32     // the longest shorter start that this one begins with; -1 for none
	ranges map[uint32][2]int32
	sorted int
}

type longValue struct {
	start []byte // by which it is found
	value value
	word  bool
}

// maxPattern is how many bytes of a long value have to be there; from there it is
// followed as far as it goes.
const maxPattern = 1 << 10

// add takes in a value. It is found once the list was put in order.
func (l *longValues) add(text []byte, s *slot) {
	v := s.value(bytes.Clone(text))
	l.list = append(l.list, longValue{v.text[:min(len(v.text), maxPattern)], v, s.hash&slotWord != 0})
}

// order puts the list in order.
func (l *longValues) order() {
	if l.sorted == len(l.list) {
		return
	}
	slices.SortStableFunc(l.list, func(a, b longValue) int { return bytes.Compare(a.value.text, b.value.text) })
	l.sorted, l.up, l.ranges = len(l.list), make([]int32, len(l.list)), map[uint32][2]int32{}
	for i := range l.list {
		start := l.list[i].start
		up := int32(i) - 1
		for up >= 0 && (len(l.list[up].start) == len(start) || !bytes.HasPrefix(start, l.list[up].start)) {
			up = l.up[up]
		}
		l.up[i] = up
		g := fourOf(start)
		r, ok := l.ranges[g]
		if !ok {
			r[0] = int32(i)
		}
		r[1] = int32(i) + 1
		l.ranges[g] = r
	}
}

func fourOf(text []byte) uint32 {
	return uint32(text[0])<<24 | uint32(text[1])<<16 | uint32(text[2])<<8 | uint32(text[3])
}

// at returns the longest value at text[from:], and its length there.
func (l *longValues) at(text []byte, from int) (value, int) {
	rest := text[from:]
	r, ok := l.ranges[fourOf(rest)]
	if !ok {
		return value{}, 0
	}
	low, high := int(r[0]), int(r[1])
	for low < high { // the first that sorts behind rest
		middle := (low + high) / 2
		if t := l.list[middle].value.text; bytes.Compare(t, rest[:min(len(rest), len(t))]) <= 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	var best value
	longest := 0
	if low < int(r[1]) { // its start may be there, and more of it than of the one before
		best, longest = l.list[low].at(text, from)
	}
	for at := int32(low) - 1; at >= r[0]; at = l.up[at] {
		if v, n := l.list[at].at(text, from); n > longest {
			return v, n
		}
	}
	return best, longest
}

// at returns the value and how much of it stands at text[from:]; 0 for too little.
func (p *longValue) at(text []byte, from int) (value, int) {
	rest := text[from:]
	if !bytes.HasPrefix(rest, p.start) {
		return value{}, 0
	}
	n := len(p.start)
	for n < len(p.value.text) && n < len(rest) && rest[n] == p.value.text[n] {
		n++
	}
	if p.word && !atBorders(text, from, from+n) {
		return value{}, 0
	}
	return p.value, n
}
