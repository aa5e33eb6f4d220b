package viewmodel

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfirm(t *testing.T) {
	b := newBench(t)
	ran := 0
	b.Confirm("Delete?", "", "Delete", true, func() { ran++ })
	b.Answered(false)
	if ran != 0 || b.Confirmation != nil {
		t.Errorf("got ran %d, %v after no", ran, b.Confirmation)
	}
	b.Confirm("Delete?", "", "Delete", true, func() { ran++ })
	b.Answered(true)
	b.Answered(true)
	if ran != 1 {
		t.Errorf("got ran %d times after yes, want once", ran)
	}
}

func TestQuittingAsksOnce(t *testing.T) {
	b := newBench(t)
	quit := 0
	b.Screen.Quit = func() { quit++ }
	b.AskToQuit() // nothing is captured yet
	b.attach(t)
	b.AskToQuit()
	if quit != 1 || b.Confirmation == nil {
		t.Fatalf("got quit %d times, want a question", quit)
	}
	b.Answered(true)
	b.AskToQuit()
	if quit != 3 || b.Confirmation != nil {
		t.Errorf("got quit %d times, want 3 and no more questions", quit)
	}
}

func TestPreferencesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "settings.json")
	p := openPreferences(path)
	p.Appearance, p.ListWidth, p.Tab = "light", 410, "proof"
	if err := p.Save(); err != nil {
		t.Fatal(err)
	}
	if got := openPreferences(path); got.Appearance != "light" || got.ListWidth != 410 || got.Tab != "proof" {
		t.Errorf("got %+v", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte(`{"appearance": 7`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := openPreferences(path); got.Appearance != "" {
		t.Errorf("got %+v of a broken file", got)
	}
}

func TestFailureIsTold(t *testing.T) {
	b := newBench(t)
	b.Fail(errors.New("written by a newer version of Hookglass"))
	if b.Failure != "Written by a newer version of Hookglass." || len(b.Notices.Banners) != 1 {
		t.Errorf("got %q and %d banners", b.Failure, len(b.Notices.Banners))
	}
	if b.Status.State != "Not started" {
		t.Errorf("got the state %q", b.Status.State)
	}
}

func TestDiagnosticsHoldNoSecret(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.Commands.Do("app.diagnostics")
	b.settle()
	for _, want := range []string{"Hookglass    0.1.0", "Listening    127.0.0.1:4480"} {
		if !strings.Contains(b.copied, want) {
			t.Errorf("%q is missing in\n%s", want, b.copied)
		}
	}
	if strings.Contains(b.copied, t.TempDir()) {
		t.Error("the diagnostics name a folder")
	}
}

func TestNarrowWindow(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.SetNarrow(true)
	b.Enter()
	if !b.Covered {
		t.Error("the callback does not cover the list")
	}
	b.Back()
	if b.Covered {
		t.Error("the list is still covered")
	}
}

func TestCounts(t *testing.T) {
	for n, want := range map[int64][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, 1284: {"1 284", "1 284"}, 999_999: {"999 999", "999 999"},
		1_000_000: {"1 000 000", "1.00 M"}, 12_349_999: {"12 349 999", "12.34 M"}, 1_000_050_000_000: {"1 000 050 000 000", "1 000 050.00 M"},
	} {
		if got := [2]string{groupDigits(n), shortCount(n)}; got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
