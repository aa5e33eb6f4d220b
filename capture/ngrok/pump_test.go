package ngrok

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

var errNoMore = errors.New("the SDK's listener was closed")

// pumping runs a pump over the connections of a channel.
func pumping() (p *pump, feed chan net.Conn, ended chan error) {
	p = newPump(&net.TCPAddr{})
	feed, ended = make(chan net.Conn), make(chan error, 1)
	go func() {
		ended <- p.run(func() (net.Conn, error) {
			c, ok := <-feed
			if !ok {
				return nil, errNoMore
			}
			return c, nil
		})
	}()
	return p, feed, ended
}

// What arrives while the listener is being closed is taken and turned away: the
// SDK never waits for anybody to take it.
func TestPumpNeverLetsTheSDKWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, feed, ended := pumping()
		for range pumped + 10 { // nobody accepts
			_, theirs := net.Pipe()
			feed <- theirs
		}
		_ = p.Close()
		ours, theirs := net.Pipe()
		feed <- theirs
		if _, err := ours.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("after Close a caller reads %v, want EOF", err)
		}
		close(feed)
		if err := <-ended; !errors.Is(err, errNoMore) {
			t.Errorf("run ended with %v, want the listener's error", err)
		}
		if _, err := p.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept: %v, want net.ErrClosed", err)
		}
		p.closeAll()
	})
}

func TestPumpDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, feed, ended := pumping()
		ours, theirs := net.Pipe()
		feed <- theirs
		c, err := p.Accept()
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = ours.Write([]byte("POST")) }()
		if _, err := c.Read(make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
		go func() { // the answer takes a while
			time.Sleep(300 * time.Millisecond)
			_, _ = c.Write([]byte("200"))
		}()
		go func() { _, _ = io.Copy(io.Discard, ours) }()
		began := time.Now()
		p.drain(time.Second)
		if took := time.Since(began); took != 300*time.Millisecond {
			t.Errorf("drained after %v, want when the answer was written, after 300ms", took)
		}
		began = time.Now()
		p.drain(time.Second)
		if took := time.Since(began); took != 0 {
			t.Errorf("with nothing to wait for, it took %v", took)
		}
		close(feed)
		if err := <-ended; !errors.Is(err, errNoMore) {
			t.Errorf("run ended with %v, want the listener's error", err)
		}
		p.closeAll()
	})
}

// A caller that stops reading costs its own answer, by its deadline, and never
// holds up Close.
func TestConnWithACallerThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, feed, ended := pumping()
		ours, theirs := net.Pipe()
		feed <- theirs
		c, err := p.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetWriteDeadline(time.Now().Add(30 * time.Second))
		began := time.Now()
		_, err = c.Write(make([]byte, window+1)) // a pipe takes nothing unread
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != 30*time.Second {
			t.Errorf("got %v after %v, want the deadline's error after 30s", err, time.Since(began))
		}
		began = time.Now()
		_ = c.Close()
		if _, err := c.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("after Close: %v, want net.ErrClosed", err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("Close took %v", took)
		}
		close(feed)
		if err := <-ended; !errors.Is(err, errNoMore) {
			t.Errorf("run ended with %v, want the listener's error", err)
		}
		_ = ours.Close()
	})
}

func TestConnClosedWhileItWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, feed, ended := pumping()
		ours, theirs := net.Pipe()
		feed <- theirs
		c, err := p.Accept()
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(time.Second)
			_ = c.Close()
		}()
		if _, err := c.Write(make([]byte, window+1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v, want net.ErrClosed", err)
		}
		close(feed)
		if err := <-ended; !errors.Is(err, errNoMore) {
			t.Errorf("run ended with %v, want the listener's error", err)
		}
		_ = ours.Close()
	})
}
