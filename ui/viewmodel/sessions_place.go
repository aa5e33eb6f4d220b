package viewmodel

import (
	"strings"

	"hookglass/capture"
)

// Place is the bar over the list that says where one is, where that is not the
// session that is captured into. Text "" shows none.
type Place struct {
	Icon    string
	Tone    Tone
	Title   string
	Text    string
	Busy    bool  // something is under way, which the last act stops
	Done    int64 // of it; Total is 0 where it is not known
	Total   int64
	Actions []PlaceAction
}

// PlaceAction is a button of the bar.
type PlaceAction struct {
	Label string
	Loud  bool
	Off   bool
	Run   func()
}

// Place says where one is.
func (s *Sessions) Place() Place {
	o := s.app.Opened
	shown, active := s.find(s.Shown), s.active()
	switch {
	case o.Busy != "":
		return Place{
			Icon: "loader", Tone: Accent, Title: o.Busy, Text: ProgressWords(o.Done, o.Total), Busy: true, Done: o.Done, Total: o.Total,
			Actions: []PlaceAction{{Label: "Stop", Run: o.Stop}},
		}
	case s.app.List.Working != nil:
		w := s.app.List.Working
		return Place{
			Icon: "loader", Tone: Accent, Title: w.Title, Text: ProgressWords(w.Done, w.Total), Busy: true, Done: w.Done, Total: w.Total,
			Actions: []PlaceAction{{Label: "Stop", Off: w.Over, Run: w.Stop}},
		}
	case o.Looking():
		return o.place()
	case s.app.Share.Writing && s.app.Dialog != DialogShare:
		h := s.app.Share
		return Place{
			Icon: "loader", Tone: Accent, Title: h.Busy, Text: ProgressWords(h.Done, h.Total), Busy: true, Done: h.Done, Total: h.Total,
			Actions: []PlaceAction{{Label: "Stop", Run: h.Stop}},
		}
	case shown == nil || active == nil || s.Live():
		return Place{}
	}
	p := Place{
		Icon: "layers", Tone: Secondary, Title: "“" + sessionName(shown) + "”",
		Text:    "What is captured goes to “" + sessionName(active) + "”, not here.",
		Actions: []PlaceAction{{Label: "Go there", Run: s.ShowActive}},
	}
	if s.canCapture(shown) {
		p.Actions = append(p.Actions, PlaceAction{Label: "Capture here", Run: func() { s.Capture(shown.ID) }})
	}
	if shown.State == capture.SessionArchived {
		p.Title += ", archived"
		p.Actions = append(p.Actions, PlaceAction{Label: "Restore", Run: func() { s.Restore(shown.ID) }})
	}
	return p
}

// place says what the file is that lies open.
func (o *Opened) place() Place {
	p := Place{Icon: "folder-open", Tone: Accent, Title: o.title()}
	var parts []string
	origin := o.opening.Session.Origin
	if origin == nil {
		origin = &capture.SessionOrigin{}
	}
	who := shorten(capture.Visible(origin.Sharer), 40)
	switch {
	case origin.Format != "bundle":
		parts = append(parts, orElse(formatWord(origin.Format), "A file"))
	case who != "":
		parts = append(parts, "says it is from "+who)
	default:
		parts = append(parts, "does not say whose it is")
	}
	if !origin.Shared.IsZero() {
		parts = append(parts, "shared "+shortMoment(origin.Shared, o.app.style()))
	}
	switch {
	case origin.Redaction != "":
		parts = append(parts, shorten(capture.Visible(origin.Redaction), 60)+" taken out")
	case origin.Format == "bundle":
		parts = append(parts, "nothing taken out")
	}
	count := groupDigits(o.opening.Stats.Exchanges) + " " + plural("callback", o.opening.Stats.Exchanges)
	if n := o.opening.Duplicates; n > 0 {
		count += ", " + groupDigits(n) + " here already"
	}
	parts = append(parts, count)
	if n := len(o.opening.Skipped); n > 0 {
		parts = append(parts, counted(n, "part")+" not read")
		p.Tone = Warn
	}
	p.Text = strings.Join(parts, " · ") + ". Only looked at: nothing is kept." + o.waiting()
	p.Actions = []PlaceAction{
		{Label: "Close", Run: o.Close}, {Label: "Import …", Loud: true, Run: o.Review},
	}
	if len(o.queue) > 0 {
		p.Actions = append([]PlaceAction{{Label: "Close all", Run: o.CloseAll}}, p.Actions...)
	}
	return p
}
