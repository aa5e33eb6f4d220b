package engine

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"hookglass/capture"
)

// Consent is what a person has said yes to for a resend.
type Consent struct {
	Remote   bool `json:"remote,omitempty"`   // it goes to another machine
	Provider bool `json:"provider,omitempty"` // it goes to a provider's own domain
}

// Target is whom a resend would go to.
type Target struct {
	Host      string       `json:"host"` // with the port, where the address has one
	Loopback  bool         `json:"loopback"`
	Addresses []netip.Addr `json:"addresses,omitempty"` // what its name leads to; none where that cannot be told
	Provider  string       `json:"provider,omitempty"`  // the name of the provider whose domain it is
}

// AskError says that a resend would go where a person has to say yes first:
// Consent.Remote, and Consent.Provider for a provider's own domain.
type AskError struct{ Target }

// Error implements error.
func (e *AskError) Error() string {
	text := capture.Visible(e.Host) + " is not this machine"
	if len(e.Addresses) > 0 {
		names := make([]string, min(len(e.Addresses), 4))
		for i := range names {
			names[i] = e.Addresses[i].String()
		}
		text += " (" + strings.Join(names, ", ") + ")"
	}
	if e.Provider != "" {
		return text + " but " + e.Provider + "'s own: it could take the callback for a real one"
	}
	return text + ": the callback, and the secrets and personal data in it, would be sent there"
}

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
	return t, &AskError{t}
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
