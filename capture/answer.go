package capture

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// retryAfter is the pause, in seconds, that a 503 of ours asks for.
const retryAfter = "30"

// answer decides an answer, writes it, and notes on the exchange what became of
// it. It reports whether it had to annotate the exchange for that.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, x *Exchange, e *Endpoint, body *bodyRead) (annotated bool) {
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
		if annotated = h.Wants != nil && h.Wants(x, e); annotated {
			x.Annotation = h.annotate(&x.Request, e)
		}
		response = h.Answer(r.Context(), x, e)
	}
	if response.By == ByLimit {
		response.Header = append(response.Header, Field{"Connection", "close"})
		hurry(w)
	}
	if !bodyAllowed(r.Method, response.Status) {
		response.Body = nil
	}
	hungUp := x.State == StateGone // while Answer waited
	err := h.write(r.Context(), w, r.Method, &response)
	response.Timing.Answered = time.Now()
	response.Timing.Took = response.Timing.Answered.Sub(x.Request.Received)
	x.Response = &response
	x.State = StateAnswered
	switch {
	case hungUp:
		x.State = StateGone // and Error says it already
	case err != nil:
		x.State = StateGone
		x.Error = fmt.Sprintf("the sender hung up before it had the answer: %v", err)
	case body.gone():
		x.State = StateGone
	}
	return annotated
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
// longer than the limit. ctx ends the response's pause.
func (h *Handler) write(ctx context.Context, w http.ResponseWriter, method string, response *Response) error {
	conn := http.NewResponseController(w)
	h.bound(conn)
	header := w.Header()
	for _, f := range response.Header {
		header[f.Name] = append(header[f.Name], f.Value)
	}
	withhold(header, response.Header)
	if bodyAllowed(method, response.Status) {
		header["Content-Length"] = []string{strconv.Itoa(len(response.Body))}
	}
	w.WriteHeader(response.Status)
	if len(response.Body) > 0 {
		if response.Pause > 0 {
			if err := conn.Flush(); err != nil {
				return err
			}
			if err := pause(ctx, response.Pause); err != nil {
				return err
			}
			h.bound(conn)
		}
		if _, err := w.Write(response.Body); err != nil {
			return err
		}
	}
	return conn.Flush()
}

// bound bounds how long what is written next may take the sender.
func (h *Handler) bound(conn *http.ResponseController) {
	if h.Limits.AnswerTimeout > 0 {
		_ = conn.SetWriteDeadline(time.Now().Add(h.Limits.AnswerTimeout)) // the next answer sets its own
	}
}

// withhold keeps net/http from adding fields that the answer has in a case of
// its own, and a Content-Type that it guesses.
func withhold(header http.Header, fields Fields) {
	if _, typed := header["Content-Type"]; !typed {
		header["Content-Type"] = nil
	}
	for i := range fields {
		if name := fields[i].Name; len(name) == len("Date") && name != "Date" && strings.EqualFold(name, "Date") {
			header["Date"] = nil
		}
	}
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
	_ = h.write(r.Context(), w, r.Method, &response) // a sender that is gone needs no answer
}

// lingering is how long a sender whose body is not wanted may go on sending it.
const lingering = 5 * time.Second

// hurry bounds how long net/http reads the rest of a body after the answer, which
// it does so that the sender gets to see the answer.
func hurry(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(lingering))
}
