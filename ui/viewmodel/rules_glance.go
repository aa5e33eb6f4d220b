package viewmodel

import (
	"strconv"
	"time"

	"hookglass/capture"
)

// EndpointGlance is what an endpoint answers now.
type EndpointGlance struct {
	Path, Name string
	Hue        int
	Live       bool   // real callbacks come here
	Answers    string // "200 as usual", "503 until 14:31", "hold 30s"
	Also       string // "1 rule for some"; "" where one answer is for all
	Tone       Tone
	Rule       int64 // that answers all that nothing else does; 0 for none
}

// glance tells of each endpoint what it answers.
func (r *Rules) glance(now time.Time) []EndpointGlance {
	b := r.app.backend
	if b == nil {
		return nil
	}
	endpoints := b.Endpoints()
	list := make([]EndpointGlance, len(endpoints))
	for i := range endpoints {
		e := &endpoints[i]
		g := &list[i]
		*g = EndpointGlance{
			Path: e.Path, Name: capture.Visible(orElse(e.Name, e.Path)), Hue: senderHue(e.Provider), Live: e.Live,
			Answers: usualStatus(b, e) + " as usual", Tone: Secondary,
		}
		state, some := r.inForce(e.Path)
		switch {
		case some == 1:
			g.Also = "1 rule for some"
		case some > 1:
			g.Also = strconv.Itoa(some) + " rules for some"
		}
		if state == nil {
			continue
		}
		rule := &state.Rule
		g.Rule, g.Tone = rule.ID, ruleTone(rule)
		g.Answers = r.short(rule)
		if done, of, ok := placeOf(state); ok {
			g.Answers += ", " + strconv.Itoa(done) + " of " + strconv.Itoa(of)
		}
		if left, counted := rule.End.Left(); counted {
			g.Answers += ", " + strconv.Itoa(left) + " left"
		}
		if until := rule.End.Until; !until.IsZero() {
			g.Answers += " until " + r.app.until(until, now)
		}
	}
	return list
}

// until is the time of day of an end, with its day where that is another.
func (a *App) until(t, now time.Time) string {
	zone := a.zone()
	if t, now = t.In(zone), now.In(zone); day(t) == day(now) {
		return t.Format("15:04")
	}
	return t.Format("2 Jan 15:04")
}

// usualStatus is what an endpoint's provider takes as success.
func usualStatus(b *Backend, e *capture.Endpoint) string {
	answer := b.Set.Accepted(&capture.Request{Method: "POST", Target: e.Path}, e)
	return strconv.Itoa(answer.Status)
}

// inForce is the first active rule that takes every callback at an endpoint, nil
// for none, and how many before it take some of them.
func (r *Rules) inForce(path string) (state *capture.RuleState, some int) {
	for i := range r.list {
		s := &r.list[i]
		rule := &s.Rule
		if !s.Active || rule.Endpoint != "" && rule.Endpoint != path {
			continue
		}
		proven := rule.Kind == capture.RuleForward && rule.Params.Forward.Proven
		if r.meaning(rule.Filter).all && !proven {
			return s, some
		}
		some++
	}
	return nil, some
}
