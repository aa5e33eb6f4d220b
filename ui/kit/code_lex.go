package kit

import (
	"bytes"
	"sort"
)

// lexEvery is how many bytes lie between two places whose state is known.
const lexEvery = 32 << 10

// guessAfter is how far one looks ahead of what is known. A place further away
// is taken for the beginning of something new: in a text that is far longer than
// a screen, a wrong colour is better than to wait.
const guessAfter = 16 << 20

// lexMark is the end of a token, with the state behind it.
type lexMark struct {
	offset int32
	state  lexState
}

// lexMap knows the lexer's state at places of a text. It fills as one looks
// further down.
type lexMap struct{ marks []lexMark }

// byLine reports whether every line starts anew.
func byLine(s Syntax) bool {
	switch s {
	case SyntaxXML, SyntaxHTTP, SyntaxForm:
		return false
	default:
		return true
	}
}

// start is the last place before from where lexing can begin.
func (m *lexMap) start(t *CodeText, from int) lexMark {
	section, _ := t.section(from)
	best := lexMark{offset: int32(section.Start)}
	i := sort.Search(len(m.marks), func(i int) bool { return int(m.marks[i].offset) > from })
	if i > 0 && m.marks[i-1].offset > best.offset {
		best = m.marks[i-1]
	}
	if line, _ := t.line(t.lineOf(from)); byLine(section.Syntax) && line > int(best.offset) {
		best = lexMark{offset: int32(line)}
	}
	if from-int(best.offset) > guessAfter {
		guess := from - maxToken
		if i := bytes.LastIndexByte(t.Bytes[guess:from], '<'); i >= 0 && section.Syntax == SyntaxXML {
			guess += i
		}
		best = lexMark{offset: int32(guess)}
	}
	return best
}

// tokens calls emit for each token that reaches into a part of the text, until
// it returns false. The first and the last may reach out of it.
func (m *lexMap) tokens(t *CodeText, from, to int, emit func(start, end int, kind tokenKind) bool) {
	mark := m.start(t, from)
	pos, state := int(mark.offset), mark.state
	last := mark
	section, end := t.section(pos)
	lex := lexerOf(section.Syntax)
	for pos < to {
		if pos >= end {
			section, end = t.section(pos)
			lex, state = lexerOf(section.Syntax), 0
			last = lexMark{offset: int32(pos)}
		}
		next, kind, after := lex(t.Bytes[:end], pos, state)
		if next > from && !emit(pos, next, kind) {
			return
		}
		pos, state = next, after
		if pos-int(last.offset) >= lexEvery {
			last = lexMark{int32(pos), state}
			m.learn(last)
		}
	}
}

// learn keeps a state, in order.
func (m *lexMap) learn(k lexMark) {
	i := sort.Search(len(m.marks), func(i int) bool { return m.marks[i].offset >= k.offset })
	if i < len(m.marks) && m.marks[i].offset-k.offset < lexEvery/2 || i > 0 && k.offset-m.marks[i-1].offset < lexEvery/2 {
		return
	}
	m.marks = append(m.marks, lexMark{})
	copy(m.marks[i+1:], m.marks[i:])
	m.marks[i] = k
}
