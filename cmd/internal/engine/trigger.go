package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// What the process that captures is asked of made callbacks.
const (
	SendSample Action = "sample.send" // Sample: send it to yourself; Reply.Sent is nil where the address is another's
	OwnAddress Action = "sample.own"  // Sample.URL: Done is 1 where it is an address of yours
)

// Made is a made callback on its way to a URL, whose path and query count.
type Made = capture.Made

// Sent is what became of a made callback.
type Sent = capture.MadeSent

const (
	// ownTimeout bounds a callback to ourselves: who asks for it through the
	// control socket waits a little longer.
	ownTimeout = replyTimeout - 5*time.Second

	// ownAnswerLimit bounds what is kept of our own answer to it.
	ownAnswerLimit = 1 << 20
)

// SendMade sends a made callback to a URL. Where that is an address of the process
// that captures into the folder, that process sends it to itself, so that it is
// kept as a sample and never taken for real traffic: through the control socket,
// which nobody else can use. An error that wraps capture.ErrReplay means that
// nothing was sent.
func SendMade(ctx context.Context, config Config, m *Made) (*Sent, error) {
	owner, ok := readOwner(config.Folder)
	if !ok || owner.Socket == "" {
		return sendElsewhere(ctx, &capture.Replayer{}, m)
	}
	reply, err := converseWith(ctx, owner.Socket, Change{Action: SendSample, Sample: m})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case isDial(err):
		return sendElsewhere(ctx, &capture.Replayer{}, m) // it has ended
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errUnanswered, err)
	case reply.Closing:
		return nil, fmt.Errorf("%w: it is closing", errUnanswered)
	case reply.Error != "":
		return nil, fmt.Errorf("%w: %s", capture.ErrReplay, reply.Error)
	case reply.Sent == nil:
		return sendElsewhere(ctx, &capture.Replayer{}, m)
	}
	return reply.Sent, nil
}

// isDial reports whether nobody took the connection.
func isDial(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

func sendElsewhere(ctx context.Context, replayer *capture.Replayer, m *Made) (*Sent, error) {
	x, err := replayer.Replay(ctx, exchangeOf(m), m.URL)
	if err != nil {
		return nil, err
	}
	return &Sent{Answer: x.Response, Error: x.Error}, nil
}

func exchangeOf(m *Made) *capture.Exchange {
	return &capture.Exchange{State: capture.StateReceived, Via: capture.ViaSample, Request: capture.Request{
		Method: m.Method, Header: m.Header, Body: m.Body, Size: int64(len(m.Body)),
	}}
}

// SendMade is the function of that name, for the process that captures.
func (e *Engine) SendMade(ctx context.Context, m *Made) (*Sent, error) {
	if e.leadsHere(ctx, m.URL) {
		return e.sendToOurselves(ctx, m)
	}
	return sendElsewhere(ctx, &e.replayer, m)
}

// sendSample answers the control socket: nil where the address is not ours.
func (e *Engine) sendSample(m *Made) (*Sent, error) {
	if m == nil || !e.leadsHere(e.ctx, m.URL) {
		return nil, nil
	}
	return e.sendToOurselves(e.ctx, m)
}

// sendToOurselves goes through a listener in memory, which nobody else can reach.
func (e *Engine) sendToOurselves(ctx context.Context, m *Made) (*Sent, error) {
	l, err := e.sampleListener()
	if err != nil {
		return nil, err
	}
	target := "/"
	if _, rest, ok := strings.Cut(m.URL, "://"); ok {
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			target = rest[i:]
		}
	}
	sender := capture.Replayer{Dial: l.dial, Timeout: ownTimeout, Limit: ownAnswerLimit}
	sent, err := sendElsewhere(ctx, &sender, &Made{URL: sampleHost + target, Method: m.Method, Header: m.Header, Body: m.Body})
	if sent != nil {
		sent.Own = true
	}
	return sent, err
}

// leadsHere reports whether a URL leads to this process: to a listener of ours, by
// whatever name, or to our public address. What cannot be looked up does not. A
// proxy of which we do not know is not seen through.
func (e *Engine) leadsHere(ctx context.Context, address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := withPort(u)
	if e.public.isPublic(u.Host) || e.ours(host) {
		return true
	}
	_, port, err := net.SplitHostPort(host)
	return err == nil && slices.ContainsFunc(addressesOf(ctx, u.Hostname()), func(ip string) bool { return e.ours(net.JoinHostPort(ip, port)) })
}

// addressesOf looks a name up. An address has none but itself.
func addressesOf(ctx context.Context, name string) []string {
	if net.ParseIP(name) != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	found, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return nil
	}
	return found
}

// AskMade is CheckTarget for a made callback: an address of ours needs no yes.
func (e *Engine) AskMade(ctx context.Context, to string, consent Consent) error {
	if e.leadsHere(ctx, to) {
		return nil
	}
	_, err := e.CheckTarget(ctx, to, consent)
	return err
}

// AskMade is Engine.CheckTarget where no engine is open: it returns an *AskError
// where sending to an address needs a yes that consent does not have. An address
// of the process that captures into the folder needs none.
func AskMade(ctx context.Context, set *providers.Set, config Config, to string, consent Consent) error {
	_, err := (&Engine{Set: set}).CheckTarget(ctx, to, consent) // it asks nothing but the set
	ask, asks := errors.AsType[*AskError](err)
	if !asks {
		return err
	}
	if owner, ok := readOwner(config.Folder); ok && owner.Socket != "" {
		reply, talkErr := converseWith(ctx, owner.Socket, Change{Action: OwnAddress, Sample: &Made{URL: to}})
		if talkErr == nil && reply.Done > 0 {
			return nil
		}
	}
	return ask
}
