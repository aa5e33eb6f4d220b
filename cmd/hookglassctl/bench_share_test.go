package main_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hookglass/cmd/internal/load"
)

const (
	shareRows  = 60_000 // HOOKGLASS_BENCH_LONG=1: ten times as many
	shareRound = 4_000  // callbacks of a round
)

// BenchmarkShare measures how quickly callbacks are exported and imported, and what
// that does to callbacks that come meanwhile: as many as the program can take, and
// a steady few.
func BenchmarkShare(b *testing.B) {
	rows := shareRows
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		rows *= 10
	}
	for b.Loop() {
		shareMeanwhile(b, rows)
	}
}

func shareMeanwhile(b *testing.B, rows int) {
	p := serveQuietly(b)
	configure(b, p.dir)
	for round := 0; round*benchRequests < rows; round++ {
		drive(b, p.addr, benchConnections, min(benchRequests, rows-round*benchRequests), deliveries(b, round))
	}
	db := openStore(b, p.dir)
	awaitAnnotations(b, db)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	size := float64(rows) * benchBody / 1e6
	folder := b.TempDir()
	var lines []line
	for _, profile := range []string{"none", "secrets", "personal"} {
		took, cpu, peak := timed(b, p, "export", "--session", "1", "--redact", profile, "-o", filepath.Join(folder, profile+".hookglass"))
		lines = append(lines, line{"export, " + profile, "", fmt.Sprintf("%.0f MB/s of bodies, %.0f in a second of one processor, %d KiB resident at the most", size/took.Seconds(), size/cpu.Seconds(), peak)})
	}
	q := serveQuietly(b)
	configure(b, q.dir)
	before, spent := q.resident(b), q.cpu()
	took, _, _ := timed(b, q, "import", filepath.Join(folder, "secrets.hookglass"))
	lines = append(lines, line{"import", "40 MB/s", fmt.Sprintf("%.0f MB/s of bodies, %.0f in a second of one processor, from %d to %d KiB resident", size/took.Seconds(), size/(q.cpu()-spent).Seconds(), before, q.resident(b))})
	mustCtl(b, p.dir, nil, "session", "new", "Meanwhile")
	for _, of := range []struct {
		name        string
		connections int
		pause       time.Duration
	}{{"all that it takes", benchConnections, 0}, {"300 a second", 8, 26 * time.Millisecond}} {
		p := p
		alone := meanwhile(b, p, of.connections, of.pause, nil)
		lines = append(lines, line{of.name + ", alone", "", fmt.Sprintf("p50 %v  p99 %v", alone.Percentile(50), alone.Percentile(99))})
		for _, work := range [][]string{
			{"export", "--session", "1", "--force", "-o", filepath.Join(folder, "again.hookglass")},
			{"import", filepath.Join(folder, "none.hookglass")},
		} {
			if work[0] == "import" {
				p = serveQuietly(b)
				configure(b, p.dir)
			}
			with := meanwhile(b, p, of.connections, of.pause, work)
			ratio := float64(with.Percentile(99)) / float64(alone.Percentile(99))
			lines = append(lines, line{of.name + ", during " + work[0], "p99 2 at the most", fmt.Sprintf("p50 %v  p99 %v: %.2f", with.Percentile(50), with.Percentile(99), ratio)})
			b.ReportMetric(ratio, strings.ReplaceAll(work[0]+"-p99-"+of.name, " ", "-"))
		}
	}
	b.ReportMetric(0, "ns/op")
	printTable(b, fmt.Sprintf("share: %d callbacks of %d bytes", rows, benchBody), lines)
}

// timed runs a command, and tells how much of the processor it took, and how much
// memory it was seen to have at the most, in KiB.
func timed(b *testing.B, p *program, args ...string) (took, cpu time.Duration, peak int) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), programPath(b, "hookglassctl"), append([]string{"--data-dir", p.dir}, args...)...)
	var said bytes.Buffer
	cmd.Env, cmd.Stderr = environment(), &said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.Fatalf("%v: %v: %s", args, err, &said)
			}
			return time.Since(began), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak
		case <-time.After(50 * time.Millisecond):
			peak = max(peak, residentOf(cmd.Process.Pid))
		}
	}
}

// meanwhile sends callbacks while a command runs over and over again.
func meanwhile(b *testing.B, p *program, connections int, pause time.Duration, args []string) load.Result {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for args != nil && ctx.Err() == nil {
			cmd := exec.CommandContext(ctx, programPath(b, "hookglassctl"), append([]string{"--data-dir", p.dir}, args...)...)
			cmd.Env = environment()
			if out, err := cmd.CombinedOutput(); err != nil && ctx.Err() == nil {
				b.Errorf("%v: %v: %s", args, err, out)
				return
			}
		}
	}()
	if args != nil {
		time.Sleep(300 * time.Millisecond) // it has begun
	}
	request := load.Request("PUT", "/klix/purchases", fixture(b, "klix_signed.json"), asJSON, klixSignature(b))
	requests := shareRound
	if pause == 0 {
		requests *= 5
	}
	result := drive(b, p.addr, connections, requests, func(int) []byte {
		time.Sleep(pause)
		return request
	})
	cancel()
	<-ended
	return result
}
