package engine

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"hookglass/capture"
)

// Consent is what a person has said yes to for a resend.
type Consent = capture.ResendConsent

// Target is whom a resend would go to.
type Target = capture.ResendTarget

// AskError says that a resend would go where a person has to say yes first.
type AskError = capture.AskError

// lookupTimeout bounds how long finding a host's addresses takes.
const lookupTimeout = 5 * time.Second

// CheckTarget says whom an address leads to, and returns an *AskError where that
// needs a yes which consent does not have. To this machine it needs none. An
// address that cannot be read is an error that wraps capture.ErrReplay.
func (e *Engine) CheckTarget(ctx context.Context, to string, consent Consent) (Target, error) {
	u, err := url.Parse(strings.TrimSpace(to))
	if err != nil || u.Host == "" {
		return Target{}, fmt.Errorf("%w: this is no address; it should look like http://localhost:3000/path", capture.ErrReplay)
	}
	t := Target{Host: u.Host, Loopback: capture.Loopback(to)}
	if t.Loopback {
		return t, nil
	}
	if p := e.Set.Owner(u.Hostname()); p != nil {
		t.Provider = p.Name
	}
	if consent.Remote && (consent.Provider || t.Provider == "") {
		return t, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	t.Addresses, _ = net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname()) // the sending tells what is wrong with a name
	for i := range t.Addresses {
		t.Addresses[i] = t.Addresses[i].Unmap()
	}
	return t, &AskError{ResendTarget: t}
}

// remember keeps an address for the next callback of the same kind. One that holds
// a secret is not kept, nor is a query. That it cannot be kept is for the log.
func (e *Engine) remember(ctx context.Context, x *capture.Exchange, to string) {
	address, _, _ := strings.Cut(strings.TrimSpace(to), "#")
	address, _, _ = strings.Cut(address, "?")
	if e.Mask(address) != address {
		return
	}
	if err := e.Store.PutTarget(ctx, x.Annotation.Provider, x.Endpoint, address, time.Now()); err != nil {
		e.config.Log.Warn("an address for resends could not be remembered", "err", err)
	}
}
