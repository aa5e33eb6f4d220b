package capture

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// ReadRequest reads a raw HTTP/1 request: a saved file, a part of a bug report.
//
// The body is what the head announces. Of a chunked one the framing is removed
// and the trailers are kept. With a Content-Length it is that many bytes; where
// there are fewer, it is those and Truncated is set; what stands behind it, such
// as an editor's last newline, is left out. With neither, as in HTTP/1.0 or in a
// head that was cut down, it is all that is left. A request that ends in its
// head, without the empty line, has no body.
//
// Head, and Body where it was not chunked, are parts of raw. Errors name the
// line. Received, Remote and Source stay zero.
func ReadRequest(raw []byte) (Request, error) {
	end := headEnd(raw)
	h, err := parseHead(raw[:end])
	if err != nil {
		return Request{}, fmt.Errorf("not an HTTP request: %w", err)
	}
	if major, _, ok := http.ParseHTTPVersion(h.Proto); !ok || major != 1 {
		at := leadingNewlines(raw, buggyPrefix)
		return Request{}, fmt.Errorf("not an HTTP request: %w", atLine(raw, at, errors.New("the version is not HTTP/1.0 or HTTP/1.1")))
	}
	if whole, _ := emptyLine(raw, 0); whole == 0 {
		for _, field := range h.Header {
			// A body that follows its head at once reads like one more field.
			if strings.ContainsAny(field.Name, "\"{}[]<>() \t") {
				return Request{}, errors.New("not an HTTP request: there is no empty line between head and body")
			}
		}
	}
	f, err := framingOf(raw[:end])
	if err != nil {
		return Request{}, fmt.Errorf("the body cannot be told: %w", err)
	}
	r := Request{
		Method: h.Method, Target: h.Target, Proto: h.Proto, Host: hostOfHead(&h),
		Head: raw[:end:end], Exact: true, Header: h.Header,
		Body: raw[end:len(raw):len(raw)],
	}
	switch {
	case f.chunked:
		if err := r.readChunks(raw, end); err != nil {
			return Request{}, err
		}
	case f.length > int64(len(r.Body)):
		r.Truncated = true
	case f.length >= 0:
		r.Body = r.Body[:f.length:f.length]
	}
	r.Size = int64(len(r.Body))
	return r, nil
}

// headEnd says where the body of a raw request begins.
func headEnd(raw []byte) int {
	start := leadingNewlines(raw, buggyPrefix)
	if end, _ := emptyLine(raw[start:], 0); end > 0 {
		return start + end
	}
	return len(raw)
}

// hostOfHead returns the host that a request is for: the one in its target, or
// else the Host field.
func hostOfHead(h *head) string {
	if h.Method == http.MethodConnect && !strings.HasPrefix(h.Target, "/") {
		return h.Target
	}
	if start := pathStart(h.Target); start > 0 {
		_, authority, _ := strings.Cut(h.Target[:start], "://")
		return authority[strings.LastIndexByte(authority, '@')+1:]
	}
	return h.Header.Value("Host")
}

// readChunks reads the chunked body that begins at raw[at]. Lines may end in LF
// alone, as in a file that an editor has saved. Where the data ends before the
// last chunk, the body is truncated.
func (r *Request) readChunks(raw []byte, at int) error {
	r.Body = []byte{}
	for {
		from, to, next := lineAt(raw, at)
		if from == len(raw) {
			r.Truncated = true
			return nil
		}
		size, _, _ := strings.Cut(string(raw[from:to]), ";")
		n, err := strconv.ParseUint(strings.Trim(size, blanks), 16, 63)
		if err != nil {
			return fmt.Errorf("the body is not chunked as its head says: %w", atLine(raw, at, errors.New("not the size of a chunk")))
		}
		if n == 0 {
			tail := raw[next:]
			if r.Trailers, err = parseFields(tail, string(tail), 0); err != nil {
				return fmt.Errorf("the trailers behind line %d cannot be read: %w", bytes.Count(raw[:next], newline), err)
			}
			for i := range r.Trailers { // a fold of nothing at the end is no part of a value
				r.Trailers[i].Value = strings.TrimRight(r.Trailers[i].Value, blanks)
			}
			return nil
		}
		if n > uint64(len(raw)-next) {
			r.Body = append(r.Body, raw[next:]...)
			r.Truncated = true
			return nil
		}
		at = next + int(n)
		r.Body = append(r.Body, raw[next:at]...)
		switch rest := raw[at:]; {
		case bytes.HasPrefix(rest, []byte("\r\n")):
			at += 2
		case bytes.HasPrefix(rest, newline):
			at++
		case len(rest) == 0 || len(rest) == 1 && rest[0] == '\r':
			at = len(raw)
		default:
			return fmt.Errorf("the body is not chunked as its head says: %w", atLine(raw, at, errors.New("no line end behind a chunk")))
		}
	}
}

// Raw returns the request as ReadRequest reads it: the head as it came, and the
// body in the framing that the head announces. So a chunked body is one chunk
// whatever it was sent in, with the trailers behind it, and one that was
// truncated has no last chunk.
func (r *Request) Raw() []byte {
	head := r.Head
	if len(head) == 0 {
		head = appendHead(nil, r.Method, r.Target, r.Proto, r.Header)
	}
	f, err := framingOf(head)
	raw := bytes.Clone(head)
	if err != nil || !f.chunked {
		return append(raw, r.Body...)
	}
	if len(r.Body) > 0 {
		raw = append(strconv.AppendInt(raw, int64(len(r.Body)), 16), "\r\n"...)
		raw = append(append(raw, r.Body...), "\r\n"...)
	}
	if r.Truncated {
		return raw
	}
	raw = append(raw, "0\r\n"...)
	return append(appendFields(raw, r.Trailers), "\r\n"...)
}
