package viewmodel

// commands are what can be done with the list and with what is chosen in it.
func (l *List) commands() []Command {
	chosen := func() bool { return l.app.backend != nil && len(l.selected) > 0 && !l.app.Opened.Looking() }
	current := func() bool { return l.app.backend != nil && l.current != 0 }
	filled := func() bool { return l.window.len() > 0 }
	all := []Command{
		{ID: "callback.pin", Title: "Pin the callback, or unpin it", Place: "Callback", Icon: "star", Keys: []Key{"p"}, Ready: chosen, Run: l.Pin},
		{ID: "callback.mark", Title: "Mark the callback in the next colour", Place: "Callback", Icon: "tag", Keys: []Key{"m"}, Ready: chosen, Run: l.Mark},
		{
			ID: "callback.note", Title: "Write a note on the callback", Place: "Callback", Icon: "sticky-note", Keys: []Key{"n"},
			Ready: func() bool { return l.app.Detail.Page != nil && !l.app.Opened.Looking() }, Run: func() { l.app.Detail.Remark.Write() },
		},
		{
			ID: "list.filterby", Title: "Filter by what this callback has …", Place: "List", Icon: "funnel", Keys: []Key{"F"},
			Ready: func() bool { return l.cache.has(l.current) }, Run: func() { l.app.Open(DialogFilterBy) },
		},
		{ID: "callback.curl", Title: "Copy the callback as cURL", Place: "Callback", Icon: "terminal", Keys: []Key{"c"}, Ready: current, Run: l.CopyCurl},
		{
			ID: "callback.path", Title: "Copy the path", Place: "Callback", Icon: "link",
			Ready: func() bool { return l.cache.has(l.current) }, Run: l.CopyPath,
		},
		{ID: "callback.delete", Title: "Delete the callback", Place: "Callback", Icon: "trash-2", Keys: []Key{"Delete"}, Ready: chosen, Run: l.Delete},
		{
			ID: "list.pause", Title: "Pause the list, or go on", Place: "List", Icon: "pause", Keys: []Key{"Mod+P"},
			Ready: func() bool { return l.app.backend != nil }, Run: l.Pause,
		},
		{ID: "list.clear", Title: "Clear the list", Place: "List", Icon: "trash-2", Keys: []Key{"Mod+L"}, Ready: func() bool { return filled() && !l.app.Opened.Looking() }, Run: l.Clear},
		{
			ID: "list.undo", Title: "Undo deleting or clearing", Place: "List", Icon: "undo-2", Keys: []Key{"Mod+Z"},
			Ready: func() bool { return len(l.undo) > 0 }, Run: l.Undo,
		},
		{ID: "list.all", Title: "Select all callbacks", Place: "List", Icon: "list", Keys: []Key{"Mod+A"}, Ready: filled, Run: l.SelectAll},
		{
			ID: "list.time", Title: "Go to a time …", Place: "List", Icon: "clock", Keys: []Key{"Mod+G"},
			Ready: filled, Run: func() { l.app.Open(DialogGoTo) },
		},
		{ID: "list.newest", Title: "Go to the newest and follow", Place: "List", Icon: "arrow-up", Ready: filled, Run: l.ToTop},
		{
			ID: "list.unfilter", Title: "Clear the filter", Place: "List", Icon: "x",
			Ready: func() bool { return l.FilterText != "" }, Run: l.ClearFilter,
		},
		{ID: "view.utc", Title: "Show times in UTC, or local ones", Place: "View", Icon: "globe", Run: l.toggleUTC},
		{ID: "view.rows", Title: "Show size, duration and summary in rows", Place: "View", Icon: "list", Run: l.toggleMeta},
	}
	return append(all, l.moves()...)
}

// moves are the keys that go through the list and its views.
func (l *List) moves() []Command {
	filled := func() bool { return l.window.len() > 0 }
	by := func(rows int, extend bool) func() { return func() { l.step(rows, extend) } }
	view := func(id, title, icon, view string) Command {
		return Command{ID: id, Title: title, Place: "List", Icon: icon, Ready: func() bool { return l.View != view }, Run: func() { l.SetView(view) }}
	}
	views := []Command{
		view("list.views.all", "Show all callbacks", "inbox", ViewAll),
		view("list.views.pinned", "Show the pinned callbacks", "star", ViewPinned),
		view("list.views.failed", "Show the callbacks whose proof failed", "shield-alert", ViewFailed),
		view("list.views.resent", "Show the resent callbacks", "rotate-cw", ViewResent),
		{ID: "sidebar.next", Title: "The next view", Place: "List", Keys: []Key{"Mod+Down"}, Hidden: true, Run: func() { l.app.Sidebar.Step(1) }},
		{ID: "sidebar.before", Title: "The view before", Place: "List", Keys: []Key{"Mod+Up"}, Hidden: true, Run: func() { l.app.Sidebar.Step(-1) }},
	}
	moves := []Command{
		{ID: "list.next", Title: "The next callback", Keys: []Key{"j", "Down"}, Run: by(1, false)},
		{ID: "list.before", Title: "The callback before", Keys: []Key{"k", "Up"}, Run: by(-1, false)},
		{ID: "list.first", Title: "The first callback", Keys: []Key{"g", "Home"}, Run: l.first},
		{ID: "list.last", Title: "The last callback", Keys: []Key{"G", "End"}, Run: l.last},
		{ID: "list.pagedown", Title: "A page down", Keys: []Key{"PageDown"}, Run: func() { l.step(l.page(), false) }},
		{ID: "list.pageup", Title: "A page up", Keys: []Key{"PageUp"}, Run: func() { l.step(-l.page(), false) }},
		{ID: "list.extenddown", Title: "Select the next one too", Keys: []Key{"Shift+Down"}, Run: by(1, true)},
		{ID: "list.extendup", Title: "Select the one before too", Keys: []Key{"Shift+Up"}, Run: by(-1, true)},
		{
			ID: "list.histogram", Title: "Choose a span of time in the histogram", Keys: []Key{"T"},
			Run: func() { l.app.Screen.Focus(PaneHistogram) },
		},
		{ID: "list.attempt", Title: "The attempt before", Keys: []Key{"["}, Run: func() { l.app.Commands.Do("callback.previous") }},
		{ID: "list.attemptafter", Title: "The attempt after", Keys: []Key{"]"}, Run: func() { l.app.Commands.Do("callback.next") }},
	}
	for i := range moves {
		moves[i].Place, moves[i].Hidden, moves[i].Ready = "List", true, filled
	}
	return append(views, moves...)
}

func (l *List) toggleUTC() {
	l.app.Preferences.UTC = !l.app.Preferences.UTC
	l.Changed.Emit()
	l.app.Detail.Refresh()
}

func (l *List) toggleMeta() {
	l.app.Preferences.RowMeta = !l.app.Preferences.RowMeta
	l.Changed.Emit()
}
