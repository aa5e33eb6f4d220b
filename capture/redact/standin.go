package redact

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strconv"
	"time"
)

// after is what stands in place of a value. It follows the form of what stood
// there, and says nothing else of it.
func (v *value) after() string {
	var room [64]byte
	if v.base64 != nil {
		return v.base64Like(room[:0])
	}
	n := int64(v.number)
	if out, ok := numberLike(room[:0], v.text, n); ok {
		return string(out)
	}
	switch {
	case v.kind == kindEmail || v.kind != kindSecret && isEmail(v.text):
		return string(append(strconv.AppendInt(append(room[:0], "person-"...), n, 10), "@redacted.example"...))
	case bytes.HasPrefix(v.text, []byte("https://")) || bytes.HasPrefix(v.text, []byte("http://")):
		out := append(append(append(room[:0], "https://redacted.example/"...), v.kind...), '-')
		return string(strconv.AppendInt(out, n, 10))
	case isUUID(v.text):
		return string(appendPadded(append(room[:0], "00000000-0000-4000-8000-"...), n, 12))
	case v.kind == kindPhone:
		return string(appendPadded(append(room[:0], '+'), n, 11))
	}
	if v.kind != kindSecret {
		if date, rest, ok := datePart(v.text); ok {
			return string(append(date.AddDate(0, 0, int(n)).AppendFormat(room[:0], time.DateOnly), zeroDigits(rest)...))
		}
		if mayBeAddress(v.text) {
			if addr, err := netip.ParseAddr(string(v.text)); err == nil {
				return addressLike(addr, int(n))
			}
		}
	}
	return string(strconv.AppendInt(append(append(room[:0], v.kind...), '-'), n, 10))
}

// base64Like writes what stands in for a value as that was written: in the same
// alphabet, and filled up where that was.
func (v *value) base64Like(out []byte) string {
	encoding := base64.StdEncoding
	if bytes.IndexByte(v.base64, '-') >= 0 || bytes.IndexByte(v.base64, '_') >= 0 {
		encoding = base64.URLEncoding
	}
	if len(v.base64)%4 != 0 {
		encoding = encoding.WithPadding(base64.NoPadding)
	}
	plain := value{text: v.text, kind: v.kind, number: v.number}
	return string(encoding.AppendEncode(out, []byte(plain.after())))
}

// appendPadded appends a number with zeros before it, 12 digits at most.
func appendPadded(to []byte, n int64, width int) []byte {
	var room [20]byte
	digits := strconv.AppendInt(room[:0], n, 10)
	return append(append(to, "000000000000"[:max(width-len(digits), 0)]...), digits...)
}

// firstNumber is where the numbers that stand in for numbers begin: large enough
// to be seen for what they are, and good for an int32.
const firstNumber = 9_000_000

// numberLike writes a number as the n-th, with as many decimals.
func numberLike(out, text []byte, n int64) ([]byte, bool) {
	if !isNumber(text) && !isDigits(text) {
		return nil, false
	}
	out = strconv.AppendInt(out, firstNumber+n, 10)
	if dot := bytes.IndexByte(text, '.'); dot >= 0 {
		out = append(out, '.')
		decimals, _ := leadingDigits(text[dot+1:])
		for range decimals {
			out = append(out, '0')
		}
	}
	return out, true
}

// isNumber reports whether a text is a number of JSON.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	whole, rest := leadingDigits(text)
	if len(whole) == 0 || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	if len(rest) > 0 && rest[0] == '.' {
		var digits []byte
		if digits, rest = leadingDigits(rest[1:]); len(digits) == 0 {
			return false
		}
	}
	if len(rest) > 0 && (rest[0] == 'e' || rest[0] == 'E') {
		var digits []byte
		if digits, rest = leadingDigits(bytes.TrimLeft(rest[1:], "+-")); len(digits) == 0 {
			return false
		}
	}
	return len(rest) == 0
}

func leadingDigits(text []byte) (digits, rest []byte) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}

func isDigits[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0
}

func isEmail(text []byte) bool {
	at := bytes.IndexByte(text, '@')
	return at > 0 && bytes.LastIndexByte(text, '.') > at+1 && !bytes.ContainsAny(text, " /:\t\n")
}

func isUUID(text []byte) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range text {
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
func datePart(text []byte) (first time.Time, rest []byte, ok bool) {
	if len(text) < len(time.DateOnly) || text[4] != '-' || text[7] != '-' {
		return first, nil, false
	}
	if _, err := time.Parse(time.DateOnly, string(text[:len(time.DateOnly)])); err != nil {
		return first, nil, false
	}
	rest = text[len(time.DateOnly):]
	if len(bytes.Trim(rest, "0123456789tz:.+- ")) > 0 {
		return first, nil, false
	}
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), bytes.ToUpper(rest), true
}

func zeroDigits(text []byte) []byte {
	return bytes.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return '0'
		}
		return c
	}, text)
}

// mayBeAddress reports whether a text may be an address of the Internet Protocol: what
// is surely none is not parsed.
func mayBeAddress(text []byte) bool {
	for _, c := range text {
		switch {
		case c == ':':
			return true
		case c != '.' && !isHex(c):
			return false
		}
	}
	return bytes.IndexByte(text, '.') >= 0
}

// addressLike is the n-th address of those kept for tests and documents.
func addressLike(addr netip.Addr, n int) string {
	if addr.Unmap().Is4() && n < 1<<17 {
		return netip.AddrFrom4([4]byte{198, byte(18 + n>>16), byte(n >> 8), byte(n)}).String()
	}
	return fmt.Sprintf("2001:db8::%x:%x", n>>16&0xffff, n&0xffff)
}
