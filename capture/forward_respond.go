package capture

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// forwarding is what a forward rule becomes.
type forwarding struct {
	Forwarding
	rule   *Rule
	filter Filter // the rule's
	to     replayURL
	answer Responder // what Params.Answer is made into
	with   *RuleSource
}

// forwardResponder makes the responder of a forward rule that Check has passed.
func forwardResponder(r *Rule, answer Responder, with *RuleSource) (Responder, error) {
	to, err := parseReplayURL(r.Params.Forward.URL)
	if err != nil {
		return nil, err
	}
	filter, err := ParseFilter(r.Filter)
	if err != nil {
		return nil, err
	}
	return &forwarding{r.Params.Forward, r, filter, to, answer, with}, nil
}

// Respond implements Responder.
func (f *forwarding) Respond(ctx context.Context, q *Question) (Response, error) {
	x, forwarder := q.Exchange, f.with.Forwarder
	forwarder.ready()
	target, no := f.refuses(q)
	if no != nil {
		x.Error = fmt.Sprintf("the rule %s did not forward it: %s", f.rule.called(), no.why)
	}
	switch {
	case f.Observe:
		if no == nil {
			forwarder.observe(x, forwarder.outgoing(x, f.to, target, f.timeout()))
		}
		return f.answer.Respond(ctx, q)
	case no != nil:
		return no.answer(), nil
	}
	response, err := forwarder.send(ctx, forwarder.outgoing(x, f.to, target, f.timeout()))
	if errors.Is(err, errHungUp) {
		return appDown(err), err
	}
	if err == nil && response.Status == http.StatusSwitchingProtocols {
		err = errSwitching
	}
	if err != nil {
		x.Error = forwardFailure(err, f.to, f.timeout())
	}
	if ctx.Err() != nil && !closes(ctx) {
		// What was sent is worth its answer, for the person to see.
		x.State = StateGone
		x.Error = strings.TrimSpace("The sender hung up before the app had answered. " + x.Error)
	}
	switch {
	case err == nil:
		passedOn(response, x.Request.Method)
		return *response, nil
	case f.rule.Params.Answer.given() || f.DownAccepted:
		return f.answer.Respond(ctx, q)
	}
	return appDown(err), nil
}

// unforwarded says why a callback is not forwarded.
type unforwarded struct {
	status int
	why    string // for the person: goes on "it was not forwarded:"
	says   string // to the sender
}

func (u *unforwarded) answer() Response { return forwardAnswer(u.status, u.says) }

// refuses says why a callback is not forwarded, or under which target it is.
func (f *forwarding) refuses(q *Question) (target string, no *unforwarded) {
	x, forwarder := q.Exchange, f.with.Forwarder
	switch {
	case forwarder.looped(x.Request.Header):
		return "", &unforwarded{
			http.StatusLoopDetected, "it has come through this Hookglass before, as its Via field says, and would come back again and again",
			"This callback has come through this Hookglass before: it is forwarded in a circle.",
		}
	case forwarder.Ours != nil && forwarder.Ours(f.to.addr):
		return "", &unforwarded{
			http.StatusLoopDetected, fmt.Sprintf("%s is this Hookglass itself, so it would come back again and again", f.to.addr),
			"This callback would be forwarded to where it came from, again and again.",
		}
	case q.Endpoint == nil:
		return "", &unforwarded{
			http.StatusNotFound, "no endpoint took it, and only what comes to an endpoint is forwarded",
			"Nothing is forwarded from this path.",
		}
	case f.Proven && x.Annotation.Verification.Status != Valid:
		return "", &unforwarded{
			http.StatusForbidden, fmt.Sprintf("its proof does not hold (%s), and the rule forwards only what is proven", statusWords(x.Annotation.Verification.Status)),
			"Only callbacks with a proof that holds are forwarded.",
		}
	}
	target, err := forwardTarget(&f.Forwarding, f.to, q.Endpoint, x.Request.Target)
	if err == nil {
		err = f.means(q)
	}
	if err != nil {
		return "", &unforwarded{http.StatusNotFound, err.Error(), "Nothing is forwarded from this path."}
	}
	return target, nil
}

// means returns an error where dots lead a callback to a path that the rule's
// filter is not for: what matched was the path as it came.
func (f *forwarding) means(q *Question) error {
	path, query := SplitTarget(q.Exchange.Request.Target)
	clean, err := cleanPath(path)
	if err != nil || clean == path {
		return err
	}
	cleaned := *matched(q.Exchange)
	if cleaned.Request.Target = clean; query != "" {
		cleaned.Request.Target += "?" + query
	}
	if !f.filter.Match(&cleaned, q.Now) {
		return errPathMeant
	}
	return nil
}

// statusWords is a verdict in words.
func statusWords(s Status) string {
	switch s {
	case Valid:
		return "valid"
	case Invalid:
		return "invalid"
	case WeakKey:
		return "its key is too weak"
	case KeyMissing:
		return "there is no key for it"
	case Unsigned:
		return "not signed"
	case Unprovable:
		return "its sender cannot prove itself"
	case Malformed:
		return "malformed"
	}
	return "not looked at"
}
