package ngrok

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestSaid bounds, in bytes, what of the service's own words is shown.
const longestSaid = 300

// firstSentence is the first line of a text, with a full stop.
func firstSentence(text string) string {
	text = firstLine(text)
	if text == "" || strings.HasSuffix(text, "…") || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}

// firstLine is the first line of a text, shown, and cut where it is too long.
func firstLine(text string) string {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		text = text[:i]
	}
	if text = shown(text); len(text) < longestSaid {
		return text // and a full stop fits
	}
	return strings.ToValidUTF8(text[:longestSaid-len("…")], "") + "…"
}

// shown makes control and format characters and broken UTF-8 visible: a screen
// must not obey them.
func shown(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r == ' ' || unicode.IsPrint(r) && r != utf8.RuneError:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
		i += size
	}
	return b.String()
}
