package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

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

// importRules keeps chosen rules of a file, disabled. It returns how many. Those
// that are for an endpoint which is not here do not come in, as without it they
// would be for everything; the error tells.
func (e *Engine) importRules(ctx context.Context, rules []capture.Rule, chosen []int) (int, error) {
	var wanted []capture.Rule
	var homeless []string
	for i := range rules {
		r := rules[i]
		switch {
		case !slices.Contains(chosen, i):
		case r.Endpoint != "" && e.endpointAt(r.Endpoint) == nil:
			homeless = append(homeless, capture.Visible(r.Endpoint))
		default:
			wanted = append(wanted, r)
		}
	}
	n := 0
	var err error
	if len(wanted) > 0 {
		if n, err = e.apply(ctx, Change{Action: LoadRules, Rules: wanted}); err != nil {
			return 0, fmt.Errorf("the callbacks are imported, but not the rules: %w", err)
		}
	}
	if len(homeless) > 0 {
		return n, fmt.Errorf("the callbacks are imported, but not every rule: add the endpoints that are not here (%s) and import the file again",
			strings.Join(homeless, ", "))
	}
	return n, nil
}
