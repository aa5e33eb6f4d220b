package main_test

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hookglass/cmd/internal/load"
)

const (
	diskSize = 8 << 20
	diskBody = 64 << 10
)

// TestDiskFull fills the disk below the program: it answers 503, has lost
// nothing that it acknowledged, and goes on by itself when there is room.
func TestDiskFull(t *testing.T) {
	disk := t.TempDir()
	err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize))
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skip("mounting a small disk wants root")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, diskSize/2), 0o600); err != nil {
		t.Fatal(err)
	}
	p := serve(t, filepath.Join(disk, "data"))
	acknowledged := map[string][sha256.Size]byte{}

	refused := sendUntil(t, p, "full", 503, acknowledged)
	if refused.header.Get("Retry-After") == "" {
		t.Errorf("503 without Retry-After: %v", refused.header)
	}
	if !strings.Contains(refused.body, "again") {
		t.Errorf("503 says %q, want that it be sent again", refused.body)
	}
	if len(acknowledged) == 0 {
		t.Fatal("nothing was acknowledged before the disk was full")
	}
	for n := range 10 { // a full disk stays a 503
		if status := p.sendRandom(t, fmt.Sprintf("/x/still/%d", n), acknowledged).status; status/100 == 2 {
			break // SQLite found room in pages that it had
		}
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	sendUntil(t, p, "room", 200, acknowledged)
	n := len(acknowledged)
	checkAcknowledged(t, p.dir, 0, acknowledged)
	t.Logf("%d callbacks were acknowledged around the full disk", n)
	if err := p.stop(t); err != nil {
		t.Errorf("serve ended with %v", err)
	}
}

// sendUntil sends callbacks until one gets the wanted answer.
func sendUntil(t *testing.T, p *program, name string, status int, acknowledged map[string][sha256.Size]byte) answered {
	t.Helper()
	for n := range 4 * diskSize / diskBody {
		if answer := p.sendRandom(t, fmt.Sprintf("/x/%s/%d", name, n), acknowledged); answer.status == status {
			return answer
		}
	}
	t.Fatalf("no callback was answered %d; serve said: %s", status, p.stderr)
	return answered{}
}

// sendRandom sends a body of random bytes and notes it where it is
// acknowledged.
func (p *program) sendRandom(t *testing.T, target string, acknowledged map[string][sha256.Size]byte) answered {
	t.Helper()
	body := make([]byte, diskBody)
	_, _ = rand.Read(body) // never fails
	answer := p.sendRaw(t, load.Request("POST", target, body))
	if answer.status/100 == 2 {
		acknowledged[target] = sha256.Sum256(body)
	}
	return answer
}
