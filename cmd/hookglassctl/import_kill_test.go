package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hookglass/capture"
)

// longHAR is a HAR file of so many callbacks.
func longHAR(t *testing.T, entries int) string {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(`{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[`)
	for n := range entries {
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"startedDateTime":"2024-01-02T03:04:05.%03dZ","time":1,"request":{"method":"POST","url":"https://a.example/har/%d","httpVersion":"HTTP/1.1",`+
			`"headers":[{"name":"Content-Type","value":"text/plain"}],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":2,"postData":{"mimeType":"text/plain","text":"body %d"}},`+
			`"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":0,"mimeType":""},"redirectURL":"","headersSize":-1,"bodySize":0},`+
			`"cache":{},"timings":{"send":0,"wait":1,"receive":0}}`, n%1000, n, n)
	}
	b.WriteString(`]}}`)
	path := filepath.Join(t.TempDir(), "long.har")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// staged is what of a file that is being read can be seen in the database.
func staged(t *testing.T, dir string) (sessions int, callbacks int64) {
	t.Helper()
	db := openStore(t, dir)
	defer func() { _ = db.Close() }()
	all, err := db.Sessions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.State != capture.SessionStaged {
			continue
		}
		stats, err := db.SessionStats(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		sessions++
		callbacks += stats.Exchanges
	}
	return sessions, callbacks
}

// TestKilledImportLeavesNothing ends who asked for an import with SIGKILL in the
// middle of it, and then the program itself.
func TestKilledImportLeavesNothing(t *testing.T) {
	har := longHAR(t, 60_000)
	p := serve(t, t.TempDir())
	p.send(t, callback{"POST", "/live", nil, []byte("x")})
	settled(t, p.dir, 1)
	for _, tt := range []struct {
		name string
		end  func(asking *exec.Cmd)
	}{
		{"who asked was killed", func(asking *exec.Cmd) { _ = asking.Process.Kill() }},
		{"the program was killed", func(*exec.Cmd) {
			p.kill()
			p = serve(t, p.dir)
		}},
	} {
		asking := exec.CommandContext(t.Context(), programPath(t, "hookglassctl"), "--data-dir", p.dir, "import", har)
		asking.Env = environment()
		if err := asking.Start(); err != nil {
			t.Fatal(err)
		}
		until(t, "something of the file is read", func() bool { _, n := staged(t, p.dir); return n > 0 })
		if got := list(t, p.dir); len(got) != 1 {
			t.Errorf("%d callbacks are listed while a file is read, want 1", len(got))
		}
		tt.end(asking)
		if err := asking.Wait(); err == nil {
			t.Errorf("%s: the import says that it went well", tt.name)
		}
		until(t, tt.name+" and nothing is left", func() bool { n, _ := staged(t, p.dir); return n == 0 })
		if got := list(t, p.dir, "--limit", "0"); len(got) != 1 {
			t.Errorf("%s: %d callbacks are listed, want 1", tt.name, len(got))
		}
	}
}

// until waits for what must become true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(patience); !is(); <-ticker.C {
		if time.Now().After(deadline) {
			t.Fatalf("it does not become true that %s", what)
		}
	}
}
