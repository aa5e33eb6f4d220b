package capture

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// mostHops is how many redirects are followed.
const mostHops = 10

// Redirect is where an answer redirects to, as it says it, or "".
func Redirect(answer *Response) string {
	if answer == nil {
		return ""
	}
	switch answer.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return answer.Header.Value("Location")
	}
	return ""
}

// SendFollowing is Send, and follows redirects to the same host, or from this
// machine to itself: ten at the most. The exchange has the request that was sent
// first and the last answer; Sending.Hops are those between, and its Error says
// why one was not followed.
func (s *Sender) SendFollowing(ctx context.Context, o *Outgoing) *Exchange {
	first := s.Send(ctx, o)
	x := first
	for {
		location := Redirect(x.Response)
		if location == "" || x.State != StateAnswered || ctx.Err() != nil {
			break
		}
		next, why := o.redirected(x.Response.Status, location)
		if why == "" && len(first.Sent.Hops) == mostHops {
			why = fmt.Sprintf("It redirected %d times and was not followed any further.", mostHops+1)
		}
		if why != "" {
			first.Error = why
			break
		}
		first.Sent.Hops = append(first.Sent.Hops, Hop{x.Response.Status, location})
		o = next
		x = s.Send(ctx, o)
		first.State, first.Error = x.State, x.Error
		if x.Response == nil {
			first.Error += " That was after " + plural(len(first.Sent.Hops), "redirect") + "."
		}
		took := x.Sent.Timings.Total
		first.Sent.Timings.Total += took
		if first.Response = x.Response; x.Response != nil {
			first.Response.Timing.Took = first.Sent.Timings.Total
		}
	}
	return first
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// redirected is the request that a redirect asks for, or the sentence why it is
// not followed. As browsers do it, a POST becomes a GET, but for 307 and 308.
func (o *Outgoing) redirected(status int, location string) (next *Outgoing, why string) {
	base, err := url.Parse(o.URL())
	if err != nil {
		return nil, "Its redirect was not followed: the address it is relative to cannot be read."
	}
	there, err := base.Parse(location)
	if err != nil {
		return nil, "Its redirect was not followed: the address cannot be read."
	}
	there.Fragment = ""
	to, err := parseReplayURL(there.String())
	if err != nil {
		return nil, "Its redirect was not followed: " + strings.TrimPrefix(err.Error(), ErrReplay.Error()+": ") + "."
	}
	local := Loopback(o.Sending.Base) && Loopback(there.String())
	if !local && (!strings.EqualFold(to.host, o.to.host) || o.to.secure && !to.secure) {
		return nil, fmt.Sprintf("It redirects to another host, %s, and was not followed there.", Visible(to.host))
	}
	r := o.Request
	keeps := status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect
	if head := r.Method == http.MethodHead; !keeps && !head && (status == http.StatusSeeOther || r.Method == http.MethodPost) {
		r.Method, r.Body, r.Size = http.MethodGet, nil, 0
		for _, name := range []string{"Content-Length", "Content-Type", "Content-Encoding"} {
			r.Header = without(r.Header, name)
		}
	}
	next = &Outgoing{origin: o.origin, endpoint: o.endpoint, to: to, keep: o.keep, Sending: o.Sending}
	next.Sending.Base = there.Scheme + "://" + to.host
	next.Request = replayedRequest(&Exchange{Via: ViaReplay, Request: r}, to)
	if o.keep {
		next.Request.Header = next.Request.Header[:len(next.Request.Header)-1]
	}
	next.Request.Head = appendHead(nil, next.Request.Method, next.Request.Target, next.Request.Proto, next.Request.Header)
	return next, ""
}
