package engine

import (
	"context"
	"fmt"
	"slices"

	"hookglass/capture"
)

// choiceOrder is the Order of choices: whatever else is said of a callback comes
// before the answer that its endpoint gives.
const choiceOrder = 1 << 40

// IsChoice reports whether a rule is the answer that was chosen for an endpoint:
// a preset rule that is named after its path.
func IsChoice(r *capture.Rule) bool {
	return r.Kind == capture.RulePreset && r.Endpoint != "" && r.Name == r.Endpoint && r.Filter == ""
}

// Choices returns the answers chosen by hand that are in force, sorted by path.
// It does not block.
func (e *Engine) Choices() []capture.Choice {
	var all []capture.Choice
	list, now := e.rules.Load().List(), e.now()
	for i := range list {
		r := &list[i]
		if !IsChoice(r) || !r.Active(now) {
			continue
		}
		endpoint := e.endpointAt(r.Endpoint)
		if endpoint == nil || len(e.presets(endpoint, r.Params.Answer.Preset)) == 0 {
			continue // it has no effect
		}
		all = append(all, capture.Choice{
			Path: r.Endpoint, Preset: r.Params.Answer.Preset, Message: r.Params.Answer.Message, Until: r.End.Until,
		})
	}
	slices.SortFunc(all, func(a, b capture.Choice) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return all
}

// Choose has an endpoint answer with a preset of its provider from the next
// callback on that no other rule answers, also after a restart, and until
// choice.Until. At an endpoint that is pinned to none it is a preset of whoever a
// callback is detected as, and a callback whose sender has no such preset is
// answered as ever. So are OPTIONS requests. The zero Preset takes a choice back.
// It returns ErrNotFound where there is no endpoint with exactly that path, and
// *capture.LiveError for a failing preset where it is live.
func (e *Engine) Choose(ctx context.Context, choice capture.Choice) error {
	return e.choose(ctx, choice, capture.Consent{})
}

// ChooseAnyway is Choose with the second yes for an endpoint that is live.
func (e *Engine) ChooseAnyway(ctx context.Context, choice capture.Choice) error {
	return e.choose(ctx, choice, capture.Consent{Live: true})
}

func (e *Engine) choose(ctx context.Context, choice capture.Choice, yes capture.Consent) error {
	e.changing.Lock()
	defer e.changing.Unlock()
	if choice.Preset == "" {
		if err := e.removeChoice(ctx, choice.Path); err != nil {
			return err
		}
		return e.loadRules(ctx)
	}
	endpoint := e.endpointAt(choice.Path)
	if endpoint == nil {
		return fmt.Errorf("choose an answer for %s: there is no such endpoint: %w", choice.Path, ErrNotFound)
	}
	if len(e.presets(endpoint, choice.Preset)) == 0 {
		return fmt.Errorf("choose an answer for %s: %q is no preset of its provider", choice.Path, choice.Preset)
	}
	r := capture.Rule{
		Name: choice.Path, Enabled: true, Order: choiceOrder, Endpoint: choice.Path, Kind: capture.RulePreset,
		Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: choice.Preset, Message: choice.Message}},
		End:    capture.RuleEnd{Until: choice.Until},
	}
	e.markFailing(&r)
	if err := r.Check(); err != nil {
		return fmt.Errorf("choose an answer for %s: %w", choice.Path, err)
	}
	if err := e.checkConsent(&r, yes); err != nil {
		return err
	}
	if err := e.removeChoice(ctx, choice.Path); err != nil {
		return err
	}
	if _, err := e.Store.PutRule(ctx, &r); err != nil {
		return err
	}
	return e.loadRules(ctx)
}

// removeChoice removes the choice for an endpoint, where there is one. The rules
// are to be loaded after it.
func (e *Engine) removeChoice(ctx context.Context, path string) error {
	list := e.rules.Load().List()
	for i := range list {
		r := &list[i]
		if !IsChoice(r) || r.Endpoint != path {
			continue
		}
		if err := e.removeRule(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// endpointAt returns the endpoint with exactly that path, or nil.
func (e *Engine) endpointAt(path string) *capture.Endpoint {
	endpoints := *e.endpoints.Load()
	for i := range endpoints {
		if endpoints[i].Path == path {
			return &endpoints[i]
		}
	}
	return nil
}
