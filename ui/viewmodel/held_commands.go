package viewmodel

// commands are what can be done with held callbacks.
func (h *Held) commands() []Command {
	return []Command{
		{
			ID: "held.next", Title: "Answer the next held callback", Place: "Callback", Icon: "clock", Keys: []Key{"h"},
			Ready: h.Any, Run: h.Go,
		},
		{
			ID: "held.release", Title: "Send the held callback its fallback now", Place: "Callback", Icon: "reply", Keys: []Key{"H"},
			Ready: h.Form.ready, Run: h.Form.Release,
		},
		{
			ID: "held.own", Title: "Write the held callback an answer of your own", Place: "Callback", Icon: "pencil",
			Ready: h.Form.ready,
			Run: func() {
				h.app.Detail.Select(TabAnswer)
				h.app.Screen.Focus(PaneAnswer)
			},
		},
		{
			ID: "held.send", Title: "Send the held callback the answer of your own", Place: "Callback", Icon: "send", Keys: []Key{"Mod+Return"},
			Ready: func() bool { return h.Form.ready() && h.app.Detail.Tab == TabAnswer && h.Form.Own.Problem == "" },
			Run:   h.Form.SendOwn,
		},
		{
			ID: "list.views.held", Title: "Show the held callbacks", Place: "List", Icon: "clock",
			Ready: func() bool { return h.app.List.View != ViewHeld }, Run: h.All,
		},
	}
}
