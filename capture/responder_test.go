package capture

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serveRules starts a server that answers by rules, and stops like serve's.
func serveRules(t *testing.T, limits Limits, list ...Rule) *bench {
	t.Helper()
	return serveSource(t, limits, ViaLocal, RuleSource{Preset: presetsOf, Accepted: acceptAll}, list...)
}

// serveSource is serveRules with what the rules need.
func serveSource(t *testing.T, limits Limits, via Via, with RuleSource, list ...Rule) *bench {
	t.Helper()
	b := serve(t, limits, via)
	rs := NewRules(list, with)
	b.handler.Annotate = func(r *Request, _ *Endpoint) Annotation {
		order, delivery, _ := strings.Cut(string(r.Body), " ")
		return Annotation{Provider: "kornitx", Order: order, Delivery: delivery}
	}
	b.handler.Wants = func(x *Exchange, e *Endpoint) bool { return rs.Wants(x, e, time.Now()) }
	b.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
		if response, ok := rs.Answer(ctx, x, e, time.Now()); ok {
			return response
		}
		return acceptAll(&x.Request, e)
	}
	return b
}

const putRequest = "PUT /x?a=b HTTP/1.1\r\nHost: a\r\nX-Evil: a\tb\r\nContent-Length: 3\r\n\r\n1 d"

// headLines reads the lines of an answer's head, without the empty one.
func headLines(t *testing.T, r *bufio.Reader) []string {
	t.Helper()
	var lines []string
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("no whole head after %q: %v", lines, err)
		}
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			return lines
		}
		lines = append(lines, line)
	}
}

func (b *bench) open(t *testing.T, raw string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn := b.dial(t)
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

func TestFixedOnTheWire(t *testing.T) {
	rule := answering(RuleAnswer{
		Status: 599, Body: `{"order":"{{order}}","evil":"{{header.X-Evil}}"}`,
		Header: Fields{{"content-TYPE", "application/json"}, {"x-ODD", "1"}, {"x-ODD", "{{order}} {{query.a}}"}, {"date", "never"}},
	})
	rule.Name = "odd"
	b := serveRules(t, DefaultLimits(), rule)
	_, r := b.open(t, putRequest)
	lines := headLines(t, r)
	want := []string{"HTTP/1.1 599 status code 599", "content-TYPE: application/json", "date: never", "x-ODD: 1", "x-ODD: 1 b", "Content-Length: 27"}
	slices.Sort(lines[1:])
	slices.Sort(want[1:])
	if !slices.Equal(lines, want) {
		t.Errorf("got  %q\nwant %q", lines, want)
	}
	body := make([]byte, 27)
	if _, err := io.ReadFull(r, body); err != nil || string(body) != `{"order":"1","evil":"a\tb"}` {
		t.Errorf("body %q, %v", body, err)
	}
	b.stop(t)
	_, updated := b.last(t)
	if a := updated.Response; a == nil || a.By != ByRule || a.Rule != 1 || a.RuleName != "odd" || a.Status != 599 || updated.State != StateAnswered {
		t.Errorf("kept %+v %+v", updated.State, a)
	}
}

func TestFixedToAClient(t *testing.T) {
	bytesAnswer := answering(RuleAnswer{Status: 200, BodyBase64: "AP97ew==", Header: Fields{{"Content-Type", "application/octet-stream"}}})
	for name, tt := range map[string]struct {
		rule   Rule
		method string
		status int
		body   string
	}{
		"503":          {fixedRule(1, 503), "PUT", 503, ""},
		"bytes":        {bytesAnswer, "PUT", 200, "\x00\xff{{"},
		"no body":      {answering(RuleAnswer{Status: 204, Body: "x"}), "PUT", 204, ""},
		"HEAD":         {answering(RuleAnswer{Status: 404, Body: "x"}), "HEAD", 404, ""},
		"OPTIONS":      {fixedRule(1, 503), "OPTIONS", 503, ""},
		"a text":       {answering(RuleAnswer{Status: 200, Body: "<b>"}), "POST", 200, "<b>"},
		"preset":       {presetRule(1, "503"), "POST", 503, ""},
		"not its rule": {presetRule(1, "komet-0"), "POST", 200, "{}"},
	} {
		b := serveRules(t, DefaultLimits(), tt.rule)
		request, err := http.NewRequestWithContext(t.Context(), tt.method, "http://"+b.addr+"/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		response, err := client.Do(request)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != tt.status || string(body) != tt.body {
			t.Errorf("%s: %d %q, %v", name, response.StatusCode, body, err)
		}
		if kind := response.Header["Content-Type"]; name == "a text" && kind != nil {
			t.Errorf("%s: net/http has added %q", name, kind)
		}
		b.stop(t)
	}
}

// TestSequenceOnTheWire is the issue's: three deliveries of one callback, and
// another order's counted apart.
func TestSequenceOnTheWire(t *testing.T) {
	b := serveRules(t, DefaultLimits(), Rule{ID: 1, Enabled: true, Kind: RuleSequence, Params: RuleParams{
		Answers: []RuleAnswer{{Status: 503}, {Status: 503}, {Status: 200}},
	}})
	var got []int
	for _, body := range []string{"1 a", "1 a", "2 b", "1 a", "2 b", "1 a", "2 b"} {
		got = append(got, b.send(t, "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"+body).status)
	}
	if want := []int{503, 503, 503, 200, 503, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func delayedRule(head, body time.Duration) Rule {
	return Rule{ID: 1, Name: "slow", Enabled: true, Kind: RuleDelayed, Params: RuleParams{
		Delay: head, DelayBody: body, Answer: RuleAnswer{Status: 202, Body: "late", Header: Fields{{"Content-Type", "text/plain"}}},
	}}
}

func TestDelayedIsLate(t *testing.T) {
	const late = 30 * time.Millisecond
	for name, rule := range map[string]Rule{"head": delayedRule(late, 0), "body": delayedRule(0, late), "both": delayedRule(late, late)} {
		b := serveRules(t, DefaultLimits(), rule)
		begin := time.Now()
		answer := b.send(t, putRequest)
		if took := time.Since(begin); answer.status != 202 || answer.body != "late" || took < late {
			t.Errorf("%s: %+v after %s", name, answer, took)
		}
		b.stop(t)
		if _, updated := b.last(t); updated.State != StateAnswered || updated.Response.Timing.Took < late {
			t.Errorf("%s: kept %+v", name, updated.Response)
		}
	}
}

func TestDelayedBodyComesAfterItsHead(t *testing.T) {
	b := serveRules(t, DefaultLimits(), delayedRule(0, MaxRuleDelay))
	_, r := b.open(t, putRequest)
	if lines := headLines(t, r); lines[0] != "HTTP/1.1 202 Accepted" || r.Buffered() > 0 {
		t.Errorf("head %q, and %d bytes of the body", lines, r.Buffered())
	}
	b.stop(t) // ends the wait; the answer is given whole
	body := make([]byte, 4)
	if _, err := io.ReadFull(r, body); err != nil || string(body) != "late" {
		t.Errorf("body %q, %v", body, err)
	}
	if _, updated := b.last(t); updated.State != StateAnswered || updated.Error != "" {
		t.Errorf("kept %s %q", updated.State, updated.Error)
	}
}

func TestClosingEndsADelay(t *testing.T) {
	b := serveRules(t, DefaultLimits(), delayedRule(MaxRuleDelay, 0))
	b.block, b.created = make(chan struct{}), make(chan int64)
	conn, _ := b.open(t, putRequest)
	<-b.created
	close(b.block)
	b.stop(t)
	if answer := answerOn(t, conn); answer.status != 202 || answer.body != "late" {
		t.Errorf("answer %+v", answer)
	}
	if _, updated := b.last(t); updated.State != StateAnswered {
		t.Errorf("kept %s %q", updated.State, updated.Error)
	}
}

func TestHangingUpEndsADelay(t *testing.T) {
	for name, rule := range map[string]Rule{"head": delayedRule(MaxRuleDelay, 0), "body": delayedRule(0, MaxRuleDelay)} {
		b := serveRules(t, DefaultLimits(), rule)
		entered := make(chan struct{}, 1)
		answer := b.handler.Answer
		b.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
			entered <- struct{}{}
			return answer(ctx, x, e)
		}
		conn, _ := b.open(t, putRequest)
		<-entered
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-b.told:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: the wait goes on", name)
		}
		b.stop(t)
		_, updated := b.last(t)
		if updated.State != StateGone || !strings.Contains(updated.Error, "hung up") || updated.Response == nil || updated.Response.Rule != 1 {
			t.Errorf("%s: kept %s %q %+v", name, updated.State, updated.Error, updated.Response)
		}
	}
}

func TestWaitingCountsAsInFlight(t *testing.T) {
	limits := DefaultLimits()
	limits.InFlight = 1
	b := serveRules(t, limits, delayedRule(MaxRuleDelay, 0))
	entered := make(chan struct{}, 1)
	answer := b.handler.Answer
	b.handler.Answer = func(ctx context.Context, x *Exchange, e *Endpoint) Response {
		entered <- struct{}{}
		return answer(ctx, x, e)
	}
	b.open(t, putRequest)
	<-entered
	if second := b.send(t, putRequest); second.status != 503 || !strings.Contains(second.body, "in flight") {
		t.Errorf("a second callback got %+v", second)
	}
}

// TestHandlerAnnotatesOnce wants the annotation before the answer where a rule
// looks at it, after it elsewhere, and never twice.
func TestHandlerAnnotatesOnce(t *testing.T) {
	for _, wants := range []bool{true, false} {
		b := serve(t, DefaultLimits(), ViaLocal)
		var annotated, early atomic.Int32
		b.handler.Annotate = func(*Request, *Endpoint) Annotation {
			annotated.Add(1)
			return Annotation{Order: "7"}
		}
		b.handler.Wants = func(*Exchange, *Endpoint) bool { return wants }
		b.handler.Answer = func(_ context.Context, x *Exchange, _ *Endpoint) Response {
			if x.Annotation.Order == "7" {
				early.Add(1)
			}
			return Response{Status: 200}
		}
		b.send(t, putRequest)
		b.stop(t)
		_, updated := b.last(t)
		if annotated.Load() != 1 || (early.Load() == 1) != wants || updated.Annotation.Order != "7" {
			t.Errorf("wanted %v: annotated %d times, before the answer %d, kept %+v", wants, annotated.Load(), early.Load(), updated.Annotation)
		}
	}
}

// TestRulesLookAtTheStartOfABody bounds what a large body costs.
func TestRulesLookAtTheStartOfABody(t *testing.T) {
	x := orderExchange()
	x.Request.Body = append(bytes.Repeat([]byte("x "), maxMatched/2), "hermes"...)
	x.Request.Size = int64(len(x.Request.Body))
	r := fixedRule(1, 503)
	r.Filter = "body:hermes"
	if _, ok := newRules(r).Match(x, nil, filledAt); ok {
		t.Error("it looked beyond the first MiB")
	}
	r.Filter = "body:x size:>1mb"
	if _, ok := newRules(r).Match(x, nil, filledAt); !ok || len(x.Request.Body) <= maxMatched {
		t.Error("the first MiB does not match, or the exchange was cut")
	}
}
