package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// observing makes a forwarder that tells what it observed.
func observing(t *testing.T) (*Forwarder, chan *Exchange) {
	t.Helper()
	f := newForwarder(t)
	told := make(chan *Exchange, observedAtOnce+observedQueued+8)
	f.Observed = func(sent *Exchange) { told <- sent }
	return f, told
}

func TestForwardObserves(t *testing.T) {
	proceed := make(chan struct{})
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-proceed
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(418)
		_, _ = fmt.Fprintf(w, "%s %s %s", r.Method, r.RequestURI, body)
	}))
	defer app.Close()
	f, told := observing(t)
	b := serveForward(t, f, appRule(Forwarding{URL: app.URL + "/app", Observe: true}, RuleAnswer{}))
	if got := b.send(t, "PUT /in/a?b HTTP/1.1\r\nHost: h\r\nX-a: 1\r\nContent-Length: 4\r\n\r\nbody"); got.status != 200 {
		t.Errorf("the sender got %+v", got)
	}
	<-b.told // its exchange is cleared by now
	close(proceed)
	sent := <-told
	b.stop(t)
	_, x := b.last(t)
	if x.Response.By != ByRule || x.State != StateAnswered || x.Error != "" {
		t.Errorf("kept %s %q %+v", x.State, x.Error, x.Response)
	}
	if sent.Via != ViaReplay || sent.Origin != x.ID || sent.ID != 0 || sent.UID == "" || sent.UID == x.UID || sent.Endpoint != "/in/*" || sent.State != StateAnswered || sent.Error != "" {
		t.Errorf("told of %+v", sent)
	}
	want := fmt.Sprintf("PUT /app/a?b HTTP/1.1\r\nHost: %s\r\nX-a: 1\r\nContent-Length: 4\r\nVia: 1.1 hookglass-test\r\n\r\n", strings.TrimPrefix(app.URL, "http://"))
	if r := sent.Request; string(r.Head) != want || string(r.Body) != "body" || r.Size != 4 || r.Target != "/app/a?b" || r.Received.IsZero() || !strings.HasPrefix(r.Remote, "127.0.0.1:") {
		t.Errorf("sent %+v", r)
	}
	if s := sent.Sent; s == nil || s.Base != app.URL || s.Timings.Total <= 0 {
		t.Errorf("sent to %+v", s)
	}
	if a := sent.Response; a == nil || a.Status != 418 || a.By != ByTarget || string(a.Body) != "PUT /app/a?b body" || a.Timing.Took <= 0 {
		t.Errorf("the app answered %+v", a)
	}
}

func TestForwardObservesFailures(t *testing.T) {
	f, told := observing(t)
	x := coming(comingGet)
	url := "http://" + closedPort(t)
	got := forwarded(t.Context(), f, appRule(Forwarding{URL: url, Observe: true}, RuleAnswer{Status: 299}), x)
	if got.Status != 299 || x.Error != "" {
		t.Errorf("got %+v, %q", got, x.Error)
	}
	if sent := <-told; sent.State != StateFailed || sent.Response != nil || !strings.Contains(sent.Error, "Nothing listens at") {
		t.Errorf("told of %+v", sent)
	}
}

// TestObservedIsBounded sends more than is kept to an app that does not answer.
func TestObservedIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, told := observing(t)
		pipes(f, silent)
		rule := appRule(Forwarding{URL: "http://h", Observe: true}, RuleAnswer{})
		for range observedAtOnce + observedQueued {
			forwarded(t.Context(), f, rule, coming(comingGet))
		}
		synctest.Wait()
		if len(told) != 0 {
			t.Fatalf("told of %+v", <-told)
		}
		x := coming("PUT /in HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
		if got := forwarded(t.Context(), f, rule, x); got.Status != 200 {
			t.Errorf("got %+v", got)
		}
		sent := <-told
		if sent.State != StateFailed || sent.Error != "It was not forwarded: 64 callbacks were on their way to an app that is only observed, and 256 waited." ||
			len(sent.Request.Body) != 0 || !sent.Request.Truncated || sent.Origin != 7 {
			t.Errorf("told of %+v", sent)
		}
		for range observedAtOnce + observedQueued {
			if sent := <-told; !strings.Contains(sent.Error, "did not answer within 10s") {
				t.Errorf("told of %+v", sent)
			}
		}
		synctest.Wait()
		f.observed.mu.Lock()
		defer f.observed.mu.Unlock()
		if n := f.observed.bodies.held.Load(); n != 0 || f.observed.atWork != 0 {
			t.Errorf("%d bytes and %d are at work still", n, f.observed.atWork)
		}
	})
}

func TestObservedBodiesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, told := observing(t)
		pipes(f, silent)
		rule := appRule(Forwarding{URL: "http://h", Observe: true}, RuleAnswer{})
		x := coming("PUT /in HTTP/1.1\r\nHost: h\r\n\r\n")
		x.Request.Body = make([]byte, observedBodies/2)
		for range 3 {
			forwarded(t.Context(), f, rule, x)
		}
		if sent := <-told; !strings.Contains(sent.Error, "hold more than 64 MiB") {
			t.Errorf("told of %+v", sent.Error)
		}
		for range 2 {
			<-told
		}
	})
}

func TestForwarderCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &Forwarder{}
		told := make(chan *Exchange, observedAtOnce+8)
		f.Observed = func(sent *Exchange) { told <- sent }
		pipes(f, func(conn net.Conn) {
			if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil && r.URL.Path == "/soon" {
				time.Sleep(time.Second)
				_, _ = io.WriteString(conn, plainAnswer)
			}
			silent(conn)
		})
		for _, path := range []string{"soon", "never", "never"} {
			rule := appRule(Forwarding{URL: "http://h/" + path, Observe: true, Timeout: time.Minute}, RuleAnswer{})
			forwarded(t.Context(), f, rule, coming("GET /in HTTP/1.1\r\nHost: h\r\n\r\n"))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if err := f.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 5*time.Second {
			t.Errorf("closed with %v after %s", err, time.Since(began))
		}
		if len(told) != 3 {
			t.Fatalf("told of %d", len(told))
		}
		if sent := <-told; sent.State != StateAnswered {
			t.Errorf("told of %+v", sent)
		}
		for range 2 {
			if sent := <-told; sent.State != StateFailed || sent.Error != "Hookglass quit before h:80 had answered." {
				t.Errorf("told of %+v", sent)
			}
		}
		x := coming(comingGet)
		got := forwarded(t.Context(), f, appRule(Forwarding{URL: "http://h/soon", Observe: true}, RuleAnswer{}), x)
		if got.Status != 200 || len(told) != 0 || !strings.Contains(x.Error, "quitting") {
			t.Errorf("after it got %+v, %q, told of %d", got, x.Error, len(told))
		}
		if err := f.Close(t.Context()); err != nil || f.pool.count() != 0 {
			t.Errorf("again: %v, %d are kept", err, f.pool.count())
		}
	})
}
