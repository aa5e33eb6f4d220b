package capture

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

var rawCases = []struct {
	name, raw string
	head      int // bytes
	body      string
	truncated bool
	trailers  Fields
	again     string // what Raw gives; "" for the same
}{
	{name: "length", raw: "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", head: 47, body: "abc"},
	{name: "more than announced", raw: "PUT / HTTP/1.1\nContent-Length: 3\n\nabc\n", head: 34, body: "abc", again: "PUT / HTTP/1.1\nContent-Length: 3\n\nabc"},
	{name: "less than announced", raw: "PUT / HTTP/1.1\nContent-Length: 4\n\nabc", head: 34, body: "abc", truncated: true},
	{name: "no length", raw: "PUT / HTTP/1.1\n\na\nb\n", head: 16, body: "a\nb\n"},
	{name: "no body", raw: "GET / HTTP/1.1\r\nHost: h\r\n\r\n", head: 27},
	{name: "no empty line", raw: "GET / HTTP/1.1\r\nHost: h", head: 23},
	{name: "no empty line, and a length", raw: "GET / HTTP/1.1\nContent-Length: 2\n", head: 33, truncated: true},
	{name: "empty lines before", raw: "\r\n\nGET / HTTP/1.1\n\nx", head: 19, body: "x"},
	{name: "HTTP/1.0 knows no chunks", raw: "PUT / HTTP/1.0\nTransfer-Encoding: chunked\n\n0\r\n\r\n", head: 43, body: "0\r\n\r\n"},
	{
		name: "chunked", raw: "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nB;x=1\r\ncdefghijklm\r\n0\r\nX-b: 1\r\nx-B: 2\r\n\r\nleft over",
		head: 46, body: "abcdefghijklm", trailers: Fields{{"X-b", "1"}, {"x-B", "2"}},
		again: "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nd\r\nabcdefghijklm\r\n0\r\nX-b: 1\r\nx-B: 2\r\n\r\n",
	},
	{name: "chunked, saved with LF", raw: "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n2\nab\n0\n\n", head: 43, body: "ab", again: "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n2\r\nab\r\n0\r\n\r\n"},
	{name: "chunked, empty", raw: "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n0\r\n\r\n", head: 43},
	{name: "chunked, ends in a chunk", raw: "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n5\r\nabc", head: 43, body: "abc", truncated: true, again: "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n"},
	{name: "chunked, ends behind a chunk", raw: "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n", head: 43, body: "abc", truncated: true},
	{name: "chunked, ends in the head", raw: "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n", head: 43, truncated: true},
}

func TestReadRequest(t *testing.T) {
	for _, tt := range rawCases {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadRequest([]byte(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Head) != tt.raw[:tt.head] || !got.Exact {
				t.Errorf("head: got %q, want %q", got.Head, tt.raw[:tt.head])
			}
			if string(got.Body) != tt.body || got.Size != int64(len(tt.body)) || got.Truncated != tt.truncated {
				t.Errorf("body: got %q, size %d, truncated %v; want %q, truncated %v", got.Body, got.Size, got.Truncated, tt.body, tt.truncated)
			}
			if !slices.Equal(got.Trailers, tt.trailers) {
				t.Errorf("trailers: got %q, want %q", got.Trailers, tt.trailers)
			}
			want := tt.again
			if want == "" {
				want = tt.raw
			}
			if raw := string(got.Raw()); raw != want {
				t.Errorf("raw: got %q, want %q", raw, want)
			}
		})
	}
}

func TestReadRequestHost(t *testing.T) {
	for raw, want := range map[string]string{
		"GET /a HTTP/1.1\nhOST: field\n\n":              "field",
		"GET http://target/a HTTP/1.1\nHost: field\n\n": "target",
		"GET http://u@target:8 HTTP/1.1\nHost: f\n\n":   "target:8",
		"GET /a?u=http://x/ HTTP/1.1\nHost: field\n\n":  "field",
		"CONNECT target:443 HTTP/1.1\nHost: field\n\n":  "target:443",
		"GET /a HTTP/1.0\n\n":                           "",
	} {
		got, err := ReadRequest([]byte(raw))
		if err != nil {
			t.Errorf("%q: %v", raw, err)
		}
		if got.Host != want {
			t.Errorf("%q: got %q, want %q", raw, got.Host, want)
		}
	}
}

func TestReadRequestWithoutAnEmptyLine(t *testing.T) {
	_, err := ReadRequest([]byte("PUT / HTTP/1.1\nHost: h\n{\"id\":1}\n"))
	if err == nil || !strings.Contains(err.Error(), "empty line") {
		t.Errorf("a body right behind the head: %v, want an error that names the empty line", err)
	}
	if r, err := ReadRequest([]byte("GET / HTTP/1.1\nHost: h\n")); err != nil || r.Host != "h" {
		t.Errorf("a head alone: %+v, %v", r, err)
	}
}

func TestReadRequestErrors(t *testing.T) {
	const chunked = "PUT / HTTP/1.1\nTransfer-Encoding: chunked\n\n"
	for raw, want := range map[string]string{
		"":                                       "line 1: not a request line",
		"{\"a\": \"b c\"}":                       "line 1: the version is not",
		"GET / HTTP/2.0\n\n":                     "line 1: the version is not",
		"GET / HTTP/1.1\nHost: h\noops\n\n":      "line 3: a header field has no colon",
		"GET / HTTP/1.1\nContent-Length: x\n\n":  "line 2: the Content-Length",
		"GET / HTTP/1.1\nTransfer-Encoding: x\n": "line 2: a transfer encoding",
		chunked + "{}":                           "line 4: not the size of a chunk",
		chunked + "-1\r\n":                       "line 4: not the size of a chunk",
		chunked + "2\r\nabc\r\n0\r\n\r\n":        "line 5: no line end behind a chunk",
		chunked + "0\r\nA: b\r\noops\r\n\r\n":    "trailers behind line 4 cannot be read: line 2: a header field has no colon",
	} {
		if _, err := ReadRequest([]byte(raw)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", raw, err, want)
		}
	}
}

// A request that was made and not read has no head yet.
func TestRawWithoutHead(t *testing.T) {
	r := Request{Method: "PUT", Target: "/a", Proto: "HTTP/1.1", Header: Fields{{"Host", "h"}, {"content-length", "2"}}, Body: []byte("ok")}
	if got, want := string(r.Raw()), "PUT /a HTTP/1.1\r\nHost: h\r\ncontent-length: 2\r\n\r\nok"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzReadRequest: what was read and written is read as the same again.
func FuzzReadRequest(f *testing.F) {
	for _, tt := range rawCases {
		f.Add([]byte(tt.raw))
	}
	for _, tt := range followCases {
		f.Add([]byte(tt.send))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		kept := bytes.Clone(raw)
		r, err := ReadRequest(raw)
		if err != nil {
			return
		}
		again, err := ReadRequest(r.Raw())
		if err != nil {
			t.Fatalf("%q: %v", r.Raw(), err)
		}
		if !bytes.Equal(again.Head, r.Head) || !bytes.Equal(again.Body, r.Body) || again.Truncated != r.Truncated ||
			again.Size != r.Size || !slices.Equal(again.Header, r.Header) {
			t.Errorf("read %q as %+v, then as %+v", raw, r, again)
		}
		// A trailer that was folded may have lost the space at its end.
		trimmed := slices.EqualFunc(r.Trailers, again.Trailers, func(a, b Field) bool {
			return a.Name == b.Name && strings.Trim(a.Value, blanks) == b.Value
		})
		if !trimmed {
			t.Errorf("trailers: read %q, then %q", r.Trailers, again.Trailers)
		}
		if !bytes.Equal(raw, kept) {
			t.Error("it changed the bytes that it was given")
		}
	})
}
