package main_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Ctrl+C ends an import that waits for standard input, and nothing is left behind.
func TestImportOfInputIsInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent a signal on Windows")
	}
	in, typed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(in.Close(), typed.Close()) }()
	spool := t.TempDir()
	var errs bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, programPath(t, "hookglassctl"), "--data-dir", t.TempDir(), "import", "-")
	cmd.Stdin, cmd.Stderr, cmd.Env = in, &errs, environment("TMPDIR="+spool)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := typed.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := typed.Write(bytes.Repeat([]byte("a"), 1<<20)); err != nil { // more than a pipe holds: it is being read
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(errs.String(), "cancelled: nothing of the file stays") {
		t.Errorf("it ended with %v and said %q", err, errs.String())
	}
	if left, err := os.ReadDir(spool); err != nil || len(left) != 0 {
		t.Errorf("%v is left behind (%v)", left, err)
	}
}
