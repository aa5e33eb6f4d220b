package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEdge(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	in, commands := io.Pipe()
	printed, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"--host", "shop.test", "--token", "x", "--dir", dir}, in, out)
		_ = out.Close() // a pipe's never fails
		ended <- err
	}()
	lines := bufio.NewScanner(printed)
	until := func(prefix string) string {
		t.Helper()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), prefix) {
				return lines.Text()
			}
		}
		t.Fatalf("no line begins with %q", prefix)
		return ""
	}
	until("HOOKGLASS_NGROK_CONNECT=127.0.0.1:")
	file := strings.TrimPrefix(until("HOOKGLASS_NGROK_CA="), "HOOKGLASS_NGROK_CA=")
	if pem, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(pem), "-----BEGIN CERTIFICATE-----") || file != filepath.Join(dir, "edge-ca.pem") {
		t.Errorf("the certificate at %s is %q, %v", file, pem, err)
	}
	until("HOOKGLASS_NGROK_EDGE=127.0.0.1:")
	if line := until("curl "); !strings.Contains(line, "https://shop.test/") {
		t.Errorf("the curl line is %q", line)
	}
	tests := []struct{ command, want string }{
		{"cut", "reset"},
		{"down", "are refused"},
		{"up", "are accepted"},
		{"silence", "nothing is answered"},
		{"speak", "everything is answered"},
		{"stop", "no agent is here"},
		{"refuse 105", "ERR_NGROK_105"},
		{"refuse", "give the number"},
		{"accept", "are accepted"},
		{"host other.test", "other.test is handed out next"},
		{"host", "give a host"},
		{"status", "Sessions:0"},
		{"dance", "unknown; there are: cut"},
	}
	for _, test := range tests {
		if _, err := io.WriteString(commands, test.command+"\n"); err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(test.command, " ")
		if got := until(name + ":"); !strings.Contains(got, test.want) {
			t.Errorf("%s: told %q, want %q", test.command, got, test.want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	_ = commands.Close() // ends the reader
}
