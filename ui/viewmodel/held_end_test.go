package viewmodel

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// ended writes what became of a callback, as the engine does, and tells it.
func (h *heldBench) ended(t *testing.T, id int64, change func(*capture.Exchange)) {
	t.Helper()
	x, err := h.engine.Store.Exchange(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	x.State = capture.StateAnswered
	x.Response = &capture.Response{Status: 503, By: capture.ByHand, Rule: 7, RuleName: "look first", Timing: capture.Timing{Answered: h.now, Took: 12 * time.Second}}
	change(x)
	if err := h.engine.Store.Update(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if err := h.engine.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.hold()
	h.Detail.Refresh() // the list's flush does it
	h.settle()
}

func TestHeldEnds(t *testing.T) {
	by := func(by capture.By, status int) func(*capture.Exchange) {
		return func(x *capture.Exchange) { x.Response.By, x.Response.Status = by, status }
	}
	for _, c := range []struct {
		name   string
		act    func(*HeldForm)
		pass   time.Duration
		change func(*capture.Exchange)
		told   string
		tone   Tone
	}{
		{"answered here", func(f *HeldForm) { f.Answer("503") }, 0, by(capture.ByHand, 503), "You answered 503 Service Unavailable after 12 s.", Good},
		{"the fallback from here", func(f *HeldForm) { f.Release() }, 0, by(capture.ByRule, 200), "You sent the fallback after 12 s: 200 OK.", Good},
		{"answered elsewhere", nil, 0, by(capture.ByHand, 503), "It was answered elsewhere after 12 s, in the terminal maybe: 503 Service Unavailable.", Secondary},
		{"the fallback from elsewhere", nil, 0, by(capture.ByRule, 200), "The fallback was sent before its time after 12 s, in the terminal maybe: 200 OK.", Secondary},
		{"nobody in time", nil, 27 * time.Second, by(capture.ByRule, 200), "Nobody answered in time, so it got the fallback after 12 s: 200 OK.", Warn},
		{"hung up", nil, 0, func(x *capture.Exchange) { x.State, x.Response = capture.StateGone, nil }, "The sender hung up: no answer reached it.", Warn},
		{"hung up while it was answered", func(f *HeldForm) { f.Answer("") }, 0, func(x *capture.Exchange) { x.State = capture.StateGone }, "The sender hung up after 12 s: no answer reached it.", Warn},
		{"failed", nil, 0, func(x *capture.Exchange) { x.State, x.Response, x.Error = capture.StateFailed, nil, "the disk is full" }, "It could not be answered: the disk is full.", Bad},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHeldBench(t)
			id := h.waits(t, "kornitx/dispatched")
			f := &h.Held.Form
			options := len(f.Options)
			if c.act != nil {
				c.act(f)
				h.settle()
			}
			h.pass(c.pass)
			h.ended(t, id, c.change)
			if f.Told != c.told || f.Tone != c.tone || f.Waiting {
				t.Errorf("told %q (%v), want %q (%v)", f.Told, f.Tone, c.told, c.tone)
			}
			if f.ID != id || len(f.Options) != options || f.Left != "" {
				t.Errorf("the form moved: %+v", f)
			}
			given := len(h.given)
			f.Answer("")
			f.SendOwn()
			f.Release()
			h.settle()
			if len(h.given) != given {
				t.Errorf("answered one that waits no longer: %v", h.given)
			}
			f.Leave()
			if f.ID != 0 || h.Detail.Answer.View.Decided == "" {
				t.Errorf("still the form %+v in the place of %+v", f, h.Detail.Answer.View)
			}
		})
	}
}

func TestHeldTooLate(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("engine: %w", capture.ErrNotHeld), "Too late: its sender does not wait any more."},
		{errors.New("the body holds a variable that does not end"), "The body holds a variable that does not end."},
	} {
		h := newHeldBench(t)
		h.fails = c.err
		id := h.waits(t, "kornitx/dispatched")
		f := &h.Held.Form
		f.Answer("503")
		if !f.Busy {
			t.Error("not busy")
		}
		h.settle()
		if f.Problem != c.want || f.Busy || f.Picked != sentNothing || !f.Waiting {
			t.Errorf("%+v, want %q", f, c.want)
		}
		f.Answer("")
		h.Detail.Show(0) // it is answered when another callback is shown
		h.settle()
		if got := h.Notices.Toast.Text; got != "KornitX was not answered: "+c.want {
			t.Errorf("toast %q", got)
		}
		if f.ID == id {
			t.Error("the form stays without its callback")
		}
	}
}

func TestHeldNotification(t *testing.T) {
	h := newHeldBench(t)
	said := func(what string, want ...string) {
		t.Helper()
		if got := strings.Join(h.told, "\n"); got != strings.Join(want, "\n") {
			t.Errorf("%s: told\n%s\nwant\n%s", what, got, strings.Join(want, "\n"))
		}
		h.told = nil
	}
	stranger := h.waiting(1, 0, 30*time.Second)
	stranger.Path, stranger.Method, stranger.Event, stranger.Provider, stranger.Endpoint = "/<b>x", "<i>", "<u>", "", ""
	h.hold(stranger)
	said("in the foreground")
	h.hold()
	h.SetForeground(false)
	h.hold(stranger)
	said("one", "1 sender waits for your answer | Unknown sender. In 30 s it gets the fallback: 200.")
	many := []capture.Held{stranger}
	for id := range int64(255) {
		many = append(many, h.waiting(id+2, 0, time.Minute))
	}
	h.hold(many...)
	said("many, soon after")
	h.pass(notifyEvery)
	said("many, later", "256 senders wait for your answer | Unknown sender. In 10 s it gets the fallback: 200.")
	h.pass(notifyEvery)
	said("none is new")
	h.hold()
	h.hold(h.waiting(400, 0, time.Minute))
	said("a new one", "1 sender waits for your answer | KornitX at /kornitx/*. In 1 min 0 s it gets the fallback: 200.")
	h.hold(h.waiting(400, 0, time.Minute), h.waiting(401, 0, time.Minute))
	h.SetForeground(true)
	h.SetForeground(false)
	h.pass(notifyEvery)
	said("seen meanwhile")
}

func TestHeldWords(t *testing.T) {
	h := newHeldBench(t)
	r := h.sentBy(t, "kornitx/dispatched").request
	response := func(by capture.By, status int) *capture.Response {
		return &capture.Response{Status: status, By: by, Rule: 7, RuleName: "look first"}
	}
	for _, c := range []struct {
		name               string
		change             func(*capture.Exchange)
		row                string
		tone               Tone
		pill, tab, decided string
	}{
		{"held", func(x *capture.Exchange) { x.State, x.Response = capture.StateHeld, nil }, "held", Warn, "held", "held", "Its sender waits for a person to answer."},
		{"by hand", func(x *capture.Exchange) { x.Response = response(capture.ByHand, 503) }, "503", Bad, "503 by hand", "503 Service Unavailable", `A person answered it while your rule "look first" held it.`},
		{"by the app", func(x *capture.Exchange) { x.Response = response(capture.ByApp, 201) }, "201", Good, "201 by your app", "201 Created", `Your app answered, through the rule "look first".`},
		{"by a rule", func(x *capture.Exchange) { x.Response = response(capture.ByRule, 500) }, "500", Bad, "500 on purpose", "500 Internal Server Error", `Your rule "look first" decided it.`},
		{"reset", dropped("reset the connection instead of answering", capture.ViaLocal), "reset", Bad, "reset", "reset", `The connection was reset on purpose before an answer, by your rule "it has reset".`},
		{"reset, through the tunnel", dropped("reset the connection instead of answering; through ngrok the sender sees a 502 instead", capture.ViaTunnel), "reset", Bad, "reset", "reset", "a 502 of ngrok's instead"},
		{"closed, behind a proxy", dropped("closed the connection before an answer", capture.ViaPublic), "closed", Bad, "closed", "closed", "your own proxy"},
		{"half", dropped("broken the answer off after 7 of 14 bytes of its body", capture.ViaLocal), "half", Bad, "half", "half", "halfway through the answer"},
		{"never", dropped("left the sender without an answer, and it hung up after 60 s", capture.ViaLocal), "no answer", Bad, "no answer", "no answer", "until the sender gave up"},
		{"however", dropped("done something new", capture.ViaLocal), "dropped", Bad, "dropped", "dropped", "cut off on purpose"},
	} {
		t.Run(c.name, func(t *testing.T) {
			id := h.record(t, r, c.change)
			page := h.open(t, id)
			maker := h.rowMaker()
			row := maker.row(page.Exchange)
			if row.Answer != c.row || row.AnswerTone != c.tone {
				t.Errorf("row %q (%v), want %q (%v)", row.Answer, row.AnswerTone, c.row, c.tone)
			}
			if page.Head.Pill != c.pill {
				t.Errorf("pill %q, want %q", page.Head.Pill, c.pill)
			}
			if v := h.Detail.Answer.View; v.Status != c.tab || !strings.Contains(v.Decided, c.decided) {
				t.Errorf("tab %q, %q; want %q, %q", v.Status, v.Decided, c.tab, c.decided)
			}
		})
	}
}

// dropped is a callback whose sender was cut off.
func dropped(how string, via capture.Via) func(*capture.Exchange) {
	return func(x *capture.Exchange) {
		x.State, x.Via, x.Error = capture.StateDropped, via, `the rule "it has reset" has `+how
		x.Response = &capture.Response{By: capture.ByRule, Rule: 7, RuleName: "it has reset"}
	}
}
