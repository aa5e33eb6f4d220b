package providers

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"
)

// Line joins the parts of a summary that are not empty: "Dispatched · order 7".
func Line(parts ...string) string {
	kept := parts[:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, " · ")
}

// Named puts a noun before a value: "order 7". Without a value it is "".
func Named(noun, value string) string {
	if value == "" {
		return ""
	}
	return noun + " " + value
}

// Counted counts the elements of an array: "1 line", "2 lines". What is no array
// is "".
func Counted(array gjson.Result, noun string) string {
	if !array.IsArray() {
		return ""
	}
	if n := int(array.Get("#").Int()); n != 1 {
		return strconv.Itoa(n) + " " + noun + "s"
	}
	return "1 " + noun
}

// Digest stands for JSON texts in a delivery key. White space outside strings
// does not count: a repeat that something on the way has formatted is a repeat.
func Digest(parts ...string) string {
	var all []byte
	for _, part := range parts {
		all = append(append(all, Minify([]byte(part))...), 0)
	}
	return ShortSum(sha256.Sum256(all))
}

// ShortSum is the beginning of a SHA-256 in hex: enough to tell deliveries of
// one order apart.
func ShortSum(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:8]) }

// maxSnake bounds the length of a name that is made of a stranger's text.
const maxSnake = 64

// Snake writes a status as the end of an event: "QC Query" becomes "qc_query".
// Text without a letter or digit becomes "".
func Snake(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == unicode.ReplacementChar {
			gap = b.Len() > 0
			continue
		}
		if b.Len() >= maxSnake {
			break
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// WithoutZone reports whether a text is a date with a time of day that says no
// zone, so that nobody knows which instant it means.
func WithoutZone(text string) bool {
	const date = len("2006-01-02")
	if len(text) <= date || text[date] != 'T' && text[date] != ' ' {
		return false
	}
	clock := text[date+1:]
	return strings.Contains(clock, ":") && !strings.ContainsAny(clock, "Zz+-")
}
