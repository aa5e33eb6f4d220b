package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// meter tells how far a long work is on one line, where a person looks on.
type meter struct {
	to    io.Writer // nil: nobody looks on
	what  string
	begun time.Time
	told  time.Time
}

const (
	meterPatience = 500 * time.Millisecond // what is done sooner is not told
	meterPause    = 100 * time.Millisecond
)

func (t *terminal) meter(what string) *meter {
	m := &meter{what: what, begun: time.Now()}
	if file, ok := t.err.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		m.to = file
	}
	return m
}

// tell is a capture.Progress.
func (m *meter) tell(done, total int64) {
	now := time.Now()
	if m.to == nil || now.Sub(m.begun) < meterPatience || now.Sub(m.told) < meterPause {
		return
	}
	m.told = now
	text := fmt.Sprintf("%d %s", done, m.what)
	if total > 0 {
		text = fmt.Sprintf("%3d %% of %d %s", 100*done/max(total, 1), total, m.what)
	}
	_, _ = fmt.Fprintf(m.to, "\r\x1b[K%s; Ctrl+C ends it, and nothing of it stays", text)
}

// end takes the line away.
func (m *meter) end() {
	if !m.told.IsZero() {
		_, _ = fmt.Fprint(m.to, "\r\x1b[K")
	}
}
