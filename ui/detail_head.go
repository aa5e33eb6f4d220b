package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

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
	curl   *kit.Button
	resend *kit.Button
	meta   *fyne.Container
	strip  *fyne.Container // of the resends

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
		meta:   container.NewStack(),
		strip:  container.NewStack(),
	}
	h.star = kit.NewButton(kit.ButtonSpec{Icon: "star", Tip: "Pin the callback", Keys: "p", Tone: kit.Secondary, OnTap: app.Detail.Pin})
	h.curl = kit.NewButton(kit.ButtonSpec{Label: "Copy cURL", Icon: "terminal", Tip: "Copy as a curl command", Keys: "c", Kind: kit.Outlined, OnTap: app.Detail.CopyCurl})
	h.resend = kit.NewButton(kit.ButtonSpec{Label: "Resend", Icon: "rotate-cw", Tip: "Send it to an address, as it was", Keys: "Mod+R", Kind: kit.Primary, OnTap: app.Detail.Resend.Open})
	title := kit.HRow(10, back, h.method, h.path, h.pill, kit.Spacer(), h.star, h.curl, h.resend)
	h.root = kit.Pad(16, 14, 16, 6, kit.VStack(8, title, h.meta, h.strip))
	return h
}

// fit leaves out what has no room at a width.
func (h *detailHead) fit(width float32) {
	compact, tight := width > 0 && width < roomy, width > 0 && width < snug
	if compact == h.compact && tight == h.tight {
		return
	}
	h.compact, h.tight = compact, tight
	h.curl.SetLabel(labelUnless(compact, "Copy cURL"))
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
	if head.Pinned {
		h.star.SetTone(kit.Warn)
		h.star.SetTip("Take the pin away")
	} else {
		h.star.SetTone(kit.Secondary)
		h.star.SetTip("Pin the callback")
	}
	h.meta.Objects = []fyne.CanvasObject{h.facts(head)}
	h.meta.Refresh()
	if head.Resent == "" && head.Origin == 0 && head.Previous == 0 {
		h.strip.Objects = nil
		h.strip.Hide()
	} else {
		h.strip.Objects = []fyne.CanvasObject{h.jumps(head)}
		h.strip.Show()
		h.strip.Refresh()
	}
	h.root.Refresh()
}

// facts is the line below the title. Where there is not enough room, the last
// ones give way.
func (h *detailHead) facts(head *viewmodel.DetailHead) fyne.CanvasObject {
	row := []fyne.CanvasObject{
		kit.NewDot(kit.HueName(head.Hue), 8),
		kit.NewText(kit.RoleSmall, kit.Plain, head.Provider),
	}
	if head.Event != "" {
		row = append(row, kit.NewShrinkingText(kit.RoleMono, kit.Secondary, head.Event))
	}
	fact := func(icon string, t kit.Tone, text string) {
		row = append(row, kit.Fixed(4, 1, kit.NewText(kit.RoleSmall, kit.Muted, "")),
			kit.NewIcon(kit.Icon(icon), t, 15), kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, text))
	}
	fact(head.VerdictIcon, tone(head.VerdictTone), head.Verdict)
	if head.Note != "" {
		fact("send", kit.Accent, head.Note)
	}
	fact("clock", kit.Muted, head.Time)
	if h.compact {
		return kit.HRow(6, row...)
	}
	fact("download", kit.Muted, head.Size)
	if head.Source != "" {
		fact("globe", kit.Muted, head.Source)
	}
	return kit.HRow(6, row...)
}

// jumps lead to what belongs to this callback.
func (h *detailHead) jumps(head *viewmodel.DetailHead) fyne.CanvasObject {
	var row []fyne.CanvasObject
	link := func(icon kit.Icon, label, tip string, t kit.Tone, id int64) {
		row = append(row, kit.NewButton(kit.ButtonSpec{
			Label: label, Icon: icon, Tip: tip, Tone: t, OnTap: func() { h.app.Detail.Go(id) },
		}))
	}
	if head.Previous != 0 {
		if head.Attempt != "" {
			row = append(row, kit.NewText(kit.RoleSmall, kit.Warn, head.Attempt))
		}
		link("history", "the one before", "Go to the attempt before", kit.Secondary, head.Previous)
	}
	if head.Origin != 0 {
		link("undo-2", "what was resent", "Go to the callback that was sent again", kit.Secondary, head.Origin)
	}
	if head.Resent != "" {
		row = append(row, kit.NewText(kit.RoleSmall, kit.Secondary, head.Resent))
		for _, resend := range head.Resends {
			link("", resend.Text, resend.Tip, tone(resend.Tone), resend.ID)
		}
	}
	return kit.HRow(6, row...)
}
