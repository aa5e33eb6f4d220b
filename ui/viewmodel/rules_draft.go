package viewmodel

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hookglass/capture"
)

// RuleFields are what is typed and chosen of a rule.
type RuleFields struct {
	Name     string
	Endpoint string // path; "" everywhere
	Filter   string
	Kind     capture.RuleKind

	Mode     AnswerMode // of a delayed rule, a hold and a forward
	Preset   string
	Message  string
	Status   string
	Header   string // lines "Name: value"
	Body     string
	BodyFile string
	FromFile bool // the body is BodyFile's
	Plain    bool // {{ is no variable
	Keep     bool // header and body stay as they are: too long, or no text

	Delay, DelayBody string
	Answers          string // "503, 503, 200"
	Per              capture.RulePer
	For              string

	URL                       string
	KeepPath, Observe, Proven bool
	Timeout                   string
	Drop                      capture.Drop

	End     RuleEndKind
	Count   string // of EndCount
	Minutes string // of EndTime
}

// AnswerMode says what kind of an answer is given.
type AnswerMode string

// The modes.
const (
	AnswerUsual    AnswerMode = "usual"    // what stands for no answer at all
	AnswerAccepted AnswerMode = "accepted" // of a forward: what the sender takes as success, while the app is down
	AnswerPreset   AnswerMode = "preset"   // one of the provider's
	AnswerOwn      AnswerMode = "own"      // status, header and body
)

// RuleEndKind says by what a rule ends.
type RuleEndKind string

// The ends.
const (
	EndTime  RuleEndKind = "time"
	EndCount RuleEndKind = "count"
	EndQuit  RuleEndKind = "quit"
	EndNever RuleEndKind = "never"
)

// The fields whose text may be wrong; FieldRule is for what concerns all of it.
const (
	FieldRule      = ""
	FieldFilter    = "filter"
	FieldPreset    = "preset"
	FieldStatus    = "status"
	FieldHeader    = "header"
	FieldBody      = "body"
	FieldDelay     = "delay"
	FieldDelayBody = "delaybody"
	FieldAnswers   = "answers"
	FieldFor       = "for"
	FieldURL       = "url"
	FieldTimeout   = "timeout"
	FieldCount     = "count"
	FieldMinutes   = "minutes"
)

// RuleDraft is a rule that is being written.
type RuleDraft struct {
	RuleFields
	ID int64 // 0 for a new one

	FilterTold string            // how the filter is understood
	Problems   map[string]string // what is wrong, by field
	Warning    string            // what a person should know before it is kept
	Saving     bool

	Trial     string // "Would have matched 14 of the last 200 callbacks."
	TrialTone Tone
	Trying    bool
	Preview   RulePreview

	was      capture.Rule // as it is kept; of a new one what it begins with
	first    RuleFields   // what was typed at the beginning
	callback int64        // that the preview is for
	ends     bool         // a person has chosen the end
}

// Dirty reports whether something would be lost.
func (d *RuleDraft) Dirty() bool { return d.RuleFields != d.first }

// Title heads the editor.
func (d *RuleDraft) Title() string {
	if d.ID == 0 {
		return "New rule"
	}
	return d.title()
}

func (d *RuleDraft) title() string {
	switch name := strings.TrimSpace(d.first.Name); {
	case name != "":
		return capture.Visible(name)
	case d.ID != 0:
		return fmt.Sprintf("Rule %d", d.ID)
	}
	return "new rule"
}

// AnswerShown says what of an answer the kind asks for: "" for nothing.
func (d *RuleDraft) AnswerShown() AnswerMode {
	switch d.Kind {
	case capture.RulePreset:
		return AnswerPreset
	case capture.RuleFixed:
		return AnswerOwn
	case capture.RuleDelayed, capture.RuleHold, capture.RuleForward:
		if d.Mode == AnswerAccepted && !d.AppMayBeDown() {
			return AnswerUsual
		}
		return d.Mode
	case capture.RuleSequence, capture.RuleDrop:
	}
	return ""
}

// HasMode reports whether the kind lets choose what kind of an answer it gives.
func (d *RuleDraft) HasMode() bool {
	return d.Kind == capture.RuleDelayed || d.Kind == capture.RuleHold || d.Kind == capture.RuleForward
}

// AppMayBeDown reports whether the answer is one for while the app is down, so
// that AnswerAccepted is something else than AnswerUsual.
func (d *RuleDraft) AppMayBeDown() bool { return d.Kind == capture.RuleForward && !d.Observe }

// UsualWords name what AnswerUsual is of the kind.
func (d *RuleDraft) UsualWords() string {
	if d.AppMayBeDown() {
		return "502 with a sentence"
	}
	return "As usual"
}

// AnswerWords head what is said of the answer.
func (d *RuleDraft) AnswerWords() string {
	switch {
	case d.Kind == capture.RuleHold:
		return "Answer where nobody does in time"
	case d.Kind == capture.RuleForward && d.Observe:
		return "What the sender gets"
	case d.Kind == capture.RuleForward:
		return "Answer while the app is down"
	}
	return "Answer"
}

// newDraft is a rule to begin with: at the endpoint of the callback that is shown,
// failing for half an hour.
func (r *Rules) newDraft() *RuleDraft {
	start := capture.Rule{
		Enabled: true, Kind: capture.RuleFixed,
		Params: capture.RuleParams{Answer: ownStatus(503)},
	}
	d := draftOf(&start, r.app.config.Now())
	if page := r.app.Detail.Page; page != nil && page.material.endpoint != nil {
		d.Endpoint = page.material.endpoint.Path
	}
	d.End, d.Minutes = EndTime, strconv.Itoa(int(failingFor/time.Minute))
	return d
}

// ownStatus answers {} with a status, as the presets do.
func ownStatus(status int) capture.RuleAnswer {
	a := capture.RuleAnswer{Status: status}
	if status != 204 && status != 304 {
		a.Header, a.Body = capture.Fields{{Name: "Content-Type", Value: "application/json"}}, "{}"
	}
	return a
}

// draftOf begins to change a rule.
func draftOf(rule *capture.Rule, now time.Time) *RuleDraft {
	p := &rule.Params
	d := &RuleDraft{ID: rule.ID, was: *rule}
	d.RuleFields = RuleFields{
		Name: rule.Name, Endpoint: rule.Endpoint, Filter: rule.Filter, Kind: rule.Kind,
		Delay: ruleSpan(p.Delay), DelayBody: ruleSpan(p.DelayBody), Per: p.Per, For: ruleSpan(p.For),
		URL: p.Forward.URL, KeepPath: p.Forward.KeepPath, Observe: p.Forward.Observe, Proven: p.Forward.Proven,
		Timeout: ruleSpan(p.Forward.Timeout), Drop: p.Drop,
	}
	if d.Per == "" {
		d.Per = capture.PerDelivery
	}
	if d.Drop == "" {
		d.Drop = capture.DropClose
	}
	d.Answers = "503, 503, accepted"
	if rule.Kind == capture.RuleSequence {
		d.Answers = strings.Join(answerTokens(p.Answers), ", ")
	}
	d.setAnswer(&p.Answer)
	if p.Forward.DownAccepted {
		d.Mode = AnswerAccepted
	}
	d.setEnd(&rule.End, now)
	if !d.HasMode() {
		d.Mode = AnswerUsual // where another kind is chosen
	}
	d.first = d.RuleFields
	return d
}

func (d *RuleDraft) setAnswer(a *capture.RuleAnswer) {
	d.Mode, d.Preset, d.Message = AnswerUsual, a.Preset, a.Message
	own := *a
	switch {
	case a.Preset != "":
		d.Mode = AnswerPreset
		own = ownStatus(503)
	case a.Status != 0:
		d.Mode = AnswerOwn
	default:
		own = ownStatus(503)
	}
	d.Status = strconv.Itoa(own.Status)
	d.Header, d.Body, d.BodyFile, d.FromFile, d.Plain = headerText(own.Header), own.Body, own.BodyFile, own.BodyFile != "", own.Plain
	if kept, _ := keptOf(a); kept {
		d.Keep, d.Header, d.Body = true, "", ""
	}
}

// setEnd shows one of a rule's ends; Count and Minutes hold numbers to begin with.
func (d *RuleDraft) setEnd(e *capture.RuleEnd, now time.Time) {
	d.End, d.Count, d.Minutes = EndNever, "5", strconv.Itoa(int(failingFor/time.Minute))
	if e.Quit {
		d.End = EndQuit
	}
	if !e.Until.IsZero() {
		d.End, d.Minutes = EndTime, strconv.Itoa(minutesLeft(e.Until.Sub(now)))
	}
	if e.Count > 0 {
		d.End, d.Count = EndCount, strconv.Itoa(e.Count)
	}
}

// minutesLeft is how many minutes a time has, rounded up, and at least one.
func minutesLeft(left time.Duration) int {
	return max(int((left+time.Minute-1)/time.Minute), 1)
}

// ruleSpan is a time as a person types it: "30s", "10m", and "" for none.
func ruleSpan(span time.Duration) string {
	if span == 0 {
		return ""
	}
	text := span.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func headerText(header capture.Fields) string {
	var lines []string
	for _, f := range header {
		lines = append(lines, f.Name+": "+f.Value)
	}
	return strings.Join(lines, "\n")
}

// usualToken stands for the answer that the provider takes as success, as in the
// terminal.
const usualToken = "accepted"

// answerTokens are the answers of a sequence in a word each.
func answerTokens(answers []capture.RuleAnswer) []string {
	var words []string
	for i := range answers {
		words = append(words, answerToken(&answers[i]))
	}
	return words
}

func answerToken(a *capture.RuleAnswer) string {
	switch {
	case a.Preset != "":
		return a.Preset
	case a.Status != 0:
		return strconv.Itoa(a.Status)
	}
	return usualToken
}

// editedLimit is how much of a header or a body can be edited in the window.
const editedLimit = 8 << 10

// keptOf reports whether an answer cannot be edited, because its body is no text or
// too long, and how large it is.
func keptOf(a *capture.RuleAnswer) (kept bool, size int) {
	size = len(a.Body) + len(a.BodyBase64)/4*3
	return a.BodyBase64 != "" || !utf8.ValidString(a.Body) || len(a.Body) > editedLimit || len(headerText(a.Header)) > editedLimit, size
}

// KeptWords name the header and body that cannot be edited; "" where they can.
func (d *RuleDraft) KeptWords() string {
	if kept, size := keptOf(&d.was.Params.Answer); kept {
		return "Keep its header and its body (" + byteCount(int64(size)) + ")"
	}
	return ""
}
