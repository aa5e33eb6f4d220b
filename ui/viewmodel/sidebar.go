package viewmodel

import (
	"fmt"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// The views of the sidebar; those of senders are ViewProvider with the provider's
// ID, "" for unknown senders, those of proofs ViewVerdict with a status, and those
// of answers ViewAnswer with what status: takes.
const (
	ViewAll      = "all"
	ViewPinned   = "pinned"
	ViewFailed   = "failed"
	ViewHeld     = "held"
	ViewResent   = "resent"
	ViewProvider = "provider:"
	ViewVerdict  = "verdict:"
	ViewAnswer   = "answer:"
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
	Title  string
	View   string // that a click on Title opens; "" for none: it folds the section up
	Folded bool   // Items are not to be seen
	Items  []SidebarItem
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

// viewOf is a remembered view, or that of all where there is none of that name.
func viewOf(view string) string {
	switch view {
	case ViewAll, ViewPinned, ViewFailed, ViewHeld, ViewResent:
		return view
	}
	if strings.HasPrefix(view, ViewProvider) {
		return view
	}
	if status, found := strings.CutPrefix(view, ViewVerdict); found && verdictNames[capture.Status(status)] != "" {
		return view
	}
	if answer, found := strings.CutPrefix(view, ViewAnswer); found && answerClass(answer) >= 0 {
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
	if status, found := strings.CutPrefix(view, ViewVerdict); found {
		return store.Query{Verdict: capture.Status(status)}
	}
	return store.Query{}
}

// viewFilter is what a view asks of a filter beside viewQuery.
func viewFilter(view string, f capture.Filter) capture.Filter {
	answer, found := strings.CutPrefix(view, ViewAnswer)
	if !found {
		return f
	}
	both, err := capture.ParseFilter(f.With("status:" + answer))
	if err != nil {
		return f // too many terms by one
	}
	return both
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
	if status, found := strings.CutPrefix(view, ViewVerdict); found {
		return verdictNames[capture.Status(status)]
	}
	if answer, found := strings.CutPrefix(view, ViewAnswer); found {
		return answerTitle(answer)
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
	switch {
	case strings.HasPrefix(view, ViewVerdict):
		return "No callback has this verdict: " + viewTitle(a, view) + "."
	case strings.HasPrefix(view, ViewAnswer):
		return "No callback was answered so: " + viewTitle(a, view) + "."
	}
	return "No callback of " + viewTitle(a, view) + " was captured yet."
}

func (s *Sidebar) shown(n int64) string {
	if !s.known || n <= 0 {
		return ""
	}
	return shortCount(n)
}

// shortCount is a count where there is little room: exact below a million, then
// "1.01 M".
func shortCount(n int64) string {
	if n < 1_000_000 {
		return groupDigits(n)
	}
	whole, rest := n/1_000_000, n%1_000_000/10_000
	return groupDigits(whole) + fmt.Sprintf(".%02d M", rest)
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
	if status, found := strings.CutPrefix(view, ViewVerdict); found {
		return s.counts.Verdicts[capture.Status(status)], s.known
	}
	if answer, found := strings.CutPrefix(view, ViewAnswer); found {
		return s.counts.Answers[answerClass(answer)], s.known
	}
	return s.counts.Providers[strings.TrimPrefix(view, ViewProvider)], s.known
}

// Select shows a view in the list, filters as a saved filter does, or opens a rule.
func (s *Sidebar) Select(view string) {
	if id, found := savedID(view); found {
		if saved := s.app.Saved.at(id); saved != nil {
			s.app.List.SetView(ViewAll)
			s.app.List.FilterNow(saved.Text)
		}
		return
	}
	if !s.app.Rules.openView(view) {
		s.app.List.SetView(view)
	}
}

// Menu is what can be done with an item beside selecting it; none for most.
func (s *Sidebar) Menu(view string) []MenuEntry {
	if id, found := savedID(view); found {
		return s.app.Saved.menu(id)
	}
	return nil
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
			if section.Folded {
				continue
			}
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
