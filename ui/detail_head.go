package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// detailHead is what stands over the tabs: what it is and what can be done.
type detailHead struct {
	app  *viewmodel.App
	root *fyne.Container

	method *kit.Badge
	path   *kit.Text
	pill   *kit.Badge
	star   *kit.Button
	copy   *kit.Button
	resend *kit.Button
	title  *fyne.Container
	meta   *fyne.Container
	strip  *fyne.Container // of the resends
	note   *noteLine

	shown   *viewmodel.DetailHead
	compact bool
	tight   bool
}

// The widths from which on the head has room for everything, and for the label
// of its main button.
const (
	roomy = 620
	snug  = 500
)

func newDetailHead(app *viewmodel.App, back fyne.CanvasObject) *detailHead {
	h := &detailHead{
		app:    app,
		method: kit.NewMethodBadge(""),
		path:   kit.NewShrinkingText(kit.RolePage, kit.Plain, ""),
		pill:   kit.NewStatusPill("", kit.Muted),
		meta:   kit.Flow(14, 6),
		strip:  kit.VStack(0),
	}
	h.star = kit.NewButton(kit.ButtonSpec{Icon: "star", Tip: "Pin the callback", Keys: app.Commands.Hint("callback.pin"), Tone: kit.Secondary, OnTap: app.Detail.Pin})
	h.copy = kit.NewButton(kit.ButtonSpec{Label: "Copy as", Icon: "copy", Tip: "Copy as cURL, raw, JSON, Markdown", Keys: app.Commands.Hint("callback.copyas"), Kind: kit.Outlined, OnTap: h.copyAs})
	h.resend = kit.NewButton(kit.ButtonSpec{Label: "Resend", Icon: "rotate-cw", Tip: "Send it to an address, as it was or edited", Keys: app.Commands.Hint("callback.resend"), Kind: kit.Primary, OnTap: app.Detail.Resend.Open})
	h.title = kit.HRow(10, back, h.method, h.path, h.pill, kit.Spacer(), h.star, h.copy, h.resend)
	h.note = newNoteLine(app)
	h.root = kit.Pad(16, 14, 16, 6, kit.VStack(8, h.title, h.meta, h.note.root, h.strip))
	app.Held.Changed.Listen(h.countDown)
	return h
}

// countDown has the pill say how long the sender of a held callback still waits:
// the head is in sight whichever tab is open, and wherever it is scrolled to.
func (h *detailHead) countDown() {
	f := &h.app.Held.Form
	page := h.app.Detail.Page
	if h.shown == nil || page == nil || h.shown != &page.Head || f.ID != page.ID {
		return
	}
	before := h.pill.MinSize().Width
	switch {
	case f.Waiting:
		h.pill.SetText("held " + f.Left)
		h.pill.SetTone(tone(f.Tone))
	default: // what became of it is read from the store just now, or was
		h.pill.SetText(page.Head.Pill)
		h.pill.SetTone(tone(page.Head.PillTone))
	}
	if h.pill.MinSize().Width != before {
		h.title.Refresh()
	}
}

// copyAs opens the menu of the forms in which the callback can be copied.
func (h *detailHead) copyAs() {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(h.copy)
	openMenu(h.copy, at.AddXY(0, h.copy.Size().Height+2), h.app.CopyEntries())
}

// fit leaves out what has no room at a width.
func (h *detailHead) fit(width float32) {
	compact, tight := width > 0 && width < roomy, width > 0 && width < snug
	if compact == h.compact && tight == h.tight {
		return
	}
	h.compact, h.tight = compact, tight
	h.copy.SetLabel(labelUnless(compact, "Copy as"))
	h.resend.SetLabel(labelUnless(tight, "Resend"))
	if h.shown != nil {
		h.update(h.shown)
	}
}

func labelUnless(cut bool, label string) string {
	if cut {
		return ""
	}
	return label
}

// update copies what the view model shows.
func (h *detailHead) update(head *viewmodel.DetailHead) {
	h.shown = head
	h.method.SetMethod(head.Method)
	h.path.SetText(head.Path)
	h.pill.SetText(head.Pill)
	h.pill.SetTone(tone(head.PillTone))
	h.countDown()
	if head.Pinned {
		h.star.SetTone(kit.Warn)
		h.star.SetTip("Take the pin away")
	} else {
		h.star.SetTone(kit.Secondary)
		h.star.SetTip("Pin the callback")
	}
	h.meta.Objects = facts(head)
	h.meta.Refresh()
	h.note.update(head)
	if head.Resent == "" && head.Origin == 0 && head.Previous == 0 && head.Next == 0 {
		h.strip.Objects = nil
		h.strip.Hide()
	} else {
		h.strip.Objects = []fyne.CanvasObject{h.jumps(head)}
		h.strip.Show()
		h.strip.Refresh()
	}
	h.root.Refresh()
}

// facts are what stands below the title, in as many lines as it takes.
func facts(head *viewmodel.DetailHead) []fyne.CanvasObject {
	sender := kit.HRow(6, kit.NewDot(kit.HueName(head.Hue), 8), kit.NewText(kit.RoleSmall, kit.Plain, head.Provider))
	if head.Event != "" {
		sender.Add(kit.NewShrinkingText(kit.RoleMono, kit.Secondary, head.Event))
	}
	all := []fyne.CanvasObject{sender}
	if head.Mark != viewmodel.Plain {
		all = append(all, kit.HRow(6, kit.NewIcon("tag", tone(head.Mark), 15), kit.NewText(kit.RoleSmall, kit.Secondary, "marked")))
	}
	fact := func(icon string, t kit.Tone, text string) {
		if text != "" {
			all = append(all, kit.HRow(6, kit.NewIcon(kit.Icon(icon), t, 15), kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, text)))
		}
	}
	fact(head.VerdictIcon, tone(head.VerdictTone), head.Verdict)
	fact(head.NoteIcon, kit.Accent, head.Note)
	fact("clock", kit.Muted, head.Time)
	fact("download", kit.Muted, head.Size)
	fact("globe", kit.Muted, head.Source)
	return all
}

// jumps lead to what belongs to this callback.
func (h *detailHead) jumps(head *viewmodel.DetailHead) fyne.CanvasObject {
	var groups []fyne.CanvasObject // each stays in one line
	var row []fyne.CanvasObject
	group := func() {
		if len(row) > 0 {
			groups = append(groups, kit.HRow(6, row...))
			row = nil
		}
	}
	link := func(icon kit.Icon, label, tip string, t kit.Tone, id int64) {
		row = append(row, kit.NewButton(kit.ButtonSpec{
			Label: label, Icon: icon, Tip: tip, Tone: t, OnTap: func() { h.app.Detail.Go(id) },
		}))
	}
	if head.Previous != 0 || head.Next != 0 {
		if head.Attempt != "" {
			row = append(row, kit.NewText(kit.RoleSmall, kit.Warn, head.Attempt))
		}
		step := func(icon kit.Icon, tip, command string, id int64) {
			b := kit.NewButton(kit.ButtonSpec{
				Icon: icon, Tip: tip, Keys: h.app.Commands.Hint(command), Tone: kit.Secondary, OnTap: func() { h.app.Detail.Go(id) },
			})
			b.SetEnabled(id != 0)
			row = append(row, b)
		}
		step("arrow-left", "Go to the attempt before", "callback.previous", head.Previous)
		step("arrow-right", "Go to the attempt after", "callback.next", head.Next)
	}
	group()
	if head.Origin != 0 {
		link("undo-2", "what was resent", "Go to the callback that was sent again", kit.Secondary, head.Origin)
	}
	group()
	if head.Resent != "" {
		row = append(row, kit.NewText(kit.RoleSmall, kit.Secondary, head.Resent))
		for _, resend := range head.Resends {
			link("", resend.Text, resend.Tip, tone(resend.Tone), resend.ID)
		}
	}
	group()
	groups = append(groups, kit.NewButton(kit.ButtonSpec{
		Label: "Compare", Icon: "diff", Tip: "Compare it with one of these", Keys: h.app.Commands.Hint("callback.compare"),
		Tone: kit.Secondary, OnTap: h.app.Compare.Shown,
	}))
	return kit.Flow(6, 2, groups...)
}
