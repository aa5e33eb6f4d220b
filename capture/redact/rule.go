package redact

import (
	"encoding/base64"
	"slices"

	"hookglass/capture"
)

// Rule replaces in everything that a rule says, and returns a copy.
func (r *Redactor) Rule(rule capture.Rule) (capture.Rule, []Change) {
	if r.profile.empty() {
		return rule, nil
	}
	var changes []Change
	text := func(where string, s *string) {
		now, more := r.Text("rule "+where, *s)
		*s, changes = now, append(changes, more...)
	}
	text("name", &rule.Name)
	text("filter", &rule.Filter)
	text("endpoint", &rule.Endpoint)
	p := &rule.Params
	text("target", &p.Forward.URL)
	p.Answers = slices.Clone(p.Answers)
	for i := range p.Answers {
		changes = append(changes, r.answer(&p.Answers[i], text)...)
	}
	changes = append(changes, r.answer(&p.Answer, text)...)
	return rule, changes
}

// LearnRule finds the values of a rule, as Learn does.
func (r *Redactor) LearnRule(rule capture.Rule) {
	was := r.replaced
	r.Rule(rule)
	r.replaced = was
}

func (r *Redactor) answer(a *capture.RuleAnswer, text func(string, *string)) []Change {
	text("message", &a.Message)
	text("file", &a.BodyFile)
	source := Source{Exchange: &capture.Exchange{}}
	w := r.walk(source, false)
	w.budget += budgetTimes * (len(a.Body) + len(a.BodyBase64))
	fields := w.fields("rule header", a.Header)
	a.Header = fields.list()
	body := w.body("rule body", []byte(a.Body), a.Header)
	a.Body = string(body.bytes)
	data, err := base64.StdEncoding.DecodeString(a.BodyBase64)
	if err == nil && len(data) > 0 {
		if body := w.body("rule body", data, a.Header); body.changed {
			a.BodyBase64 = base64.StdEncoding.EncodeToString(body.bytes)
		}
	}
	r.count(w.changes)
	changes := slices.Clone(w.changes)
	if err != nil || len(data) == 0 {
		text("body", &a.BodyBase64)
	}
	return changes
}
