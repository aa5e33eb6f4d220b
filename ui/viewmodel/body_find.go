package viewmodel

import (
	"bytes"
	"context"
	"sort"
	"strings"

	"hookglass/capture"
)

// BodyFind is what is looked for in the body.
type BodyFind struct {
	Query   string
	Count   string // "3 of 17", "nothing", "…" while it is looked for; "" for no query
	Offsets []int32
	Length  int
	Lengths []int32 // of each place, where they differ; nil where all have Length
	Current int     // index in Offsets; -1 for none

	serial int
}

// maxFound bounds how many places are kept.
const maxFound = 10_000

// forget keeps the query, and nothing of what was found.
func (f *BodyFind) forget() {
	f.Offsets, f.Length, f.Lengths, f.Current, f.Count = nil, 0, nil, -1, ""
	f.serial++
}

// SetQuery looks for a text. Capital letters count where there are any in it.
func (b *Body) SetQuery(query string) {
	if query == b.Find.Query {
		return
	}
	b.Find.Query = query
	b.seek(true)
	b.Changed.Emit()
}

// haystack is what is searched.
func (b *Body) haystack() []byte {
	switch {
	case b.Text != nil:
		return b.Text.Bytes
	case b.Bytes != nil:
		return b.Bytes
	case b.Tree != nil:
		return b.Tree.src
	}
	return nil
}

// mark is told which filter is in force: while nothing else is looked for, its
// words are.
func (b *Body) mark(f capture.Filter) {
	b.words = capture.Filter{}
	for _, term := range f.Terms() {
		if term.Op == nil || term.Op.Name == "body" {
			b.words = f
		}
	}
	if b.Find.Query == "" {
		b.seek(false)
		b.Changed.Emit()
	}
}

// enter shows the first of the filter's words, once they are found.
func (b *Body) enter() {
	switch {
	case b.HasHits():
		b.app.Detail.Select(TabBody)
	case !b.words.All() && (b.exchange == nil || b.exchange.ID != b.app.Detail.ID):
		b.entered = b.app.Detail.ID // it is still being read
	}
}

// HasHits reports whether the filter's words were found in the body.
func (b *Body) HasHits() bool { return !b.words.All() && b.Find.Query == "" && len(b.Find.Offsets) > 0 }

// seek looks for the query in what is shown now, or where there is none for the
// filter's words, and goes to the first place where jump says so.
func (b *Body) seek(jump bool) {
	f := &b.Find
	f.forget()
	text := b.haystack()
	if f.Query == "" && b.words.All() || text == nil {
		return
	}
	if f.Query != "" {
		f.Count = "…"
	}
	serial, query, words := f.serial, f.Query, b.words
	b.app.run(func(ctx context.Context) func() {
		var found, lengths []int32
		if query != "" {
			found = findAll(ctx, text, query)
		} else {
			for _, hit := range words.Hits(string(text)) {
				found, lengths = append(found, int32(hit[0])), append(lengths, int32(hit[1]-hit[0]))
			}
		}
		return func() {
			if b.Find.serial == serial {
				b.found(found, len(query), lengths, jump)
			}
		}
	})
}

func (b *Body) found(offsets []int32, length int, lengths []int32, jump bool) {
	f := &b.Find
	f.Offsets, f.Length, f.Lengths, f.Current = offsets, length, lengths, -1
	if jump && len(offsets) > 0 {
		at := sort.Search(len(offsets), func(i int) bool { return int(offsets[i]) >= b.caret })
		b.visit(at % len(offsets))
	}
	f.count()
	if b.exchange != nil && b.entered == b.exchange.ID {
		b.entered = 0
		b.enter()
	}
	if f.Query == "" && len(offsets) == 0 {
		f.Count = ""
	}
	b.Changed.Emit()
}

// visit makes a place the current one and brings it into view.
func (b *Body) visit(i int) {
	b.Find.Current = i
	b.spot(int(b.Find.Offsets[i]), 0)
	b.Find.count()
}

// Next goes to the next place that was found, and from the last to the first;
// Previous the other way round.
func (b *Body) Next() { b.step(1) }

// Previous goes to the place before.
func (b *Body) Previous() { b.step(-1) }

func (b *Body) step(by int) {
	f := &b.Find
	n := len(f.Offsets)
	if n == 0 {
		return
	}
	next := f.Current + by
	if f.Current < 0 || b.caret != int(f.Offsets[f.Current]) {
		// from where the reader is
		next = sort.Search(n, func(i int) bool { return int(f.Offsets[i]) >= b.caret })
		if by < 0 {
			next--
		}
	}
	b.visit((next + n) % n)
	b.Changed.Emit()
}

// count writes how many places there are.
func (f *BodyFind) count() {
	total := groupDigits(int64(len(f.Offsets)))
	if len(f.Offsets) >= maxFound {
		total += "+"
	}
	switch {
	case len(f.Offsets) == 0:
		f.Count = "nothing"
	case f.Current < 0:
		f.Count = total
	default:
		f.Count = groupDigits(int64(f.Current+1)) + " of " + total
	}
}

// findAll returns where a query occurs, places that overlap counting once.
func findAll(ctx context.Context, text []byte, query string) []int32 {
	search := []byte(query)
	if strings.ToLower(query) == query {
		return findFolded(ctx, text, search)
	}
	var found []int32
	for pos := 0; len(found) < maxFound && ctx.Err() == nil; {
		i := bytes.Index(text[pos:], search)
		if i < 0 {
			break
		}
		found = append(found, int32(pos+i))
		pos += i + len(search)
	}
	return found
}

// foldChunk is how much of a text is made lower case at a time.
const foldChunk = 256 << 10

// findFolded finds a text without regard to the case of ASCII letters.
func findFolded(ctx context.Context, text, search []byte) []int32 {
	var found []int32
	lower := make([]byte, 0, foldChunk+len(search))
	next := 0
	for from := 0; from < len(text) && len(found) < maxFound && ctx.Err() == nil; from += foldChunk {
		lower = lower[:0]
		for _, c := range text[from:min(from+foldChunk+len(search)-1, len(text))] {
			if c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			lower = append(lower, c)
		}
		for pos := max(next-from, 0); pos < len(lower) && len(found) < maxFound; {
			i := bytes.Index(lower[pos:], search)
			if i < 0 {
				break
			}
			found = append(found, int32(from+pos+i))
			pos += i + len(search)
			next = from + pos
		}
	}
	return found
}
