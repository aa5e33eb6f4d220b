package viewmodel

import (
	"slices"
	"strconv"
	"strings"

	"hookglass/capture"
	"hookglass/store"
)

// ViewSaved begins the View of a saved filter, with its ID.
const ViewSaved = "saved:"

func savedID(view string) (int64, bool) {
	id, found := strings.CutPrefix(view, ViewSaved)
	n, err := strconv.ParseInt(id, 10, 64)
	return n, found && err == nil
}

// verdictNames are the verdicts that the sidebar tells apart, by what it calls
// them.
var verdictNames = map[capture.Status]string{
	capture.Valid: "Valid", capture.WeakKey: "Weak key", capture.Invalid: "Invalid", capture.Malformed: "Malformed",
	capture.KeyMissing: "Key missing", capture.Unsigned: "Not signed", capture.Unprovable: "Cannot be proven",
}

// verdictOrder is that of the sidebar.
var verdictOrder = [...]capture.Status{
	capture.Valid, capture.WeakKey, capture.Invalid, capture.Malformed, capture.KeyMissing, capture.Unsigned, capture.Unprovable,
}

// answerClasses are the answers that the sidebar tells apart, as status: takes
// them; the place of each is its hundreds.
var answerClasses = [...]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}

// answerClass is the hundreds of an answer's class, or -1.
func answerClass(answer string) int { return slices.Index(answerClasses[:], answer) }

func answerTitle(answer string) string {
	switch answer {
	case "none":
		return "No answer"
	case "2xx":
		return "2xx accepted"
	case "3xx":
		return "3xx redirected"
	case "4xx":
		return "4xx refused"
	case "5xx":
		return "5xx failed"
	}
	return answer
}

// Sections are what the sidebar shows: only what has content.
func (s *Sidebar) Sections() []SidebarSection {
	sections := []SidebarSection{{Items: s.general()}}
	if s.app.backend == nil {
		return sections
	}
	for _, section := range [...]SidebarSection{
		{Title: "Providers", Items: s.senders()},
		{Title: "Saved filters", Items: s.saved()},
		s.app.Rules.section(),
		{Title: "Proof", Items: s.verdicts()},
		{Title: "Answered", Items: s.answers()},
	} {
		if len(section.Items) > 0 {
			section.Folded = section.View == "" && slices.Contains(s.app.Preferences.Folded, section.Title)
			sections = append(sections, section)
		}
	}
	return sections
}

func (s *Sidebar) item(view, icon string, n int64) SidebarItem {
	return SidebarItem{
		View: view, Title: viewTitle(s.app, view), Icon: icon, Tone: Secondary,
		Count: s.shown(n), Selected: view == s.app.List.View && s.inForce() == nil,
	}
}

// inForce is the saved filter that the list shows; nil for none.
func (s *Sidebar) inForce() *store.SavedFilter {
	if l := s.app.List; l.View == ViewAll && l.applied != "" {
		return s.app.Saved.find(l.applied)
	}
	return nil
}

func (s *Sidebar) general() []SidebarItem {
	c := &s.counts
	items := []SidebarItem{
		s.item(ViewAll, "inbox", c.Total), s.item(ViewPinned, "star", c.Pinned), s.item(ViewFailed, "shield-alert", c.Failed),
	}
	if c.Held > 0 || s.app.List.View == ViewHeld {
		held := s.item(ViewHeld, "clock", c.Held)
		held.Tone = Warn
		items = append(items, held)
	}
	return append(items, s.item(ViewResent, "rotate-cw", c.Resent))
}

func (s *Sidebar) senders() []SidebarItem {
	var items []SidebarItem
	sender := func(id string) {
		it := s.item(ViewProvider+id, "", s.counts.Providers[id])
		it.Hue = senderHue(id)
		items = append(items, it)
	}
	for _, p := range s.app.backend.Set.All() {
		sender(p.ID)
	}
	if s.counts.Providers[""] > 0 || s.app.List.View == ViewProvider {
		sender("")
	}
	return items
}

func (s *Sidebar) saved() []SidebarItem {
	inForce := s.inForce()
	items := make([]SidebarItem, len(s.app.Saved.list))
	for i := range s.app.Saved.list {
		saved := &s.app.Saved.list[i]
		items[i] = SidebarItem{
			View: ViewSaved + strconv.FormatInt(saved.ID, 10), Title: capture.Visible(saved.Name), Icon: "funnel", Tone: Secondary,
			Count: s.app.Saved.shown(saved.ID), Selected: inForce != nil && inForce.ID == saved.ID,
		}
	}
	return items
}

func (s *Sidebar) verdicts() []SidebarItem {
	var items []SidebarItem
	for _, status := range verdictOrder {
		view := ViewVerdict + string(status)
		if n := s.counts.Verdicts[status]; n > 0 || s.app.List.View == view {
			_, icon, tone := verdictOf(&capture.Verification{Status: status})
			item := s.item(view, icon, n)
			item.Tone = tone
			items = append(items, item)
		}
	}
	return items
}

func (s *Sidebar) answers() []SidebarItem {
	var items []SidebarItem
	for class, answer := range answerClasses {
		view := ViewAnswer + answer
		if n := s.counts.Answers[class]; n > 0 || s.app.List.View == view {
			item := s.item(view, "", n)
			item.Dot, item.Tone = true, statusTone(class*100)
			if class == 0 {
				item.Tone = Muted
			}
			items = append(items, item)
		}
	}
	return items
}

// Fold folds a section up, or unfolds it, also at the next start.
func (s *Sidebar) Fold(title string) {
	p := s.app.Preferences
	if i := slices.Index(p.Folded, title); i >= 0 {
		p.Folded = slices.Delete(p.Folded, i, i+1)
	} else {
		p.Folded = append(p.Folded, title)
	}
	s.Changed.Emit()
}
