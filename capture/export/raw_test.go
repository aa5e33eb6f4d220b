package export

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"hookglass/capture"
)

func TestRaw(t *testing.T) {
	for _, c := range []struct {
		name, raw string
	}{
		{"plain", "POST /x?y HTTP/1.1\r\nhost: h\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\n\x00\xffa"},
		{"without a body", "GET / HTTP/1.0\nHost: h\n\n"},
		{"chunked", "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: v\r\n\r\n"},
		{"chunked, empty", "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := capture.ReadRequest([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Raw(&capture.Exchange{Request: r})
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.raw {
				t.Errorf("got %q, want %q", got, c.raw)
			}
		})
	}
	for name, r := range map[string]capture.Request{
		"no head": {Method: "POST", Body: []byte("x")},
		"a part":  {Head: []byte("POST / HTTP/1.1\r\n\r\n"), Truncated: true},
	} {
		if _, err := Raw(&capture.Exchange{Request: r}); !errors.Is(err, ErrRaw) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What Raw writes reads the same again.
func FuzzRaw(f *testing.F) {
	f.Add([]byte("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"))
	f.Add([]byte("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: v\r\n\r\n"))
	f.Add([]byte("OST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: v\r\n\t"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := capture.ReadRequest(text)
		if err != nil {
			return
		}
		raw, err := Raw(&capture.Exchange{Request: r})
		if err != nil {
			return
		}
		again, err := capture.ReadRequest(raw)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		if !bytes.Equal(again.Body, r.Body) || !bytes.Equal(again.Head, r.Head) || !slices.Equal(again.Trailers, r.Trailers) {
			t.Errorf("%q: %q, then %q", text, raw, again.Body)
		}
	})
}
