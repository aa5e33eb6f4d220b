package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// answerHead bounds the head of an answer, and interimAnswers how many 1xx may
// come before it.
const (
	answerHead     = 64 << 10
	interimAnswers = 8
)

var (
	errLongAnswer = errors.New("the answer is larger than what is kept of it")
	errNotHTTP    = errors.New("what came is not an HTTP answer")
	errNoAnswer   = errors.New("the connection was closed without an answer")
	errCutAnswer  = errors.New("the answer broke off")
)

// readAnswer reads the first answer that is not an interim one, with its fields
// as they stand on the wire: net/http knows neither their order nor their case.
// open says that another answer can come on the same connection. Of a body larger
// than limit it returns the first bytes, with errLongAnswer; of one that breaks
// off what came, with errCutAnswer.
func readAnswer(in *bufio.Reader, method string, limit int64) (response *Response, open bool, err error) {
	for range interimAnswers {
		raw, err := readAnswerHead(in)
		if err != nil {
			return nil, false, err
		}
		a, err := parseAnswerHead(raw)
		if err != nil {
			return nil, false, fmt.Errorf("%w: %w", errNotHTTP, err)
		}
		if a.status/100 == 1 && a.status != http.StatusSwitchingProtocols {
			continue
		}
		f, err := a.framing(method)
		if err != nil {
			return nil, false, fmt.Errorf("%w: %w", errNotHTTP, err)
		}
		response := &Response{Status: a.status, Header: a.header}
		err = readAnswerBody(in, response, f, limit)
		return response, err == nil && a.open(f), err
	}
	return nil, false, fmt.Errorf("%w: only interim ones came", errNotHTTP)
}

// readAnswerHead reads up to the empty line.
func readAnswerHead(in *bufio.Reader) ([]byte, error) {
	var head []byte
	for {
		line, err := in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			switch {
			case len(head)+len(line) == 0 && errors.Is(err, io.EOF):
				err = errNoAnswer
			case errors.Is(err, io.EOF):
				err = errCutAnswer
			}
			return nil, err
		}
		begins := len(head) == 0 || head[len(head)-1] == '\n'
		head = append(head, line...)
		if len(head) > answerHead {
			return nil, fmt.Errorf("%w: its head is larger than %d bytes", errNotHTTP, answerHead)
		}
		if empty := len(bytes.TrimRight(line, "\r\n")) == 0; begins && empty && len(head) > len(line) {
			return head, nil
		}
		if len(head) > len("HTTP/") && !bytes.HasPrefix(head, []byte("HTTP/")) {
			return nil, fmt.Errorf("%w: it begins with %s", errNotHTTP, strconv.QuoteToASCII(string(head[:min(len(head), 16)])))
		}
	}
}

// answerHeading is the head of an answer.
type answerHeading struct {
	old    bool // HTTP/1.0
	status int
	header Fields
}

var (
	errStatusLine   = errors.New("its first line has no version and status of three digits")
	errAnswerField  = errors.New("the name of a header field is none, or its value holds a control character")
	errChunk        = errors.New("its body is not chunked as its head says")
	errAnswerLength = errors.New("its Content-Length is not one number")
	errAnswerCoding = errors.New("its transfer encoding is another than chunked")
)

func parseAnswerHead(raw []byte) (a answerHeading, err error) {
	from, to, next := lineAt(raw, 0)
	line := raw[from:to]
	const version = "HTTP/1."
	if len(line) < len("HTTP/1.1 200") || string(line[:len(version)]) != version || line[len(version)+1] != ' ' {
		return a, errStatusLine
	}
	a.old = line[len(version)] == '0'
	rest := line[len("HTTP/1.1 "):]
	if len(rest) > 3 && rest[3] != ' ' || rest[0] < '1' || rest[0] > '9' {
		return a, errStatusLine
	}
	if a.status, err = strconv.Atoi(string(rest[:3])); err != nil {
		return a, errStatusLine
	}
	a.header, err = parseFields(raw, string(raw), next)
	if err == nil && !slices.ContainsFunc(a.header, badField) {
		return a, nil
	}
	return a, errors.Join(err, errAnswerField)
}

// badField reports whether a field cannot be passed on.
func badField(f Field) bool {
	return !headerName(f.Name) || strings.ContainsFunc(f.Value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// framing says how the body is delimited, as RFC 9112, section 6.3 has it: by its
// length, in chunks, or, where it is neither, by the end of the connection.
func (a *answerHeading) framing(method string) (f framing, err error) {
	switch {
	case method == http.MethodHead, a.status/100 == 1, a.status == http.StatusNoContent, a.status == http.StatusNotModified:
		return framing{}, nil
	}
	f.length = -1
	codings := 0
	for i := range a.header {
		switch h := &a.header[i]; {
		case strings.EqualFold(h.Name, "Transfer-Encoding") && !a.old:
			if codings++; codings > 1 || !strings.EqualFold(h.Value, "chunked") {
				return f, errAnswerCoding
			}
		case strings.EqualFold(h.Name, "Content-Length"):
			n, ok := parseLength([]byte(h.Value))
			if !ok || f.length >= 0 && f.length != n {
				return f, errAnswerLength
			}
			f.length = n
		}
	}
	if codings > 0 {
		return framing{chunked: true, length: -1}, nil
	}
	return f, nil
}

// open reports whether the connection outlives the answer.
func (a *answerHeading) open(f framing) bool {
	return !a.old && a.status != http.StatusSwitchingProtocols && (f.chunked || f.length >= 0) &&
		!slices.ContainsFunc(connectionOptions(a.header), func(option string) bool { return option == "close" })
}

func readAnswerBody(in *bufio.Reader, response *Response, f framing, limit int64) (err error) {
	switch {
	case f.chunked:
		response.Body, response.Trailers, err = readAnswerChunks(in, limit)
	case f.length >= 0:
		if response.Body, err = appendRead(nil, in, min(f.length, limit)); err == nil && f.length > limit {
			err = errLongAnswer
		}
	default:
		response.Body, err = io.ReadAll(io.LimitReader(in, limit+1))
		if int64(len(response.Body)) > limit {
			response.Body, err = response.Body[:limit:limit], errLongAnswer
		}
		if len(response.Body) == 0 {
			response.Body = nil
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errLongAnswer):
		return fmt.Errorf("%w: its first %d bytes", err, limit)
	case errors.Is(err, errChunk):
		return fmt.Errorf("%w: %w", errNotHTTP, err)
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w after %d bytes of its body: %w", errCutAnswer, len(response.Body), err)
}

// bodyStep bounds how much room is made for a body on an announcement alone.
const bodyStep = 1 << 20

// appendRead reads n bytes behind those of body.
func appendRead(body []byte, in io.Reader, n int64) ([]byte, error) {
	for n > 0 {
		step := int(min(n, bodyStep))
		body = slices.Grow(body, step)
		got, err := io.ReadFull(in, body[len(body):len(body)+step])
		body = body[:len(body)+got]
		if err != nil {
			return body, err
		}
		n -= int64(step)
	}
	return body, nil
}

// readAnswerChunks reads a body in chunks, and the trailers behind it.
func readAnswerChunks(in *bufio.Reader, limit int64) (body []byte, trailers Fields, err error) {
	for {
		line, err := readChunkLine(in)
		if err != nil {
			return body, nil, err
		}
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.Trim(size, blanks), 16, 63)
		if err != nil {
			return body, nil, fmt.Errorf("%w: there is no size of a chunk", errChunk)
		}
		if n == 0 {
			trailers, err = readTrailers(in)
			return body, trailers, err
		}
		room := limit - int64(len(body))
		if body, err = appendRead(body, in, min(int64(n), room)); err != nil {
			return body, nil, err
		}
		if int64(n) > room {
			return body, nil, errLongAnswer
		}
		if line, err = readChunkLine(in); err != nil {
			return body, nil, err
		}
		if line != "" {
			return body, nil, fmt.Errorf("%w: there is no line end behind a chunk", errChunk)
		}
	}
}

// readChunkLine reads a line of a chunk's framing, without its end.
func readChunkLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", fmt.Errorf("%w: a line of it is longer than %d bytes", errChunk, len(line))
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), err
}

// readTrailers reads the fields behind the last chunk, up to the empty line.
func readTrailers(in *bufio.Reader) (Fields, error) {
	var raw []byte
	for begins := true; ; {
		line, err := in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if begins && len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		if raw = append(raw, line...); len(raw) > answerHead {
			return nil, fmt.Errorf("%w: its trailers are larger than %d bytes", errChunk, answerHead)
		}
		begins = err == nil
	}
	if len(raw) == 0 {
		return nil, nil
	}
	trailers, err := parseFields(raw, string(raw), 0)
	if err != nil || slices.ContainsFunc(trailers, badField) {
		return nil, fmt.Errorf("%w: its trailers cannot be read", errChunk)
	}
	return trailers, nil
}
