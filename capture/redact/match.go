package redact

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// Finding many values in one pass: the libraries for it (Aho-Corasick) have had no
// tagged release since 2020, and their automata take a node for each byte of each
// value. This one looks at six bytes at a time and goes on only where some value
// begins with them: it then hashes as much of the text as values that begin so are
// long, the longest first. Of few values it knows what stands in them a little further
// on too, and so need not look at every place.

// matcher finds the values of a table that are looked for everywhere. A value can
// be added at any time.
type matcher struct {
	table  *table
	common *commons
	count  int

	filter      []uint64 // a bit for what some value begins with
	filterShift uint8    // from such a beginning to its bit
	lengths     []uint64 // how long the values are that begin so: bit n for n bytes
	lengthShift uint8
	stride      int  // from a place that is looked at to the next
	short       bool // some are too short for six bytes
	long        longValues
}

const (
	filterBits  = 17 // of a matcher of few values: 16 KiB, which stay in the processor's cache
	filterMost  = 32 - keyLength
	filterSpare = 8 // bits for each value, at least
	lengthMost  = 17
	growthBits  = 2
	maxStride   = 4
	mostStrided = 1 << 11 // values, more fill the filter
)

func newMatcher(t *table, common *commons) *matcher {
	m := &matcher{table: t, common: common, stride: maxStride}
	m.size(filterBits)
	return m
}

// size makes room for what values begin with.
func (m *matcher) size(filter int) {
	filter = min(filter, filterMost)
	lengths := min(filter-keyLength, lengthMost)
	m.filter, m.filterShift = make([]uint64, 1<<filter/64), uint8(32-filter)
	m.lengths, m.lengthShift = make([]uint64, 1<<lengths), uint8(32-lengths)
}

// add looks for the value of a slot from now on. text is kept where it is long.
func (m *matcher) add(s *slot, text []byte) {
	if s.key&isLong == isLong {
		m.long.add(text, s)
	}
	m.count++
	if filter := 32 - int(m.filterShift); m.count > 1<<filter/filterSpare && filter < filterMost {
		m.size(filter + growthBits)
		for i := range m.table.shards {
			for _, s := range m.table.shards[i] {
				if s.number != 0 && s.hash&slotAnywhere != 0 {
					m.mark(s.key)
				}
			}
		}
	}
	m.mark(s.key)
	for m.stride > 1 && (m.count > mostStrided || len(text) < longGram+m.stride-1) {
		m.stride /= 2
	}
	for i := 1; i < m.stride; i++ {
		m.set(m.table.start(text[i:]))
	}
}

// mark notes the key of a value.
func (m *matcher) mark(key uint32) {
	m.set(key)
	m.lengths[key>>m.lengthShift] |= 1 << (key & isLong)
	m.short = m.short || key&isLong < longGram
}

func (m *matcher) set(key uint32) {
	bit := key >> m.filterShift
	m.filter[bit/64] |= 1 << (bit % 64)
}

// hit is a value that was found in text[from:to].
type hit struct {
	from, to int
	value    value
}

// find appends the values in a text, the leftmost and then the longest. folded is the
// text without case, and what the values of the hits refer to.
func (m *matcher) find(hits []hit, text, folded []byte) []hit {
	if m.count == 0 {
		return hits
	}
	for i := 0; ; {
		if i = m.next(folded, i); i+gram > len(folded) {
			return hits
		}
		v, n := m.at(text, folded, i)
		if n == 0 {
			i++
			continue
		}
		hits = append(hits, hit{i, i + n, v})
		i += n
	}
}

// next is where in a folded text, from a place on, a value may begin; its length
// where none does.
func (m *matcher) next(folded []byte, i int) int {
	if m.short {
		return m.nextShort(folded, i)
	}
	filter, shift, mixer, stride := m.filter, m.filterShift&31, m.table.mixers[0], m.stride
	for i += stride - 1; i+8 <= len(folded); i += stride {
		bit := uint32((binary.LittleEndian.Uint64(folded[i:])&firstSix)*mixer>>32) >> shift
		if filter[bit/64]>>(bit%64)&1 != 0 {
			if from := m.begins(folded, i); from >= 0 {
				return from
			}
		}
	}
	for ; i+longGram <= len(folded); i += stride {
		if from := m.begins(folded, i); from >= 0 {
			return from
		}
	}
	return len(folded)
}

// begins returns the first place from which on values begin that can have what stands
// at a place that was looked at; -1 for none.
func (m *matcher) begins(folded []byte, at int) int {
	for from := at - m.stride + 1; from <= at; from++ {
		if m.lengths[m.table.start(folded[from:])>>m.lengthShift] != 0 {
			return from
		}
	}
	return -1
}

// nextShort is next where there are short values too.
func (m *matcher) nextShort(folded []byte, i int) int {
	filter, shift, mixer, mixer4 := m.filter, m.filterShift&31, m.table.mixers[0], m.table.mixers[1]
	for ; i+8 <= len(folded); i++ {
		first := binary.LittleEndian.Uint64(folded[i:])
		bit, bit4 := uint32((first&firstSix)*mixer>>32)>>shift, uint32((first&firstFour)*mixer4>>32)>>shift
		if (filter[bit/64]>>(bit%64)|filter[bit4/64]>>(bit4%64))&1 != 0 {
			return i
		}
	}
	if i+gram > len(folded) {
		return len(folded)
	}
	return i
}

// at returns the longest value at folded[from:], and its length there.
func (m *matcher) at(text, folded []byte, from int) (value, int) {
	rest := folded[from:]
	lengths := uint64(0)
	six, four := uint32(0), uint32(0)
	if len(rest) >= longGram {
		six = m.table.start(rest)
		lengths = m.lengths[six>>m.lengthShift] >> longGram << longGram
	}
	if m.short {
		four = m.table.start4(rest)
		lengths |= m.lengths[four>>m.lengthShift] & (1<<longGram - 1)
	}
	if lengths>>isLong != 0 {
		if v, n := m.long.at(folded, from); n > 0 {
			return v, n
		}
	}
	lengths &= 1<<min(len(rest)+1, isLong) - 1
	for lengths != 0 {
		n := bits.Len64(lengths) - 1
		lengths &^= 1 << n
		key := six
		if n < longGram {
			key = four
		}
		s := m.table.find(rest[:n])
		if s == nil || s.key != key|uint32(n) || s.hash&slotAnywhere == 0 ||
			s.hash&slotWord != 0 && !atBorders(folded, from, from+n) {
			continue
		}
		v := s.value(rest[:n])
		if s.hash&slotBase64 != 0 {
			if end := (n + 3) &^ 3; end <= len(rest) && string(rest[n:end]) == "=="[:end-n] {
				n = end // it is filled up
			}
			v.base64, v.text = text[from:from+n], nil
			if b := base64Of(v.base64); b != nil {
				v.text = fold(nil, b.decoded)
			}
		}
		if !m.common.has(v.text) {
			return v, n
		}
	}
	return value{}, 0
}

// commons are the words that are no values though some value is the same: those
// that name fields and states.
type commons struct {
	words   map[string]uint32 // names and states that were seen, in lower case: since which version
	known   map[string]bool   // configured secrets, which are values all the same
	version uint32            // of the matcher: what came since then does not count yet
}

// add takes in a word. It counts from the next version on.
func (c *commons) add(word string) bool {
	if _, ok := c.words[word]; ok {
		return false
	}
	c.words[word] = c.version
	return true
}

// has reports whether a value is such a word.
func (c *commons) has(word []byte) bool {
	since, seen := c.words[string(word)]
	if seen = seen && since < c.version; !seen && !commonWords[string(word)] {
		return false
	}
	return isPlainWord(word) && !c.known[string(word)]
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

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// fold appends a text without case. It keeps every byte where it is: a letter whose
// other case has another length stays.
func fold(to, text []byte) []byte {
	start := len(to)
	to = append(to, text...)
	folded := to[start:]
	for i := 0; i < len(folded); {
		if i+8 <= len(folded) {
			v := binary.LittleEndian.Uint64(folded[i:])
			if v&highBits == 0 { // A to Z are those whose high bit differs between the two sums
				upper := (v + (0x80-'A')*lowBits) &^ (v + (0x80-'Z'-1)*lowBits) & highBits
				binary.LittleEndian.PutUint64(folded[i:], v|upper>>2)
				i += 8
				continue
			}
		}
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

// trimmed is a text without the spaces around it.
func trimmed(text []byte) []byte {
	if len(text) > 0 && text[0] > ' ' && text[0] < utf8.RuneSelf && text[len(text)-1] > ' ' && text[len(text)-1] < utf8.RuneSelf {
		return text
	}
	return bytes.TrimSpace(text)
}
