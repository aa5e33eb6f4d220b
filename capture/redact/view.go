package redact

import (
	"bytes"
	"encoding/binary"
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// coding is how a text is written where it stands.
type coding int

const (
	codingPlain coding = iota
	codingJSON         // inside a JSON string
	codingForm         // %41, and + for a space
	codingXML          // &amp; &#65;
	codingAny          // %41, \u0041 and &#65; mixed, as in a text of unknown origin
	codingLatin1
	codingUTF16LE
	codingUTF16BE
)

// view is a text decoded, with the place in the original of each of its bytes and
// of its end.
type view struct {
	text []byte
	off  []int32
}

// add appends what was decoded from the original at a place.
func (v *view) add(at int, decoded ...byte) {
	for _, b := range decoded {
		v.text = append(v.text, b)
		v.off = append(v.off, int32(at))
	}
}

func (v *view) addRune(at int, r rune) {
	var room [utf8.UTFMax]byte
	v.add(at, room[:utf8.EncodeRune(room[:], r)]...)
}

// decode reads a text; ok is false where it says what it is written as.
func (c coding) decode(text []byte) (v view, ok bool) {
	var escape func(text []byte, i int) (n int, r rune, raw bool)
	switch c {
	case codingPlain:
		return v, false
	case codingLatin1, codingUTF16LE, codingUTF16BE:
		return c.decodeCharset(text), true
	case codingJSON:
		if bytes.IndexByte(text, '\\') < 0 {
			return v, false
		}
		escape = jsonEscape
	case codingForm:
		if bytes.IndexByte(text, '%') < 0 && bytes.IndexByte(text, '+') < 0 {
			return v, false
		}
		escape = formEscape
	case codingXML:
		if bytes.IndexByte(text, '&') < 0 {
			return v, false
		}
		escape = entity
	case codingAny:
		escape = anyEscape
	}
	v.text, v.off = make([]byte, 0, len(text)), make([]int32, 0, len(text)+1)
	for i := 0; i < len(text); {
		n, r, raw := escape(text, i)
		switch {
		case n == 0:
			v.add(i, text[i])
			i++
			continue
		case raw:
			v.add(i, byte(r))
		default:
			v.addRune(i, r)
		}
		ok = true
		i += n
	}
	v.off = append(v.off, int32(len(text)))
	return v, ok
}

// jsonEscape reads an escape of a JSON string.
func jsonEscape(text []byte, i int) (n int, r rune, raw bool) {
	if text[i] != '\\' || i+1 >= len(text) {
		return 0, 0, false
	}
	switch c := text[i+1]; c {
	case 'n':
		return 2, '\n', false
	case 't':
		return 2, '\t', false
	case 'r':
		return 2, '\r', false
	case 'b', 'f':
		return 2, ' ', false
	case '"', '\\', '/', '\'':
		return 2, rune(c), false
	case 'u':
	default:
		return 0, 0, false
	}
	unit, ok := hexUnit(text, i)
	if !ok {
		return 0, 0, false
	}
	if utf16.IsSurrogate(unit) {
		if low, ok := hexUnit(text, i+6); ok {
			if pair := utf16.DecodeRune(unit, low); pair != utf8.RuneError {
				return 12, pair, false
			}
		}
	}
	return 6, unit, false
}

// hexUnit reads \uXXXX.
func hexUnit(text []byte, i int) (rune, bool) {
	if i+6 > len(text) || text[i] != '\\' || text[i+1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16)
	return rune(unit), err == nil
}

// formEscape reads %XX, and + for a space.
func formEscape(text []byte, i int) (n int, r rune, raw bool) {
	if text[i] == '+' {
		return 1, ' ', true
	}
	return percent(text, i)
}

func percent(text []byte, i int) (n int, r rune, raw bool) {
	if text[i] != '%' || i+3 > len(text) || !isHex(text[i+1]) || !isHex(text[i+2]) {
		return 0, 0, false
	}
	return 3, rune(fromHex(text[i+1])<<4 | fromHex(text[i+2])), true
}

func fromHex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// longestEntity is the longest entity that is read: names of HTML that are longer
// stand for no letter.
const longestEntity = 12

func entity(text []byte, i int) (n int, r rune, raw bool) {
	if text[i] != '&' {
		return 0, 0, false
	}
	end := bytes.IndexByte(text[i:min(len(text), i+longestEntity)], ';')
	if end < 2 {
		return 0, 0, false
	}
	name := string(text[i : i+end+1])
	decoded := html.UnescapeString(name)
	r, size := utf8.DecodeRuneInString(decoded)
	if decoded == name || size != len(decoded) {
		return 0, 0, false
	}
	return end + 1, r, false
}

func anyEscape(text []byte, i int) (n int, r rune, raw bool) {
	switch text[i] {
	case '\\':
		return jsonEscape(text, i)
	case '%':
		return percent(text, i)
	case '&':
		return entity(text, i)
	}
	return 0, 0, false
}

func (c coding) decodeCharset(text []byte) view {
	v := view{text: make([]byte, 0, len(text)+len(text)/8), off: make([]int32, 0, len(text)+len(text)/8+1)}
	if c == codingLatin1 {
		for i, b := range text {
			v.addRune(i, rune(b))
		}
	} else {
		order := binary.ByteOrder(binary.LittleEndian)
		if c == codingUTF16BE {
			order = binary.BigEndian
		}
		for i := 0; i+1 < len(text); i += 2 {
			r := rune(order.Uint16(text[i:]))
			if utf16.IsSurrogate(r) && i+3 < len(text) {
				if pair := utf16.DecodeRune(r, rune(order.Uint16(text[i+2:]))); pair != utf8.RuneError {
					v.addRune(i, pair)
					i += 2
					continue
				}
			}
			v.addRune(i, r)
		}
	}
	v.off = append(v.off, int32(len(text)))
	return v
}

// encode writes a replacement as the text around it is written. source is what it
// stands for, as it stood.
func (c coding) encode(text string, source []byte) string {
	switch c {
	case codingPlain:
	case codingJSON:
		return jsonQuoted(text)
	case codingForm:
		return percentEncoded(text)
	case codingXML:
		return html.EscapeString(text)
	case codingAny:
		switch {
		case bytes.IndexByte(source, '%') >= 0:
			return percentEncoded(text)
		case bytes.IndexByte(source, '\\') >= 0:
			return jsonQuoted(text)
		case bytes.IndexByte(source, '&') >= 0:
			return html.EscapeString(text)
		}
	case codingLatin1: // replacements are ASCII
	case codingUTF16LE, codingUTF16BE:
		var b []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			if c == codingUTF16LE {
				b = binary.LittleEndian.AppendUint16(b, unit)
			} else {
				b = binary.BigEndian.AppendUint16(b, unit)
			}
		}
		return string(b)
	}
	return text
}

// jsonQuoted escapes what cannot stand in a JSON string.
func jsonQuoted(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ':
			b.WriteString(`\u00`)
			b.WriteByte("0123456789abcdef"[r>>4])
			b.WriteByte("0123456789abcdef"[r&0xf])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func percentEncoded(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte("0123456789ABCDEF"[c>>4])
		b.WriteByte("0123456789ABCDEF"[c&0xf])
	}
	return b.String()
}

// back puts edits of the view into the text that it shows.
func (v *view) back(c coding, source []byte, edits []edit) []edit {
	for i := range edits {
		e := &edits[i]
		e.from, e.to = int(v.off[e.from]), int(v.off[e.to])
		e.text = c.encode(e.text, source[e.from:e.to])
	}
	return edits
}
