package redact

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// value is what is replaced, wherever it stands.
type value struct {
	text   []byte // folded; it is good as long as what it was found in is not changed
	kind   string
	number int32  // of its kind, or of all numbers, from 1; 0 for no value
	base64 []byte // as it was found, where that is in base64
}

// value is that of a slot whose text is known.
func (s *slot) value(text []byte) value {
	return value{text: text, kind: kinds[s.hash&slotKind], number: s.number}
}

// maxValues bounds how many different values one share can hold, and so the memory
// that they take: some 400 MiB.
const maxValues = 16 << 20

var errManyValues = fmt.Errorf("there are more than %d different values to take out: share fewer callbacks at a time", maxValues)

// shortestAnywhere is the shortest personal value that is looked for everywhere:
// shorter ones would be found in other words. Credentials begin at gram.
const shortestAnywhere = 5

// learn gives the value that a text is, and makes it where it is new. It has no
// number where the text says nothing. Its text is good until the next is learned.
func (r *Redactor) learn(text []byte, kind string) value {
	text = trimmed(text)
	if len(text) == 0 {
		return value{}
	}
	r.folded = fold(r.folded[:0], text)
	r.found++
	s := r.values.find(r.folded)
	if s != nil && s.hash&slotBase64 == 0 {
		v := s.value(r.folded)
		if kind != v.kind {
			r.widen(s, text, kind)
		}
		return v
	}
	if saysNothing(r.folded) {
		r.found--
		return value{}
	}
	if r.distinct++; r.distinct > maxValues {
		r.err = errManyValues
	}
	number := isNumber(r.folded) || isDigits(r.folded)
	counted := kindIndex(kind)
	flags := counted | spread(r.folded, kind)
	if number { // what stands in for them shows no kind
		r.numeric, counted = true, countedNumbers
	}
	r.counts[counted]++
	if s == nil {
		s = r.values.add(r.folded, flags, r.counts[counted])
	} else { // so far it was known as another one in base64, and goes on being looked for
		if flags&slotAnywhere == 0 {
			flags |= slotAnywhere | slotWord
		}
		s.hash, s.number = s.hash&^slotFlags|uint64(flags), r.counts[counted]
	}
	v := s.value(r.folded)
	if flags&slotAnywhere != 0 {
		r.lookFor(s, text, kind)
	}
	return v
}

// widen looks for a value, which is the folded text, also where it would be looked for
// had it been learned as another kind: what comes first is a matter of chance.
func (r *Redactor) widen(s *slot, text []byte, kind string) {
	const where = slotAnywhere | slotWord
	was, now := uint8(s.hash)&where, spread(r.folded, kind)&where
	if was&slotAnywhere != 0 {
		now &= was
	}
	if now&slotAnywhere == 0 || now == was {
		return
	}
	s.hash = s.hash&^where | uint64(now)
	r.lookFor(s, text, kind)
}

// lookFor makes a value, which is the folded text, one that is looked for everywhere.
func (r *Redactor) lookFor(s *slot, text []byte, kind string) {
	number, index := s.number, uint8(s.hash&slotKind)
	r.matcher.add(s, r.folded)
	r.stale = true
	// Sums of money are many, and nobody writes them so.
	if len(text) <= longestShort && (kind != kindMoney || !isNumber(r.folded)) {
		r.lookForBase64(text, number, index)
	}
}

// longestShort is the longest value whose base64 is shorter than what is tried as
// such: it is looked for as it stands.
const longestShort = (shortestBase64-1)/4*3 + 2

// lookForBase64 looks for a short value in base64, of either alphabet. Where it is
// filled up is seen when it is found.
func (r *Redactor) lookForBase64(text []byte, number int32, kind uint8) {
	var room, folded [shortestBase64]byte
	for _, encoding := range [...]*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		written := fold(folded[:0], encoding.AppendEncode(room[:0], text))
		s := r.values.find(written)
		switch {
		case s == nil:
			s = r.values.add(written, kind|slotAnywhere|slotWord|slotBase64, number)
		case s.hash&slotAnywhere == 0:
			s.hash |= slotAnywhere | slotWord
		default:
			continue
		}
		r.matcher.add(s, written)
	}
}

// spread says where a value is looked for.
func spread(text []byte, kind string) uint8 {
	letters, digits, n := 0, 0, 0
	for i := 0; i < len(text); n++ {
		if c := text[i]; c < utf8.RuneSelf {
			letters += int(classes[c] & isLetter / isLetter)
			digits += int(classes[c] & isDigit / isDigit)
			i++
			continue
		}
		c, size := utf8.DecodeRune(text[i:])
		switch {
		case unicode.IsLetter(c):
			letters++
		case unicode.IsDigit(c):
			digits++
		}
		i += size
	}
	anywhere := false
	switch kind {
	case kindSecret, kindCustom:
		return flagged(len(text) >= gram, slotAnywhere) | flagged(n < shortestAnywhere, slotWord)
	case kindDelivery, kindSignature, kindRemoved:
		return 0
	case kindUser:
		anywhere = n >= shortestAnywhere && letters < n
	default:
		_, _, date := datePart(text)
		anywhere = n >= shortestAnywhere && letters+digits > 2 && (!date || kind == kindDate)
		if kind == kindPersonal && letters == n { // one word of a message
			anywhere = false
		}
	}
	word := n < 8 || digits > 0 && letters == 0 || letters > 0 && digits == 0 && bytes.IndexByte(text, '@') < 0
	return flagged(anywhere, slotAnywhere) | flagged(word, slotWord)
}

func flagged(set bool, flag uint8) uint8 {
	if set {
		return flag
	}
	return 0
}

// saysNothing reports whether a text is none that somebody could want to hide.
func saysNothing(folded []byte) bool {
	switch string(folded) {
	case "null", "true", "false", "none", "n/a", "-", "0", "0.00", "0.0", "[redacted]", "***":
		return true
	}
	return bytes.HasPrefix(folded, []byte("0000-00-00"))
}

// matching returns the matcher of all values that are looked for anywhere. What was
// learned since the last time makes a new version of it.
func (r *Redactor) matching() *matcher {
	if r.stale {
		r.matcher.long.order()
		r.stale = false
		r.common.version++
	}
	return r.matcher
}

// maxStates bounds how many states are remembered.
const maxStates = 1 << 12

// state remembers a word that senders use for a status or an event: it is no
// person's alone.
func (r *Redactor) state(text []byte) {
	if len(text) > longestName || r.states >= maxStates || !isPlainWord(text) {
		return
	}
	var room [longestName]byte
	word := fold(room[:0], text)
	if _, ok := r.common.words[string(word)]; !ok {
		r.common.add(string(word))
		r.states++
	}
}

// commonWords are values that a secret or a name may have by chance or in samples.
var commonWords = setOf(`username password user admin secret token bearer basic test unknown standard default express order orders customer
	delivery shipping company name address phone email pending paid active inactive kornitx klix mintsoft probo komet hookglass`)

func isPlainWord(text []byte) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if classes[c]&isLetter == 0 && c != '_' && c != '-' && c != ' ' && c != '.' {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if !unicode.IsLetter(r) {
			return false
		}
		i += n
	}
	return true
}

var errNoExchange = errors.New("there is no exchange to redact")

// delivery is what stands in place of what tells a delivery.
func (r *Redactor) delivery(text string) string {
	v := r.learn([]byte(text), kindDelivery)
	if v.number == 0 {
		return text
	}
	return v.after()
}
