package redact

import (
	"bytes"
	"encoding/base64"
	"slices"
	"unicode/utf8"
)

// shortestBase64 is the shortest run of letters and digits that is tried as base64.
const shortestBase64 = 16

// base64Text is a text in base64.
type base64Text struct {
	decoded  []byte
	encoding *base64.Encoding
}

func (b *base64Text) encode(text []byte) string { return b.encoding.EncodeToString(text) }

// base64Of reads a text in base64 of either alphabet, padded or not; nil where it is
// none.
func base64Of(text []byte) *base64Text {
	encoding, decoded := readBase64(nil, text)
	if encoding == nil {
		return nil
	}
	return &base64Text{decoded, encoding}
}

// readBase64 appends what a text in base64 says; the encoding is nil where it is none.
func readBase64(to, text []byte) (encoding *base64.Encoding, decoded []byte) {
	if len(text) < 4 {
		return nil, nil
	}
	inLinks := bytes.IndexByte(text, '-') >= 0 || bytes.IndexByte(text, '_') >= 0
	padded := text[len(text)-1] == '='
	switch {
	case inLinks && (bytes.IndexByte(text, '+') >= 0 || bytes.IndexByte(text, '/') >= 0):
		return nil, nil // it mixes the alphabets
	case inLinks && padded:
		encoding = base64.URLEncoding
	case inLinks:
		encoding = base64.RawURLEncoding
	case padded:
		encoding = base64.StdEncoding
	default:
		encoding = base64.RawStdEncoding
	}
	decoded, err := encoding.AppendDecode(to, text)
	if err != nil {
		return nil, nil
	}
	return encoding, decoded
}

// base64 looks into what is in base64 in a text.
func (w *walk) base64(edits []edit, text []byte, m *marks) []edit {
	for i := m.from; i < m.to; {
		if classes[text[i]]&isToken == 0 {
			i++
			continue
		}
		from := i
		if m.runs == 1 {
			i = m.to
		}
		for i < len(text) && classes[text[i]]&isToken != 0 {
			i++
		}
		to := i
		for to < len(text) && to < i+2 && text[to] == '=' {
			to++
		}
		if i-from < shortestBase64 {
			continue
		}
		if found, readable := w.inBase64(text, from, to); readable {
			edits = append(edits, found...)
		} else {
			edits = w.base64Pieces(edits, text, from, to)
		}
		i = to
	}
	return edits
}

// maxPieces and mostTried bound how many parts of a run are tried up to its end, where
// they are long.
const (
	maxPieces = 32
	mostTried = 256 << 10
)

// base64Pieces looks at the parts of a run between slashes and the like, which are
// letters of base64 and stand in addresses too: up to the end, up to the next letter of
// either alphabet that the other has not, and up to the next of both.
func (w *walk) base64Pieces(edits []edit, text []byte, from, to int) []edit {
	at := from
	for tries, tried := 0, 0; at < to; tries++ {
		slash, dash := at+toJoint(text[at:to], "/+"), at+toJoint(text[at:to], "-_")
		end := min(slash, dash)
		next := end + 1
		for i, until := range [...]int{to, max(slash, dash), end} {
			if until-at < shortestBase64 || until-at == to-from || i == 1 && until == to {
				continue
			}
			if until > end {
				if tried += until - at; tries >= maxPieces && tried > mostTried {
					continue
				}
			}
			// A part may be read that is half of one and something before it.
			if found, readable := w.inBase64(text, at, until); readable && (len(found) > 0 || until == to) {
				edits = append(edits, found...)
				next = until + 1
				break
			}
		}
		at = next
	}
	return edits
}

// toJoint is how far it is to the first of two letters of base64 that are none of
// words; the length of the text where there is none.
func toJoint(text []byte, joints string) int {
	n := len(text)
	for i := range len(joints) {
		if at := bytes.IndexByte(text[:n], joints[i]); at >= 0 {
			n = at
		}
	}
	return n
}

// inBase64 looks into text[from:to]; readable says that there is something to look
// at.
func (w *walk) inBase64(text []byte, from, to int) (edits []edit, readable bool) {
	run := text[from:to]
	if noise(run) {
		return nil, false
	}
	w.decoded = slices.Grow(w.decoded[:0], len(run))
	encoding, plain := readBase64(w.decoded, run)
	for encoding == nil && len(run)%4 == 1 && run[len(run)-1] != '=' && to > from+shortestBase64 { // one letter too many
		to--
		run = text[from:to]
		encoding, plain = readBase64(w.decoded, run)
	}
	if encoding == nil {
		return nil, false
	}
	if !worthwhile(plain) || !w.spend(len(plain)) {
		return nil, false
	}
	if w.depth >= maxNested {
		return shifted(w.remove(run, tooDeep), from), true
	}
	b := base64Text{bytes.Clone(plain), encoding}
	w.depth++
	defer func() { w.depth-- }()
	inner := w.content(b.decoded, anyMedia)
	if len(inner) == 0 {
		return nil, true
	}
	return []edit{{from: from, to: to, text: b.encode(apply(b.decoded, inner)), told: w.toldBy(inner)}}, true
}

// worthwhile reports whether bytes look like a text, or like what holds one.
func worthwhile(data []byte) bool {
	if packed(data) != "" || wide(data) != codingPlain {
		return true
	}
	odd, _ := oddOf(data, len(data)/oddShare, 0)
	return odd*oddShare <= len(data)
}

// oddShare is the part of a text that may be odd: bytes of no letter, and controls.
const oddShare = 8

// firstLead is the first byte that a letter of several bytes can begin with.
const firstLead = 0xC2

// oddOf counts what is odd in bytes, up to one more than most. It stops before the
// last keep bytes, where a letter may be cut, and says where.
func oddOf(data []byte, most, keep int) (odd, end int) {
	i := 0
	for i < len(data)-keep && odd <= most {
		if c := data[i]; c < utf8.RuneSelf {
			if c < ' ' && !isSpace(c) {
				odd++
			}
			i++
			continue
		}
		n := 1
		if data[i] >= firstLead {
			var r rune
			if r, n = utf8.DecodeRune(data[i:]); r == utf8.RuneError && n == 1 {
				odd++
			}
		} else {
			odd++
		}
		i += n
	}
	return odd, i
}

// noiseLetters are how many letters of base64 noise decodes at a time, and the
// fewest that it looks at.
const noiseLetters = 128

// noise reports whether a run of base64 is surely none that is worthwhile, by the
// beginning of what it decodes to: most long runs are ids, hashes and images. Where
// it is not sure it says no.
func noise(run []byte) bool {
	if len(run) < noiseLetters {
		return false
	}
	most := (len(run)/4*3 + 3) / oddShare
	var room [noiseLetters/4*3 + utf8.UTFMax]byte
	held, odd, looked := 0, 0, 0
	for at := 0; at+noiseLetters <= len(run); at += noiseLetters {
		n, ok := decodeLetters(room[held:], run[at:at+noiseLetters])
		if !ok {
			return false
		}
		data := room[:held+n]
		if at == 0 && (packed(data) != "" || wide(data) != codingPlain) {
			return false
		}
		more, end := oddOf(data, most-odd, utf8.UTFMax-1)
		if odd += more; odd > most {
			return true
		}
		if looked += end; odd*oddShare <= looked { // as texts have it
			return false
		}
		held = copy(room[:], data[end:])
	}
	return false
}

// decodeLetters reads whole groups of four letters of either alphabet. It is not ok
// where another byte is among them.
func decodeLetters(to, letters []byte) (n int, ok bool) {
	for ; len(letters) >= 4; letters = letters[4:] {
		a, b, c, d := sextets[letters[0]], sextets[letters[1]], sextets[letters[2]], sextets[letters[3]]
		if (a|b|c|d)&0x80 != 0 {
			return n, false
		}
		to[n], to[n+1], to[n+2] = a<<2|b>>4, b<<4|c>>2, c<<6|d
		n += 3
	}
	return n, true
}

// sextets are the values of the letters of base64, of both alphabets.
var sextets = func() (all [256]byte) {
	for i := range all {
		all[i] = 0x80
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		all[c] = byte(i)
	}
	all['-'], all['_'] = all['+'], all['/']
	return all
}()
