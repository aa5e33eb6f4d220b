package viewmodel

import (
	"context"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"hookglass/capture"
)

// Files opens files, one after another: the next when one is imported or closed.
// They may be dropped, given at the start or typed. Those that come while a dialog
// is open wait for its end: what it is about must not change under it.
func (o *Opened) Files(paths []string) {
	idle := o.opening == nil && o.Busy == "" && len(o.queue) == 0
	if idle {
		o.wrong = nil
	}
	var came []string
	for _, path := range paths {
		if path = strings.TrimSpace(path); path != "" {
			came = append(came, path)
		}
	}
	if len(came) == 0 {
		return
	}
	o.queue = append(o.queue, came...)
	them, wait, open := "“"+fileName(came[0])+"”", "waits", "opens"
	if n := len(came); n > 1 {
		them, wait, open = strconv.Itoa(n)+" files", "wait", "open"
	}
	switch {
	case o.opening != nil:
		o.app.Notices.Say(Plain, them+" "+wait+" until “"+o.title()+"” is imported or closed.", "", nil)
	case !o.undisturbed():
		o.app.Notices.Say(Plain, them+" "+open+" when this dialog is closed.", "", nil)
	case idle && len(came) > 1:
		o.app.Notices.Say(Plain, "Opening the first of "+them+"; the others come after it.", "", nil)
	}
	o.next()
	o.Changed.Emit()
}

// elsewhere finds what a browser or a file manager drops that is no file here. Fyne
// makes a path of it.
var elsewhere = regexp.MustCompile(`(^|/)(https?|s?ftp|smb|davs?|mtp|trash):/`)

// fileName is the name of a file as it is shown.
func fileName(path string) string { return shorten(capture.Visible(filepath.Base(path)), 80) }

// undisturbed reports whether no dialog is about what is shown now.
func (o *Opened) undisturbed() bool {
	return o.app.Dialog == NoDialog || o.app.Dialog == DialogOpen
}

// next opens the next file that waits.
func (o *Opened) next() {
	b := o.app.backend
	if b == nil || o.opening != nil || o.Busy != "" || len(o.queue) == 0 || !o.undisturbed() {
		return
	}
	path := o.queue[0]
	o.queue = o.queue[1:]
	not := "“" + fileName(path) + "” was not opened"
	switch {
	case b.OpenFile == nil:
		o.app.Notices.Say(Warn, "Files cannot be opened here.", "", nil)
	case elsewhere.MatchString(path):
		o.refused(not + ": It is a link to another place. Save it as a file here, then open that.")
		o.next()
	default:
		o.read("Opening "+fileName(path)+" …", not, func(ctx context.Context, p capture.Progress) (capture.Opening, error) {
			return b.OpenFile(ctx, path, p)
		})
	}
}

// refused says what was not opened, and what before it was not: a toast shows the
// last thing said alone.
func (o *Opened) refused(text string) {
	const most = 4 // as many lines as a person reads
	o.wrong = append(o.wrong, text)
	lines := o.wrong
	if n := len(lines) - most; n > 0 {
		lines = append([]string{counted(n, "more file") + " before these."}, lines[n:]...)
	}
	o.app.Notices.Say(Bad, strings.Join(lines, "\n"), "", nil)
}

// dropQueue forgets the files that wait, and says how many they were.
func (o *Opened) dropQueue() string {
	n := len(o.queue)
	if o.queue = nil; n == 0 {
		return ""
	}
	return " Not opened either: " + counted(n, "file") + " after it."
}

// waiting says what comes after the file that lies open; "" for nothing.
func (o *Opened) waiting() string {
	switch n := len(o.queue); n {
	case 0:
		return ""
	case 1:
		return " Then comes " + shorten(fileName(o.queue[0]), 40) + "."
	default:
		return " Then come " + strconv.Itoa(n) + " more files."
	}
}

// CloseAll removes the file, and forgets those that wait.
func (o *Opened) CloseAll() {
	o.dropQueue()
	o.Close()
}

// Path is what was typed last where a file is asked for.
func (o *Opened) Path() string { return o.path }

// OpenPath opens what was typed: a path, also one that a file manager copied.
func (o *Opened) OpenPath(text string) {
	text = strings.Trim(strings.TrimSpace(text), `"'`)
	if u, err := url.Parse(text); err == nil && u.Scheme == "file" {
		text = filepath.FromSlash(u.Path)
	}
	if text == "" || o.Busy != "" {
		return
	}
	o.path = text
	o.app.Open(NoDialog)
	o.Files([]string{text})
}
