package ngrok

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// revealing is the longest part of a token that may appear: shorter ones are in
// ordinary words.
const revealing = 8

// withoutToken takes every part of the token out of a text that is long enough to
// help anybody, however the text cuts it: in another case, with anything but
// letters and digits in between, or with some of it escaped.
func withoutToken(text string, token Token) string {
	secret := lettersOf(string(token), false)
	if len(secret) == 0 {
		if token == "" {
			return text
		}
		return strings.ReplaceAll(text, string(token), "***")
	}
	size := min(revealing, len(secret))
	parts := make(map[string]bool)
	for i := 0; i+size <= len(secret); i++ {
		parts[word(secret[i:i+size])] = true
	}
	hidden := make([]bool, len(text))
	found := false
	for _, unescape := range []bool{false, true} {
		letters := lettersOf(text, unescape)
		for i := 0; i+size <= len(letters); i++ {
			if !parts[word(letters[i:i+size])] {
				continue
			}
			found = true
			for j := letters[i].from; j < letters[i+size-1].to; j++ {
				hidden[j] = true
			}
		}
	}
	if !found {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			b.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			b.WriteString("***")
		}
	}
	return b.String()
}

// letter is an ASCII letter or digit of a text, in lower case, and where it
// stands. Tokens have no others, so that others are only in between.
type letter struct {
	r        rune
	from, to int
}

func word(letters []letter) string {
	var b strings.Builder
	for _, l := range letters {
		b.WriteRune(l.r)
	}
	return b.String()
}

// escape is a character as URLs, Go, JSON and HTML write it.
var escape = regexp.MustCompile(`^(?:%(?:25){0,4}([0-9A-Fa-f]{2})|\\x([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})|&#[xX]0{0,4}([0-9A-Fa-f]{2});|&#0{0,4}([0-9]{2,3});)`)

func isASCIILetter(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }

// lettersOf lists the letters and digits of a text.
func lettersOf(text string, unescape bool) []letter {
	var letters []letter
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unescape && (r == '%' || r == '\\' || r == '&') {
			if escaped, long := unescaped(text[i:]); long > 0 && (isASCIILetter(unicode.ToLower(escaped)) || escaped == '-' || escaped == '_') {
				r, size = escaped, long
			}
		}
		if r = unicode.ToLower(r); isASCIILetter(r) {
			letters = append(letters, letter{r, i, i + size})
		}
		i += size
	}
	return letters
}

// unescaped reads the escape that a text begins with, and how long it is; 0 for
// none. Only ASCII is read: tokens have nothing else.
func unescaped(text string) (r rune, long int) {
	found := escape.FindStringSubmatch(text)
	if found == nil {
		return 0, 0
	}
	for i, digits := range found[1:] {
		base := 16
		if i == 4 {
			base = 10
		}
		if n, err := strconv.ParseUint(digits, base, 16); err == nil && n < utf8.RuneSelf {
			return rune(n), len(found[0])
		}
	}
	return 0, 0
}
