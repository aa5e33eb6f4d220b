package compare

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"hookglass/capture"
)

const tenMB = 10 << 20

func largeJSON(change int) string {
	var b strings.Builder
	b.WriteString(`{"orders":[`)
	for i := 0; b.Len() < tenMB; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		status := "queued"
		if change > 0 && i%change == 0 {
			status = "despatched"
		}
		fmt.Fprintf(&b, `{"id":%d,"ref":"ORDER-%d","status":"%s","items":[{"sku":"A-%d","quantity":%d},{"sku":"B","price":"12.50"}]}`, i, i, status, i, i%9)
	}
	b.WriteString("]}")
	return b.String()
}

func largeText(change int) string {
	var b strings.Builder
	for i := 0; b.Len() < tenMB; i++ {
		if change > 0 && i%change == 0 {
			fmt.Fprintf(&b, "here stands something else than before, %d\n", i)
			continue
		}
		fmt.Fprintf(&b, "2026-11-21 12:00:%02d worker %d did step %d\n", i%60, i%7, i)
	}
	return b.String()
}

func noise(seed uint64, values int) string {
	random := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for b.Len() < tenMB {
		fmt.Fprintf(&b, "line of no meaning %d\n", random.IntN(values))
	}
	return b.String()
}

func benchmark(b *testing.B, first, second string) {
	header := capture.Fields{{Name: "Content-Type", Value: "application/octet-stream"}}
	x, y := payload{bytes: []byte(first), header: header}, payload{bytes: []byte(second), header: header}
	b.SetBytes(int64(len(first) + len(second)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := compareBodies(b.Context(), x, y, &Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(s.Changed+s.Removed+s.Added), "differences")
	}
}

func BenchmarkJSON(b *testing.B) {
	one := largeJSON(0)
	b.Run("equal", func(b *testing.B) { benchmark(b, one, one+" ") })
	b.Run("few", func(b *testing.B) { benchmark(b, one, largeJSON(10_000)) })
	b.Run("many", func(b *testing.B) { benchmark(b, one, largeJSON(3)) })
	b.Run("values", func(b *testing.B) {
		many := "[" + strings.Repeat("1,", tenMB/4) + "1]"
		benchmark(b, many, strings.ReplaceAll(many, ",1,1", ",2,1"))
	})
	b.Run("unread", func(b *testing.B) {
		many := "[" + strings.Repeat("1,", tenMB/2) + "1]"
		benchmark(b, many, many[:len(many)/2]+"7,8,"+many[len(many)/2:])
	})
}

func BenchmarkText(b *testing.B) {
	one := largeText(0)
	b.Run("few", func(b *testing.B) { benchmark(b, one, largeText(10_000)) })
	b.Run("many", func(b *testing.B) { benchmark(b, one, largeText(3)) })
	b.Run("shuffled", func(b *testing.B) { benchmark(b, noise(1, 1_000_000), noise(2, 1_000_000)) })
	b.Run("repeating", func(b *testing.B) { benchmark(b, noise(1, 50), noise(2, 50)) })
	b.Run("one line", func(b *testing.B) {
		flat := strings.ReplaceAll(one, "\n", ";")
		benchmark(b, flat, "x"+flat[:tenMB/2]+"changed"+flat[tenMB/2+3:])
	})
	b.Run("line ends", func(b *testing.B) {
		benchmark(b, strings.Repeat("\n", tenMB), strings.Repeat("\n", tenMB/2)+"x"+strings.Repeat("\n", tenMB/2))
	})
}

func BenchmarkXML(b *testing.B) {
	var x strings.Builder
	x.WriteString("<orders>")
	for i := 0; x.Len() < tenMB; i++ {
		fmt.Fprintf(&x, `<order id="%d"><sku>A-%d</sku><quantity>1</quantity></order>`, i, i)
	}
	x.WriteString("</orders>")
	benchmark(b, x.String(), strings.Replace(x.String(), "A-5000<", "B-5000<", 1))
}

func BenchmarkBytes(b *testing.B) {
	one := "\x00" + noise(1, 1_000_000)
	benchmark(b, one, one[:tenMB/2]+"more"+one[tenMB/2:])
}
