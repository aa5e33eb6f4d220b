package viewmodel

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
)

// RuleRow is a rule in the list of rules, formatted.
type RuleRow struct {
	ID      int64
	Name    string
	About   string // "503 · KornitX · event is order.dispatched"
	Left    string // "2 of 3", "12 left", "18 min"; "" for nothing that ends or counts
	Hits    string // "answered 14"; "" for none
	Problem string // why it cannot be used
	Tone    Tone   // of its dot: how it hurts
	On      bool   // it is switched on
	Active  bool   // it is asked
	Choice  bool   // the answer that was chosen for an endpoint
	At      bool   // the keys work on it
	Changed bool   // the editor holds changes of it
}

func (r *Rules) rows(now time.Time) []RuleRow {
	rows := make([]RuleRow, len(r.list))
	for i := range r.list {
		state := &r.list[i]
		rule := &state.Rule
		row := &rows[i]
		*row = RuleRow{
			ID: rule.ID, Name: shorten(ruleName(rule), 60), Left: stateLeft(state, now),
			Problem: capture.Visible(state.Problem), Tone: ruleTone(rule), On: rule.Enabled && !rule.End.Over(now), Active: state.Active,
			Choice: isChoice(rule), At: rule.ID == r.At,
			Changed: r.Draft != nil && r.Draft.ID == rule.ID && r.Draft.Dirty(),
		}
		where := r.where(rule.Endpoint)
		if row.Choice {
			row.Name = "Chosen for " + where
			row.About = r.short(rule) + "  ·  where no rule above answers"
		} else {
			row.About = r.short(rule) + "  ·  " + where + "  ·  " + r.meaning(rule.Filter).words
		}
		if rule.Hits > 0 {
			row.Hits = "answered " + groupDigits(rule.Hits)
		}
		if !row.Active {
			row.Tone = Muted
		}
	}
	return rows
}

// where names the place that a rule is for.
func (r *Rules) where(path string) string {
	if path == "" {
		return "everywhere"
	}
	if r.app.backend != nil {
		if e := endpointAt(r.app.backend.Endpoints(), path); e != nil {
			return capture.Visible(orElse(e.Name, e.Path))
		}
	}
	return capture.Visible(path)
}

// filterMeaning is what a filter says; rules are looked at once a second while
// they answer, and their filters stay.
type filterMeaning struct {
	words string
	all   bool
}

// maxMeanings bounds the filters that are remembered.
const maxMeanings = 2000

// meaning tells a filter, whose text it is where it cannot be read.
func (r *Rules) meaning(text string) filterMeaning {
	if m, ok := r.meanings[text]; ok {
		return m
	}
	m := filterMeaning{words: "every callback", all: true}
	if filter, err := capture.ParseFilter(text); err != nil {
		m = filterMeaning{words: shorten(capture.Visible(text), 80)}
	} else if !filter.All() {
		m = filterMeaning{words: filter.Words()}
	}
	if r.meanings == nil || len(r.meanings) >= maxMeanings {
		r.meanings = map[string]filterMeaning{}
	}
	r.meanings[text] = m
	return m
}

// ruleTone says how much a rule hurts its sender.
func ruleTone(rule *capture.Rule) Tone {
	switch {
	case rule.Kind == capture.RuleHold:
		return Warn
	case rule.Fails():
		return Bad
	}
	return Good
}

// short says in a few letters what a rule answers: "503", "hold 30s", "503, 503,
// as usual".
func (r *Rules) short(rule *capture.Rule) string {
	p := &rule.Params
	switch rule.Kind {
	case capture.RulePreset, capture.RuleFixed:
		return r.answerShort(rule, &p.Answer)
	case capture.RuleDelayed:
		return r.answerShort(rule, &p.Answer) + " " + ruleSpan(p.Delay+p.DelayBody) + " late"
	case capture.RuleSequence:
		return r.sequenceShort(rule)
	case capture.RuleHold:
		return "hold " + ruleSpan(orSpan(p.For, capture.DefaultHold))
	case capture.RuleForward:
		if p.Forward.Observe {
			return "observe by " + appOf(p.Forward.URL)
		}
		return "forward to " + appOf(p.Forward.URL)
	case capture.RuleDrop:
		return dropShort(p.Drop)
	}
	return capture.Visible(string(rule.Kind))
}

// dropShort names a way to drop.
func dropShort(how capture.Drop) string {
	switch how {
	case capture.DropClose:
		return "close the connection"
	case capture.DropReset:
		return "reset the connection"
	case capture.DropHalf:
		return "half an answer"
	case capture.DropNever:
		return "no answer"
	}
	return capture.Visible(string(how))
}

// sequenceTold is how many answers of a sequence are told.
const sequenceTold = 4

func (r *Rules) sequenceShort(rule *capture.Rule) string {
	answers := rule.Params.Answers
	var words []string
	for i := range answers {
		if i == sequenceTold && len(answers) > sequenceTold+1 {
			words = append(words, "…", r.answerShort(rule, &answers[len(answers)-1]))
			break
		}
		words = append(words, r.answerShort(rule, &answers[i]))
	}
	return strings.Join(words, ", ")
}

func (r *Rules) answerShort(rule *capture.Rule, a *capture.RuleAnswer) string {
	switch {
	case a.Preset != "":
		if p := r.preset(rule.Endpoint, a.Preset); p != nil {
			return orElse(p.Short, p.ID)
		}
		return shorten(capture.Visible(a.Preset), 30)
	case a.Status != 0:
		return strconv.Itoa(a.Status)
	}
	return "as usual"
}

// preset finds a preset of an endpoint's provider, and of any where that is not
// known.
func (r *Rules) preset(path, id string) *capture.Preset {
	for _, option := range r.presets(path) {
		if option.ID == id {
			return &option
		}
	}
	return nil
}

// presets are those that a rule at an endpoint can answer with: its provider's, and
// everybody's where it is not pinned.
func (r *Rules) presets(path string) []capture.Preset {
	b := r.app.backend
	if b == nil {
		return nil
	}
	if e := endpointAt(b.Endpoints(), path); e != nil && e.Provider != "" {
		return b.Set.Presets(e.Provider)
	}
	all := append([]capture.Preset(nil), b.Set.Presets("")...)
	for _, p := range b.Set.All() {
		for i := range p.Presets {
			if presetOf(all, p.Presets[i].ID) == nil {
				all = append(all, p.Presets[i])
			}
		}
	}
	return all
}

func orSpan(span, other time.Duration) time.Duration {
	if span == 0 {
		return other
	}
	return span
}

// appOf names the app that callbacks are forwarded to.
func appOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return shorten(capture.Visible(u.Host), 40)
	}
	return shorten(capture.Visible(address), 40)
}

// stateLeft says how far a rule is, or how long it still goes: "2 of 3", "12 left",
// "18 min".
func stateLeft(state *capture.RuleState, now time.Time) string {
	rule := &state.Rule
	var parts []string
	if done, of, ok := placeOf(state); ok {
		parts = append(parts, fmt.Sprintf("%d of %d", done, of))
	}
	switch left, counted := rule.End.Left(); {
	case rule.End.Over(now):
		return "ended"
	case !rule.Enabled:
		return "off"
	case counted:
		parts = append(parts, fmt.Sprintf("%d left", left))
	}
	if !rule.End.Until.IsZero() {
		parts = append(parts, spanLeft(rule.End.Until.Sub(now)))
	}
	return strings.Join(parts, " · ")
}

// placeOf is how many answers of a sequence the key that was used last has had.
func placeOf(state *capture.RuleState) (done, of int, ok bool) {
	of = len(state.Rule.Params.Answers)
	if state.Rule.Kind != capture.RuleSequence || of == 0 {
		return 0, 0, false
	}
	if len(state.Places) > 0 {
		done = min(state.Places[0].Done, of)
	}
	return done, of, true
}

// spanLeft says how long is left, rounded up: "18 min", "3 h", "2 days".
func spanLeft(left time.Duration) string {
	switch {
	case left > 48*time.Hour:
		return strconv.Itoa(int((left+24*time.Hour-1)/(24*time.Hour))) + " days"
	case left > 2*time.Hour:
		return strconv.Itoa(int((left+time.Hour-1)/time.Hour)) + " h"
	}
	return minutes(left)
}

// next is when something that is shown of what is left is another.
func (r *Rules) next(now time.Time) time.Duration {
	next := time.Duration(0)
	for i := range r.list {
		rule := &r.list[i].Rule
		left := rule.End.Until.Sub(now)
		if rule.End.Until.IsZero() || !rule.Enabled || left <= 0 {
			continue
		}
		if step := left - (left-1)/time.Minute*time.Minute; next == 0 || step < next {
			next = step
		}
	}
	return next
}
