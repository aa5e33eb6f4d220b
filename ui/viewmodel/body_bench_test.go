package viewmodel

import (
	"bytes"
	"testing"
)

// BenchmarkBody is what is made of 10 MB: the bytes as they came, which are on
// screen first, and all of it.
func BenchmarkBody(b *testing.B) {
	xml := append(append([]byte("<a>"), bytes.Repeat([]byte("<b c=\"d\"><e>text &amp; more</e></b>"), 10<<20/35)...), "</a>"...)
	for _, c := range []struct {
		name, contentType string
		body              []byte
	}{{"json", "application/json", bigJSON(10 << 20)}, {"xml", "text/xml", xml}} {
		r := &exchangeOf(c.contentType, c.body).Request
		b.Run(c.name+"/raw", func(b *testing.B) {
			for b.Loop() {
				lookAtBody(r)
			}
		})
		b.Run(c.name+"/pretty", func(b *testing.B) {
			first := lookAtBody(r)
			for b.Loop() {
				if _, err := first.finish(never); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	text := bigJSON(10 << 20)
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			findAll(b.Context(), text, "not there")
		}
	})
	b.Run("path", func(b *testing.B) {
		for b.Loop() {
			jsonAt(text, len(text)-3)
		}
	})
	b.Run("tree", func(b *testing.B) {
		_, spans, err := readJSON(text, never)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			tree := newBodyTree(text, spans)
			pages := tree.Children(tree.Roots()[0].ID)
			tree.Children(pages[len(pages)-1].ID)
		}
	})
}
