package viewmodel

import (
	"fmt"

	"hookglass/capture"
	"hookglass/capture/compare"
)

// Len is how many rows there are to show.
func (c *Comparison) Len() int { return c.layout.count }

// Row is one of them; a zero one outside.
func (c *Comparison) Row(i int) CompareRow { return c.layout.row(i) }

// Ready reports whether there is something to show.
func (c *Comparison) Ready() bool { return c.compared != nil }

// Wide reports whether the two stand beside each other.
func (c *Comparison) Wide() bool { return c.wide }

// SetWide says whether there is room for them beside each other.
func (c *Comparison) SetWide(wide bool) {
	if c.wide != wide {
		c.wide = wide
		c.again()
	}
}

// Numbers reports whether any row has the number of a line.
func (c *Comparison) Numbers() (highest int) {
	for _, s := range c.layout.sections {
		if s.Form == compare.FormText || s.Form == compare.FormXML {
			highest = max(highest, s.Len())
		}
	}
	return highest
}

// maxMarks bounds the places that are marked.
const maxMarks = 500

// Marks are the places that differ, as parts of the whole from 0 to 1, or some of
// them where they are very many.
func (c *Comparison) Marks() []float32 {
	changes := c.layout.changes
	step := len(changes)/maxMarks + 1
	var marks []float32
	for i := 0; i < len(changes); i += step {
		marks = append(marks, float32(changes[i].from)/float32(c.layout.count))
	}
	return marks
}

// lay places the rows, and counts the changes.
func (c *Comparison) lay() {
	c.layout.lay(c.wide)
	c.Changes = len(c.layout.changes)
}

// again places the rows after something was folded, and keeps to the row that
// the keys work on.
func (c *Comparison) again() {
	b, below := c.layout.block(c.At)
	if b == nil {
		c.lay()
		return
	}
	kept, skipped := *b, below
	if kept.step > 0 {
		skipped /= kept.step
	}
	c.lay()
	c.At = c.find(kept.section, kept.kind, kept.from+skipped, kept.note)
	c.place()
	c.Changed.Emit()
}

// find is the place of a row of a section, or of what took its place.
func (c *Comparison) find(section int, kind CompareKind, row, note int) int {
	at := 0
	for i := range c.layout.blocks {
		b := &c.layout.blocks[i]
		if b.section != section {
			continue
		}
		switch {
		case b.kind == CompareTitle:
			at = b.at
		case kind == b.kind && b.step == 0 && b.kind != CompareFold && b.note == note:
			return b.at
		case (b.step > 0 || b.kind == CompareFold) && kind >= CompareFold && row >= b.from && row < b.from+b.n:
			return b.at + (row-b.from)*b.step
		}
		if kind == CompareTitle {
			break
		}
	}
	return at
}

// Move has the keys work on another row.
func (c *Comparison) Move(to int) {
	to = max(min(to, c.layout.count-1), 0)
	if b, _ := c.layout.block(to); b != nil && b.kind == CompareGap {
		if to < c.At {
			to--
		} else {
			to++
		}
	}
	if to != c.At {
		c.At = to
		c.place()
		c.Moved.Emit()
	}
}

// place finds in which change the row is.
func (c *Comparison) place() {
	c.Change, c.Said = 0, ""
	if i := c.layout.changeAt(c.At); i < len(c.layout.changes) && c.layout.changes[i].from <= c.At {
		c.Change = i + 1
	}
}

// NextChange goes to the next place that differs, and from the last one to the
// first; with -1 the other way round.
func (c *Comparison) NextChange(by int) {
	changes := c.layout.changes
	if len(changes) == 0 {
		return
	}
	i := c.layout.changeAt(c.At)
	inside := i < len(changes) && changes[i].from <= c.At
	switch {
	case by < 0:
		i--
	case inside:
		i++
	}
	i = (i + len(changes)) % len(changes)
	c.At = changes[i].from
	c.place()
	c.Moved.Emit()
}

// Press folds and unfolds, or does what the row offers; a row that offers nothing
// stays as it is.
func (c *Comparison) Press(at int) {
	b, _ := c.layout.block(at)
	if b == nil {
		return
	}
	s := c.layout.sections[b.section]
	switch b.kind {
	case CompareTitle:
		s.open = !s.open
	case CompareFold:
		s.unfolded[b.from] = true
	case CompareKey:
		if b.note < len(s.keys) {
			c.TellApart(s.keys[b.note].Path, "")
		} else {
			key := s.Keys[b.note-len(s.keys)]
			c.TellApart(key.Path, key.Key)
		}
		return
	case CompareGap, CompareNote, CompareSame, CompareChanged, CompareRemoved, CompareAdded:
		return
	}
	c.At = at
	c.again()
}

// Unfolded reports whether every line is shown.
func (c *Comparison) Unfolded() bool {
	for _, s := range c.layout.sections {
		if !s.all || !s.open {
			return false
		}
	}
	return len(c.layout.sections) > 0
}

// Unfold shows every line, or folds what is equal again.
func (c *Comparison) Unfold() {
	all := !c.Unfolded()
	for _, s := range c.layout.sections {
		s.all = all
		clear(s.unfolded)
		s.open = all || !s.Equal
	}
	c.again()
}

// Place says where the row is that the keys work on, and what is to say of it.
func (c *Comparison) Place() (path, note string) {
	b, _ := c.layout.block(c.At)
	if b == nil || b.kind < CompareSame {
		return "", ""
	}
	row := c.Row(c.At)
	s := c.layout.sections[b.section]
	path = capture.Visible(row.Path)
	if s.Form == compare.FormText || s.Form == compare.FormXML {
		switch {
		case row.NumberA != 0 && row.NumberB != 0 && row.NumberA != row.NumberB:
			path = fmt.Sprintf("line %d, then %d", row.NumberA, row.NumberB)
		default:
			path = fmt.Sprintf("line %d", max(row.NumberA, row.NumberB))
		}
	}
	if s.Form == compare.FormHex {
		path = ""
	}
	return shorten(path, 200), capital(row.Note)
}

// Key does what a key says that belongs to a comparison, and reports whether
// there was something to do.
func (c *Comparison) Key(key string) bool {
	if !c.Ready() {
		return false
	}
	switch key {
	case "n", "F3":
		c.NextChange(1)
	case "p", "N", "Shift+F3":
		c.NextChange(-1)
	case "j":
		c.Move(c.At + 1)
	case "k":
		c.Move(c.At - 1)
	case "g":
		c.Move(0)
	case "G":
		c.Move(c.Len() - 1)
	case "Return", "Space":
		c.Press(c.At)
	case "e":
		c.Unfold()
	case "c":
		c.Copy()
	case "Mod+C":
		c.CopyRow()
	default:
		return false
	}
	return true
}
