package store

import (
	"slices"
	"testing"

	"hookglass/capture"
)

// What a stranger sent is shown as it came, also what is not HTTP/1 or was
// refused.
func TestHeaderOf(t *testing.T) {
	ab := capture.Fields{{Name: "a", Value: "1"}, {Name: "B", Value: "2 3"}}
	tests := []struct {
		name, head string
		want       capture.Fields
	}{
		{"usual", "GET / HTTP/1.1\r\na: 1\r\nB:2 3\r\n\r\n", ab},
		{"LF and folded, after empty lines", "\r\n\nGET / HTTP/1.0\na: 1\nB: 2\n 3\n\n", ab},
		{"HTTP/2", "PRI * HTTP/2.0\r\na: 1\r\nB: 2 3\r\n\r\n", ab},
		{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", nil},
		{"no version", "GET /\r\na: 1\r\nB: 2 3\r\n\r\n", ab},
		{"no end", "GET / HTTP/1.1\r\na: 1\r\nB: 2 3", ab},
		{
			"framing that net/http refuses", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nContent-Length: x\r\n\r\n",
			capture.Fields{{Name: "Transfer-Encoding", Value: "gzip"}, {Name: "Content-Length", Value: "x"}},
		},
		{"no fields", "GET / HTTP/1.1\r\n\r\n", nil},
		{"only a line", "GET / HTTP/1.1", nil},
		{"no header", "GET / HTTP/1.1\r\nnothing\r\n\r\n", nil},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := headerOf([]byte(tt.head)); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
