package store

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"hookglass/capture"
)

const creators = 64

// benchExchange is a callback of the size that the speed goals speak of.
func benchExchange(n int64) *capture.Exchange {
	now := time.Now()
	head := []byte("PUT /kornitx/status HTTP/1.1\r\nHost: hooks.example.test\r\nUser-Agent: kornitx/2.1\r\nContent-Type: application/json\r\n" +
		"X-Signature: 3f1c1d2a9b7ee00df0aa51c7a8e40f8b5a0b6f5d1f8b2f3c4d5e6f708192a3b4\r\nContent-Length: 1350\r\n\r\n")
	body := bytes.Repeat([]byte("0123456789"), 135)
	copy(body, strconv.FormatInt(n, 10))
	return &capture.Exchange{
		UID: capture.NewUID(now), State: capture.StateReceived, Via: capture.ViaLocal, Endpoint: "/kornitx/*",
		Request: capture.Request{
			Received: now, Remote: "127.0.0.1:51234", Source: "127.0.0.1", Method: "PUT", Target: "/kornitx/status",
			Proto: "HTTP/1.1", Host: "hooks.example.test", Head: head, Exact: true, Body: body, Size: int64(len(body)),
		},
	}
}

func finish(x *capture.Exchange, n int64) {
	x.State = capture.StateAnswered
	x.Response = &capture.Response{
		Status: 200, Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}}, Body: []byte("{}"),
		By: capture.ByPreset, Preset: "accepted", Timing: capture.Timing{Answered: time.Now(), Took: time.Millisecond},
	}
	key := fmt.Sprintf("%d:8:2024-03-01T10:00:00", n)
	x.Annotation = capture.Annotation{
		Provider: "kornitx", Event: "order.dispatched", Summary: "Dispatched · Hermes H023YA0000361469 · order 3165671600-PSTEST4",
		Order: "3165671600-PSTEST4", Delivery: key, AtArrival: capture.Valid,
		Verification: capture.Verification{
			Status: capture.Valid, Scheme: "kornitx-hmac-sha256", Header: "X-Signature", Key: "live",
			Reason: "The signature matches the raw body.",
		},
	}
}

func benchmark(b *testing.B, update bool) {
	db, err := Open(b.Context(), filepath.Join(b.TempDir(), "h.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var n atomic.Int64
	b.SetParallelism(creators / 2)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			x := benchExchange(i)
			if err := db.Create(b.Context(), x); err != nil {
				b.Error(err)
				return
			}
			if !update {
				continue
			}
			finish(x, i)
			if err := db.Update(b.Context(), x); err != nil {
				b.Error(err)
				return
			}
		}
	})
	if err := db.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "exchanges/s")
}

func BenchmarkCreate(b *testing.B)       { benchmark(b, false) }
func BenchmarkCreateUpdate(b *testing.B) { benchmark(b, true) }
