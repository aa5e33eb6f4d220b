package engine

import (
	"context"
	"fmt"
	"time"

	"hookglass/capture"
)

const (
	// countSpan is how long hits wait for their way to the disk; a process that
	// is killed loses those.
	countSpan = time.Second

	// longestLook bounds how long the ends of rules are not looked at: a machine
	// that slept, or whose clock was set, must not show an ended one for long.
	longestLook = time.Minute
)

// beginRules switches off what ended with, or before, the last process. What
// fails on purpose must not go on by itself.
func (e *Engine) beginRules(ctx context.Context) error {
	kept, err := e.Store.Rules(ctx)
	if err != nil {
		return fmt.Errorf("read the rules: %w", err)
	}
	for i := range kept {
		r := &kept[i]
		over := r.End.Over(e.now())
		switch {
		case over && IsChoice(r):
			err = e.Store.RemoveRule(ctx, r.ID)
		case r.Enabled && (over || r.End.Quit):
			r.Enabled = false
			_, err = e.Store.PutRule(ctx, r)
		}
		if err != nil {
			return fmt.Errorf("end the rule %d: %w", r.ID, err)
		}
	}
	return e.loadRules(ctx)
}

// keepRules writes what rules count, and tells when one ends, until the engine
// closes.
func (e *Engine) keepRules() {
	active := e.activeRules()
	look := time.NewTimer(0)
	defer look.Stop()
	var save <-chan time.Time
	for {
		select {
		case <-e.ctx.Done():
			return // close writes the rest
		case <-e.ruleHit:
			if save == nil {
				save = time.After(countSpan)
			}
		case <-save:
			save = nil
			e.logged("count what rules answered", e.saveCounts(e.ctx))
			e.rulesMoved()
		case <-e.ruleChange:
			active = e.activeRules()
		case <-look.C:
		}
		if now := e.activeRules(); now != active {
			active = now
			e.rulesMoved()
		}
		look.Reset(e.untilNextEnd())
	}
}

// activeRules counts the rules that are on and have not ended.
func (e *Engine) activeRules() int {
	n := 0
	for _, r := range e.rules.Load().List() {
		if r.Active(e.now()) {
			n++
		}
	}
	return n
}

// untilNextEnd is how long until a rule may end by its time.
func (e *Engine) untilNextEnd() time.Duration {
	next, now := longestLook, e.now()
	for _, r := range e.rules.Load().List() {
		if r.Active(now) && !r.End.Until.IsZero() {
			next = min(next, r.End.Until.Sub(now)+time.Millisecond)
		}
	}
	return next
}

// saveCounts keeps what rules have counted since it was last kept, also where ctx
// has ended: senders may have used up the time to close, and a rule that ends
// after some callbacks must not begin anew.
func (e *Engine) saveCounts(ctx context.Context) error {
	e.changing.Lock() // a change of a rule must not be overwritten by what it counted before
	defer e.changing.Unlock()
	if !e.counted.Swap(false) {
		return nil
	}
	if err := e.Store.CountRules(context.WithoutCancel(ctx), e.rules.Load().List()); err != nil {
		e.counted.Store(true)
		return fmt.Errorf("keep what rules counted: %w", err)
	}
	return nil
}

// Rules returns the rules of a folder: as the process that captures knows them,
// else as they are kept, without the places of sequences. The ones that last
// until it quits are off without it.
func Rules(ctx context.Context, config Config) ([]capture.RuleState, error) {
	if owner, ok := readOwner(config.Folder); ok && owner.Socket != "" {
		reply, err := converseWith(ctx, owner.Socket, Change{Action: ListRules})
		if err == nil && reply.Error == "" && !reply.Closing {
			return reply.Rules, nil
		}
	}
	reader, err := OpenReader(ctx, config)
	if err != nil {
		return nil, err
	}
	kept, err := reader.rules(ctx)
	if closeErr := reader.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	ready := capture.NewRules(kept, capture.RuleSource{})
	states := make([]capture.RuleState, len(kept))
	for i, r := range kept {
		r.Enabled = r.Enabled && !r.End.Quit
		states[i] = stateOf(r, ready.Problem(r.ID), time.Now())
	}
	return states, nil
}

// Why says why the rules above the one that answered an exchange did not, and
// where none answered, why none did. It goes by the rules as they are now. The
// exchange is to be read whole.
func (r *Reader) Why(ctx context.Context, x *capture.Exchange) ([]capture.Skip, error) {
	kept, err := r.rules(ctx)
	if err != nil {
		return nil, err
	}
	source := capture.RuleSource{Preset: presetsOf(r.Set), Accepted: r.Set.Accepted}
	_, _, above := capture.NewRules(kept, source).Explain(x, EndpointOf(x, r.Endpoints), x.Request.Received)
	return above, nil
}

// rules returns the rules as they are kept.
func (r *Reader) rules(ctx context.Context) ([]capture.Rule, error) {
	if r.Store == nil {
		return nil, nil
	}
	kept, err := r.Store.Rules(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	return kept, nil
}
