package providers

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Minify removes white space outside strings. Numbers, escapes and the order of
// keys stay; a body that is no JSON comes out as something or other.
func Minify(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); {
		switch body[i] {
		case ' ', '\t', '\r', '\n':
			i++
		case '"':
			end := stringEnd(body, i)
			out = append(out, body[i:end]...)
			i = end
		default:
			out = append(out, body[i])
			i++
		}
	}
	return out
}

// StripSpaces removes white space everywhere, also inside strings.
func StripSpaces(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for _, ch := range body {
		if !isSpace(ch) {
			out = append(out, ch)
		}
	}
	return out
}

// PHPEncode writes JSON as PHP's json_encode does, with \/ and \uXXXX, but keeps
// the text of numbers. The body must be JSON.
func PHPEncode(body []byte) []byte {
	return (&jsonStyle{comma: ",", colon: ":", text: writeText(slashEscaped | unicodeEscaped)}).rewrite(body)
}

// Reencode parses JSON and writes it on one line with as few escapes as can be,
// keeping the order of keys and the text of numbers. The body must be JSON.
func Reencode(body []byte) []byte {
	return (&jsonStyle{comma: ",", colon: ":", text: writeText(0)}).rewrite(body)
}

func isSpace(ch byte) bool { return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n' }

// stringEnd returns the offset behind the string that begins at i.
func stringEnd(body []byte, i int) int {
	for i++; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(body)
}

// jsonStyle is a way of writing JSON. Without text and number, strings and
// numbers keep their spelling.
type jsonStyle struct {
	comma, colon string
	indent       string // of one level; "" writes one line
	text         func(out, raw []byte) []byte
	number       func(raw string) string
}

// rewrite writes valid JSON in this style.
func (s *jsonStyle) rewrite(body []byte) []byte {
	out := make([]byte, 0, len(body)+len(body)/4)
	depth := 0
	for i := 0; i < len(body); {
		switch ch := body[i]; {
		case isSpace(ch):
			i++
		case ch == '"':
			end := stringEnd(body, i)
			if s.text != nil {
				out = s.text(out, body[i:end])
			} else {
				out = append(out, body[i:end]...)
			}
			i = end
		case ch == '{' || ch == '[':
			i++
			out = append(out, ch)
			rest := bytes.TrimLeft(body[i:], " \t\r\n")
			if len(rest) > 0 && rest[0] == ch+2 { // "{}" and "[]" are two apart in ASCII
				out = append(out, rest[0])
				i = len(body) - len(rest) + 1
				continue
			}
			depth++
			out = s.line(out, depth)
		case ch == '}' || ch == ']':
			i++
			depth--
			out = append(s.line(out, depth), ch)
		case ch == ',':
			i++
			out = s.line(append(out, s.comma...), depth)
		case ch == ':':
			i++
			out = append(out, s.colon...)
		default:
			end := i + 1
			for end < len(body) && !isSpace(body[end]) && !bytes.ContainsRune([]byte(`,]}`), rune(body[end])) {
				end++
			}
			if raw := body[i:end]; s.number != nil && ch != 't' && ch != 'f' && ch != 'n' {
				out = append(out, s.number(string(raw))...)
			} else {
				out = append(out, raw...)
			}
			i = end
		}
	}
	return out
}

func (s *jsonStyle) line(out []byte, depth int) []byte {
	if s.indent == "" {
		return out
	}
	out = append(out, '\n')
	for range depth {
		out = append(out, s.indent...)
	}
	return out
}

// What writeText escapes besides what JSON demands.
const (
	slashEscaped   = 1 << iota // "/" as "\/"
	unicodeEscaped             // all beyond ASCII as \uXXXX
)

const hexDigits = "0123456789abcdef"

// writeText returns a function that unescapes a string and writes it again.
func writeText(escape int) func(out, raw []byte) []byte {
	return func(out, raw []byte) []byte {
		out = append(out, '"')
		for _, r := range gjson.ParseBytes(raw).Str {
			switch {
			case r == '"' || r == '\\':
				out = append(out, '\\', byte(r))
			case r == '/' && escape&slashEscaped != 0:
				out = append(out, '\\', '/')
			case r < ' ':
				out = appendControl(out, r)
			case r >= utf8.RuneSelf && escape&unicodeEscaped != 0:
				if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
					out = appendHex(appendHex(out, high), low)
				} else {
					out = appendHex(out, r)
				}
			default:
				out = utf8.AppendRune(out, r)
			}
		}
		return append(out, '"')
	}
}

func appendControl(out []byte, r rune) []byte {
	if i := bytes.IndexRune([]byte("\b\f\n\r\t"), r); i >= 0 {
		return append(out, '\\', "bfnrt"[i])
	}
	return appendHex(out, r)
}

func appendHex(out []byte, r rune) []byte {
	return append(out, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// jsNumber writes a number as JavaScript does: 88.00 becomes 88, 1e-9 stays.
func jsNumber(raw string) string {
	text, _ := shortest(raw, 1e-6, 1e21)
	text = strings.Replace(text, "e-0", "e-", 1)
	return text
}

// pythonNumber writes a number as Python does: 88.00 becomes 88.0, and integers
// stay.
func pythonNumber(raw string) string {
	if !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	text, ok := shortest(raw, 1e-4, 1e16)
	if ok && !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// shortest writes a number with the fewest digits that give the same float64,
// without exponent from low up to high; false where it is no float64.
func shortest(raw string, low, high float64) (string, bool) {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw, false
	}
	if size := math.Abs(f); size == 0 || size >= low && size < high {
		return strconv.FormatFloat(f, 'f', -1, 64), true
	}
	return strconv.FormatFloat(f, 'e', -1, 64), true
}
