package capture

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"
)

// encode applies codings in order, as a sender does.
func encode(tb testing.TB, body string, codings ...string) []byte {
	tb.Helper()
	encoded := []byte(body)
	for _, coding := range codings {
		var out bytes.Buffer
		var w io.WriteCloser
		switch coding {
		case "gzip":
			w = gzip.NewWriter(&out)
		case "zlib":
			w = zlib.NewWriter(&out)
		case "flate":
			raw, err := flate.NewWriter(&out, flate.BestSpeed)
			if err != nil {
				tb.Fatal(err)
			}
			w = raw
		}
		if _, err := w.Write(encoded); err != nil {
			tb.Fatal(err)
		}
		if err := w.Close(); err != nil {
			tb.Fatal(err)
		}
		encoded = out.Bytes()
	}
	return encoded
}

func TestDecodeBody(t *testing.T) {
	const body = `{"a":1}`
	tests := []struct {
		name      string
		encodings []string
		body      []byte
	}{
		{"none", nil, []byte(body)},
		{"identity", []string{" Identity ,"}, []byte(body)},
		{"gzip", []string{"gzip"}, encode(t, body, "gzip")},
		{"x-gzip in capitals", []string{"X-GZIP"}, encode(t, body, "gzip")},
		{"deflate", []string{"deflate"}, encode(t, body, "zlib")},
		{"deflate without zlib's header", []string{"deflate"}, encode(t, body, "flate")},
		{"two in one field", []string{"deflate, gzip"}, encode(t, body, "zlib", "gzip")},
		{"two fields", []string{"gzip", "deflate"}, encode(t, body, "gzip", "zlib")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sent := bytes.Clone(tt.body)
			got, err := DecodeBody(tt.encodings, tt.body, 1<<10)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != body {
				t.Errorf("got %q, want %q", got, body)
			}
			if !bytes.Equal(tt.body, sent) {
				t.Error("the body as sent was changed")
			}
		})
	}
}

func TestDecodeBodyErrors(t *testing.T) {
	bomb := encode(t, strings.Repeat("a", 1<<20), "gzip")
	whole := encode(t, "hello, hello, hello", "gzip")
	tests := []struct {
		name      string
		encodings []string
		body      []byte
		limit     int
		tooLarge  bool
		want      string
	}{
		{"bomb", []string{"gzip"}, bomb, 1 << 16, true, "decoded"},
		{"body over the limit", nil, []byte("12345"), 4, true, "5 bytes"},
		{"unknown", []string{"br"}, []byte("x"), 9, false, `"br"`},
		{"not gzip", []string{"gzip"}, []byte("{}"), 9, false, "not gzip"},
		{"cut off", []string{"gzip"}, whole[:len(whole)-9], 99, false, "broken"},
		{"five codings", []string{"gzip,gzip,gzip", "gzip,gzip"}, []byte("x"), 9, false, "5 content encodings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := DecodeBody(tt.encodings, tt.body, tt.limit)
			if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrTooLarge) != tt.tooLarge {
				t.Errorf("got %v, want %q, too large %v", err, tt.want, tt.tooLarge)
			}
		})
	}
}

// The limit is the last size that is decoded.
func TestDecodeBodyLimit(t *testing.T) {
	const size = 1000
	body := encode(t, strings.Repeat("a", size), "gzip")
	if got, err := DecodeBody([]string{"gzip"}, body, size); err != nil || len(got) != size {
		t.Errorf("at the limit: got %d bytes, %v", len(got), err)
	}
	if _, err := DecodeBody([]string{"gzip"}, body, size-1); !errors.Is(err, ErrTooLarge) {
		t.Errorf("one byte over: got %v", err)
	}
}

func FuzzDecodeBody(f *testing.F) {
	f.Add("gzip", encode(f, "hello", "gzip"))
	f.Add("deflate", encode(f, "hello", "zlib"))
	f.Add("gzip, deflate", encode(f, "hello", "gzip", "flate"))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		const limit = 1 << 12
		if got, err := DecodeBody([]string{encoding}, body, limit); len(got) > limit || err != nil && got != nil {
			t.Errorf("got %d bytes, error %v", len(got), err)
		}
	})
}
