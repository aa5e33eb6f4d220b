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
// that fails on purpose and names no end gets 30 minutes, unless yes.Forever. At
// a live endpoint it fails with *capture.LiveError without yes.Live, and one that
// forwards to another machine with *capture.RemoteError without yes.Remote.
func (e *Engine) PutRule(ctx context.Context, r capture.Rule, yes capture.Consent) (int64, error) {
	id, err := e.apply(ctx, Change{Action: PutRule, Rule: r, Consent: yes})
	return int64(id), err
}

// RemoveRule removes a rule, or returns ErrNotFound.
func (e *Engine) RemoveRule(ctx context.Context, id int64) error {
	_, err := e.apply(ctx, Change{Action: RemoveRule, Rule: capture.Rule{ID: id}})
	return err
}

// EnableRule switches a rule on or off, or returns ErrNotFound. One that has
// ended begins anew. It asks for a second yes as PutRule does.
func (e *Engine) EnableRule(ctx context.Context, id int64, on bool, yes capture.Consent) error {
	action := DisableRule
	if on {
		action = EnableRule
	}
	_, err := e.apply(ctx, Change{Action: action, Rule: capture.Rule{ID: id}, Consent: yes})
	return err
}

// ResetRule lets a rule count from the start: the places of its sequence, and
// the callbacks after which it ends. It returns ErrNotFound where there is none.
func (e *Engine) ResetRule(ctx context.Context, id int64) error {
	_, err := e.apply(ctx, Change{Action: ResetRule, Rule: capture.Rule{ID: id}})
	return err
}

// MoveRule has a rule asked by places later, or earlier where by is below zero,
// as far as there are places. The answers chosen by hand stay last. It returns
// ErrNotFound where there is none.
func (e *Engine) MoveRule(ctx context.Context, id int64, by int) error {
	_, err := e.apply(ctx, Change{Action: MoveRule, Rule: capture.Rule{ID: id}, By: by})
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

// resetRule asks for no yes. So it does not begin anew what takes one.
func (e *Engine) resetRule(ctx context.Context, r *capture.Rule) error {
	over := r.End.Over(e.now())
	r.End.Used = 0
	if over && !r.End.Over(e.now()) {
		if err := e.checkConsent(r, capture.Consent{}); err != nil {
			return fmt.Errorf("this rule has ended, and would begin anew: switch it on again instead, as that takes a second yes. %s", err.Error())
		}
	}
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

func (e *Engine) putRule(ctx context.Context, r capture.Rule, yes capture.Consent) (int64, error) {
	if err := e.readyToKeep(&r, yes); err != nil {
		return 0, err
	}
	list := e.rules.Load().List()
	if r.ID == 0 && len(list) >= MaxRules {
		return 0, fmt.Errorf("there are %d rules already, the most that there can be: remove one first", MaxRules)
	}
	if r.ID != 0 {
		old, err := e.ruleAt(r.ID)
		if err != nil {
			return 0, err
		}
		r.Hits = old.Hits
	}
	if r.Order == 0 {
		r.Order = lastPlace(list) + 1 // asked after those that are there
	}
	id, err := e.Store.PutRule(ctx, &r)
	if err != nil {
		return 0, err
	}
	e.counters.Forget(id)
	return id, e.loadRules(ctx)
}

// lastPlace is where the last of rules is asked, choices not among them.
func lastPlace(list []capture.Rule) (last int64) {
	for i := range list {
		if !IsChoice(&list[i]) {
			last = max(last, list[i].Order)
		}
	}
	return last
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
	return e.checkTarget(r)
}

// guard gives a rule that fails on purpose the end that it lacks.
func (e *Engine) guard(r *capture.Rule, forever bool) {
	if r.Fails() && !r.End.Named() && !forever {
		r.End.Until = e.now().Add(guardSpan).UTC()
	}
}

// checkConsent refuses what takes a second yes and has none: a rule that fails
// real callbacks, and one that sends callbacks to another machine.
func (e *Engine) checkConsent(r *capture.Rule, yes capture.Consent) error {
	if !r.Enabled {
		return nil
	}
	if err := e.checkLive(r, yes.Live); err != nil {
		return err
	}
	if r.Kind == capture.RuleForward && !yes.Remote {
		if host, remote := r.Params.Forward.Remote(); remote {
			return &capture.RemoteError{Host: host}
		}
	}
	return nil
}

func (e *Engine) checkLive(r *capture.Rule, confirmed bool) error {
	if confirmed || !r.Fails() {
		return nil
	}
	for _, endpoint := range *e.endpoints.Load() {
		if endpoint.Live && (r.Endpoint == "" || r.Endpoint == endpoint.Path) {
			return &capture.LiveError{Path: endpoint.Path}
		}
	}
	return nil
}

// checkGoesLive refuses to mark an endpoint live where a rule in force would fail
// its real callbacks on purpose, to which nobody has said yes.
func (e *Engine) checkGoesLive(endpoint *capture.Endpoint) error {
	if old := e.endpointAt(endpoint.Path); !endpoint.Live || old != nil && old.Live {
		return nil
	}
	for _, r := range e.Failing() {
		switch {
		case r.Endpoint != "" && r.Endpoint != endpoint.Path:
		case IsChoice(&r):
			return fmt.Errorf("%s cannot be live yet: the answer chosen for it would fail real callbacks on purpose. Take that back first", endpoint.Path)
		default:
			return fmt.Errorf("%s cannot be live yet: rule %d, which %s, would fail real callbacks on purpose. Switch it off first", endpoint.Path, r.ID, r.Words())
		}
	}
	return nil
}

// enableRule switches a rule on. One that has ended begins anew: what it counted
// is forgotten, and a moment that is past is an end no more.
func (e *Engine) enableRule(ctx context.Context, r *capture.Rule, yes capture.Consent) error {
	r.Enabled = true
	if e.alone && r.End.Quit {
		return errQuitAlone
	}
	if err := e.checkConsent(r, yes); err != nil {
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
