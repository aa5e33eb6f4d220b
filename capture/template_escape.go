package capture

import (
	"encoding/json"
	"html"
	"mime"
	"net/url"
	"strings"
)

// escape says how a value is written into a template, so that it stays a value.
type escape int

const (
	escapeText   escape = iota // as it is
	escapeJSON                 // as the inside of a string, or outside of strings as a JSON value
	escapeMarkup               // for HTML and XML
	escapeForm                 // for a form, and for URLs
	escapeHeader               // on one line
)

// escapeFor is how values are written into a body of a content type. Without one
// it goes by how the body begins.
func escapeFor(contentType, body string) escape {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(contentType), ";")
		media = strings.TrimSpace(media)
	}
	switch {
	case media == "application/json", media == "text/json", strings.HasSuffix(media, "+json"):
		return escapeJSON
	case media == "text/html", media == "application/xml", media == "text/xml", strings.HasSuffix(media, "+xml"):
		return escapeMarkup
	case media == "application/x-www-form-urlencoded":
		return escapeForm
	case media != "":
		return escapeText
	}
	body = strings.TrimSpace(body)
	switch {
	case strings.HasPrefix(body, "{") && !strings.HasPrefix(body, "{{"), strings.HasPrefix(body, "["):
		return escapeJSON
	case strings.HasPrefix(body, "<"):
		return escapeMarkup
	}
	return escapeText
}

// write appends a value. raw is what it is in JSON; nil for a text. inside says
// that it stands inside a string of JSON.
func (e escape) write(out []byte, text string, raw []byte, inside bool) []byte {
	switch e {
	case escapeJSON:
		switch {
		case inside:
			quoted := quoteJSON(text)
			return append(out, quoted[1:len(quoted)-1]...)
		case raw != nil:
			return append(out, raw...)
		}
		return append(out, quoteJSON(text)...)
	case escapeMarkup:
		return append(out, html.EscapeString(strings.Map(printable, text))...)
	case escapeForm:
		return append(out, url.QueryEscape(text)...)
	case escapeHeader:
		return append(out, oneLine(text)...)
	case escapeText:
	}
	return append(out, text...)
}

// quoteJSON writes a text as a JSON string. What is not UTF-8 becomes U+FFFD.
func quoteJSON(text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		return []byte(`""`) // a string always encodes
	}
	return quoted
}

// printable drops what XML cannot hold.
func printable(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r == 0xfffe || r == 0xffff {
		return -1
	}
	return r
}

// oneLine makes a space of every control character, so that a value cannot end
// the line that it stands on.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

// jsonPlace follows whether a text that is JSON is inside a string.
type jsonPlace struct{ inside, escaped bool }

func (p *jsonPlace) pass(text string) {
	for i := range len(text) {
		switch {
		case p.escaped:
			p.escaped = false
		case text[i] == '"':
			p.inside = !p.inside
		case text[i] == '\\' && p.inside:
			p.escaped = true
		}
	}
}
