package ngrok

import (
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// window is how many bytes the protocol lets us write before the other side has
// read any.
const window = 256 << 10

// conn is a caller's connection. Where the caller stops reading, a write to the
// SDK's connection blocks for good: no deadline ends it, and Close waits for it.
// So what may block is written by a goroutine that can be left behind; it ends
// with the session.
type conn struct {
	net.Conn
	pump *pump
	busy bool // owned by pump: something was read since the last write

	gone chan struct{} // closed by Close
	once sync.Once

	wrote    atomic.Int64 // bytes since the beginning; net/http writes one at a time
	stuck    atomic.Bool  // a write was left behind
	deadline atomic.Int64 // of writes, in Unix nanoseconds; 0 for none
}

// Read is for the server.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.pump.settle(c, true)
	}
	return n, err
}

// Write is for the server. It ends at the deadline and when the connection is
// closed.
func (c *conn) Write(p []byte) (int, error) {
	defer c.pump.settle(c, false)
	select {
	case <-c.gone:
		return 0, net.ErrClosed
	default:
	}
	if c.stuck.Load() {
		return 0, os.ErrDeadlineExceeded
	}
	if c.wrote.Add(int64(len(p))) <= window {
		return c.Conn.Write(p)
	}
	return c.writeAside(append([]byte(nil), p...)) // what is left behind must not read the server's buffer
}

func (c *conn) writeAside(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	go func() {
		n, err := c.Conn.Write(p)
		done <- result{n, err}
	}()
	var late <-chan time.Time
	if at := c.deadline.Load(); at != 0 {
		timer := time.NewTimer(time.Until(time.Unix(0, at)))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case r := <-done:
		return r.n, r.err
	case <-late:
		c.stuck.Store(true)
		return 0, os.ErrDeadlineExceeded
	case <-c.gone:
		return 0, net.ErrClosed
	}
}

// SetWriteDeadline bounds the writes that begin after it.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if t.IsZero() {
		c.deadline.Store(0)
	} else {
		c.deadline.Store(t.UnixNano())
	}
	return nil
}

// SetDeadline bounds reads, and the writes that begin after it.
func (c *conn) SetDeadline(t time.Time) error {
	_ = c.SetWriteDeadline(t) // never fails
	return c.SetReadDeadline(t)
}

// Close does not wait for a write that is stuck: the SDK's connection does.
func (c *conn) Close() error {
	c.once.Do(func() {
		close(c.gone)
		c.pump.forget(c)
		go func() { _ = c.Conn.Close() }() // says at most that the session is over
	})
	return nil
}

// CloseWrite tells the caller that nothing more comes, where the SDK can.
func (c *conn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok || c.stuck.Load() {
		return nil
	}
	return half.CloseWrite()
}
