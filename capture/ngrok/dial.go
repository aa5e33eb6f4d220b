package ngrok

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"golang.org/x/net/proxy"
)

// pauses are waited out before a try to connect: there is none for the first and
// after the first loss, and the last goes on for ever. The SDK's own pauses grow to 30 seconds, know no
// waking, and begin anew after every success, so that a service that accepts and
// cuts would be called hundreds of times a second.
var pauses = []time.Duration{
	0, 0, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 10 * time.Second,
}

// settled is how long a connection lasts that was worth its while: after it, the
// pauses begin anew.
const settled = 10 * time.Second

// dialTimeout bounds one try to connect.
const dialTimeout = 15 * time.Second

// dialer connects the SDK to the service. It does not return before there is a
// connection or its context ends, so that all waiting is done here, where it can
// be cut short. It holds the connection, so that it can be cut.
type dialer struct {
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	failed func(error) // told of every failure; must not block
	pauses []time.Duration
	now    func() time.Time

	wake chan struct{} // holds one: wait no longer

	mu      sync.Mutex // guards what follows
	conn    *dialed    // the newest
	tries   int        // since a connection that settled
	dialing bool
	closed  bool
}

func newDialer(proxyURL string, failed func(error)) (*dialer, error) {
	direct := &net.Dialer{}
	d := &dialer{
		dial: direct.DialContext, failed: failed, pauses: pauses, now: time.Now,
		wake: make(chan struct{}, 1),
	}
	if proxyURL == "" {
		return d, nil
	}
	u, err := url.Parse(proxyURL)
	if err != nil {
		return nil, fmt.Errorf("the proxy's address: %w", err)
	}
	through, err := proxy.FromURL(u, direct)
	if err != nil {
		return nil, fmt.Errorf("the proxy %s: %w", u.Redacted(), err)
	}
	socks, ok := through.(proxy.ContextDialer)
	if !ok {
		return nil, fmt.Errorf("the proxy %s cannot be used: only socks5 can", u.Redacted())
	}
	d.dial = socks.DialContext
	return d, nil
}

// Dial is for the SDK's interface; the SDK does not call it.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext is for the SDK. It fails only where ctx ends or the dialer is
// closed.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if err := d.begin(); err != nil {
		return nil, err
	}
	defer d.end()
	for {
		if err := d.pause(ctx); err != nil {
			return nil, err
		}
		trying, cancel := context.WithTimeout(ctx, dialTimeout)
		conn, err := d.dial(trying, network, address)
		cancel()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				err = conn.Close()
			}
			return nil, errors.Join(ctx.Err(), err)
		case err != nil:
			d.failed(err)
		default:
			return d.hold(conn)
		}
	}
}

func (d *dialer) begin() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return net.ErrClosed
	}
	d.dialing = true
	if d.conn != nil && d.now().Sub(d.conn.since) >= settled {
		d.tries = 0
	}
	return nil
}

func (d *dialer) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dialing = false
}

// pause waits before the next try, unless somebody wakes it.
func (d *dialer) pause(ctx context.Context) error {
	d.mu.Lock()
	wait := d.pauses[min(d.tries, len(d.pauses)-1)]
	d.tries++
	d.mu.Unlock()
	if wait == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.wake:
		d.mu.Lock()
		d.tries = 2
		d.mu.Unlock()
	case <-ctx.Done():
	}
	return ctx.Err()
}

// hold keeps a new connection, unless the dialer was closed meanwhile.
func (d *dialer) hold(conn net.Conn) (net.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errors.Join(net.ErrClosed, conn.Close())
	}
	d.conn = &dialed{Conn: conn, since: d.now()}
	return d.conn, nil
}

// retry has the connection made anew: one that stands is cut, and a pause ends.
// It reports whether it could: not while the SDK itself waits.
func (d *dialer) retry() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dialing {
		select {
		case d.wake <- struct{}{}:
		default:
		}
		return true
	}
	d.tries = 0
	return d.conn != nil && d.conn.cut()
}

// close cuts the connection and makes no more.
func (d *dialer) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.conn != nil {
		d.conn.cut()
	}
}

// dialed is a connection to the service.
type dialed struct {
	net.Conn
	since time.Time
	once  sync.Once
}

// Close is for the SDK.
func (c *dialed) Close() (err error) {
	c.once.Do(func() { err = c.Conn.Close() })
	return err
}

// cut closes the connection without a last word, and reports whether it was
// open.
func (c *dialed) cut() (cut bool) {
	c.once.Do(func() {
		cut = true
		_ = c.Conn.Close() // the network may be gone
	})
	return cut
}
