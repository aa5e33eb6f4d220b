//go:build !sqlite_fts5

package store

import (
	"errors"
	"os"
	"testing"
)

func TestMissingFTS5(t *testing.T) {
	path := file(t)
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrNoFTS5) {
		t.Errorf("Open = %v, want ErrNoFTS5", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("Open left a file: %v", err)
	}
}
