package compare

import (
	"bytes"
	"strings"
)

const (
	indent    = "  "
	maxIndent = 60 // levels that are indented further
)

// jsonDraw makes the lines of a comparison of JSON.
type jsonDraw struct {
	a, b   *tree
	rows   []jsonRow
	secret map[string]bool // patterns of paths
}

func (d *jsonDraw) draw(row int, whole bool) Line {
	r := &d.rows[row]
	var l Line
	if r.a >= 0 {
		l.A = d.text(d.a, r.a, r, commaA)
	}
	if r.b >= 0 {
		l.B = d.text(d.b, r.b, r, commaB)
	}
	if whole {
		return l
	}
	t, n := d.a, r.a
	if n < 0 {
		t, n = d.b, r.b
	}
	l.Path = t.path(n)
	if r.shape&shapes == shapeScalar && d.hidden(t, n) {
		l.Note = d.hide(r, &l)
	} else if r.a >= 0 && r.b >= 0 && r.shape&shapes == shapeScalar {
		l.Note = d.note(r)
	}
	l.clip()
	if r.a >= 0 && r.b >= 0 { // a comma more is no difference
		l.MarksA, l.MarksB = marks(strings.TrimSuffix(l.A, ","), strings.TrimSuffix(l.B, ","))
	}
	return l
}

// text is one side of a row.
func (d *jsonDraw) text(t *tree, n int32, r *jsonRow, comma shape) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(indent, min(int(r.depth), maxIndent)))
	part := r.shape & shapes
	if part != shapeClose && t.nodes[n].key >= 0 {
		b.Write(t.rawKey(n))
		b.WriteString(": ")
	}
	open := t.nodes[n].kind
	switch part {
	case shapeOpen:
		b.WriteByte(open)
	case shapeClose:
		b.WriteByte(open + 2)
	case shapeEmpty:
		b.WriteByte(open)
		b.WriteByte(open + 2)
	default:
		b.Write(t.raw(n))
	}
	if r.shape&comma != 0 {
		b.WriteByte(',')
	}
	return b.String()
}

// note says what a changed scalar does not show by itself.
func (d *jsonDraw) note(r *jsonRow) string {
	kindA, kindB := d.a.nodes[r.a].kind, d.b.nodes[r.b].kind
	rawA, rawB := d.a.raw(r.a), d.b.raw(r.b)
	switch {
	case bytes.Equal(rawA, rawB):
		return ""
	case kindA == jsonNumber && kindB == jsonNumber:
		if sameNumber(rawA, rawB) {
			return "the same number, written otherwise"
		}
	case kindA == jsonString && kindB == jsonString:
		if unquote(rawA) == unquote(rawB) {
			return "the same text, written with other escapes"
		}
	case kindA == jsonString && unquote(rawA) == string(rawB):
		return "a text became a " + kindName(kindB)
	case kindB == jsonString && unquote(rawB) == string(rawA):
		return "a " + kindName(kindA) + " became a text"
	}
	return ""
}

func kindName(kind byte) string {
	if kind == jsonNumber {
		return "number"
	}
	return "word"
}

// hidden reports whether a value, or what it stands in, is a secret.
func (d *jsonDraw) hidden(t *tree, n int32) bool {
	if len(d.secret) == 0 {
		return false
	}
	for ; n > 0; n = t.nodes[n].parent {
		if d.secret[strings.ToLower(t.pattern(n))] {
			return true
		}
	}
	return false
}

// hide masks the value of a row, and says in what way the sides differ.
func (d *jsonDraw) hide(r *jsonRow, l *Line) string {
	if r.a >= 0 {
		l.A = hideIn(l.A, string(d.a.raw(r.a)))
	}
	if r.b >= 0 {
		l.B = hideIn(l.B, string(d.b.raw(r.b)))
	}
	if r.a < 0 || r.b < 0 {
		return ""
	}
	return secretNote(string(d.a.raw(r.a)), string(d.b.raw(r.b)))
}

// hideIn masks a value in its line, where nothing but a comma follows it.
func hideIn(line, value string) string {
	at := strings.LastIndex(line, value)
	return line[:at] + `"` + masked + `"` + line[at+len(value):]
}
