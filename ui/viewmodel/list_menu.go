package viewmodel

// MenuEntry is a line of a context menu; one without a Label is a rule.
type MenuEntry struct {
	Icon, Label, Keys string
	Tone              Tone
	Enabled           bool
	Run               func()
	More              []MenuEntry // a menu of its own that opens in the place of this one
}

// Entry is the line of a menu that does a command; one that is not there is a rule.
func (a *App) Entry(id string) MenuEntry {
	c := a.Commands.Find(id)
	if c == nil {
		return MenuEntry{}
	}
	entry := MenuEntry{Icon: c.Icon, Label: c.Title, Enabled: c.Enabled(), Run: func() { a.Commands.Do(id) }}
	if len(c.Keys) > 0 {
		entry.Keys = a.Commands.Shown(c.Keys[0])
	}
	return entry
}

// MenuEntries are what can be done with what is selected.
func (l *List) MenuEntries() []MenuEntry {
	var entries []MenuEntry
	for _, id := range [...]string{
		"callback.pin", "callback.mark", "callback.note", "list.filterby", "", "callback.copyas", "share.selected", "callback.resend", "callback.schedule", "callback.compare", "rules.make", "",
		"callback.previous", "callback.origin", "list.all", "", "callback.delete",
	} {
		entry := l.app.Entry(id)
		switch id {
		case "list.filterby":
			entry.More = l.filterEntries()
		case "callback.copyas":
			entry.More = l.app.CopyEntries()
		case "callback.delete":
			entry.Tone = Bad
			if n := len(l.Chosen()); n > 1 {
				entry.Label = "Delete " + selectedText(n)
			}
		}
		entries = append(entries, entry)
	}
	return entries
}
