package ngroktest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options are the choices of Start. The zero value is good.
type Options struct {
	Host    string   // of an endpoint that asks for none; "demo.ngrok.test"
	Tokens  []string // that are known; nil: any but the empty one
	Connect string   // address to listen on for agents; "127.0.0.1:0"
	Edge    string   // address of the HTTPS edge; "127.0.0.1:0"

	// SharedStreams has a stream carry the requests of several callers one after
	// the other, as the real edge may. Else each request has its own.
	SharedStreams bool
}

// sharedStreams is how many wait for the next request.
const sharedStreams = 16

// Service is an ngrok service of one account on this machine.
type Service struct {
	options Options
	ca      *authority
	tls     *tls.Config // for agents

	edge, plain         *http.Server
	edgeAddr, plainAddr string
	transport           *http.Transport // from the edge into the streams
	running             sync.WaitGroup
	ctx                 context.Context
	cancel              context.CancelFunc
	connectAddr         string

	mu       sync.Mutex
	listener net.Listener // nil while down
	agents   map[*agent]struct{}
	tunnels  map[string]*tunnel // by host
	clients  int                // that were given an id
	binds    int                // likewise
	moved    map[string]string  // hosts that were handed out later, by the id of the endpoint
	faults   faults
	counts   Counts
	changed  chan struct{} // closed and made anew at every change
}

// Counts are what a service has seen so far.
type Counts struct {
	Sessions   int // agents that are authenticated now
	Dials      int // connections of agents, authenticated or not
	Heartbeats int // that were given back
	Reopened   int // streams that an agent's full queue turned away, and that were opened again
	Resets     int // streams that an agent's full queue turned away for good
}

// Start starts a service on the loopback.
func Start(o Options) (*Service, error) {
	if o.Host == "" {
		o.Host = "demo.ngrok.test"
	}
	ca, err := newAuthority()
	if err != nil {
		return nil, err
	}
	s := &Service{
		options: o, ca: ca, agents: map[*agent]struct{}{}, tunnels: map[string]*tunnel{}, moved: map[string]string{},
		changed: make(chan struct{}),
	}
	s.tls = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: ca.certificate}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.transport = &http.Transport{
		DialContext:         s.dialEdge,
		DisableCompression:  true,
		MaxIdleConnsPerHost: -1, // a stream for each request
	}
	if o.SharedStreams {
		s.transport.MaxIdleConnsPerHost = sharedStreams
	}
	if err := s.listen(orLoopback(o.Connect)); err != nil {
		return nil, err
	}
	if err := s.startEdge(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func orLoopback(address string) string {
	if address == "" {
		return "127.0.0.1:0"
	}
	return address
}

// listen takes agents on an address.
func (s *Service) listen(address string) error {
	l, err := (&net.ListenConfig{}).Listen(s.ctx, "tcp", address)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.listener, s.connectAddr = l, l.Addr().String()
	s.mu.Unlock()
	s.running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() { s.serve(conn) })
		}
	})
	return nil
}

// Addr is where agents connect, "127.0.0.1:port".
func (s *Service) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connectAddr
}

// EdgeAddr is where the HTTPS edge listens: it has a certificate for any name,
// and finds the endpoint by the Host of a request. PlainEdgeAddr is the same
// without TLS.
func (s *Service) EdgeAddr() string { return s.edgeAddr }

// PlainEdgeAddr is the edge without TLS.
func (s *Service) PlainEdgeAddr() string { return s.plainAddr }

// CAs holds the authority that signs the certificates of service and edge.
func (s *Service) CAs() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.ca.cert)
	return pool
}

// CAPEM is the authority's certificate as PEM.
func (s *Service) CAPEM() []byte { return s.ca.pem() }

// Client makes a client that finds every host at the HTTPS edge. from is the
// address that it calls from, such as 127.0.0.7; "" for any.
func (s *Service) Client(from string) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.CAs(), MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, s.edgeAddr)
		},
		DisableCompression: true,
	}}
}

// URLs lists the public addresses that are served, sorted.
func (s *Service) URLs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var urls []string
	for _, host := range slices.Sorted(maps.Keys(s.tunnels)) {
		urls = append(urls, "https://"+host)
	}
	return urls
}

// ForwardsTo lists what agents said of where they forward to, sorted by host.
func (s *Service) ForwardsTo() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, host := range slices.Sorted(maps.Keys(s.tunnels)) {
		all = append(all, s.tunnels[host].forwardsTo)
	}
	return all
}

// Counts is what the service has seen so far.
func (s *Service) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counts
	c.Sessions = len(s.agents)
	return c
}

// Wait waits until something holds, which is asked again after every change of
// the counts and of the addresses. It returns ctx's error where it never does.
func (s *Service) Wait(ctx context.Context, holds func(Counts) bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if holds(s.Counts()) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// tell wakes those who wait, with mu held.
func (s *Service) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Service) count(add func(c *Counts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add(&s.counts)
	s.tell()
}

// begin adds to what Close waits for, unless it has begun to wait.
func (s *Service) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return false
	}
	s.running.Add(1)
	return true
}

// Close ends everything and waits for it.
func (s *Service) Close() {
	s.mu.Lock()
	s.cancel()
	s.faults.silence.set(false)
	l := s.listener
	s.listener = nil
	s.mu.Unlock()
	if l != nil {
		_ = l.Close()
	}
	s.Cut()
	for _, server := range []*http.Server{s.edge, s.plain} {
		if server != nil {
			_ = server.Close() // what it serves is cut
		}
	}
	s.transport.CloseIdleConnections()
	s.running.Wait()
}
