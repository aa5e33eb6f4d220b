package viewmodel

import (
	"context"
	"fmt"
	"path/filepath"
)

// Fail tells that there is no engine and why. The window stays, empty, with the
// sentence that says what to do next.
func (a *App) Fail(err error) {
	a.Failure = sentence(err)
	a.Notices.Put(Banner{ID: "start", Tone: Bad, Text: a.Failure})
	a.Changed.Emit()
}

// NotListening tells why nothing can come in, though what was captured is there.
func (a *App) NotListening(why string) {
	a.Notices.Put(Banner{
		ID: "port", Tone: Bad, Text: why + " Nothing is captured until then.",
		Action: "Take the next free port", Run: a.listenAnywhere,
	})
}

// listenAnywhere captures on whatever port is free.
func (a *App) listenAnywhere() {
	b := a.backend
	if b == nil || b.ListenAnywhere == nil {
		return
	}
	a.run(func(ctx context.Context) func() {
		url, err := b.ListenAnywhere(ctx)
		return func() {
			if err != nil {
				a.Notices.Say(Bad, sentence(err), "", nil)
				return
			}
			b.URL = url
			a.Notices.Remove("port")
			a.Status.attached()
			a.Connect.moved()
			a.Notices.Say(Good, "Capturing on "+url+". Providers that call the usual address do not reach it.", "", nil)
			a.Changed.Emit()
		}
	})
}

// Crashed offers the report of the crash that ended an earlier run.
func (a *App) Crashed(report string) {
	a.Notices.Put(Banner{
		ID: "crash", Tone: Warn, Close: true,
		Text:   "Hookglass ended unexpectedly the last time. What was acknowledged is on disk; the report is in " + filepath.Base(report) + ".",
		Action: "Show the report",
		Run: func() {
			if err := a.Screen.OpenURL("file://" + filepath.ToSlash(report)); err != nil {
				a.Screen.Copy(report)
				a.Notices.Say(Warn, fmt.Sprintf("No program opened it: %v. Its path was copied.", err), "", nil)
			}
			a.Notices.Remove("crash")
		},
	})
}

// Raised is told that Hookglass was started a second time, with files to open.
func (a *App) Raised(files []string) {
	a.Screen.Raise()
	a.Opened.Files(files)
}

// sentence makes of an error what a person reads: with a capital and a full stop.
func sentence(err error) string {
	text := []rune(err.Error())
	if len(text) == 0 {
		return ""
	}
	if text[0] >= 'a' && text[0] <= 'z' {
		text[0] -= 'a' - 'A'
	}
	if last := text[len(text)-1]; last != '.' && last != '?' && last != '!' {
		text = append(text, '.')
	}
	return string(text)
}
