package viewmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// Found is a command as the palette shows it.
type Found struct {
	Command *Command
	Keys    string // "Ctrl R"; "" for none
	Enabled bool
}

// Search finds commands by letters of their title or place, best first; all of
// them for "". Those that cannot be run now come last.
func (c *Commands) Search(query string) []Found {
	var visible []*Command
	for _, command := range c.list {
		if !command.Hidden {
			visible = append(visible, command)
		}
	}
	if query = strings.TrimSpace(query); query != "" {
		matches := fuzzy.FindFrom(query, titles(visible))
		ordered := make([]*Command, len(matches))
		for i, match := range matches {
			ordered[i] = visible[match.Index]
		}
		visible = ordered
	}
	found := make([]Found, len(visible))
	for i, command := range visible {
		found[i] = Found{Command: command, Enabled: command.Enabled()}
		if len(command.Keys) > 0 {
			found[i].Keys = c.Shown(command.Keys[0])
		}
	}
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(rank(&a, query), rank(&b, query)) })
	return found
}

// rank puts what can be done now before what cannot, and in each a title with a
// word that begins like the query before one that only holds its letters.
func rank(f *Found, query string) int {
	worst := 0
	if !f.Enabled {
		worst = 2
	}
	for word := range strings.FieldsSeq(strings.ToLower(f.Command.Title)) {
		if query != "" && strings.HasPrefix(word, strings.ToLower(query)) {
			return worst
		}
	}
	return worst + 1
}

// titles is what is searched in: title, then place.
type titles []*Command

// String is for fuzzy.
func (t titles) String(i int) string { return t[i].Title + " " + t[i].Place }

// Len is for fuzzy.
func (t titles) Len() int { return len(t) }

// keyNames are the keys whose names on screen differ from ours.
var keyNames = map[string]string{
	"Escape": "Esc", "Delete": "Del", "Return": "Enter", "Up": "↑", "Down": "↓",
	"PageUp": "PgUp", "PageDown": "PgDn", "Left": "←", "Right": "→",
}

// Shown is a key as it is written on the screen: "Ctrl K", "⇧ F3", "G".
func (c *Commands) Shown(key Key) string {
	mod := "Ctrl"
	if c.mac {
		mod = "⌘"
	}
	parts := strings.Split(string(key), "+")
	if key == "+" {
		return "+"
	}
	for i, part := range parts {
		switch part {
		case "Mod":
			parts[i] = mod
		case "Shift":
			parts[i] = "Shift"
		default:
			if name := keyNames[part]; name != "" {
				parts[i] = name
			}
		}
	}
	return strings.Join(parts, " ")
}

// Hint is the first key of a command as it is written on the screen, "" where it
// has none.
func (c *Commands) Hint(id string) string {
	if command := c.Find(id); command != nil && len(command.Keys) > 0 {
		return c.Shown(command.Keys[0])
	}
	return ""
}

// Shortcut is a line of the sheet of shortcuts.
type Shortcut struct {
	Title string
	Keys  []string
}

// ShortcutGroup is a part of the sheet.
type ShortcutGroup struct {
	Title     string
	Shortcuts []Shortcut
}

// Sheet lists every command that has a key, by place.
func (c *Commands) Sheet() []ShortcutGroup {
	var groups []ShortcutGroup
	for _, command := range c.list {
		if len(command.Keys) == 0 {
			continue
		}
		i := slices.IndexFunc(groups, func(g ShortcutGroup) bool { return g.Title == command.Place })
		if i < 0 {
			i = len(groups)
			groups = append(groups, ShortcutGroup{Title: command.Place})
		}
		line := Shortcut{Title: command.Title}
		for _, key := range command.Keys {
			line.Keys = append(line.Keys, c.Shown(key))
		}
		groups[i].Shortcuts = append(groups[i].Shortcuts, line)
	}
	return groups
}
