package kit

import "sort"

// markEvery is how many bytes of a long line lie between two known columns.
const markEvery = 4 << 10

// lineMark is a place in a long line whose column is known.
type lineMark struct{ offset, column int32 }

// lineMap knows columns of long lines, so that what is shown of a line of a
// megabyte is found at once. It fills as one looks further to the right.
type lineMap struct{ marks map[int][]lineMark }

// maxMaps bounds how many long lines are known at the same time.
const maxMaps = 512

func (m *lineMap) of(t *CodeText, line int) []lineMark {
	if m.marks == nil || len(m.marks) > maxMaps {
		m.marks = map[int][]lineMark{}
	}
	marks := m.marks[line]
	if marks == nil {
		start, _ := t.line(line)
		marks = []lineMark{{offset: int32(start)}}
	}
	return marks
}

// walk goes through the cells of a line from the last known place on, until
// stop says so, and returns where that was.
func (m *lineMap) walk(t *CodeText, line int, known func(lineMark) bool, stop func(offset, column int, c cell) bool) (offset, column int) {
	start, end := t.line(line)
	src := t.Bytes[start:end]
	if len(src) <= markEvery {
		return walkCells(src, start, 0, 0, stop, nil)
	}
	marks := m.of(t, line)
	i := sort.Search(len(marks), func(i int) bool { return !known(marks[i]) })
	from := marks[max(i-1, 0)]
	offset, column = walkCells(src, start, int(from.offset)-start, int(from.column), stop, func(offset, column int) {
		if last := marks[len(marks)-1]; offset-int(last.offset) >= markEvery {
			marks = append(marks, lineMark{int32(offset), int32(column)})
		}
	})
	m.marks[line] = marks
	return offset, column
}

func walkCells(src []byte, start, pos, column int, stop func(int, int, cell) bool, passed func(offset, column int)) (offset, at int) {
	for pos < len(src) {
		c := cellOf(src, pos, column)
		if stop(start+pos, column, c) {
			break
		}
		pos += c.size
		column += c.width
		if passed != nil {
			passed(start+pos, column)
		}
	}
	return start + pos, column
}

// cellOf is cellAt, but takes the carriage return at the end of a line as such.
func cellOf(line []byte, pos, column int) cell {
	if line[pos] == '\r' && pos == len(line)-1 {
		return cell{1, 0, cellEnd}
	}
	return cellAt(line, pos, column)
}

// columnOf is the column of a place in its line.
func (m *lineMap) columnOf(t *CodeText, offset int) int {
	line := t.lineOf(offset)
	_, column := m.walk(t, line, func(k lineMark) bool { return int(k.offset) <= offset },
		func(at, _ int, c cell) bool { return at+c.size > offset })
	return column
}

// offsetAt is the place of the rune at a column of a line, or the line's end.
func (m *lineMap) offsetAt(t *CodeText, line, column int) int {
	offset, _ := m.walk(t, line, func(k lineMark) bool { return int(k.column) <= column },
		func(_, at int, c cell) bool { return at+c.width > column || c.kind == cellEnd })
	return offset
}

// countedLine is the longest line whose columns are counted; of a longer one
// the bytes are taken for columns, which they are about.
const countedLine = 2 << 20

// columns is how many columns a line has.
func (m *lineMap) columns(t *CodeText, line int) int {
	start, end := t.line(line)
	if end-start > countedLine {
		return end - start
	}
	_, column := m.walk(t, line, func(k lineMark) bool { return int(k.offset) <= end },
		func(int, int, cell) bool { return false })
	return column
}
