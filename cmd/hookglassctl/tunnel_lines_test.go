package main_test

import (
	"bufio"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

// last returns the last line of a serve that has ended.
func (p *tunneled) last(t testing.TB) (end event) {
	t.Helper()
	for e := range p.lines {
		end = e
	}
	return end
}

// outages reads from a folder when its public address did not carry.
func outages(t testing.TB, dir string) []capture.Outage {
	t.Helper()
	db, err := store.OpenReader(t.Context(), engine.StorePath(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // was only read
	events, err := db.PublicEvents(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	return capture.Outages(events)
}

// Stopped from the service's dashboard, the address is gone and says so; the
// local one goes on.
func TestTunnelStoppedByTheService(t *testing.T) {
	s, dir := startEdge(t), t.TempDir()
	p := serveTunneled(t, s.env, dir, "--tunnel")
	base := p.event(t, state("online")).URL
	if err := s.StopAgent(base); err != nil {
		t.Fatal(err)
	}
	if e := p.event(t, state("failed")); e.Event != "tunnel" || e.URL != base || !strings.Contains(e.Reason, "dashboard") {
		t.Errorf("told %+v", e)
	}
	if got := p.send(t, callback{"POST", "/x", nil, []byte("x")}); got.status != 200 {
		t.Errorf("the local address answers %d", got.status)
	}
	if row := last(t, dir, 1); row.Via != "local" {
		t.Errorf("captured via %s", row.Via)
	}
	if err := p.stop(t); err != nil {
		t.Errorf("ended with %v; it said %s", err, p.stderr)
	}
}

// What a person reads, line by line.
func TestTunnelLines(t *testing.T) {
	s, dir := startEdge(t), t.TempDir()
	words := []string{"serve", "--listen", "127.0.0.1:0", "--data-dir", dir, "--tunnel"}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), programPath(t, "hookglassctl"), words...)
	p := &program{cmd: cmd, dir: dir, stderr: &output{}, ended: make(chan error, 1)}
	cmd.Env, cmd.Stderr = environment(s.env...), p.stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1000)
	go func() {
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			lines <- scanner.Text()
		}
		close(lines)
		p.ended <- cmd.Wait()
	}()
	t.Cleanup(p.kill)
	next := func(want string) {
		t.Helper()
		select {
		case got := <-lines:
			if !strings.HasPrefix(got, want) {
				t.Errorf("printed %q, want %q", got, want)
			}
		case <-time.After(patience):
			t.Fatalf("never printed %q; it said: %s", want, p.stderr)
		}
	}
	next("listening on http://127.0.0.1:")
	next("tunnel https://demo.ngrok.test")
	s.Cut()
	next("tunnel reconnecting: The connection to ngrok was lost.")
	next("tunnel https://demo.ngrok.test")
	if err := p.stop(t); err != nil {
		t.Errorf("ended with %v; it said %s", err, p.stderr)
	}
	next("tunnel off: Hookglass was closed.")
	if more, open := <-lines; open {
		t.Errorf("printed %q after the end", more)
	}
}
