package main

import (
	"errors"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"hookglass/capture"
)

// ruleNodes are the parts of a rule in a file that mistakes are told at.
type ruleNodes struct{ filter, kind *yaml.Node }

// readRule reads one rule.
func (f *ruleFile) readRule(n *yaml.Node) {
	mistakes := len(f.mistakes)
	r := capture.Rule{Enabled: true}
	var at ruleNodes
	forever := false
	readers := map[string]func(*yaml.Node){
		"name": f.text(&r.Name), "endpoint": f.text(&r.Endpoint), "enabled": f.yes(&r.Enabled),
		"count": f.number(&r.End.Count, 1, math.MaxInt32),
		"until": func(n *yaml.Node) { forever = f.until(n, &r.End) },
		"filter": func(n *yaml.Node) {
			at.filter = n
			f.text(&r.Filter)(n)
		},
	}
	for _, kind := range capture.RuleKinds {
		readers[string(kind)] = func(n *yaml.Node) {
			if at.kind != nil {
				f.wrong(n, "a rule is of one kind, and this is its second: %s", kind)
				return
			}
			at.kind, r.Kind = n, kind
			f.readKind(n, &r)
		}
	}
	f.fields(n, "a rule", readers)
	if at.kind == nil && len(f.mistakes) == mistakes {
		f.wrong(n, "what the rule does is missing: one of %s", kindList())
	}
	if len(f.mistakes) > mistakes {
		return
	}
	if err := r.Check(); err != nil {
		f.wrongRule(n, &at, err)
		return
	}
	if forever {
		f.forever = append(f.forever, len(f.rules))
	}
	f.rules = append(f.rules, r)
	f.at = append(f.at, place{n.Line, n.Column})
}

func kindList() string {
	var kinds []string
	for _, kind := range capture.RuleKinds {
		kinds = append(kinds, string(kind))
	}
	return strings.Join(kinds, ", ")
}

// wrongRule notes why a rule cannot be, at the part that it is about.
func (f *ruleFile) wrongRule(n *yaml.Node, at *ruleNodes, err error) {
	var filter *capture.FilterError
	if errors.As(err, &filter) && at.filter != nil {
		f.wrongIn(at.filter, filter.At, filter.Text)
		return
	}
	if at.kind.Line > 0 {
		n = at.kind
	}
	f.wrong(n, "%s", withoutPrefix(err))
}

// withoutPrefix is the sentence of an error of Rule.Check.
func withoutPrefix(err error) string {
	return strings.TrimPrefix(err.Error(), capture.ErrRule.Error()+": ")
}

// until reads when a rule ends, and reports whether it says never.
func (f *ruleFile) until(n *yaml.Node, end *capture.RuleEnd) (forever bool) {
	if !f.scalar(n, "a time such as 30m, a moment such as 2026-05-01T12:00:00Z, quit or forever") {
		return false
	}
	switch n.Value {
	case "quit":
		end.Quit = true
		return false
	case "forever":
		return true
	}
	if span, err := time.ParseDuration(n.Value); err == nil && span > 0 {
		end.Until = time.Now().Add(span).UTC()
		return false
	}
	moment, err := time.Parse(time.RFC3339Nano, n.Value)
	if err != nil {
		f.wrong(n, "%q is no time such as 30m, no moment such as 2026-05-01T12:00:00Z, nor quit or forever", n.Value)
	}
	end.Until = moment.UTC()
	return false
}

// readKind reads what belongs to the kind of a rule.
func (f *ruleFile) readKind(n *yaml.Node, r *capture.Rule) {
	p := &r.Params
	answer := func(n *yaml.Node) { p.Answer = f.answer(n) }
	switch r.Kind {
	case capture.RuleFixed:
		answer(n)
	case capture.RulePreset:
		if n.Kind == yaml.ScalarNode {
			f.text(&p.Answer.Preset)(n)
			return
		}
		f.fields(n, "preset:", map[string]func(*yaml.Node){"id": f.text(&p.Answer.Preset), "message": f.text(&p.Answer.Message)})
	case capture.RuleDelayed:
		f.fields(n, "delayed:", map[string]func(*yaml.Node){"by": f.span(&p.Delay), "body_by": f.span(&p.DelayBody), "answer": answer})
	case capture.RuleSequence:
		f.fields(n, "sequence:", map[string]func(*yaml.Node){
			"answers": func(n *yaml.Node) { f.answers(n, p) }, "per": word(f, &p.Per, capture.RulePers),
		})
	case capture.RuleHold:
		f.fields(n, "hold:", map[string]func(*yaml.Node){"for": f.span(&p.For), "fallback": answer})
	case capture.RuleForward:
		f.forward(n, p)
	case capture.RuleDrop:
		word(f, &p.Drop, capture.Drops)(n)
	}
}

func (f *ruleFile) forward(n *yaml.Node, p *capture.RuleParams) {
	to := &p.Forward
	var down, answered *yaml.Node
	f.fields(n, "forward:", map[string]func(*yaml.Node){
		"to": f.text(&to.URL), "keep_path": f.yes(&to.KeepPath), "observe": f.yes(&to.Observe),
		"proven": f.yes(&to.Proven), "timeout": f.span(&to.Timeout),
		"down": func(n *yaml.Node) {
			down, p.Answer = n, f.answer(n)
			to.DownAccepted = n.Kind == yaml.ScalarNode && n.Value == accepted
		},
		"answer": func(n *yaml.Node) { answered, p.Answer = n, f.answer(n) },
	})
	switch {
	case down != nil && to.Observe:
		f.wrong(down, "with observe the sender does not hear of the app: say answer in place of down")
	case answered != nil && !to.Observe:
		f.wrong(answered, "answer belongs to observe; what is answered while the app is down is down")
	}
}

func (f *ruleFile) answers(n *yaml.Node, p *capture.RuleParams) {
	if n.Kind != yaml.SequenceNode || len(n.Content) > capture.MaxRuleAnswers {
		f.wrong(n, "a list of 1 to %d answers must be here, such as [503, 503, accepted]", capture.MaxRuleAnswers)
		return
	}
	for _, one := range n.Content {
		p.Answers = append(p.Answers, f.answer(one))
	}
}

// answer reads one answer: a status, accepted, the ID of a preset, or what it is
// made of.
func (f *ruleFile) answer(n *yaml.Node) (a capture.RuleAnswer) {
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		if n.Tag != "!!int" {
			return presetAnswer(n.Value)
		}
		status, err := strconv.Atoi(n.Value)
		if err != nil || checkStatus("", status) != nil {
			f.wrong(n, "the status must be 200 to 599, not %s", n.Value)
		}
		return statusAnswer(status)
	}
	before := len(f.mistakes)
	var body, header *yaml.Node
	f.fields(n, "an answer", map[string]func(*yaml.Node){
		"preset": f.text(&a.Preset), "message": f.text(&a.Message),
		"status": f.number(&a.Status, 200, 599), "plain": f.yes(&a.Plain),
		"headers":     func(n *yaml.Node) { header, a.Header = n, f.headers(n) },
		"body":        func(n *yaml.Node) { body = n; f.text(&a.Body)(n) },
		"body_base64": f.text(&a.BodyBase64),
		"body_file":   func(n *yaml.Node) { a.BodyFile = f.path(n) },
	})
	if len(f.mistakes) == before {
		f.checkAnswer(n, &a, header, body)
	}
	return a
}

// checkAnswer notes why there can be no such answer, at the part that it is
// about.
func (f *ruleFile) checkAnswer(n *yaml.Node, a *capture.RuleAnswer, header, body *yaml.Node) {
	rule := capture.Rule{Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: *a}}
	if a.Preset != "" || a.Message != "" {
		rule.Kind = capture.RulePreset
	}
	err := rule.Check()
	if err == nil {
		return
	}
	var variable *capture.TemplateError
	rule.Params.Answer.Header = nil
	if header != nil && rule.Check() == nil { // it is the header's
		f.wrong(header, "%s", withoutPrefix(err))
		return
	}
	if errors.As(err, &variable) && body != nil {
		f.wrongIn(body, variable.At, variable.Text)
		return
	}
	f.wrong(n, "%s", withoutPrefix(err))
}

// headers reads header fields: a list of "Name: value".
func (f *ruleFile) headers(n *yaml.Node) (fields capture.Fields) {
	if n.Kind != yaml.SequenceNode {
		f.wrong(n, `a list of fields must be here, such as ["Retry-After: 30"]`)
		return nil
	}
	for _, one := range n.Content {
		name, value, found := strings.Cut(one.Value, ":")
		if one.Kind != yaml.ScalarNode || !found {
			f.wrong(one, `a field in quotes must be here, such as "Retry-After: 30"`)
			continue
		}
		fields = append(fields, capture.Field{Name: name, Value: strings.Trim(value, " \t")})
	}
	return fields
}

// path reads the path of a file, which begins at the folder of the rules.
func (f *ruleFile) path(n *yaml.Node) (path string) {
	if f.scalar(n, "the path of a file"); filepath.IsAbs(n.Value) || n.Value == "" {
		return n.Value
	}
	return filepath.Join(f.folder, n.Value)
}
