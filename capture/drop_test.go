package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func dropRule(how Drop) Rule {
	return Rule{ID: 9, Name: "cut", Enabled: true, Kind: RuleDrop, Params: RuleParams{Drop: how}}
}

// accepting26 takes callbacks with a body of 26 bytes.
func accepting26(*Request, *Endpoint) Response {
	return Response{Status: 202, By: ByPreset, Preset: "accepted", Header: Fields{{"x-ODD", "1"}}, Body: []byte("abcdefghijklmnopqrstuvwxyz")}
}

// serveDrop serves one rule, without the callbacks being annotated early.
func serveDrop(t *testing.T, via Via, how Drop, accepted func(*Request, *Endpoint) Response) *bench {
	t.Helper()
	return serveSource(t, DefaultLimits(), via, RuleSource{Accepted: accepted}, dropRule(how))
}

// rest reads all that comes on a connection.
func rest(r *bufio.Reader) (string, error) {
	text, err := io.ReadAll(r)
	return string(text), err
}

func TestDropOnTheWire(t *testing.T) {
	empty := func(*Request, *Endpoint) Response { return Response{Status: 200} }
	no := func(status int) func(*Request, *Endpoint) Response {
		return func(*Request, *Endpoint) Response { return Response{Status: status} }
	}
	replaced := func(old, by string) string { return strings.Replace(putRequest, old, by, 1) }
	for name, tt := range map[string]struct {
		how      Drop
		accepted func(*Request, *Endpoint) Response
		raw      string
		begins   string // what comes, from its begin and to its end
		ends     string
		reset    bool
		status   int    // that is kept
		said     string // in the error that is kept
	}{
		"close":             {DropClose, accepting26, putRequest, "", "", false, 0, `the rule "cut" has closed the connection before an answer`},
		"close HTTP/1.0":    {DropClose, accepting26, replaced("1.1", "1.0"), "", "", false, 0, "closed"},
		"close pipelined":   {DropClose, accepting26, strings.Repeat(putRequest, 9), "", "", false, 0, "closed"},
		"close far ahead":   {DropClose, accepting26, strings.Repeat(putRequest, 900), "", "", false, 0, "closed"},
		"close a GET":       {DropClose, accepting26, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "", "", false, 0, "closed"},
		"close chunked":     {DropClose, accepting26, "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: y\r\n\r\n", "", "", false, 0, "closed"},
		"reset":             {DropReset, accepting26, putRequest, "", "", true, 0, `the rule "cut" has reset the connection instead of answering`},
		"reset HTTP/1.0":    {DropReset, accepting26, replaced("1.1", "1.0"), "", "", true, 0, "reset"},
		"half":              {DropHalf, accepting26, putRequest, "HTTP/1.1 202 Accepted\r\n", "\r\n\r\nabcdefghijklm", false, 202, `the rule "cut" has broken the answer off after 13 of 26 bytes of its body`},
		"half HTTP/1.0":     {DropHalf, accepting26, replaced("1.1", "1.0"), "HTTP/1.0 202 Accepted\r\n", "\r\n\r\nabcdefghijklm", false, 202, "13 of 26"},
		"half pipelined":    {DropHalf, accepting26, strings.Repeat(putRequest, 9), "HTTP/1.1 202 Accepted\r\n", "\r\n\r\nabcdefghijklm", false, 202, "13 of 26"},
		"half of nothing":   {DropHalf, empty, putRequest, "HTTP/1.1 200 OK\r\n", "\r\n\r\n{", false, 200, "after 1 of 2 bytes"},
		"half without body": {DropHalf, no(204), putRequest, "HTTP/1.1 204 No Content\r\n", "HTTP/1.1 204 No Content\r\n", false, 204, "broken the answer off in its head"},
		"half of a HEAD":    {DropHalf, accepting26, replaced("PUT", "HEAD"), "HTTP/1.1 202 Accepted\r\n", "HTTP/1.1 202 Accepted\r\n", false, 202, "in its head"},
	} {
		t.Run(name, func(t *testing.T) {
			b := serveDrop(t, ViaLocal, tt.how, tt.accepted)
			conn, r := b.open(t, tt.raw)
			got, err := rest(r)
			_ = conn.Close() // so that nobody waits for it
			if reset := errors.Is(err, syscall.ECONNRESET); reset != tt.reset || err != nil && !reset {
				t.Errorf("the end: %v, want a reset %v", err, tt.reset)
			}
			if !strings.HasPrefix(got, tt.begins) || !strings.HasSuffix(got, tt.ends) || tt.begins == "" && got != "" {
				t.Errorf("got %q", got)
			}
			if whole := fmt.Sprintf("Content-Length: %d\r\n", max(2, len(tt.accepted(nil, nil).Body))); strings.Contains(got, "\r\n\r\n") && !strings.Contains(got, whole) {
				t.Errorf("got %q without %q", got, whole)
			}
			b.stop(t)
			_, updated := b.last(t)
			a := updated.Response
			if updated.State != StateDropped || !strings.Contains(updated.Error, tt.said) || len(b.kept) != 1 {
				t.Errorf("%d kept, the last %s %q", len(b.kept), updated.State, updated.Error)
			}
			if a == nil || a.Status != tt.status || a.By != ByRule || a.Rule != 9 || a.RuleName != "cut" || a.Preset != "" || a.Timing.Took <= 0 {
				t.Fatalf("kept %+v", a)
			}
			if _, body, _ := strings.Cut(got, "\r\n\r\n"); string(a.Body) != body {
				t.Errorf("kept the body %q, sent %q", a.Body, body)
			}
			if n := b.handler.inFlight.held.Load() + b.handler.bodies.held.Load(); n != 0 {
				t.Errorf("%d is still counted", n)
			}
		})
	}
}

// TestDropToAClient uses a real client, which wants to keep its connection.
func TestDropToAClient(t *testing.T) {
	for _, how := range []Drop{DropClose, DropReset, DropHalf} {
		b := serveDrop(t, ViaLocal, how, accepting26)
		dropped := b.handler.Answer
		b.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
			if x.Request.Target == "/well" {
				return Response{Status: 200, Body: []byte("well")}
			}
			return dropped(ctx, x, e)
		}
		client := &http.Client{Transport: &http.Transport{}}
		ask := func(path string) (status int, body string, err error) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+b.addr+path, strings.NewReader("x"))
			if err != nil {
				return 0, "", err
			}
			response, err := client.Do(request)
			if err != nil {
				return 0, "", err
			}
			text, err := io.ReadAll(response.Body)
			return response.StatusCode, string(text), errors.Join(err, response.Body.Close())
		}
		for range 3 { // a good one before, on the same connection, and one after, on another
			if status, body, err := ask("/well"); status != 200 || body != "well" || err != nil {
				t.Errorf("%s: another callback got %d %q, %v", how, status, body, err)
			}
			status, body, err := ask("/dropped")
			if err == nil || how == DropHalf && (status != 202 || body != "abcdefghijklm" || !errors.Is(err, io.ErrUnexpectedEOF)) {
				t.Errorf("%s: got %d %q, %v", how, status, body, err)
			}
		}
		client.CloseIdleConnections()
		b.stop(t)
		if len(b.kept) != 6 {
			t.Errorf("%s: %d were kept", how, len(b.kept))
		}
	}
}

// entering tells each callback that is to be answered.
func entering(b *bench) <-chan struct{} {
	entered := make(chan struct{}, 16)
	answer := b.handler.Answer
	b.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
		defer func() { entered <- struct{}{} }()
		return answer(ctx, x, e)
	}
	return entered
}

func TestDropNever(t *testing.T) {
	for name, tt := range map[string]struct {
		raw  string
		end  func(t *testing.T, b *bench, conn net.Conn)
		said string
	}{
		"hung up":                 {putRequest, hangUp, "and it hung up after"},
		"hung up behind more":     {putRequest + putRequest, hangUp, "and it hung up after"},
		"hung up behind a lot":    {strings.Repeat(putRequest, 5000), hangUp, "and it hung up after"},
		"closed its side":         {putRequest, closeSide, "and it hung up after"},
		"quitting":                {putRequest, func(t *testing.T, b *bench, _ net.Conn) { t.Helper(); b.stop(t) }, "until Hookglass quit"},
		"quitting, HTTP/1.0":      {strings.Replace(putRequest, "1.1", "1.0", 1), func(t *testing.T, b *bench, _ net.Conn) { t.Helper(); b.stop(t) }, "until Hookglass quit"},
		"quitting behind another": {putRequest + putRequest, func(t *testing.T, b *bench, _ net.Conn) { t.Helper(); b.stop(t) }, "until Hookglass quit"},
	} {
		t.Run(name, func(t *testing.T) {
			b := serveDrop(t, ViaLocal, DropNever, accepting26)
			entered := entering(b)
			conn, _ := b.open(t, tt.raw)
			<-entered
			if err := conn.SetReadDeadline(time.Now()); err != nil {
				t.Fatal(err)
			}
			if n, err := conn.Read(make([]byte, 1)); n != 0 || !errors.Is(err, context.DeadlineExceeded) && !isTimeout(err) {
				t.Errorf("got %d bytes, %v", n, err)
			}
			tt.end(t, b, conn)
			select {
			case <-b.told:
			case <-time.After(20 * time.Second):
				t.Fatal("it still waits")
			}
			b.stop(t)
			_, updated := b.last(t)
			if updated.State != StateDropped || !strings.Contains(updated.Error, tt.said) || updated.Response.Status != 0 || len(b.kept) != 1 {
				t.Errorf("%d kept, the last %s %q %+v", len(b.kept), updated.State, updated.Error, updated.Response)
			}
		})
	}
}

// TestDropNeverEnds bounds how long a sender of endless patience takes a place.
func TestDropNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		began := time.Now()
		got := starve(t.Context(), ours)
		if took := time.Since(began); took != maxNever || got != "left the sender without an answer for 10m" {
			t.Errorf("%q after %s", got, took)
		}
		if err := errors.Join(ours.Close(), theirs.Close()); err != nil {
			t.Error(err)
		}
	})
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

func hangUp(t *testing.T, _ *bench, conn net.Conn) {
	t.Helper()
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}

func closeSide(t *testing.T, _ *bench, conn net.Conn) {
	t.Helper()
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
}

// TestDropBehindTheTunnel has a connection that is not of TCP, and knows less.
func TestDropBehindTheTunnel(t *testing.T) {
	for _, how := range []Drop{DropClose, DropReset, DropHalf} {
		ours, theirs := net.Pipe()
		m := newMemory()
		h := &Handler{
			Recorder: m, Log: nil, Limits: DefaultLimits(),
			Endpoint: func(string) *Endpoint { return nil },
			Annotate: func(*Request, *Endpoint) Annotation { return Annotation{} },
		}
		rs := NewRules([]Rule{dropRule(how)}, RuleSource{Accepted: accepting26})
		h.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
			response, _ := rs.Answer(ctx, x, e, time.Now())
			return response
		}
		s := NewServer(h)
		served := make(chan error, 1)
		go func() { served <- s.Serve(newOnce(ours), ViaTunnel) }()
		sent := make(chan error, 1)
		go func() {
			_, err := io.WriteString(theirs, putRequest)
			sent <- err
		}()
		got, err := rest(bufio.NewReader(theirs))
		if (how == DropHalf) != strings.HasSuffix(got, "\r\n\r\nabcdefghijklm") || err != nil || how != DropHalf && got != "" {
			t.Errorf("%s: got %q, %v", how, got, err)
		}
		if err := errors.Join(<-sent, theirs.Close(), s.Shutdown(t.Context()), <-served); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		_, updated := m.last(t)
		if updated.State != StateDropped || !strings.HasSuffix(updated.Error, "; through ngrok the sender sees a 502 instead") || updated.Via != ViaTunnel {
			t.Errorf("%s: kept %s %q", how, updated.State, updated.Error)
		}
	}
}

func TestDropsHaveWords(t *testing.T) {
	seen := map[string]bool{}
	for _, how := range append(Drops, "moon") {
		effect, words := how.Effect(), how.words()
		if seen[words] || (effect == "") != (how == "moon") || effect != "" && !strings.Contains(effect, "502 instead") {
			t.Errorf("%s: %q, %q", how, words, effect)
		}
		seen[words] = true
	}
}
