package engine

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"hookglass/capture"
)

// checkTarget refuses a rule that forwards to ourselves: what it sends would come
// back, again and again.
func (e *Engine) checkTarget(r *capture.Rule) error {
	if r.Kind != capture.RuleForward {
		return nil
	}
	u, err := url.Parse(r.Params.Forward.URL)
	if err != nil { // Check has read it
		return fmt.Errorf("the address to forward to cannot be read: %w", err)
	}
	if host := withPort(u); e.ours(host) {
		return fmt.Errorf("%s is where Hookglass itself captures: what is forwarded there would come back. Name your own app's address", host)
	}
	return nil
}

// withPort is the host of a URL with its port, also the one that goes without
// saying.
func withPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case strings.EqualFold(u.Scheme, "https"):
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// ours reports whether a host, with its port or without, is one on which we
// capture: a listener of this machine, or the public address.
func (e *Engine) ours(host string) bool {
	if e.oursInPublic(host) {
		return true
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.Trim(host, "[]"), "80"
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.listeners {
		own, ownPort, err := net.SplitHostPort(l.Addr().String())
		if err == nil && port == ownPort && reaches(name, own) {
			return true
		}
	}
	return false
}

// oursInPublic reports whether a host is that of the public address, whichever
// it is.
func (e *Engine) oursInPublic(host string) bool {
	now := e.public.now.Load()
	if now.State == capture.PublicOff || now.URL == "" {
		return false
	}
	u, err := url.Parse(now.URL)
	return err == nil && strings.EqualFold(portless(host), portless(u.Host))
}

// reaches reports whether a host leads to a listener of this machine at an
// address of its own. Of names, those of the loopback are known.
func reaches(name, own string) bool {
	listens, err := netip.ParseAddr(own)
	if err != nil {
		return false
	}
	listens = listens.Unmap()
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return listens.IsLoopback() || listens.IsUnspecified()
	}
	addr, err := netip.ParseAddr(name)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	switch {
	case addr == listens, addr.IsUnspecified() && (listens.IsLoopback() || listens.IsUnspecified()):
		return true
	case listens.IsUnspecified():
		return addr.IsLoopback() || ofThisMachine(addr)
	}
	return false
}

// ofThisMachine reports whether a network interface of this machine has an
// address.
func ofThisMachine(addr netip.Addr) bool {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range all {
		if own, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(own.IP); ok && ip.Unmap() == addr {
				return true
			}
		}
	}
	return false
}

// observed keeps what became of a callback that was forwarded for the app's
// answer alone, as Resend keeps an attempt.
func (e *Engine) observed(sent *capture.Exchange) {
	_, err := e.keepSent(context.WithoutCancel(e.ctx), sent)
	e.logged("keep what an app answered", err)
}

// keepSent keeps an exchange that we have sent, and returns its ID. It goes
// through flights, as its verdict may be of old keys by the time it lands.
func (e *Engine) keepSent(ctx context.Context, sent *capture.Exchange) (int64, error) {
	if err := e.flights.Create(ctx, sent); err != nil {
		return 0, fmt.Errorf("it was sent, but that could not be kept: %w", err)
	}
	id := sent.ID // sent is the store's after Update
	sent.Annotation = e.Set.Annotate(&sent.Request, EndpointOf(sent, *e.endpoints.Load()))
	return id, e.flights.Update(ctx, sent)
}
