package ngrok

import (
	"net"
	"sync"
	"time"
)

// pumped is how many connections may wait for the server.
const pumped = 1024

// pump stands between the SDK's listener and the server: it takes connections
// from the SDK at all times, for the SDK locks up where one waits while its
// listener is closed. It is a net.Listener.
type pump struct {
	addr   net.Addr
	conns  chan *conn
	closed chan struct{} // closed by Close: what comes from then on is turned away
	once   sync.Once

	mu   sync.Mutex
	live map[*conn]struct{}
	busy int           // of live ones with a request that is not answered
	idle chan struct{} // closed whenever busy becomes 0; nil while nobody waits
}

func newPump(addr net.Addr) *pump {
	return &pump{
		addr:   addr,
		conns:  make(chan *conn, pumped),
		closed: make(chan struct{}),
		live:   map[*conn]struct{}{},
	}
}

// run takes connections until the SDK has no more, and returns why.
func (p *pump) run(accept func() (net.Conn, error)) error {
	for {
		from, err := accept()
		if err != nil {
			_ = p.Close() // never fails
			return err
		}
		c := p.take(from)
		select {
		case <-p.closed:
			_ = c.Close()
			continue
		default:
		}
		select {
		case p.conns <- c:
		default: // the server is far behind
			_ = c.Close()
		}
	}
}

func (p *pump) take(from net.Conn) *conn {
	c := &conn{Conn: from, pump: p, gone: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live[c] = struct{}{}
	return c
}

// Accept is for the server.
func (p *pump) Accept() (net.Conn, error) {
	select {
	case <-p.closed:
		return nil, net.ErrClosed
	default:
	}
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept. Connections stay.
func (p *pump) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr is the public address.
func (p *pump) Addr() net.Addr { return p.addr }

// drain waits until no request is without its answer, but no longer than most.
func (p *pump) drain(most time.Duration) {
	p.mu.Lock()
	if p.busy == 0 {
		p.mu.Unlock()
		return
	}
	idle := make(chan struct{})
	p.idle = idle
	p.mu.Unlock()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	}
}

// closeAll closes every connection.
func (p *pump) closeAll() {
	p.mu.Lock()
	all := make([]*conn, 0, len(p.live))
	for c := range p.live {
		all = append(all, c)
	}
	p.mu.Unlock()
	for _, c := range all {
		_ = c.Close() // its caller is lost anyway
	}
}

// settle counts a connection among the busy ones or takes it out.
func (p *pump) settle(c *conn, busy bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, live := p.live[c]; !live || c.busy == busy {
		return
	}
	c.busy = busy
	if busy {
		p.busy++
		return
	}
	p.calm()
}

// forget drops a connection that was closed.
func (p *pump) forget(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, live := p.live[c]; !live {
		return
	}
	delete(p.live, c)
	if c.busy {
		p.calm()
	}
}

// calm counts one busy connection less, with mu held.
func (p *pump) calm() {
	p.busy--
	if p.busy == 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
}
