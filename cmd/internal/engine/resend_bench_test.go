package engine

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/cmd/internal/load"
	"hookglass/store"
)

// BenchmarkResend sends 10,000 resends at concurrency 32 and, in turns, the same
// requests over as many kept connections with a client that does nothing else, to
// one server.
func BenchmarkResend(b *testing.B) {
	const requests, concurrency = 10_000, 32
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the programs have it
	address := startBare(b)
	e := openBench(b)
	body, err := os.ReadFile("../../../providers/kornitx/samples/dispatched.json")
	if err != nil {
		b.Fatal(err)
	}
	host := strings.TrimPrefix(address, "http://")
	raw := load.Request("PUT", "/kornitx/x", body, "Content-Type: application/json")
	for _, distinct := range []int{1, requests} {
		name := "one"
		if distinct > 1 {
			name = "different"
		}
		b.Run(name, func(b *testing.B) {
			ids := fill(b, e, raw, distinct)
			var plain, ours []float64
			var heap uint64
			for b.Loop() {
				run := load.Run{Addr: host, Connections: concurrency, Requests: requests, Request: func(int) []byte { return raw }}
				result, err := run.Do(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				plain = append(plain, result.PerSecond())
				job := ResendJob{Resending: Resending{To: address}, IDs: ids, Times: requests / distinct, Concurrency: concurrency}
				resending, err := e.StartResend(b.Context(), job, func(*Resent) {})
				if err != nil {
					b.Fatal(err)
				}
				report, err := resending.Wait()
				if err != nil || report.Accepted != requests {
					b.Fatalf("%+v, %v", report, err)
				}
				ours = append(ours, requests/report.Took.Seconds())
				var memory runtime.MemStats
				runtime.ReadMemStats(&memory)
				heap = max(heap, memory.HeapInuse)
			}
			slices.Sort(plain)
			slices.Sort(ours)
			b.ReportMetric(plain[len(plain)/2], "plain/s")
			b.ReportMetric(ours[len(ours)/2], "resends/s")
			b.ReportMetric(ours[len(ours)/2]/plain[len(plain)/2], "ratio")
			b.ReportMetric(float64(heap)/(1<<20), "MiB")
		})
	}
}

// startBare starts the bare server in a process of its own.
func startBare(b *testing.B) (address string) {
	b.Helper()
	program := filepath.Join(b.TempDir(), "bare")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, "hookglass/cmd/internal/load/bare").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	cmd := exec.CommandContext(b.Context(), program)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}

func openBench(b *testing.B) *Engine {
	b.Helper()
	e, err := Open(b.Context(), Config{Folder: b.TempDir(), Limits: capture.DefaultLimits(), Getenv: environment(nil), Retention: store.Retention{}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close(context.WithoutCancel(b.Context())) })
	return e
}

// fill keeps callbacks to resend.
func fill(b *testing.B, e *Engine, raw []byte, n int) []int64 {
	b.Helper()
	r, err := capture.ReadRequest(raw)
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]int64, n)
	for i := range ids {
		x := &capture.Exchange{State: capture.StateAnswered, Via: capture.ViaLocal, Endpoint: "/kornitx/*", Request: r}
		x.Response = &capture.Response{Status: 200, By: capture.ByPreset}
		x.Annotation = e.Set.Annotate(&x.Request, EndpointOf(x, e.Endpoints()))
		if err := e.Store.Create(b.Context(), x); err != nil {
			b.Fatal(err)
		}
		ids[i] = x.ID
	}
	return ids
}
