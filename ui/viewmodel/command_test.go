package viewmodel

import (
	"slices"
	"strings"
	"testing"
)

func TestCommandsAreWhole(t *testing.T) {
	b := newBench(t)
	for _, c := range b.Commands.All() {
		if c.Title == "" || c.Place == "" || c.Run == nil {
			t.Errorf("%s lacks a title, a place or what it does", c.ID)
		}
		if !c.Hidden && c.Icon == "" && !strings.HasPrefix(c.ID, "tab.") {
			t.Errorf("%s is in the palette without an icon", c.ID)
		}
	}
}

// What the issue promises on the keyboard.
func TestKeysOfTheIssue(t *testing.T) {
	b := newBench(t)
	for key, want := range map[Key]string{
		"Mod+K": "view.palette", "?": "view.shortcuts", "Escape": "view.back", "Return": "view.detail",
		"1": "tab.overview", "2": "tab.body", "3": "tab.headers", "4": "tab.proof", "5": "tab.answer", "6": "tab.raw",
		"Mod+,": "settings.open",
	} {
		found := ""
		for _, c := range b.Commands.All() {
			if slices.Contains(c.Keys, key) {
				found = c.ID
			}
		}
		if found != want {
			t.Errorf("%s: got %q, want %q", key, found, want)
		}
	}
	for _, key := range []Key{"j", "k", "Up", "Down", "/", "p", "c", "Delete", "g", "G", "Mod+F", "F3"} {
		if !slices.ContainsFunc(b.Commands.All(), func(c *Command) bool { return slices.Contains(c.Keys, key) }) {
			t.Errorf("nothing has the key %s", key)
		}
	}
}

func TestSearch(t *testing.T) {
	c := &Commands{}
	never := func() bool { return false }
	c.Add(
		Command{ID: "pause", Title: "Pause the list", Place: "List", Keys: []Key{"Mod+P"}, Ready: never, Run: func() {}},
		Command{ID: "resend", Title: "Resend the callback …", Place: "Callback", Keys: []Key{"Mod+R"}, Run: func() {}},
		Command{ID: "delete", Title: "Delete the callback", Place: "Callback", Run: func() {}},
		Command{ID: "down", Title: "Next", Place: "List", Hidden: true, Run: func() {}},
	)
	tests := []struct{ query, want string }{
		{"", "resend delete pause"}, // what cannot be done comes last
		{"re", "resend"},
		{"callback", "delete resend"},
		{"lst", "pause"},
		{"xyz", ""},
	}
	for _, test := range tests {
		var got []string
		for _, f := range c.Search(test.query) {
			got = append(got, f.Command.ID)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: got %q, want %q", test.query, strings.Join(got, " "), test.want)
		}
	}
	if c.Press("Mod+P") || !c.Press("Mod+R") || c.Press("x") {
		t.Error("a key runs its command where that can be done")
	}
	if got := c.Hint("resend"); got != "Ctrl R" {
		t.Errorf("got %q", got)
	}
}

func TestTakenKeysPanic(t *testing.T) {
	for name, second := range map[string]Command{
		"id":  {ID: "a", Title: "B"},
		"key": {ID: "b", Title: "B", Keys: []Key{"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			c := &Commands{}
			c.Add(Command{ID: "a", Title: "A", Keys: []Key{"x"}}, second)
		})
	}
}

func TestShownKeys(t *testing.T) {
	for key, want := range map[Key]string{
		"Mod+K": "Ctrl K", "Shift+F3": "Shift F3", "Delete": "Del", "Up": "↑", "G": "G", "/": "/", "Mod+,": "Ctrl ,",
	} {
		if got := (&Commands{}).Shown(key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if got := (&Commands{mac: true}).Shown("Mod+K"); got != "⌘ K" {
		t.Errorf("got %q on a Mac", got)
	}
}
