package kit

import (
	"bytes"
	"sort"
)

// CodeText is what a Code shows: bytes as they are, never changed while shown.
type CodeText struct {
	Bytes []byte

	// Lines holds where each line starts; the first is 0. IndexLines makes it.
	Lines []int32

	// Sections say how the text is coloured, in order; none is plain text.
	Sections []CodeSection
}

// CodeSection colours a text from a place on.
type CodeSection struct {
	Start  int
	Syntax Syntax
}

// NewCodeText makes the text of one syntax. For large bytes IndexLines is
// better called elsewhere than on the screen's goroutine.
func NewCodeText(text []byte, s Syntax) *CodeText {
	return &CodeText{Bytes: text, Lines: IndexLines(text), Sections: []CodeSection{{Syntax: s}}}
}

// IndexLines returns where each line starts. A text has one line more than line
// feeds. It may be called from any goroutine; text is below 2 GB.
func IndexLines(text []byte) []int32 {
	lines := make([]int32, 1, 1+bytes.Count(text, []byte{'\n'}))
	for pos := 0; ; {
		i := bytes.IndexByte(text[pos:], '\n')
		if i < 0 {
			return lines
		}
		pos += i + 1
		lines = append(lines, int32(pos))
	}
}

// line returns where a line starts and ends, without its line feed.
func (t *CodeText) line(i int) (start, end int) {
	start, end = int(t.Lines[i]), len(t.Bytes)
	if i+1 < len(t.Lines) {
		end = int(t.Lines[i+1]) - 1
	}
	return start, end
}

// lineOf is the line that a place is in.
func (t *CodeText) lineOf(offset int) int {
	return sort.Search(len(t.Lines), func(i int) bool { return int(t.Lines[i]) > offset }) - 1
}

// section is the section that a place is in, and where the next one starts.
func (t *CodeText) section(offset int) (s CodeSection, end int) {
	i := sort.Search(len(t.Sections), func(i int) bool { return t.Sections[i].Start > offset })
	end = len(t.Bytes)
	if i < len(t.Sections) {
		end = t.Sections[i].Start
	}
	if i == 0 {
		return CodeSection{}, end
	}
	return t.Sections[i-1], end
}

// longest is the line with the most bytes.
func (t *CodeText) longest() int {
	best, most := 0, -1
	for i := range t.Lines {
		if start, end := t.line(i); end-start > most {
			best, most = i, end-start
		}
	}
	return best
}
