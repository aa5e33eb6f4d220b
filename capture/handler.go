package capture

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxLag bounds how many answered exchanges wait for their annotation apart from
// their connections. Beyond it, a connection's next request waits for it, so that
// a flood is slowed down and not refused.
const maxLag = 128

// retryAfter is the pause, in seconds, that a 503 of ours asks for.
const retryAfter = "30"

// Handler records every request that reaches it, answers it, and records the
// answer. It is safe for concurrent use once its fields are set.
type Handler struct {
	Recorder Recorder
	Limits   Limits

	// Endpoint returns the endpoint that takes a path, or nil. Annotate says
	// what a request is, Answer what it is answered. All three are called
	// concurrently and must not block.
	Endpoint func(path string) *Endpoint
	Annotate func(r *Request, e *Endpoint) Annotation
	Answer   func(r *Request, e *Endpoint) Response

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
	x, endpoint := h.keepAndAnswer(w, r, h.exchange(r, request, via, &body), &body)
	if x == nil {
		return
	}
	a := answered{x, endpoint, held}
	held = slot{} // from here on a's
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

// answered is an exchange that is still to be annotated.
type answered struct {
	x        *Exchange
	endpoint *Endpoint
	held     slot
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
	h.conclude(a.x, a.endpoint)
}

// keepAndAnswer returns the exchange of a request that was kept, or nil for one
// that was turned away.
func (h *Handler) keepAndAnswer(w http.ResponseWriter, r *http.Request, x *Exchange, body *bodyRead) (*Exchange, *Endpoint) {
	endpoint := h.Endpoint(x.Request.Path())
	if endpoint != nil {
		x.Endpoint = endpoint.Path
	}
	// The sender's hanging up must not undo the keeping of what it sent.
	if err := h.Recorder.Create(context.WithoutCancel(r.Context()), x); err != nil {
		h.cannotKeep(err)
		h.turnAway(w, r, "the callback could not be stored")
		return nil, nil
	}
	h.canKeep()
	h.answer(w, r, x, endpoint, body)
	return x, endpoint
}

// conclude annotates an exchange that has been answered and keeps what became
// of it.
func (h *Handler) conclude(x *Exchange, e *Endpoint) {
	x.Annotation = h.annotate(&x.Request, e)
	// Kept already; what waits for its Update stays small.
	x.Request.Body, x.Request.Head, x.Request.Header, x.Request.Trailers = nil, nil, nil, nil
	if err := h.Recorder.Update(context.Background(), x); err != nil {
		h.Log.Error("what became of a callback could not be kept", "exchange", x.ID, "err", err)
	}
}

// via says how a request came.
func (h *Handler) via(r *http.Request) Via {
	via := ViaLocal
	if conn, ok := r.Context().Value(connKey{}).(*followed); ok {
		via = conn.via
	}
	return h.orPublic(via, r.Host, r.Header.Get("X-Forwarded-Host"))
}

// orPublic makes ViaPublic of ViaLocal where a request is for the person's own
// public address. Of several forwarded hosts the first is the one that was asked
// for; the others are of proxies behind it.
func (h *Handler) orPublic(via Via, host, forwarded string) Via {
	if via != ViaLocal || h.Public == nil {
		return via
	}
	forwarded, _, _ = strings.Cut(forwarded, ",")
	if h.Public(host) || h.Public(strings.TrimSpace(forwarded)) {
		return ViaPublic
	}
	return via
}

// receive makes a request of what the connection recorded of its head.
func receive(r *http.Request, via Via) Request {
	request := Request{
		Remote: r.RemoteAddr,
		Method: r.Method, Target: r.RequestURI, Proto: r.Proto, Host: r.Host,
	}
	conn, ok := r.Context().Value(connKey{}).(*followed)
	if ok {
		request.Head, request.Received, request.Exact = conn.claim(r)
	}
	if request.Received.IsZero() {
		request.Received = time.Now()
	}
	if request.Exact {
		// claim has compared this head with net/http's view, so it parses.
		if head, err := parseHead(request.Head); err == nil {
			request.Header = head.Header
		}
	} else {
		request.Head, request.Header = headOf(r)
	}
	request.Source = hostOf(r.RemoteAddr)
	if via.Public() {
		request.Source = forwardedFor(request.Header, request.Source)
	}
	return request
}

// forwardedFor returns the last address of the last X-Forwarded-For: the one
// that the tunnel's edge, or the person's own proxy, has added, and the only one
// that a caller cannot forge.
func forwardedFor(header Fields, otherwise string) string {
	all := header.All("X-Forwarded-For")
	if len(all) == 0 {
		return otherwise
	}
	last := all[len(all)-1]
	if i := strings.LastIndexByte(last, ','); i >= 0 {
		last = last[i+1:]
	}
	if last = strings.TrimSpace(last); last == "" {
		return otherwise
	}
	return last
}

func hostOf(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return host
}

func (h *Handler) exchange(r *http.Request, request Request, via Via, body *bodyRead) *Exchange {
	request.Body = body.bytes
	request.Size = int64(len(body.bytes))
	request.Truncated = body.over || body.err != nil
	x := &Exchange{
		UID:     NewUID(request.Received),
		State:   StateReceived,
		Via:     via,
		Request: request,
	}
	if conn, ok := r.Context().Value(connKey{}).(*followed); ok {
		x.Request.Trailers = conn.trailers()
	}
	switch {
	case body.over:
		x.Error = fmt.Sprintf("the body is larger than the limit of %d bytes; the rest was not read", h.Limits.Body)
	case body.err != nil:
		x.Error = body.incomplete(r.ContentLength, h.Limits.BodyTimeout)
	}
	return x
}

// answer decides an answer, writes it, and notes on the exchange what became of
// it.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, x *Exchange, e *Endpoint, body *bodyRead) {
	var response Response
	switch {
	case body.over:
		response = limitAnswer(http.StatusRequestEntityTooLarge, x.Error)
	case errors.Is(body.err, os.ErrDeadlineExceeded):
		response = limitAnswer(http.StatusRequestTimeout, x.Error)
	case body.err != nil:
		// Who only closed its own side still reads, and must not take net/http's
		// 200 of an empty answer for ours.
		response = limitAnswer(http.StatusBadRequest, x.Error)
	default:
		response = h.Answer(&x.Request, e)
	}
	if response.By == ByLimit {
		response.Header = append(response.Header, Field{"Connection", "close"})
		hurry(w)
	}
	if !bodyAllowed(r.Method, response.Status) {
		response.Body = nil
	}
	err := h.write(w, r.Method, &response)
	response.Timing.Answered = time.Now()
	response.Timing.Took = response.Timing.Answered.Sub(x.Request.Received)
	x.Response = &response
	x.State = StateAnswered
	switch {
	case err != nil:
		x.State = StateGone
		x.Error = fmt.Sprintf("the sender hung up before it had the answer: %v", err)
	case body.gone():
		x.State = StateGone
	}
}

func limitAnswer(status int, why string) Response {
	return Response{
		Status: status, By: ByLimit,
		Header: Fields{{"Content-Type", "text/plain; charset=utf-8"}},
		Body:   []byte(why + "\n"),
	}
}

func bodyAllowed(method string, status int) bool {
	return method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified
}

// write sends a response and returns when its last byte was handed to the
// system: the connection's follower takes what is written after the handler for
// net/http's own words. A sender that does not take its answer is not waited for
// longer than the limit.
func (h *Handler) write(w http.ResponseWriter, method string, response *Response) error {
	conn := http.NewResponseController(w)
	if h.Limits.AnswerTimeout > 0 {
		_ = conn.SetWriteDeadline(time.Now().Add(h.Limits.AnswerTimeout)) // the next answer sets its own
	}
	header := w.Header()
	for _, f := range response.Header {
		header[f.Name] = append(header[f.Name], f.Value)
	}
	if bodyAllowed(method, response.Status) {
		header["Content-Length"] = []string{strconv.Itoa(len(response.Body))}
	}
	w.WriteHeader(response.Status)
	if len(response.Body) > 0 {
		if _, err := w.Write(response.Body); err != nil {
			return err
		}
	}
	return conn.Flush()
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

// turnAway answers 503 to a request that was not kept, so that its sender tries
// again.
func (h *Handler) turnAway(w http.ResponseWriter, r *http.Request, why string) {
	response := limitAnswer(http.StatusServiceUnavailable,
		"Hookglass did not keep this callback: "+why+". Please send it again.")
	response.Header = append(response.Header, Field{"Retry-After", retryAfter}, Field{"Connection", "close"})
	if !bodyAllowed(r.Method, response.Status) {
		response.Body = nil
	}
	hurry(w)
	_ = h.write(w, r.Method, &response) // a sender that is gone needs no answer
}

// lingering is how long a sender whose body is not wanted may go on sending it.
const lingering = 5 * time.Second

// hurry bounds how long net/http reads the rest of a body after the answer, which
// it does so that the sender gets to see the answer.
func hurry(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(lingering))
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
