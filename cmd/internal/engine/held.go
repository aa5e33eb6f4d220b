package engine

import (
	"context"
	"errors"

	"hookglass/capture"
)

// Held returns the callbacks whose senders wait for a person, the longest first.
// It does not block.
func (e *Engine) Held() []capture.Held { return e.holds.List() }

// AnswerHeld answers a callback that is held, the zero answer as its provider
// takes it for success. It returns capture.ErrNotHeld, or why there can be no
// such answer; then the sender goes on waiting.
func (e *Engine) AnswerHeld(_ context.Context, id int64, a capture.RuleAnswer) error {
	return e.holds.Answer(id, a)
}

// ReleaseHeld gives a callback that is held its rule's fallback now, or returns
// capture.ErrNotHeld.
func (e *Engine) ReleaseHeld(_ context.Context, id int64) error { return e.holds.Release(id) }

// errOneHeld refuses a change that names no callback, or several.
var errOneHeld = errors.New("one callback is answered at a time")

// applyHeld answers a callback that is held.
func (e *Engine) applyHeld(ctx context.Context, change *Change) (int, error) {
	if len(change.IDs) != 1 {
		return 0, errOneHeld
	}
	if change.Action == ReleaseHeld {
		return 1, e.ReleaseHeld(ctx, change.IDs[0])
	}
	return 1, e.AnswerHeld(ctx, change.IDs[0], change.Answer)
}

// heldBegan notes in the store that a callback waits, so that lists and counts
// show it, with what is known of it, while it does. What becomes of it overrules
// that: the store keeps changes in their order.
func (e *Engine) heldBegan(x *capture.Exchange) {
	noted := *x // the store's from here on; the verdict stays in flight with x itself
	e.logged("note that a callback is held", e.Store.Update(context.WithoutCancel(e.ctx), &noted))
}

// heldChanged tells that other callbacks wait now.
func (e *Engine) heldChanged() {
	if e.config.HeldChanged != nil {
		e.config.HeldChanged()
	}
}

// Waiting returns the callbacks that are held in a folder: those of the process
// that captures into it. Without one there are none.
func Waiting(ctx context.Context, folder string) ([]capture.Held, error) {
	owner, ok := readOwner(folder)
	if !ok || owner.Socket == "" {
		return nil, nil
	}
	reply, err := converseWith(ctx, owner.Socket, Change{Action: ListHeld})
	if err == nil && reply.Error != "" {
		return nil, errors.New(reply.Error)
	}
	return reply.Held, nil // none where it has ended meanwhile: it answers who waits
}
