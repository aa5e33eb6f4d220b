package viewmodel

import (
	"hookglass/capture"
)

// resendGroups say of a resend what it was made from, what became of it and in what
// it differs; and of a callback what became of its resends.
func resendGroups(m *material, s style) []Group {
	var groups []Group
	x := m.exchange
	if x.Via == capture.ViaReplay {
		groups = append(groups, sentGroup(m, s))
		if x.Sent != nil {
			if g := timingGroup(&x.Sent.Timings); len(g.Facts) > 0 {
				groups = append(groups, g)
			}
			groups = append(groups, differenceGroup(x.Sent.Differences))
		}
	}
	if len(m.resends) > 0 {
		groups = append(groups, resendTable(m, s))
	}
	return groups
}

// sentGroup is what a resend was made from, and what is to be made of its answer.
func sentGroup(m *material, s style) Group {
	x := m.exchange
	g := Group{Title: "Resend"}
	fact := func(f DetailFact) {
		if f.Copy == "" {
			f.Copy = f.Value
		}
		g.Facts = append(g.Facts, f)
	}
	if o := m.origin; o != nil {
		fact(DetailFact{
			Label: "Made from", Value: capture.Visible(o.Request.Method) + " " + shorten(capture.Visible(m.mask(o.Request.Path())), 80), Mono: true,
			Note: o.Request.Received.In(s.zone).Format("2 Jan 15:04:05.000"), Goes: o.ID,
		})
	} else if x.Origin > 0 {
		fact(DetailFact{Label: "Made from", Value: "a callback that is deleted", Tone: Muted})
	}
	base := x.Request.Host
	if x.Sent != nil && x.Sent.Base != "" {
		base = x.Sent.Base
	}
	fact(DetailFact{Label: "Sent to", Value: capture.Visible(base + m.mask(x.Request.Target)), Mono: true})
	if x.State == capture.StateReceived {
		return g // its answer is awaited
	}
	if v := capture.Judge(m.origin, x); v.Outcome != "" {
		fact(DetailFact{Label: "Verdict", Value: capital(v.Words), Tone: outcomeTone(v.Outcome)})
	}
	tone := Warn
	if m.accepted.Accepted {
		tone = Good
	}
	fact(DetailFact{Label: "Sender", Value: capital(capture.Visible(m.accepted.Words)), Tone: tone})
	if x.Sent != nil {
		for _, hop := range x.Sent.Hops {
			fact(DetailFact{Label: "Followed", Value: groupDigits(int64(hop.Status)) + " to " + capture.Visible(m.mask(hop.Location)), Mono: true})
		}
	}
	return g
}

func timingGroup(t *capture.Timings) Group {
	g := Group{Title: "How long it took"}
	for _, part := range newResendTimings(t) {
		g.Facts = append(g.Facts, DetailFact{Label: part.Name, Value: part.Text, Copy: part.Text, Mono: true})
	}
	return g
}

// differenceGroup is in what a resend differs from what it was made from.
func differenceGroup(all []capture.Difference) Group {
	g := Group{Title: "Different from what came"}
	if len(all) == 0 {
		g.Hint = "Method, header fields and body went as they came."
		return g
	}
	g.Columns, g.Numeric = []string{"What", "How", "Why"}, make([]bool, 3)
	for _, d := range all {
		line := newResendLine(d)
		row := []string{line.What, line.Text, line.Why}
		g.Rows, g.Copies, g.Links = append(g.Rows, row), append(g.Copies, row), append(g.Links, make([]string, len(row)))
	}
	return g
}

// resendTable is what became of the resends of a callback, the newest first.
func resendTable(m *material, s style) Group {
	const most = 20
	g := Group{Title: "Resends", Columns: []string{"Sent", "To", "Answer", "Verdict", "Took"}, Numeric: make([]bool, 5)}
	for i := len(m.resends) - 1; i >= max(0, len(m.resends)-most); i-- {
		x := &m.resends[i]
		answer, tone, took := capital(noAnswer(x.State, x.Error)), Bad, ""
		if x.Response != nil {
			answer, tone = groupDigits(int64(x.Response.Status)), statusTone(x.Response.Status)
			took = duration(x.Response.Timing.Took)
		}
		if x.Sent != nil && x.Sent.Timings.Total > 0 {
			took = shortTime(x.Sent.Timings.Total)
		}
		verdict := capture.Judge(m.exchange, x)
		row := []string{
			x.Request.Received.In(s.zone).Format("2 Jan 15:04:05"),
			shorten(capture.Visible(m.mask(resendTarget(&x.Request))), 60), answer, outcomeWords[verdict.Outcome], took,
		}
		g.Rows, g.Copies, g.Links = append(g.Rows, row), append(g.Copies, row), append(g.Links, make([]string, len(row)))
		g.Goes = append(g.Goes, x.ID)
		g.Tones = append(g.Tones, []Tone{Plain, Secondary, tone, outcomeTone(verdict.Outcome), Secondary})
	}
	if more := len(m.resends) - most; more > 0 {
		g.Notes = []string{counted(more, "older resend") + " in the list of what was resent."}
	}
	return g
}
