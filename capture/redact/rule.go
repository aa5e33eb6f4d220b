package redact

import (
	"encoding/base64"
	"slices"

	"hookglass/capture"
)

// Rule replaces in everything that a rule says, and returns a copy.
func (r *Redactor) Rule(rule capture.Rule) (capture.Rule, []Change) {
	w := ruleWalk{r: r}
	return w.run(rule), w.changes
}

// LearnRule finds the values of a rule, as Learn does.
func (r *Redactor) LearnRule(rule capture.Rule) {
	w := ruleWalk{r: r, learning: true}
	w.run(rule)
}

// ruleWalk goes through a rule.
type ruleWalk struct {
	r        *Redactor
	learning bool
	changes  []Change
}

// run returns what may leave of a rule; while learning that is no better than what came.
func (w *ruleWalk) run(rule capture.Rule) capture.Rule {
	if w.r.profile.empty() {
		return rule
	}
	w.text("name", &rule.Name)
	w.text("filter", &rule.Filter)
	w.text("endpoint", &rule.Endpoint)
	p := &rule.Params
	w.text("target", &p.Forward.URL)
	p.Answers = slices.Clone(p.Answers)
	for i := range p.Answers {
		w.answer(&p.Answers[i])
	}
	w.answer(&p.Answer)
	return rule
}

func (w *ruleWalk) text(where string, s *string) {
	if w.learning {
		w.r.LearnText(*s)
		return
	}
	now, changes := w.r.Text("rule "+where, *s)
	*s, w.changes = now, append(w.changes, changes...)
}

func (w *ruleWalk) answer(a *capture.RuleAnswer) {
	w.text("message", &a.Message)
	w.text("file", &a.BodyFile)
	x := w.r.walk(Source{Exchange: &capture.Exchange{}}, w.learning)
	x.budget += budgetTimes * (len(a.Body) + len(a.BodyBase64))
	fields := x.fields("rule header", a.Header)
	a.Header = fields.list()
	body := x.body("rule body", []byte(a.Body), a.Header)
	a.Body = string(body.bytes)
	data, err := base64.StdEncoding.DecodeString(a.BodyBase64)
	if err == nil && len(data) > 0 {
		if body := x.body("rule body", data, a.Header); body.changed {
			a.BodyBase64 = base64.StdEncoding.EncodeToString(body.bytes)
		}
	}
	w.r.count(x.changes)
	w.changes = append(w.changes, x.changes...)
	if err != nil || len(data) == 0 {
		w.text("body", &a.BodyBase64)
	}
}
