package viewmodel

import (
	"context"
	"slices"
	"strings"

	"hookglass/capture"
)

// copyAs is a form in which callbacks are put on the clipboard.
type copyAs struct {
	id, title, icon string
	format          string // of the engine
	redact          string // what is taken out
	said            string // "as Markdown"
}

// copyForms are the forms. What goes to others is redacted; the others are for
// one's own terminal, and say that secrets are in there.
var copyForms = [...]copyAs{
	{"callback.copy.raw", "Copy as a raw request", "text", "raw", "none", "as a raw HTTP request"},
	{"callback.copy.json", "Copy as JSON", "braces", "jsonl", "none", "as JSON"},
	{"callback.copy.markdown", "Copy as Markdown for an issue, redacted", "file-text", "md", "personal", "as Markdown"},
}

// copyCurls is the form of several curl commands.
var copyCurls = copyAs{format: "curl", redact: "none", said: "as curl commands"}

// maxCopied is how many callbacks are copied at most: more belong into a file.
const maxCopied = 500

// copyCommands are the forms as commands, and the menu of them.
func (a *App) copyCommands() []Command {
	ready := func() bool {
		return a.backend != nil && a.backend.ShareText != nil && len(a.List.Chosen()) > 0
	}
	list := make([]Command, 0, len(copyForms)+1)
	for i := range copyForms {
		form := &copyForms[i]
		list = append(list, Command{
			ID: form.id, Title: form.title, Place: "Callback", Icon: form.icon, Ready: ready, Run: func() { a.copyChosen(form) },
		})
	}
	return append(list, Command{
		ID: "callback.copyas", Title: "Copy as …", Place: "Callback", Icon: "copy", Keys: []Key{"C"},
		Ready: func() bool { return a.backend != nil && a.List.current != 0 },
		Run:   func() { a.Open(DialogCopyAs) },
	})
}

// CopyEntries are the forms in which what is chosen can be copied, for a menu.
func (a *App) CopyEntries() []MenuEntry {
	ids := [...]string{
		"callback.curl", "callback.copy.raw", "callback.copy.json", "callback.copy.markdown", "",
		"body.copy", "body.copy.pretty", "body.copy.value", "body.copy.path", "callback.path",
	}
	entries := make([]MenuEntry, 0, len(ids))
	for _, id := range ids {
		entries = append(entries, a.Entry(id))
	}
	return entries
}

// copyChosen puts the chosen callbacks on the clipboard.
func (a *App) copyChosen(form *copyAs) {
	b, ids := a.backend, a.List.Chosen()
	switch {
	case b == nil || b.ShareText == nil || len(ids) == 0:
		return
	case len(ids) > maxCopied:
		a.Notices.Say(Warn, "Not copied: at most "+groupDigits(maxCopied)+" callbacks go to the clipboard. Share them as a file.", "Share …", func() { a.Share.OpenWith(ids) })
		return
	}
	share := capture.Sharing{Session: a.Sessions.Shown, IDs: slices.Clone(ids), Format: form.format, Redact: form.redact}
	a.run(func(ctx context.Context) func() {
		text, err := b.ShareText(ctx, share)
		return func() {
			if err != nil {
				a.Notices.Say(Warn, "Not copied: "+sentence(err), "", nil)
				return
			}
			said := "Copied " + form.said + "."
			if len(ids) > 1 {
				said = "Copied " + selectedText(len(ids)) + " " + form.said + "."
			}
			if form.redact == "none" {
				said += " Secrets that came along are in there."
			} else {
				said += " Secrets and personal data were taken out."
			}
			a.copy(strings.TrimRight(text, "\n")+"\n", said)
		}
	})
}
