package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// resendSide draws what would be sent and what became of it.
type resendSide struct {
	app    *viewmodel.App
	resend *viewmodel.Resend

	root   fyne.CanvasObject
	page   *fyne.Container
	scroll *kit.Scroll

	shown  string // the preview that is drawn
	busy   string
	result *viewmodel.ResendResult
	drawn  bool
}

func newResendSide(app *viewmodel.App) *resendSide {
	s := &resendSide{app: app, resend: app.Detail.Resend, page: kit.VStack(14)}
	s.scroll = kit.VScroll(kit.Pad(16, 14, 16, 14, s.page))
	s.root = kit.Fill(kit.ColorGround, s.scroll)
	return s
}

func (s *resendSide) update() {
	r := s.resend
	shown := r.Preview.URL + r.Preview.Forged
	for _, d := range r.Preview.Differences {
		shown += "\n" + d.What + d.Text + d.Why
	}
	if s.drawn && shown == s.shown && s.busy == r.Busy && s.result == r.Result {
		return
	}
	top := s.result != r.Result
	s.drawn, s.shown, s.busy, s.result = true, shown, r.Busy, r.Result
	s.page.Objects = nil
	switch {
	case r.Busy != "":
		s.page.Add(section("Answer", kit.NewProgress(r.Busy, r.Cancel)))
	case r.Result != nil:
		s.page.Add(s.outcome(r.Result))
	}
	s.page.Add(s.preview(&r.Preview))
	s.page.Refresh()
	s.scroll.Refresh()
	if top {
		s.scroll.Top()
	}
}

// preview is where it goes and in what it differs from what came.
func (s *resendSide) preview(v *viewmodel.ResendShown) fyne.CanvasObject {
	parts := kit.VStack(14)
	if v.URL == "" {
		parts.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, "What is sent, and in what it differs from what came, is shown here as soon as the address and what is edited are right."))
		return parts
	}
	parts.Add(section("Goes to", kit.NewParagraph(kit.RoleMono, kit.Plain, v.URL)))
	if v.Forged != "" {
		parts.Add(newBullet("shield-alert", kit.Warn, kit.NewParagraph(kit.RoleSmall, kit.Warn, v.Forged)))
	}
	differences := kit.VStack(8)
	for _, d := range v.Differences {
		icon, t := kit.Icon("info"), kit.Muted
		if d.Mine {
			icon, t = "pencil", kit.Accent
		}
		differences.Add(newBullet(icon, t,
			kit.NewParagraph(kit.RoleSmall, kit.Plain, d.What+": "+d.Text),
			kit.NewParagraph(kit.RoleCaption, kit.Muted, d.Why)))
	}
	if len(v.Differences) == 0 {
		differences.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, "Method, header fields and body go as they came."))
	}
	parts.Add(section("Different from what came", differences))
	return parts
}

// outcome is what became of the last sending.
func (s *resendSide) outcome(result *viewmodel.ResendResult) fyne.CanvasObject {
	parts := kit.VStack(8, kit.HRow(8, kit.NewStatusPill(result.Text, tone(result.Tone)), kit.Spacer()))
	say := func(icon kit.Icon, t kit.Tone, text string) {
		if text != "" {
			parts.Add(newBullet(icon, t, kit.NewParagraph(kit.RoleSmall, kit.Plain, text)))
		}
	}
	if result.Note != "" {
		parts.Add(kit.NewParagraph(kit.RoleSmall, kit.Secondary, result.Note))
	}
	say(mark(result.VerdictTone), tone(result.VerdictTone), result.Verdict)
	say(mark(result.SenderTone), tone(result.SenderTone), result.Sender)
	say("shield-alert", kit.Warn, result.Forged)
	for _, redirect := range result.Redirects {
		say("arrow-right", kit.Secondary, redirect)
	}
	if result.ID != 0 {
		id := result.ID
		parts.Add(kit.Flow(8, 6, kit.NewButton(kit.ButtonSpec{
			Label: "Show it", Icon: "arrow-right", Kind: kit.Outlined, Tip: "Show the resend as a callback of its own",
			OnTap: func() {
				s.app.Open(viewmodel.NoDialog)
				s.app.Detail.Go(id)
			},
		}), kit.NewButton(kit.ButtonSpec{
			Label: "Compare", Icon: "diff", Kind: kit.Outlined, Tip: "Compare with the original",
			OnTap: func() { s.app.Compare.WithOriginal(id) },
		})))
	}
	all := kit.VStack(14, section("Answer", parts))
	if len(result.Timings) > 0 {
		rows := make([]kit.Fact, len(result.Timings))
		for i, t := range result.Timings {
			rows[i] = kit.Fact{Label: t.Name, Value: t.Text, Mono: true, Copy: t.Text}
		}
		all.Add(section("How long it took", kit.NewFactTable(rows, func(value string) { s.app.Detail.CopyValue(value, value) })))
	}
	return all
}

// mark is the sign of how good something is.
func mark(t viewmodel.Tone) kit.Icon {
	switch t {
	case viewmodel.Good:
		return "circle-check"
	case viewmodel.Bad:
		return "circle-alert"
	case viewmodel.Warn:
		return "triangle-alert"
	case viewmodel.Plain, viewmodel.Secondary, viewmodel.Muted, viewmodel.Accent:
	}
	return "info"
}
