package viewmodel

import (
	"context"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// Saved are the filters that were saved under a name.
type Saved struct {
	// Name and Problem are of the dialog that asks for a name; Text is the filter that
	// is named there.
	Name, Text, Problem string

	Changed Signal

	app    *App
	list   []store.SavedFilter
	naming int64 // the one that gets another name; 0 for a new one
	counts map[int64]savedCount
	dirty  bool
	busy   bool
	rests  bool // it counts again after a rest
	serial int  // of the session
}

// savedCount is how many callbacks a saved filter lets through.
type savedCount struct {
	n       int64
	atLeast bool

	text string        // the filter
	at   time.Time     // when it was counted, where that is slow
	took time.Duration // to count it
}

func newSaved(a *App) *Saved { return &Saved{app: a, counts: map[int64]savedCount{}} }

func (s *Saved) attached() { s.Refresh() }

// commands are those of saved filters.
func (s *Saved) commands() []Command {
	return []Command{
		{
			ID: "filter.save", Title: "Save the filter under a name …", Place: "List", Icon: "star", Keys: []Key{"Mod+S"},
			Ready: func() bool { _, can := s.app.Filter.Saved(); return can }, Run: s.Save,
		},
	}
}

// Refresh reads the saved filters.
func (s *Saved) Refresh() {
	b := s.app.backend
	if b == nil {
		return
	}
	s.app.run(func(ctx context.Context) func() {
		list, err := b.Store.SavedFilters(ctx)
		return func() {
			if err != nil {
				s.app.List.failed(err)
				return
			}
			s.list = list
			s.Recount()
			s.changed()
		}
	})
}

func (s *Saved) changed() {
	s.Changed.Emit()
	s.app.Sidebar.Changed.Emit()
	s.app.Filter.Changed.Emit()
}

// find is the saved filter with a text, or nil.
func (s *Saved) find(text string) *store.SavedFilter {
	for i := range s.list {
		if strings.TrimSpace(s.list[i].Text) == text {
			return &s.list[i]
		}
	}
	return nil
}

func (s *Saved) at(id int64) *store.SavedFilter {
	for i := range s.list {
		if s.list[i].ID == id {
			return &s.list[i]
		}
	}
	return nil
}

// Save asks for a name for the filter that is in force, or for another name of
// the one that it was saved as.
func (s *Saved) Save() {
	text := s.app.List.applied
	if text == "" {
		return
	}
	if saved := s.find(text); saved != nil {
		s.Rename(saved.ID)
		return
	}
	s.naming, s.Text, s.Problem = 0, text, ""
	s.Name = shorten(capture.Visible(text), 40)
	s.app.Open(DialogSaveFilter)
}

// Rename asks for another name of a saved filter.
func (s *Saved) Rename(id int64) {
	if saved := s.at(id); saved != nil {
		s.naming, s.Name, s.Text, s.Problem = id, saved.Name, saved.Text, ""
		s.app.Open(DialogSaveFilter)
	}
}

// Put saves what the dialog asks for under a name.
func (s *Saved) Put(name string) {
	name = strings.TrimSpace(name)
	if name == "" {
		s.Problem = "A name is missing."
		s.Changed.Emit()
		return
	}
	saved := store.SavedFilter{ID: s.naming, Name: name, Text: s.Text, Place: len(s.list) + 1}
	if old := s.at(s.naming); old != nil {
		saved.Place = old.Place
	}
	s.app.Open(NoDialog)
	s.keep(&saved, func() {
		s.app.Notices.Say(Good, "Saved the filter as "+shorten(capture.Visible(name), 60)+".", "", nil)
	})
}

// keep writes a saved filter; then runs where that went well.
func (s *Saved) keep(saved *store.SavedFilter, then func()) {
	b := s.app.backend
	if b == nil {
		return
	}
	s.app.run(func(ctx context.Context) func() {
		err := b.Store.PutSavedFilter(ctx, saved)
		return func() {
			if err != nil {
				s.app.Notices.Say(Bad, "The filter was not saved: "+sentence(err), "", nil)
				return
			}
			then()
			s.Refresh()
		}
	})
}

// Replace has a saved filter be the one that is in force now.
func (s *Saved) Replace(id int64) {
	saved := s.at(id)
	if saved == nil || s.app.List.applied == "" {
		return
	}
	before, now := *saved, *saved
	now.Text = s.app.List.applied
	s.keep(&now, func() {
		s.app.List.offerUndo("Changed the filter "+shorten(capture.Visible(now.Name), 60)+".", undo{
			run: func(ctx context.Context, db *store.DB) error { return db.PutSavedFilter(ctx, &before) }, then: s.Refresh,
		})
	})
}

// Remove forgets a saved filter, until Undo.
func (s *Saved) Remove(id int64) {
	b, saved := s.app.backend, s.at(id)
	if b == nil || saved == nil {
		return
	}
	removed := *saved
	s.app.run(func(ctx context.Context) func() {
		err := b.Store.RemoveSavedFilter(ctx, id)
		return func() {
			if err != nil {
				s.app.Notices.Say(Bad, "The filter was not removed: "+sentence(err), "", nil)
				return
			}
			s.app.List.offerUndo("Removed the filter "+shorten(capture.Visible(removed.Name), 60)+".", undo{
				then: s.Refresh, run: func(ctx context.Context, db *store.DB) error {
					again := removed
					again.ID = 0
					return db.PutSavedFilter(ctx, &again)
				},
			})
			s.Refresh()
		}
	})
}

// menu is what can be done with a saved filter.
func (s *Saved) menu(id int64) []MenuEntry {
	saved := s.at(id)
	if saved == nil {
		return nil
	}
	other := s.app.List.applied != "" && s.app.List.FilterProblem == "" && s.app.List.applied != strings.TrimSpace(saved.Text)
	return []MenuEntry{
		{Icon: "pencil", Label: "Rename …", Enabled: true, Run: func() { s.Rename(id) }},
		{Icon: "save", Label: "Save the present filter in its place", Enabled: other, Run: func() { s.Replace(id) }},
		{},
		{Icon: "trash-2", Label: "Remove", Tone: Bad, Enabled: true, Run: func() { s.Remove(id) }},
	}
}
