package viewmodel

// addCommands registers every command; each part adds its own.
func (a *App) addCommands() {
	a.Commands.mac = a.config.Mac
	a.Commands.Add(a.List.commands()...)
	a.Commands.Add(a.Saved.commands()...)
	a.Commands.Add(a.Detail.commands()...)
	a.Commands.Add(a.Detail.Body.commands()...)
	a.Commands.Add(a.Held.commands()...)
	a.Commands.Add(a.Rules.commands()...)
	a.Commands.Add(a.Compare.commands()...)
	a.Commands.Add(a.Settings.commands()...)
	a.Commands.Add(a.Connect.commands()...)
	a.Commands.Add(a.Samples.commands()...)
	a.Commands.Add(a.Public.commands()...)
	a.Commands.Add(a.Sessions.commands()...)
	a.Commands.Add(a.Share.commands()...)
	a.Commands.Add(a.Opened.commands()...)
	a.Commands.Add(a.copyCommands()...)
	a.Commands.Add(a.viewCommands()...)
}

// viewCommands are those of the window itself.
func (a *App) viewCommands() []Command {
	look := func(id, title, icon, appearance string) Command {
		return Command{
			ID: id, Title: title, Place: "View", Icon: icon,
			Ready: func() bool { return a.Preferences.Appearance != appearance },
			Run:   func() { a.SetAppearance(appearance) },
		}
	}
	return []Command{
		{
			ID: "view.palette", Title: "Find a command", Place: "Hookglass", Icon: "command", Keys: []Key{"Mod+K"}, Hidden: true,
			Run: func() { a.Open(DialogPalette) },
		},
		{
			ID: "view.shortcuts", Title: "Show the keyboard shortcuts", Place: "Hookglass", Icon: "keyboard", Keys: []Key{"?"},
			Run: func() { a.Open(DialogShortcuts) },
		},
		{
			ID: "list.filter", Title: "Filter the list", Place: "List", Icon: "search", Keys: []Key{"/"},
			Run: func() { a.Screen.Focus(PaneFilter) },
		},
		{
			ID: "view.back", Title: "Back: close, leave the field, clear the filter", Place: "View", Keys: []Key{"Escape"}, Hidden: true,
			Run: a.Back,
		},
		{
			ID: "view.detail", Title: "Go to the callback", Place: "View", Keys: []Key{"Return"}, Hidden: true,
			Ready: func() bool { return a.Detail.ID != 0 }, Run: a.Enter,
		},
		look("view.dark", "Use the dark theme", "moon", "dark"),
		look("view.light", "Use the light theme", "sun", "light"),
		look("view.system", "Follow the system's theme", "monitor", ""),
		{
			ID: "app.copyurl", Title: "Copy the address", Place: "Hookglass", Icon: "copy", Keys: []Key{"u"},
			Ready: func() bool { return a.Public.Base() != "" }, Run: a.Public.CopyBase,
		},
		{
			ID: "app.copylocal", Title: "Copy the local address", Place: "Hookglass", Icon: "copy",
			Ready: func() bool { return a.Status.Address != "" }, Run: a.Status.CopyAddress,
		},
		{ID: "app.diagnostics", Title: "Copy diagnostics", Place: "Hookglass", Icon: "clipboard-check", Run: a.CopyDiagnostics},
		{ID: "app.quit", Title: "Quit", Place: "Hookglass", Icon: "x", Keys: []Key{"Mod+Q"}, Run: a.AskToQuit},
	}
}

// SetAppearance changes the theme: "dark", "light", or "" for the system's.
func (a *App) SetAppearance(appearance string) {
	a.Preferences.Appearance = appearance
	if err := a.Preferences.Save(); err != nil {
		a.Notices.Say(Warn, sentence(err), "", nil)
	}
	a.Changed.Emit()
}

// SetNarrow says whether the window is so narrow that list and callback cannot
// be seen beside each other.
func (a *App) SetNarrow(narrow bool) {
	if a.Narrow != narrow {
		a.Narrow = narrow
		a.Changed.Emit()
	}
}

// Enter gives the keyboard to the callback; in a narrow window it covers the list.
// After a search for words it shows the first of them.
func (a *App) Enter() {
	a.Detail.Body.enter()
	a.Covered = true
	a.Changed.Emit()
	a.Screen.Focus(PaneDetail)
}

// Back undoes the innermost thing: in a narrow window it uncovers the list, then
// it clears the filter.
func (a *App) Back() {
	switch {
	case a.Narrow && a.Covered:
		a.Covered = false
		a.Changed.Emit()
	case a.List.Back():
	}
	a.Covered = false
	a.Screen.Focus(PaneList)
}

// AskToQuit quits, after asking once where Hookglass is capturing: who closes
// the window may not think of the callbacks that then find nobody.
func (a *App) AskToQuit() {
	if a.backend == nil || a.backend.URL == "" || a.Preferences.QuitAsked {
		a.Screen.Quit()
		return
	}
	a.Confirm("Stop capturing?",
		"Callbacks that come while Hookglass is closed find nobody; their senders may try again later. What was captured stays. This is asked once only.",
		"Quit", false, func() {
			a.Preferences.QuitAsked = true
			a.Screen.Quit()
		})
}
