package export

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"hookglass/capture"
)

// benchShared are exchanges like those of a shop: each with a body of 1.35 KB of
// its own, a head of eight fields, a verdict and an answer.
func benchShared(n int) iter.Seq2[*Shared, error] {
	return func(yield func(*Shared, error) bool) {
		dice := rand.New(rand.NewPCG(1, 2))
		item := func() string {
			return fmt.Sprintf(`{"sku":"TS-%08x-L","name":"T-shirt %d","qty":%d,"price":"%d.90"},`, dice.Uint32(), dice.IntN(9999), dice.IntN(9), dice.IntN(99))
		}
		var items [256]string // three of them make a body
		for i := range items {
			items[i] = item() + item() + item() + item() + item() + item()
		}
		var made [64]*Shared
		for i := range made {
			x := &capture.Exchange{
				State: capture.StateAnswered, Via: capture.ViaTunnel, Session: 1, Endpoint: "/kornitx",
				Response: &capture.Response{Status: 200, By: capture.ByPreset, Preset: "200", Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}}, Body: []byte("{}")},
				Annotation: capture.Annotation{
					Provider: "kornitx", Event: "order.dispatched", AtArrival: capture.Valid,
					Verification: capture.Verification{
						Status: capture.Valid, Scheme: "kornitx-hmac-sha256", Header: "x-customgateway-hmac", Signed: "raw body, 1349 bytes",
						Key: "KornitX", Expected: "k2Jd0vX0m3c9cY8mI3nJ8yqv0h1b0u3x9JbqBv1zWmA=", Received: "k2Jd0vX0m3c9cY8mI3nJ8yqv0h1b0u3x9JbqBv1zWmA=",
						Reason: "The HMAC of the raw body matches.",
					},
				},
			}
			made[i] = &Shared{Exchange: x}
		}
		for i := range n {
			s := made[i%len(made)]
			x := s.Exchange
			x.UID = fmt.Sprintf("01890000-0000-7000-8000-%012x", i)
			r := &x.Request
			r.Received = madeAt.Add(time.Duration(i) * 1234567)
			r.Remote, r.Source, r.Method, r.Target, r.Proto, r.Host = "10.0.0.1:4711", "203.0.113.7", "POST", "/kornitx", "HTTP/1.1", "shop.ngrok.app"
			r.Body = fmt.Appendf(r.Body[:0], `{"order_id":%d,"ref":"%x","status":8,"tracking":"JD%012d","name":"Customer %d","items":[%s{}],"at":"%s"}`,
				i*7919, i*104729, i*31337, i, items[dice.IntN(256)]+items[dice.IntN(256)]+items[dice.IntN(256)], r.Received.Format(time.RFC3339Nano))
			r.Size, r.Exact = int64(len(r.Body)), true
			r.Header = append(r.Header[:0],
				capture.Field{Name: "Host", Value: r.Host}, capture.Field{Name: "User-Agent", Value: "GuzzleHttp/7"},
				capture.Field{Name: "Content-Length", Value: fmt.Sprint(r.Size)}, capture.Field{Name: "Content-Type", Value: "application/json"},
				capture.Field{Name: "x-customgateway-hmac", Value: fmt.Sprintf("%016x%016x%016x", dice.Uint64(), dice.Uint64(), dice.Uint64())},
				capture.Field{Name: "X-Forwarded-For", Value: r.Source}, capture.Field{Name: "X-Forwarded-Proto", Value: "https"},
				capture.Field{Name: "Accept-Encoding", Value: "gzip"},
			)
			r.Head = usualHead(r.Method, r.Target, r.Proto, r.Header)
			x.Annotation.Order, x.Annotation.Delivery, x.Annotation.Attempt = fmt.Sprint(i*7919), fmt.Sprint(i), 1
			x.Annotation.Summary = fmt.Sprintf("Order %d dispatched", i*7919)
			if !yield(s, nil) {
				return
			}
		}
	}
}

type sizeWriter struct{ n int64 }

func (w *sizeWriter) Write(b []byte) (int, error) {
	w.n += int64(len(b))
	return len(b), nil
}

// BenchmarkWriteBundle counts the bytes of bodies alone. What making the exchanges
// costs is in BenchmarkBundleSource.
func BenchmarkWriteBundle(b *testing.B) {
	const n = 10_000
	b.ReportAllocs()
	var out sizeWriter
	for b.Loop() {
		out.n = 0
		if err := WriteBundle(b.Context(), &out, &Share{Exchanges: benchShared(n)}); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(n * 1350)
	b.ReportMetric(float64(out.n)/n, "packed-B/exchange")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/exchange")
}

func BenchmarkBundleSource(b *testing.B) {
	const n = 10_000
	for b.Loop() {
		for _, err := range benchShared(n) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/exchange")
}

// BenchmarkReadBundle counts the bytes of bodies alone.
func BenchmarkReadBundle(b *testing.B) {
	const n = 10_000
	var out bytes.Buffer
	if err := WriteBundle(b.Context(), &out, &Share{Exchanges: benchShared(n)}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		o, err := OpenReader(b.Context(), bytes.NewReader(out.Bytes()), int64(out.Len()), "")
		if err != nil {
			b.Fatal(err)
		}
		got := 0
		if err := o.Each(b.Context(), func(*Shared) error { got++; return nil }); err != nil || got != n {
			b.Fatal(got, err)
		}
	}
	b.SetBytes(n * 1350)
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/exchange")
}

// TestBundleMemoryIsFlat writes and reads several times what may be held.
func TestBundleMemoryIsFlat(t *testing.T) {
	const n, most = 20_000, 16 << 20
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	var peak int64
	look := func(i int) {
		if i%5_000 == 2_500 {
			peak = max(peak, heap()-before)
		}
	}
	source := func(yield func(*Shared, error) bool) {
		i := 0
		for s, err := range benchShared(n) {
			look(i)
			i++
			if !yield(s, err) {
				return
			}
		}
	}
	file := t.TempDir() + "/b.hookglass"
	out := createFile(t, file)
	if err := WriteBundle(t.Context(), out, &Share{Exchanges: source}); err != nil {
		t.Fatal(err)
	}
	size, err := out.Seek(0, io.SeekCurrent)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	i := 0
	if err := o.Each(t.Context(), func(*Shared) error { look(i); i++; return nil }); err != nil || i != n {
		t.Fatal(i, err)
	}
	if peak > most {
		t.Errorf("%d bytes were held for a bundle of %d", peak, size)
	}
	t.Logf("%d exchanges, %d bytes packed, at most %d bytes held", n, size, peak)
}
