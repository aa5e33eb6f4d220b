package capture

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// count is how many connections wait in a pool.
func (p *appPool) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, idle := range p.idle {
		n += len(idle)
	}
	return n
}

// serial is an app that answers every request on a connection with the number of
// the connection, and in a head of its own.
func serial(made *atomic.Int32, head string) func(conn net.Conn) {
	return func(conn net.Conn) {
		n := made.Add(1)
		in := bufio.NewReader(conn)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			if _, err := fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n%s\r\n%d", head, n); err != nil {
				return
			}
		}
	}
}

// onBubble forwards within a bubble, and wants an answer of a connection.
func onBubble(t *testing.T, f *Forwarder, want string) {
	t.Helper()
	x := coming(comingGet)
	got := forwarded(t.Context(), f, appRule(Forwarding{URL: "http://h"}, RuleAnswer{}), x)
	if string(got.Body) != want {
		t.Errorf("got %q, %q, want that of connection %s", got.Body, x.Error, want)
	}
}

func TestForwardKeepsConnections(t *testing.T) {
	for _, tt := range []struct {
		head string
		span time.Duration // for which a connection is kept
	}{
		{"", idleTime},
		{"Keep-Alive: timeout=5, max=100\r\n", 4 * time.Second},
		{"Keep-Alive: max=100, Timeout = \"5\"\r\n", 4 * time.Second},
		{"Keep-Alive: timeout=1\r\n", time.Second / 2},
		{"Keep-Alive: timeout=1000\r\n", idleTime},
		{"Keep-Alive: timeout=soon\r\n", idleTime},
		{"Keep-Alive: timeout=0\r\n", 0},
		{"Connection: close\r\n", 0},
	} {
		t.Run(tt.head, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var made atomic.Int32
				f := newForwarder(t)
				pipes(f, serial(&made, tt.head))
				onBubble(t, f, "1")
				if tt.span == 0 {
					onBubble(t, f, "2")
					return
				}
				time.Sleep(tt.span - time.Millisecond)
				onBubble(t, f, "1")
				time.Sleep(tt.span + time.Millisecond)
				if n := f.pool.count(); n != 0 {
					t.Errorf("%d are kept still", n)
				}
				onBubble(t, f, "2")
				f.CloseIdle()
				onBubble(t, f, "3")
			})
		})
	}
}

// A kept connection that the app has closed, or on which it said something, is
// not used.
func TestForwardNoticesDeadConnections(t *testing.T) {
	for name, say := range map[string]string{"closed": "", "said": "HTTP/1.1 408 Late\r\nContent-Length: 1\r\n\r\nx"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var made atomic.Int32
				f := newForwarder(t)
				pipes(f, func(conn net.Conn) {
					n := made.Add(1)
					r, err := http.ReadRequest(bufio.NewReader(conn))
					if err != nil {
						return
					}
					_ = r.Body.Close()
					_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d", n)
					time.Sleep(time.Second)
					_, _ = io.WriteString(conn, say)
				})
				onBubble(t, f, "1")
				time.Sleep(2 * time.Second)
				if n := f.pool.count(); n != 0 {
					t.Errorf("%d dead ones are kept", n)
				}
				onBubble(t, f, "2")
				time.Sleep(2 * time.Second) // that one ends too
			})
		})
	}
}

// A kept connection that dies unseen before a byte was written is no failure; one
// that dies after that is, as the app may have read the request.
func TestForwardSendsNothingTwice(t *testing.T) {
	t.Run("before a byte", func(t *testing.T) {
		var made atomic.Int32
		url := listenRaw(t, serial(&made, ""))
		f := newForwarder(t)
		rule := appRule(Forwarding{URL: url}, RuleAnswer{})
		forwarded(t.Context(), f, rule, coming(comingGet))
		c := f.pool.take(appKey{strings.TrimPrefix(url, "http://"), false})
		if c == nil {
			t.Fatal("nothing is kept")
		}
		_ = c.Close() // behind the pool's back
		f.pool.mu.Lock()
		f.pool.idle[c.key] = []*appConn{c}
		f.pool.mu.Unlock()
		if got := forwarded(t.Context(), f, rule, coming(comingGet)); string(got.Body) != "2" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("after one", func(t *testing.T) {
		var requests atomic.Int32
		url := listenRaw(t, func(conn net.Conn) {
			in := bufio.NewReader(conn)
			for {
				r, err := http.ReadRequest(in)
				if err != nil || requests.Add(1) > 1 {
					return
				}
				_ = r.Body.Close()
				_, _ = io.WriteString(conn, plainAnswer)
			}
		})
		f := newForwarder(t)
		rule := appRule(Forwarding{URL: url}, RuleAnswer{})
		forwarded(t.Context(), f, rule, coming(comingGet))
		x := coming(comingGet)
		got := forwarded(t.Context(), f, rule, x)
		if got.Status != 502 || !strings.Contains(x.Error, "closed the connection without an answer") || requests.Load() != 2 {
			t.Errorf("got %+v, %q after %d requests", got, x.Error, requests.Load())
		}
	})
}

func TestForwardKeepsFewConnections(t *testing.T) {
	const many = 100
	var together sync.WaitGroup
	together.Add(many)
	url := listenRaw(t, func(conn net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_ = r.Body.Close()
			together.Done()
			together.Wait()
			_, _ = io.WriteString(conn, plainAnswer)
			_, _ = io.Copy(io.Discard, conn)
		}
	})
	f := newForwarder(t)
	var all sync.WaitGroup
	for range many {
		all.Go(func() { forwarded(t.Context(), f, appRule(Forwarding{URL: url}, RuleAnswer{}), coming(comingGet)) })
	}
	all.Wait()
	if n := f.pool.count(); n != maxIdle {
		t.Errorf("%d are kept, want %d", n, maxIdle)
	}
}
