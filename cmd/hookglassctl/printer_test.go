package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// serveUnread starts serve and gives its standard output to the test.
func serveUnread(t *testing.T) (*program, io.ReadCloser) {
	t.Helper()
	p := &program{dir: t.TempDir(), stderr: &output{}, ended: make(chan error, 1)}
	// Not the test's context: its end would kill the program before the cleanup.
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), programPath(t, "hookglassctl"),
		"serve", "--listen", "127.0.0.1:0", "--json", "--data-dir", p.dir)
	p.cmd.Env, p.cmd.Stderr = environment(), p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReaderSize(stdout, 16).ReadBytes('\n')
	var first struct{ URL string }
	if err != nil || json.Unmarshal(line, &first) != nil {
		t.Fatalf("serve began with %q (%v)", line, err)
	}
	p.url, p.addr = first.URL, strings.TrimPrefix(first.URL, "http://")
	return p, stdout
}

// Who reads what serve prints may leave, as in "serve | head -1": the capture
// goes on, and says so.
func TestCaptureOutlivesItsReader(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a broken pipe is another thing on Windows")
	}
	p, stdout := serveUnread(t)
	if err := stdout.Close(); err != nil {
		t.Fatal(err)
	}
	const n = 5
	for range n {
		if answer := p.send(t, callback{"POST", "/x", nil, []byte("x")}); answer.status != 200 {
			t.Fatalf("answered %d after the reader left; serve said: %s", answer.status, p.stderr)
		}
	}
	if rows := settled(t, p.dir, n); len(rows) != n {
		t.Errorf("%d callbacks are kept, want %d", len(rows), n)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	if err := p.stop(t); err != nil {
		t.Errorf("serve ended with %v, want exit 0; it said: %s", err, p.stderr)
	}
	if said := p.stderr.String(); !strings.Contains(said, "capture goes on") {
		t.Errorf("serve said %q, want that it goes on", said)
	}
}

// A terminal that is stopped holds up neither callbacks nor the end.
func TestEndDoesNotWaitForATerminal(t *testing.T) {
	p, stdout := serveUnread(t)
	conn := p.dial(t)
	answers := bufio.NewReader(conn)
	const n = 400 // lines of some 500 bytes: more than a pipe holds
	for range n {
		if _, err := conn.Write((&callback{"POST", "/x", nil, []byte("x")}).raw()); err != nil {
			t.Fatal(err)
		}
		if answer := readAnswer(t, answers); answer.status != 200 {
			t.Fatalf("answered %d while nobody reads", answer.status)
		}
	}
	go func() { p.ended <- p.cmd.Wait() }()
	err := p.stop(t)
	_ = stdout.Close()
	if err != nil {
		t.Errorf("serve ended with %v, want exit 0; it said: %s", err, p.stderr)
	}
	if rows := list(t, p.dir, "--limit", "0"); len(rows) != n {
		t.Errorf("%d callbacks are kept, want %d", len(rows), n)
	}
}
