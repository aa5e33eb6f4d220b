package compare

import (
	"bytes"
	"context"
	"hash/maphash"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Long lines, as of minified text, are compared in pieces.
const (
	longLine   = 1 << 10
	shortPiece = 32
	longPiece  = 512
)

// text is a text in lines, or pieces of long lines.
type text struct {
	bytes  []byte
	starts []int32 // of the lines, and the end of the text
	ids    []int32 // equal for equal lines
	cut    bool    // there are pieces
}

// line is a line with its end.
func (t *text) line(i int) []byte { return t.bytes[t.starts[i]:t.starts[i+1]] }

// shown is a line without its end.
func (t *text) shown(i int) string { return string(bytes.TrimSuffix(t.line(i), newline)) }

func (t *text) len() int { return len(t.starts) - 1 }

var newline = []byte("\n")

// splitText finds the lines.
func splitText(body []byte) text {
	t := text{bytes: body, starts: make([]int32, 1, 1+bytes.Count(body, newline)+1)}
	for at := 0; at < len(body); {
		end := len(body)
		if i := bytes.IndexByte(body[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if end-at > longLine {
			t.cut = true
			t.cutLine(at, end)
		}
		t.starts = append(t.starts, int32(end))
		at = end
	}
	return t
}

// cutLine cuts a long line where its content says so, and not by length, so that
// the pieces stay the same behind a place that differs.
func (t *text) cutLine(at, end int) {
	begin := at
	for i := at + shortPiece; i < end-shortPiece; i++ {
		if i-begin < shortPiece || !utf8.RuneStart(t.bytes[i]) && i-begin < 2*longPiece {
			continue
		}
		if before := t.bytes[i-4 : i]; parts(before) || i-begin >= longPiece {
			t.starts = append(t.starts, int32(i))
			begin = i
		}
	}
}

// parts reports whether a line may be cut behind these four bytes: behind what
// separates, or for what has none behind any of 64.
func parts(before []byte) bool {
	switch before[3] {
	case ',', ';', '>', '&', '}':
		return true
	case ' ': // a name and its value stay together
		return before[2] != ':' && before[2] != '='
	}
	mixed := uint32(before[0])<<24 | uint32(before[1])<<16 | uint32(before[2])<<8 | uint32(before[3])
	return mixed*2654435761>>26 == 0 // Knuth's multiplier; one of 64
}

// number gives the lines of both texts numbers, the same for equal lines, and
// returns how many.
func number(ctx context.Context, a, b *text) (count int, err error) {
	seed := maphash.MakeSeed()
	type place struct {
		t    *text
		line int32
		next int32 // another one of the same hash
	}
	var distinct []place
	byHash := map[uint64]int32{}
	for _, t := range []*text{a, b} {
		t.ids = make([]int32, t.len())
		for i := range t.ids {
			if i&0xffff == 0xffff && ctx.Err() != nil {
				return 0, ctx.Err()
			}
			line := t.line(i)
			hash := maphash.Bytes(seed, line)
			first, ok := byHash[hash]
			if !ok {
				first = -1
			}
			id := first
			for id >= 0 && !bytes.Equal(distinct[id].t.line(int(distinct[id].line)), line) {
				id = distinct[id].next
			}
			if id < 0 {
				id = int32(len(distinct))
				distinct = append(distinct, place{t, int32(i), first})
				byHash[hash] = id
			}
			t.ids[i] = id
		}
	}
	return len(distinct), nil
}

// textRun is where the lines of a run of rows stand.
type textRun struct{ row, a, b int32 }

// compareText compares two texts by lines into a section. What stands behind the
// names of secrets is masked.
func compareText(ctx context.Context, s *Section, before, after []byte, secrets []string) error {
	a, b := splitText(before), splitText(after)
	count, err := number(ctx, &a, &b)
	if err != nil {
		return err
	}
	edits, coarse, err := diffNumbers(ctx, a.ids, b.ids, count)
	if err != nil {
		return err
	}
	a.ids, b.ids = nil, nil
	s.Coarse = s.Coarse || coarse
	var runs []textRun
	atA, atB := 0, 0
	run := func(kind Kind, n int) {
		if n <= 0 {
			return
		}
		runs = append(runs, textRun{int32(s.rows.len()), int32(atA), int32(atB)})
		s.rows.add(kind, n)
		if kind != Added {
			atA += n
		}
		if kind != Removed {
			atB += n
		}
	}
	for _, e := range edits {
		if err := ctx.Err(); err != nil {
			return err
		}
		run(Same, e.a0-atA)
		for _, pair := range replaced(&a, &b, e) {
			run(Removed, pair[0]-atA)
			run(Added, pair[1]-atB)
			run(Changed, 1)
		}
		run(Removed, e.a1-atA)
		run(Added, e.b1-atB)
	}
	run(Same, a.len()-atA)
	s.rows.draw = func(row int, whole bool) Line {
		l := drawText(&a, &b, runs, s, row)
		if !whole {
			l.hide(secrets)
			l.clip()
		}
		return l
	}
	s.textNotes(&a, &b)
	return nil
}

// replaced pairs the lines of an edit, as places in a and b.
func replaced(a, b *text, e edit) [][2]int {
	pairs := align(e.a1-e.a0, e.b1-e.b0, func(i, j int) int {
		return likeness(a.shown(e.a0+i), b.shown(e.b0+j))
	}, func(i, j int) int {
		return roughLikeness(a.line(e.a0+i), b.line(e.b0+j))
	})
	for i := range pairs {
		pairs[i][0] += e.a0
		pairs[i][1] += e.b0
	}
	return pairs
}

func drawText(a, b *text, runs []textRun, s *Section, row int) Line {
	at, found := slices.BinarySearchFunc(runs, row, func(r textRun, row int) int { return int(r.row) - row })
	if !found {
		at--
	}
	r, kind := runs[at], s.rows.kind(row)
	skip := row - int(r.row)
	var l Line
	if kind != Added {
		i := int(r.a) + skip
		l.A, l.AtA = a.shown(i), i+1
	}
	if kind != Removed {
		j := int(r.b) + skip
		l.B, l.AtB = b.shown(j), j+1
	}
	if kind == Changed && l.A == l.B {
		l.Note = "the text ends here without a line end on one side"
	}
	return l
}

// hide masks what stands behind the names of secrets.
func (l *Line) hide(secrets []string) {
	if len(secrets) == 0 {
		return
	}
	a, b := hideNamed(l.A, secrets), hideNamed(l.B, secrets)
	if a == b && l.A != l.B && l.A != "" && l.B != "" {
		l.Note = "a secret: it differs"
	}
	l.A, l.B = a, b
}

// textNotes says what the lines do not show.
func (s *Section) textNotes(a, b *text) {
	if a.cut || b.cut {
		s.Notes = append(s.Notes, "long lines are compared in pieces")
	}
	crlf := []byte("\r\n")
	if x, y := bytes.Count(a.bytes, crlf), bytes.Count(b.bytes, crlf); (x == 0) != (y == 0) && a.len() > 0 && b.len() > 0 {
		side := "the first"
		if x == 0 {
			side = "the second"
		}
		s.Notes = append(s.Notes, "only "+side+" ends lines with CR LF")
	}
}

const (
	maxShown   = 2 << 10 // bytes of a line that are shown
	clipLength = 1 << 10
	clipBefore = 200
)

// clip cuts what is too long to be drawn down to the part around the first
// difference.
func (l *Line) clip() {
	if len(l.A) <= maxShown && len(l.B) <= maxShown {
		return
	}
	prefix := 0
	if l.A != "" && l.B != "" && l.A != l.B {
		prefix, _ = commonEnds(l.A, l.B)
	}
	if l.Note != "" {
		l.Note += "; "
	}
	l.Note += "a part of " + strconv.Itoa(max(len(l.A), len(l.B))) + " bytes"
	l.A, l.B = around(l.A, prefix), around(l.B, prefix)
}

func around(text string, at int) string {
	if len(text) <= clipLength {
		return text
	}
	from := max(0, min(at, len(text))-clipBefore)
	for n := 0; n < utf8.UTFMax && from > 0 && cut(text, from); n++ {
		from--
	}
	to := min(len(text), from+clipLength)
	for n := 0; n < utf8.UTFMax && cut(text, to); n++ {
		to++
	}
	part := text[from:to]
	if from > 0 {
		part = "…" + part
	}
	if to < len(text) {
		part += "…"
	}
	return part
}
