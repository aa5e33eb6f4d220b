package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCurlAndRequest sends a callback, prints it as a command and as raw bytes,
// and has the command send it again.
func TestCurlAndRequest(t *testing.T) {
	p := serve(t, t.TempDir())
	const body = "it's \x00\xff raw\r\n"
	p.send(t, callback{"PUT", "/kornitx/order?a=1", []string{"X-Mixed-cAse: 1", "X-Mixed-cAse: 2"}, []byte(body)})
	settled(t, p.dir, 1)

	raw := mustCtl(t, p.dir, nil, "request", "1")
	if !strings.HasPrefix(raw, "PUT /kornitx/order?a=1 HTTP/1.1\r\n") || !strings.HasSuffix(raw, "\r\n\r\n"+body) ||
		!strings.Contains(raw, "X-Mixed-cAse: 1\r\nX-Mixed-cAse: 2\r\n") {
		t.Errorf("request: %q", raw)
	}

	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	file := filepath.Join(t.TempDir(), "body")
	for i, args := range [][]string{{}, {"--body-file", file}} {
		command := mustCtl(t, p.dir, nil, append([]string{"curl", "1", "--to", p.url}, args...)...)
		shell := exec.CommandContext(t.Context(), "sh")
		shell.Stdin = strings.NewReader(command)
		if out, err := shell.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s\n%s", err, out, command)
		}
		settled(t, p.dir, i+2)
		if got := mustCtl(t, p.dir, nil, "show", "--body", []string{"2", "3"}[i]); got != body {
			t.Errorf("%v: sent again: %q", args, got)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the body's file: %v, %v", info, err)
	}
	if _, said, code := ctl(t, p.dir, nil, "curl", "1", "--body-file", file); code != 1 || !strings.Contains(said, "exists") {
		t.Errorf("over a file that is there: %d, %s", code, said)
	}
}
