package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// save asks for a path and writes a file there.
func (w *Window) save(name string, data []byte) {
	w.askPath(name, func(path string) error {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
		w.app.Notices.Say(viewmodel.Good, "Saved "+path, "", nil)
		return nil
	})
}

// saveTo asks for a path and has somebody else write there.
func (w *Window) saveTo(name string, write func(path string)) {
	w.askPath(name, func(path string) error {
		if info, err := os.Stat(filepath.Dir(path)); err != nil {
			return err
		} else if !info.IsDir() {
			return fmt.Errorf("%s is no folder", filepath.Dir(path))
		}
		write(path)
		return nil
	})
}

// askPath asks for a path, and whether to replace a file that is there. The dialog
// stays where use returns an error. Fyne's own file dialog takes seconds in a large
// folder and cannot be typed into, so a path is asked for, with a name in the
// folder for downloads to begin with.
func (w *Window) askPath(name string, use func(path string) error) {
	var dialog *kit.Dialog
	problem := newRemark()
	var field *kit.Entry
	submit := func(string) {
		path := strings.TrimSpace(field.Text())
		if path == "" {
			return
		}
		done := func() {
			if err := use(path); err != nil {
				problem.say(notSaved(path, err), "")
				return
			}
			dialog.Hide()
		}
		switch info, err := os.Stat(path); {
		case err == nil && info.IsDir():
			problem.say("Not saved: "+path+" is a folder. Add a name for the file.", "")
			return
		case err == nil:
			w.app.Confirm("Replace the file?", path+" is there already.", "Replace", true, done)
			return
		}
		done()
	}
	field = kit.NewEntry(kit.EntrySpec{Text: filepath.Join(downloads(), filepath.Base(name)), Icon: "file-text", Mono: true, OnSubmit: submit})
	dialog = kit.ShowDialog(w.window.Canvas(), kit.DialogSpec{
		Title: "Save as", Width: 600,
		Content: kit.Pad(16, 14, 16, 14, kit.VStack(8, field, problem.object)),
		Buttons: []*kit.Button{
			kit.NewButton(kit.ButtonSpec{Label: "Cancel", Kind: kit.Outlined, OnTap: func() { dialog.Hide() }}),
			kit.NewButton(kit.ButtonSpec{Label: "Save", Kind: kit.Primary, OnTap: func() { submit("") }}),
		},
		OnClose: func() {
			if w.dialogs.top() == nil {
				w.focus(viewmodel.PaneList)
			}
		},
	})
	w.dialogs.path = dialog
	field.Focus()
}

// notSaved says why a file was not saved, and what to do.
func notSaved(path string, err error) string {
	folder := filepath.Dir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "Not saved: there is no folder " + folder + ". Make it first, or choose another."
	case errors.Is(err, fs.ErrPermission):
		return "Not saved: you may not write to " + folder + ". Choose another folder."
	}
	return "Not saved: " + err.Error()
}

// downloads is the person's folder for downloads, or their home.
func downloads() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	folder := filepath.Join(home, "Downloads")
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return folder
	}
	return home
}
