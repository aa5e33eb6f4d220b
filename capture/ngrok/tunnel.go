package ngrok

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"sync"
	"time"
)

// State says how a tunnel is.
type State string

// The states of a tunnel.
const (
	Off          State = "off"
	Connecting   State = "connecting"   // for the first time
	Online       State = "online"       //
	Reconnecting State = "reconnecting" // was online, and tries again by itself
	Failed       State = "failed"       // tries no more
)

// Status is how a tunnel stands at a moment.
type Status struct {
	State   State
	Since   time.Time     // when State began
	URL     string        // "https://shop.example"; "" before the first time online
	Latency time.Duration // of the last heartbeat; 0 before the first

	Account, Plan, Region string // as the service tells

	Code   string // of the service: "ERR_NGROK_105"; "" where there is none
	Reason string // why it is not online, and what to do: sentences for a person, without the token
}

// Settings are what a person chooses of a tunnel. The zero value is good: it
// opens the account's own address.
type Settings struct {
	Domain  string `json:"domain,omitempty"`  // "shop.example" or "https://shop.example"; "" for the account's own
	Policy  string `json:"policy,omitempty"`  // a Traffic Policy, in YAML or JSON; "" for none
	Proxy   string `json:"proxy,omitempty"`   // "socks5://host:port"
	Connect string `json:"connect,omitempty"` // "host:port" of the service; "" for ngrok's own
	CAFile  string `json:"ca_file,omitempty"` // PEM of those who may sign the service's certificate; "" for ngrok's own
}

// Config is what Open wants.
type Config struct {
	Settings
	Token Token          // the account's authtoken
	CAs   *x509.CertPool // in place of CAFile
	Log   *slog.Logger   // discards

	// Heartbeat is how often the service is asked whether it is there; 0 for
	// every 10 s. A silence of two and a half times that is a loss.
	Heartbeat time.Duration

	// Serve serves what comes in until the listener is closed. It is called once
	// for every session.
	Serve func(net.Listener) error

	// Changed is told every change, in order. It must not block, nor call the
	// tunnel.
	Changed func(Status)
}

// Tunnel is a public address, from Open to Close. Its methods are safe for
// concurrent use.
type Tunnel struct {
	config Config
	pulse  pulse

	commands chan command
	cancel   context.CancelFunc
	done     chan struct{}

	mu     sync.Mutex
	status Status
}

type command int

const (
	retry command = iota
	reopen
)

// Open begins to open a tunnel. An error says which setting cannot be used; all
// further is told through Changed. The tunnel lives until Close.
func Open(config Config) (*Tunnel, error) { return open(config, systemPulse()) }

func open(config Config, p pulse) (*Tunnel, error) {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Changed == nil {
		config.Changed = func(Status) {}
	}
	if err := config.Check(); err != nil {
		return nil, err
	}
	if config.CAs == nil {
		cas, err := addedCAs(config.Settings)
		if err != nil {
			return nil, err
		}
		config.CAs = cas
	}
	ctx, cancel := context.WithCancel(context.Background())
	t := &Tunnel{
		config: config, pulse: p, cancel: cancel,
		commands: make(chan command, 1), done: make(chan struct{}),
		status: Status{State: Off},
	}
	first, err := startSession(&t.config)
	if err != nil {
		cancel()
		return nil, err
	}
	t.change(func(s *Status) { s.State = Connecting })
	go t.run(ctx, first)
	return t, nil
}

// Status is how the tunnel stands.
func (t *Tunnel) Status() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.status
}

// Retry waits out no pause, and makes a connection anew that may be dead though
// nobody has noticed. The URL stays. It does not block.
func (t *Tunnel) Retry() { t.command(retry) }

// Reopen begins a session of its own, where the service may have given us
// another address than the one we know. It does not block.
func (t *Tunnel) Reopen() { t.command(reopen) }

func (t *Tunnel) command(c command) {
	select {
	case t.commands <- c:
	default: // one is on its way
	}
}

// Close ends the tunnel, after two and a half seconds at the latest. The last
// status is Off, but for a tunnel that has failed.
func (t *Tunnel) Close() {
	t.cancel()
	<-t.done
}

// change makes a new status of the last one and tells it.
func (t *Tunnel) change(f func(*Status)) {
	t.mu.Lock()
	before := t.status
	f(&t.status)
	if t.status.State != before.State {
		t.status.Since = t.pulse.now()
	}
	now := t.status
	t.mu.Unlock()
	if now == before {
		return
	}
	if now.State != before.State || now.Code != before.Code {
		t.config.Log.Info("tunnel", "state", now.State, "url", now.URL, "code", now.Code)
	}
	t.config.Changed(now)
}
