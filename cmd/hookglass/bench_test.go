//go:build linux

package main_test

import (
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// releaseTags are those of the Makefile.
const releaseTags = "sqlite_fts5 migrated_fynedo no_animations x11"

// Parts of the window at deskWidth × deskHeight.
var (
	rowsShown = image.Rect(460, 185, 540, 675) // the right part from the second row on, without the scroll bar
)

const (
	few = 1000 // callbacks in the folder that the others are compared with

	// Where the list is in a window as large as the desk.
	rowsX    = 350
	firstRow = 153 // the middle of its first row
	rowPitch = 52
	barX     = 568 - 7 // its scroll bar
	barTop   = 145
)

// many is how many callbacks fill the list: 100,000, and a million with
// HOOKGLASS_BENCH_LONG=1, which takes a while to write.
func many() int {
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		return 1_000_000
	}
	return 100_000
}

// release builds a program of ours as it is shipped and returns where it lies.
func release(b testing.TB, pkg string) string {
	b.Helper()
	path := filepath.Join(built.folder, "release-"+filepath.Base(pkg))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.CommandContext(b.Context(), "go", "build", "-tags", releaseTags, "-ldflags", "-s -w", "-o", path, pkg)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

func releasedHello(b testing.TB) string {
	b.Helper()
	return release(b, "hookglass/cmd/internal/hello")
}

func releasedHookglass(b testing.TB) string { b.Helper(); return release(b, "hookglass/cmd/hookglass") }

// filledFolder is a data folder with so many callbacks, which keeps them all.
// One that is there already is taken: a million take a while to write, and with
// HOOKGLASS_BENCH_FOLDER they stay for the next run.
func filledFolder(b testing.TB, count int) string {
	b.Helper()
	parent := os.Getenv("HOOKGLASS_BENCH_FOLDER")
	if parent == "" {
		parent = built.folder
	}
	folder := filepath.Join(parent, strconv.Itoa(count))
	if _, err := os.Stat(folder); err != nil {
		fillFolder(b, folder+".new", count)
		if err := os.Rename(folder+".new", folder); err != nil {
			b.Fatal(err)
		}
	}
	forget(b, folder)
	return folder
}

// fillFolder makes a folder with so many callbacks.
func fillFolder(b testing.TB, folder string, count int) {
	b.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		b.Fatal(err)
	}
	db, err := store.Open(b.Context(), filepath.Join(folder, "hookglass.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	fill(b, db, count)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// forget has the window forget its size and all else, and keep every callback.
func forget(b testing.TB, folder string) {
	b.Helper()
	text := fmt.Appendf(nil, `{"max_count": -1, "max_bytes": %d, "quit_asked": true}`, int64(1)<<40)
	if err := os.WriteFile(filepath.Join(folder, "window.json"), text, 0o600); err != nil {
		b.Fatal(err)
	}
}

// fill captures a hundred callbacks a second, up to now, from many goroutines: they
// share commits.
func fill(b testing.TB, db *store.DB, count int) {
	b.Helper()
	const together = 256
	numbers := make(chan int)
	failures := make([]error, together)
	var workers sync.WaitGroup
	begin := time.Now().Add(-time.Duration(count) * 10 * time.Millisecond)
	for i := range failures {
		workers.Go(func() {
			for n := range numbers {
				if failures[i] == nil {
					failures[i] = db.Create(b.Context(), told(n, begin.Add(time.Duration(n)*10*time.Millisecond)))
				}
			}
		})
	}
	for n := range count {
		numbers <- n
	}
	close(numbers)
	workers.Wait()
	for _, err := range failures {
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// told is a callback that was answered and looked at.
func told(n int, at time.Time) *capture.Exchange {
	body := fmt.Appendf(nil, `{"id":%d,"ref":"8679131463FC8D18","external_ref":"SHOP-%d","status":8,"status_name":"Dispatched",`+
		`"shipping_carrier":"Hermes","shipping_tracking":"H023YA%d","new_shipments":[],"new_cancellations":[]}`, n, n, n)
	return &capture.Exchange{
		State: capture.StateAnswered, Via: capture.ViaLocal, Endpoint: "/kornitx/*",
		Request: capture.Request{
			Received: at, Remote: "127.0.0.1:50000", Source: "127.0.0.1", Method: "PUT", Target: "/kornitx/orders",
			Proto: "HTTP/1.1", Host: "hooks.example", Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}},
			Body: body, Size: int64(len(body)),
		},
		Annotation: capture.Annotation{
			Provider: "kornitx", Event: "order.dispatched", Summary: "Dispatched by Hermes", Order: "SHOP-" + strconv.Itoa(n),
			AtArrival: capture.Valid, Verification: capture.Verification{Status: capture.Valid, Scheme: "hmac-sha256", Reason: "It matches."},
		},
		Response: &capture.Response{
			Status: 200, Body: []byte("{}"), By: capture.ByPreset, Preset: "accepted",
			Timing: capture.Timing{Answered: at.Add(time.Millisecond), Took: time.Millisecond},
		},
	}
}

// bench is a desk whose pixels are looked at quickly.
type bench struct {
	*desk
	*screen
	testing.TB
}

func newBench(b testing.TB) *bench {
	b.Helper()
	d := newDesk(b)
	return &bench{desk: d, screen: openScreen(b, d.display, func() { d.keep("bench") }), TB: b}
}

// launch starts a program, and does not wait for anything.
func (p *bench) launch(name string, args ...string) {
	p.Helper()
	p.cmd = p.command(name, args...)
	p.cmd.Stderr = &p.stderr
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
	cmd, ended := p.cmd, make(chan error, 1)
	p.ended = ended
	go func() { ended <- cmd.Wait() }()
	p.Cleanup(func() { _ = cmd.Process.Kill() })
}

// hookglass is how the program is started on a folder.
func hookglass(folder string) []string {
	return []string{"--data-dir", folder, "--listen", "127.0.0.1:0"}
}

// open starts the program on a folder and waits until its rows are there, in a
// window as large as the desk.
func (p *bench) open(folder string) {
	p.Helper()
	p.folder = folder
	said := len(p.stderr.String())
	p.launch(releasedHookglass(p), hookglass(folder)...)
	p.await("something is shown", p.shown)
	p.until("the program listens", func() bool {
		match := listeningOn.FindStringSubmatch(p.stderr.String()[said:])
		if match != nil {
			p.addr = match[1]
		}
		return match != nil
	})
	p.until("a window is there", func() bool {
		out, err := p.command("xdotool", "search", "--onlyvisible", "--name", "^Hookglass").Output()
		p.window = strings.TrimSpace(strings.Split(string(out), "\n")[0])
		return err == nil && p.window != ""
	})
	p.resize(deskWidth, deskHeight)
	p.settle()
}

// leave ends the program and waits until the screen is black. Fyne 2.8.1 now and
// then waits for itself for ever when it ends: that is not what is measured.
func (p *bench) leave() {
	p.Helper()
	const ends = 5 * time.Second
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.Fatal(err)
	}
	timer := time.AfterFunc(ends, func() {
		p.Logf("the program did not end within %v and is killed", ends)
		_ = p.cmd.Process.Kill()
	})
	if err := <-p.ended; err != nil {
		p.Logf("the program ended with %v", err) // hello may not listen for signals yet
	}
	timer.Stop()
	p.await("the screen is black again", func() bool { return !p.shown() })
}

// resident is the memory of the program in KiB, as the system counts it.
func (p *bench) resident() int {
	p.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kib int
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kib); err == nil {
			return kib
		}
	}
	p.Fatal("no VmRSS in /proc/PID/status")
	return 0
}

// drawing is the processor time of the goroutine that draws: Fyne locks it to
// the first thread of the process.
func (p *bench) drawing() time.Duration {
	p.Helper()
	return p.threads(strconv.Itoa(p.cmd.Process.Pid))
}

// all is the processor time of every thread, those of a software renderer too.
func (p *bench) all() time.Duration { p.Helper(); return p.threads("*") }

// threads adds the processor time of threads up. Those that have ended do not
// count, but Go and Mesa keep theirs.
func (p *bench) threads(which string) time.Duration {
	p.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/%s/schedstat", p.cmd.Process.Pid, which))
	if err != nil || len(files) == 0 {
		p.Fatalf("no threads: %v", err)
	}
	var total time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		var ran int64
		if _, err := fmt.Sscan(string(text), &ran); err != nil {
			p.Fatal(err)
		}
		total += time.Duration(ran)
	}
	return total
}

func median[T int | float64 | time.Duration](values []T) T {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// ratio is how a measure compares with another.
func ratio[T int | time.Duration](a, b T) float64 { return float64(a) / float64(b) }

func inMillis(t time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(t)/float64(time.Millisecond))
}

// line is a line of a table: what was measured, the result, what the target is.
type line struct{ what, got, target string }

func printTable(title string, lines ...line) {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s (%s/%s, %d CPUs)\n", title, runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, l := range lines {
		fmt.Fprintf(&text, "  %-48s %-30s %s\n", l.what, l.got, l.target)
	}
	_, _ = os.Stdout.WriteString(text.String())
}

// pass waits for a time that is part of what is measured.
func pass(ctx context.Context, t time.Duration) {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
