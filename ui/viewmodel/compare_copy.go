package viewmodel

import (
	"context"
	"fmt"
	"strings"

	"hookglass/capture"
	"hookglass/capture/compare"
)

// copyRows is how many rows are written at a time.
const copyRows = 1_000

// Copy puts the comparison on the clipboard as text, as diff writes it, equal
// lines folded; secrets stay masked.
func (c *Comparison) Copy() {
	if c.compared == nil || c.running {
		return
	}
	sides, sections := c.Sides, c.layout.sections
	c.work("Writing the differences …", func(ctx context.Context) func() {
		var t compareText
		for i := range sides {
			s := &sides[i]
			fmt.Fprintf(&t.out, "%s callback %d  %s  %s %s  %s\n", [2]string{"---", "+++"}[i], s.ID, s.Time, s.Method, s.Path, s.Pill)
		}
		for _, s := range sections {
			if t.section(ctx, s); ctx.Err() != nil || t.out.Len() > maxCopy {
				break
			}
		}
		text := t.out.String()
		return func() { c.put(text, "Copied the differences as text.") }
	})
}

// compareText writes a comparison.
type compareText struct{ out strings.Builder }

func (t *compareText) section(ctx context.Context, s *compareSection) {
	hint, _ := s.hint()
	fmt.Fprintf(&t.out, "\n%s: %s\n", s.title, hint)
	for _, note := range s.Notes {
		fmt.Fprintf(&t.out, "  (%s)\n", capture.Visible(note))
	}
	if s.Equal {
		return
	}
	folded := compareLayout{sections: []*compareSection{{Section: s.Section, runs: s.runs, open: true}}}
	folded.runs(0, true)
	for i := range folded.blocks {
		b := &folded.blocks[i]
		if b.kind == CompareFold {
			fmt.Fprintf(&t.out, "    … %s\n", counted(b.n, "equal line"))
			continue
		}
		for from := b.from; from < b.from+b.n; from += copyRows {
			if ctx.Err() != nil || t.out.Len() > maxCopy {
				return
			}
			t.lines(s.Rows(from, min(copyRows, b.from+b.n-from)))
		}
	}
}

func (t *compareText) lines(lines []compare.Line) {
	put := func(sign, text, note string) {
		t.out.WriteString("  " + sign + " " + capture.Visible(text))
		if note != "" {
			t.out.WriteString("  (" + capture.Visible(note) + ")")
		}
		t.out.WriteByte('\n')
	}
	for i := range lines {
		l := &lines[i]
		if l.Kind == compare.Same {
			put(" ", l.A, "")
			continue
		}
		if l.Kind != compare.Added {
			put("-", l.A, "")
		}
		if l.Kind != compare.Removed {
			put("+", l.B, l.Note)
		}
	}
}

// CopyRow copies the line that the keys work on: what both say, or what either
// does.
func (c *Comparison) CopyRow() {
	row := c.Row(c.At)
	switch {
	case row.Kind < CompareSame:
		return
	case row.A == "" || row.B == "" || row.Kind == CompareSame:
		c.put(strings.TrimSpace(orElse(row.B, row.A)), "Copied the line.")
	default:
		c.put("- "+strings.TrimSpace(row.A)+"\n+ "+strings.TrimSpace(row.B), "Copied both lines.")
	}
}

// put copies a text, and says so in the dialog too.
func (c *Comparison) put(text, said string) {
	c.app.copy(text, said)
	c.Said = c.app.Notices.Toast.Text
	c.Moved.Emit()
}
