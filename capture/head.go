package capture

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
)

// head is a request head: the request line and the fields, in the order and
// case in which they stand on the wire.
type head struct {
	Method, Target, Proto string
	Header                Fields
}

// buggyPrefix is how many CR and LF bytes net/http forgives before a request
// line, after a POST on the same connection. Old clients send an empty line
// behind a body (RFC 9112, section 2.2).
const buggyPrefix = 4

// What can be wrong with a head. They name no bytes of it: a head may hold
// secrets, and errors end up in logs.
var (
	errRequestLine = errors.New("not a request line (method, target and version with one space between)")
	errNoColon     = errors.New("a header field has no colon")
	errNoName      = errors.New("a header field has no name")
	errFoldedFirst = errors.New("the first header field begins with white space")
)

// parseHead reads a request head up to its empty line, or up to the end of raw
// where there is none. Lines may end in CRLF or in LF alone; lines that are
// folded (RFC 9112, section 5.2) are joined with one space, as net/http does.
// Up to four CR and LF bytes before the request line are skipped. It does not
// judge names, values and version: what net/http refuses can still be shown.
// With an error it returns what it understood before it.
func parseHead(raw []byte) (head, error) {
	text := string(raw) // the one conversion; all strings of h are parts of it
	var h head
	at := leadingNewlines(raw, buggyPrefix)
	from, to, next := lineAt(raw, at)
	var ok bool
	if h.Method, h.Target, h.Proto, ok = cutRequestLine(text[from:to]); !ok {
		return h, atLine(raw, at, errRequestLine)
	}
	var err error
	h.Header, err = parseFields(raw, text, next)
	return h, err
}

// ReadFields reads header fields up to an empty line or the end, as ReadRequest does.
func ReadFields(raw []byte) (Fields, error) { return parseFields(raw, string(raw), 0) }

// parseFields reads the fields from raw[start:] up to an empty line or the end.
// text is raw as a string.
func parseFields(raw []byte, text string, start int) (Fields, error) {
	fields := make(Fields, 0, bytes.Count(raw[start:], newline))
	for at := start; ; {
		f, next, err := fieldAt(raw, at, at == start)
		if err != nil {
			return fields, atLine(raw, at, err)
		}
		if f.none {
			return fields, nil
		}
		value := text[f.value:f.valueEnd]
		if f.folded {
			value = unfold(value)
		}
		fields = append(fields, Field{Name: text[f.name:f.nameEnd], Value: value})
		at = next
	}
}

var newline = []byte{'\n'}

func atLine(raw []byte, at int, err error) error {
	return fmt.Errorf("line %d: %w", 1+bytes.Count(raw[:at], newline), err)
}

// cutRequestLine takes a request line apart as net/http does: at the first two
// spaces, and nowhere else.
func cutRequestLine(line string) (method, target, proto string, ok bool) {
	method, rest, ok1 := strings.Cut(line, " ")
	target, proto, ok2 := strings.Cut(rest, " ")
	if !ok1 || !ok2 {
		return "", "", "", false
	}
	return method, target, proto, true
}

// leadingNewlines counts the CR and LF bytes that raw begins with, at most most.
func leadingNewlines(raw []byte, most int) int {
	n := 0
	for n < len(raw) && n < most && (raw[n] == '\r' || raw[n] == '\n') {
		n++
	}
	return n
}

// lineAt finds the line that begins at raw[at]: its text raw[from:to] without
// the LF and one CR before it, and where the next one begins.
func lineAt(raw []byte, at int) (from, to, next int) {
	i := bytes.IndexByte(raw[at:], '\n')
	if i < 0 {
		return at, len(raw), len(raw)
	}
	to, next = at+i, at+i+1
	if to > at && raw[to-1] == '\r' {
		to--
	}
	return at, to, next
}

// fieldSpan says where a field stands. A folded value still has its line ends.
type fieldSpan struct {
	none            bool // the empty line, or the end of what there is
	name, nameEnd   int
	value, valueEnd int
	folded          bool
}

// fieldAt finds the field that begins at raw[at] with its continuation lines,
// and where the next one begins.
func fieldAt(raw []byte, at int, first bool) (f fieldSpan, next int, err error) {
	from, to, next := lineAt(raw, at)
	if from == to {
		return fieldSpan{none: true}, next, nil
	}
	if first && isBlank(raw[from]) {
		return f, next, errFoldedFirst
	}
	colon := bytes.IndexByte(raw[from:to], ':')
	switch {
	case colon < 0:
		return f, next, errNoColon
	case colon == 0:
		return f, next, errNoName
	}
	f.name, f.nameEnd = from, from+colon
	f.value, f.valueEnd = from+colon+1, to
	for next < len(raw) && isBlank(raw[next]) {
		f.folded = true
		_, f.valueEnd, next = lineAt(raw, next)
	}
	if f.folded {
		return f, next, nil
	}
	for f.value < f.valueEnd && isBlank(raw[f.value]) {
		f.value++
	}
	for f.valueEnd > f.value && isBlank(raw[f.valueEnd-1]) {
		f.valueEnd--
	}
	return f, next, nil
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

const blanks = " \t"

// unfold joins the lines of a folded value as net/textproto does: each trimmed,
// one space between. So a last line of nothing but white space leaves a space
// at the end.
func unfold(value string) string {
	var b strings.Builder
	b.Grow(len(value))
	for line := range strings.SplitSeq(value, "\n") {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.Trim(strings.TrimSuffix(line, "\r"), blanks))
	}
	return strings.TrimLeft(b.String(), blanks)
}

// framing says how a request's body is delimited.
type framing struct {
	chunked bool
	length  int64 // bytes announced; -1 where there is no Content-Length
}

var (
	errTransferEncoding = errors.New("a transfer encoding other than one chunked")
	errContentLength    = errors.New("the Content-Length is not one number")
)

// framingOf reads from a head how its body is delimited, by net/http's rules:
// HTTP/1.0 knows no Transfer-Encoding, and chunked beats Content-Length. It
// allocates nothing where no field is folded.
func framingOf(raw []byte) (f framing, err error) {
	f.length = -1
	at := leadingNewlines(raw, buggyPrefix)
	from, to, next := lineAt(raw, at)
	old := bytes.HasSuffix(raw[from:to], []byte(" HTTP/1.0")) || bytes.Contains(raw[from:to], []byte(" HTTP/0."))
	codings := 0
	for at = next; ; {
		span, end, err := fieldAt(raw, at, at == next)
		if err != nil {
			return f, atLine(raw, at, err)
		}
		if span.none {
			break
		}
		switch name := raw[span.name:span.nameEnd]; {
		case !old && isNamed(name, "Transfer-Encoding"):
			if codings++; codings > 1 || !isNamed(span.of(raw), "chunked") {
				return f, atLine(raw, at, errTransferEncoding)
			}
		case isNamed(name, "Content-Length"):
			n, ok := parseLength(bytes.TrimSpace(span.of(raw)))
			if !ok || f.length >= 0 && f.length != n {
				return f, atLine(raw, at, errContentLength)
			}
			f.length = n
		}
		at = end
	}
	if codings > 0 {
		return framing{chunked: true, length: -1}, nil
	}
	return f, nil
}

// of returns the value of a field as net/http has it.
func (f *fieldSpan) of(raw []byte) []byte {
	value := raw[f.value:f.valueEnd]
	if f.folded {
		value = []byte(unfold(string(value)))
	}
	return value
}

// isNamed compares a field's name without case, the cheap way first. want is
// not empty.
func isNamed(name []byte, want string) bool {
	return len(name) == len(want) && name[0]|0x20 == want[0]|0x20 && strings.EqualFold(string(name), want)
}

// parseLength reads a Content-Length: digits and nothing else, up to 63 bits.
func parseLength(text []byte) (n int64, ok bool) {
	for i := range len(text) {
		digit := int64(text[i]) - '0'
		if digit < 0 || digit > 9 || n > (1<<63-1-digit)/10 {
			return 0, false
		}
		n = n*10 + digit
	}
	return n, len(text) > 0
}

// headOf rebuilds a head and its fields from net/http's view, for where the raw
// one is not known: Host first, what net/http takes out of the map (Host,
// Transfer-Encoding, Trailer) put back, the rest sorted by name, as the order
// on the wire is lost.
func headOf(r *http.Request) ([]byte, Fields) {
	var fields Fields
	if r.Host != "" {
		fields = append(fields, Field{"Host", r.Host})
	}
	if len(r.TransferEncoding) > 0 {
		fields = append(fields, Field{"Transfer-Encoding", strings.Join(r.TransferEncoding, ", ")})
	}
	if len(r.Trailer) > 0 {
		fields = append(fields, Field{"Trailer", strings.Join(sortedNames(r.Trailer), ", ")})
	}
	for _, name := range sortedNames(r.Header) {
		for _, value := range r.Header[name] {
			fields = append(fields, Field{name, value})
		}
	}
	target := r.RequestURI
	if target == "" && r.URL != nil { // not from a server
		target = r.URL.RequestURI()
	}
	return appendHead(nil, r.Method, target, r.Proto, fields), fields
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func appendHead(b []byte, method, target, proto string, fields Fields) []byte {
	b = append(append(append(append(append(b, method...), ' '), target...), ' '), proto...)
	b = appendFields(append(b, "\r\n"...), fields)
	return append(b, "\r\n"...)
}

func appendFields(b []byte, fields Fields) []byte {
	for _, f := range fields {
		b = append(append(append(append(b, f.Name...), ": "...), f.Value...), "\r\n"...)
	}
	return b
}
