package kit

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// move moves the caret as a key says, and reports whether it is one that does.
func (c *Code) move(key fyne.KeyName, extend bool) bool {
	goal := -1
	line := c.text.lineOf(c.caret)
	start, end := c.text.line(line)
	page := max(int(c.scroll.size.Height)/codeLine-2, 1)
	from, to := c.Selection()
	switch key {
	case fyne.KeyLeft:
		if from < to && !extend {
			c.caret = from
		} else {
			c.caret = c.before(c.caret)
		}
	case fyne.KeyRight:
		if from < to && !extend {
			c.caret = to
		} else {
			c.caret = c.after(c.caret)
		}
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		by := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1, fyne.KeyPageUp: -page, fyne.KeyPageDown: page}[key]
		if goal = c.goal; goal < 0 {
			goal = c.lines.columnOf(c.text, c.caret)
		}
		if by < -1 || by > 1 {
			c.scroll.by(0, float32(-by*codeLine))
		}
		c.caret = c.toLine(line+by, goal)
	case fyne.KeyHome:
		c.caret = start
	case fyne.KeyEnd:
		c.caret = end
		if end > start && c.text.Bytes[end-1] == '\r' {
			c.caret--
		}
	default:
		return false
	}
	c.arrive(extend, goal)
	return true
}

// jump moves the caret for Ctrl with a key.
func (c *Code) jump(s *desktop.CustomShortcut) bool {
	if s.Modifier&^(fyne.KeyModifierControl|fyne.KeyModifierSuper|fyne.KeyModifierShift) != 0 {
		return false
	}
	switch s.KeyName {
	case fyne.KeyHome:
		c.caret = 0
	case fyne.KeyEnd:
		c.caret = len(c.text.Bytes)
	case fyne.KeyLeft:
		c.caret = c.before(c.caret)
		c.caret, _ = c.word(c.caret)
	case fyne.KeyRight:
		if _, to := c.word(c.caret); to > c.caret {
			c.caret = to
		} else {
			c.caret = c.after(c.caret)
		}
	default:
		return false
	}
	c.arrive(s.Modifier&fyne.KeyModifierShift != 0, -1)
	return true
}

func (c *Code) arrive(extend bool, goal int) {
	if !extend {
		c.anchor = c.caret
	}
	c.goal = goal
	c.scrollToCaret()
	c.moved()
}

// toLine is the place at a column of a line, or an end of the text where there
// is no such line.
func (c *Code) toLine(line, column int) int {
	switch {
	case line < 0:
		return 0
	case line >= len(c.text.Lines):
		return len(c.text.Bytes)
	}
	return c.lines.offsetAt(c.text, line, column)
}

// before is the place of the rune before one, with the marks upon it.
func (c *Code) before(offset int) int {
	for offset > 0 {
		r, size := utf8.DecodeLastRune(c.text.Bytes[:offset])
		offset -= size
		if r == '\n' && offset > 0 && c.text.Bytes[offset-1] == '\r' {
			offset--
		}
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			break
		}
	}
	return offset
}

// after is the place behind a rune and the marks upon it.
func (c *Code) after(offset int) int {
	b := c.text.Bytes
	if offset >= len(b) {
		return len(b)
	}
	if b[offset] == '\r' && offset+1 < len(b) && b[offset+1] == '\n' {
		return offset + 2
	}
	_, size := utf8.DecodeRune(b[offset:])
	for offset += size; offset < len(b); offset += size {
		var r rune
		if r, size = utf8.DecodeRune(b[offset:]); !unicode.In(r, unicode.Mn, unicode.Me) {
			break
		}
	}
	return offset
}

// maxWord bounds what a double click selects.
const maxWord = 64 << 10

// wordClass tells what belongs together: words with the signs of names, numbers
// and dates in them, white space, and all else by itself.
func wordClass(r rune) int {
	switch {
	case r == '\n':
		return 0
	case unicode.IsSpace(r):
		return 1
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.In(r, unicode.Mn) || r == '_' || r == '-':
		return 2
	default:
		return 3
	}
}

// word is the word at a place; at the end of a line nothing.
func (c *Code) word(offset int) (from, to int) {
	b := c.text.Bytes
	if offset >= len(b) {
		return len(b), len(b)
	}
	r, size := utf8.DecodeRune(b[offset:])
	class := wordClass(r)
	from, to = offset, offset+size
	switch class {
	case 0:
		return offset, offset
	case 3:
		return from, to
	}
	for from > 0 && offset-from < maxWord {
		r, size := utf8.DecodeLastRune(b[:from])
		if wordClass(r) != class {
			break
		}
		from -= size
	}
	for to < len(b) && to-offset < maxWord {
		r, size := utf8.DecodeRune(b[to:])
		if wordClass(r) != class {
			break
		}
		to += size
	}
	return from, to
}
