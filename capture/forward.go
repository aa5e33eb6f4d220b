package capture

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Forwarding says where a rule forwards callbacks to, and how.
type Forwarding struct {
	URL      string        `json:"url,omitempty"`       // of the app: "http://localhost:3000/klix"
	KeepPath bool          `json:"keep_path,omitempty"` // the callback's path is sent as it came, instead of URL's with what follows the endpoint's
	Observe  bool          `json:"observe,omitempty"`   // the app's answer is only kept; the sender gets the rule's Answer at once
	Proven   bool          `json:"proven,omitempty"`    // only callbacks whose proof holds
	Timeout  time.Duration `json:"timeout,omitempty"`   // for all of it; 0 is DefaultForward

	// DownAccepted gives the sender what its provider takes as success where the app
	// is down and the rule has no Answer, in place of the 502.
	DownAccepted bool `json:"down_accepted,omitempty"`
}

// DefaultForward is how long an app has to answer what is forwarded to it.
const DefaultForward = 10 * time.Second

// Forwarder is what forwarding needs of the rings around it, and what reaches the
// apps. It keeps connections to them open; Close ends them. The zero Forwarder
// works; it is safe for concurrent use once its fields are set.
type Forwarder struct {
	// Ours reports whether a host with its port ("127.0.0.1:4480",
	// "x.ngrok.app:443") is our own: what is forwarded there would come back. nil:
	// none is.
	Ours func(host string) bool

	// Observed is given what became of a callback that was forwarded for the app's
	// answer alone: a new exchange, via ViaReplay, which is not stored anywhere.
	// It may block. nil: nobody wants to know.
	Observed func(sent *Exchange)

	// TLS is for apps behind https; nil: the system's roots.
	TLS *tls.Config

	dials func(ctx context.Context, network, addr string) (net.Conn, error) // nil: a net.Dialer

	begun     sync.Once
	pseudonym string // of this process, in Via fields
	open      context.Context
	cut       context.CancelCauseFunc // ends open, and with it what is observed

	pool     appPool
	observed observedQueue
}

// ready makes what a forwarder needs once.
func (f *Forwarder) ready() {
	f.begun.Do(func() {
		f.pseudonym = newPseudonym()
		f.open, f.cut = context.WithCancelCause(context.Background())
	})
}

// CloseIdle closes the connections to apps on which nothing is under way.
func (f *Forwarder) CloseIdle() { f.pool.empty(false) }

// Close takes nothing more to observe, waits for what is under way there, and
// cuts that off when ctx ends; then it returns why. The connections to apps are
// closed. What senders wait for is not its business: Server.Shutdown ends that.
func (f *Forwarder) Close(ctx context.Context) error {
	f.ready()
	defer f.pool.empty(true)
	f.observed.close()
	done := make(chan struct{})
	go func() {
		f.observed.workers.Wait()
		close(done)
	}()
	select {
	case <-done:
		f.cut(nil)
		return nil
	case <-ctx.Done():
	}
	f.cut(errCutOff)
	<-done
	return fmt.Errorf("callbacks were on their way to an app still: %w", ctx.Err())
}

// check says in a sentence why nothing can be forwarded so, or returns nil.
func (f *Forwarding) check() error {
	if f.URL == "" {
		return errors.New("the URL to forward to is missing")
	}
	if f.Timeout < 0 || f.Timeout > MaxRuleDelay {
		return fmt.Errorf("an app has %.0f minutes to answer at the most", MaxRuleDelay.Minutes())
	}
	to, err := parseReplayURL(f.URL)
	if err != nil {
		return fmt.Errorf("nothing can be forwarded there: %s", strings.TrimPrefix(err.Error(), ErrReplay.Error()+": "))
	}
	if strings.Contains(f.URL, "#") {
		return errors.New("the URL to forward to holds a #: what stands behind it is never sent")
	}
	path, _ := SplitTarget(to.target)
	if clean, err := cleanPath(path); err != nil || clean != path {
		return errors.New("the path of the URL to forward to holds dots: write it as it is meant")
	}
	return nil
}

// words tells where to: "forwards to localhost:3000".
func (f *Forwarding) words() string {
	host, _ := f.Remote()
	if host == "" {
		host = "nowhere"
	}
	if f.Proven {
		return "forwards what is proven to " + host
	}
	return "forwards to " + host
}

// Remote returns the host that callbacks are forwarded to, with its port where
// the URL names one, and whether it is another machine than this one: whatever is
// not on the loopback. No name is looked up. A URL that Check refuses has no host,
// and counts as remote.
func (f *Forwarding) Remote() (host string, remote bool) {
	to, err := parseReplayURL(f.URL)
	if err != nil {
		return "", true
	}
	if Loopback(f.URL) {
		return to.host, false
	}
	// Whoever sends to no address in particular reaches this machine.
	addr, err := netip.ParseAddr(to.name)
	return to.host, err != nil || !addr.Unmap().WithZone("").IsUnspecified()
}

// timeout is how long an app has.
func (f *Forwarding) timeout() time.Duration {
	if f.Timeout == 0 {
		return DefaultForward
	}
	return f.Timeout
}

// dial connects to an app. What is forwarded has one time for all of it. A name
// under localhost went without a second yes, so it must lead to this machine,
// whatever a resolver says.
func (f *Forwarder) dial(ctx context.Context, to replayURL) (net.Conn, error) {
	dial := f.dials
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	checked := func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil || !Loopback(to.base()) {
			return conn, err
		}
		if at, ok := conn.RemoteAddr().(*net.TCPAddr); ok && !at.IP.IsLoopback() {
			return nil, errors.Join(fmt.Errorf("it leads to %s, which is another machine", at), conn.Close())
		}
		return conn, nil
	}
	return connect(ctx, to, checked, f.TLS)
}
