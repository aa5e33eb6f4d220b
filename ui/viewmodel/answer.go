package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// failingFor is how long a failing answer is given before it ends by itself: a
// forgotten one would have a sender give up.
const failingFor = 30 * time.Minute

// Answer shows what a callback was answered, and has its endpoint answer
// something else from the next callback on.
type Answer struct {
	View   AnswerView
	Choice AnswerChoice

	// Failing says in a few words which endpoints fail on purpose and for how
	// long: "KornitX 503, 29 min left"; "" for none.
	Failing string

	detail *Detail
	stop   func() bool // the timer of what is left
	failed []capture.Choice
	ending []capture.Rule // rules that fail on purpose
}

// AnswerView is the answer that was given.
type AnswerView struct {
	Status  string // "200 OK"; what there is instead of an answer
	Tone    Tone
	Decided string // who decided it, in words
	Effect  string // what it causes at the sender; "" where nobody knows
	Broken  string // what of it breaks what the sender takes; "" for nothing
	Facts   []DetailFact
	Passed  []DetailFact // rules that were asked before, and why they did not answer
	Header  []HeaderRow
	Body    []byte
	Text    string // the body where it is short text
	Size    string // of the body: "2 B", "no body"
	Type    string // its Content-Type
}

// AnswerChoice is what the endpoint can answer from the next callback on.
type AnswerChoice struct {
	Endpoint string // its name; "" where no endpoint takes the path
	Path     string
	Missing  string // why there is nothing to choose; "" where there is
	Options  []AnswerOption
	Picked   string // ID of the option in force; "" for the usual answer
	Draft    string // ID of the option that waits for its message; "" for none
	Message  string // in force
	Ends     string // "ends by itself in 29 min"; "" where it does not
	Busy     bool
	Problem  string
}

// AnswerOption is one answer to choose.
type AnswerOption struct {
	ID           string // "" is the usual answer
	Title, Text  string
	Short        string
	Tone         Tone
	TakesMessage bool
	Sample       string // the words that the template has in place of a message
	Failing      bool   // the sender takes it as a failure
}

func newAnswer(d *Detail) *Answer { return &Answer{detail: d, stop: func() bool { return true }} }

func (a *Answer) attached() { a.watch() }

// show follows what the detail shows.
func (a *Answer) show(page *Page, other bool) {
	if other {
		a.Choice.Draft, a.Choice.Problem = "", ""
	}
	if page == nil {
		a.View, a.Choice = AnswerView{}, AnswerChoice{}
		a.detail.app.Held.Form.show(nil)
		return
	}
	a.View = newAnswerView(page.material, page.style)
	a.detail.app.Held.Form.show(page)
	a.options(page.material)
	a.pick()
}

func newAnswerView(m *material, s style) AnswerView {
	x := m.exchange
	v := AnswerView{Effect: capture.Visible(m.effect.Text), Broken: brokenWords(m.broken), Passed: passedFacts(m.passed)}
	add := func(label, value, note string) {
		if value != "" {
			v.Facts = append(v.Facts, DetailFact{Label: label, Value: capture.Visible(value), Copy: value, Note: note})
		}
	}
	if x.State == capture.StateDropped {
		v.Status, v.Tone = dropWord(x), Bad
		v.Decided = droppedWords(x)
		return v
	}
	if x.Response == nil {
		v.Status, v.Tone = unanswered(x)
		v.Decided = unansweredWords(x)
		add("Error", x.Error, "")
		return v
	}
	r := x.Response
	v.Status, v.Tone = statusLine(r.Status), statusTone(r.Status)
	v.Decided = decidedWords(m)
	if x.State == capture.StateGone {
		v.Status, v.Tone = v.Status+", hung up", Warn
		v.Effect = "The sender hung up before the end of the answer, so it may send the callback again."
	}
	add("Took", duration(r.Timing.Took), tookNote(x))
	if !r.Timing.Answered.IsZero() {
		at := r.Timing.Answered.In(s.zone)
		add("Answered", at.Format("2 Jan 2006 15:04:05.000 MST"), "")
	}
	add("Error", x.Error, "")
	v.Header = fieldRows(r.Header, nil, "")
	v.Body, v.Type, v.Size = r.Body, r.Header.Value("Content-Type"), "no body"
	if len(r.Body) > 0 {
		v.Size = byteCount(int64(len(r.Body)))
		v.Text = beginning(string(r.Body))
	}
	return v
}

func tookNote(x *capture.Exchange) string {
	if x.Via == capture.ViaReplay {
		return "from the first byte sent to the answer's end"
	}
	return "from the first byte of the head to the last of the answer"
}

// statusLine is "503 Service Unavailable".
func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

func presetOf(all []capture.Preset, id string) *capture.Preset {
	for i := range all {
		if all[i].ID == id {
			return &all[i]
		}
	}
	return nil
}

// options lists what the endpoint can answer.
func (a *Answer) options(m *material) {
	c := &a.Choice
	c.Endpoint, c.Path, c.Missing, c.Options = "", "", "", nil
	switch {
	case m.exchange.Via == capture.ViaReplay:
		c.Missing = "This is a resend: its receiver decides what it answers."
		return
	case m.endpoint == nil && m.exchange.Endpoint != "":
		c.Missing = "The endpoint " + m.exchange.Endpoint + " is removed: there is nothing to choose for."
		return
	case m.endpoint == nil:
		c.Missing = "No endpoint takes this path. Add one in the settings to choose what it answers."
		return
	}
	c.Endpoint, c.Path = capture.Visible(orElse(m.endpoint.Name, m.endpoint.Path)), m.endpoint.Path
	c.Options = append(c.Options, usualOption(m))
	for i := range m.presets {
		c.Options = append(c.Options, presetOption(&m.presets[i]))
	}
}

// usualOption is the answer that the sender takes as success.
func usualOption(m *material) AnswerOption {
	return AnswerOption{Title: "As usual", Short: "as usual", Text: usualText(m), Tone: Good}
}

// presetOption is one preset to choose.
func presetOption(p *capture.Preset) AnswerOption {
	option := AnswerOption{
		ID: p.ID, Title: p.Title, Text: p.Text, Short: orElse(p.Short, p.ID),
		TakesMessage: p.TakesMessage, Tone: statusTone(p.Response.Status), Failing: p.Failing,
		Sample: gjson.GetBytes(p.Response.Body, "message").Str,
	}
	if p.Failing && option.Tone == Good {
		option.Tone = Warn
	}
	return option
}

func usualText(m *material) string {
	if m.provider == nil {
		return "200 {}, or what the sender takes as success once it is known."
	}
	return "What " + m.provider.Name + " takes as success."
}

// pick marks the choice in force.
func (a *Answer) pick() {
	c := &a.Choice
	c.Picked, c.Message, c.Ends = "", "", ""
	chosen := a.inForce()
	for i := range chosen {
		if chosen[i].Path == c.Path && c.Path != "" {
			c.Picked, c.Message = chosen[i].Preset, chosen[i].Message
			if !chosen[i].Until.IsZero() {
				c.Ends = "ends by itself in " + minutes(chosen[i].Until.Sub(a.detail.app.config.Now()))
			}
		}
	}
}

// inForce are the choices that have not ended.
func (a *Answer) inForce() []capture.Choice {
	b := a.detail.app.backend
	if b == nil || b.Choices == nil {
		return nil
	}
	now := a.detail.app.config.Now()
	return slices.DeleteFunc(slices.Clone(b.Choices()), func(c capture.Choice) bool {
		return c.Preset == "" || !c.Until.IsZero() && !c.Until.After(now)
	})
}

// minutes says how long is left, rounded up: "29 min".
func minutes(left time.Duration) string {
	n := int((left + time.Minute - 1) / time.Minute)
	return fmt.Sprintf("%d min", max(n, 1))
}

// Pick chooses what the endpoint answers from the next callback on; "" is the
// usual answer. One that takes a message waits for Use.
func (a *Answer) Pick(id string) {
	option := a.option(id)
	switch {
	case option == nil || a.Choice.Busy:
		return
	case option.TakesMessage:
		a.Choice.Draft, a.Choice.Problem = id, ""
		a.detail.Changed.Emit()
		return
	case id == a.Choice.Picked && a.Choice.Draft == "":
		return
	}
	a.choose(*option, "")
}

// Find returns the options whose title or short name holds the words.
func (a *Answer) Find(words string) []AnswerOption {
	var found []AnswerOption
	for _, option := range a.Choice.Options {
		text := strings.ToLower(option.Title + " " + option.Short)
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(words)), func(word string) bool { return !strings.Contains(text, word) }) {
			found = append(found, option)
		}
	}
	return found
}

// Take is Pick from elsewhere than the answer's pane: it shows the pane, with the
// keyboard on the message where one is wanted.
func (a *Answer) Take(id string) {
	a.detail.Select(TabAnswer)
	a.Pick(id)
	if a.Choice.Draft != "" {
		a.detail.app.Screen.Focus(PaneWord)
	}
}

// Use puts the option in force that waits for its message.
func (a *Answer) Use(message string) {
	if option := a.option(a.Choice.Draft); option != nil && !a.Choice.Busy {
		a.choose(*option, strings.TrimSpace(message))
	}
}

func (a *Answer) option(id string) *AnswerOption {
	for i := range a.Choice.Options {
		if a.Choice.Options[i].ID == id {
			return &a.Choice.Options[i]
		}
	}
	return nil
}

// choose hands a choice to the engine.
func (a *Answer) choose(option AnswerOption, message string) {
	app, page := a.detail.app, a.detail.Page
	b := app.backend
	if b == nil || b.Choose == nil || page == nil {
		return
	}
	choice := capture.Choice{Path: a.Choice.Path, Preset: option.ID, Message: message}
	if p := presetOf(page.material.presets, option.ID); p != nil && p.Failing {
		choice.Until = app.config.Now().Add(failingFor)
	}
	name := a.Choice.Endpoint
	a.Choice.Busy, a.Choice.Problem = true, ""
	a.detail.Changed.Emit()
	app.Rules.consented(capture.Consent{}, func(ctx context.Context, yes capture.Consent) error {
		if yes.Live && b.ChooseAnyway != nil {
			return b.ChooseAnyway(ctx, choice)
		}
		return b.Choose(ctx, choice)
	}, func(err error) {
		a.Choice.Busy = false
		switch {
		case errors.Is(err, errAsked):
		case err != nil:
			a.Choice.Problem = "The answer could not be changed: " + sentence(err)
		default:
			if a.Choice.Path == choice.Path && a.Choice.Draft != "" {
				a.Choice.Draft = ""
				app.Screen.Focus(PaneList) // the field for the message goes
			}
			app.Notices.Say(Good, name+" answers "+option.Short+" from the next callback on.", "", nil)
		}
		a.watch()
	})
}
