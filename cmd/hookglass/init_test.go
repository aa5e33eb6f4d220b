//go:build linux

package main_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestFyneCacheIsSetInTime asks the runtime in which order it initialised the
// packages of the program: Fyne reads its variable while it is initialised.
func TestFyneCacheIsSetInTime(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), programPath(t), "--version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	place := func(name string) int {
		n := 0
		for line := range strings.Lines(said.String()) {
			n++
			if strings.HasPrefix(line, "init "+name+" @") {
				return n
			}
		}
		t.Fatalf("%s is not initialised:\n%s", name, said.String())
		return 0
	}
	const ours, theirs = "hookglass/cmd/internal/fynecache", "fyne.io/fyne/v2/internal/cache"
	if place(ours) > place(theirs) {
		t.Errorf("%s is initialised after %s, want it before", ours, theirs)
	}
}
