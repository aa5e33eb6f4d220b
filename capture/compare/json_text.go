package compare

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// raw is a value as it stands.
func (t *tree) raw(n int32) []byte { return t.src[t.nodes[n].start:t.nodes[n].end] }

// rawKey is a key with its quotes, as it stands.
func (t *tree) rawKey(n int32) []byte {
	x := &t.nodes[n]
	if x.key < 0 {
		return nil
	}
	return t.src[x.key:x.keyEnd]
}

// keyText is what a key says.
func (t *tree) keyText(n int32) string { return unquote(t.rawKey(n)) }

// container reports whether a value is an object or an array.
func (t *tree) container(n int32) bool {
	return t.nodes[n].kind == jsonObject || t.nodes[n].kind == jsonArray
}

// empty reports whether a container has nothing in it.
func (t *tree) empty(n int32) bool { return t.nodes[n].next == n+1 }

// children are the values of a container.
func (t *tree) children(n int32) []int32 { return t.firstChildren(n, len(t.nodes)) }

// firstChildren are as many of them.
func (t *tree) firstChildren(n int32, most int) []int32 {
	var all []int32
	for c := n + 1; c < t.nodes[n].next && len(all) < most; c = t.nodes[c].next {
		all = append(all, c)
	}
	return all
}

// sameScalar compares two values that are no containers: numbers by their text,
// strings by what they say.
func sameScalar(a, b *tree, x, y int32) bool {
	if a.nodes[x].kind != b.nodes[y].kind {
		return false
	}
	rawA, rawB := a.raw(x), b.raw(y)
	if bytes.Equal(rawA, rawB) {
		return true
	}
	escaped := bytes.IndexByte(rawA, '\\') >= 0 || bytes.IndexByte(rawB, '\\') >= 0
	return a.nodes[x].kind == jsonString && escaped && unquote(rawA) == unquote(rawB)
}

// escapeLength is the length of the escape that text begins with, 0 for none.
func escapeLength(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := codeUnit(text); ok {
			return len(`\u0000`)
		}
	}
	return 0
}

// codeUnit is the number of the \u escape that text begins with.
func codeUnit(text []byte) (rune, bool) {
	if len(text) < len(`\u0000`) || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

// unquote is what a JSON string says. Half a surrogate pair, which is no character,
// stays different from all others.
func unquote(quoted []byte) string {
	if len(quoted) < 2 {
		return ""
	}
	inside := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		return string(inside)
	}
	out := make([]byte, 0, len(inside))
	for i := 0; i < len(inside); {
		if inside[i] != '\\' {
			out = append(out, inside[i])
			i++
			continue
		}
		if unit, ok := codeUnit(inside[i:]); ok {
			i += len(`\u0000`)
			if second, ok := codeUnit(inside[i:]); ok {
				if pair := utf16.DecodeRune(unit, second); pair != utf8.RuneError {
					unit = pair
					i += len(`\u0000`)
				}
			}
			out = appendUnit(out, unit)
			continue
		}
		out = append(out, plainEscape(inside[i+1]))
		i += 2
	}
	return string(out)
}

// appendUnit appends a character, and half a pair by the same rule, which makes
// bytes that no valid text has.
func appendUnit(out []byte, unit rune) []byte {
	if !utf16.IsSurrogate(unit) {
		return utf8.AppendRune(out, unit)
	}
	return append(out, 0xe0|byte(unit>>12), 0x80|byte(unit>>6)&0x3f, 0x80|byte(unit)&0x3f)
}

func plainEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// path is where a value stands: "$.items[0].sku". An element of an array that is
// compared by a key stands at "[id=7]".
func (t *tree) path(n int32) string {
	return "$" + t.below(n, func(b *strings.Builder, n int32) {
		if x := &t.nodes[n]; x.key < 0 {
			if key := t.keyed[x.parent]; key != "" {
				if found := t.member(n, key); found >= 0 {
					b.WriteString("[" + key + "=" + around(string(t.raw(found)), 0) + "]")
					return
				}
			}
			b.WriteString("[" + strconv.Itoa(int(x.index)) + "]")
			return
		}
		name := t.keyText(n)
		if plain(name) {
			b.WriteString("." + name)
		} else {
			b.WriteString("[" + string(t.rawKey(n)) + "]")
		}
	})
}

// pattern is a path with "[]" for any element: "items[].sku", "" for the outermost.
func (t *tree) pattern(n int32) string {
	return strings.TrimPrefix(t.below(n, func(b *strings.Builder, n int32) {
		if t.nodes[n].key < 0 {
			b.WriteString("[]")
		} else {
			b.WriteString("." + t.keyText(n))
		}
	}), ".")
}

// maxSteps bounds the steps of a path; of a longer one the middle is left out.
const maxSteps = 64

// below joins a step for each node from the outermost to n.
func (t *tree) below(n int32, step func(b *strings.Builder, n int32)) string {
	var way []int32
	for ; t.nodes[n].parent >= 0; n = t.nodes[n].parent {
		way = append(way, n)
	}
	var b strings.Builder
	for i := len(way) - 1; i >= 0; i-- {
		if left := len(way) - maxSteps; left > 0 && i == len(way)-1-maxSteps/2 {
			b.WriteString(".…")
			i -= left
		}
		step(&b, way[i])
	}
	return b.String()
}

// plain reports whether a key can stand in a path without quotes.
func plain(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return name != ""
}

// sameNumber reports whether two different texts of numbers have the same value.
func sameNumber(a, b []byte) bool {
	negativeA, digitsA, pointA, okA := decimal(string(a))
	negativeB, digitsB, pointB, okB := decimal(string(b))
	return okA && okB && digitsA == digitsB &&
		(digitsA == "" || negativeA == negativeB && pointA == pointB)
}

// decimal is a number as 0.digits × 10^point, without zeros around the digits.
func decimal(text string) (negative bool, digits string, point int, ok bool) {
	text, negative = strings.CutPrefix(text, "-")
	mantissa, exponent := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], text[i+1:]
	}
	if exponent != "" {
		n, err := strconv.Atoi(exponent)
		if err != nil {
			return false, "", 0, false // larger than anybody reads
		}
		point = n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = whole + fraction
	point += len(whole)
	trimmed := strings.TrimLeft(digits, "0")
	point -= len(digits) - len(trimmed)
	return negative, strings.TrimRight(trimmed, "0"), point, true
}
