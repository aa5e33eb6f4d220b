package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"hookglass/ui/viewmodel"
)

// TestSessionsDialogKeys goes through the sessions with the keyboard: in a field
// the keys are the field's own.
func TestSessionsDialogKeys(t *testing.T) {
	g := newGallery(t, "dark", 1280, 820)
	g.attachSharing(t)
	g.until(t, "the sessions are known", func() bool { return g.Sessions.Name() != "" })
	if !g.Commands.Press("s") {
		t.Fatal("s does nothing")
	}
	d, s := g.window.dialogs, g.Sessions
	first := s.Shown
	d.press("n")
	g.until(t, "it is made", func() bool { return s.Shown != first && len(s.Rows) == 3 })
	if !d.sessions.card.typing() {
		t.Error("the name of the new one has not the keyboard")
	}
	d.press("Down")
	if s.At != s.Shown {
		t.Error("Down went on while a name is typed")
	}
	d.sessions.opened()
	d.press("Down")
	if s.At != first {
		t.Error("Down did not go on")
	}
	d.press("c")
	g.until(t, "it is captured into", func() bool { return s.Rows[1].ID == first && s.Rows[1].Active })
	d.press("Mod+Z")
	g.until(t, "that is taken back", func() bool { return s.Rows[1].ID != first })
	s.Choose(first)
	d.press("Delete")
	g.until(t, "it is deleted", func() bool { return len(s.Rows) == 4 })
	d.press("Escape")
	if g.Dialog != viewmodel.NoDialog {
		t.Error("Escape does not close it")
	}
}

// TestSavePath asks for a path over the dialog that shares: Escape closes the
// question alone.
func TestSavePath(t *testing.T) {
	g := newGallery(t, "dark", 1280, 820)
	g.attachSharing(t)
	g.until(t, "the list is known", func() bool { return g.Sessions.Name() != "" })
	g.Share.Open()
	g.until(t, "the changes are known", g.Share.CanWrite)
	g.Share.Write()
	d := g.window.dialogs
	if d.path == nil || d.top() != d.path {
		t.Fatal("no path is asked for")
	}
	d.press("Escape")
	if g.Dialog != viewmodel.DialogShare || d.top() != d.dialog {
		t.Fatal("Escape closed more than the question")
	}
	d.press("Escape")
	if d.open() {
		t.Error("Escape does not close the dialog")
	}
}

// TestDrop opens files that are dropped onto the window, and nothing else.
func TestDrop(t *testing.T) {
	g := newGallery(t, "dark", 1280, 820)
	g.attachSharing(t)
	g.until(t, "the sessions are known", func() bool { return g.Sessions.Name() != "" })
	web, err := storage.ParseURI("https://example.com/a.har")
	if err != nil {
		t.Fatal(err)
	}
	g.window.dropped(fyne.NewPos(10, 10), []fyne.URI{web})
	if g.Opened.Busy != "" {
		t.Error("something of the web is opened")
	}
	g.window.dropped(fyne.NewPos(10, 10), []fyne.URI{storage.NewFileURI("/home/jane/an incident.hookglass")})
	g.until(t, "it lies open", g.Opened.Looking)
	if place := g.Sessions.Place(); place.Title != "an incident.hookglass" {
		t.Errorf("place %+v", place)
	}
	g.Opened.Close()
	g.until(t, "it is closed", func() bool { return g.Opened.Session() == 0 && g.Sessions.Live() })
}

// TestSessionMenu opens the menu of the button, and that of what can be copied.
func TestSessionMenu(t *testing.T) {
	g := newGallery(t, "dark", 1280, 820)
	g.attachSharing(t)
	g.samples(t)
	g.until(t, "all are listed", func() bool { return g.List.Len() > 20 })
	overlays := g.window.Canvas().Overlays()
	newSessionButton(g.App).open() // the test's driver has it in the window
	if len(overlays.List()) != 1 {
		t.Fatal("no menu")
	}
	g.Commands.Do("list.first")
	g.until(t, "the newest is shown", func() bool { return g.Detail.Page != nil })
	g.window.detail.head.copyAs()
	if len(overlays.List()) != 2 {
		t.Error("no menu of what can be copied")
	}
	g.shoot(t, "sessions-dark-1280-copymenu")
}
