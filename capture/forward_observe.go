package capture

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// What is forwarded for the app's answer alone is bounded: nobody waits for it,
// so nobody is slowed down by it.
const (
	observedAtOnce = 64
	observedQueued = 256
	observedBodies = 64 << 20 // bytes of the bodies of all of them
)

// observedQueue holds what is forwarded for the app's answer alone. Its
// goroutines end when nothing waits.
type observedQueue struct {
	mu      sync.Mutex
	waiting []*observation
	atWork  int
	closed  bool
	bodies  gauge
	workers sync.WaitGroup
}

// observation is a callback that is forwarded for the app's answer alone.
type observation struct {
	*outgoing
	sent *Exchange
}

// observe forwards a callback apart from its sender's answer. Nothing of x is read
// after it has returned, but for the bytes of its body.
func (f *Forwarder) observe(x *Exchange, o *outgoing) {
	now := time.Now()
	sent := &Exchange{
		UID: NewUID(now), State: StateFailed, Via: ViaReplay, Origin: x.ID, Endpoint: x.Endpoint,
		Request: o.request, Sent: &Sending{Base: o.to.base()},
	}
	sent.Request.Received = now
	why := f.observed.add(&observation{o, sent}, f.runObserved)
	switch {
	case why == nil:
	case errors.Is(why, errCutOff):
		x.Error = "It was not forwarded, as Hookglass is quitting."
	default:
		// Kept without the body: a flood must not fill the disk with what was not sent.
		sent.Request.Truncated = len(sent.Request.Body) > 0
		sent.Request.Body, sent.Request.Size = nil, 0
		sent.Error = fmt.Sprintf("It was not forwarded: %v.", why)
		f.tell(sent)
	}
}

func (f *Forwarder) tell(sent *Exchange) {
	if f.Observed != nil {
		f.Observed(sent)
	}
}

// add has a callback forwarded now or later, or says why not.
func (q *observedQueue) add(o *observation, run func(o *observation)) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	size := int64(len(o.request.Body))
	switch {
	case q.closed:
		return errCutOff
	case q.atWork == observedAtOnce && len(q.waiting) == observedQueued:
		return fmt.Errorf("%d callbacks were on their way to an app that is only observed, and %d waited", observedAtOnce, observedQueued)
	case !q.bodies.take(size, observedBodies):
		return fmt.Errorf("the callbacks on their way to an app that is only observed hold more than %d MiB", observedBodies>>20)
	case q.atWork == observedAtOnce:
		q.waiting = append(q.waiting, o)
		return nil
	}
	q.atWork++
	q.workers.Go(func() {
		for ; o != nil; o = q.next() {
			run(o)
			q.bodies.give(int64(len(o.request.Body)))
		}
	})
	return nil
}

// next returns what has waited longest, or nil; then the caller is at work no more.
func (q *observedQueue) next() *observation {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.atWork--
		q.waiting = nil
		return nil
	}
	o := q.waiting[0]
	q.waiting[0] = nil
	q.waiting = q.waiting[1:]
	return o
}

// close lets nothing more in. What waits is forwarded still.
func (q *observedQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

// runObserved forwards a callback and tells what became of it.
func (f *Forwarder) runObserved(o *observation) {
	began := time.Now()
	response, err := f.send(f.open, o.outgoing)
	if o.sent.Request.Received = began; o.conn != nil {
		o.sent.Request.Remote = o.conn.String()
	}
	if response != nil {
		response.By = ByTarget
		response.Timing.Answered = time.Now()
		response.Timing.Took = response.Timing.Answered.Sub(began)
	}
	o.sent.Sent.Timings.Total = time.Since(began)
	o.sent.Response, o.sent.State = response, StateAnswered
	switch {
	case errors.Is(err, errLongAnswer):
		o.sent.Error = err.Error()
	case err != nil:
		o.sent.State, o.sent.Error = StateFailed, forwardFailure(err, o.to, o.timeout)
	}
	f.tell(o.sent)
}
