package capture

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// holding lets a person answer, and gives its fallback where nobody does.
type holding struct {
	rule     *Rule
	fallback Responder
	with     *RuleSource
}

// held is how long a person has.
func (p *RuleParams) held() time.Duration {
	if p.For == 0 {
		return DefaultHold
	}
	return p.For
}

// Respond implements Responder.
func (h *holding) Respond(ctx context.Context, q *Question) (Response, error) {
	holds, x := h.with.Holds, q.Exchange
	if why := holds.enter(x); why != "" {
		x.Error = fmt.Sprintf("%s, so the rule %s did not hold this one and gave its fallback at once", why, h.rule.called())
		return h.fallback.Respond(ctx, q)
	}
	x.State = StateHeld
	w := h.waiter(q)
	holds.begin(w)
	timer := time.NewTimer(time.Until(w.Until))
	defer timer.Stop()
	var hungUp error
	select {
	case what := <-w.given:
		return h.take(ctx, q, what)
	case <-timer.C:
	case <-ctx.Done():
		// Quitting answers whoever waits.
		if !errors.Is(context.Cause(ctx), ErrClosing) {
			hungUp = errHungUp
		}
	}
	if what, ok := holds.end(w); ok {
		return h.take(ctx, q, what)
	}
	response, err := h.fallback.Respond(ctx, q)
	if hungUp != nil {
		err = hungUp
	}
	return response, err
}

// enter takes room for a callback, or says why there is none.
func (h *Holds) enter(x *Exchange) string {
	if !h.room.take(1, MaxHeld) {
		return fmt.Sprintf("%d callbacks were held already", MaxHeld)
	}
	if !h.bodies.take(int64(len(x.Request.Body)), maxHeldBodies) {
		h.room.give(1)
		return fmt.Sprintf("the callbacks that were held already have bodies of %d MiB together", maxHeldBodies>>20)
	}
	return ""
}

// take returns the answer that a wait ended with.
func (h *holding) take(ctx context.Context, q *Question, what given) (Response, error) {
	if what.fallback {
		return h.fallback.Respond(ctx, q)
	}
	return what.response, nil
}

// waiter describes a callback that is about to wait.
func (h *holding) waiter(q *Question) *waiter {
	x, now := q.Exchange, time.Now()
	until := now.Add(h.rule.Params.held())
	if edge := x.Request.Received.Add(tunnelHold); x.Via.Public() && edge.Before(until) {
		until = edge
	}
	return &waiter{
		Held: Held{
			Exchange: x.ID, Rule: h.rule.ID, RuleName: h.rule.Name, Endpoint: x.Endpoint,
			Provider: providerOf(x, q.Endpoint), Event: x.Annotation.Event,
			Method: x.Request.Method, Path: x.Request.Path(),
			Since: now, Until: until, Fallback: h.rule.Params.Answer.words(), Via: x.Via,
		},
		question: q, with: h.with, body: int64(len(x.Request.Body)), given: make(chan given, 1),
	}
}
