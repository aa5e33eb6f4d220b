package kit

import (
	"bytes"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// benchJSON is indented JSON of about as many megabytes, or one line of it.
func benchJSON(megabytes int, oneLine bool) []byte {
	piece := "  {\n    \"id\": 46140204,\n    \"ref\": \"8679131463FC8D18\",\n    \"items\": [\n      {\n        \"quantity\": 1.5,\n        \"done\": true\n      }\n    ]\n  },\n"
	if oneLine {
		piece = strings.NewReplacer("\n", "", "  ", "").Replace(piece)
	}
	return bytes.Repeat([]byte(piece), megabytes<<20/len(piece))
}

// BenchmarkCodeOpen is from the bytes to the drawn objects.
func BenchmarkCodeOpen(b *testing.B) {
	for _, c := range []struct {
		name string
		text []byte
	}{
		{"1MB", benchJSON(1, false)},
		{"10MB", benchJSON(10, false)},
		{"1MB-line", benchJSON(1, true)},
		{"10MB-line", benchJSON(10, true)},
	} {
		b.Run(c.name, func(b *testing.B) {
			bench := newCodeBench(b, nil, SyntaxJSON)
			for b.Loop() {
				bench.SetText(NewCodeText(c.text, SyntaxJSON))
			}
		})
	}
}

// BenchmarkCodeFirstPicture is BenchmarkCodeOpen with the picture, which the
// painter of tests draws much slower than a window does.
func BenchmarkCodeFirstPicture(b *testing.B) {
	text := benchJSON(10, false)
	bench := newCodeBench(b, nil, SyntaxJSON)
	for b.Loop() {
		bench.SetText(NewCodeText(text, SyntaxJSON))
		bench.window.Canvas().Capture()
	}
}

func BenchmarkCodeScroll(b *testing.B) {
	bench := newCodeBench(b, benchJSON(10, false), SyntaxJSON)
	step := float32(-60)
	for b.Loop() {
		if bench.scroll.y == bench.scroll.maxY() || bench.scroll.y == 0 {
			step = -step
		}
		bench.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, step)})
	}
}

// BenchmarkCodeJumpToEnd is the first jump to the end, when nothing is known of
// what lies before it.
func BenchmarkCodeJumpToEnd(b *testing.B) {
	for _, c := range []struct {
		name   string
		text   []byte
		syntax Syntax
	}{
		{"10MB", benchJSON(10, false), SyntaxJSON},
		{"1MB-line", benchJSON(1, true), SyntaxJSON},
		{"10MB-line", benchJSON(10, true), SyntaxJSON},
		{"10MB-xml", bytes.Repeat([]byte("<a b=\"c\">\n  <d>text &amp; more</d>\n</a>\n"), 10<<20/40), SyntaxXML},
	} {
		b.Run(c.name, func(b *testing.B) {
			bench := newCodeBench(b, nil, c.syntax)
			text := NewCodeText(c.text, c.syntax)
			for b.Loop() {
				bench.SetText(text)
				bench.Reveal(len(c.text))
			}
		})
	}
}

func BenchmarkHexOpen(b *testing.B) {
	text := benchJSON(10, false)
	h := NewHex(HexSpec{})
	codeWindow(b, h, 800, 700, Dark)
	for b.Loop() {
		h.SetBytes(text)
	}
}
