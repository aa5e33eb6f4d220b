package viewmodel

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"hookglass/capture"
)

// HeldForm is what the callback that is shown can be answered while its sender
// waits. It stays as it is when the sender waits no longer, and says what became
// of it, until another callback is shown or Leave is called: nothing moves under
// the mouse of a person who is about to answer.
type HeldForm struct {
	ID      int64  // the callback; 0 where the one that is shown is not held
	Waiting bool   // its sender still waits
	Title   string // "KornitX waits for your answer"
	Note    string // "It has waited 12 s. At 10:42:48 it gets the fallback: 200."
	Left    string // "0:27"
	Share   float32
	Tone    Tone
	Told    string // what became of it; "" while it waits

	Fallback string // in a few words: "200"
	Options  []AnswerOption
	Draft    string // ID of the option that waits for its message; "" for none
	Picked   string // what a person sent from here: ID of an option, heldOwn, heldFallback; sentNothing
	Own      HeldOwn
	OwnTurn  int // grows when Own is filled from elsewhere than its fields
	Busy     bool
	Problem  string

	held *Held
	wait capture.Held
}

// What can be sent besides an option.
const (
	sentNothing  = "\x00nothing"
	heldOwn      = "\x00own"
	heldFallback = "\x00fallback"
)

// follow begins and ends the form as what is held changes.
func (f *HeldForm) follow() {
	page := f.held.app.Detail.Page
	if page == nil {
		return
	}
	switch x := f.held.find(page.ID); {
	case x != nil && (f.ID != page.ID || !f.Waiting):
		f.begin(page, x)
	case x != nil:
		f.wait = *x
	case f.ID == page.ID && f.Waiting:
		f.end(page)
	}
}

// show is told which page is shown, maybe the same callback as before.
func (f *HeldForm) show(page *Page) {
	switch {
	case page == nil:
		f.clear()
		return
	case f.ID != page.ID:
		f.clear()
		f.follow()
		f.count(f.held.app.config.Now())
	case f.Waiting:
		f.Options = f.options(page.material)
	default:
		f.end(page)
	}
}

func (f *HeldForm) clear() {
	*f = HeldForm{held: f.held, OwnTurn: f.OwnTurn + 1, Picked: sentNothing}
}

func (f *HeldForm) begin(page *Page, x *capture.Held) {
	f.clear()
	f.ID, f.Waiting, f.wait = page.ID, true, *x
	f.Title = f.held.sender(x) + " waits for your answer"
	f.Fallback = fallback(x)
	f.Options = f.options(page.material)
	f.Own = f.held.drafts[f.ID]
	if f.Own == (HeldOwn{}) {
		f.Own = f.usual(page.material)
	}
	f.judge()
}

// end says what became of the callback, as far as that is known by now.
func (f *HeldForm) end(page *Page) {
	f.Waiting = false
	x := page.Exchange
	f.Title = f.held.sender(&f.wait) + " waits no longer"
	f.Left, f.Share, f.Note = "", 0, ""
	f.Told, f.Tone = f.outcome(x)
}

// outcome says in a sentence how a wait ended.
func (f *HeldForm) outcome(x *capture.Exchange) (string, Tone) {
	mine := f.Picked != sentNothing && f.Problem == ""
	status, took := "", ""
	if x.Response != nil {
		status = statusLine(x.Response.Status)
		if x.Response.Timing.Took > 0 {
			took = " after " + seconds(x.Response.Timing.Took)
		}
	}
	switch {
	case x.State == capture.StateGone:
		return "The sender hung up" + took + ": no answer reached it.", Warn
	case x.State == capture.StateFailed:
		return "It could not be answered: " + orElse(capture.Visible(x.Error), "the connection broke") + ".", Bad
	case status == "" && mine:
		return "Your answer is on its way.", Secondary
	case status == "":
		return "Its sender hung up, or it was answered elsewhere.", Secondary
	case mine && f.Picked == heldFallback:
		return "You sent the fallback" + took + ": " + status + ".", Good
	case mine:
		return "You answered " + status + took + ".", Good
	case x.Response.By == capture.ByHand:
		return "It was answered elsewhere" + took + ", in the terminal maybe: " + status + ".", Secondary
	case x.Response.Timing.Answered.Before(f.wait.Until.Add(-time.Second)):
		return "The fallback was sent before its time" + took + ", in the terminal maybe: " + status + ".", Secondary
	}
	return "Nobody answered in time, so it got the fallback" + took + ": " + status + ".", Warn
}

// count writes the countdown anew.
func (f *HeldForm) count(now time.Time) {
	if !f.Waiting {
		return
	}
	f.Left, f.Share, f.Tone = countdown(&f.wait, now)
	f.Note = "It has waited " + waited(&f.wait, now) + ". At " + f.wait.Until.In(f.held.app.style().zone).Format("15:04:05") +
		" it gets the fallback: " + f.Fallback + "."
}

// options are the answers to choose from: the usual one, and the presets that can
// answer such a request.
func (f *HeldForm) options(m *material) []AnswerOption {
	all := []AnswerOption{usualOption(m)}
	for i := range m.presets {
		p := &m.presets[i]
		if p.Method == m.exchange.Request.Method || p.Method == "" && m.exchange.Request.Method != http.MethodOptions {
			all = append(all, presetOption(p))
		}
	}
	return all
}

func (f *HeldForm) option(id string) *AnswerOption {
	for i := range f.Options {
		if f.Options[i].ID == id {
			return &f.Options[i]
		}
	}
	return nil
}

// Answer gives the sender an option; "" is the usual answer. One that takes a
// message waits for Use.
func (f *HeldForm) Answer(id string) {
	option := f.option(id)
	switch {
	case option == nil || !f.ready():
		return
	case option.TakesMessage:
		f.Draft, f.Problem = id, ""
		f.held.Changed.Emit()
		f.held.app.Screen.Focus(PaneWord)
		return
	}
	f.preset(option, "")
}

// Use sends the option that waits for its message.
func (f *HeldForm) Use(message string) {
	if option := f.option(f.Draft); f.Draft != "" && option != nil && f.ready() {
		f.preset(option, strings.TrimSpace(message))
	}
}

func (f *HeldForm) preset(option *AnswerOption, message string) {
	f.answer(option.ID, capture.RuleAnswer{Preset: option.ID, Message: message, Failing: option.Failing})
}

// Release gives the sender the fallback now.
func (f *HeldForm) Release() {
	b := f.held.app.backend
	if f.ready() && b.ReleaseHeld != nil {
		id := f.ID
		f.send(heldFallback, func(ctx context.Context) error { return b.ReleaseHeld(ctx, id) })
	}
}

// ready reports whether something can be sent.
func (f *HeldForm) ready() bool { return f.Waiting && !f.Busy && f.held.app.backend != nil }

func (f *HeldForm) answer(picked string, a capture.RuleAnswer) {
	b := f.held.app.backend
	if b.AnswerHeld == nil {
		return
	}
	id := f.ID
	f.send(picked, func(ctx context.Context) error { return b.AnswerHeld(ctx, id, a) })
}

// send has a job give the answer, and says what came of it.
func (f *HeldForm) send(picked string, job func(context.Context) error) {
	app, id, sender := f.held.app, f.ID, f.held.sender(&f.wait)
	f.Busy, f.Problem, f.Picked = true, "", picked
	f.held.Changed.Emit()
	app.run(func(ctx context.Context) func() {
		err := job(ctx)
		return func() {
			if f.ID != id { // another callback is shown by now
				if err != nil {
					app.Notices.Say(Bad, sender+" was not answered: "+heldSentence(err), "", nil)
				}
				return
			}
			f.Busy = false
			if err != nil {
				f.Picked, f.Problem = sentNothing, heldSentence(err)
			}
			f.held.look()
			if err == nil && f.ID == id {
				app.Screen.Focus(PaneDetail) // a key is a command again, not a letter of what was sent
			}
			if page := app.Detail.Page; !f.Waiting && page != nil && page.ID == id {
				f.end(page)
				f.held.Changed.Emit()
			}
		}
	})
}

// heldSentence says why an answer was not given.
func heldSentence(err error) string {
	if errors.Is(err, capture.ErrNotHeld) {
		return "Too late: its sender does not wait any more."
	}
	return sentence(err)
}

// Leave shows the answer that was given in the place of a form that is over.
func (f *HeldForm) Leave() {
	if f.Waiting {
		return
	}
	f.clear()
	f.held.app.Detail.Changed.Emit()
	f.held.app.Screen.Focus(PaneList)
}
