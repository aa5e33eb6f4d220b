package viewmodel

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hookglass/capture/export"
)

func TestDroppedFilesWait(t *testing.T) {
	b, p := openBench(t)
	o := b.Opened
	o.Files([]string{"/a.har", "/b.har", "/c.har"})
	b.tick()
	place := b.Sessions.Place()
	if !strings.HasSuffix(place.Text, " Then come 2 more files.") || place.Actions[0].Label != "Close all" {
		t.Errorf("place %+v", place)
	}
	o.Files([]string{"/d\u202e.har"})
	if want := "“d\\u{202e}.har” waits until “a.har” is imported or closed."; b.Notices.Toast.Text != want {
		t.Errorf("said %q, want %q", b.Notices.Toast.Text, want)
	}
	o.CloseAll()
	b.tick()
	if place := b.Sessions.Place(); len(p.opened) != 1 || o.Looking() || place.Title != "" {
		t.Errorf("opened %q, place %+v", p.opened, place)
	}
	o.Files([]string{"/e.har", "/f.har"})
	b.tick()
	if place := b.Sessions.Place(); !strings.HasSuffix(place.Text, " Then comes f.har.") {
		t.Errorf("place %+v", place)
	}
}

// TestDroppedBesideDialog keeps what a dialog is about, and the file for later.
func TestDroppedBesideDialog(t *testing.T) {
	b, p := openBench(t)
	b.Open(DialogShare)
	b.Opened.Files([]string{"/a.har"})
	b.tick()
	if len(p.opened) != 0 || b.Notices.Toast.Text != "“a.har” opens when this dialog is closed." {
		t.Errorf("opened %q, said %q", p.opened, b.Notices.Toast.Text)
	}
	b.Open(NoDialog)
	b.tick()
	if len(p.opened) != 1 || !b.Opened.Looking() {
		t.Errorf("opened %q", p.opened)
	}
	b.Opened.Close()
	b.tick()
	b.Open(DialogOpen)
	b.Opened.Files([]string{"/b.har"})
	b.tick()
	if len(p.opened) != 2 || b.Dialog != NoDialog {
		t.Errorf("opened %q, dialog %d", p.opened, b.Dialog)
	}
}

func TestDroppedOnImport(t *testing.T) {
	b, p := openBench(t)
	b.Opened.Files([]string{"/a.har", "/b.har"})
	b.tick()
	b.Commands.Do("file.import")
	b.Opened.Import()
	b.tick()
	if len(p.imported) != 1 || len(p.opened) != 2 || !b.Opened.Looking() || b.Sessions.Place().Title != "b.har" {
		t.Errorf("imported %v, opened %q, place %+v", p.imported, p.opened, b.Sessions.Place())
	}
}

func TestDroppedAndNotOpened(t *testing.T) {
	b, p := openBench(t)
	p.fails = fmt.Errorf("%w: %w", export.ErrOpen, errors.New("it is empty"))
	b.Opened.Files([]string{"/a.har", "/home/me/https:/example.com/b.har"})
	b.tick()
	want := "“a.har” was not opened: It is empty.\n“b.har” was not opened: It is a link to another place. Save it as a file here, then open that."
	if got := b.Notices.Toast.Text; got != want || len(p.opened) != 1 {
		t.Errorf("got  %q\nwant %q, opened %q", got, want, p.opened)
	}
	b.Opened.Files([]string{"/1", "/2", "/3", "/4", "/5", "/6"})
	b.tick()
	if got := b.Notices.Toast.Text; !strings.HasPrefix(got, "2 more files before these.\n“3” was") || strings.Count(got, "\n") != 4 {
		t.Errorf("got %q", got)
	}
}

func TestOpenStopsTheRest(t *testing.T) {
	b, p := openBench(t)
	p.hold = make(chan struct{})
	b.Opened.Files([]string{"/a.har", "/b.har"})
	b.Opened.Stop()
	b.tick()
	if want := "It was stopped. Nothing of it was kept. Not opened either: 1 file after it."; b.Notices.Toast.Text != want || b.Opened.Busy != "" {
		t.Errorf("said %q, want %q; busy %q", b.Notices.Toast.Text, want, b.Opened.Busy)
	}
}

func TestOpenPathAsCopied(t *testing.T) {
	for typed, want := range map[string]string{
		"/a b.har":                      "/a b.har",
		"'/it is.har'":                  "/it is.har",
		"file:///home/me/a%20b%C3%A4.h": "/home/me/a bä.h",
		"file://host/home/50%25.har":    "/home/50%.har",
		"/home/50%.har":                 "/home/50%.har",
	} {
		b, p := openBench(t)
		b.Opened.OpenPath(typed)
		b.tick()
		if len(p.opened) != 1 || p.opened[0] != want {
			t.Errorf("%s: opened %q, want %q", typed, p.opened, want)
		}
	}
}
