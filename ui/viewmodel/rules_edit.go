package viewmodel

import (
	"strings"
	"time"

	"hookglass/capture"
)

// edit has the editor show a draft; nil for none.
func (r *Rules) edit(d *RuleDraft) {
	r.stopTrying()
	r.Draft = d
	if d != nil {
		r.judge()
		r.try()
	}
	r.show()
}

// Change changes what is typed.
func (r *Rules) Change(change func(f *RuleFields)) {
	d := r.Draft
	if d == nil || d.Saving {
		return
	}
	before, dirty := d.RuleFields, d.Dirty()
	change(&d.RuleFields)
	if d.RuleFields == before {
		return
	}
	if d.Kind != before.Kind {
		r.begun(&d.RuleFields)
	}
	d.ends = d.ends || d.End != before.End || d.Count != before.Count || d.Minutes != before.Minutes
	r.judge()
	r.tryLater()
	if dirty != d.Dirty() {
		r.Rows = r.rows(r.app.config.Now())
	}
	r.Changed.Emit()
}

// begun fills in what a kind cannot do without, to begin with.
func (r *Rules) begun(f *RuleFields) {
	switch {
	case f.Kind == capture.RuleForward && f.URL == "":
		f.URL = r.app.lastTarget()
	case f.Kind == capture.RuleDelayed && f.Delay == "" && f.DelayBody == "":
		f.Delay = "2s"
	}
}

// Revert takes back what was changed; of a new rule all.
func (r *Rules) Revert() {
	d := r.Draft
	if d == nil || d.Saving {
		return
	}
	if d.ID == 0 {
		r.List++
		r.edit(nil)
		return
	}
	if state := r.find(d.ID); state != nil {
		r.edit(draftOf(&state.Rule, r.app.config.Now()))
	}
}

// CanRevert reports whether there is something to take back.
func (r *Rules) CanRevert() bool {
	d := r.Draft
	return d != nil && !d.Saving && (d.ID == 0 || d.Dirty())
}

// CanSave reports whether the draft can be kept.
func (r *Rules) CanSave() bool {
	d := r.Draft
	return d != nil && !d.Saving && len(d.Problems) == 0 && (d.ID == 0 || d.Dirty())
}

// made is the rule of the draft, and what is wrong with it.
func (r *Rules) made(d *RuleDraft) (capture.Rule, map[string]string) {
	m := ruleMaker{draft: d, problems: map[string]string{}, now: r.app.config.Now(), failing: func(id string) bool {
		p := r.preset(d.Endpoint, id)
		return p != nil && p.Failing
	}}
	rule := m.make()
	return rule, m.problems
}

// judge says of the draft how its filter is understood, what is wrong with it, and
// what should be known before it is kept.
func (r *Rules) judge() {
	d := r.Draft
	rule, problems := r.made(d)
	if d.ID == 0 && !d.ends && len(problems) == 0 {
		if end := usualEnd(&rule); end != d.End {
			d.End = end
			rule, problems = r.made(d)
		}
	}
	d.Problems = problems
	d.FilterTold = ""
	if filter, err := capture.ParseFilter(rule.Filter); err == nil {
		if d.FilterTold = "Every callback."; !filter.All() {
			d.FilterTold = capital(filter.Words())
		}
	} else {
		d.Problems[FieldFilter] = filterProblem(rule.Filter, err)
	}
	if d.Kind == capture.RulePreset || d.AnswerShown() == AnswerPreset {
		if p := r.preset(d.Endpoint, d.Preset); p == nil && d.Preset != "" {
			d.Problems[FieldPreset] = "No provider of this endpoint has the preset " + quoted(d.Preset) + "."
		}
	}
	d.Warning = r.warning(d, &rule)
}

// usualEnd is how a rule ends that nobody said it of: what fails ends by itself.
func usualEnd(rule *capture.Rule) RuleEndKind {
	if rule.Fails() {
		return EndTime
	}
	return EndNever
}

// warning is what should be known of a rule before it is kept.
func (r *Rules) warning(d *RuleDraft, rule *capture.Rule) string {
	var all []string
	if to := strings.TrimSpace(d.URL); rule.Kind == capture.RuleForward && to != "" && !capture.Loopback(to) {
		all = append(all, appOf(to)+" is not this machine: callbacks, and the secrets in them, are sent there.")
	}
	if rule.Kind == capture.RuleForward && !rule.Params.Forward.Proven && r.app.Public.Known() {
		all = append(all, "Whoever knows the public address reaches your app through it: tick “only proven” where the provider signs.")
	}
	if rule.Fails() && !rule.End.Named() {
		all = append(all, "It goes on failing until you end it, also after a restart.")
	}
	if rule.Kind == capture.RuleDrop {
		all = append(all, rule.Params.Drop.Effect())
	}
	if rule.Kind == capture.RuleHold && r.app.Public.Known() {
		all = append(all, "Through the tunnel a callback is held for 4 minutes at the most: its edge ends idle requests after 5.")
	}
	return strings.Join(all, " ")
}

// RuleEndpoints are the places that a rule can be for: everywhere, and the
// endpoints, each with its path.
func (r *Rules) RuleEndpoints() (paths, titles []string) {
	paths, titles = []string{""}, []string{"Every endpoint"}
	if r.app.backend == nil {
		return paths, titles
	}
	known := false
	for _, e := range r.app.backend.Endpoints() {
		title := capture.Visible(e.Path)
		if e.Name != "" && e.Name != e.Path {
			title = capture.Visible(e.Name) + "  ·  " + title
		}
		known = known || r.Draft != nil && r.Draft.Endpoint == e.Path
		paths, titles = append(paths, e.Path), append(titles, title)
	}
	if d := r.Draft; d != nil && d.Endpoint != "" && !known {
		paths, titles = append(paths, d.Endpoint), append(titles, capture.Visible(d.Endpoint)+"  ·  removed")
	}
	return paths, titles
}

// Presets are those that the draft can answer with.
func (r *Rules) Presets() []AnswerOption {
	d := r.Draft
	if d == nil {
		return nil
	}
	all := r.presets(d.Endpoint)
	options := make([]AnswerOption, len(all))
	for i := range all {
		options[i] = presetOption(&all[i])
	}
	return options
}

// Preset is the one that is chosen in the draft, or nil.
func (r *Rules) Preset() *AnswerOption {
	d := r.Draft
	if d == nil {
		return nil
	}
	p := r.preset(d.Endpoint, d.Preset)
	if p == nil {
		return nil
	}
	option := presetOption(p)
	return &option
}

// EndTold says when the draft's rule ends, where that is not typed.
func (r *Rules) EndTold() string {
	d := r.Draft
	switch {
	case d == nil:
		return ""
	case d.ID != 0 && d.End == d.first.End && d.Count == d.first.Count && d.Minutes == d.first.Minutes:
		return r.endKept(&d.was)
	}
	switch d.End {
	case EndQuit:
		return "It is off after the next start."
	case EndNever:
		return "It stays, also after a restart."
	case EndTime:
		if d.Problems[FieldMinutes] == "" {
			rule, _ := r.made(d)
			now := r.app.config.Now()
			return "Until " + r.app.until(rule.End.Until, now) + ", then the next rule or the usual answer."
		}
	case EndCount:
		return "Then the next rule or the usual answer."
	}
	return ""
}

// endKept tells the end of a rule that is kept.
func (r *Rules) endKept(rule *capture.Rule) string {
	now := r.app.config.Now()
	switch state := r.find(rule.ID); {
	case rule.End.Over(now):
		return "It has ended: switching it on lets it begin anew."
	case state != nil && rule.End.Named():
		if left := stateLeft(state, now); left != "" {
			return "Now: " + left + "."
		}
	}
	if !rule.End.Named() {
		return "It stays, also after a restart."
	}
	return ""
}

// tryLater tries the draft as soon as the person stops typing.
func (r *Rules) tryLater() {
	r.typed++
	serial := r.typed
	r.app.List.after(typingPause, func() {
		if serial == r.typed && r.Draft != nil {
			r.try()
		}
	})
}

// triedLast is how many of the newest callbacks a draft is tried on.
const triedLast = 200

// ago says how old something is, in words that change seldom.
func ago(age time.Duration) string {
	switch {
	case age < time.Minute:
		return "just now"
	case age < 2*time.Hour:
		return minutes(age) + " ago"
	}
	return spanLeft(age) + " ago"
}
