//go:build unix

package export

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestOpenWhatIsNoFile says at once what is wrong with a path: also with a pipe,
// which would wait for somebody to write into it.
func TestOpenWhatIsNoFile(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		folder:                            "is a folder; open the files in it",
		filepath.Join(folder, "gone.har"): "gone.har; look whether it was moved or renamed",
		pipe:                              "is no plain file",
		filepath.Join(pipe, "in a pipe"):  "not a directory",
	} {
		if _, err := Open(t.Context(), path); !errors.Is(err, ErrOpen) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s", path, err, want)
		}
	}
}
