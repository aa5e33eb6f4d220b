package capture

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// client is one that keeps as many connections as it is given.
func client(t testing.TB, conns int) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConns: conns, MaxIdleConnsPerHost: conns, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

func post(ctx context.Context, c *http.Client, url, body string) (status int, answer string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	response, err := c.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	return response.StatusCode, string(read), err
}

// TestForwardMixesNothingUp has a thousand callbacks on their way at once.
func TestForwardMixesNothingUp(t *testing.T) {
	const many = 1000
	var came atomic.Int32
	all := make(chan struct{})
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if came.Add(1) == many {
			close(all)
		}
		<-all
		body, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprintf(w, "%s %s", r.URL.Path, body)
	}))
	defer app.Close()
	b := serveForward(t, newForwarder(t), appRule(Forwarding{URL: app.URL, Timeout: time.Minute}, RuleAnswer{}))
	c := client(t, many)
	var wait sync.WaitGroup
	for i := range many {
		wait.Go(func() {
			body := strings.Repeat(fmt.Sprintf("callback %d,", i), 1+i%40*50) // up to some 32 KiB
			status, got, err := post(t.Context(), c, fmt.Sprintf("http://%s/in/%d", b.addr, i), body)
			if want := fmt.Sprintf("/%d %s", i, body); err != nil || status != 200 || got != want {
				t.Errorf("%d: %d %.80q, %v", i, status, got, err)
			}
		})
	}
	wait.Wait()
	b.stop(t)
	if len(b.kept) != many || len(b.updated) != many {
		t.Fatalf("%d were kept, of %d what became of them", len(b.kept), len(b.updated))
	}
	for _, x := range b.kept {
		want := fmt.Sprintf("%s %s", strings.TrimPrefix(x.Request.Path(), "/in"), x.Request.Body)
		if u := b.updated[x.ID]; u.State != StateAnswered || u.Response.By != ByApp || string(u.Response.Body) != want {
			t.Fatalf("%d is kept as %s, by %s, with the answer %.80q, want %.80q", x.ID, u.State, u.Response.By, u.Response.Body, want)
		}
	}
}

// TestForwardToAnAppThatDies has the app end while callbacks are on their way.
func TestForwardToAnAppThatDies(t *testing.T) {
	const senders, each = 32, 16
	var answered atomic.Int32
	half, dead := make(chan struct{}), make(chan struct{})
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
		switch n := answered.Add(1); {
		case n == senders*each/2:
			close(half)
		case n > senders*each/2:
			<-dead
		}
	}))
	b := serveForward(t, newForwarder(t), appRule(Forwarding{URL: app.URL}, RuleAnswer{}))
	c := client(t, senders)
	var wait sync.WaitGroup
	var good, bad atomic.Int32
	for i := range senders {
		wait.Go(func() {
			for j := range each {
				body := fmt.Sprintf("callback %d of %d", j, i)
				status, got, err := post(t.Context(), c, "http://"+b.addr+"/in", body)
				switch {
				case err == nil && status == 200 && got == body:
					good.Add(1)
				case err == nil && status == 502 && strings.HasPrefix(got, "The app that this callback is forwarded to "):
					bad.Add(1)
				default:
					t.Errorf("%s: %d %q, %v", body, status, got, err)
				}
			}
		})
	}
	<-half
	_ = app.Listener.Close()
	app.CloseClientConnections()
	close(dead)
	wait.Wait()
	app.Close()
	b.stop(t)
	if good.Load() < senders*each/2-senders || bad.Load() == 0 {
		t.Errorf("%d were answered, %d were told that the app is down", good.Load(), bad.Load())
	}
	failed := 0
	for _, x := range b.kept {
		u := b.updated[x.ID]
		switch {
		case u.State != StateAnswered:
			t.Errorf("%d is %s: %q", x.ID, u.State, u.Error)
		case u.Response.Status == 502:
			failed++
			if !strings.Contains(u.Error, app.Listener.Addr().String()) || u.Response.By != ByRule {
				t.Errorf("%d: %q, by %s", x.ID, u.Error, u.Response.By)
			}
		}
	}
	if len(b.kept) != senders*each || failed != int(bad.Load()) {
		t.Errorf("%d were kept, %d as failed, want %d and %d", len(b.kept), failed, senders*each, bad.Load())
	}
}

func TestForwardLargeBodies(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 10<<16) // 10 MiB
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Reads and writes by turns.
		_ = http.NewResponseController(w).EnableFullDuplex()
		_, _ = io.Copy(w, r.Body)
	}))
	defer app.Close()
	early := listenRaw(t, func(conn net.Conn) {
		// Reads nothing of a body before its answer is taken.
		in := bufio.NewReader(conn)
		for r, err := http.ReadRequest(in); err == nil; r, err = http.ReadRequest(in) {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 413 Large\r\nContent-Length: %d\r\n\r\n%s", len(large), large)
			_, _ = io.Copy(io.Discard, r.Body)
		}
	})
	for url, want := range map[string]int{app.URL: 200, early: 413} {
		b := serveForward(t, newForwarder(t), appRule(Forwarding{URL: url, Timeout: time.Minute}, RuleAnswer{}))
		c := client(t, 4)
		for range 2 { // on a kept connection too
			status, got, err := post(t.Context(), c, "http://"+b.addr+"/in", large)
			if err != nil || status != want || got != large {
				t.Errorf("%d, %d bytes, %v, want %d", status, len(got), err, want)
			}
		}
	}
}
