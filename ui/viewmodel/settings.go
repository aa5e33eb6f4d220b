package viewmodel

import (
	"context"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// SettingsSection is a page of the settings.
type SettingsSection string

// The pages of the settings.
const (
	SettingsCredentials SettingsSection = "credentials"
	SettingsIdentity    SettingsSection = "identity"
	SettingsEndpoints   SettingsSection = "endpoints"
	SettingsListening   SettingsSection = "listening"
	SettingsPublic      SettingsSection = "public"
	SettingsRetention   SettingsSection = "retention"
	SettingsAppearance  SettingsSection = "appearance"
	SettingsFolder      SettingsSection = "folder"
	SettingsAbout       SettingsSection = "about"
)

// SettingsPage is a line at the left of the settings.
type SettingsPage struct {
	ID    SettingsSection
	Title string
	Icon  string
}

// SettingsPages lists the pages of the settings in their order.
var SettingsPages = []SettingsPage{
	{SettingsCredentials, "Credentials", "key-round"},
	{SettingsIdentity, "Test identity", "flask-conical"},
	{SettingsEndpoints, "Endpoints", "webhook"},
	{SettingsListening, "Listening & limits", "server"},
	{SettingsPublic, "Public address", "globe"},
	{SettingsRetention, "Retention", "history"},
	{SettingsAppearance, "Appearance", "moon"},
	{SettingsFolder, "Data folder", "folder"},
	{SettingsAbout, "About", "info"},
}

// Settings is the dialog of that name: what is configured, and what a person is
// about to change. What is being typed is forgotten when the dialog closes.
type Settings struct {
	Section SettingsSection

	Key      *KeyDraft      // the value of a credential that is being entered; nil for none
	Endpoint *EndpointDraft // the endpoint that is being entered; nil for none

	Listen    Field // address to listen on
	BodyLimit Field
	MaxCount  Field
	MaxBytes  Field
	Stored    string // what is stored now, in a sentence; "" while it is counted

	Changed Signal

	app      *App
	open     bool
	revealed map[keyID]bool
	making   string // the provider whose test identity is being made; "" for none
	trial    trial
}

// Field is a text that a person may change, with what is wrong with it.
type Field struct {
	Text    string
	Usual   string // what holds where Text is empty
	Problem string // why the text cannot be used; "" where it can
	Note    string // what follows from it
}

// Line is a fact with its name, for a page that only tells.
type Line struct{ Label, Value string }

func newSettings(a *App) *Settings {
	s := &Settings{app: a, Section: SettingsCredentials, revealed: map[keyID]bool{}}
	s.fill()
	a.Changed.Listen(s.openedOrClosed)
	return s
}

func (s *Settings) attached() { s.Changed.Emit() }

// Show opens the settings at a page.
func (s *Settings) Show(section SettingsSection) {
	s.Turn(section)
	s.app.Open(DialogSettings)
}

// ShowKey opens the settings where a value of a credential is entered.
func (s *Settings) ShowKey(credential string) {
	s.Show(SettingsCredentials)
	s.AddKey(credential)
}

// Turn shows another page.
func (s *Settings) Turn(section SettingsSection) {
	s.Section = section
	s.Key, s.Endpoint = nil, nil
	s.trial.stop()
	if section == SettingsRetention {
		s.count()
	}
	s.Changed.Emit()
}

// Title is the heading of the page that is shown.
func (s *Settings) Title() string {
	for _, page := range SettingsPages {
		if page.ID == s.Section {
			return page.Title
		}
	}
	return ""
}

// openedOrClosed takes what is as it is now when the dialog opens, and forgets
// what was typed when it closes.
func (s *Settings) openedOrClosed() {
	if open := s.app.Dialog == DialogSettings; open == s.open {
		return
	}
	s.open = !s.open
	switch {
	case !s.open:
		s.leave()
	case s.Section == SettingsRetention:
		s.count()
	}
	s.Changed.Emit()
}

// leave forgets what was typed and hides what was revealed.
func (s *Settings) leave() {
	s.Key, s.Endpoint = nil, nil
	s.fill()
	clear(s.revealed)
	s.trial.forget()
}

// SetAppearance chooses the colours: "dark", "light", or "" for the system's.
func (s *Settings) SetAppearance(appearance string) {
	s.app.SetAppearance(appearance)
	s.save()
	s.Changed.Emit()
}

// SetUTC has times shown in UTC instead of local time.
func (s *Settings) SetUTC(utc bool) {
	s.app.Preferences.UTC = utc
	s.looksChanged()
}

// SetRowMeta has every row show size, duration and summary.
func (s *Settings) SetRowMeta(always bool) {
	s.app.Preferences.RowMeta = always
	s.looksChanged()
}

// looksChanged keeps the preferences and has everything drawn again.
func (s *Settings) looksChanged() {
	s.save()
	s.app.Changed.Emit()
	s.app.List.Changed.Emit()
	s.app.Detail.Changed.Emit()
	s.Changed.Emit()
}

func (s *Settings) save() {
	if err := s.app.Preferences.Save(); err != nil {
		s.app.Notices.Say(Bad, sentence(err), "", nil)
	}
}

// Folder is where everything is kept; "" while there is no engine.
func (s *Settings) Folder() string {
	switch b := s.app.backend; {
	case b == nil:
		return ""
	case b.Folder != "":
		return b.Folder
	default:
		return filepath.Dir(b.Store.Path())
	}
}

// OpenFolder shows the data folder in the system's file manager, or copies its
// path where there is none.
func (s *Settings) OpenFolder() {
	folder := s.Folder()
	if folder == "" {
		return
	}
	if err := s.app.Screen.OpenURL("file://" + filepath.ToSlash(folder)); err != nil {
		s.app.Screen.Copy(folder)
		s.app.Notices.Say(Warn, "No program opened it: its path was copied instead.", "", nil)
	}
}

// CopyFolder copies the path of the data folder.
func (s *Settings) CopyFolder() {
	s.app.Screen.Copy(s.Folder())
	s.app.Notices.Say(Good, "The path was copied.", "", nil)
}

// About tells the versions of what the program is made of.
func (s *Settings) About() []Line {
	version := s.app.config.Version
	if version == "" {
		version = "unknown"
	}
	lines := []Line{
		{"Hookglass", version},
		{"Go", strings.TrimPrefix(runtime.Version(), "go")},
		{"System", runtime.GOOS + "/" + runtime.GOARCH},
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return lines
	}
	for _, module := range info.Deps {
		switch module.Path {
		case "fyne.io/fyne/v2":
			lines = append(lines, Line{"Fyne", strings.TrimPrefix(module.Version, "v")})
		case "github.com/mattn/go-sqlite3":
			lines = append(lines, Line{"go-sqlite3", strings.TrimPrefix(module.Version, "v")})
		}
	}
	return lines
}

// commands are those of the settings.
func (s *Settings) commands() []Command {
	list := []Command{{
		ID: "settings.open", Title: "Settings", Place: "Hookglass", Icon: "sliders-horizontal", Keys: []Key{"Mod+,"},
		Run: func() { s.app.Open(DialogSettings) },
	}}
	for _, page := range SettingsPages {
		if page.ID == SettingsAbout {
			continue // has a command of its own
		}
		list = append(list, Command{
			ID: "settings." + string(page.ID), Title: "Settings: " + page.Title, Place: "Hookglass", Icon: page.Icon,
			Run: func() { s.Show(page.ID) },
		})
	}
	return list
}

// change does what may block and changes the engine. problem is told why it
// failed; done runs where it did not.
func (s *Settings) change(job func(ctx context.Context) error, problem func(string), done func()) {
	s.app.run(func(ctx context.Context) func() {
		err := job(ctx)
		return func() {
			if err != nil {
				problem(sentence(err))
			} else {
				done()
			}
			s.Changed.Emit()
		}
	})
}
