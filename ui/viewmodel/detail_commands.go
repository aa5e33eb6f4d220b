package viewmodel

import (
	"context"
	"strconv"

	"hookglass/capture"
)

// commands are what can be done with the callback that is shown.
func (d *Detail) commands() []Command {
	all := []Command{
		{
			ID: "callback.resend", Title: "Resend the callback …", Place: "Callback", Icon: "rotate-cw", Keys: []Key{"Mod+R"},
			Ready: d.Resend.Ready, Run: d.Resend.Open,
		},
		{
			ID: "callback.schedule", Title: "Resend as its sender would, until it is accepted …", Place: "Callback", Icon: "clock",
			Ready: d.Resend.Many.Ready, Run: d.Resend.Many.OpenSchedule,
		},
		{
			ID: "callback.previous", Title: "Go to the attempt before", Place: "Callback", Icon: "history", Keys: []Key{"Alt+Left"},
			Ready: func() bool { return d.Page != nil && d.Page.Head.Previous != 0 },
			Run:   func() { d.Go(d.Page.Head.Previous) },
		},
		{
			ID: "callback.next", Title: "Go to the attempt after", Place: "Callback", Icon: "arrow-right", Keys: []Key{"Alt+Right"},
			Ready: func() bool { return d.Page != nil && d.Page.Head.Next != 0 },
			Run:   func() { d.Go(d.Page.Head.Next) },
		},
		{
			ID: "callback.origin", Title: "Go to what was resent", Place: "Callback", Icon: "undo-2",
			Ready: func() bool { return d.Page != nil && d.Page.Head.Origin != 0 },
			Run:   func() { d.Go(d.Page.Head.Origin) },
		},
		{
			ID: "callback.key", Title: "Add a key that proves the callback", Place: "Callback", Icon: "key-round",
			Ready: func() bool { return len(d.Proof.Credentials) > 0 },
			Run: func() {
				d.Select(TabProof)
				d.Proof.Unfold(true)
			},
		},
		{
			ID: "answer.choose", Title: "Choose the endpoint's answer …", Place: "Callback", Icon: "message-square", Keys: []Key{"a"},
			Ready: func() bool { return len(d.Answer.Choice.Options) > 0 },
			Run:   func() { d.app.Open(DialogAnswers) },
		},
		{
			ID: "answer.end", Title: "Answer as usual again, everywhere", Place: "Answers", Icon: "reply", Keys: []Key{"E"},
			Ready: func() bool { return d.Answer.Failing != "" },
			Run:   d.Answer.End,
		},
	}
	for i, tab := range detailTabs {
		all = append(all, Command{
			ID: "tab." + tab.ID, Title: "Show " + tab.Title, Place: "View", Keys: []Key{Key(strconv.Itoa(i + 1))},
			Ready: func() bool { return d.ID != 0 }, // also while a large one is read
			Run:   func() { d.Select(tab.ID) },
		})
	}
	return all
}

// Select shows a tab, also of the callbacks that are shown next.
func (d *Detail) Select(tab string) {
	if tab = tabOf(tab); tab != d.Tab {
		d.Tab, d.app.Preferences.Tab = tab, tab
		d.Changed.Emit()
	}
}

// Go shows another callback, and has the list select it.
func (d *Detail) Go(id int64) {
	if id != 0 {
		d.app.List.Show(id)
		d.Show(id)
	}
}

// Pin keeps the callback that is shown, or takes that back.
func (d *Detail) Pin() {
	b := d.app.backend
	if d.Page == nil || b == nil || d.app.Opened.refuses() {
		return
	}
	id, pinned := d.Page.ID, !d.Page.Head.Pinned
	d.app.run(func(ctx context.Context) func() {
		err := b.Store.Pin(ctx, id, pinned)
		return func() {
			if err != nil {
				d.app.Notices.Say(Bad, "The pin was not kept: "+sentence(err), "", nil)
				return
			}
			d.app.List.touch(id)
			d.app.Sidebar.Recount()
			d.Refresh()
		}
	})
}

// CopyValue copies one value that is shown; what names it in the toast.
func (d *Detail) CopyValue(value, what string) { d.copy(value, what) }

func (d *Detail) copy(value, what string) {
	d.app.copy(value, "Copied "+orElse(shorten(capture.Visible(what), 60), "it")+".")
}
