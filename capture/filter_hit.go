package capture

import (
	"bytes"
	"slices"
)

// maxHits bounds how many hits are marked in a text.
const maxHits = 10_000

// Hits returns the bytes from and to of a text that the filter's words mean, in
// their order and apart from each other, for marking them: of free words and those
// of body and note, where they are not asked to be missing. Of a word that may go
// on, its beginning is meant. There are 10,000 at the most.
func (f Filter) Hits(text string) [][2]int {
	var hits [][2]int
	if f.root != nil {
		hits = f.root.hits([]byte(text), hits)
	}
	slices.SortFunc(hits, func(a, b [2]int) int { return a[0] - b[0] })
	apart := hits[:0]
	for _, hit := range hits {
		if n := len(apart); n > 0 && hit[0] <= apart[n-1][1] {
			apart[n-1][1] = max(apart[n-1][1], hit[1])
			continue
		}
		apart = append(apart, hit)
	}
	return apart[:min(len(apart), maxHits)]
}

func (n *FilterNode) hits(text []byte, hits [][2]int) [][2]int {
	if n.Kind == FilterNot {
		return hits
	}
	for _, part := range n.Parts {
		hits = part.hits(text, hits)
	}
	switch t := n.Term; {
	case t == nil:
	case len(t.Words) > 0:
		hits = wordHits(text, t.Words, t.Prefix, hits)
	case t.Op == nil:
		for piece := range bytes.SplitSeq([]byte(t.Pattern), []byte("*")) {
			hits = pieceHits(text, bytes.ReplaceAll(piece, []byte{literalStar}, []byte("*")), hits)
		}
	}
	return hits
}

// wordHits finds words that stand beside each other.
func wordHits(text []byte, words []string, prefix bool, hits [][2]int) [][2]int {
	for i := 0; i < len(text) && len(hits) < 2*maxHits; {
		from, to := nextWord(text, i)
		if from == to {
			break
		}
		i = to
		if !startsHere(text, from, words, prefix) {
			continue
		}
		end := to
		for range len(words) - 1 {
			_, end = nextWord(text, end)
		}
		if last := words[len(words)-1]; prefix {
			begin, _ := wordBefore(text, from, len(words))
			if whole := text[begin:end]; len(bytes.ToLower(whole)) == len(whole) { // else nobody knows where the letters ended
				end = begin + len(last)
			}
		}
		hits = append(hits, [2]int{from, end})
	}
	return hits
}

// wordBefore returns where the nth word from at on begins and ends.
func wordBefore(text []byte, at, n int) (from, to int) {
	to = at
	for range n {
		from, to = nextWord(text, to)
	}
	return from, to
}

// pieceHits finds a piece of a pattern, in any case of ASCII letters.
func pieceHits(text, piece []byte, hits [][2]int) [][2]int {
	if len(piece) == 0 {
		return hits
	}
	first := lower(piece[0])
	for i := 0; i+len(piece) <= len(text) && len(hits) < 2*maxHits; i++ {
		if lower(text[i]) == first && foldedAt(text[i:], piece) {
			hits = append(hits, [2]int{i, i + len(piece)})
			i += len(piece) - 1
		}
	}
	return hits
}

func foldedAt(text, piece []byte) bool {
	for i, c := range piece {
		if lower(text[i]) != lower(c) {
			return false
		}
	}
	return true
}
