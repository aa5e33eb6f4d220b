package viewmodel

import (
	"bytes"
	"strconv"
	"strings"
)

// pathStep is a member by its key, or an element of an array by its index.
type pathStep struct {
	key   string
	index int // -1 for a member
}

// pathText writes a path as the providers do: new_shipments[0].tracking. A key
// that is no plain word stands in brackets and quotes.
func pathText(steps []pathStep) string {
	var b strings.Builder
	for _, s := range steps {
		switch {
		case s.index >= 0:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case plainKey(s.key):
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.key)
		default:
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		}
	}
	return b.String()
}

func plainKey(key string) bool {
	for i, c := range key {
		letter := c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return key != ""
}

// jsonPlace is what stands at a place of a JSON text.
type jsonPlace struct {
	path       string
	start, end int // of the value
}

// jsonToken is the next token from a place on; start is the length of the text
// where there is none.
func jsonToken(src []byte, pos int) (start, end int) {
	start = skipSpace(src, pos)
	if start >= len(src) {
		return start, start
	}
	switch src[start] {
	case '"':
		return start, stringEnd(src, start)
	case '{', '}', '[', ']', ',', ':':
		return start, start + 1
	}
	end = start + 1
	for end < len(src) && bytes.IndexByte([]byte(" \t\r\n{}[],:\""), src[end]) < 0 {
		end++
	}
	return start, end
}

// jsonTarget is the start of the token that a caret belongs to: the one that it
// is in, else the one before it on its line, else the next one.
func jsonTarget(src []byte, caret int) int {
	before, beforeEnd := -1, 0
	for pos := 0; ; {
		start, end := jsonToken(src, pos)
		if start >= len(src) || end > caret {
			inside := start < len(src) && start <= caret
			if !inside && before >= 0 && bytes.IndexByte(src[beforeEnd:min(caret, len(src))], '\n') < 0 || start >= len(src) {
				return before
			}
			return start
		}
		before, beforeEnd, pos = start, end, end
	}
}

// jsonAt finds the value that a caret belongs to, in a text that is known to be
// JSON. It reads the text from its beginning: of a large one not on the
// screen's goroutine.
func jsonAt(src []byte, caret int) (place jsonPlace, ok bool) {
	target := jsonTarget(src, caret)
	if target < 0 {
		return jsonPlace{}, false
	}
	type level struct {
		start  int // of the array or object
		step   pathStep
		object bool
	}
	var levels []level
	path := func(depth int) string {
		steps := make([]pathStep, depth)
		for i := range steps {
			steps[i] = levels[i].step
		}
		return pathText(steps)
	}
	t := BodyTree{src: src}
	value, key := -1, false // where the last value starts; whether a key comes next
	for pos := 0; ; {
		start, end := jsonToken(src, pos)
		if start >= len(src) {
			return jsonPlace{}, false
		}
		top := len(levels) - 1
		c := src[start]
		switch {
		case c == '"' && key:
			levels[top].step, key = pathStep{unquote(src[start:end]), -1}, false
			value = skipSpace(src, skipSpace(src, end)+1)
		case c == ',':
		case c == ':':
		case c == '}' || c == ']':
			value = levels[top].start
		default:
			value = start
		}
		if start == target {
			depth := len(levels)
			if c == '}' || c == ']' {
				depth--
			}
			return jsonPlace{path(depth), value, t.valueEnd(value)}, true
		}
		switch c {
		case '{', '[':
			levels = append(levels, level{start: start, step: pathStep{index: 0}, object: c == '{'})
			key = c == '{'
		case '}', ']':
			levels = levels[:top]
			key = false
		case ',':
			if key = levels[top].object; !key {
				levels[top].step.index++
			}
		}
		pos = end
	}
}
