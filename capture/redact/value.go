package redact

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// value is what is replaced, wherever it stands.
type value struct {
	text     string // folded
	kind     string
	number   int32  // of its kind, or of all numbers, from 1
	known    bool   // a configured secret
	anywhere bool   // it is looked for in every text
	word     bool   // only where no letter or digit stands next to it
	short    string // as it was first seen, of one whose base64 is too short to be tried as such

	encoding *base64.Encoding // in which this is another value written
	of       *value
}

// maxValues bounds how many different values one share can hold.
const maxValues = 4 << 20

var errManyValues = fmt.Errorf("there are more than %d different values to take out: share fewer callbacks at a time", maxValues)

// shortestAnywhere is the shortest personal value that is looked for everywhere:
// shorter ones would be found in other words. Credentials begin at gram.
const shortestAnywhere = 5

// learn gives the value that a text is, and makes it where it is new. It is nil for
// a text that says nothing.
func (r *Redactor) learn(text []byte, kind string) *value {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil
	}
	r.folded = fold(r.folded[:0], text)
	if v := r.values[string(r.folded)]; v != nil {
		if kind == kindSecret && v.kind != kindSecret && !v.anywhere && len(v.text) >= gram {
			v.anywhere, r.stale = true, true
		}
		return v
	}
	if saysNothing(r.folded) {
		return nil
	}
	if len(r.values) >= maxValues {
		r.err = errManyValues
	}
	v := &value{text: string(r.folded), kind: kind}
	counted := kind
	if isNumber(v.text) || isDigits(v.text) { // what stands in for them shows no kind
		r.numeric, counted = true, "number"
	}
	r.counts[counted]++
	v.number = r.counts[counted]
	v.spread()
	if v.anywhere && len(text) <= longestShort && !isNumber(v.text) && !isDigits(v.text) {
		v.short = string(text)
	}
	r.values[v.text] = v
	r.stale = r.stale || v.anywhere
	return v
}

// longestShort is the longest value whose base64 is shorter than what is tried as
// such: it is looked for as it stands.
const longestShort = (shortestBase64-1)/4*3 + 2

// inBase64 are the values that stand for one written in base64, where that is short.
func (v *value) inBase64() []*value {
	if v.short == "" {
		return nil
	}
	var all []*value
	seen := map[string]bool{}
	for _, encoding := range [...]*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		text := encoding.EncodeToString([]byte(v.short))
		if !seen[text] {
			seen[text] = true
			all = append(all, &value{text: string(fold(nil, []byte(text))), kind: v.kind, word: true, encoding: encoding, of: v})
		}
	}
	return all
}

// spread says where a value is looked for.
func (v *value) spread() {
	letters, digits, n := 0, 0, 0
	for _, c := range v.text {
		n++
		switch {
		case unicode.IsLetter(c):
			letters++
		case unicode.IsDigit(c):
			digits++
		}
	}
	switch v.kind {
	case kindSecret, kindCustom:
		v.anywhere = len(v.text) >= gram
		v.word = n < shortestAnywhere
		return
	case kindDelivery, kindSignature, kindRemoved:
		return
	case kindUser:
		v.anywhere = n >= shortestAnywhere && letters < n
	default:
		_, _, date := datePart(v.text)
		v.anywhere = n >= shortestAnywhere && letters+digits > 2 && (!date || v.kind == kindDate)
		if v.kind == kindPersonal && letters == n { // one word of a message
			v.anywhere = false
		}
	}
	v.word = n < 8 || digits > 0 && letters == 0 || letters > 0 && digits == 0 && !strings.Contains(v.text, "@")
}

// saysNothing reports whether a text is none that somebody could want to hide.
func saysNothing(folded []byte) bool {
	switch string(folded) {
	case "null", "true", "false", "none", "n/a", "-", "0", "0.00", "0.0", "[redacted]", "***":
		return true
	}
	return bytes.HasPrefix(folded, []byte("0000-00-00"))
}

// after is what stands in place of a value. It follows the form of what stood
// there, and says nothing else of it.
func (v *value) after() string {
	if v.of != nil {
		return v.encoding.EncodeToString([]byte(v.of.after()))
	}
	n := int(v.number)
	if out, ok := numberLike(v.text, n); ok {
		return out
	}
	date, rest, isDate := datePart(v.text)
	switch {
	case v.kind == kindEmail || v.kind != kindSecret && isEmail(v.text):
		return fmt.Sprintf("person-%d@redacted.example", n)
	case strings.HasPrefix(v.text, "https://") || strings.HasPrefix(v.text, "http://"):
		return fmt.Sprintf("https://redacted.example/%s-%d", v.kind, n)
	case isUUID(v.text):
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	case v.kind == kindPhone:
		return fmt.Sprintf("+%011d", n)
	case isDate && v.kind != kindSecret:
		return date.AddDate(0, 0, n).Format(time.DateOnly) + zeroDigits(rest)
	}
	if addr, err := netip.ParseAddr(v.text); err == nil && v.kind != kindSecret {
		return addressLike(addr, n)
	}
	return v.kind + "-" + strconv.Itoa(n)
}

// firstNumber is where the numbers that stand in for numbers begin: large enough
// to be seen for what they are, and good for an int32.
const firstNumber = 9_000_000

// numberLike writes a number as the n-th, with as many decimals.
func numberLike(text string, n int) (string, bool) {
	if !isNumber(text) && !isDigits(text) {
		return "", false
	}
	out := strconv.Itoa(firstNumber + n)
	if _, decimals, ok := strings.Cut(text, "."); ok {
		places := 0
		for places < len(decimals) && decimals[places] >= '0' && decimals[places] <= '9' {
			places++
		}
		out += "." + strings.Repeat("0", places)
	}
	return out, true
}

// isNumber reports whether a text is a number of JSON.
func isNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	whole, rest := leadingDigits(text)
	if whole == "" || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	if decimals, ok := strings.CutPrefix(rest, "."); ok {
		var digits string
		if digits, rest = leadingDigits(decimals); digits == "" {
			return false
		}
	}
	if len(rest) > 0 && (rest[0] == 'e' || rest[0] == 'E') {
		var digits string
		if digits, rest = leadingDigits(strings.TrimLeft(rest[1:], "+-")); digits == "" {
			return false
		}
	}
	return rest == ""
}

func leadingDigits(text string) (digits, rest string) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}

func isEmail(text string) bool {
	at := strings.IndexByte(text, '@')
	return at > 0 && strings.LastIndexByte(text, '.') > at+1 && !strings.ContainsAny(text, " /:\t\n")
}

func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !isHex(c) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// datePart is the day that a date or a time begins with, as the first of those that
// stand in for dates, and what comes behind it.
func datePart(text string) (first time.Time, rest string, ok bool) {
	if len(text) < len(time.DateOnly) {
		return first, "", false
	}
	if _, err := time.Parse(time.DateOnly, text[:len(time.DateOnly)]); err != nil {
		return first, "", false
	}
	rest = text[len(time.DateOnly):]
	if strings.Trim(rest, "0123456789tz:.+- ") != "" {
		return first, "", false
	}
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), strings.ToUpper(rest), true
}

func zeroDigits(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return '0'
		}
		return c
	}, text)
}

// addressLike is the n-th address of those kept for tests and documents.
func addressLike(addr netip.Addr, n int) string {
	if addr.Unmap().Is4() && n < 1<<17 {
		return fmt.Sprintf("198.%d.%d.%d", 18+n>>16, n>>8&0xff, n&0xff)
	}
	return fmt.Sprintf("2001:db8::%x:%x", n>>16&0xffff, n&0xffff)
}

// matching returns the matcher of all values that are looked for anywhere.
func (r *Redactor) matching() *matcher {
	if r.matcher != nil && !r.stale {
		return r.matcher
	}
	var all []*value
	for _, v := range r.values {
		// A word that names fields is no value that could be told from them.
		common := (r.words[v.text] || commonWords[v.text]) && isPlainWord(v.text)
		if v.anywhere && (v.known || !common) {
			all = append(append(all, v), v.inBase64()...)
		}
	}
	r.matcher, r.stale = newMatcher(all), false
	r.version++
	return r.matcher
}

// maxStates bounds how many states are remembered.
const maxStates = 1 << 12

// state remembers a word that senders use for a status or an event: it is no
// person's alone.
func (r *Redactor) state(text []byte) {
	if len(text) > longestName || r.states >= maxStates || !isPlainWord(string(text)) {
		return
	}
	if word := string(fold(nil, text)); !r.words[word] {
		r.words[word] = true
		r.states++
	}
}

// commonWords are values that a secret or a name may have by chance or in samples.
var commonWords = setOf(`username password user admin secret token bearer basic test unknown standard default express order orders customer
	delivery shipping company name address phone email pending paid active inactive kornitx klix mintsoft probo komet hookglass`)

func isPlainWord(text string) bool {
	for _, c := range text {
		if !unicode.IsLetter(c) && c != '_' && c != '-' && c != ' ' && c != '.' {
			return false
		}
	}
	return utf8.ValidString(text)
}

var errNoExchange = errors.New("there is no exchange to redact")
