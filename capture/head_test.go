package capture

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// readByHTTP reads a head as net/http's server does.
func readByHTTP(tb testing.TB, raw string) *http.Request {
	tb.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Del("Host")
	return r
}

func TestParseHead(t *testing.T) {
	tests := []struct {
		name, raw string
		want      head
	}{
		{"CRLF", "GET /x?y HTTP/1.1\r\nHost: h\r\nx-A:  b \r\nx-a:\t\r\n\r\nbody: no", head{"GET", "/x?y", "HTTP/1.1", Fields{{"Host", "h"}, {"x-A", "b"}, {"x-a", ""}}}},
		{"LF", "GET / HTTP/1.1\nA: b:c\n\n", head{"GET", "/", "HTTP/1.1", Fields{{"A", "b:c"}}}},
		{"folded", "GET / HTTP/1.1\r\nA: one \r\n\t  two\r\nB:\r\n three\r\n\r\n", head{"GET", "/", "HTTP/1.1", Fields{{"A", "one two"}, {"B", "three"}}}},
		{"no fields", "GET / HTTP/1.0\r\n\r\n", head{"GET", "/", "HTTP/1.0", Fields{}}},
		{"no empty line", "GET / HTTP/1.0\r\nA: b", head{"GET", "/", "HTTP/1.0", Fields{{"A", "b"}}}},
		{"empty lines before", "\r\n\r\nGET / HTTP/1.0\r\n\r\n", head{"GET", "/", "HTTP/1.0", Fields{}}},
		{"what net/http refuses", "G@T / HTTP/9\r\nA b : c\r\n\r\n", head{"G@T", "/", "HTTP/9", Fields{{"A b ", "c"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseHead([]byte(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			if !equalHeads(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func equalHeads(a, b head) bool {
	return a.Method == b.Method && a.Target == b.Target && a.Proto == b.Proto && slices.Equal(a.Header, b.Header)
}

func TestParseHeadErrors(t *testing.T) {
	tests := []struct {
		name, raw string
		want      error
		line      string
		fields    int
	}{
		{"nothing", "", errRequestLine, "line 1:", 0},
		{"two words", "GET /\r\n\r\n", errRequestLine, "line 1:", 0},
		{"five empty lines", "\n\n\n\n\nGET / HTTP/1.1\n\n", errRequestLine, "line 5:", 0},
		{"no colon", "GET / HTTP/1.1\r\nA: b\r\n c\r\nsecret\r\n\r\n", errNoColon, "line 4:", 1},
		{"no name", "GET / HTTP/1.1\r\n: b\r\n\r\n", errNoName, "line 2:", 0},
		{"folded at once", "GET / HTTP/1.1\r\n A: b\r\n\r\n", errFoldedFirst, "line 2:", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, err := parseHead([]byte(tt.raw))
			if !errors.Is(err, tt.want) || !strings.HasPrefix(err.Error(), tt.line) {
				t.Fatalf("got %v, want %s %v", err, tt.line, tt.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows what the head holds: %v", err)
			}
			if len(h.Header) != tt.fields {
				t.Errorf("fields before it: got %q, want %d", h.Header, tt.fields)
			}
		})
	}
}

func TestFramingOf(t *testing.T) {
	tests := []struct {
		name, fields string
		want         framing
		err          error
	}{
		{"none", "", framing{length: -1}, nil},
		{"length", "content-LENGTH: 12\r\n", framing{length: 12}, nil},
		{"largest", "Content-Length: 9223372036854775807\r\n", framing{length: 1<<63 - 1}, nil},
		{"too large", "Content-Length: 9223372036854775808\r\n", framing{}, errContentLength},
		{"sign", "Content-Length: +1\r\n", framing{}, errContentLength},
		{"empty", "Content-Length:\r\n", framing{}, errContentLength},
		{"list", "Content-Length: 1, 1\r\n", framing{}, errContentLength},
		{"two that differ", "Content-Length: 1\r\nContent-Length: 2\r\n", framing{}, errContentLength},
		{"two that agree", "Content-Length: 1\r\nContent-Length: 1\r\n", framing{length: 1}, nil},
		{"folded", "Content-Length:\r\n 3\r\n", framing{length: 3}, nil},
		{"chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", framing{}, errTransferEncoding},
		{"list of codings", "Transfer-Encoding: gzip, chunked\r\n", framing{}, errTransferEncoding},
		{"similar name", "Content-Lengthy: 3\r\nTransfer_Encoding: x\r\n", framing{length: -1}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := framingOf([]byte("PUT / HTTP/1.1\r\n" + tt.fields + "\r\n"))
			if !errors.Is(err, tt.err) {
				t.Fatalf("got %v, want %v", err, tt.err)
			}
			if err == nil && got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestHeadOf(t *testing.T) {
	r := readByHTTP(t, "POST /x?y HTTP/1.1\r\nb: 1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: T2, T1\r\nA: 2\r\nb: 3\r\n\r\n0\r\n\r\n")
	raw, fields := headOf(r)
	want := "POST /x?y HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: T1, T2\r\nA: 2\r\nB: 1\r\nB: 3\r\n\r\n"
	if string(raw) != want {
		t.Errorf("got %q, want %q", raw, want)
	}
	if h, err := parseHead(raw); err != nil || !slices.Equal(h.Header, fields) {
		t.Errorf("fields: got %q, want %q (%v)", fields, h.Header, err)
	}
	raw, _ = headOf(httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	if want := "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"; string(raw) != want {
		t.Errorf("got %q, want %q", raw, want)
	}
}

// FuzzParseHead compares parseHead with net/http wherever net/http reads a head.
func FuzzParseHead(f *testing.F) {
	for _, tt := range followCases {
		f.Add([]byte(tt.send))
	}
	for _, tt := range refusalCases {
		f.Add([]byte(tt.send))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := parseHead(raw)
		end := headEnd(raw)
		if end > len(raw) {
			t.Fatalf("the head ends at %d of %d", end, len(raw))
		}
		again, errAgain := parseHead(raw[:end])
		if !equalHeads(h, again) || (err == nil) != (errAgain == nil) {
			t.Errorf("got %q (%v), without the body %q (%v)", h, err, again, errAgain)
		}
		r, errHTTP := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if errHTTP != nil {
			return
		}
		if err != nil {
			t.Fatalf("net/http reads it, parseHead does not: %v", err)
		}
		if err := differsParsed(raw); err != nil {
			t.Error(err)
		}
		framing, err := framingOf(raw)
		if err != nil || framing.chunked != (len(r.TransferEncoding) > 0) || !framing.chunked && max(framing.length, 0) != max(r.ContentLength, 0) {
			t.Errorf("framing: got %+v (%v), net/http has %v, %d bytes", framing, err, r.TransferEncoding, r.ContentLength)
		}
		for name := range r.Header {
			if strings.Contains(name, " ") {
				return // the server refuses it, and no handler claims it
			}
		}
		r.Header.Del("Host")
		if !agrees(raw, r) {
			t.Errorf("%q does not agree with net/http's view of itself: %q", raw, r.Header)
		}
	})
}
