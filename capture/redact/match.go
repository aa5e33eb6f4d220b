package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Finding many values in one pass: the libraries for it (Aho-Corasick) have had no
// tagged release since 2020, and their automata take a node for each byte of each
// value. This one looks at every four bytes and goes on only where some value
// begins with them.

const (
	gram        = 4       // the shortest value that is looked for
	filterBits  = 18      // 32 KiB: it stays in the processor's cache
	maxPattern  = 1 << 10 // bytes by which a value is found; a longer one is followed from there
	gramMix     = 0x9E3779B1
	filterShift = 32 - filterBits
)

// matcher finds values. It is built once and not changed.
type matcher struct {
	filter [1 << filterBits / 64]uint64
	ranges map[uint32][2]int32 // by the first four bytes, of list
	list   []pattern           // sorted
	up     []int32             // the longest other pattern that this one begins with; -1 for none
}

type pattern struct {
	text  string
	value *value
}

func newMatcher(values []*value) *matcher {
	m := &matcher{ranges: map[uint32][2]int32{}}
	for _, v := range values {
		if len(v.text) >= gram {
			m.list = append(m.list, pattern{v.text[:min(len(v.text), maxPattern)], v})
		}
	}
	slices.SortStableFunc(m.list, func(a, b pattern) int { return strings.Compare(a.text, b.text) })
	m.up = make([]int32, len(m.list))
	for i := range m.list {
		text := m.list[i].text
		up := int32(i) - 1
		for up >= 0 && !strings.HasPrefix(text, m.list[up].text) {
			up = m.up[up]
		}
		m.up[i] = up
		g := uint32(text[0])<<24 | uint32(text[1])<<16 | uint32(text[2])<<8 | uint32(text[3])
		h := g * gramMix >> filterShift
		m.filter[h/64] |= 1 << (h % 64)
		r, ok := m.ranges[g]
		if !ok {
			r[0] = int32(i)
		}
		r[1] = int32(i) + 1
		m.ranges[g] = r
	}
	return m
}

// hit is a value that was found in text[from:to].
type hit struct {
	from, to int
	value    *value
}

// find appends the values in a folded text, the leftmost and then the longest.
func (m *matcher) find(hits []hit, text []byte) []hit {
	if len(m.list) == 0 || len(text) < gram {
		return hits
	}
	g := uint32(text[0])<<16 | uint32(text[1])<<8 | uint32(text[2])
	done := 0
	for i := gram - 1; i < len(text); i++ {
		g = g<<8 | uint32(text[i])
		h := g * gramMix >> filterShift
		if m.filter[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		from := i - gram + 1
		if from < done {
			continue
		}
		if v, n := m.at(g, text, from); v != nil {
			hits = append(hits, hit{from, from + n, v})
			done = from + n
		}
	}
	return hits
}

// at returns the longest value at text[from:], and its length there.
func (m *matcher) at(g uint32, text []byte, from int) (*value, int) {
	r, ok := m.ranges[g]
	if !ok {
		return nil, 0
	}
	rest := text[from:]
	low, high := int(r[0]), int(r[1])
	for low < high { // the first that sorts behind rest
		middle := (low + high) / 2
		if t := m.list[middle].text; t <= string(rest[:min(len(rest), len(t))]) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	for at := int32(low) - 1; at >= r[0]; at = m.up[at] {
		p := &m.list[at]
		if len(rest) < len(p.text) || string(rest[:len(p.text)]) != p.text {
			continue
		}
		n := len(p.text)
		for n < len(p.value.text) && n < len(rest) && rest[n] == p.value.text[n] {
			n++
		}
		if !p.value.word || atBorders(text, from, from+n) {
			return p.value, n
		}
	}
	return nil, 0
}

// atBorders reports whether no letter or digit stands next to text[from:to].
func atBorders(text []byte, from, to int) bool {
	if from > 0 {
		before, _ := utf8.DecodeLastRune(text[:from])
		first, _ := utf8.DecodeRune(text[from:])
		if isWord(before) && isWord(first) {
			return false
		}
	}
	if to < len(text) {
		after, _ := utf8.DecodeRune(text[to:])
		last, _ := utf8.DecodeLastRune(text[:to])
		if isWord(after) && isWord(last) {
			return false
		}
	}
	return true
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// fold appends a text without case. It keeps every byte where it is: a letter whose
// other case has another length stays.
func fold(to, text []byte) []byte {
	start := len(to)
	to = append(to, text...)
	folded := to[start:]
	for i := 0; i < len(folded); {
		c := folded[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				folded[i] = c | 0x20
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(folded[i:])
		if lower := unicode.ToLower(r); lower != r && utf8.RuneLen(lower) == n {
			utf8.EncodeRune(folded[i:i+n], lower)
		}
		i += n
	}
	return to
}
