package capture

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tokens splits a text into its words: runs of letters, digits and marks, in
// lower case. It is the one tokenizer: the words of a text are these wherever
// they are looked for.
func Tokens(text string) []string {
	var words []string
	all := []byte(text)
	for i := 0; i < len(all); {
		from, to := nextWord(all, i)
		if from == to {
			break
		}
		words = append(words, strings.ToLower(text[from:to]))
		i = to
	}
	return words
}

// nextWord returns where the next word begins and ends; both are the text's end
// where there is none.
func nextWord(text []byte, at int) (from, to int) {
	for from = at; from < len(text); {
		r, size := utf8.DecodeRune(text[from:])
		if wordly(r) {
			break
		}
		from += size
	}
	for to = from; to < len(text); {
		r, size := utf8.DecodeRune(text[to:])
		if !wordly(r) {
			break
		}
		to += size
	}
	return from, to
}

func wordly(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// HasWords reports whether words, as Tokens makes them, stand beside each other
// in a body. With prefix, the last one may go on. No words are in every body.
func HasWords(body []byte, words []string, prefix bool) bool {
	if len(words) == 0 {
		return true
	}
	for i := 0; i < len(body); {
		from, to := nextWord(body, i)
		if from == to {
			return false
		}
		if startsHere(body, from, words, prefix) {
			return true
		}
		i = to
	}
	return false
}

func startsHere(body []byte, at int, words []string, prefix bool) bool {
	for n, word := range words {
		from, to := nextWord(body, at)
		if from == to || !sameWord(body[from:to], word, prefix && n == len(words)-1) {
			return false
		}
		at = to
	}
	return true
}

// sameWord compares a word of a body with one in lower case.
func sameWord(have []byte, want string, prefix bool) bool {
	if len(have) > 0 && have[0] < utf8.RuneSelf && want[0] < utf8.RuneSelf && lower(have[0]) != want[0] {
		return false
	}
	folded := bytes.ToLower(have)
	if prefix {
		return bytes.HasPrefix(folded, []byte(want))
	}
	return string(folded) == want
}

// EachWord calls f with the words of a text as Tokens makes them, without keeping
// them all. f must not keep its argument.
func EachWord(text []byte, f func(word []byte)) {
	var folded []byte
	for i := 0; i < len(text); {
		from, to := nextWord(text, i)
		if from == to {
			return
		}
		i = to
		folded = append(folded[:0], text[from:to]...)
		plain := true
		for k, c := range folded {
			folded[k] = lower(c)
			plain = plain && c < utf8.RuneSelf
		}
		if plain {
			f(folded)
		} else {
			f(bytes.ToLower(text[from:to]))
		}
	}
}
