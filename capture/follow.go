package capture

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// refusal is a head that net/http answered itself, without asking the handler:
// no Host, too large, an expectation or transfer coding that it does not know,
// not HTTP …
type refusal struct {
	Via      Via
	Remote   string
	Received time.Time
	Head     []byte // what came of it, complete or not, at most maxHead bytes
	Status   int
	Reason   string // one sentence
}

// follow wraps every connection that l accepts in *followed, which notes
// request heads as they come over the wire: net/http keeps neither order nor
// case of header fields.
//
// It is meant for an http.Server with MaxHeaderBytes = maxHead,
// DisableGeneralOptionsHandler (else "OPTIONS *" never reaches the handler to be
// claimed) and a ConnContext that hands the connection to the handler.
//
// refused is called by Close, once per refused head and before Close returns.
// Server.Shutdown may return before: net/http takes a connection whose head it
// refuses without reading more for idle. http.Server may hold its own lock then (Server.Close), so refused may
// take its time, but must not call into the server.
func follow(l net.Listener, via Via, maxHead int, refused func(refusal)) net.Listener {
	if maxHead <= 0 {
		maxHead = http.DefaultMaxHeaderBytes
	}
	return &followListener{Listener: l, via: via, maxHead: maxHead, refused: refused}
}

type followListener struct {
	net.Listener
	via     Via
	maxHead int
	refused func(refusal)
}

func (l *followListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &followed{Conn: conn, via: l.via, maxHead: l.maxHead, refused: l.refused}, nil
}

// followed is a connection whose requests are followed as net/http reads them.
// Read and Write are net/http's to call, from the goroutine that serves the
// connection or from its background reader; claim, trailers and release are the
// handler's.
type followed struct {
	net.Conn
	via     Via
	maxHead int
	refused func(refusal)

	mu     sync.Mutex // guards all below; never held while reading, writing or calling refused
	wire   wire
	ended  bool           // the sender has closed its side
	queue  []followedHead // complete and not yet claimed, oldest first
	queued int            // bytes in queue

	claimed  bool   // between claim and release
	owing    bool   // the claimed request has no final answer yet
	trailer  []byte // of the claimed request, raw
	refusing *refusal
}

// followedHead is a complete head.
type followedHead struct {
	raw      []byte
	received time.Time // when its first byte was read
	trailer  []byte
}

// net/http reads ahead at most one buffer of 4 KiB, in which the shortest heads
// it takes have 14 bytes. A longer queue means that heads are not being claimed.
const (
	readAhead  = 8 << 10
	maxPending = readAhead / 14
)

// Read reads from the connection and follows what it read.
func (c *followed) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.took(p[:n], err)
	return n, err
}

func (c *followed) took(p []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.follow(p)
	if err != nil {
		// A deadline ends a background read without ending the connection.
		ne, ok := errors.AsType[net.Error](err)
		c.ended = !ok || !ne.Timeout()
	}
}

// follow takes in what was read. The caller holds mu.
func (c *followed) follow(p []byte) {
	for len(p) > 0 && c.wire.phase != phaseOver {
		var done part
		done, p = c.wire.next(p, c.maxHead)
		switch {
		case done.head != nil:
			if len(c.queue) >= maxPending || c.queued+len(done.head) > c.maxHead+readAhead {
				c.stop()
				return
			}
			c.queue = append(c.queue, followedHead{raw: done.head, received: c.wire.began})
			c.queued += len(done.head)
		case done.trailer != nil && len(c.queue) > 0:
			c.queue[len(c.queue)-1].trailer = done.trailer
		case done.trailer != nil:
			c.trailer = done.trailer
		}
	}
}

// stop ends the following of this connection and frees what it holds.
func (c *followed) stop() {
	c.wire = wire{phase: phaseOver}
	c.queue, c.queued = nil, 0
}

// claim hands the handler the raw head of the request that it is about to
// serve, and when its first byte was read. ok is false where the head is not
// known: the follower has lost its way or disagrees with net/http, whose view
// counts then; this connection is not followed any further. received is always
// set, as well as it is known.
func (c *followed) claim(r *http.Request) (raw []byte, received time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.claimed, c.owing, c.trailer, c.refusing = true, true, nil, nil
	if len(c.queue) == 0 {
		if received = c.wire.began; len(c.wire.partial) == 0 {
			received = time.Now()
		}
		c.stop()
		return nil, received, false
	}
	h := c.queue[0]
	left := copy(c.queue, c.queue[1:])
	c.queue[left] = followedHead{}
	c.queue, c.queued = c.queue[:left], c.queued-len(h.raw)
	if left == 0 && cap(c.queue) > 4 {
		c.queue = nil // a burst is over; one slot is kept for the usual case
	}
	if !agrees(h.raw, r) {
		c.stop()
		return nil, h.received, false
	}
	c.trailer = h.trailer
	return h.raw, h.received, true
}

// release ends what claim began. net/http may still have to write the answer.
func (c *followed) release() {
	c.mu.Lock()
	c.claimed = false
	c.mu.Unlock()
}

// trailers returns the trailer fields of the claimed request, in order and case
// as sent. They are known once the handler has read the body to io.EOF.
func (c *followed) trailers() Fields {
	c.mu.Lock()
	raw := c.trailer
	c.mu.Unlock()
	if raw == nil {
		return nil
	}
	fields, _ := parseFields(raw, string(raw), 0) // what net/http cannot read either ended the body with an error
	return fields
}

// Write writes to the connection, and notices an answer that no handler gave.
func (c *followed) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if status := statusOf(p); status != 0 && err == nil {
		c.mu.Lock()
		c.answered(status, p)
		c.mu.Unlock()
	}
	return n, err
}

// statusOf returns the status of an answer that begins at p[0], or 0.
func statusOf(p []byte) int {
	if len(p) < len("HTTP/1.1 200") || p[0] != 'H' || string(p[:7]) != "HTTP/1." || p[8] != ' ' {
		return 0
	}
	status, err := strconv.Atoi(string(p[9:12]))
	if err != nil {
		return 0
	}
	return status
}

// reasonOf returns what a status line says behind the version: "400 Bad Request:
// missing required Host header".
func reasonOf(written []byte) string {
	line, _, _ := bytes.Cut(written, newline)
	return string(bytes.TrimRight(line[len("HTTP/1.1 "):], "\r"))
}

// answered notes that an answer was written: the handler's, which net/http may
// write after the handler has returned, or else net/http's own. The caller
// holds mu.
func (c *followed) answered(status int, written []byte) {
	switch {
	case status < http.StatusOK && status != http.StatusSwitchingProtocols:
		return // 100 Continue, 103 Early Hints: the answer is still to come
	case c.owing:
		c.owing = false
		return
	case c.claimed || status < http.StatusBadRequest:
		return
	}
	f := refusal{
		Via: c.via, Status: status, Received: c.wire.began, Head: c.wire.partial,
		Reason: "net/http refused the request: " + reasonOf(written),
	}
	switch {
	case len(c.queue) > 0:
		f.Head, f.Received = c.queue[0].raw, c.queue[0].received
	case c.wire.phase == phaseTrailer || len(f.Head) == 0:
		return // nothing is known of it
	case c.ended:
		return // half a head, and the sender went away: nobody was refused
	}
	if addr := c.RemoteAddr(); addr != nil {
		f.Remote = addr.String()
	}
	c.refusing = &f
}

// Close closes the connection, then hands on the head that net/http refused on
// it, if there is one.
func (c *followed) Close() error {
	c.mu.Lock()
	f := c.refusing
	c.refusing = nil
	c.stop()
	c.mu.Unlock()
	err := c.Conn.Close()
	if f != nil {
		c.refused(*f)
	}
	return err
}

// CloseWrite closes the sending side, where the connection can. net/http looks
// for it, so that the sender still gets to read a refusal.
func (c *followed) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// SetDeadline sets both deadlines and ends the following: net/http's server
// sets them one by one, but for Hijack, which hands the connection over to
// someone who may speak anything.
func (c *followed) SetDeadline(t time.Time) error {
	c.mu.Lock()
	c.stop()
	c.mu.Unlock()
	return c.Conn.SetDeadline(t)
}
