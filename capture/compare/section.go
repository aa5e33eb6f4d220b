package compare

import "slices"

// Form says as what two texts were compared.
type Form string

// The forms.
const (
	FormFields Form = "fields" // header fields, a form: by name
	FormJSON   Form = "json"
	FormXML    Form = "xml"
	FormText   Form = "text"
	FormHex    Form = "hex" // 16 bytes a line
)

// Kind says of a line on which side it stands.
type Kind uint8

// The kinds of a line.
const (
	Same    Kind = iota // equal, though perhaps not byte for byte: A and B have both writings
	Changed             // A on the first side, B on the second
	Removed             // only on the first side
	Added               // only on the second side
	Folded              // N rows from Row on that are not shown
)

var kindNames = [...]string{"same", "changed", "removed", "added", "folded"}

// String is the name of the kind.
func (k Kind) String() string { return kindNames[k] }

// MarshalText is the name of the kind, for JSON.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Span is text[From:To].
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Line is one line of a comparison. A and B are a stranger's text, without line
// end; they are cut where they are very long, as Note then says.
type Line struct {
	Kind Kind   `json:"kind"`
	A    string `json:"a,omitempty"`
	B    string `json:"b,omitempty"`
	Path string `json:"path,omitempty"` // "$.items[0].sku", "header Accept", "?page", "name" of a form
	Note string `json:"note,omitempty"` // a sentence without full stop

	MarksA []Span `json:"marks_a,omitempty"` // what differs inside a changed line
	MarksB []Span `json:"marks_b,omitempty"`

	AtA int `json:"at_a,omitempty"` // line of the text, from 1; of hex the offset
	AtB int `json:"at_b,omitempty"`

	Row       int `json:"row"`                 // the number of its first row in the section
	N         int `json:"n,omitempty"`         // of a fold: how many rows
	Differing int `json:"differing,omitempty"` // of a fold that ends a list that was too long: how many of them differ
}

// Section is one thing that was compared.
type Section struct {
	Title     string `json:"title"`
	Form      Form   `json:"form"`
	Equal     bool   `json:"equal"`
	SameBytes bool   `json:"same_bytes"` // where Equal is set without it, another writing says the same
	Coarse    bool   `json:"coarse"`     // there was too much to do: equal parts may count as different
	Changed   int    `json:"changed"`
	Removed   int    `json:"removed"`
	Added     int    `json:"added"`

	Notes []string   `json:"notes,omitempty"` // sentences without full stop
	Keys  []ArrayKey `json:"keys,omitempty"`  // keys to compare arrays by that would say more
	Lines []Line     `json:"lines,omitempty"` // folded; at most maxLines

	rows rows
}

// maxLines bounds the lines of a section that are laid out; Rows has all.
const maxLines = 20_000

// rows are the unfolded lines of a section: of each the kind is known, and the
// rest is made when it is asked for.
type rows struct {
	runs []run
	draw func(row int, whole bool) Line // whole: with nothing cut
}

// run is a number of rows of one kind.
type run struct {
	kind    Kind
	from, n int32
}

// add appends n rows of a kind.
func (r *rows) add(kind Kind, n int) {
	if last := len(r.runs) - 1; last >= 0 && r.runs[last].kind == kind {
		r.runs[last].n += int32(n)
	} else if n > 0 {
		r.runs = append(r.runs, run{kind, int32(r.len()), int32(n)})
	}
}

func (r *rows) len() int {
	if len(r.runs) == 0 {
		return 0
	}
	last := r.runs[len(r.runs)-1]
	return int(last.from + last.n)
}

// kind is the kind of a row.
func (r *rows) kind(row int) Kind {
	i, found := slices.BinarySearchFunc(r.runs, row, func(x run, row int) int { return int(x.from) - row })
	if !found {
		i--
	}
	return r.runs[i].kind
}

func (r *rows) line(row int, whole bool) Line {
	l := r.draw(row, whole)
	l.Row, l.Kind = row, r.kind(row)
	switch {
	case l.Kind != Changed:
		l.MarksA, l.MarksB = nil, nil
	case l.MarksA == nil && l.MarksB == nil && !whole:
		l.MarksA, l.MarksB = marks(l.A, l.B)
	}
	return l
}

// Len is how many rows there are with nothing folded.
func (s *Section) Len() int { return s.rows.len() }

// Rows returns up to n rows from a row on, with nothing folded: those of a fold, or
// a page of all. It is empty behind the end.
func (s *Section) Rows(from, n int) []Line {
	from = max(from, 0)
	n = min(n, s.rows.len()-from)
	if n <= 0 {
		return nil
	}
	lines := make([]Line, n)
	for i := range lines {
		lines[i] = s.rows.line(from+i, false)
	}
	return lines
}

// finish counts the rows and lays out the lines; a section where no row differs is
// equal.
func (s *Section) finish(context int) {
	for _, r := range s.rows.runs {
		switch r.kind {
		case Changed:
			s.Changed += int(r.n)
		case Removed:
			s.Removed += int(r.n)
		case Added:
			s.Added += int(r.n)
		case Same, Folded:
		}
	}
	s.Equal = s.Changed+s.Removed+s.Added == 0
	s.lay(context)
}

// lay makes the folded lines.
func (s *Section) lay(context int) {
	total, differing := s.rows.len(), s.Changed+s.Removed+s.Added
	show := func(from, n int) bool {
		room := min(n, maxLines-len(s.Lines))
		for _, l := range s.Rows(from, room) {
			s.Lines = append(s.Lines, l)
			if l.Kind != Same {
				differing--
			}
		}
		if room < n {
			at := from + room
			s.Lines = append(s.Lines, Line{Kind: Folded, Row: at, N: total - at, Differing: differing})
		}
		return room == n
	}
	for i, r := range s.rows.runs {
		head, tail := context, context // rows shown at the begin and end of a run
		if i == 0 {
			head = 0
		}
		if i == len(s.rows.runs)-1 {
			tail = 0
		}
		from, n := int(r.from), int(r.n)
		hidden := n - head - tail
		if r.kind != Same || context < 0 || hidden < 2 {
			if !show(from, n) {
				return
			}
			continue
		}
		if !show(from, head) {
			return
		}
		s.Lines = append(s.Lines, Line{Kind: Folded, Row: from + head, N: hidden})
		if !show(from+n-tail, tail) {
			return
		}
	}
}
