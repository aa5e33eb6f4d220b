package viewmodel

// MenuEntry is a line of a context menu; one without a Label is a rule.
type MenuEntry struct {
	Icon, Label, Keys string
	Tone              Tone
	Enabled           bool
	Run               func()
}

// MenuEntries are what can be done with what is selected.
func (l *List) MenuEntries() []MenuEntry {
	var entries []MenuEntry
	for _, id := range [...]string{
		"callback.pin", "callback.curl", "callback.path", "callback.resend", "callback.schedule", "callback.compare", "rules.make", "",
		"callback.previous", "callback.origin", "list.all", "", "callback.delete",
	} {
		c := l.app.Commands.Find(id)
		if c == nil {
			entries = append(entries, MenuEntry{})
			continue
		}
		entry := MenuEntry{Icon: c.Icon, Label: c.Title, Enabled: c.Enabled(), Run: func() { l.app.Commands.Do(id) }}
		if len(c.Keys) > 0 {
			entry.Keys = l.app.Commands.Shown(c.Keys[0])
		}
		if id == "callback.delete" {
			entry.Tone = Bad
			if n := len(l.Chosen()); n > 1 {
				entry.Label = "Delete " + selectedText(n)
			}
		}
		entries = append(entries, entry)
	}
	return entries
}
