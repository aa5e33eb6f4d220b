package ngroktest_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"hookglass/capture/ngrok/ngroktest"
)

// BenchmarkPost posts 2 KB by turns to a server on this machine and to one
// behind a bare listener of the SDK, over a kept connection each. One operation
// is both.
func BenchmarkPost(b *testing.B) {
	s := start(b, ngroktest.Options{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusAccepted)
	})
	url := serve(b, newAgent(b, s), handler)
	raw, err := s.OpenRaw(url)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)

	body := bytes.Repeat([]byte("x"), 2<<10)
	direct, through := caller(b, server.Listener.Addr().String(), body), caller(b, raw, body)
	var took [2][]time.Duration
	for b.Loop() {
		took[0] = append(took[0], direct())
		took[1] = append(took[1], through())
	}
	for i := range took {
		slices.Sort(took[i])
	}
	at := func(i, percent int) float64 {
		return float64(took[i][(len(took[i])-1)*percent/100].Nanoseconds()) / 1000
	}
	b.ReportMetric(at(0, 50), "direct-p50-µs")
	b.ReportMetric(at(0, 99), "direct-p99-µs")
	b.ReportMetric(at(1, 50), "tunnel-p50-µs")
	b.ReportMetric(at(1, 99), "tunnel-p99-µs")
	b.ReportMetric(at(1, 50)/at(0, 50), "tunnel/direct")
}

// caller makes a function that posts a body to an address, and says how long
// the answer took.
func caller(b *testing.B, address string, body []byte) func() time.Duration {
	dialer := &net.Dialer{}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, address)
	}}
	b.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	return func() time.Duration {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://demo.ngrok.test/", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		response, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		took := time.Since(began)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusAccepted {
			b.Fatalf("answered %d", response.StatusCode)
		}
		return took
	}
}
