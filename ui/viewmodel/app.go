package viewmodel

import (
	"context"
	"sync"
	"time"
)

// Config is what an App gets from the program.
type Config struct {
	// Do runs a function on the screen's goroutine, later and in order. It does
	// not block and may be called from anywhere.
	Do func(func())

	// Settings is the path of the settings file; "" keeps nothing.
	Settings string

	Version string
	Now     func() time.Time // time.Now
	Local   *time.Location   // time.Local
	Mac     bool             // shortcuts say Cmd instead of Ctrl
}

// App is everything that the window shows.
type App struct {
	Preferences *Preferences
	Commands    *Commands
	Notices     *Notices
	Sidebar     *Sidebar
	List        *List
	Detail      *Detail
	Held        *Held
	Rules       *Rules
	Compare     *Comparison
	Status      *Status
	Settings    *Settings
	Connect     *Connect
	Samples     *Samples
	Public      *PublicAddress
	Sessions    *Sessions
	Filter      *FilterBar
	Histogram   *Histogram
	Saved       *Saved
	Share       *Share
	Opened      *Opened

	// Screen is what only a window can do. It is set before the first command.
	Screen Screen

	// Failure says why there is no engine; "" while there is one or will be.
	Failure string

	// Dialog is the dialog that lies over the window, and Changed tells when
	// another one does, or when the narrow window turns to another pane.
	Dialog  Dialog
	Changed Signal

	// Confirmation is the question that lies over everything; nil for none.
	Confirmation *Confirmation

	Narrow  bool // list and callback do not fit beside each other
	Covered bool // then: the callback is shown, not the list

	config  Config
	backend *Backend // nil until Attach

	ctx    context.Context
	cancel context.CancelFunc
	jobs   sync.WaitGroup
}

// Screen is what view models ask of the window. Every function is called on the
// screen's goroutine.
type Screen struct {
	Copy    func(text string)                                   // to the clipboard
	OpenURL func(address string) error                          // in the browser; only after a person's click
	Save    func(suggestedName string, data []byte)             // asks where to, and writes
	SaveTo  func(suggestedName string, write func(path string)) // asks where to, also whether to replace a file
	Paste   func() string                                       // the text on the clipboard; "" for none
	Focus   func(Pane)
	Raise   func()                   // brings the window to the front
	Notify  func(title, text string) // tells the desktop; nil where nothing can
	Quit    func()
}

// Pane is a part of the window that can have the keyboard.
type Pane int

// The panes.
const (
	PaneList Pane = iota
	PaneFilter
	PaneDetail
	PaneFind   // the search field of the body
	PaneKey    // the field for a key, in the proof
	PaneWord   // the field for the message of an answer
	PaneAnswer // the answer of one's own to a held callback
	PaneNote   // the field for a note, in the head of the detail
	PaneHistogram
)

// Dialog names what lies over the window.
type Dialog int

// The dialogs.
const (
	NoDialog Dialog = iota
	DialogPalette
	DialogShortcuts
	DialogSettings
	DialogConnect
	DialogResend
	DialogAnswers
	DialogGoTo
	DialogPublic
	DialogRules
	DialogResendMany
	DialogCompare
	DialogCompareWith
	DialogSamples
	DialogSessions
	DialogShare
	DialogOpen
	DialogOpened
	DialogCopyAs
	DialogSaveFilter
	DialogFilterBy
)

// Open lays a dialog over the window; NoDialog takes it away.
func (a *App) Open(d Dialog) {
	if a.Dialog == d {
		return
	}
	a.Dialog = d
	a.Changed.Emit()
	a.Opened.next() // files may have come while a dialog was open
}

// run does what may block in a goroutine of its own. The function that job
// returns, where it returns one, then runs on the screen's goroutine. The
// context ends when the window closes.
func (a *App) run(job func(ctx context.Context) func()) {
	a.jobs.Go(func() {
		if done := job(a.ctx); done != nil {
			a.config.Do(done)
		}
	})
}

// New makes the state of a window that has nothing to show yet.
func New(config Config) *App {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Local == nil {
		config.Local = time.Local
	}
	a := &App{config: config, Commands: &Commands{}}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.Preferences = openPreferences(config.Settings)
	a.Notices = newNotices(a)
	a.Sidebar = newSidebar(a)
	a.List = newList(a)
	a.Detail = newDetail(a)
	a.Held = newHeld(a)
	a.Rules = newRules(a)
	a.Compare = newCompare(a)
	a.Status = newStatus(a)
	a.Settings = newSettings(a)
	a.Connect = newConnect(a)
	a.Samples = newSamples(a)
	a.Public = newPublicAddress(a)
	a.Sessions = newSessions(a)
	a.Filter = newFilterBar(a)
	a.Histogram = newHistogram(a)
	a.Saved = newSaved(a)
	a.Share = newShare(a)
	a.Opened = newOpened(a)
	a.addCommands()
	return a
}

// Attach gives the window the engine to work on, as soon as it is open.
func (a *App) Attach(b *Backend) {
	a.backend = b
	a.Notices.attached()
	a.Sessions.attached() // the list and the counts follow
	a.Saved.attached()
	a.Detail.attached()
	a.Held.attached()
	a.Rules.attached()
	a.Status.attached()
	a.Settings.attached()
	a.Connect.attached()
	a.Samples.attached()
	a.Public.attached()
	a.Opened.attached()
	a.Changed.Emit()
}

// Attached reports whether there is an engine.
func (a *App) Attached() bool { return a.backend != nil }

// Close ends what runs and keeps what is remembered between runs.
func (a *App) Close() error {
	a.cancel()
	a.jobs.Wait()
	a.Detail.Resend.discardFile()
	return a.Preferences.Save()
}
