package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/export"
)

const benchRows = 20_000

// filled opens an engine with rows callbacks that came from elsewhere.
func filled(b *testing.B, rows int) *Engine {
	b.Helper()
	e := openAlone(b)
	s := capture.Session{Name: "Bench", Created: time.Now()}
	if err := e.Store.PutSession(b.Context(), &s); err != nil {
		b.Fatal(err)
	}
	in := &importing{engine: e, session: s.ID}
	if err := in.run(b.Context(), func(_ context.Context, f func(*export.Shared) error) error {
		for n := range rows {
			if err := f(sharedRow(n)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return e
}

func openAlone(b *testing.B) *Engine {
	b.Helper()
	e, err := Open(b.Context(), Config{Folder: filepath.Join(b.TempDir(), "data"), Getenv: func(name string) string {
		return map[string]string{"HOOKGLASS_KEYRING": "off"}[name]
	}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close(b.Context()) })
	return e
}

// BenchmarkWriteShare exports; MB/s are of bodies and heads.
func BenchmarkWriteShare(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as hookglassctl has it
	e := filled(b, benchRows)
	for _, profile := range []string{"none", "secrets", "personal"} {
		b.Run(profile, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "a.hookglass")
			b.SetBytes(benchRows * int64(len(sharedRow(0).Request.Body)))
			for b.Loop() {
				if _, err := e.WriteShare(b.Context(), capture.Sharing{Redact: profile, Session: 2}, path, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpenFile imports into an engine that does not have it yet.
func BenchmarkOpenFile(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as hookglassctl has it
	path := filepath.Join(b.TempDir(), "a.hookglass")
	if _, err := filled(b, benchRows).WriteShare(b.Context(), capture.Sharing{Redact: "none", Session: 2}, path, nil); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(benchRows * int64(len(sharedRow(0).Request.Body)))
	for b.Loop() {
		b.StopTimer()
		e := openAlone(b)
		b.StartTimer()
		o, err := e.OpenFile(b.Context(), path, nil)
		if err != nil {
			b.Fatal(err)
		}
		report, err := e.ImportOpened(b.Context(), capture.Importing{Session: o.Session.ID}, nil)
		if err != nil || report.Kept != benchRows {
			b.Fatal(report, err)
		}
		b.StopTimer()
		if err := e.Close(b.Context()); err != nil { // so that its index is not at work in the next
			b.Fatal(err)
		}
		b.StartTimer()
	}
	if info, err := os.Stat(path); err == nil {
		b.ReportMetric(float64(info.Size())/benchRows, "file-B/row")
	}
}

func rowUID(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-%012x", n) }
