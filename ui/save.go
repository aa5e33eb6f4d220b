package ui

import (
	"fmt"
	"os"
	"path/filepath"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// save asks for a path and writes a file there. Fyne's own file dialog takes
// seconds in a large folder and cannot be typed into, so a path is asked for,
// with a name in the folder for downloads to begin with.
func (w *Window) save(name string, data []byte) {
	var dialog *kit.Dialog
	problem := newRemark()
	field := kit.NewEntry(kit.EntrySpec{Text: filepath.Join(downloads(), filepath.Base(name)), Icon: "file-text", Mono: true})
	write := func(over bool) {
		path := field.Text()
		if _, err := os.Stat(path); err == nil && !over {
			w.app.Confirm("Replace the file?", path+" is there already.", "Replace", true, func() { w.write(path, data, dialog, problem) })
			return
		}
		w.write(path, data, dialog, problem)
	}
	dialog = kit.ShowDialog(w.window.Canvas(), kit.DialogSpec{
		Title: "Save as", Width: 600,
		Content: kit.Pad(16, 14, 16, 14, kit.VStack(8, field, problem.object)),
		Buttons: []*kit.Button{
			kit.NewButton(kit.ButtonSpec{Label: "Cancel", Kind: kit.Outlined, OnTap: func() { dialog.Hide() }}),
			kit.NewButton(kit.ButtonSpec{Label: "Save", Kind: kit.Primary, OnTap: func() { write(false) }}),
		},
		OnClose: func() { w.focus(viewmodel.PaneList) },
	})
	w.dialogs.dialog = dialog
	field.Focus()
}

func (w *Window) write(path string, data []byte, dialog *kit.Dialog, problem *remark) {
	if err := os.WriteFile(path, data, 0o600); err != nil {
		problem.say(fmt.Sprintf("Not saved: %v", err), "")
		return
	}
	dialog.Hide()
	w.app.Notices.Say(viewmodel.Good, "Saved "+path, "", nil)
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
