package ui

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestNotSaved(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	_, gone := os.Stat(folder)
	for _, test := range []struct {
		err  error
		want string
	}{
		{gone, "Not saved: there is no folder " + folder + ". Make it first, or choose another."},
		{&fs.PathError{Op: "open", Path: folder, Err: fs.ErrPermission}, "Not saved: you may not write to " + folder + ". Choose another folder."},
		{errors.New("the disk is full"), "Not saved: the disk is full"},
	} {
		if got := notSaved(filepath.Join(folder, "a.har"), test.err); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
