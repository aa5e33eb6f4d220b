package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hookglass/capture"
)

// errQuitAlone refuses a rule that lasts until this process ends, where the
// process ends at once.
var errQuitAlone = errors.New("until quit means the process that captures, and none does now: start Hookglass or hookglassctl serve first, or give a time")

// PutRule adds a rule, or changes the one with its ID, and returns its ID. One
// that fails on purpose and names no end gets 30 minutes, unless forever. At a
// live endpoint it fails with *LiveError, unless confirmed.
func (e *Engine) PutRule(ctx context.Context, r capture.Rule, forever, confirmed bool) (int64, error) {
	id, err := e.apply(ctx, Change{Action: PutRule, Rule: r, Forever: forever, Confirm: confirmed})
	return int64(id), err
}

// RemoveRule removes a rule, or returns ErrNotFound.
func (e *Engine) RemoveRule(ctx context.Context, id int64) error {
	_, err := e.apply(ctx, Change{Action: RemoveRule, Rule: capture.Rule{ID: id}})
	return err
}

// EnableRule switches a rule on or off, or returns ErrNotFound. One that has
// ended begins anew; one that fails on purpose at a live endpoint fails with
// *LiveError, unless confirmed.
func (e *Engine) EnableRule(ctx context.Context, id int64, on, confirmed bool) error {
	action := DisableRule
	if on {
		action = EnableRule
	}
	_, err := e.apply(ctx, Change{Action: action, Rule: capture.Rule{ID: id}, Confirm: confirmed})
	return err
}

// ResetRule lets a rule count from the start: the places of its sequence, and
// the callbacks after which it ends. It returns ErrNotFound where there is none.
func (e *Engine) ResetRule(ctx context.Context, id int64) error {
	_, err := e.apply(ctx, Change{Action: ResetRule, Rule: capture.Rule{ID: id}})
	return err
}

// changeRule makes a change of a rule that there is, with changing held.
func (e *Engine) changeRule(ctx context.Context, id int64, change func(ctx context.Context, r *capture.Rule) error) (int, error) {
	r, err := e.ruleAt(id)
	if err != nil {
		return 0, err
	}
	if err := change(ctx, &r); err != nil {
		return 0, err
	}
	return 1, e.loadRules(ctx)
}

func (e *Engine) removeRule(ctx context.Context, r *capture.Rule) error {
	err := e.Store.RemoveRule(ctx, r.ID)
	if err == nil {
		e.counters.Forget(r.ID)
	}
	return err
}

func (e *Engine) disableRule(ctx context.Context, r *capture.Rule) error {
	r.Enabled = false
	_, err := e.Store.PutRule(ctx, r)
	return err
}

func (e *Engine) resetRule(ctx context.Context, r *capture.Rule) error {
	r.End.Used = 0
	return e.renew(ctx, r)
}

// ruleAt returns a rule as it is now, or ErrNotFound.
func (e *Engine) ruleAt(id int64) (capture.Rule, error) {
	for _, r := range e.rules.Load().List() {
		if r.ID == id {
			return r, nil
		}
	}
	return capture.Rule{}, fmt.Errorf("rule %d: %w", id, ErrNotFound)
}

func (e *Engine) putRule(ctx context.Context, r capture.Rule, forever, confirmed bool) (int64, error) {
	if err := e.checkRule(&r); err != nil {
		return 0, err
	}
	list := e.rules.Load().List()
	if r.ID == 0 && len(list) >= maxRules {
		return 0, fmt.Errorf("there are %d rules already, the most that there can be: remove one first", maxRules)
	}
	if r.ID != 0 {
		old, err := e.ruleAt(r.ID)
		if err != nil {
			return 0, err
		}
		r.Hits = old.Hits
	}
	e.guard(&r, forever)
	if err := e.checkLive(&r, confirmed); err != nil {
		return 0, err
	}
	if r.Order == 0 {
		for i := range list {
			if !isChoice(&list[i]) {
				r.Order = max(r.Order, list[i].Order)
			}
		}
		r.Order++ // asked after those that are there
	}
	id, err := e.Store.PutRule(ctx, &r)
	if err != nil {
		return 0, err
	}
	e.counters.Forget(id)
	return id, e.loadRules(ctx)
}

// checkRule says why a rule cannot be, and completes it.
func (e *Engine) checkRule(r *capture.Rule) error {
	if err := r.Check(); err != nil {
		return err
	}
	alone := capture.NewRules([]capture.Rule{*r}, capture.RuleSource{})
	if err := alone.Problem(r.ID); err != nil { // a file that cannot be read
		return err
	}
	if e.alone && r.Enabled && r.End.Quit {
		return errQuitAlone
	}
	endpoint := e.endpointAt(r.Endpoint)
	if r.Endpoint != "" && endpoint == nil {
		return fmt.Errorf("there is no endpoint %s: add it first", r.Endpoint)
	}
	for _, a := range r.Answers() {
		if a.Preset != "" && len(e.presets(endpoint, a.Preset)) == 0 {
			if endpoint == nil || endpoint.Provider == "" {
				return fmt.Errorf("%q is a preset of no provider", a.Preset)
			}
			return fmt.Errorf("%q is no preset of %s, which %s is for", a.Preset, endpoint.Provider, r.Endpoint)
		}
	}
	e.markFailing(r)
	return nil
}

// guard gives a rule that fails on purpose the end that it lacks.
func (e *Engine) guard(r *capture.Rule, forever bool) {
	if r.Fails() && !r.End.Named() && !forever {
		r.End.Until = e.now().Add(guardSpan).UTC()
	}
}

// checkLive refuses a rule that fails real callbacks without a second yes.
func (e *Engine) checkLive(r *capture.Rule, confirmed bool) error {
	if confirmed || !r.Enabled || !r.Fails() {
		return nil
	}
	for _, endpoint := range *e.endpoints.Load() {
		if endpoint.Live && (r.Endpoint == "" || r.Endpoint == endpoint.Path) {
			return &LiveError{endpoint.Path}
		}
	}
	return nil
}

// enableRule switches a rule on. One that has ended begins anew: what it counted
// is forgotten, and a moment that is past is an end no more.
func (e *Engine) enableRule(ctx context.Context, r *capture.Rule, confirmed bool) error {
	r.Enabled = true
	if e.alone && r.End.Quit {
		return errQuitAlone
	}
	if err := e.checkLive(r, confirmed); err != nil {
		return err
	}
	now := e.now()
	if !r.End.Over(now) {
		_, err := e.Store.PutRule(ctx, r)
		return err
	}
	r.End.Used = 0
	if r.End.Over(now) {
		r.End.Until = time.Time{}
	}
	e.guard(r, false)
	return e.renew(ctx, r)
}

// renew keeps a rule and lets it count from what it says itself.
func (e *Engine) renew(ctx context.Context, r *capture.Rule) error {
	if _, err := e.Store.PutRule(ctx, r); err != nil {
		return err
	}
	e.counters.Forget(r.ID)
	return nil
}
