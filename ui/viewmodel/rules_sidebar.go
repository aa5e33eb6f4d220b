package viewmodel

import (
	"fmt"
	"strconv"
	"strings"

	"hookglass/capture"
)

// viewRule begins the View of a row of the sidebar that opens a rule, with its ID;
// viewRules opens all of them.
const (
	viewRule  = "rule:"
	viewRules = "rules"
)

// sidebarRules is how many rules the sidebar shows.
const sidebarRules = 6

// How much of a name there is room for, beside a count or alone.
const (
	sidebarBeside = 9
	sidebarAlone  = 16
)

// section are the rules that answer now, for the sidebar; empty where all is as
// usual.
func (r *Rules) section() SidebarSection {
	section := SidebarSection{Title: "Answers", View: viewRules}
	active := 0
	for i := range r.list {
		state := &r.list[i]
		if !state.Active {
			continue
		}
		if active++; active <= sidebarRules {
			rule := &state.Rule
			left, room := r.sidebarLeft(state), sidebarAlone
			if left != "" {
				room = sidebarBeside
			}
			section.Items = append(section.Items, SidebarItem{
				View: viewRule + strconv.FormatInt(rule.ID, 10), Title: r.sidebarTitle(rule, room),
				Dot: true, Tone: ruleTone(rule), Count: left,
			})
		}
	}
	if more := active - sidebarRules; more > 0 {
		section.Items = append(section.Items, SidebarItem{View: viewRules, Title: fmt.Sprintf("and %d more", more), Icon: "list", Tone: Muted})
	}
	return section
}

// sidebarTitle is "KornitX 503".
func (r *Rules) sidebarTitle(rule *capture.Rule, room int) string {
	where := r.where(rule.Endpoint)
	if rule.Endpoint == "" {
		where = "All"
		if rule.Name != "" {
			where = capture.Visible(rule.Name)
		}
	}
	if len(where) > room { // what is answered says more
		where, _, _ = strings.Cut(where, " ")
		where = shorten(where, room)
	}
	switch rule.Kind {
	case capture.RuleHold:
		return where + " hold"
	case capture.RuleForward:
		app := appOf(rule.Params.Forward.URL)
		if _, port, found := strings.Cut(app, "localhost:"); found {
			app = ":" + port
		}
		return where + " → " + app
	case capture.RuleDrop:
		return where + " " + string(rule.Params.Drop)
	case capture.RuleDelayed:
		return where + " " + ruleSpan(rule.Params.Delay+rule.Params.DelayBody) + " late"
	case capture.RuleSequence:
		if answers := rule.Params.Answers; len(answers) > 1 {
			return where + " " + r.answerShort(rule, &answers[0]) + " …"
		}
	case capture.RulePreset, capture.RuleFixed:
	}
	return where + " " + r.short(rule)
}

// sidebarLeft is "2 of 5", or the time left.
func (r *Rules) sidebarLeft(state *capture.RuleState) string {
	if done, of, ok := placeOf(state); ok {
		return fmt.Sprintf("%d of %d", done, of)
	}
	rule := &state.Rule
	switch {
	case rule.End.Count > 0:
		return fmt.Sprintf("%d of %d", rule.End.Used, rule.End.Count)
	case !rule.End.Until.IsZero():
		return spanLeft(rule.End.Until.Sub(r.app.config.Now()))
	case rule.Hits > 0:
		return groupDigits(rule.Hits)
	}
	return ""
}

// openView opens what a row of the sidebar stands for, and reports whether it is a
// rule's.
func (r *Rules) openView(view string) bool {
	id, found := strings.CutPrefix(view, viewRule)
	if !found && view != viewRules {
		return false
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		n = 0
	}
	r.ShowRule(n)
	return true
}
