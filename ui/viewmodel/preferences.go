package viewmodel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Preferences are what the window remembers between runs: looks and sizes,
// needed before the database is open. They hold nothing of what was captured.
type Preferences struct {
	Appearance string  `json:"appearance,omitempty"` // "dark", "light"; "" follows the system
	NoStrip    bool    `json:"no_strip,omitempty"`   // the bar of answers is hidden
	UTC        bool    `json:"utc,omitempty"`
	RowMeta    bool    `json:"row_meta,omitempty"` // rows always show size, duration and summary
	Width      float32 `json:"width,omitempty"`    // of the window
	Height     float32 `json:"height,omitempty"`
	ListWidth  float32 `json:"list_width,omitempty"` // in pixels of FYNE_SCALE 1
	Tab        string  `json:"tab,omitempty"`
	BodyView   string  `json:"body_view,omitempty"`
	View       string  `json:"view,omitempty"`   // what the sidebar had selected
	Listen     string  `json:"listen,omitempty"` // address to listen on; "" for the usual one
	BodyLimit  int64   `json:"body_limit,omitempty"`
	MaxCount   int     `json:"max_count,omitempty"` // retention; 0 for the usual
	MaxBytes   int64   `json:"max_bytes,omitempty"`

	// Public is the public address: what was chosen, and whether it was open.
	Public PublicPreferences `json:"public,omitzero"`

	// QuitAsked says that a person knows that closing the window stops capturing.
	QuitAsked bool `json:"quit_asked,omitempty"`

	// Copied are the addresses that were copied for a provider's console, so
	// that a change of them can be told.
	Copied map[string]string `json:"copied,omitempty"`

	// Targets are where callbacks were resent to, newest first.
	Targets []string `json:"targets,omitempty"`

	// RecentFilters are the filters that were used last, newest first, as they were
	// written: they may hold words of what was captured, never a masked value.
	RecentFilters []string `json:"recent_filters,omitempty"`

	// Folded are the titles of the sidebar's sections that are folded up.
	Folded []string `json:"folded,omitempty"`

	// Sharer is the name that shared files carry.
	Sharer string `json:"sharer,omitempty"`

	// SampleTo is where made callbacks were sent to, other than here.
	SampleTo string `json:"sample_to,omitempty"`

	path string
}

// openPreferences reads the settings file. One that is missing or broken counts
// as empty: looks are not worth an error at the start.
func openPreferences(path string) *Preferences {
	p := &Preferences{}
	if data, err := os.ReadFile(path); err == nil && json.Unmarshal(data, p) != nil {
		p = &Preferences{}
	}
	p.path = path
	return p
}

// Save writes the settings file, all or nothing.
func (p *Preferences) Save() error {
	if p.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep the settings: %w", err)
	}
	draft := p.path + ".new"
	if err := os.WriteFile(draft, append(data, '\n'), 0o600); err != nil {
		_ = os.Remove(draft) // what a full disk left of it
		return fmt.Errorf("keep the settings: %w", err)
	}
	if err := os.Rename(draft, p.path); err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	return nil
}
