package engine

import (
	"context"
	"errors"
	"net"
	"slices"
)

// URL returns where callbacks are captured on this machine; "" before Listen.
func (e *Engine) URL() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.url
}

// Relisten captures on another address from now on, and returns its URL. It
// opens the new one before it closes the old one, unless both have the same
// port. Where that fails, the old one stays, and the error is Listen's.
// Connections that are open stay so.
func (e *Engine) Relisten(ctx context.Context, addr string) (string, error) {
	e.mu.Lock()
	old := slices.Clone(e.listeners)
	same := slices.ContainsFunc(old, func(l net.Listener) bool { return l.Addr().String() == addr })
	url := e.url
	e.mu.Unlock()
	if same {
		return url, nil
	}
	url, err := e.Listen(ctx, addr, false)
	var taken *PortError
	if errors.As(err, &taken) && slices.ContainsFunc(old, func(l net.Listener) bool { return samePort(l, addr) }) {
		return e.replace(ctx, old, addr)
	}
	if err != nil {
		return "", err
	}
	e.stopListening(old)
	return url, nil
}

// replace closes the listeners before it opens the new one, for their port is
// the same, and opens them again where that fails.
func (e *Engine) replace(ctx context.Context, old []net.Listener, addr string) (string, error) {
	e.stopListening(old)
	url, err := e.Listen(ctx, addr, false)
	if err == nil {
		return url, nil
	}
	for _, l := range old {
		_, again := e.Listen(context.WithoutCancel(ctx), l.Addr().String(), false)
		err = errors.Join(err, again)
	}
	return "", err
}

func samePort(l net.Listener, addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	_, used, usedErr := net.SplitHostPort(l.Addr().String())
	return err == nil && usedErr == nil && port == used
}

// stopListening closes listeners, which ends their Serve.
func (e *Engine) stopListening(ls []net.Listener) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range ls {
		e.listeners = slices.DeleteFunc(e.listeners, func(other net.Listener) bool { return other == l })
		_ = l.Close() // the server may have closed it
	}
}
