package viewmodel

import (
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// The views of the sidebar; those of senders are ViewProvider with the
// provider's ID, "" for unknown senders.
const (
	ViewAll      = "all"
	ViewPinned   = "pinned"
	ViewFailed   = "failed"
	ViewHeld     = "held"
	ViewResent   = "resent"
	ViewProvider = "provider:"
)

// Sidebar lists the views with how many callbacks each has.
type Sidebar struct {
	Changed Signal

	app      *App
	counts   store.Counts
	known    bool
	counting bool
	dirty    bool // more has come since the last count
	planned  bool
	last     time.Time     // when the last count was done
	took     time.Duration // how long it took
}

// SidebarSection is a group of views; Title is "" for the first.
type SidebarSection struct {
	Title string
	View  string // that a click on Title opens; "" for none
	Items []SidebarItem
}

// SidebarItem is one view.
type SidebarItem struct {
	View     string
	Title    string
	Icon     string // "" for a sender, which has a Hue
	Hue      int
	Dot      bool   // a rule's, which has a dot in its Tone
	Tone     Tone   // of the icon
	Count    string // "" while it is not known, and for none
	Selected bool
}

func newSidebar(a *App) *Sidebar { return &Sidebar{app: a} }

func (s *Sidebar) attached() { s.Recount() }

// viewOf is a remembered view, or that of all where there is none of that name.
func viewOf(view string) string {
	switch view {
	case ViewAll, ViewPinned, ViewFailed, ViewHeld, ViewResent:
		return view
	}
	if strings.HasPrefix(view, ViewProvider) {
		return view
	}
	return ViewAll
}

// viewQuery is what a view lets through.
func viewQuery(view string) store.Query {
	switch view {
	case ViewPinned:
		return store.Query{Pinned: true}
	case ViewFailed:
		return store.Query{Verdicts: []capture.Status{capture.Invalid, capture.Malformed}}
	case ViewHeld:
		return store.Query{State: capture.StateHeld}
	case ViewResent:
		return store.Query{Via: capture.ViaReplay}
	}
	if provider, found := strings.CutPrefix(view, ViewProvider); found {
		return store.Query{Provider: &provider}
	}
	return store.Query{}
}

// viewTitle names a view.
func viewTitle(a *App, view string) string {
	switch view {
	case ViewPinned:
		return "Pinned"
	case ViewFailed:
		return "Proof failed"
	case ViewHeld:
		return "Held"
	case ViewResent:
		return "Resent"
	}
	if id, found := strings.CutPrefix(view, ViewProvider); found {
		if a.backend != nil {
			if p := a.backend.Set.Find(id); p != nil {
				return p.Name
			}
		}
		return orElse(capture.Visible(id), "Unknown")
	}
	return "All callbacks"
}

// viewSentence says what would be in a view that has nothing.
func viewSentence(a *App, view string) string {
	switch view {
	case ViewPinned:
		return "A pinned callback stays when the list is cleared, and retention leaves it alone. Press p to pin one."
	case ViewFailed:
		return "No callback has a proof that does not match."
	case ViewHeld:
		return "No sender waits for an answer. A rule that holds keeps one waiting until a person answers."
	case ViewResent:
		return "Callbacks that Hookglass sends again appear here."
	case ViewProvider:
		return "Every callback came from a sender that is known."
	}
	return "No callback of " + viewTitle(a, view) + " was captured yet."
}

// Sections are what the sidebar shows: only what has content.
func (s *Sidebar) Sections() []SidebarSection {
	view := s.app.List.View
	item := func(id, icon string, n int64) SidebarItem {
		return SidebarItem{
			View: id, Title: viewTitle(s.app, id), Icon: icon, Tone: Secondary,
			Count: s.shown(n), Selected: id == view,
		}
	}
	c := &s.counts
	general := []SidebarItem{item(ViewAll, "inbox", c.Total), item(ViewPinned, "star", c.Pinned), item(ViewFailed, "shield-alert", c.Failed)}
	if c.Held > 0 || view == ViewHeld {
		held := item(ViewHeld, "clock", c.Held)
		held.Tone = Warn
		general = append(general, held)
	}
	sections := []SidebarSection{{Items: append(general, item(ViewResent, "rotate-cw", c.Resent))}}
	if s.app.backend == nil {
		return sections
	}
	var senders []SidebarItem
	sender := func(id string) {
		it := item(ViewProvider+id, "", c.Providers[id])
		it.Hue = senderHue(id)
		senders = append(senders, it)
	}
	for _, p := range s.app.backend.Set.All() {
		sender(p.ID)
	}
	if c.Providers[""] > 0 || view == ViewProvider {
		sender("")
	}
	sections = append(sections, SidebarSection{Title: "Providers", Items: senders})
	if rules := s.app.Rules.section(); len(rules.Items) > 0 {
		sections = append(sections, rules)
	}
	return sections
}

func (s *Sidebar) shown(n int64) string {
	if !s.known || n <= 0 {
		return ""
	}
	return groupDigits(n)
}

// count is how many callbacks a view has, where that is known.
func (s *Sidebar) count(view string) (int64, bool) {
	switch view {
	case ViewAll:
		return s.counts.Total, s.known
	case ViewPinned:
		return s.counts.Pinned, s.known
	case ViewFailed:
		return s.counts.Failed, s.known
	case ViewHeld:
		return s.counts.Held, s.known
	case ViewResent:
		return s.counts.Resent, s.known
	}
	return s.counts.Providers[strings.TrimPrefix(view, ViewProvider)], s.known
}

// Select shows a view in the list, or opens a rule.
func (s *Sidebar) Select(view string) {
	if !s.app.Rules.openView(view) {
		s.app.List.SetView(view)
	}
}

// Step shows the next view, or with -1 the one before.
func (s *Sidebar) Step(by int) {
	var views []string
	at := 0
	for _, section := range s.Sections() {
		if section.View != "" {
			continue // those are rules
		}
		for _, item := range section.Items {
			if item.Selected {
				at = len(views)
			}
			views = append(views, item.View)
		}
	}
	if to := at + by; to >= 0 && to < len(views) {
		s.Select(views[to])
	}
}
