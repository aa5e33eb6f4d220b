package store

import (
	"strings"

	"hookglass/capture"
)

// wordQuery writes what the index is asked for a filter, or a part of one: what it
// finds is all that matches, and maybe more. exact says that it is no more. It is
// "" where the index cannot tell. A lean query does not ask for words that may go
// on: the index puts those together from all words that begin so.
func wordQuery(n *capture.FilterNode, lean bool) (query string, exact bool) {
	switch n.Kind {
	case capture.FilterIs:
		return termQuery(n.Term, lean)
	case capture.FilterNot:
		return "", false
	case capture.FilterAnd, capture.FilterOr:
	}
	word := " AND "
	if n.Kind == capture.FilterOr {
		word = " OR "
	}
	exact = true
	var parts []string
	for _, part := range n.Parts {
		q, whole := wordQuery(part, lean)
		exact = exact && whole
		switch {
		case q != "":
			parts = append(parts, q)
		case n.Kind == capture.FilterOr:
			return "", false
		}
	}
	return joinWords(parts, word), exact
}

func joinWords(parts []string, word string) string {
	if len(parts) < 2 {
		return strings.Join(parts, word)
	}
	return "(" + strings.Join(parts, word) + ")"
}

// termQuery is wordQuery for a term.
func termQuery(t *capture.Term, lean bool) (query string, exact bool) {
	if len(t.Words) > 0 && (t.Op == nil || t.Op.Name == "body" || t.Op.Name == "note") {
		exact = t.Op == nil && len(t.Words) == 1
		query = wordsQuery(t.Words, t.Prefix, lean, &exact)
		return query, exact
	}
	if t.Op == nil {
		return "", false
	}
	switch t.Op.Name {
	case "order", "delivery", "event", "method", "path":
		return patternQuery(t.Pattern, lean), false
	case "header":
		parts := []string{patternQuery(t.Pattern, lean)}
		if t.Value != nil {
			parts = append(parts, patternQuery(*t.Value, lean))
		}
		var some []string
		for _, part := range parts {
			if part != "" {
				some = append(some, part)
			}
		}
		return joinWords(some, " AND "), false
	}
	return "", false
}

// wordsQuery asks for all of some words. Of a long one the index has only the
// beginning.
func wordsQuery(words []string, prefix, lean bool, exact *bool) string {
	var parts []string
	for i, word := range words {
		part := `"` + word[:min(len(word), maxIndexed)] + `"`
		switch {
		case len(word) >= maxIndexed: // so may others begin
			*exact = false
		case prefix && i == len(words)-1 && lean:
			*exact = false
			continue
		case prefix && i == len(words)-1:
			part += "*"
		}
		parts = append(parts, part)
	}
	return joinWords(parts, " AND ")
}

// patternQuery asks for the words of a pattern that are whole, and for the one
// that goes on with a star.
func patternQuery(p capture.Pattern, lean bool) string {
	exact := false
	var parts []string
	pieces := strings.Split(string(p), "*")
	for i, piece := range pieces {
		piece = capture.Pattern(piece).String()
		words := capture.Tokens(piece)
		if len(words) == 0 {
			continue
		}
		if i > 0 && beginsWord(piece) { // it may be the end of a longer word
			if len(words) == 1 {
				continue
			}
			words = words[1:]
		}
		if part := wordsQuery(words, i < len(pieces)-1 && endsInWord(piece), lean, &exact); part != "" {
			parts = append(parts, part)
		}
	}
	return joinWords(parts, " AND ")
}

// beginsWord and endsInWord report whether the first and the last letter of a text
// are of a word.
func beginsWord(piece string) bool {
	for _, r := range piece {
		return len(capture.Tokens(string(r))) > 0
	}
	return false
}

func endsInWord(piece string) bool {
	last := []rune(piece)
	return len(capture.Tokens(string(last[len(last)-1:]))) > 0
}
