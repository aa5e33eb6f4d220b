package viewmodel

import "strings"

// Command is one thing that a person can tell Hookglass to do. Menus, the
// palette, the sheet of shortcuts, tooltips and keys all come from the one list
// of commands.
type Command struct {
	ID    string // "callback.pin"
	Title string // "Pin the callback"
	Place string // group in the palette and the sheet: "Callback", "List", "Body", "View", "Hookglass"
	Icon  string // name of an icon
	Keys  []Key  // the first is the one that is shown

	// Ready says whether it can be done now; nil means always. Why says why not,
	// where that is worth a word.
	Ready func() bool
	Run   func()

	Hidden bool // has keys, but no place in the palette: moving about
}

// Key is a key with its modifiers: "Mod+K" (Ctrl, on a Mac Cmd), "Shift+F3",
// "j", "G", "/", "Delete", "Up", "Return", "Escape". A letter without modifier
// says its case: "G" is Shift with g.
type Key string

// Plain reports whether a key is typed without Ctrl, Cmd or Alt, so that a text
// field takes it for itself.
func (k Key) Plain() bool {
	return !strings.Contains(string(k), "Mod+") && !strings.Contains(string(k), "Alt+")
}

// Commands is the registry.
type Commands struct {
	list []*Command
	mac  bool
}

// Add registers commands. An ID or a key that is taken panics: it is a mistake
// of ours, seen in every test.
func (c *Commands) Add(commands ...Command) {
	for i := range commands {
		command := &commands[i]
		for _, other := range c.list {
			if other.ID == command.ID {
				panic("two commands are called " + command.ID)
			}
			for _, key := range command.Keys {
				for _, taken := range other.Keys {
					if key == taken {
						panic(other.ID + " and " + command.ID + " both want " + string(key))
					}
				}
			}
		}
		c.list = append(c.list, command)
	}
}

// All returns the commands in the order in which they were added.
func (c *Commands) All() []*Command { return c.list }

// Find returns a command by its ID, or nil.
func (c *Commands) Find(id string) *Command {
	for _, command := range c.list {
		if command.ID == id {
			return command
		}
	}
	return nil
}

// Enabled reports whether a command can be run now.
func (c *Command) Enabled() bool { return c.Ready == nil || c.Ready() }

// Do runs a command by its ID, where it can be run, and reports whether it did.
func (c *Commands) Do(id string) bool {
	command := c.Find(id)
	if command == nil || !command.Enabled() {
		return false
	}
	command.Run()
	return true
}

// Press runs the command of a key and reports whether there was one that could.
func (c *Commands) Press(key Key) bool {
	for _, command := range c.list {
		for _, k := range command.Keys {
			if k == key && command.Enabled() {
				command.Run()
				return true
			}
		}
	}
	return false
}
