package engine

import (
	"context"
	"slices"

	"hookglass/capture"
	"hookglass/store"
)

const (
	// maxTrial is how many callbacks a rule is tried on at the most, and
	// trialShown how many of those that match are named.
	maxTrial   = 1000
	trialShown = 20
)

// answeredHere is the filter of the callbacks that rules are asked about: those
// that came from a sender, and our samples.
const answeredHere = "not (via:replay or via:import)"

// TryRule tells which of the last callbacks that were answered here, at most
// 1,000, a rule would have matched if it had been the only one. Nothing is counted. An error
// says why there can be no such rule.
func (e *Engine) TryRule(ctx context.Context, r capture.Rule, last int) (trial capture.RuleTrial, err error) {
	alone, err := e.alonePut(&r, "")
	if err != nil {
		return trial, err
	}
	here, err := capture.ParseFilter(answeredHere)
	if err != nil {
		return trial, err
	}
	filter, err := capture.ParseFilter(r.Filter)
	if err != nil {
		return trial, err
	}
	rows, err := e.Store.List(ctx, store.Query{Limit: min(max(last, 1), maxTrial), Filter: here})
	if err != nil || len(rows) == 0 {
		return trial, err
	}
	// The store looks into heads and bodies itself, as far as the filter asks.
	now := e.now()
	matched, err := e.Store.IDsOf(ctx, store.Query{After: rows[len(rows)-1].ID - 1, Filter: filter, Now: now})
	if err != nil {
		return trial, err
	}
	slices.Sort(matched)
	trial.Of = len(rows)
	for i := range rows {
		x := &rows[i]
		if _, meant := slices.BinarySearch(matched, x.ID); !meant {
			continue
		}
		if _, ok := alone.Match(x, EndpointOf(x, *e.endpoints.Load()), now); !ok {
			continue
		}
		if trial.Matched++; len(trial.IDs) < trialShown {
			trial.IDs = append(trial.IDs, x.ID)
		}
	}
	return trial, nil
}

// PreviewRule tells what a rule would do with a captured callback if it were the
// only one, whether or not it matches. Nothing is counted, waited for or
// forwarded. An error says why there can be no such rule, or is ErrNotFound.
func (e *Engine) PreviewRule(ctx context.Context, r capture.Rule, id int64) (preview capture.RulePreview, err error) {
	alone, err := e.alonePut(&r, r.Filter)
	if err != nil {
		return preview, err
	}
	x, err := e.Store.Exchange(ctx, id)
	if err != nil {
		return preview, err
	}
	endpoint, now := EndpointOf(x, *e.endpoints.Load()), e.now()
	_, found, above := alone.Explain(x, endpoint, now)
	preview.Matches = found
	if !found {
		preview.Why = above[0].Why
	}
	preview.Answers, err = r.Preview(x, endpoint, now, e.previewSource())
	if err != nil {
		if !found {
			err = nil // a preset that its sender does not have, which Why says
		}
		return preview, err
	}
	provider := x.Annotation.Provider
	if endpoint != nil && endpoint.Provider != "" {
		provider = endpoint.Provider
	}
	for i := range preview.Answers {
		preview.Broken = append(preview.Broken, e.Set.Contract(provider, &preview.Answers[i], &x.Request))
	}
	return preview, nil
}

// alonePut makes a rule with another filter ready by itself, on and without an
// end, and says why it cannot be.
func (e *Engine) alonePut(r *capture.Rule, filter string) (*capture.Rules, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	only := *r
	only.Filter, only.Enabled, only.End = filter, true, capture.RuleEnd{}
	alone := capture.NewRules([]capture.Rule{only}, e.previewSource())
	return alone, alone.Problem(only.ID)
}

// previewSource is ruleSource without what outlives a rule.
func (e *Engine) previewSource() capture.RuleSource {
	return capture.RuleSource{Preset: presetsOf(e.Set), Accepted: e.Set.Accepted}
}
