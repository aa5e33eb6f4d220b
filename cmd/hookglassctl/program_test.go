// These tests build the program once and drive it from outside, as a person or
// a sender would: over its command line and over TCP.
package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait: a test that needs it has failed.
const patience = 30 * time.Second

// built is where the programs lie once a test has asked for one.
var built struct {
	folder string
	once   sync.Once
	err    error
}

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "hookglass-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built.folder = folder
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// programPath builds the program, and the bare handler for the benchmark, and
// returns the path of the one that is named.
func programPath(t testing.TB, name string) string {
	t.Helper()
	built.once.Do(func() {
		args := append([]string{"build", "-o", built.folder + string(filepath.Separator)}, buildFlags...)
		args = append(args, ".", "../internal/load/bare")
		cmd := exec.CommandContext(context.Background(), "go", args...)
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(built.folder, name)
}

// environment is a clean one: no keyring, no configured keys of the person who
// runs the tests, and more as given. A data race that the detector finds ends
// the program; without one it does not linger at its end.
func environment(more ...string) []string {
	env := []string{"HOOKGLASS_KEYRING=off", "GORACE=halt_on_error=1 atexit_sleep_ms=0"}
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "HOOKGLASS_") {
			env = append(env, pair)
		}
	}
	return append(env, more...)
}

// program is a running serve.
type program struct {
	cmd    *exec.Cmd
	dir    string
	url    string
	addr   string
	stderr *output
	ended  chan error
}

// serve starts the program on a free port and waits until it listens.
func serve(t testing.TB, dir string, args ...string) *program {
	t.Helper()
	return serveUnder(t, nil, dir, args...)
}

// serveUnder starts the program under another one, such as strace.
func serveUnder(t testing.TB, under []string, dir string, args ...string) *program {
	t.Helper()
	words := append(slices.Clone(under), programPath(t, "hookglassctl"),
		"serve", "--listen", "127.0.0.1:0", "--json", "--data-dir", dir)
	words = append(words, args...)
	// Not the test's context: its end would kill the program before the cleanup.
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), words[0], words[1:]...)
	p := &program{cmd: cmd, dir: dir, stderr: &output{}, ended: make(chan error, 1)}
	p.cmd.Env = environment()
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadBytes('\n')
	go func() {
		_, _ = io.Copy(io.Discard, lines) // Wait wants the pipe read to its end
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(p.kill)
	var first struct{ Event, URL string }
	if err != nil || json.Unmarshal(line, &first) != nil || first.Event != "listening" {
		p.kill()
		t.Fatalf("serve began with %q (%v) and said: %s", line, err, p.stderr)
	}
	p.url, p.addr = first.URL, strings.TrimPrefix(first.URL, "http://")
	return p
}

// kill ends the program with SIGKILL and waits for its end. It may be called
// again.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	err := <-p.ended
	p.ended <- err
}

// stop ends the program as a terminal does and returns how it ended.
func (p *program) stop(t testing.TB) error {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent a signal on Windows")
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		p.ended <- err
		return err
	case <-time.After(patience):
		t.Fatalf("serve did not end on SIGTERM; it said: %s", p.stderr)
		return nil
	}
}

// ctl runs a command of the program in a data folder.
func ctl(t testing.TB, dir string, stdin []byte, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return ctlWith(t, environment(), dir, stdin, args...)
}

// ctlWith is ctl with an environment.
func ctlWith(t testing.TB, env []string, dir string, stdin []byte, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, programPath(t, "hookglassctl"), append([]string{"--data-dir", dir}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = bytes.NewReader(stdin), &out, &errs, env
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", args, err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// mustCtl is ctl for a command that has to end with 0.
func mustCtl(t testing.TB, dir string, stdin []byte, args ...string) string {
	t.Helper()
	stdout, stderr, code := ctl(t, dir, stdin, args...)
	if code != 0 {
		t.Fatalf("hookglassctl %s: exit %d: %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// output collects what a process prints. It is safe for concurrent use.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// fixture reads a file of testdata.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
