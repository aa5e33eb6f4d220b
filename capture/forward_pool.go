package capture

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxIdle  = 64 // connections to one app that wait for a callback
	idleTime = 90 * time.Second
)

// appKey names what a connection leads to.
type appKey struct {
	addr   string
	secure bool
}

// appPool keeps connections to apps for the next callback.
type appPool struct {
	mu     sync.Mutex
	idle   map[appKey][]*appConn // the one used last is at the end
	closed bool
}

// take returns the idle connection that was used last, or nil.
func (p *appPool) take(key appKey) *appConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	idle := p.idle[key]
	if len(idle) == 0 {
		return nil
	}
	last := len(idle) - 1
	c := idle[last]
	idle[last] = nil
	if p.idle[key] = idle[:last]; last == 0 {
		delete(p.idle, key)
	}
	return c
}

// put keeps a connection on which nothing is under way, and watches it. Where
// there is no room, it is closed.
func (p *appPool) put(c *appConn, span time.Duration) {
	p.mu.Lock()
	if p.closed || span <= 0 || len(p.idle[c.key]) >= maxIdle {
		p.mu.Unlock()
		_ = c.Close() // nothing is under way
		return
	}
	defer p.mu.Unlock()
	if p.idle == nil {
		p.idle = map[appKey][]*appConn{}
	}
	c.reused = true
	_ = c.SetDeadline(time.Now().Add(span)) // where it fails, so does the reading
	p.idle[c.key] = append(p.idle[c.key], c)
	go p.watch(c)
}

// watch waits for the first byte on an idle connection. It is the begin of the
// answer to the next callback; before one is sent, there must be none, so such a
// connection is of no use any more, nor is one that ends or that nobody wants for
// long.
func (p *appPool) watch(c *appConn) {
	_, err := c.in.Peek(1)
	c.first <- err
	p.mu.Lock()
	idle := p.idle[c.key]
	i := slices.Index(idle, c)
	if i >= 0 {
		if p.idle[c.key] = slices.Delete(idle, i, i+1); len(idle) == 1 {
			delete(p.idle, c.key)
		}
	}
	p.mu.Unlock()
	if i >= 0 {
		_ = c.Close()
	}
}

// empty closes the idle connections, for good or not.
func (p *appPool) empty(closed bool) {
	p.mu.Lock()
	p.closed = p.closed || closed
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, conns := range idle {
		for _, c := range conns {
			_ = c.Close()
		}
	}
}

// idleSpan says how long a connection may be kept after an answer: a little less
// than its app says that it keeps it, for what we send while it closes is lost.
func idleSpan(answer Fields) time.Duration {
	for _, value := range answer.All("Keep-Alive") {
		for parameter := range strings.SplitSeq(value, ",") {
			name, span, _ := strings.Cut(parameter, "=")
			if !strings.EqualFold(strings.Trim(name, blanks), "timeout") {
				continue
			}
			if seconds, err := strconv.ParseUint(strings.Trim(span, blanks+`"`), 10, 16); err == nil {
				kept := time.Duration(seconds) * time.Second
				return min(kept-min(time.Second, kept/2), idleTime)
			}
		}
	}
	return idleTime
}
