package viewmodel

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"
)

// Bounds of what is indented: a few bytes that open many brackets must not
// become gigabytes of white space.
const (
	maxJSONDepth  = 10_000
	maxIndent     = 100 // levels that are indented further
	maxPrettySize = 256 << 20
	prettyFactor  = 24
	prettySpare   = 1 << 20
)

// errStopped says that nobody waits for the result any more.
var errStopped = errors.New("stopped")

// textError is a mistake at a place of a text.
type textError struct {
	Offset int
	Reason string // "a comma or } is missing"
}

func (e *textError) Error() string { return e.Reason }

// jsonSpan is what is known of a large array or object, so that parts of it are
// found without reading all of it again.
type jsonSpan struct {
	end, count int32
	pages      []int32 // where every thousandth child starts, but the first
}

// Containers are kept in the index when they are this long or have more than a
// page of children.
const (
	spanBytes = 1 << 10
	pageSize  = 1000
)

// jsonReader reads JSON once: it checks it, indents it on the way and keeps
// where large things end. It keeps the text of numbers and strings, the order
// of keys and keys that come twice.
type jsonReader struct {
	src   []byte
	pos   int
	stack []jsonFrame
	out   []byte // indented
	spans map[int32]jsonSpan
	stop  func() bool
	limit int
}

type jsonFrame struct {
	start  int32
	count  int32
	object bool
	pages  []int32
}

// readJSON returns the text indented by two spaces, and the index. The error is
// a *textError, or errStopped.
func readJSON(src []byte, stop func() bool) (pretty []byte, spans map[int32]jsonSpan, err error) {
	r := &jsonReader{
		src: src, spans: map[int32]jsonSpan{}, stop: stop,
		out:   make([]byte, 0, len(src)+len(src)/2+64),
		limit: min(prettyFactor*len(src)+prettySpare, maxPrettySize),
	}
	if err := r.read(); err != nil {
		return nil, nil, err
	}
	return r.out, r.spans, nil
}

func (r *jsonReader) fail(reason string) error { return &textError{Offset: r.pos, Reason: reason} }

// found names what stands at the place, for an error.
func (r *jsonReader) found() string {
	if r.pos >= len(r.src) {
		return "the text ends"
	}
	c, _ := utf8.DecodeRune(r.src[r.pos:])
	return "here stands " + strconv.QuoteRune(c)
}

func (r *jsonReader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}

// read reads one value and what may stand around it. It goes through the text
// without calling itself, however deep it is.
func (r *jsonReader) read() error {
	if r.space(); r.pos >= len(r.src) {
		return r.fail("there is nothing in it")
	}
	for steps := 0; ; steps++ {
		if steps&0xffff == 0xffff && (r.stop() || len(r.out) > r.limit) {
			if r.stop() {
				return errStopped
			}
			return r.fail("indented it would be too large")
		}
		opened, err := r.value()
		if err != nil {
			return err
		}
		if opened {
			continue
		}
		if more, err := r.behind(); err != nil || !more {
			return err
		}
	}
}

// value reads a value, or the beginning of an array or object that is not empty
// up to the place of its first value.
func (r *jsonReader) value() (opened bool, err error) {
	r.space()
	if r.pos >= len(r.src) {
		return false, r.fail("a value is missing: the text ends")
	}
	start := r.pos
	switch c := r.src[r.pos]; {
	case c == '{' || c == '[':
		return r.open(c == '{')
	case c == '"':
		err = r.text()
	case c == '-' || c >= '0' && c <= '9':
		err = r.number()
	default:
		err = r.literal()
	}
	r.out = append(r.out, r.src[start:r.pos]...)
	return false, err
}

func (r *jsonReader) open(object bool) (opened bool, err error) {
	if len(r.stack) >= maxJSONDepth {
		return false, r.fail("nested deeper than " + groupDigits(maxJSONDepth) + " levels")
	}
	start := int32(r.pos)
	r.out = append(r.out, r.src[r.pos])
	r.pos++
	r.space()
	if closing := closer(object); r.pos < len(r.src) && r.src[r.pos] == closing {
		r.out = append(r.out, closing)
		r.pos++
		return false, nil
	}
	r.stack = append(r.stack, jsonFrame{start: start, object: object})
	return true, r.child()
}

func closer(object bool) byte {
	if object {
		return '}'
	}
	return ']'
}

// child starts a new line for a member of what is open, with its key.
func (r *jsonReader) child() error {
	frame := &r.stack[len(r.stack)-1]
	r.space()
	if frame.count > 0 && frame.count%pageSize == 0 {
		frame.pages = append(frame.pages, int32(r.pos))
	}
	frame.count++
	r.line()
	if !frame.object {
		return nil
	}
	if r.pos >= len(r.src) || r.src[r.pos] != '"' {
		return r.fail("a name in quotes is missing: " + r.found())
	}
	start := r.pos
	if err := r.text(); err != nil {
		return err
	}
	r.out = append(r.out, r.src[start:r.pos]...)
	if r.space(); r.pos >= len(r.src) || r.src[r.pos] != ':' {
		return r.fail("a colon is missing behind a name: " + r.found())
	}
	r.pos++
	r.out = append(r.out, ':', ' ')
	return nil
}

// indentation is white space for a new line.
var indentation = append([]byte{'\n'}, bytes.Repeat([]byte("  "), maxIndent)...)

func (r *jsonReader) line() {
	r.out = append(r.out, indentation[:1+2*min(len(r.stack), maxIndent)]...)
}

// behind reads what stands behind a value: commas and closing brackets. more
// says that another value follows.
func (r *jsonReader) behind() (more bool, err error) {
	for {
		r.space()
		if len(r.stack) == 0 {
			if r.pos < len(r.src) {
				return false, r.fail("the text goes on behind its value: " + r.found())
			}
			return false, nil
		}
		frame := &r.stack[len(r.stack)-1]
		closing := closer(frame.object)
		switch {
		case r.pos < len(r.src) && r.src[r.pos] == ',':
			r.pos++
			r.out = append(r.out, ',')
			if r.space(); r.pos < len(r.src) && r.src[r.pos] == closing {
				return false, r.fail("a comma stands behind the last value")
			}
			return true, r.child()
		case r.pos < len(r.src) && r.src[r.pos] == closing:
			r.pos++
			if int32(r.pos)-frame.start >= spanBytes || frame.count > pageSize {
				r.spans[frame.start] = jsonSpan{int32(r.pos), frame.count, frame.pages}
			}
			r.stack = r.stack[:len(r.stack)-1]
			r.line()
			r.out = append(r.out, closing)
		default:
			return false, r.fail("a comma or " + string(closing) + " is missing: " + r.found())
		}
	}
}

// text reads a string.
func (r *jsonReader) text() error {
	start := r.pos
	r.pos++
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case c == '"':
			r.pos++
			return nil
		case c == '\\':
			if r.pos+1 >= len(r.src) {
				r.pos++
				continue
			}
			switch r.src[r.pos+1] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
				r.pos += 2
			case 'u':
				if r.pos+6 > len(r.src) || !isHex(r.src[r.pos+2:r.pos+6]) {
					return r.fail(`\u takes four hexadecimal digits`)
				}
				r.pos += 6
			default:
				return r.fail("a backslash escapes what it must not")
			}
		case c < 0x20:
			return r.fail("a control character stands in a string; it would have to be escaped")
		default:
			r.pos++
		}
	}
	r.pos = start
	return r.fail("a string does not end")
}

func isHex(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

func (r *jsonReader) digits() bool {
	start := r.pos
	for r.pos < len(r.src) && r.src[r.pos] >= '0' && r.src[r.pos] <= '9' {
		r.pos++
	}
	return r.pos > start
}

// is goes over one byte of those wanted.
func (r *jsonReader) is(wanted string) bool {
	if r.pos < len(r.src) && bytes.IndexByte([]byte(wanted), r.src[r.pos]) >= 0 {
		r.pos++
		return true
	}
	return false
}

func (r *jsonReader) number() error {
	r.is("-")
	if first := r.pos; !r.digits() {
		return r.fail("a number has no digits: " + r.found())
	} else if r.src[first] == '0' && r.pos > first+1 {
		r.pos = first
		return r.fail("a number starts with 0")
	}
	if r.is(".") && !r.digits() {
		return r.fail("a number has no digits behind its point: " + r.found())
	}
	if r.is("eE") {
		r.is("+-")
		if !r.digits() {
			return r.fail("a number has no digits in its exponent: " + r.found())
		}
	}
	return nil
}

func (r *jsonReader) literal() error {
	for _, word := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(r.src[r.pos:], []byte(word)) {
			r.pos += len(word)
			return nil
		}
	}
	return r.fail("a value is missing: " + r.found())
}
