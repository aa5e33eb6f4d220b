package main

import (
	"bytes"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/compare"
)

// On a terminal with colours the words that differ are marked, and what a sender
// writes is not obeyed.
func TestDiffColours(t *testing.T) {
	var pair [2]*capture.Exchange
	for i, body := range []string{"one \x1b[31m two\nthe \u202etotal is 10\n", "one \x1b[31m two\nthe \u202etotal is 12\n"} {
		pair[i] = &capture.Exchange{ID: int64(i + 1), Request: capture.Request{Method: "POST", Target: "/x", Body: []byte(body)}}
	}
	compared, err := compare.Exchanges(t.Context(), pair[0], pair[1], compare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &diffCommand{}
	for _, tt := range []struct {
		colour bool
		want   string
	}{
		{false, "    one \\u{1b}[31m two\n  @ line 2\n  - the \\u{202e}total is 10\n  + the \\u{202e}total is 12\n"},
		{true, colourRemoved + "  - the \\u{202e}total is " + colourMarked + "10" + colourUnmark + colourOff + "\n"},
	} {
		var out bytes.Buffer
		if err := writeDiff(&out, pair, c.parts(compared), false, tt.colour); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), tt.want) {
			t.Errorf("colour %t: got\n%q\nwant in it\n%q", tt.colour, out.String(), tt.want)
		}
	}
}
