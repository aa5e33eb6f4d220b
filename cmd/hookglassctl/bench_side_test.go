package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// startBare starts the bare handler.
func startBare(b *testing.B) *program {
	b.Helper()
	return startQuietly(b, "", programPath(b, "bare"))
}

// serveQuietly starts serve as in production: what it prints goes into a file,
// and nothing is dropped.
func serveQuietly(b *testing.B, args ...string) *program {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "data")
	words := []string{"serve", "--listen", "127.0.0.1:0", "--json", "--data-dir", dir, "--keep", "0", "--keep-bytes", "0"}
	return startQuietly(b, dir, programPath(b, "hookglassctl"), append(words, args...)...)
}

func startQuietly(b *testing.B, dir, name string, args ...string) *program {
	b.Helper()
	stdout, err := os.Create(filepath.Join(b.TempDir(), "stdout"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = stdout.Close() }()
	p := &program{dir: dir, stderr: &output{}, ended: make(chan error, 1)}
	p.cmd = exec.CommandContext(context.WithoutCancel(b.Context()), name, args...)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = environment(), stdout, p.stderr
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	b.Cleanup(p.kill)
	p.url = firstLine(b, p, stdout.Name())
	var listening struct{ URL string }
	if json.Unmarshal([]byte(p.url), &listening) == nil {
		p.url = listening.URL
	}
	p.addr = strings.TrimPrefix(p.url, "http://")
	return p
}

// firstLine waits for the first line that a process prints into a file.
func firstLine(b *testing.B, p *program, name string) string {
	b.Helper()
	for range time.Tick(time.Millisecond) {
		file, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		line, err := bufio.NewReader(file).ReadString('\n')
		_ = file.Close()
		if err == nil {
			return strings.TrimSpace(line)
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			b.Fatalf("%s ended: %v: %s", p.cmd.Path, err, p.stderr)
		default:
		}
	}
	return ""
}

// resident is the memory of a process in KiB, as the system counts it.
func (p *program) resident(b *testing.B) int {
	b.Helper()
	kib := residentOf(p.cmd.Process.Pid)
	if kib == 0 {
		b.Skip("only Linux tells the memory of a process here")
	}
	return kib
}

// residentOf is the memory of a process in KiB; 0 where the system does not tell,
// or it has ended.
func residentOf(pid int) (kib int) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kib); err == nil {
			return kib
		}
	}
	return 0
}

// cpu is the processor time that a process has used; 0 where only its parent
// could tell.
func (p *program) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// The name may hold spaces; after it come state and 10 numbers, then the
	// ticks in user and in system mode, 100 a second on every Linux.
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	var ticks time.Duration
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond
}
