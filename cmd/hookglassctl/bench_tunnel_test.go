package main_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture/ngrok/ngroktest"
)

// BenchmarkTunnel measures what a callback of 2 KB waits for its answer: sent to
// the local address, and through the loopback service, whose edge is an HTTP
// proxy as the real one is. A bare net/http handler behind the same kind of edge
// is not asked here: see capture/ngrok/ngroktest.
func BenchmarkTunnel(b *testing.B) {
	const requests, rounds = 1000, 3
	for b.Loop() {
		s, err := ngroktest.Start(ngroktest.Options{SharedStreams: true})
		if err != nil {
			b.Fatal(err)
		}
		ca := filepath.Join(b.TempDir(), "ca.pem")
		if err := os.WriteFile(ca, s.CAPEM(), 0o600); err != nil {
			b.Fatal(err)
		}
		p := serveTunneled(b, []string{
			"HOOKGLASS_NGROK_CONNECT=" + s.Addr(), "HOOKGLASS_NGROK_CA=" + ca, "HOOKGLASS_NGROK_EDGE=" + s.EdgeAddr(),
			"NGROK_AUTHTOKEN=" + tunnelToken,
		}, b.TempDir(), "--tunnel", "--keep", "0")
		p.event(b, state("online"))
		var direct, tunnel []time.Duration
		for range rounds {
			direct = append(direct, postTimes(b, p.url+"/x", "", requests)...)
			tunnel = append(tunnel, postTimes(b, "http://"+s.PlainEdgeAddr()+"/x", "demo.ngrok.test", requests)...)
		}
		slices.Sort(direct)
		slices.Sort(tunnel)
		d50, t50 := direct[len(direct)/2], tunnel[len(tunnel)/2]
		b.ReportMetric(float64(t50.Microseconds()), "tunnel-p50-µs")
		b.ReportMetric(float64(d50.Microseconds()), "direct-p50-µs")
		b.ReportMetric(0, "ns/op")
		printTable(b, fmt.Sprintf("a callback of 2 KB, %d rounds of %d", rounds, requests), []line{
			{"direct p50, p99", "", fmt.Sprintf("%v  %v", d50, direct[len(direct)*99/100])},
			{"through the tunnel p50, p99", "", fmt.Sprintf("%v  %v", t50, tunnel[len(tunnel)*99/100])},
			{"the tunnel and its edge add", "", (t50 - d50).String()},
		})
		p.kill()
		s.Close()
	}
}

// postTimes sends requests one after the other on a kept connection.
func postTimes(b *testing.B, url, host string, n int) []time.Duration {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	body := []byte(strings.Repeat("x", 2<<10))
	times := make([]time.Duration, n)
	for i := range times {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		request.Host = host
		began := time.Now()
		response, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		times[i] = time.Since(began)
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatalf("answered %d (%v)", response.StatusCode, err)
		}
	}
	return times
}
