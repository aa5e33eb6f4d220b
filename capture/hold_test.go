package capture

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func holdRule(span time.Duration, fallback RuleAnswer) Rule {
	return Rule{ID: 7, Name: "wait", Enabled: true, Kind: RuleHold, Params: RuleParams{For: span, Answer: fallback}}
}

// holdSource is what a hold needs in a test.
func holdSource() RuleSource {
	return RuleSource{Preset: presetsOf, Accepted: acceptAll, Holds: &Holds{}}
}

// ended is how a rule has answered.
type ended struct {
	response Response
	x        *Exchange
	after    time.Duration
}

// hold has a callback answered by a hold, and returns when it waits. It belongs
// into a bubble of synctest.
func hold(ctx context.Context, rule Rule, with RuleSource, change func(x *Exchange)) (<-chan ended, *Exchange) {
	x := orderExchange()
	x.Request.Received = time.Now()
	if change != nil {
		change(x)
	}
	done := make(chan ended, 1)
	go func() {
		began := time.Now()
		response, _ := NewRules([]Rule{rule}, with).Answer(ctx, x, nil, began)
		done <- ended{response, x, time.Since(began)}
	}()
	synctest.Wait()
	return done, x
}

func TestHoldIsAnsweredByHand(t *testing.T) {
	const given = "given"
	for name, tt := range map[string]struct {
		answer RuleAnswer
		want   Response
	}{
		"as ever":  {RuleAnswer{}, Response{Status: 200, Preset: "accepted", Body: []byte("{}")}},
		"preset":   {RuleAnswer{Preset: "503"}, Response{Status: 503, Preset: "503"}},
		"fixed":    {RuleAnswer{Status: 418, Header: Fields{{"X-Odd", "1"}}, Body: given}, Response{Status: 418, Body: []byte(given)}},
		"template": {RuleAnswer{Status: 200, Body: "{{order}} {{body.deep.list.0}}"}, Response{Status: 200}},
	} {
		synctest.Test(t, func(t *testing.T) {
			with := holdSource()
			done, x := hold(t.Context(), holdRule(time.Minute, RuleAnswer{Status: 500}), with, nil)
			time.Sleep(time.Second)
			if tt.answer.Body != "" && tt.answer.Body != given {
				x.Request.Body = []byte(`{"deep":{"list":["first"]}}`)
				tt.want.Body = []byte("31656 first")
			}
			if err := with.Holds.Answer(x.ID, tt.answer); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := <-done
			r := got.response
			if r.Status != tt.want.Status || string(r.Body) != string(tt.want.Body) || r.Preset != tt.want.Preset || got.after != time.Second {
				t.Errorf("%s: got %+v after %s, want %+v", name, r, got.after, tt.want)
			}
			if r.By != ByHand || r.Rule != 7 || r.RuleName != "wait" || x.Error != "" {
				t.Errorf("%s: by %q, rule %d %q, error %q", name, r.By, r.Rule, r.RuleName, x.Error)
			}
			if err := with.Holds.Answer(x.ID, tt.answer); !errors.Is(err, ErrNotHeld) {
				t.Errorf("%s: answered again: %v", name, err)
			}
			if list := with.Holds.List(); len(list) != 0 || with.Holds.room.held.Load() != 0 {
				t.Errorf("%s: %v still waits", name, list)
			}
		})
	}
}

// TestHoldGoesOn wants a sender to wait on where somebody errs.
func TestHoldGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := holdSource()
		done, x := hold(t.Context(), holdRule(time.Minute, RuleAnswer{Status: 202}), with, nil)
		for name, tt := range map[string]struct {
			answer RuleAnswer
			want   string
		}{
			"status":            {RuleAnswer{Status: 1000}, "200 to 599"},
			"both":              {RuleAnswer{Status: 200, Preset: "503"}, "not both"},
			"another's preset":  {RuleAnswer{Preset: "komet-0"}, "kornitx has no preset"},
			"preset of OPTIONS": {RuleAnswer{Preset: "no-post"}, "kornitx has no preset"},
			"variable":          {RuleAnswer{Status: 200, Body: "{{nope}}"}, "no variable"},
			"file":              {RuleAnswer{Status: 200, BodyFile: t.TempDir() + "/none"}, "cannot be read"},
		} {
			if err := with.Holds.Answer(x.ID, tt.answer); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %q", name, err, tt.want)
			}
		}
		for _, err := range []error{with.Holds.Answer(x.ID+1, RuleAnswer{}), with.Holds.Release(x.ID + 1)} {
			if !errors.Is(err, ErrNotHeld) {
				t.Errorf("one that does not wait: %v", err)
			}
		}
		if got := <-done; got.response.Status != 202 || got.response.By != ByRule || got.after != time.Minute || x.Error != "" {
			t.Errorf("got %+v after %s, %q", got.response, got.after, x.Error)
		}
	})
}

func TestHoldEnds(t *testing.T) {
	closing := func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := context.WithCancelCause(ctx)
		return ctx, func() { cancel(ErrClosing) }
	}
	for name, tt := range map[string]struct {
		span   time.Duration
		change func(x *Exchange)
		end    func(h *Holds, x *Exchange, leave func()) // after a second
		after  time.Duration
		state  State
		error  string
	}{
		"in time":       {3 * time.Second, nil, nil, 3 * time.Second, StateHeld, ""},
		"usual time":    {0, nil, nil, DefaultHold, StateHeld, ""},
		"local":         {MaxHold, func(x *Exchange) { x.Via = ViaLocal }, nil, MaxHold, StateHeld, ""},
		"tunnel":        {MaxHold, func(x *Exchange) { x.Via = ViaTunnel }, nil, tunnelHold, StateHeld, ""},
		"public":        {MaxHold, func(x *Exchange) { x.Via = ViaPublic }, nil, tunnelHold, StateHeld, ""},
		"slow tunnel":   {MaxHold, func(x *Exchange) { x.Via = ViaTunnel; age(x, 3*time.Minute) }, nil, time.Minute, StateHeld, ""},
		"slower tunnel": {MaxHold, func(x *Exchange) { x.Via = ViaTunnel; age(x, time.Hour) }, nil, 0, StateHeld, ""},
		"released":      {time.Minute, nil, func(h *Holds, x *Exchange, _ func()) { _ = h.Release(x.ID) }, time.Second, StateHeld, ""},
		"hung up":       {time.Minute, nil, func(_ *Holds, _ *Exchange, leave func()) { leave() }, time.Second, StateGone, `the sender hung up after 1s, while the rule "wait"`},
	} {
		synctest.Test(t, func(t *testing.T) {
			with := holdSource()
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			done, x := hold(ctx, holdRule(tt.span, RuleAnswer{Preset: "503"}), with, tt.change)
			if tt.end != nil {
				time.Sleep(time.Second)
				tt.end(with.Holds, x, leave)
			}
			got := <-done
			if got.response.Status != 503 || got.response.By != ByRule || got.after != tt.after || x.State != tt.state || !strings.HasPrefix(x.Error, tt.error) {
				t.Errorf("%s: got %+v after %s, %s %q", name, got.response, got.after, x.State, x.Error)
			}
			if tt.error == "" && x.Error != "" || len(with.Holds.List()) != 0 || with.Holds.room.held.Load() != 0 {
				t.Errorf("%s: error %q, %v still waits", name, x.Error, with.Holds.List())
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		with := holdSource()
		ctx, quit := closing(t.Context())
		done, x := hold(ctx, holdRule(0, RuleAnswer{}), with, nil)
		quit()
		if got := <-done; got.response.Status != 200 || x.State == StateGone || got.after != 0 {
			t.Errorf("quitting: %+v, %s", got.response, x.State)
		}
		done, _ = hold(ctx, holdRule(0, RuleAnswer{}), with, nil)
		if got := <-done; got.response.Status != 200 || got.after != 0 {
			t.Errorf("while quitting: %+v after %s", got.response, got.after)
		}
	})
}

func age(x *Exchange, by time.Duration) { x.Request.Received = x.Request.Received.Add(-by) }

func TestHoldTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := holdSource()
		var began []State
		var changed atomic.Int32
		with.Holds.Began = func(x *Exchange) {
			began = append(began, x.State)
			if len(with.Holds.List()) != len(began)-1 || !errors.Is(with.Holds.Release(x.ID), ErrNotHeld) {
				t.Error("it waits before Began has returned")
			}
		}
		with.Holds.Changed = func() { changed.Add(1) }
		first, x := hold(t.Context(), holdRule(time.Minute, RuleAnswer{Status: 503}), with, func(x *Exchange) {
			x.ID, x.Annotation.Event, x.Via = 3, "order.dispatched", ViaTunnel
		})
		time.Sleep(time.Second)
		second, _ := hold(t.Context(), holdRule(time.Hour/10, RuleAnswer{}), with, func(x *Exchange) { x.ID = 2 })
		list := with.Holds.List()
		if len(list) != 2 || list[0].Exchange != 3 || list[1].Exchange != 2 || list[1].Fallback != "as ever" {
			t.Fatalf("got %+v", list)
		}
		want := Held{
			Exchange: 3, Rule: 7, RuleName: "wait", Endpoint: x.Endpoint, Provider: "kornitx", Event: "order.dispatched",
			Method: x.Request.Method, Path: x.Request.Path(), Since: x.Request.Received, Until: x.Request.Received.Add(time.Minute),
			Fallback: "503", Via: ViaTunnel,
		}
		if list[0] != want {
			t.Errorf("got  %+v\nwant %+v", list[0], want)
		}
		if len(began) != 2 || began[0] != StateHeld || changed.Load() != 2 {
			t.Errorf("began %v, %d changes", began, changed.Load())
		}
		<-first
		<-second
		if changed.Load() != 4 {
			t.Errorf("%d changes", changed.Load())
		}
	})
}

func TestHoldIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := holdSource()
		rule := holdRule(time.Minute, RuleAnswer{Status: 503})
		var all []<-chan ended
		for i := range MaxHeld {
			done, _ := hold(t.Context(), rule, with, func(x *Exchange) { x.ID = int64(i + 1) })
			all = append(all, done)
		}
		if got := len(with.Holds.List()); got != MaxHeld {
			t.Fatalf("%d wait", got)
		}
		over, x := hold(t.Context(), rule, with, func(x *Exchange) { x.ID = 999 })
		got := <-over
		if got.response.Status != 503 || got.response.By != ByRule || got.after != 0 || !strings.Contains(x.Error, "256 callbacks were held already") {
			t.Errorf("one more got %+v after %s, %q", got.response, got.after, x.Error)
		}
		if err := with.Holds.Release(1); err != nil {
			t.Error(err)
		}
		again, x := hold(t.Context(), rule, with, func(x *Exchange) { x.ID = 999 })
		if got := <-again; got.after != time.Minute || x.Error != "" {
			t.Errorf("with room again: after %s, %q", got.after, x.Error)
		}
		for _, done := range all {
			<-done
		}
	})
}

// Held bodies leave room for those of callbacks that do not wait.
func TestHoldIsFullOfBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := holdSource()
		rule := holdRule(time.Minute, RuleAnswer{Status: 503})
		large := func(id, size int) func(x *Exchange) {
			return func(x *Exchange) { x.ID, x.Request.Body = int64(id), make([]byte, size) }
		}
		first, _ := hold(t.Context(), rule, with, large(1, maxHeldBodies))
		over, x := hold(t.Context(), rule, with, large(2, 1))
		if got := <-over; got.response.Status != 503 || got.after != 0 || !strings.Contains(x.Error, "64 MiB together") {
			t.Errorf("one more got %+v after %s, %q", got.response, got.after, x.Error)
		}
		<-first
		again, x := hold(t.Context(), rule, with, large(3, maxHeldBodies))
		if got := <-again; got.after != time.Minute || x.Error != "" {
			t.Errorf("with room again: after %s, %q", got.after, x.Error)
		}
		if room, bodies := with.Holds.room.held.Load(), with.Holds.bodies.held.Load(); room != 0 || bodies != 0 {
			t.Errorf("%d callbacks and %d bytes are held after all", room, bodies)
		}
	})
}

// TestHoldTakesOneAnswer has many answer the same callback while its time ends.
func TestHoldTakesOneAnswer(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			with := holdSource()
			done, x := hold(t.Context(), holdRule(time.Second, RuleAnswer{Status: 503}), with, nil)
			var taken atomic.Int64
			var people sync.WaitGroup
			for i := range 8 {
				people.Go(func() {
					time.Sleep(time.Second)
					switch err := with.Holds.Answer(x.ID, RuleAnswer{Status: 210 + i, Body: "{{order}}"}); {
					case err == nil && !taken.CompareAndSwap(0, int64(210+i)):
						t.Error("two answers were taken")
					case err != nil && !errors.Is(err, ErrNotHeld):
						t.Error(err)
					}
				})
			}
			got := <-done
			got.x.Request.Body = nil // nobody looks at it any more
			people.Wait()
			if want := taken.Load(); want != 0 && int64(got.response.Status) != want || want == 0 && got.response.Status != 503 {
				t.Errorf("got %d, taken was %d", got.response.Status, want)
			}
		})
	}
}

func TestHoldGoesByItsFallback(t *testing.T) {
	rs := newRules(holdRule(0, RuleAnswer{Preset: "komet-0"}))
	if _, ok := rs.Match(orderExchange(), nil, filledAt); ok {
		t.Error("KornitX would be answered with a preset of Komet")
	}
	if _, _, above := rs.Explain(orderExchange(), nil, filledAt); len(above) != 1 || above[0].Why != `kornitx has no preset "komet-0"` {
		t.Errorf("got %+v", above)
	}
	if _, ok := rs.Match(orderExchange(), &Endpoint{Path: "/kornitx/*", Provider: "komet"}, filledAt); !ok {
		t.Error("Komet is not held")
	}
}
