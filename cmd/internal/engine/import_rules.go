package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
)

// importedTarget takes the place of a target in a stranger's file, which is never
// taken from there: nothing is sent to it before the person has changed it.
const importedTarget = "http://localhost:3000"

// strangersRules are the rules of a file as they may come in: disabled, without
// targets and without paths. Those that cannot be are skipped.
func strangersRules(all []capture.Rule) (rules []capture.Rule, skipped []capture.SkippedPart) {
	for i := range all {
		r := all[i]
		r.ID, r.Hits, r.Order, r.Enabled = 0, 0, 0, false
		r.End.Used = 0
		if r.Kind == capture.RuleForward {
			r.Params.Forward.URL = importedTarget
		}
		answers := r.Answers()
		if r.Kind == capture.RuleForward {
			answers = []capture.RuleAnswer{r.Params.Answer}
		}
		err := r.Check()
		switch {
		case slices.ContainsFunc(answers, func(a capture.RuleAnswer) bool { return a.BodyFile != "" }):
			err = fmt.Errorf("its body stands in a file of whoever shared it")
		case err == nil && IsChoice(&r):
			err = errChoiceLoaded
		}
		if err != nil {
			skipped = append(skipped, capture.SkippedPart{Where: fmt.Sprintf("rule %d", i+1), Why: err.Error()})
			continue
		}
		rules = append(rules, r)
	}
	return rules, skipped
}

// mostNamed is how many endpoints a sentence names.
const mostNamed = 10

// saidBy is what a rule says, wherever it stands, whether it is on and until when,
// and wherever it forwards to: an imported one gets its end and its target here.
func saidBy(r capture.Rule) (string, error) {
	r.ID, r.Hits, r.Order, r.Enabled, r.End.Used, r.Params.Forward.URL = 0, 0, 0, false, 0, ""
	r.End.Until = time.Time{}
	text, err := json.Marshal(r)
	return string(text), err
}

// rulesHere are what the rules say that are here.
func (e *Engine) rulesHere(ctx context.Context) (map[string]bool, error) {
	all, err := e.Store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	here := make(map[string]bool, len(all))
	for i := range all {
		said, err := saidBy(all[i])
		if err != nil {
			return nil, err
		}
		here[said] = true
	}
	return here, nil
}

// importRules keeps chosen rules of a file, disabled, but those that are here
// already. It returns how many. Those that are for an endpoint which is not here do
// not come in, as without it they would be for everything; the error tells.
func (e *Engine) importRules(ctx context.Context, rules []capture.Rule, chosen []int) (int, error) {
	if len(chosen) == 0 {
		return 0, nil
	}
	here, err := e.rulesHere(ctx)
	if err != nil {
		return 0, fmt.Errorf("the callbacks are imported, but not the rules: %w", err)
	}
	var wanted []capture.Rule
	var homeless []string
	for _, i := range slices.Compact(slices.Sorted(slices.Values(chosen))) {
		if i < 0 || i >= len(rules) {
			continue
		}
		r := rules[i]
		said, err := saidBy(r)
		switch {
		case err != nil:
			return 0, fmt.Errorf("the callbacks are imported, but not the rules: %w", err)
		case here[said]:
		case r.Endpoint != "" && e.endpointAt(r.Endpoint) == nil:
			homeless = append(homeless, capture.Visible(r.Endpoint))
		default:
			wanted = append(wanted, r)
		}
	}
	n := 0
	if len(wanted) > 0 {
		if n, err = e.apply(ctx, Change{Action: LoadRules, Rules: wanted}); err != nil {
			return 0, fmt.Errorf("the callbacks are imported, but not the rules: %w", err)
		}
	}
	slices.Sort(homeless)
	homeless = slices.Compact(homeless)
	if more := len(homeless) - mostNamed; more > 0 {
		homeless = append(homeless[:mostNamed], fmt.Sprintf("and %d more", more))
	}
	if len(homeless) > 0 {
		return n, fmt.Errorf("the callbacks are imported, but not every rule: add the endpoints that are not here (%s) and import the file again",
			strings.Join(homeless, ", "))
	}
	return n, nil
}
