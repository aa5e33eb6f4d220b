package viewmodel

import (
	"context"
	"errors"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/capture/export"
)

// Opened is a file of somebody else that lies open: it is looked at, and then
// imported or closed. Until then it is nobody's, and gone at the next start.
type Opened struct {
	// Busy is what is under way: "Opening incident.hookglass …"; "" for nothing.
	Busy        string
	Done, Total int64

	Rules   []OpenedRule // of the file, to choose from
	Name    string       // of the session that it becomes
	Verify  bool         // proofs are checked again with the keys that are here
	Problem string       // why it could not be imported; "" for nothing

	Changed Signal

	app     *App
	after   func(time.Duration, func())
	opening *capture.Opening // nil while no file lies open
	queue   []string         // files that come after it
	wrong   []string         // what was not opened of those that came together, and why
	cancel  context.CancelFunc
	serial  int
	path    string // what was typed last
}

// OpenedRule is a rule of the file.
type OpenedRule struct {
	Title  string // its name, or what it does
	Text   string // which callbacks it is for, and what it answers
	Wanted bool   // it comes in, switched off
}

func newOpened(a *App) *Opened {
	o := &Opened{app: a}
	o.after = func(t time.Duration, f func()) { time.AfterFunc(t, func() { a.config.Do(f) }) }
	return o
}

// attached opens what waited for the engine.
func (o *Opened) attached() { o.next() }

// commands are those that open.
func (o *Opened) commands() []Command {
	ready := func() bool { return o.app.backend != nil && o.app.backend.OpenFile != nil && o.Busy == "" }
	lies := func() bool { return o.opening != nil && o.Busy == "" }
	return []Command{
		{ID: "file.open", Title: "Open a file: bundle, HAR, raw request …", Place: "Session", Icon: "folder-open", Keys: []Key{"Mod+O"}, Ready: ready, Run: func() { o.app.Open(DialogOpen) }},
		{
			ID: "file.clipboard", Title: "Import a curl command or request from the clipboard", Place: "Session", Icon: "clipboard-paste", Keys: []Key{"Mod+I"},
			Ready: func() bool {
				return ready() && o.app.backend.OpenText != nil && o.app.Screen.Paste != nil
			},
			Run: o.Paste,
		},
		{ID: "file.import", Title: "Import the file that is open …", Place: "Session", Icon: "download", Ready: lies, Run: o.Review},
		{ID: "file.close", Title: "Close the file that is open", Place: "Session", Icon: "x", Ready: lies, Run: o.Close},
	}
}

// Session is that of the file that lies open; 0 for none.
func (o *Opened) Session() int64 {
	if o.opening == nil {
		return 0
	}
	return o.opening.Session.ID
}

// Looking reports whether the list shows a file that is not imported: nothing of
// it can be changed.
func (o *Opened) Looking() bool {
	return o.opening != nil && o.app.Sessions.Shown == o.opening.Session.ID
}

// refuses reports whether nothing can be changed because a file is only looked at,
// and says so.
func (o *Opened) refuses() bool {
	if o.Looking() {
		o.app.Notices.Say(Plain, "A file that is only looked at stays as it is. Import it first.", "Import …", o.Review)
	}
	return o.Looking()
}

// Paste opens a curl command or a raw request that is on the clipboard.
func (o *Opened) Paste() {
	b := o.app.backend
	if b == nil || b.OpenText == nil || o.Busy != "" {
		return
	}
	text := o.app.Screen.Paste()
	switch {
	case strings.TrimSpace(text) == "":
		o.app.Notices.Say(Warn, "There is no text on the clipboard. Copy a curl command or a raw request first.", "", nil)
		return
	case o.opening != nil:
		o.app.Notices.Say(Warn, "“"+o.title()+"” lies open: import or close it first.", "", nil)
		return
	}
	o.read("Reading the clipboard …", "What is on the clipboard was not opened", func(ctx context.Context, _ capture.Progress) (capture.Opening, error) {
		return b.OpenText(ctx, text)
	})
}

// read opens something, with progress, and shows it.
func (o *Opened) read(busy, not string, open func(ctx context.Context, p capture.Progress) (capture.Opening, error)) {
	ctx, serial := o.begin(busy)
	progress := o.progress(serial)
	o.app.run(func(context.Context) func() {
		opening, err := open(ctx, progress)
		return func() {
			if serial != o.serial {
				if err == nil {
					o.remove(opening.Session.ID) // it was cancelled too late
				}
				return
			}
			o.end()
			switch {
			case errors.Is(err, context.Canceled):
			case err != nil:
				o.refused(not + ": " + capture.Visible(sentence(errors.New(strings.TrimPrefix(err.Error(), export.ErrOpen.Error()+": ")))))
				o.next()
			default:
				o.show(&opening)
			}
			o.Changed.Emit()
		}
	})
}

// begin notes that something is under way, which Stop ends.
func (o *Opened) begin(busy string) (ctx context.Context, serial int) {
	o.serial++
	ctx, o.cancel = context.WithCancel(o.app.ctx)
	o.Busy, o.Done, o.Total, o.Problem = busy, 0, 0, ""
	o.Changed.Emit()
	return ctx, o.serial
}

func (o *Opened) end() {
	if o.cancel != nil {
		o.cancel()
	}
	o.cancel, o.Busy, o.Done, o.Total = nil, "", 0, 0
}

// Stop ends what is under way: of a file that was being read nothing stays.
func (o *Opened) Stop() {
	if o.Busy == "" {
		return
	}
	o.serial++
	o.end()
	text := "It was stopped. Nothing of it was kept."
	if o.opening == nil {
		text += o.dropQueue()
	}
	o.app.Notices.Say(Plain, text, "", nil)
	o.Changed.Emit()
}

func (o *Opened) progress(serial int) capture.Progress {
	return sparingly(o.after, func(done, total int64) {
		if serial == o.serial && o.Busy != "" {
			o.Done, o.Total = done, total
			o.Changed.Emit()
		}
	})
}

// show looks at what was opened.
func (o *Opened) show(opening *capture.Opening) {
	o.opening = opening
	o.Name, o.Verify = o.app.Sessions.freeName(orElse(opening.Session.Name, o.title())), true
	o.Rules = nil
	for i := range opening.Rules {
		o.Rules = append(o.Rules, o.rule(&opening.Rules[i]))
	}
	if o.app.Dialog == DialogOpen {
		o.app.Open(NoDialog)
	}
	sessions := o.app.Sessions
	sessions.stats[opening.Session.ID] = opening.Stats
	sessions.look(func() {
		sessions.Show(opening.Session.ID)
		o.Changed.Emit()
	})
}

// title names the file.
func (o *Opened) title() string {
	if o.opening == nil {
		return ""
	}
	name := o.opening.Session.Name
	if origin := o.opening.Session.Origin; origin != nil && origin.File != "" {
		name = origin.File
	}
	return orElse(shorten(capture.Visible(name), 80), "What was opened")
}
