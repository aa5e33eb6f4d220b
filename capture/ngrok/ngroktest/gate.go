package ngroktest

import (
	"net"
	"sync"
)

// gate holds up whoever passes while it is shut.
type gate struct {
	mu   sync.Mutex
	shut chan struct{} // nil while it is open
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case shut && g.shut == nil:
		g.shut = make(chan struct{})
	case !shut && g.shut != nil:
		close(g.shut)
		g.shut = nil
	}
}

// pass waits until the gate is open, or closed ends.
func (g *gate) pass(closed <-chan struct{}) bool {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut == nil {
		return true
	}
	select {
	case <-shut:
		return true
	case <-closed:
		return false
	}
}

// gatedConn is a connection that a gate holds up.
type gatedConn struct {
	net.Conn
	gate   *gate
	once   sync.Once
	closed chan struct{}
}

func newGatedConn(conn net.Conn, g *gate) *gatedConn {
	return &gatedConn{Conn: conn, gate: g, closed: make(chan struct{})}
}

// Read is that of the connection, when the gate is open.
func (c *gatedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == nil && !c.gate.pass(c.closed) {
		return 0, net.ErrClosed
	}
	return n, err
}

// Write is that of the connection, when the gate is open.
func (c *gatedConn) Write(p []byte) (int, error) {
	if !c.gate.pass(c.closed) {
		return 0, net.ErrClosed
	}
	return c.Conn.Write(p)
}

// Close is that of the connection, and lets go whom the gate holds up.
func (c *gatedConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
