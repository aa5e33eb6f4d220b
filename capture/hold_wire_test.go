package capture

import (
	"bufio"
	"context"
	"errors"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// changes lets a test wait for what Holds tell.
func changes(h *Holds) <-chan struct{} {
	c := make(chan struct{}, 1)
	h.Changed = func() {
		select {
		case c <- struct{}{}:
		default:
		}
	}
	return c
}

// await waits until as many callbacks are held.
func await(t *testing.T, h *Holds, changed <-chan struct{}, count int) []Held {
	t.Helper()
	for bound := time.After(20 * time.Second); ; {
		if list := h.List(); len(list) == count {
			return list
		}
		select {
		case <-changed:
		case <-bound:
			t.Fatalf("%d callbacks wait, want %d", len(h.List()), count)
		}
	}
}

func TestHoldOnTheWire(t *testing.T) {
	with := holdSource()
	changed := changes(with.Holds)
	b := serveSource(t, DefaultLimits(), ViaLocal, with, holdRule(MaxHold, RuleAnswer{Status: 500}))
	first, _ := b.open(t, putRequest)
	await(t, with.Holds, changed, 1)
	second, _ := b.open(t, strings.Replace(putRequest, "1 d", "2 d", 1))
	list := await(t, with.Holds, changed, 2)
	for i, h := range list {
		if h.Exchange != int64(i+1) || h.Method != "PUT" || h.Path != "/x" || h.Provider != "kornitx" || h.Via != ViaLocal {
			t.Errorf("%d: %+v", i, h)
		}
	}
	if err := with.Holds.Answer(2, RuleAnswer{Status: 418, Header: Fields{{"x-ODD", "{{order}}"}}, Body: "for {{order}}"}); err != nil {
		t.Fatal(err)
	}
	if got := answerOn(t, second); got.status != 418 || got.body != "for 2" || got.header.Get("X-Odd") != "2" {
		t.Errorf("the second got %+v", got)
	}
	if err := with.Holds.Answer(1, RuleAnswer{Preset: "503"}); err != nil {
		t.Fatal(err)
	}
	if got := answerOn(t, first); got.status != 503 {
		t.Errorf("the first got %+v", got)
	}
	b.stop(t)
	_, updated := b.last(t)
	if a := updated.Response; updated.State != StateAnswered || a.By != ByHand || a.Rule != 7 || a.RuleName != "wait" || a.Status != 418 {
		t.Errorf("kept %s %+v", updated.State, a)
	}
}

// TestHeldAreBounded holds 200 callbacks, and compares what that takes with 200
// senders that wait for the handler alone. Quitting answers all of them.
func TestHeldAreBounded(t *testing.T) {
	const many = 200
	goroutines, heap := plainlyWaiting(t, many)
	with := holdSource()
	changed := changes(with.Holds)
	b := serveSource(t, DefaultLimits(), ViaLocal, with, holdRule(MaxHold, RuleAnswer{Status: 503, Body: "for {{order}}"}))
	before := measure()
	var conns []net.Conn
	for range many {
		conn, _ := b.open(t, putRequest)
		conns = append(conns, conn)
	}
	await(t, with.Holds, changed, many)
	after := measure()
	if got := after.goroutines - before.goroutines; got > goroutines+4 {
		t.Errorf("%d held callbacks take %d goroutines, %d plain ones %d", many, got, many, goroutines)
	}
	// A question, a timer, a channel and a place in the list, and the exchange's
	// annotation, which waits for the answer otherwise.
	if got := after.heap - before.heap; got > heap+many*4<<10 {
		t.Errorf("%d held callbacks take %d bytes of heap, %d plain ones %d", many, got, many, heap)
	}
	b.stop(t)
	for i, conn := range conns {
		if got := answerOn(t, conn); got.status != 503 || got.body != "for 1" {
			t.Fatalf("%d: %+v", i, got)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, x := range b.updated {
		if x.State != StateAnswered || x.Response.By != ByRule || x.Error != "" {
			t.Errorf("%d: kept %s %+v %q", id, x.State, x.Response, x.Error)
		}
	}
	if held := b.handler.inFlight.held.Load() + b.handler.bodies.held.Load(); len(b.updated) != many || held != 0 {
		t.Errorf("%d were concluded, %d is still counted", len(b.updated), held)
	}
}

type usage struct{ goroutines, heap int }

func measure() usage {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one only marked, such as pools
	runtime.ReadMemStats(&stats)
	return usage{runtime.NumGoroutine(), int(stats.HeapAlloc)}
}

// plainlyWaiting returns what as many senders take that wait for the handler.
func plainlyWaiting(t *testing.T, many int) (goroutines, heap int) {
	t.Helper()
	b := serve(t, DefaultLimits(), ViaLocal)
	var entered atomic.Int32
	all, leave := make(chan struct{}), make(chan struct{})
	b.handler.Answer = func(context.Context, *Exchange, *Endpoint) Response {
		if int(entered.Add(1)) == many {
			close(all)
		}
		<-leave
		return Response{Status: 200}
	}
	before := measure()
	for range many {
		b.open(t, putRequest)
	}
	select {
	case <-all:
	case <-time.After(20 * time.Second):
		t.Fatal("not all callbacks came")
	}
	after := measure()
	close(leave)
	b.stop(t)
	return after.goroutines - before.goroutines, after.heap - before.heap
}

func TestHangingUpEndsAHold(t *testing.T) {
	with := holdSource()
	changed := changes(with.Holds)
	b := serveSource(t, DefaultLimits(), ViaLocal, with, holdRule(MaxHold, RuleAnswer{}))
	conn, _ := b.open(t, putRequest)
	await(t, with.Holds, changed, 1)
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	await(t, with.Holds, changed, 0)
	if err := with.Holds.Answer(1, RuleAnswer{}); !errors.Is(err, ErrNotHeld) {
		t.Errorf("answered after that: %v", err)
	}
	b.stop(t)
	if _, updated := b.last(t); updated.State != StateGone || !strings.Contains(updated.Error, "hung up after") || updated.Response.Rule != 7 {
		t.Errorf("kept %s %q %+v", updated.State, updated.Error, updated.Response)
	}
}

func TestHeldCountAsInFlight(t *testing.T) {
	limits := DefaultLimits()
	limits.InFlight = 1
	with := holdSource()
	changed := changes(with.Holds)
	b := serveSource(t, limits, ViaLocal, with, holdRule(MaxHold, RuleAnswer{}))
	conn, _ := b.open(t, putRequest)
	await(t, with.Holds, changed, 1)
	if got := b.send(t, putRequest); got.status != 503 || !strings.Contains(got.body, "in flight") {
		t.Errorf("a second one got %+v", got)
	}
	if err := with.Holds.Release(1); err != nil {
		t.Fatal(err)
	}
	if got := answerOn(t, conn); got.status != 200 {
		t.Errorf("the first got %+v", got)
	}
}

// TestTrailersOnTheWire is for what an app answers; a rule's own answer has none.
func TestTrailersOnTheWire(t *testing.T) {
	for proto, want := range map[string][]string{
		"HTTP/1.1": {"HTTP/1.1 200 OK", "Trailer: x-SUM, X-Two", "Transfer-Encoding: chunked", "4\r\nbody\r\n0\r\nX-Two: a\r\nX-Two: b\r\nx-SUM: 7\r\n\r\n"},
		"HTTP/1.0": {"HTTP/1.0 200 OK", "Content-Length: 4", "body"},
	} {
		b := serve(t, DefaultLimits(), ViaLocal)
		b.handler.Answer = func(context.Context, *Exchange, *Endpoint) Response {
			return Response{Status: 200, Header: Fields{{"date", "never"}}, Body: []byte("body"), Trailers: Fields{{"x-SUM", "7"}, {"X-Two", "a"}, {"X-Two", "b"}}}
		}
		_, r := b.open(t, strings.Replace(putRequest, "HTTP/1.1\r\n", proto+"\r\nConnection: close\r\n", 1))
		lines := slices.DeleteFunc(headLines(t, r), func(line string) bool {
			return line == "date: never" || line == "Connection: close" && proto == "HTTP/1.1"
		})
		slices.Sort(lines[1:])
		rest, err := readAll(r)
		if got := append(lines, rest); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v\ngot  %q\nwant %q", proto, err, got, want)
		}
	}
}

func readAll(r *bufio.Reader) (string, error) {
	var text strings.Builder
	_, err := r.WriteTo(&text)
	return text.String(), err
}
