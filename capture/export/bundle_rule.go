package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"hookglass/capture"
)

// bundleRule is a rule as it stands in a bundle. What is of one machine alone is
// not in it: whether it is on, what it has answered, where it forwards to.
type bundleRule struct {
	Name     string             `json:"name,omitempty"`
	Endpoint string             `json:"endpoint,omitempty"`
	Filter   string             `json:"filter,omitempty"`
	Kind     string             `json:"kind"`
	Params   capture.RuleParams `json:"params,omitzero"`
	Count    int                `json:"end_count,omitempty"`
	Until    time.Time          `json:"end_until,omitzero"`
	Quit     bool               `json:"end_quit,omitempty"`
}

// ruleLine is a rule to be written. One that names a file is an error: what the
// file holds must stand in it (capture.Rule.Inline), so that it is redacted too.
func ruleLine(r *capture.Rule) (bundleRule, error) {
	if namesFile(&r.Params) {
		return bundleRule{}, fmt.Errorf("%w: the rule %s reads a file", ErrBundle, capture.Visible(r.Name))
	}
	line := bundleRule{
		Name: r.Name, Endpoint: r.Endpoint, Filter: r.Filter, Kind: string(r.Kind), Params: r.Params,
		Count: r.End.Count, Until: r.End.Until.UTC(), Quit: r.End.Quit,
	}
	line.Params.Forward.URL = ""
	return line, nil
}

var errManyRules = fmt.Errorf("there are more than %d rules", maxFileRules)

// ruleLines are the rules to be written.
func ruleLines(rules []capture.Rule) ([]bundleRule, error) {
	if len(rules) > maxFileRules {
		return nil, fmt.Errorf("%w: %w", ErrBundle, errManyRules)
	}
	lines := make([]bundleRule, len(rules))
	for i := range rules {
		var err error
		if lines[i], err = ruleLine(&rules[i]); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func namesFile(p *capture.RuleParams) bool {
	return p.Answer.BodyFile != "" || slices.ContainsFunc(p.Answers, func(a capture.RuleAnswer) bool { return a.BodyFile != "" })
}

// rule is what a stranger's rule becomes, disabled.
func (line *bundleRule) rule() capture.Rule {
	r := capture.Rule{
		Name: line.Name, Endpoint: line.Endpoint, Filter: line.Filter, Kind: capture.RuleKind(line.Kind), Params: line.Params,
		End: capture.RuleEnd{Count: line.Count, Until: line.Until.UTC(), Quit: line.Quit},
	}
	if line.Until.IsZero() {
		r.End.Until = time.Time{}
	}
	r.Params.Forward.URL = ""
	r.Params.Answer.BodyFile = ""
	for i := range r.Params.Answers {
		r.Params.Answers[i].BodyFile = ""
	}
	return r
}

// readRules reads rules.json.
func (o *Opened) readRules(in io.Reader) ([]capture.Rule, int64, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxRules+1))
	if err != nil {
		return nil, 0, err
	}
	if len(text) > maxRules {
		return nil, 0, fmt.Errorf("it is larger than %d MiB", maxRules>>20)
	}
	if crowded(text, maxHeadValues) {
		return nil, 0, errCrowded
	}
	lines, err := rulesOf(text)
	if err != nil {
		return nil, 0, err
	}
	return strangersRules(lines, rulesName, o.skipped.add), int64(len(lines)), nil
}

// rulesOf reads a list of rules, which it counts first: one of three bytes takes
// hundreds in memory.
func rulesOf(text []byte) ([]bundleRule, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, plainJSON(err)
	}
	if len(list) > maxFileRules {
		return nil, errManyRules
	}
	lines := make([]bundleRule, len(list))
	for i := range list {
		if err := json.Unmarshal(list[i], &lines[i]); err != nil {
			return nil, plainJSON(err)
		}
	}
	return lines, nil
}

// strangersRules are the rules of a file's part. What one names on the sharer's
// machine is taken away and told; one that cannot be a rule is skipped.
func strangersRules(lines []bundleRule, part string, skip func(where, why string)) []capture.Rule {
	var rules []capture.Rule
	for i := range lines {
		where := fmt.Sprintf("%s, rule %d", part, i+1)
		line := &lines[i]
		if namesFile(&line.Params) {
			skip(where, "It names a file, which is not read: the answer has no body.")
		}
		if line.Params.Forward.URL != "" {
			skip(where, "Where it forwards to is not taken over.")
		}
		r := line.rule()
		if why := unusable(&r); why != nil {
			skip(where, why.Error())
			continue
		}
		r.Order = int64(len(rules) + 1)
		rules = append(rules, r)
	}
	return rules
}

// unusable says why a rule cannot be used, even once it is told where to forward.
func unusable(r *capture.Rule) error {
	whole := *r
	if whole.Kind == capture.RuleForward {
		whole.Params.Forward.URL = "http://127.0.0.1:9"
	}
	err := whole.Check()
	if cause := errors.Unwrap(err); cause != nil {
		return cause
	}
	return err
}
