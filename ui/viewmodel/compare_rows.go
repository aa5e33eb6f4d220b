package viewmodel

import (
	"slices"
	"strings"

	"hookglass/capture"
	"hookglass/capture/compare"
)

// CompareKind says what a row of a comparison is.
type CompareKind int

// The kinds of rows.
const (
	CompareGap   CompareKind = iota // nothing, for the eye
	CompareTitle                    // of a section: folded and unfolded as a whole
	CompareNote                     // a sentence
	CompareKey                      // by what the elements of an array are told apart, with another way
	CompareFold                     // equal rows that are not shown
	CompareSame
	CompareChanged // only where both sides stand beside each other
	CompareRemoved // only in the first; of a narrow window also the first side of what has changed
	CompareAdded   // only in the second
)

// CompareRow is one row of a comparison.
type CompareRow struct {
	Kind CompareKind

	Text   string // of a title, a note, a fold
	Hint   string // of a title: how much differs
	Tone   Tone   // of the hint
	Open   bool   // a title whose rows are shown
	Action string // what a click on a note does; "" for nothing

	A, B             string // a stranger's text
	MarksA, MarksB   []CompareSpan
	NumberA, NumberB int    // of the line; 0 for none
	Path             string // where it stands: "$.items[0].sku"
	Note             string // what is to say of it
	Syntax           string // "json", "xml", "field", "http", "form"; "" for plain text
}

// CompareSpan is text[From:To].
type CompareSpan struct{ From, To int }

// compareSection is one section, with what is open of it.
type compareSection struct {
	*compare.Section
	title    string
	keys     []compare.ArrayKey // by which arrays are told apart now
	runs     []compare.Run
	syntax   string
	open     bool
	unfolded map[int]bool // folds, by the row that they begin at
	all      bool         // nothing is folded
}

// newCompareSections lists the sections: what is equal is closed.
func newCompareSections(compared *compare.Comparison, chosen map[string]string) []*compareSection {
	var all []*compareSection
	for i, part := range []*compare.Part{&compared.Request, &compared.Response} {
		for _, s := range part.Sections() {
			s.Lines = nil // rows are made as they come into view
			section := &compareSection{Section: s, title: s.Title, runs: s.Runs(), unfolded: map[int]bool{}, syntax: compareSyntax(s)}
			if i == 1 && s.Title != "Answer" {
				section.title = "Answer's " + strings.ToLower(s.Title)
			}
			if s.Form == compare.FormFields && s.Title == "Request line" {
				section.syntax = "request"
			}
			section.open = !s.Equal || s == &part.Body && !s.SameBytes
			if s == &compared.Request.Body {
				for path, key := range chosen {
					section.keys = append(section.keys, compare.ArrayKey{Path: path, Key: key})
				}
				slices.SortFunc(section.keys, func(a, b compare.ArrayKey) int { return strings.Compare(a.Path, b.Path) })
			}
			all = append(all, section)
		}
	}
	return all
}

func compareSyntax(s *compare.Section) string {
	switch s.Form {
	case compare.FormJSON:
		return "json"
	case compare.FormXML:
		return "xml"
	case compare.FormFields:
		if s.Title == "Body" {
			return "form"
		}
		return "field"
	case compare.FormText, compare.FormHex:
	}
	return ""
}

// hint says how much of a section differs.
func (s *compareSection) hint() (text string, tone Tone) {
	switch {
	case s.Len() == 0:
		return "none", Muted
	case s.Equal && s.SameBytes:
		return "the same", Muted
	case s.Equal:
		return "says the same", Muted
	}
	return compareCounts(s.Changed, s.Removed, s.Added), Warn
}

// compareCounts are "2 changed · 1 removed · 3 added".
func compareCounts(changed, removed, added int) string {
	var counts []string
	for _, c := range []struct {
		n    int
		what string
	}{{changed, " changed"}, {removed, " removed"}, {added, " added"}} {
		if c.n > 0 {
			counts = append(counts, groupDigits(int64(c.n))+c.what)
		}
	}
	return strings.Join(counts, " · ")
}

// compareSummary says in a line how two callbacks differ.
func compareSummary(c *compare.Comparison) (string, Tone) {
	same := func(p *compare.Part) bool { return p.Line.SameBytes && p.Header.SameBytes && p.Body.SameBytes }
	word := func(p *compare.Part) string {
		switch {
		case same(p):
			return "are the same"
		case p.Equal:
			return "say the same"
		}
		return "differ"
	}
	request, response := word(&c.Request), word(&c.Response)
	tone := Good
	if !c.Equal {
		tone = Warn
	}
	if request == response {
		if tone == Warn {
			return "The requests and the answers differ", tone
		}
		return "The requests and the answers " + request, tone
	}
	return "The requests " + request + ", the answers " + response, tone
}

// line makes a row of what a section says of one of its rows.
func (s *compareSection) line(at, half int) CompareRow {
	lines := s.Rows(at, 1)
	if len(lines) == 0 {
		return CompareRow{}
	}
	l := &lines[0]
	row := CompareRow{
		A: l.A, B: l.B, Path: l.Path, Note: capture.Visible(l.Note), Syntax: s.syntax,
		MarksA: compareSpans(l.MarksA), MarksB: compareSpans(l.MarksB),
	}
	if s.Form != compare.FormHex { // whose lines begin with where they are
		row.NumberA, row.NumberB = l.AtA, l.AtB
	}
	if s.syntax == "request" {
		row.Syntax = "http"
		if strings.HasPrefix(l.Path, "?") {
			row.Syntax = "form"
		}
	}
	switch l.Kind {
	case compare.Removed:
		row.Kind = CompareRemoved
	case compare.Added:
		row.Kind = CompareAdded
	case compare.Changed:
		row.Kind = CompareChanged
	case compare.Same, compare.Folded:
		row.Kind = CompareSame
	}
	switch half {
	case halfFirst:
		row.Kind, row.B, row.MarksB, row.NumberB, row.Note = CompareRemoved, "", nil, 0, ""
	case halfSecond:
		row.Kind, row.A, row.MarksA, row.NumberA = CompareAdded, "", nil, 0
	}
	return row
}

// The halves of a changed row where there is no room beside each other.
const (
	halfFirst  = 1
	halfSecond = 2
)

func compareSpans(spans []compare.Span) []CompareSpan {
	if len(spans) == 0 {
		return nil
	}
	all := make([]CompareSpan, len(spans))
	for i, s := range spans {
		all[i] = CompareSpan(s)
	}
	return all
}
