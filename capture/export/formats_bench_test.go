package export

import (
	"bytes"
	"testing"
)

// many are n callbacks of a usual size: 1.35 KB.
func many(n int) *Share {
	x := fixtureDispatched()
	x.Decoded = nil
	x.Request = fixtureRequest("PUT", "/kornitx/orders", 0, x.Request.Header, string(bytes.Repeat(x.Request.Body, 4)[:1350-2])+"]}")
	s := shareOf()
	s.Count = int64(n)
	s.Exchanges = func(yield func(*Shared, error) bool) {
		for i := range n {
			own := *x.Exchange
			own.ID = int64(i)
			if !yield(&Shared{Exchange: &own, Base: x.Base}, nil) {
				return
			}
		}
	}
	return s
}

const benchCallbacks = 2000

func BenchmarkFormats(b *testing.B) {
	for _, f := range Formats {
		b.Run(f.Name, func(b *testing.B) {
			n := counter(0)
			b.ReportAllocs()
			for b.Loop() {
				n = 0
				if err := f.Write(b.Context(), &n, many(benchCallbacks)); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(n)) // of the file
		})
	}
}

func BenchmarkReadHAR(b *testing.B) {
	text := written(b, "har", many(benchCallbacks))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		_, err := readHAR(b.Context(), bytes.NewReader([]byte(text)), func(*Shared) error { n++; return nil }, func(where, why string) { b.Fatal(where, why) })
		if err != nil || n != benchCallbacks {
			b.Fatal(n, err)
		}
	}
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
