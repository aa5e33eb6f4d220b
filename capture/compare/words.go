package compare

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff/lcs"
)

const (
	maxMarked = 4 << 10 // bytes of a line whose words are compared
	fewCommon = 3       // a line is another one when less than a third of it stays
)

// marks says which parts of two lines differ, by words. Where nearly all does, it
// is everything between what both begin and end with.
func marks(a, b string) (inA, inB []Span) {
	if a == b {
		return nil, nil
	}
	prefix, suffix := commonEnds(a, b)
	if len(a)+len(b) > maxMarked {
		return oneSpan(prefix, len(a)-suffix), oneSpan(prefix, len(b)-suffix)
	}
	ids := map[string]int32{}
	wordsA, wordsB := words(a, ids), words(b, ids)
	found := lcs.DiffRunes(wordsA.ids, wordsB.ids)
	changed := 0
	for _, e := range found {
		changed += wordsA.at[e.End] - wordsA.at[e.Start] + wordsB.at[e.ReplEnd] - wordsB.at[e.ReplStart]
	}
	if (len(a)+len(b)-changed)*fewCommon < len(a)+len(b) {
		return oneSpan(prefix, len(a)-suffix), oneSpan(prefix, len(b)-suffix)
	}
	for _, e := range found {
		inA = appendSpan(inA, wordsA.at[e.Start], wordsA.at[e.End])
		inB = appendSpan(inB, wordsB.at[e.ReplStart], wordsB.at[e.ReplEnd])
	}
	return inA, inB
}

func oneSpan(from, to int) []Span { return appendSpan(nil, from, to) }

func appendSpan(spans []Span, from, to int) []Span {
	if from >= to {
		return spans
	}
	return append(spans, Span{from, to})
}

// commonEnds says how many bytes two texts begin and end with in common, without
// cutting through a character and without overlap.
func commonEnds(a, b string) (prefix, suffix int) {
	most := min(len(a), len(b))
	for prefix < most && a[prefix] == b[prefix] {
		prefix++
	}
	for prefix > 0 && (cut(a, prefix) || cut(b, prefix)) {
		prefix--
	}
	for suffix < most-prefix && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
		suffix++
	}
	for suffix > 0 && (cut(a, len(a)-suffix) || cut(b, len(b)-suffix)) {
		suffix--
	}
	return prefix, suffix
}

// cut reports whether a place is inside a character.
func cut(text string, at int) bool {
	return at < len(text) && !utf8.RuneStart(text[at])
}

// wordList is a text as numbers that stand for its words; at has where each begins,
// and the end.
type wordList struct {
	ids []int32
	at  []int
}

// words splits a text into words, runs of spaces and single other characters.
func words(text string, ids map[string]int32) wordList {
	var w wordList
	for start := 0; start < len(text); {
		end := wordEnd(text, start)
		id, ok := ids[text[start:end]]
		if !ok {
			id = int32(len(ids))
			ids[text[start:end]] = id
		}
		w.ids, w.at = append(w.ids, id), append(w.at, start)
		start = end
	}
	w.at = append(w.at, len(text))
	return w
}

func wordEnd(text string, start int) int {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_':
			return 1
		case r == ' ', r == '\t':
			return 2
		}
		return 0
	}
	r, size := utf8.DecodeRuneInString(text[start:])
	first, end := class(r), start+size
	for first != 0 && end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if class(r) != first {
			break
		}
		end += size
	}
	return end
}

// likeness says how much two lines have in common, from 0 to 100, but for the
// space around them.
func likeness(a, b string) int {
	if a == b {
		return 100
	}
	a, b = strings.TrimSpace(a[:min(len(a), maxMarked/2)]), strings.TrimSpace(b[:min(len(b), maxMarked/2)])
	ids := map[string]int32{}
	wordsA, wordsB := words(a, ids), words(b, ids)
	common := len(a) + len(b)
	for _, e := range lcs.DiffRunes(wordsA.ids, wordsB.ids) {
		common -= wordsA.at[e.End] - wordsA.at[e.Start] + wordsB.at[e.ReplEnd] - wordsB.at[e.ReplStart]
	}
	return common * 100 / max(1, len(a)+len(b))
}

// roughLikeness says how much of two lines is what both begin and end with, from 0
// to 100.
func roughLikeness(a, b []byte) int {
	a, b = bytes.TrimSpace(a[:min(len(a), maxMarked)]), bytes.TrimSpace(b[:min(len(b), maxMarked)])
	most := min(len(a), len(b))
	prefix, suffix := 0, 0
	for prefix < most && a[prefix] == b[prefix] {
		prefix++
	}
	for suffix < most-prefix && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
		suffix++
	}
	return (prefix + suffix) * 200 / max(1, len(a)+len(b))
}

const (
	alike    = 40    // from which likeness on two lines are one that was changed
	maxAlign = 2_500 // pairs of lines that are looked at for one replaced part
)

// align pairs the lines of a replaced part, a of them with b of them, that are like
// each other, in order: as many and as like as can be. Of a part too large for that
// it is the nth with the nth where they are roughly alike.
func align(a, b int, like, roughly func(i, j int) int) (pairs [][2]int) {
	if a*b > maxAlign {
		for i := range min(a, b) {
			if roughly(i, i) >= alike {
				pairs = append(pairs, [2]int{i, i})
			}
		}
		return pairs
	}
	best := make([]int, (a+1)*(b+1)) // of the lines from i and j on
	score := make([]int, a*b)
	for i := a - 1; i >= 0; i-- {
		for j := b - 1; j >= 0; j-- {
			at := i*(b+1) + j
			best[at] = max(best[at+1], best[at+b+1])
			if s := like(i, j); s >= alike {
				score[i*b+j] = s
				best[at] = max(best[at], best[at+b+2]+s)
			}
		}
	}
	for i, j := 0, 0; i < a && j < b; {
		at := i*(b+1) + j
		switch s := score[i*b+j]; {
		case s > 0 && best[at] == best[at+b+2]+s:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case best[at] == best[at+b+1]:
			i++
		default:
			j++
		}
	}
	return slices.Clip(pairs)
}
