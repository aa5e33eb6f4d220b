package main_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/load"
	"hookglass/store"
)

const (
	benchConnections = 64
	benchRequests    = 50_000 // in one round
	benchRounds      = 5      // of either side, alternating
	benchBody        = 1349   // bytes, as the signed sample of Klix has
)

// workload makes the requests of a round.
type workload struct {
	name  string
	round func(b *testing.B, round int) func(n int) []byte
}

// redeliveries sends the signed sample of the Klix documentation again and
// again: every callback is a further attempt of one delivery.
func redeliveries(b *testing.B, _ int) func(int) []byte {
	b.Helper()
	request := load.Request("PUT", "/klix/purchases", fixture(b, "klix_signed.json"), asJSON, klixSignature(b))
	return func(int) []byte { return request }
}

// deliveries sends orders of KornitX that are all different, each signed.
func deliveries(b *testing.B, round int) func(int) []byte {
	b.Helper()
	requests := make([][]byte, benchRequests)
	for n := range requests {
		body := fmt.Appendf(nil, `{"id":%d,"ref":"8679131463FC8D18","external_ref":"SHOP-%d-%d","shipping_tracking":"H023YA%d",`+
			`"status":8,"status_name":"Dispatched","shipping_method":"Courier","shipping_carrier":"Hermes","shipping_price":0,`+
			`"new_shipments":[{"dispatch_datetime":"2023-02-27 12:04:19","tracking":"H023YA","tracking_url":"https://www.url.com/123456",`+
			`"items":[{"quantity":1,"ref":"C3DD35B0E1F","external_ref":"`, round*benchRequests+n, round, n, n)
		const end = `"}]}],"new_cancellations":[],"required_dispatch_date":"2023-02-27"}`
		body = append(body, bytes.Repeat([]byte("7"), benchBody-len(body)-len(end))...)
		body = append(body, end...)
		requests[n] = load.Request("PUT", "/kornitx/orders", body, asJSON, "X-CustomGateway-Hmac: "+hmacHex(kornitxKey, body))
	}
	return func(n int) []byte { return requests[n] }
}

// score is what a side did in its rounds.
type score struct {
	perSecond, answeredPerSecond []float64
	p50, p99                     []time.Duration
}

func (s *score) add(r *load.Result, settled time.Duration) {
	s.perSecond = append(s.perSecond, float64(len(r.Latencies))/settled.Seconds())
	s.answeredPerSecond = append(s.answeredPerSecond, r.PerSecond())
	s.p50 = append(s.p50, r.Percentile(50))
	s.p99 = append(s.p99, r.Percentile(99))
}

func median[T float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// BenchmarkThroughput loads the built program and a bare net/http handler in
// turns. The program's time ends when every callback is verified and updated.
func BenchmarkThroughput(b *testing.B) {
	for _, w := range []workload{{"one delivery", redeliveries}, {"many deliveries", deliveries}} {
		b.Run(strings.ReplaceAll(w.name, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				compare(b, w)
			}
		})
	}
}

func compare(b *testing.B, w workload) {
	bare, p := startBare(b), serveQuietly(b)
	configure(b, p.dir)
	db := openStore(b, p.dir)
	defer func() { _ = db.Close() }()
	var ours, theirs score
	for round := range benchRounds {
		request := w.round(b, round)
		result := drive(b, bare.addr, benchConnections, benchRequests, request)
		theirs.add(&result, result.Took)
		begin := time.Now()
		result = drive(b, p.addr, benchConnections, benchRequests, request)
		awaitAnnotations(b, db)
		ours.add(&result, time.Since(begin))
	}
	checkAnnotations(b, db, benchRounds*benchRequests)
	cpu := func(p *program) time.Duration { return p.cpu() / (benchRounds * benchRequests) }

	ratio := median(ours.perSecond) / median(theirs.perSecond)
	tail := float64(median(ours.p99)) / float64(median(theirs.p99))
	b.ReportMetric(median(ours.perSecond), "callbacks/s")
	b.ReportMetric(ratio, "of-bare")
	b.ReportMetric(tail, "p99-of-bare")
	b.ReportMetric(0, "ns/op")
	printTable(b, fmt.Sprintf("%s: %d connections, signed PUT of %d bytes, median of %d rounds of %d", w.name,
		benchConnections, benchBody, benchRounds, benchRequests), []line{
		{"requests/s, all verified and updated", "", fmt.Sprintf("%.0f (answered alone: %.0f)", median(ours.perSecond), median(ours.answeredPerSecond))},
		{"requests/s, bare", "", fmt.Sprintf("%.0f", median(theirs.perSecond))},
		{"ratio", "0.25, goal 0.40", fmt.Sprintf("%.3f", ratio)},
		{"p50, ours and bare", "", fmt.Sprintf("%v  %v", median(ours.p50), median(theirs.p50))},
		{"p99, ours and bare", "", fmt.Sprintf("%v  %v", median(ours.p99), median(theirs.p99))},
		{"p99 ratio", "4 at the most", fmt.Sprintf("%.2f", tail)},
		{"processor time of one, ours and bare", "", fmt.Sprintf("%v  %v", cpu(p), cpu(bare))},
	})
}

func drive(b *testing.B, addr string, connections, requests int, request func(int) []byte) load.Result {
	b.Helper()
	run := load.Run{Addr: addr, Connections: connections, Requests: requests, Request: request}
	result, err := run.Do(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return result
}

// awaitAnnotations waits until the newest callbacks have their verdicts. It
// looks at few, so that looking costs the program little.
func awaitAnnotations(b *testing.B, db *store.DB) {
	b.Helper()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for {
		rows, err := db.List(b.Context(), store.Query{Limit: 2 * benchConnections})
		if err != nil {
			b.Fatal(err)
		}
		if !slices.ContainsFunc(rows, func(x capture.Exchange) bool { return x.Annotation.Verification.Status == "" || x.Response == nil }) {
			return
		}
		<-ticker.C
	}
}

// checkAnnotations looks at all of them, when the time is taken.
func checkAnnotations(b *testing.B, db *store.DB, want int) {
	b.Helper()
	got := 0
	walk(b, db, 0, func(x *capture.Exchange) {
		got++
		if status := x.Annotation.Verification.Status; !status.Proven() || x.State != capture.StateAnswered {
			b.Fatalf("callback %d is %s with the verdict %q when the time was taken", x.ID, x.State, status)
		}
	})
	if got != want {
		b.Fatalf("%d callbacks are stored, want %d", got, want)
	}
}

// line is a line of a table: what was measured, what the target is, the result.
type line struct{ what, target, got string }

func printTable(b *testing.B, title string, lines []line) {
	b.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s (%s/%s, %d CPUs)\n", title, runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, l := range lines {
		fmt.Fprintf(&text, "  %-40s %-34s %s\n", l.what, l.got, l.target)
	}
	_, _ = os.Stdout.WriteString(text.String())
}
