package capture

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// SearchedBody is how many bytes of a body words are looked for in: a stranger can
	// send much.
	SearchedBody = 4 << 20

	// decodedBody is how much of a body, and of what it decodes to, is decoded for
	// it.
	decodedBody = 1 << 20

	// maxUnescaped is how often the escapes of a text are resolved: JSON in a
	// string of JSON in a field of a form takes three.
	maxUnescaped = 4
)

// Texts calls f with each part of what free words are looked for in, until f
// returns false: the target, what the annotation says, the note, each header field
// and the body, all of them also with their escapes resolved. Words that stand
// beside each other do so in one part. Of a body that is the first 4 MiB; what is
// encoded is decoded up to 1 MiB. f must not keep or change its argument.
func Texts(x *Exchange, f func(text []byte) bool) {
	a := &x.Annotation
	if !unescaped([]byte(x.Request.Target), f) {
		return
	}
	for _, text := range [...]string{x.Request.Method, a.Provider, a.Event, a.Summary, a.Order, a.Delivery, x.Note} {
		if text != "" && !f([]byte(text)) {
			return
		}
	}
	var field []byte
	for i := range x.Request.Header {
		h := &x.Request.Header[i]
		field = append(append(append(field[:0], h.Name...), ": "...), h.Value...)
		if !f(field) {
			return
		}
	}
	bodyTexts(x.Request.Header, x.Request.Body, f)
}

// bodyTexts is Texts for a body.
func bodyTexts(header Fields, body []byte, f func(text []byte) bool) bool {
	if len(body) == 0 {
		return true
	}
	whole := body
	body = body[:min(len(body), SearchedBody)]
	if encodings := header.All("Content-Encoding"); len(encodings) > 0 {
		// What cannot be decoded is looked at as it is.
		if decoded, err := DecodeBody(encodings, whole, decodedBody); err == nil && !bytes.Equal(decoded, whole) {
			return f(body) && unescaped(decoded, f)
		}
	}
	return unescaped(body, f)
}

// unescaped calls f with a text, and with it after its escapes were resolved once,
// twice and so on.
func unescaped(text []byte, f func([]byte) bool) bool {
	if len(text) > 0 && !f(text) {
		return false
	}
	text = text[:min(len(text), decodedBody)]
	for range maxUnescaped {
		next, changed := unescape(text)
		if !changed {
			break
		}
		if !f(next) {
			return false
		}
		text = next
	}
	return true
}

// unescape resolves the escapes of JSON's strings and those of forms and URLs,
// wherever they stand: whoever looks for words does not mind what is around them.
func unescape(text []byte) (resolved []byte, changed bool) {
	at := bytes.IndexAny(text, `\%`)
	if at < 0 {
		return text, false
	}
	resolved = append(make([]byte, 0, len(text)), text[:at]...)
	for i := at; i < len(text); {
		switch text[i] {
		case '\\':
			n := 0
			if resolved, n = unescapeJSON(resolved, text[i:]); n > 0 {
				i += n
				changed = true
				continue
			}
		case '%':
			if i+2 < len(text) {
				if n, err := strconv.ParseUint(string(text[i+1:i+3]), 16, 8); err == nil {
					resolved = append(resolved, byte(n))
					i += 3
					changed = true
					continue
				}
			}
		}
		resolved = append(resolved, text[i])
		i++
	}
	return resolved, changed
}

// unescapeJSON appends what the escape means that a text begins with, and returns
// its length; 0 where it is none.
func unescapeJSON(to, text []byte) ([]byte, int) {
	if len(text) < 2 {
		return to, 0
	}
	switch c := text[1]; c {
	case '"', '\\', '/':
		return append(to, c), 2
	case 'b', 'f', 'n', 'r', 't':
		return append(to, ' '), 2
	case 'u':
	default:
		return to, 0
	}
	r, ok := hex4(text[2:])
	if !ok {
		return to, 0
	}
	if utf16.IsSurrogate(r) && len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
		if low, ok := hex4(text[8:]); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return utf8.AppendRune(to, both), 12
			}
		}
	}
	return utf8.AppendRune(to, r), 6
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[:4]), 16, 16)
	return rune(n), err == nil
}

// HasText reports whether words, as Tokens makes them, stand beside each other in
// a part of an exchange's Texts. With prefix, the last one may go on.
func HasText(x *Exchange, words []string, prefix bool) bool {
	return found(func(f func([]byte) bool) { Texts(x, f) }, words, prefix)
}

// HasBody is HasText for the body alone, which is read by the header's encodings.
func HasBody(header Fields, body []byte, words []string, prefix bool) bool {
	return found(func(f func([]byte) bool) { bodyTexts(header, body, f) }, words, prefix)
}

func found(texts func(func([]byte) bool), words []string, prefix bool) bool {
	has := false
	texts(func(text []byte) bool {
		has = HasWords(text, words, prefix)
		return !has
	})
	return has
}
