package capture

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// What a hold may be at the most.
const (
	DefaultHold = 30 * time.Second
	MaxHold     = 10 * time.Minute
	MaxHeld     = 256 // callbacks that wait for a person at once; more get the fallback at once

	// maxHeldBodies bounds the bytes of the bodies of what waits: the rest of what
	// Limits.Bodies allows is for those that do not. More get the fallback at once.
	maxHeldBodies = 64 << 20

	// tunnelHold is how long a callback may wait behind a tunnel, whose edge ends
	// idle requests after five minutes.
	tunnelHold = 4 * time.Minute
)

// ErrNotHeld says that a callback does not wait for an answer, or not any more.
var ErrNotHeld = errors.New("this callback does not wait for an answer")

// Held is a callback whose sender waits for a person's answer.
type Held struct {
	Exchange int64     `json:"exchange"`
	Rule     int64     `json:"rule"`
	RuleName string    `json:"rule_name"`
	Endpoint string    `json:"endpoint"` // path of the endpoint that took it; "" for none
	Provider string    `json:"provider"`
	Event    string    `json:"event"`
	Method   string    `json:"method"`
	Path     string    `json:"path"`
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"`    // then it gets the fallback
	Fallback string    `json:"fallback"` // in a few words: "200", "as ever"
	Via      Via       `json:"via"`
}

// Holds are the callbacks that wait for a person's answer. They outlive the Rules
// that are made with them. Its methods are safe for concurrent use once its
// fields are set; none of them blocks.
type Holds struct {
	// Began is told of each callback that begins to wait, before it does. Its State
	// is StateHeld by then; Began may note that somewhere, and what it changes of x
	// stays: it is not answered meanwhile. It may block for a moment.
	Began func(x *Exchange)

	// Changed is told that other callbacks wait now. It must not block.
	Changed func()

	room    gauge // callbacks that wait, or are about to
	bodies  gauge // bytes of their bodies
	mu      sync.Mutex
	waiting map[int64]*waiter
}

// waiter is a callback that waits.
type waiter struct {
	Held
	question *Question
	with     *RuleSource
	body     int64      // bytes of its body: once it is answered, the exchange is the handler's
	given    chan given // has room for what ends the wait

	mu   sync.Mutex // held while an answer is made, so that the exchange stays as it is
	over bool       // an answer was taken, or the wait is over without one
}

// given is what ends a wait before its time.
type given struct {
	response Response
	fallback bool // the rule's, and response is nothing
}

// List returns what waits, the longest first.
func (h *Holds) List() []Held {
	h.mu.Lock()
	list := make([]Held, 0, len(h.waiting))
	for _, w := range h.waiting {
		list = append(list, w.Held)
	}
	h.mu.Unlock()
	slices.SortFunc(list, func(a, b Held) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Exchange, b.Exchange))
	})
	return list
}

// Answer gives a callback its answer, the zero one as its provider takes it for
// success. It returns ErrNotHeld, or why there can be no such answer; then the
// sender goes on waiting.
func (h *Holds) Answer(exchange int64, a RuleAnswer) error {
	if err := a.check(); err != nil {
		return err
	}
	return h.give(exchange, func(w *waiter) (given, error) {
		responder, err := answerResponder(&a, w.with)
		if err != nil {
			return given{}, err
		}
		question := *w.question
		question.Now = time.Now()
		response, err := responder.Respond(context.Background(), &question)
		response.By = ByHand
		return given{response: response}, err
	})
}

// Release gives a callback its rule's fallback now, or returns ErrNotHeld.
func (h *Holds) Release(exchange int64) error {
	return h.give(exchange, func(*waiter) (given, error) { return given{fallback: true}, nil })
}

// give ends the wait of a callback with what is made for it. The first one wins.
func (h *Holds) give(exchange int64, made func(w *waiter) (given, error)) error {
	h.mu.Lock()
	w := h.waiting[exchange]
	h.mu.Unlock()
	if w == nil {
		return ErrNotHeld
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return ErrNotHeld
	}
	what, err := made(w)
	if err != nil {
		return err
	}
	w.over = true
	w.given <- what
	h.forget(w)
	return nil
}

// begin lets a callback wait. The caller has taken room for it.
func (h *Holds) begin(w *waiter) {
	if h.Began != nil {
		h.Began(w.question.Exchange)
	}
	h.mu.Lock()
	if h.waiting == nil {
		h.waiting = map[int64]*waiter{}
	}
	h.waiting[w.Exchange] = w
	h.mu.Unlock()
	h.changed()
}

// end ends a wait without an answer, unless there is one by now, which it
// returns.
func (h *Holds) end(w *waiter) (given, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return <-w.given, true
	}
	w.over = true
	h.forget(w)
	return given{}, false
}

func (h *Holds) forget(w *waiter) {
	h.mu.Lock()
	delete(h.waiting, w.Exchange)
	h.mu.Unlock()
	h.room.give(1)
	h.bodies.give(w.body)
	h.changed()
}

func (h *Holds) changed() {
	if h.Changed != nil {
		h.Changed()
	}
}
