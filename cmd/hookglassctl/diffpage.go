package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/capture/compare"
)

// diffPage writes a comparison for a person, as diff does: what only the first has
// begins with "-", what only the second has with "+".
type diffPage struct {
	page
	all    bool
	colour bool
}

// The colours of a terminal; marked is what differs inside of a line.
const (
	colourOff     = "\x1b[0m"
	colourRemoved = "\x1b[31m"
	colourAdded   = "\x1b[32m"
	colourFaint   = "\x1b[2m"
	colourMarked  = "\x1b[7m"
	colourUnmark  = "\x1b[27m"
)

// pageRows is how many rows are laid out at a time.
const pageRows = 1_000

// writeDiff lays a comparison out.
func writeDiff(w io.Writer, pair [2]*capture.Exchange, parts []namedPart, all, colour bool) error {
	p := diffPage{page{bufio.NewWriter(w)}, all, colour}
	p.paint(colourRemoved, "--- "+diffName(pair[0]), nil)
	p.paint(colourAdded, "+++ "+diffName(pair[1]), nil)
	for _, part := range parts {
		if part.Equal {
			p.title(part.name + ": the same")
		} else {
			p.title(part.name)
		}
		for _, s := range part.Sections() {
			p.section(part, s)
		}
	}
	return p.out.Flush()
}

// diffName says which one a side is.
func diffName(x *capture.Exchange) string {
	what := "callback"
	if x.Via == capture.ViaReplay {
		what = fmt.Sprintf("resend of %d,", x.Origin)
	}
	text := fmt.Sprintf("%s %d  %s", what, x.ID, clock(x.Request.Received, time.Now()))
	if who := strings.TrimSpace(x.Annotation.Provider + " " + x.Annotation.Event); who != "" {
		text += "  " + who
	}
	return text
}

func (p diffPage) section(part namedPart, s *compare.Section) {
	if part.Equal && len(s.Notes) == 0 && !p.all {
		return
	}
	_, _ = fmt.Fprintf(p.out, "  %s%s\n", s.Title, sectionState(s))
	for _, note := range s.Notes {
		p.note(note)
	}
	for _, key := range s.Keys {
		p.note(fmt.Sprintf("the elements of %s seem to be told apart by %s: --array-key %s", key.Path, key.Key, key.Key))
	}
	switch {
	case p.all:
		for at := 0; at < s.Len(); at += pageRows {
			p.lines(s, s.Rows(at, pageRows))
		}
	case !s.Equal:
		p.lines(s, s.Lines)
	}
}

func sectionState(s *compare.Section) string {
	switch {
	case s.Len() == 0:
		return ": none"
	case s.Equal && s.SameBytes:
		return ": the same"
	case s.Equal:
		return ": says the same"
	}
	counts := []string{}
	for _, c := range []struct {
		n    int
		what string
	}{{s.Changed, "changed"}, {s.Removed, "only in the first"}, {s.Added, "only in the second"}} {
		if c.n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return " (" + string(s.Form) + "): " + strings.Join(counts, ", ")
}

func (p diffPage) note(text string) {
	p.paint(colourFaint, "  ("+text+")", nil)
}

// lines writes lines; where a part begins that differs it says where that is.
func (p diffPage) lines(s *compare.Section, lines []compare.Line) {
	before := compare.Same
	for i := range lines {
		l := &lines[i]
		if differs := l.Kind != compare.Same && l.Kind != compare.Folded; differs && (before == compare.Same || before == compare.Folded) {
			p.place(s, l)
		}
		before = l.Kind
		note := ""
		if l.Note != "" {
			note = "  (" + l.Note + ")"
		}
		switch l.Kind {
		case compare.Same:
			p.paint("", "    "+l.A+note, nil)
		case compare.Removed:
			p.paint(colourRemoved, "  - "+l.A+note, nil)
		case compare.Added:
			p.paint(colourAdded, "  + "+l.B+note, nil)
		case compare.Changed:
			p.paint(colourRemoved, "  - "+l.A, shifted(l.MarksA))
			p.paint(colourAdded, "  + "+l.B+note, shifted(l.MarksB))
		case compare.Folded:
			p.paint(colourFaint, "    "+foldText(l), nil)
		}
	}
}

func foldText(l *compare.Line) string {
	if l.Differing > 0 {
		return fmt.Sprintf("… %d more lines, %d of them differ; --all prints them", l.N, l.Differing)
	}
	return fmt.Sprintf("… %d lines that are the same", l.N)
}

// place says where a part that differs stands.
func (p diffPage) place(s *compare.Section, l *compare.Line) {
	switch s.Form {
	case compare.FormJSON:
		p.paint(colourFaint, "  @ "+l.Path, nil)
	case compare.FormText, compare.FormXML:
		p.paint(colourFaint, fmt.Sprintf("  @ line %d", max(l.AtA, l.AtB)), nil)
	case compare.FormFields, compare.FormHex:
	}
}

// shifted are the marks of a line behind its sign.
func shifted(marks []compare.Span) []compare.Span {
	moved := make([]compare.Span, len(marks))
	for i, m := range marks {
		moved[i] = compare.Span{From: m.From + len("  - "), To: m.To + len("  - ")}
	}
	return moved
}

// paint writes a line, in a colour where there are colours.
func (p diffPage) paint(colour, text string, marks []compare.Span) {
	if !p.colour || colour == "" {
		_, _ = fmt.Fprintln(p.out, capture.Visible(text))
		return
	}
	_, _ = p.out.WriteString(colour)
	at := 0
	for _, m := range marks {
		_, _ = p.out.WriteString(capture.Visible(text[at:m.From]) + colourMarked + capture.Visible(text[m.From:m.To]) + colourUnmark)
		at = m.To
	}
	_, _ = p.out.WriteString(capture.Visible(text[at:]) + colourOff + "\n")
}
