package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hookglass/cmd/internal/load"
)

const (
	singleRequests = 2000
	singleRounds   = 3
)

// BenchmarkOneAtATime measures what one callback waits for its answer while
// nothing else happens, beside the bare handler and one fsync in the same
// folder.
func BenchmarkOneAtATime(b *testing.B) {
	for b.Loop() {
		bare, p := startBare(b), serveQuietly(b)
		configure(b, p.dir)
		request := redeliveries(b, 0)
		var ours, theirs score
		var disk []time.Duration
		for range singleRounds {
			result := drive(b, bare.addr, 1, singleRequests, request)
			theirs.add(&result, result.Took)
			disk = append(disk, syncTimes(b, p.dir)...)
			result = drive(b, p.addr, 1, singleRequests, request)
			ours.add(&result, result.Took)
		}
		syncs := load.Result{Latencies: slices.Sorted(slices.Values(disk))}
		p50, p99 := median(ours.p50), median(ours.p99)
		target50 := 3*median(theirs.p50) + syncs.Percentile(50)
		target99 := 2*time.Millisecond + syncs.Percentile(99)
		b.ReportMetric(float64(p50.Microseconds()), "p50-µs")
		b.ReportMetric(float64(p99.Microseconds()), "p99-µs")
		b.ReportMetric(0, "ns/op")
		printTable(b, fmt.Sprintf("one callback at a time, median of %d rounds of %d", singleRounds, singleRequests), []line{
			{"bare p50, p99", "", fmt.Sprintf("%v  %v", median(theirs.p50), median(theirs.p99))},
			{"write and fsync p50, p99", "", fmt.Sprintf("%v  %v", syncs.Percentile(50), syncs.Percentile(99))},
			{"p50", fmt.Sprintf("%v: 3 × bare + fsync", target50), p50.String()},
			{"p99", fmt.Sprintf("%v: 2 ms + fsync", target99), p99.String()},
		})
	}
}

// syncTimes measures a write of two pages and its fsync in a file that is long
// enough already, which is what a commit into the write-ahead log costs.
func syncTimes(b *testing.B, dir string) []time.Duration {
	b.Helper()
	const size, page, n = 4 << 20, 8 << 10, 300
	name := filepath.Join(dir, "sync-probe")
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _, _ = file.Close(), os.Remove(name) }()
	if _, err := file.Write(make([]byte, size)); err != nil {
		b.Fatal(err)
	}
	if err := file.Sync(); err != nil {
		b.Fatal(err)
	}
	times := make([]time.Duration, n)
	for i := range times {
		begin := time.Now()
		if _, err := file.WriteAt(make([]byte, page), int64(i*page%size)); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
		times[i] = time.Since(begin)
	}
	return times
}

// BenchmarkMemory compares the program's memory after 10,000 captures with that
// after many: 100,000, and a million with HOOKGLASS_BENCH_LONG=1.
func BenchmarkMemory(b *testing.B) {
	const few = 10_000
	many := 100_000
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		many = 1_000_000
	}
	for b.Loop() {
		p := serveQuietly(b)
		configure(b, p.dir)
		db := openStore(b, p.dir)
		request := deliveries(b, 0)
		drive(b, p.addr, benchConnections, few, request)
		awaitAnnotations(b, db)
		before := p.resident(b)
		for sent := few; sent < many; sent += few {
			drive(b, p.addr, benchConnections, few, request)
		}
		awaitAnnotations(b, db)
		after := p.resident(b)
		_ = db.Close()
		ratio := float64(after) / float64(before)
		b.ReportMetric(ratio, "growth")
		b.ReportMetric(0, "ns/op")
		printTable(b, "memory (RSS)", []line{
			{fmt.Sprintf("after %d captures", few), "", fmt.Sprintf("%.1f MiB", float64(before)/1024)},
			{fmt.Sprintf("after %d captures", many), "", fmt.Sprintf("%.1f MiB", float64(after)/1024)},
			{"growth", "1.25 at the most", fmt.Sprintf("%.2f", ratio)},
		})
	}
}

// BenchmarkCrowd measures callbacks beside 10,000 connections that say nothing,
// or almost nothing.
func BenchmarkCrowd(b *testing.B) {
	const idle, requests = 10_000, 1000
	for b.Loop() {
		p := serveQuietly(b, "--header-timeout", "10m", "--body-timeout", "10m")
		configure(b, p.dir)
		request := redeliveries(b, 0)
		alone := drive(b, p.addr, 1, requests, request)
		crowd(b, p, idle)
		beside := drive(b, p.addr, 1, requests, request)
		b.ReportMetric(float64(beside.Percentile(99).Microseconds()), "p99-µs")
		b.ReportMetric(0, "ns/op")
		printTable(b, fmt.Sprintf("callbacks beside %d idle and crawling connections", idle), []line{
			{"alone p50, p99", "", fmt.Sprintf("%v  %v", alone.Percentile(50), alone.Percentile(99))},
			{"beside them p50, p99", "", fmt.Sprintf("%v  %v", beside.Percentile(50), beside.Percentile(99))},
			{"memory (RSS)", "", fmt.Sprintf("%.1f MiB", float64(p.resident(b))/1024)},
		})
	}
}
