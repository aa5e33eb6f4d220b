//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"image"
	"slices"
	"testing"
	"time"
)

// titleShown is the head of the callback that is shown.
var titleShown = image.Rect(580, 95, 900, 115)

// Where the first lines of a body are, and those that a small one has not.
var (
	bodyShown = image.Rect(620, 245, 700, 735)
	bodyLower = image.Rect(620, 435, 700, 515)
)

// BenchmarkWindowBody measures how long it takes from a click on a callback
// until 10 MB of JSON are on the screen.
func BenchmarkWindowBody(b *testing.B) {
	const rounds = 9
	for b.Loop() {
		p := newBench(b)
		p.open(throwaway(b))
		p.send("POST", "/hooks/large", "application/json", largeJSON(10_000_000))
		p.send("POST", "/hooks/small", "application/json", `{"small": true}`)
		p.settle()
		small, large := firstRow, firstRow+rowPitch
		p.choose(small)
		p.screen.key(keyTwo)
		p.settle()
		var paints, finals []time.Duration
		for range rounds {
			p.move(rowsX, large)
			paint, final := p.paints(bodyLower, bodyShown)
			paints, finals = append(paints, paint), append(finals, final)
			p.choose(small)
			p.settle()
		}
		p.leave()
		first := paints[0]
		b.ReportMetric(float64(first.Milliseconds()), "first-ms")
		b.ReportMetric(float64(median(paints).Milliseconds()), "median-ms")
		b.ReportMetric(0, "ns/op")
		printTable(fmt.Sprintf("10 MB of JSON, %d times", rounds),
			line{"click until it is painted, the first time", inMillis(first), "200 ms at the most"},
			line{"median and longest", inMillis(median(paints)) + "  " + inMillis(slices.Max(paints)), "200 ms at the most"},
			line{"indented, median and longest", inMillis(median(finals)) + "  " + inMillis(slices.Max(finals)), ""},
		)
	}
}

// paints clicks, and returns how long it takes until something stands in a part
// that was empty, and until another part is what it stays.
func (p *bench) paints(empty, final image.Rectangle) (first, last time.Duration) {
	p.Helper()
	const stay = 250 * time.Millisecond
	if varied(p.pixels(empty)) {
		p.Fatal("something stands where nothing was expected")
	}
	before := p.pixels(final)
	begin := time.Now()
	p.press(buttonLeft)
	p.await("it is painted", func() bool {
		next, at := p.pixels(final), time.Since(begin)
		if first == 0 && varied(p.pixels(empty)) {
			first = at
		}
		if !bytes.Equal(before, next) {
			before, last = next, at
		}
		return first > 0 && at-last > stay
	})
	return first, last
}

// choose clicks on a row.
func (p *bench) choose(y int) {
	p.Helper()
	p.move(rowsX, y)
	p.changes(titleShown, func() { p.press(buttonLeft) })
}

// largeJSON is a list of orders of so many bytes.
func largeJSON(size int) string {
	var body bytes.Buffer
	body.WriteString(`{"orders":[`)
	for n := 0; body.Len() < size; n++ {
		if n > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"id":%d,"ref":"SHOP-%d","price":%d.50,"paid":true,"lines":[{"sku":"A-%d","quantity":2,"note":"Fragile \u00e9"}]}`, n, n, n%1000, n)
	}
	body.WriteString(`]}`)
	return body.String()
}
