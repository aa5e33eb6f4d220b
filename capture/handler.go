package capture

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
)

// maxLag bounds how many answered exchanges wait for their annotation apart from
// their connections. Beyond it, a connection's next request waits for it, so that
// a flood is slowed down and not refused.
const maxLag = 128

// Handler records every request that reaches it, answers it, and records the
// answer. It is safe for concurrent use once its fields are set.
type Handler struct {
	Recorder Recorder
	Limits   Limits

	// Endpoint returns the endpoint that takes a path, or nil. Annotate says
	// what a request is. Both are called concurrently and must not block.
	Endpoint func(path string) *Endpoint
	Annotate func(r *Request, e *Endpoint) Annotation

	// Answer says what a callback is answered. It may wait until ctx ends: when
	// the sender hangs up, and when we close, which is the cause ErrClosing. It
	// may set State: to StateHeld while it waits for a person, and to StateGone,
	// with Error, where it was waiting for nothing.
	Answer func(ctx context.Context, x *Exchange, e *Endpoint) Response

	// Wants reports whether Answer looks at the annotation of a callback, which
	// is then made before the answer and not after it. nil: it never does.
	Wants func(x *Exchange, e *Endpoint) bool

	// Public reports whether a host is that of a public address of the person's
	// own, behind which a local listener stands. nil: there is none. It must not
	// block.
	Public func(host string) bool

	// Probes are the self-tests of the public address. nil: there are none.
	Probes *Probes

	// Trouble is told when requests can no longer be kept, and with nil when
	// they can again. It may be nil.
	Trouble func(error)

	Log *slog.Logger

	inFlight gauge
	bodies   gauge
	sources  sources

	lagging    chan answered // nil where no server has started the goroutines that read it
	annotating sync.WaitGroup
	troubled   atomic.Bool
}

// ServeHTTP takes a callback on its way: read, keep, answer, annotate, keep.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	via := h.via(r)
	request := receive(r, via)
	if conn, ok := r.Context().Value(connKey{}).(*followed); ok {
		defer conn.release()
	}
	if h.Probes.take(w, r, via) {
		return
	}
	if !h.sources.enter(request.Source, h.Limits.PerSource) {
		h.turnAway(w, r, fmt.Sprintf("more than %d requests from %s at once", h.Limits.PerSource, request.Source))
		return
	}
	defer h.sources.leave(request.Source, h.Limits.PerSource)

	var held slot
	defer h.free(&held)
	head := int64(len(request.Head) + len(request.Header)*fieldCost)
	if !h.bodies.take(head, h.Limits.Bodies) {
		h.turnAway(w, r, errNoRoom.Error())
		return
	}
	held.bodies = head
	body := readBody(w, r, &h.Limits, &h.bodies)
	held.bodies += body.reserved
	if errors.Is(body.err, errNoRoom) {
		h.turnAway(w, r, errNoRoom.Error())
		return
	}
	if !h.inFlight.take(1, int64(h.Limits.InFlight)) {
		h.turnAway(w, r, fmt.Sprintf("more than %d requests in flight", h.Limits.InFlight))
		return
	}
	held.inFlight = 1
	a, kept := h.keepAndAnswer(w, r, h.exchange(r, request, via, &body), &body)
	if !kept {
		return
	}
	a.held, held = held, slot{} // from here on a's
	select {
	case h.lagging <- a: // its sender's next request need not wait for this
	default:
		h.finish(&a)
	}
}

// fieldCost is about what a field of a parsed head takes in memory, here and in
// net/http's map of it: short ones take far more than their bytes.
const fieldCost = 100

// slot is what a request holds of the handler's gauges.
type slot struct{ bodies, inFlight int64 }

func (h *Handler) free(s *slot) {
	h.bodies.give(s.bodies)
	h.inFlight.give(s.inFlight)
	*s = slot{}
}

// answered is an exchange of which it is still to be kept what became of it.
type answered struct {
	x         *Exchange
	endpoint  *Endpoint
	annotated bool // already, for its answer
	held      slot
}

// startAnnotating starts the goroutines that finish answered exchanges. They
// live as long as the server: a goroutine for each would grow its stack anew
// every time, which costs as much as a third of the annotating.
func (h *Handler) startAnnotating() {
	h.lagging = make(chan answered, maxLag)
	for range runtime.GOMAXPROCS(0) {
		h.annotating.Go(func() {
			for a := range h.lagging {
				h.finish(&a)
			}
		})
	}
}

// finish annotates an answered exchange, keeps what became of it, and gives back
// what it held.
func (h *Handler) finish(a *answered) {
	defer h.free(&a.held)
	if !a.annotated {
		a.x.Annotation = h.annotate(&a.x.Request, a.endpoint)
	}
	h.conclude(a.x)
}

// keepAndAnswer reports whether a request was kept and answered, not turned away.
func (h *Handler) keepAndAnswer(w http.ResponseWriter, r *http.Request, x *Exchange, body *bodyRead) (a answered, kept bool) {
	endpoint := h.Endpoint(x.Request.Path())
	if endpoint != nil {
		x.Endpoint = endpoint.Path
	}
	// The sender's hanging up must not undo the keeping of what it sent.
	if err := h.Recorder.Create(context.WithoutCancel(r.Context()), x); err != nil {
		h.cannotKeep(err)
		h.turnAway(w, r, "the callback could not be stored")
		return answered{}, false
	}
	h.canKeep()
	annotated := h.answer(w, r, x, endpoint, body)
	return answered{x: x, endpoint: endpoint, annotated: annotated}, true
}

// conclude keeps what became of an exchange that has been answered and
// annotated.
func (h *Handler) conclude(x *Exchange) {
	// Kept already; what waits for its Update stays small.
	x.Request.Body, x.Request.Head, x.Request.Header, x.Request.Trailers = nil, nil, nil, nil
	if err := h.Recorder.Update(context.Background(), x); err != nil {
		h.Log.Error("what became of a callback could not be kept", "exchange", x.ID, "err", err)
	}
}

// annotate guards the path of a callback against a defect in a provider.
func (h *Handler) annotate(r *Request, e *Endpoint) (a Annotation) {
	defer func() {
		if crash := recover(); crash != nil {
			h.Log.Error("a callback could not be annotated", "crash", crash)
			v := Verification{Status: Malformed, Reason: "Hookglass could not read this callback, which is a defect of ours."}
			a = Annotation{Verification: v, AtArrival: v.Status}
		}
	}()
	return h.Annotate(r, e)
}

// cannotKeep tells of the first failure; more of the same would drown the log.
func (h *Handler) cannotKeep(err error) {
	if h.troubled.Swap(true) {
		return
	}
	h.Log.Error("callbacks cannot be stored and are answered 503", "err", err)
	if h.Trouble != nil {
		h.Trouble(err)
	}
}

func (h *Handler) canKeep() {
	if !h.troubled.Load() || !h.troubled.Swap(false) {
		return
	}
	h.Log.Info("callbacks are stored again")
	if h.Trouble != nil {
		h.Trouble(nil)
	}
}
