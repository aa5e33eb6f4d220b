package viewmodel

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
)

// heldBench is a bench with an engine that holds callbacks, and timers that fire
// when the test says so.
type heldBench struct {
	*bench
	mu     sync.Mutex
	held   []capture.Held
	looks  int
	given  []string // "3 503 Out of stock", "3 fallback"
	fails  error    // what giving an answer returns
	timers []*heldTimer
	focus  []Pane
	told   []string // to the desktop
}

type heldTimer struct {
	in time.Duration
	f  func()
}

func newHeldBench(t *testing.T) *heldBench {
	t.Helper()
	h := &heldBench{bench: newBench(t)}
	h.Detail.after = func(d time.Duration, f func()) func() bool {
		timer := &heldTimer{d, f}
		h.timers = append(h.timers, timer)
		return func() bool { timer.f = nil; return true }
	}
	h.Screen.Focus = func(p Pane) { h.focus = append(h.focus, p) }
	h.Screen.Notify = func(title, text string) { h.told = append(h.told, title+" | "+text) }
	h.attachWith(t, func() {
		h.engine.Held = func() []capture.Held {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.looks++
			return append([]capture.Held(nil), h.held...)
		}
		h.engine.AnswerHeld = func(_ context.Context, id int64, a capture.RuleAnswer) error {
			h.given = append(h.given, strings.Join(strings.Fields(fmt.Sprint(id, " ", a.Preset, " ", a.Message, " ", statusOr(a.Status), " ", a.Header.Value("Content-Type"), " ", a.Body)), " "))
			return h.fails
		}
		h.engine.ReleaseHeld = func(_ context.Context, id int64) error {
			h.given = append(h.given, fmt.Sprint(id, " fallback"))
			return h.fails
		}
	})
	return h
}

func statusOr(status int) string {
	if status == 0 {
		return ""
	}
	return fmt.Sprint(status)
}

// set are the timers that are still to fire.
func (h *heldBench) set() []time.Duration {
	var set []time.Duration
	for _, timer := range h.timers {
		if timer.f != nil {
			set = append(set, timer.in)
		}
	}
	return set
}

// pass lets time pass and fires the timers that are set.
func (h *heldBench) pass(d time.Duration) {
	h.now = h.now.Add(d)
	timers := h.timers
	h.timers = nil
	for _, timer := range timers {
		if timer.f != nil {
			timer.f()
		}
	}
	h.settle()
}

// hold has the engine hold callbacks, and no others.
func (h *heldBench) hold(held ...capture.Held) {
	h.mu.Lock()
	h.held = held
	h.mu.Unlock()
	h.HeldChanged()
	h.settle()
	h.pass(0)
}

// waiting is a held callback of KornitX.
func (h *heldBench) waiting(id int64, since, left time.Duration) capture.Held {
	return capture.Held{
		Exchange: id, Rule: 7, RuleName: "look first", Endpoint: "/kornitx/*", Provider: "kornitx", Event: "order.dispatched",
		Method: "PUT", Path: "/kornitx/orders", Since: h.now.Add(-since), Until: h.now.Add(left), Fallback: "200", Via: capture.ViaLocal,
	}
}

// waits records a callback that is held, and shows its answer.
func (h *heldBench) waits(t *testing.T, name string) int64 {
	t.Helper()
	id := h.record(t, h.sentBy(t, name).request, func(x *capture.Exchange) { x.Response, x.State = nil, capture.StateHeld })
	x := h.waiting(id, 3*time.Second, 27*time.Second)
	x.Provider = strings.Split(name, "/")[0]
	h.hold(x)
	h.Held.Open(id)
	h.settle()
	if f := &h.Held.Form; f.ID != id || !f.Waiting {
		t.Fatalf("the form %+v", f)
	}
	return id
}

func TestHeldLines(t *testing.T) {
	h := newHeldBench(t)
	if h.Held.Title != "" || len(h.Held.Lines) != 0 || h.Held.Any() {
		t.Fatalf("%+v", h.Held)
	}
	soon := h.waiting(2, 21*time.Second, 9*time.Second)
	secret := h.waiting(3, time.Second, 29500*time.Millisecond)
	secret.Path, secret.Provider, secret.Event = "/hooks\x1b[2J", "", ""
	many := []capture.Held{h.waiting(1, 0, 5*time.Minute), soon, secret}
	for id := range int64(9) {
		many = append(many, h.waiting(id+10, 0, time.Hour))
	}
	for _, c := range []struct {
		name        string
		held        []capture.Held
		title, more string
		want        string
	}{
		{"one", many[:1], "1 sender waits for your answer", "", "1 PUT /kornitx/orders KornitX order.dispatched 5:00 1.00"},
		{"three, the first to end first", many[:3], "3 senders wait for your answer", "", "2 PUT /kornitx/orders KornitX order.dispatched 0:09 0.30!; 3 PUT /hooks\\u{1b}[2J Unknown sender 0:30 0.97; 1 PUT /kornitx/orders KornitX order.dispatched 5:00 1.00"},
		{"many", many, "12 senders wait for your answer", "and 9 more", "2 PUT /kornitx/orders KornitX order.dispatched 0:09 0.30!; 3 PUT /hooks\\u{1b}[2J Unknown sender 0:30 0.97; 1 PUT /kornitx/orders KornitX order.dispatched 5:00 1.00"},
		{"none", nil, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.hold(c.held...)
			var lines []string
			for _, l := range h.Held.Lines {
				line := strings.Join(strings.Fields(fmt.Sprint(l.ID, " ", l.Method, " ", l.Path, " ", l.Provider, " ", l.Event, " ", l.Left)), " ") + fmt.Sprintf(" %.2f", l.Share)
				if l.Tone == Bad {
					line += "!"
				}
				lines = append(lines, line)
			}
			if got := strings.Join(lines, "; "); got != c.want || h.Held.Title != c.title || h.Held.More != c.more {
				t.Errorf("%q, %q\n got %s\nwant %s", h.Held.Title, h.Held.More, got, c.want)
			}
		})
	}
}

// TestHeldCountdown ticks while something is held, and not a moment longer.
func TestHeldCountdown(t *testing.T) {
	h := newHeldBench(t)
	told := 0
	h.Held.Changed.Listen(func() { told++ })
	if n := len(h.set()); n != 0 {
		t.Fatalf("%d timers for nothing", n)
	}
	h.hold(h.waiting(1, 0, 29300*time.Millisecond))
	if set := h.set(); len(set) != 1 || set[0] != 300*time.Millisecond || h.Held.Lines[0].Left != "0:30" {
		t.Fatalf("timers %v, %q", set, h.Held.Lines[0].Left)
	}
	told = 0
	h.pass(300 * time.Millisecond)
	if set := h.set(); len(set) != 1 || set[0] != time.Second || h.Held.Lines[0].Left != "0:29" || told != 1 {
		t.Errorf("timers %v, %q, told %d times", set, h.Held.Lines[0].Left, told)
	}
	h.pass(40 * time.Second)
	if h.Held.Lines[0].Left != "0:00" || h.Held.Lines[0].Share != 0 {
		t.Errorf("past the end: %+v", h.Held.Lines[0])
	}
	h.hold()
	if set := h.set(); len(set) != 0 || h.Held.Title != "" {
		t.Errorf("timers %v, %q after the last one", set, h.Held.Title)
	}
}

// TestHeldBurst has hundreds held at once.
func TestHeldBurst(t *testing.T) {
	h := newHeldBench(t)
	h.looks = 0
	var senders sync.WaitGroup
	for id := range int64(256) {
		x := h.waiting(id+1, 0, time.Minute)
		senders.Go(func() {
			h.mu.Lock()
			h.held = append(h.held, x)
			h.mu.Unlock()
			h.HeldChanged()
		})
	}
	senders.Wait()
	h.settle()
	for range 10 {
		h.HeldChanged()
		h.settle()
	}
	if h.looks != 1 || h.Held.Title != "256 senders wait for your answer" {
		t.Errorf("looked %d times, %q", h.looks, h.Held.Title)
	}
	h.held = h.held[:1]
	h.pass(heldEvery)
	if h.looks != 2 || h.Held.Title != "1 sender waits for your answer" {
		t.Errorf("looked %d times, %q", h.looks, h.Held.Title)
	}
}

func TestHeldGo(t *testing.T) {
	h := newHeldBench(t)
	if h.Commands.Press("h") {
		t.Error("h does something while nothing is held")
	}
	var ids []int64
	for range 3 {
		ids = append(ids, h.record(t, h.sentBy(t, "kornitx/dispatched").request, func(x *capture.Exchange) { x.Response, x.State = nil, capture.StateHeld }))
	}
	h.hold(h.waiting(ids[0], 0, time.Minute), h.waiting(ids[1], 0, 2*time.Minute), h.waiting(ids[2], 0, 3*time.Minute))
	press := func(what string, want int64) {
		t.Helper()
		if !h.Commands.Press("h") {
			t.Fatal("h is not taken")
		}
		h.settle()
		if h.Detail.ID != want || h.Detail.Tab != TabAnswer || h.Held.Form.ID != want || h.focus[len(h.focus)-1] != PaneDetail {
			t.Errorf("%s: callback %d, want %d; tab %q, form of %d, focus %v", what, h.Detail.ID, want, h.Detail.Tab, h.Held.Form.ID, h.focus)
		}
	}
	press("the first to end", ids[0])
	press("the next", ids[1])
	h.Detail.Select(TabBody)
	press("back from its body", ids[1])
	press("the last", ids[2])
	press("around", ids[0])
}

func TestHeldAnswers(t *testing.T) {
	for _, c := range []struct {
		name, callback string
		act            func(*HeldForm)
		want           string
	}{
		{"as usual", "kornitx/dispatched", func(f *HeldForm) { f.Answer("") }, ""},
		{"a preset", "kornitx/dispatched", func(f *HeldForm) { f.Answer("503") }, "503"},
		{"a message is asked for", "komet/confirmation", func(f *HeldForm) { f.Answer("komet-0") }, "-"},
		{"with a message", "komet/confirmation", func(f *HeldForm) { f.Answer("komet-0"); f.Use(" Out of stock\n") }, "komet-0 Out of stock"},
		{"no such preset", "kornitx/dispatched", func(f *HeldForm) { f.Answer("nonsense") }, "-"},
		{"a message for nothing", "kornitx/dispatched", func(f *HeldForm) { f.Use("x") }, "-"},
		{"one's own", "kornitx/dispatched", func(f *HeldForm) { f.SetOwn(" 418 ", "text/plain", "no"); f.SendOwn() }, "418 text/plain no"},
		{"one's own without a type", "kornitx/dispatched", func(f *HeldForm) { f.SetOwn("204", " ", ""); f.SendOwn() }, "204"},
		{"a status that is none", "kornitx/dispatched", func(f *HeldForm) { f.SetOwn("1000", "", ""); f.SendOwn() }, "-"},
		{"no status", "kornitx/dispatched", func(f *HeldForm) { f.SetOwn("", "", ""); f.SendOwn() }, "-"},
		{"a preset, edited", "komet/confirmation", func(f *HeldForm) { f.Edit("komet-0"); f.SetOwn("500", f.Own.Type, "{}"); f.SendOwn() }, "500 application/json {}"},
		{"the fallback", "kornitx/dispatched", func(f *HeldForm) { f.Release() }, "fallback"},
		{"only once", "kornitx/dispatched", func(f *HeldForm) { f.Answer("503"); f.Answer(""); f.Release() }, "503"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHeldBench(t)
			id := h.waits(t, c.callback)
			c.act(&h.Held.Form)
			h.settle()
			want := strings.TrimSpace(fmt.Sprint(id, " ", c.want))
			if c.want == "-" {
				want = ""
			}
			if got := strings.Join(h.given, "; "); got != want {
				t.Errorf("given %q, want %q", got, want)
			}
		})
	}
}

func TestHeldOwnIsJudged(t *testing.T) {
	h := newHeldBench(t)
	h.waits(t, "komet/confirmation")
	f := &h.Held.Form
	if f.Own.Status != "200" || !strings.Contains(f.Own.Type, "json") || !strings.Contains(f.Own.Body, `"status"`) || f.Own.Problem != "" {
		t.Errorf("begins with %+v", f.Own)
	}
	for _, c := range []struct{ status, body, problem, effect, broken string }{
		{"200", `{"status":"0","message":"No stock","error":"No stock"}`, "", `"No stock"`, ""},
		{"200", `{}`, "", "", "status"},
		{"99", `{}`, "200 to 599", "", ""},
		{"abc", `{}`, "200 to 599", "", ""},
	} {
		f.SetOwn(c.status, "application/json", c.body)
		if o := f.Own; !strings.Contains(o.Problem, c.problem) || !strings.Contains(o.Effect, c.effect) || !strings.Contains(o.Broken, c.broken) ||
			(c.problem == "") != (o.Problem == "") || (c.broken == "") != (o.Broken == "") {
			t.Errorf("%s %s: %+v", c.status, c.body, o)
		}
	}
	kept := f.Own
	other := h.record(t, h.sentBy(t, "kornitx/dispatched").request, nil)
	h.open(t, other)
	if f.ID != 0 {
		t.Errorf("a form for one that is not held: %+v", f)
	}
	h.open(t, h.held[0].Exchange)
	if f.Own != kept {
		t.Errorf("what was written is lost: %+v, want %+v", f.Own, kept)
	}
}
