package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

const (
	// guardSpan is how long a rule fails on purpose that names no end.
	guardSpan = 30 * time.Minute

	// MaxRules is how many rules there may be: every callback asks them all.
	MaxRules = 1000

	// shownPlaces is how many keys of a sequence are told, those used last.
	shownPlaces = 5
)

// Rules returns all rules in the order in which they are asked. It does not
// block.
func (e *Engine) Rules() []capture.RuleState {
	rules, now := e.rules.Load(), e.now()
	list := rules.List()
	states := make([]capture.RuleState, len(list))
	for i, r := range list {
		states[i] = stateOf(r, rules.Problem(r.ID), now)
		if r.Kind == capture.RuleSequence {
			states[i].Places = e.counters.Places(r.ID, shownPlaces)
		}
	}
	return states
}

func stateOf(r capture.Rule, problem error, now time.Time) capture.RuleState {
	state := capture.RuleState{Rule: r, Active: problem == nil && r.Active(now)}
	if problem != nil {
		state.Problem = problem.Error()
	}
	return state
}

// Failing returns the rules in force that fail on purpose. It does not block.
func (e *Engine) Failing() []capture.Rule {
	return slices.DeleteFunc(e.rules.Load().List(), func(r capture.Rule) bool { return !r.Fails() || !r.Active(e.now()) })
}

// FailingRules is Failing without the choices, which Choices tells.
func (e *Engine) FailingRules() []capture.Rule {
	return slices.DeleteFunc(e.Failing(), func(r capture.Rule) bool { return IsChoice(&r) })
}

// Passed returns the rules above the one that answered a callback, and why each
// did not, by the rules as they are now. The callback needs its header and body.
// It does not block.
func (e *Engine) Passed(x *capture.Exchange) []capture.Skip {
	_, _, above := e.rules.Load().Explain(x, EndpointOf(x, *e.endpoints.Load()), x.Request.Received)
	if x.Response == nil {
		return above
	}
	if i := slices.IndexFunc(above, func(s capture.Skip) bool { return s.ID == x.Response.Rule }); i >= 0 {
		return above[:i] // it has ended or changed since
	}
	return above
}

// loadRules takes the rules as they are kept, from the next callback on.
func (e *Engine) loadRules(ctx context.Context) error {
	kept, err := e.Store.Rules(ctx)
	if err != nil {
		return fmt.Errorf("read the rules: %w", err)
	}
	for i := range kept {
		e.markFailing(&kept[i])
	}
	chosen := map[int64]bool{}
	for i := range kept {
		if IsChoice(&kept[i]) {
			chosen[kept[i].ID] = true
		}
	}
	e.chosen.Store(&chosen)
	e.rules.Store(capture.NewRules(kept, e.ruleSource()))
	e.rulesMoved()
	return nil
}

func (e *Engine) ruleSource() capture.RuleSource {
	return capture.RuleSource{
		Counters: e.counters, Preset: presetsOf(e.Set), Accepted: e.Set.Accepted,
		Holds: e.holds, Forwarder: e.forwarder,
	}
}

// presetsOf makes what finds a provider's preset, with a person's words in it.
func presetsOf(set *providers.Set) func(provider, id, message string) (capture.Preset, bool) {
	return func(provider, id, message string) (capture.Preset, bool) {
		preset, ok := set.Preset(provider, id)
		if ok {
			preset.Response = providers.Fill(preset, message)
		}
		return preset, ok
	}
}

// markFailing notes which of a rule's presets its sender takes as a failure.
func (e *Engine) markFailing(r *capture.Rule) {
	endpoint := e.endpointAt(r.Endpoint)
	failing := func(a *capture.RuleAnswer) {
		a.Failing = a.Preset != "" && slices.ContainsFunc(e.presets(endpoint, a.Preset), func(p capture.Preset) bool { return p.Failing })
	}
	failing(&r.Params.Answer)
	for i := range r.Params.Answers {
		failing(&r.Params.Answers[i])
	}
}

// presets returns what a preset's ID can mean at an endpoint; nil stands for all
// of them.
func (e *Engine) presets(endpoint *capture.Endpoint, id string) []capture.Preset {
	var found []capture.Preset
	add := func(provider string) {
		if preset, ok := e.Set.Preset(provider, id); ok {
			found = append(found, preset)
		}
	}
	if endpoint != nil && endpoint.Provider != "" {
		add(endpoint.Provider)
		return found
	}
	add("")
	for _, p := range e.Set.All() {
		add(p.ID)
	}
	return found
}

// answer is what a request is answered: what a rule says, else what its provider
// takes as success.
func (e *Engine) answer(ctx context.Context, x *capture.Exchange, endpoint *capture.Endpoint) capture.Response {
	response, ok := e.rules.Load().Answer(ctx, x, endpoint, e.now())
	if !ok {
		return e.Set.Accepted(&x.Request, endpoint)
	}
	if response.By == capture.ByRule && response.Preset != "" && (*e.chosen.Load())[response.Rule] {
		response.By = capture.ByChoice
	}
	e.counted.Store(true)
	signal(e.ruleHit)
	return response
}

// wantsAnnotation reports whether a callback's rules look at its annotation.
func (e *Engine) wantsAnnotation(x *capture.Exchange, endpoint *capture.Endpoint) bool {
	return e.rules.Load().Wants(x, endpoint, e.now())
}

// signal wakes who waits for a channel with room for one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// rulesMoved tells that rules have changed or ended.
func (e *Engine) rulesMoved() {
	signal(e.ruleChange)
	if e.config.RulesChanged != nil {
		e.config.RulesChanged()
	}
}

// now is the time by the clock that ends rules.
func (e *Engine) now() time.Time {
	if e.config.Now != nil {
		return e.config.Now()
	}
	return time.Now()
}
