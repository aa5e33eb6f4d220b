package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hookglass/capture"
)

// RulesError says which of several rules cannot be, and why. Nothing was kept.
type RulesError struct {
	At  int // counts from 0
	Err error
}

func (e *RulesError) Error() string { return fmt.Sprintf("rule %d of these: %v", e.At+1, e.Err) }

func (e *RulesError) Unwrap() error { return e.Err }

// errChoiceLoaded refuses a rule that would pass for a choice, which a replacing
// load leaves where it is, each time one more.
var errChoiceLoaded = errors.New("a preset rule with its endpoint's path as its name stands for the answer chosen there: give it another name")

// putRules keeps new rules, all of them or none, in their order behind those that
// there are, or in their place. The answers chosen for endpoints stay.
func (e *Engine) putRules(ctx context.Context, change *Change) (int, error) {
	var gone []int64
	kept := e.rules.Load().List()
	place := lastPlace(kept)
	if change.Replace {
		place = 0
		for i := range kept {
			if !IsChoice(&kept[i]) {
				gone = append(gone, kept[i].ID)
			}
		}
	}
	if n := len(kept) - len(gone) + len(change.Rules); n > MaxRules {
		return 0, fmt.Errorf("there would be %d rules, and %d is the most that there can be", n, MaxRules)
	}
	for i := range change.Rules {
		r := &change.Rules[i]
		if IsChoice(r) {
			return 0, &RulesError{At: i, Err: errChoiceLoaded}
		}
		r.ID, r.Hits, r.Order = 0, 0, place+int64(i)+1
		yes := change.Consent
		yes.Forever = yes.Forever || slices.Contains(change.Forever, i)
		if err := e.readyToKeep(r, yes); err != nil {
			return 0, &RulesError{At: i, Err: err}
		}
	}
	if _, err := e.Store.ReplaceRules(ctx, gone, change.Rules); err != nil {
		return 0, err
	}
	for _, id := range gone {
		e.counters.Forget(id)
	}
	return len(change.Rules), e.loadRules(ctx)
}

// readyToKeep checks a new rule, and gives it the end that it lacks.
func (e *Engine) readyToKeep(r *capture.Rule, yes capture.Consent) error {
	if err := e.checkRule(r); err != nil {
		return err
	}
	e.guard(r, yes.Forever)
	return e.checkConsent(r, yes)
}
