package compare

import (
	"bytes"
	"fmt"
	"strings"
)

const hexRow = 16

// hexRun is where the bytes of a run of rows begin.
type hexRun struct{ row, a, b int }

// hexDraw makes lines of hex of two bodies.
type hexDraw struct {
	a, b       []byte
	runs       []hexRun
	endA, endB []int // by run: where its bytes end
}

// compareHex compares bytes by position, and from the end what stands behind the
// last difference where their lengths differ.
func compareHex(s *Section, a, b []byte) {
	d := &hexDraw{a: a, b: b}
	prefix := 0
	for prefix < min(len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	prefix -= prefix % hexRow
	if bytes.Equal(a, b) {
		prefix = len(a)
	}
	suffix := 0
	if len(a) != len(b) {
		most := min(len(a), len(b)) - prefix
		for suffix < most && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
			suffix++
		}
	}
	midA, midB := len(a)-suffix, len(b)-suffix
	d.run(s, Same, 0, prefix, 0, prefix)
	atA, atB := prefix, prefix
	for atA < midA && atB < midB {
		endA, endB := min(atA+hexRow, midA), min(atB+hexRow, midB)
		kind := Changed
		if bytes.Equal(a[atA:endA], b[atB:endB]) {
			kind = Same
		}
		d.run(s, kind, atA, endA, atB, endB)
		atA, atB = endA, endB
	}
	d.run(s, Removed, atA, midA, atB, atB)
	d.run(s, Added, midA, midA, atB, midB)
	d.run(s, Same, midA, len(a), midB, len(b))
	s.rows.draw = func(row int, _ bool) Line { return d.draw(row, s.rows.kind(row)) }
	if len(a) != len(b) && len(a) > 0 && len(b) > 0 {
		s.Notes = append(s.Notes, "between the first and the last difference bytes are compared by their position")
	}
}

// run appends the rows of a part.
func (d *hexDraw) run(s *Section, kind Kind, fromA, toA, fromB, toB int) {
	rows := (max(toA-fromA, toB-fromB) + hexRow - 1) / hexRow
	if rows == 0 {
		return
	}
	d.runs = append(d.runs, hexRun{s.rows.len(), fromA, fromB})
	d.endA, d.endB = append(d.endA, toA), append(d.endB, toB)
	s.rows.add(kind, rows)
}

func (d *hexDraw) draw(row int, kind Kind) Line {
	i, j := 0, len(d.runs)
	for i+1 < j { // the run that has the row
		if middle := (i + j) / 2; d.runs[middle].row <= row {
			i = middle
		} else {
			j = middle
		}
	}
	r := d.runs[i]
	skip := (row - r.row) * hexRow
	var l Line
	if kind != Added {
		l.AtA = r.a + skip
		l.A = hexLine(d.a, l.AtA, min(l.AtA+hexRow, d.endA[i]))
	}
	if kind != Removed {
		l.AtB = r.b + skip
		l.B = hexLine(d.b, l.AtB, min(l.AtB+hexRow, d.endB[i]))
	}
	if kind == Changed {
		l.MarksA = hexMarks(d.a[l.AtA:min(l.AtA+hexRow, d.endA[i])], d.b[l.AtB:min(l.AtB+hexRow, d.endB[i])])
		l.MarksB = hexMarks(d.b[l.AtB:min(l.AtB+hexRow, d.endB[i])], d.a[l.AtA:min(l.AtA+hexRow, d.endA[i])])
	}
	return l
}

// Where the parts of a line of hex begin.
const (
	hexDigits = len("00000000  ")
	hexText   = hexDigits + 3*hexRow + 2
)

func hexLine(body []byte, from, to int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%08x  ", from)
	for i := range hexRow {
		if from+i < to {
			fmt.Fprintf(&b, "%02x ", body[from+i])
		} else {
			b.WriteString("   ")
		}
	}
	b.WriteString(" |")
	for _, c := range body[from:to] {
		if c < ' ' || c > '~' {
			c = '.'
		}
		b.WriteByte(c)
	}
	b.WriteByte('|')
	return b.String()
}

// hexMarks marks the digits of the bytes that the other side does not have there,
// and their letters.
func hexMarks(own, other []byte) []Span {
	var digits, letters []Span
	for i := range own {
		if i < len(other) && own[i] == other[i] {
			continue
		}
		digits = append(digits, Span{hexDigits + 3*i, hexDigits + 3*i + 2})
		letters = append(letters, Span{hexText + i, hexText + i + 1})
	}
	return append(digits, letters...)
}
