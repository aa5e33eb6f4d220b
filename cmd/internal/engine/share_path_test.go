package engine

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture"
)

// A share takes the place of a file alone: not of a socket or a device, nor of a link.
func TestWriteSharePath(t *testing.T) {
	s := shareStarted(t)
	folder := t.TempDir()
	aim, link := filepath.Join(folder, "aim"), filepath.Join(folder, "link")
	if err := os.WriteFile(aim, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(aim, link); err != nil {
		t.Skip(err)
	}
	if _, err := s.WriteShare(t.Context(), capture.Sharing{}, link, nil); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v now (%v)", info.Mode(), err)
	}
	if text, err := os.ReadFile(aim); err != nil || !strings.HasPrefix(string(text), "PK") {
		t.Errorf("what the link leads to is %.20q (%v)", text, err)
	}
	socket := filepath.Join(folder, "s")
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Skip(err)
	}
	defer listener.Close()
	for _, path := range []string{folder, socket, filepath.Join(folder, "none", "a")} {
		_, err := s.WriteShare(t.Context(), capture.Sharing{}, path, nil)
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), ".part") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().IsRegular() {
		t.Errorf("the socket is %v now (%v)", info, err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".*")); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}
