package capture

import (
	"context"
	"fmt"
)

// Drop says how a sender is cut off instead of answered.
type Drop string

// The ways to cut a sender off. Through a tunnel or a proxy the sender sees that
// one's own answer instead, of ngrok's edge a 502; see Effect.
const (
	DropClose Drop = "close" // the connection is closed before an answer
	DropReset Drop = "reset" // it is reset
	DropHalf  Drop = "half"  // it is closed halfway through the answer
	DropNever Drop = "never" // nothing is answered until the sender gives up
)

// Drops are all of them.
var Drops = []Drop{DropClose, DropReset, DropHalf, DropNever}

// Effect says in a sentence what the sender sees, also through ngrok; "" for no
// way to drop.
func (d Drop) Effect() string {
	switch d {
	case DropClose:
		return "The sender sees the connection end before any answer; through ngrok it sees a 502 instead."
	case DropReset:
		return "The sender sees its connection reset; through ngrok it sees a 502 instead."
	case DropHalf:
		return "The sender gets the head and half of the body, then the connection ends; through ngrok it may see a 502 instead."
	case DropNever:
		return fmt.Sprintf("The sender waits until it gives up, %.0f minutes at the most; through ngrok it sees a 502 instead, after 5 minutes at the latest.", maxNever.Minutes())
	}
	return ""
}

// words tells what a rule does: "closes the connection before answering".
func (d Drop) words() string {
	switch d {
	case DropClose:
		return "closes the connection before answering"
	case DropReset:
		return "resets the connection instead of answering"
	case DropHalf:
		return "breaks off halfway through the answer"
	case DropNever:
		return "never answers"
	}
	return fmt.Sprintf("drops in an unknown way, %q", string(d))
}

// dropping has the sender cut off. Half an answer is one of what its provider
// takes as success.
type dropping struct {
	how      Drop
	accepted accepting
}

// Respond implements Responder.
func (d dropping) Respond(ctx context.Context, q *Question) (Response, error) {
	if d.how != DropHalf {
		return Response{Drop: d.how}, nil
	}
	response, err := d.accepted.Respond(ctx, q)
	response.Drop, response.Preset = d.how, ""
	if len(response.Body) == 0 && bodyAllowed(q.Exchange.Request.Method, response.Status) {
		response.Body = []byte("{}") // so that it has a half
	}
	return response, err
}
