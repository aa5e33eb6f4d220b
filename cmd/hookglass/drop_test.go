//go:build linux

package main_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWindowDrop drops files onto the window: they lie open one after another, and
// what is no share says so.
func TestWindowDrop(t *testing.T) {
	d := newDesk(t)
	d.start()
	folder := d.TempDir()
	bundle := d.copied(folder, "version-1.hookglass", "Umzüge & 100% fertig.hookglass")
	har := d.copied(folder, "formats/share.har", "mit Ärger #2?.har")

	if !d.drop(900, 500, d.written(folder, "plain.txt", "no share"), "https://example.com/a.har") {
		t.Error("files were not taken")
	}
	d.looks("drop-none")

	d.drop(30, 870, bundle, har)
	d.looks("drop-bundle")
	d.click(1325, 101) // Close
	d.looks("drop-har")

	// What a dialog is about does not change under it.
	d.key("ctrl+e")
	d.settle()
	d.drop(900, 500, bundle)
	d.looks("drop-share")
	d.key("Escape")
	d.click(1325, 101)
	d.looks("drop-bundle")
	d.click(1325, 101)
	d.quit(true)
	d.quiet()
}

// copied is a copy of one of capture/export's files under another name.
func (d *desk) copied(folder, file, name string) string {
	d.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "capture", "export", "testdata", filepath.FromSlash(file)))
	if err != nil {
		d.Fatal(err)
	}
	return d.written(folder, name, string(data))
}

// written is a file with a text.
func (d *desk) written(folder, name, text string) string {
	d.Helper()
	name = filepath.Join(folder, name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
	return name
}
