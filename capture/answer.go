package capture

import (
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
	h.give(w, r, x, &response, body.gone())
	return annotated
}

// give writes an answer, or cuts the sender off, and notes on the exchange what
// became of it. gone says that the sender has hung up in its body.
func (h *Handler) give(w http.ResponseWriter, r *http.Request, x *Exchange, response *Response, gone bool) {
	hungUp := x.State == StateGone // while Answer waited
	var dropped string
	var err error
	if response.Drop != "" {
		dropped, err = h.drop(w, r, response)
	} else {
		err = h.write(w, r, response)
	}
	response.Timing.Answered = time.Now()
	response.Timing.Took = response.Timing.Answered.Sub(x.Request.Received)
	x.Response = response
	x.State = StateAnswered
	switch {
	case hungUp:
		x.State = StateGone // and Error says it already
	case err != nil:
		x.State = StateGone
		x.Error = fmt.Sprintf("the sender hung up before it had the answer: %v", err)
	case dropped != "":
		x.State = StateDropped
		x.Error = fmt.Sprintf("the rule %s has %s", ruleCalled(response.Rule, response.RuleName), dropped)
		if x.Via == ViaTunnel {
			x.Error += "; through ngrok the sender sees a 502 instead"
		}
	case gone:
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
// longer than the limit. The request's context ends the response's pause. Of an
// answer that is to break off, half of the body is written.
func (h *Handler) write(w http.ResponseWriter, r *http.Request, response *Response) error {
	conn := http.NewResponseController(w)
	h.bound(conn)
	header := w.Header()
	for _, f := range response.Header {
		header[f.Name] = append(header[f.Name], f.Value)
	}
	withhold(header, response.Header)
	switch allowed := bodyAllowed(r.Method, response.Status); {
	case allowed && len(response.Trailers) > 0 && r.ProtoAtLeast(1, 1):
		trail(header, response.Trailers)
	case allowed:
		header["Content-Length"] = []string{strconv.Itoa(len(response.Body))}
	}
	w.WriteHeader(response.Status)
	body := response.Body
	if response.Drop == DropHalf {
		body = halfOf(body)
	}
	if len(body) > 0 {
		if response.Pause > 0 {
			if err := conn.Flush(); err != nil {
				return err
			}
			if err := pause(r.Context(), response.Pause); err != nil {
				return err
			}
			h.bound(conn)
		}
		if _, err := w.Write(body); err != nil {
			return err
		}
	}
	return conn.Flush()
}

// trail announces trailers, and hands them to net/http, which sends them behind a
// body in chunks.
func trail(header http.Header, trailers Fields) {
	var names []string
	for _, f := range trailers {
		key := http.TrailerPrefix + f.Name
		if header[key] = append(header[key], f.Value); len(header[key]) == 1 {
			names = append(names, f.Name)
		}
	}
	header["Trailer"] = []string{strings.Join(names, ", ")}
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
	_ = h.write(w, r, &response) // a sender that is gone needs no answer
}

// lingering is how long a sender whose body is not wanted may go on sending it.
const lingering = 5 * time.Second

// hurry bounds how long net/http reads the rest of a body after the answer, which
// it does so that the sender gets to see the answer.
func hurry(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(lingering))
}
