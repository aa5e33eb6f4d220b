package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// Ctrl+C is told in a word, not in those of a library.
func TestCancelledIsTold(t *testing.T) {
	t.Setenv("HOOKGLASS_KEYRING", "off")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{{"search", "x"}, {"export", "--preview"}, {"prove", "x"}} {
		var out, errs bytes.Buffer
		code := run(ctx, append([]string{"--data-dir", t.TempDir()}, args...), strings.NewReader(""), &out, &errs)
		if code != exitFailure || errs.String() != "hookglassctl: cancelled\n" {
			t.Errorf("%v: exit %d and %q", args, code, errs.String())
		}
	}
}
