package capture

import "strings"

// Pattern is a text with stars that stand for anything, also for nothing. It is
// compared without regard to the case of ASCII letters, as SQLite does, and with
// a text's part before its first NUL. In it, a NUL stands for a star that is
// meant.
type Pattern string

// literalStar stands in a pattern for a star that is meant.
const literalStar = '\x00'

// starred is a token's value as a pattern: what was quoted has no stars of its
// own.
func starred(t *filterToken) string {
	if !t.quoted {
		return t.value
	}
	return strings.ReplaceAll(t.value, "*", string(literalStar))
}

// String is the pattern as it is written.
func (p Pattern) String() string { return strings.ReplaceAll(string(p), string(literalStar), "*") }

// Plain returns the text of a pattern without stars, and whether it has none.
func (p Pattern) Plain() (string, bool) {
	return p.String(), !strings.Contains(string(p), "*")
}

// Like writes the pattern for SQL's LIKE with the escape character \.
func (p Pattern) Like() string {
	var b strings.Builder
	for i := range len(p) {
		switch c := p[i]; c {
		case '*':
			b.WriteByte('%')
		case literalStar:
			b.WriteByte('*')
		case '%', '_', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Match reports whether a text is what the pattern means.
func (p Pattern) Match(text string) bool {
	if i := strings.IndexByte(text, 0); i >= 0 {
		text = text[:i]
	}
	// The last star that was passed takes one byte more whenever what follows
	// it does not fit: so the work is the product of both lengths at the most.
	pattern, at, star, mark := string(p), 0, -1, 0
	for i := 0; i < len(text); {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, mark = at, i
			at++
		case at < len(pattern) && same(pattern[at], text[i]):
			at++
			i++
		case star >= 0:
			mark++
			at, i = star+1, mark
		default:
			return false
		}
	}
	for at < len(pattern) && pattern[at] == '*' {
		at++
	}
	return at == len(pattern)
}

// same compares a byte of a pattern with one of a text.
func same(p, t byte) bool {
	if p == literalStar {
		return t == '*'
	}
	return lower(p) == lower(t)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
