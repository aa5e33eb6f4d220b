package main_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// syncProbes is how many callbacks are followed through the trace.
const syncProbes = 20

// TestSyncPrecedesAnswer traces the program's system calls: for each callback
// its bytes go into the write-ahead log, the log is synced, and only then is the
// answer written to the socket.
func TestSyncPrecedesAnswer(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	trace := filepath.Join(t.TempDir(), "trace")
	p := serveUnder(t, []string{
		strace, "-f", "-y", "-s", "8192", "-o", trace,
		"-e", "trace=pwrite64,pwritev,write,writev,fsync,fdatasync,sync_file_range,sendto,sendmsg",
	}, t.TempDir())
	t.Cleanup(func() { stopTraced(t, p) }) // before p.kill, which would leave it running
	for n := range syncProbes {
		if answer := p.send(t, callback{"POST", "/x", nil, []byte(probe(n))}); answer.status != 200 {
			t.Fatalf("answered %d, want 200", answer.status)
		}
	}
	settled(t, p.dir, syncProbes)
	stopTraced(t, p)

	file, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	follower := syncFollower{pending: map[string]bool{}}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := follower.line(lines.Text()); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if follower.answers != syncProbes {
		t.Errorf("the trace holds %d answers, want %d", follower.answers, syncProbes)
	}
}

// stopTraced ends the program below strace, and strace with it.
func stopTraced(t *testing.T, p *program) {
	t.Helper()
	pid := p.cmd.Process.Pid
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return // it has ended
	}
	for _, child := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(n, syscall.SIGTERM)
		}
	}
	err = <-p.ended
	p.ended <- err
	if err != nil {
		t.Errorf("serve under strace ended with %v: %s", err, p.stderr)
	}
}

func probe(n int) string { return fmt.Sprintf("probe-%04d-of-the-sync-test", n) }

// syncFollower reads a trace line by line. Callbacks come one at a time, so the
// n-th answer belongs to the n-th probe.
type syncFollower struct {
	answers int
	written bool            // the next probe is in the log
	synced  bool            // and the log was synced since
	pending map[string]bool // by thread: a sync of the log that has begun after that
}

func (f *syncFollower) line(text string) error {
	thread, call, _ := strings.Cut(text, " ")
	call = strings.TrimSpace(call)
	log := strings.Contains(call, "-wal>")
	switch {
	case strings.HasPrefix(call, "pwrite") && log && strings.Contains(call, probe(f.answers)):
		f.written = true
	case strings.HasPrefix(call, "fdatasync(") || strings.HasPrefix(call, "fsync("):
		if log && strings.HasSuffix(call, "= 0") {
			f.synced = f.synced || f.written
		} else if log && strings.Contains(call, "<unfinished") {
			f.pending[thread] = f.written
		}
	case strings.Contains(call, "sync resumed>") && strings.HasSuffix(call, "= 0"):
		f.synced = f.synced || f.pending[thread]
		delete(f.pending, thread)
	case strings.Contains(call, `"HTTP/1.1 200 `):
		if !f.written || !f.synced {
			return fmt.Errorf("answer %d was written with its callback in the log: %t, and synced: %t", f.answers, f.written, f.synced)
		}
		f.answers++
		f.written, f.synced = false, false
		clear(f.pending)
	}
	return nil
}

// The follower itself has to notice what it is there for.
func TestSyncFollower(t *testing.T) {
	write := `7 pwrite64(5</d/h.db-wal>, "xx` + probe(0) + `yy", 4096, 32) = 4096`
	answer := `8 write(9<socket:[1]>, "HTTP/1.1 200 OK\r\n", 99) = 99`
	for _, tt := range []struct {
		name  string
		trace []string
		ok    bool
	}{
		{"in order", []string{write, `7 fdatasync(5</d/h.db-wal>) = 0`, answer}, true},
		{"in two parts", []string{write, `7 fdatasync(5</d/h.db-wal> <unfinished ...>`, `7 <... fdatasync resumed>) = 0`, answer}, true},
		{"no sync", []string{write, answer}, false},
		{"sync of another file", []string{write, `7 fdatasync(5</d/h.db>) = 0`, answer}, false},
		{"sync before the write", []string{`7 fdatasync(5</d/h.db-wal>) = 0`, write, answer}, false},
		{"sync begun before the write", []string{`7 fdatasync(5</d/h.db-wal> <unfinished ...>`, write, `7 <... fdatasync resumed>) = 0`, answer}, false},
		{"sync not over", []string{write, `7 fdatasync(5</d/h.db-wal> <unfinished ...>`, answer}, false},
		{"sync failed", []string{write, `7 fdatasync(5</d/h.db-wal>) = -1 EIO`, answer}, false},
	} {
		f := syncFollower{pending: map[string]bool{}}
		var err error
		for _, line := range tt.trace {
			if err == nil {
				err = f.line(line)
			}
		}
		if (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want it accepted: %t", tt.name, err, tt.ok)
		}
	}
}
