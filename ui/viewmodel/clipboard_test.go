package viewmodel

import (
	"strings"
	"testing"
)

func TestCopyTooMuch(t *testing.T) {
	b := newListBench(t)
	for _, tt := range []struct {
		name string
		size int
		want bool
	}{{"the most", maxCopy, true}, {"more", maxCopy + 1, false}} {
		b.copied = ""
		got := b.copy(strings.Repeat("x", tt.size), "Copied it.")
		if got != tt.want || (b.copied != "") != tt.want || (b.Notices.Toast.Text == "Copied it.") != tt.want {
			t.Errorf("%s: %t with %d bytes copied, toast %q", tt.name, got, len(b.copied), b.Notices.Toast.Text)
		}
	}
}
