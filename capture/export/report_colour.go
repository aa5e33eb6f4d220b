package export

import (
	"html/template"
	"strings"
)

// colour makes a body's text HTML: escaped, and of JSON each word in its colour.
func colour(t bodyText) template.HTML {
	if !t.JSON {
		return template.HTML(template.HTMLEscapeString(t.Text))
	}
	var b strings.Builder
	text := t.Text
	for len(text) > 0 {
		n, class := jsonWord(text)
		word := template.HTMLEscapeString(text[:n])
		if class != "" {
			word = `<span class="` + class + `">` + word + "</span>"
		}
		b.WriteString(word)
		text = text[n:]
	}
	return template.HTML(b.String())
}

// jsonWord is how long the first word of laid out JSON is, and its class: k for a
// key, s for a string, n for a number, l for a literal, p for punctuation.
func jsonWord(text string) (n int, class string) {
	switch c := text[0]; {
	case c == '"':
		n = stringEnd(text)
		if strings.HasPrefix(text[n:], ":") {
			return n, "k"
		}
		return n, "s"
	case strings.IndexByte("{}[],:", c) >= 0:
		for n < len(text) && strings.IndexByte("{}[],:", text[n]) >= 0 {
			n++
		}
		return n, "p"
	case c == ' ' || c == '\n' || c == '\t':
		for n < len(text) && strings.IndexByte(" \n\t", text[n]) >= 0 {
			n++
		}
		return n, ""
	case c == '-' || c >= '0' && c <= '9':
		class = "n"
	default:
		class = "l"
	}
	for n < len(text) && strings.IndexByte("{}[],: \n\t\"", text[n]) < 0 {
		n++
	}
	return max(n, 1), class
}

// stringEnd is where a string ends that text begins with, or text does.
func stringEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
