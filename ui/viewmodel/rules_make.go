package viewmodel

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
)

// ruleMaker makes a rule of what is typed, and says what cannot be read.
type ruleMaker struct {
	draft    *RuleDraft
	problems map[string]string
	now      time.Time
	failing  func(preset string) bool // the sender takes a preset as a failure
}

// wrong notes what is wrong with a field; the first thing counts.
func (m *ruleMaker) wrong(field, text string) {
	if m.problems[field] == "" {
		m.problems[field] = text
	}
}

// make returns the rule. It can be used where nothing is wrong.
func (m *ruleMaker) make() capture.Rule {
	d := m.draft
	r := d.was
	r.ID, r.Name, r.Endpoint, r.Kind = d.ID, strings.TrimSpace(d.Name), d.Endpoint, d.Kind
	r.Filter = strings.TrimSpace(d.Filter)
	if isChoice(&d.was) && !isChoice(&r) {
		r.Order = 0 // it is no choice any more, and goes to the other rules
	}
	r.Params = m.params()
	r.End = m.end()
	if len(m.problems) == 0 {
		m.check(&r)
	}
	return r
}

// check asks the rule itself, and puts what it says to the field that it is about.
func (m *ruleMaker) check(r *capture.Rule) {
	err := r.Check()
	if err == nil {
		return
	}
	var filter *capture.FilterError
	var template *capture.TemplateError
	switch {
	case errors.As(err, &filter):
		m.wrong(FieldFilter, filterProblem(r.Filter, err))
	case errors.As(err, &template):
		m.wrong(FieldBody, ruleSentence(err))
	case r.Kind == capture.RulePreset && r.Params.Answer.Preset == "":
		m.wrong(FieldPreset, "Choose one of the presets.")
	case r.Kind == capture.RuleForward && strings.TrimSpace(r.Params.Forward.URL) == "":
		m.wrong(FieldURL, "Where to? For example http://localhost:3000")
	case r.Kind == capture.RuleForward && !r.Params.Answer.Failing && m.draft.AnswerShown() == AnswerUsual:
		m.wrong(FieldURL, ruleSentence(err))
	default:
		m.wrong(FieldRule, ruleSentence(err))
	}
}

// ruleSentence tells what Rule.Check or the engine says, without the words that
// name it as a rule's.
func ruleSentence(err error) string {
	return sentence(errors.New(strings.TrimPrefix(err.Error(), capture.ErrRule.Error()+": ")))
}

func (m *ruleMaker) params() capture.RuleParams {
	d := m.draft
	var p capture.RuleParams
	switch d.Kind {
	case capture.RuleDelayed:
		p.Delay, p.DelayBody = m.span(FieldDelay, d.Delay), m.span(FieldDelayBody, d.DelayBody)
		if p.Delay+p.DelayBody == 0 {
			m.wrong(FieldDelay, "How late? For example 2s, or 500ms.")
		}
	case capture.RuleSequence:
		p.Answers, p.Per = m.answers(), d.Per
		return p
	case capture.RuleHold:
		p.For = m.span(FieldFor, d.For)
	case capture.RuleForward:
		p.Forward = capture.Forwarding{
			URL: strings.TrimSpace(d.URL), KeepPath: d.KeepPath, Observe: d.Observe, Proven: d.Proven,
			Timeout: m.span(FieldTimeout, d.Timeout), DownAccepted: d.AnswerShown() == AnswerAccepted,
		}
	case capture.RuleDrop:
		p.Drop = d.Drop
		return p
	case capture.RulePreset, capture.RuleFixed:
	}
	p.Answer = m.answer()
	return p
}

// answer is the one that the kind asks for.
func (m *ruleMaker) answer() capture.RuleAnswer {
	d := m.draft
	switch d.AnswerShown() {
	case AnswerPreset:
		if d.Preset == "" {
			m.wrong(FieldPreset, "Choose one of the presets.")
		}
		return capture.RuleAnswer{Preset: d.Preset, Message: strings.TrimSpace(d.Message), Failing: m.failing(d.Preset)}
	case AnswerOwn:
		return m.own()
	case AnswerUsual, AnswerAccepted:
	}
	return capture.RuleAnswer{}
}

func (m *ruleMaker) own() capture.RuleAnswer {
	d := m.draft
	a := capture.RuleAnswer{Plain: d.Plain}
	status, err := strconv.Atoi(strings.TrimSpace(d.Status))
	if err != nil || status < 200 || status > 599 {
		m.wrong(FieldStatus, "The status is a number from 200 to 599.")
	}
	a.Status = status
	if d.Keep {
		was := &d.was.Params.Answer
		a.Header, a.Body, a.BodyBase64, a.BodyFile = was.Header, was.Body, was.BodyBase64, was.BodyFile
		return a
	}
	a.Header = m.header()
	switch {
	case d.FromFile:
		a.BodyFile = strings.TrimSpace(d.BodyFile)
		if a.BodyFile == "" {
			m.wrong(FieldBody, "Which file? Its whole path is wanted, such as /home/you/answer.json.")
		}
	default:
		a.Body = d.Body
	}
	return a
}

// header reads lines "Name: value".
func (m *ruleMaker) header() capture.Fields {
	var fields capture.Fields
	for i, line := range strings.Split(m.draft.Header, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			m.wrong(FieldHeader, fmt.Sprintf("Line %d has no colon: a line is “Name: value”.", i+1))
			continue
		}
		fields = append(fields, capture.Field{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return fields
}

// answers reads "503, 503, accepted". An answer that was there keeps its header and
// body, which the words do not show.
func (m *ruleMaker) answers() []capture.RuleAnswer {
	words := strings.FieldsFunc(m.draft.Answers, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' })
	if len(words) == 0 {
		m.wrong(FieldAnswers, "Which answers? For example 503, 503, accepted.")
	}
	old := slices.Clone(m.draft.was.Params.Answers)
	var answers []capture.RuleAnswer
	for _, word := range words {
		at := slices.IndexFunc(old, func(a capture.RuleAnswer) bool { return answerToken(&a) == word })
		switch status, err := strconv.Atoi(word); {
		case at >= 0:
			answers = append(answers, old[at])
			old = slices.Delete(old, at, at+1)
		case err == nil && (status < 200 || status > 599):
			m.wrong(FieldAnswers, "A status is a number from 200 to 599, not "+shorten(word, 20)+".")
		case err == nil:
			answers = append(answers, ownStatus(status))
		case word == usualToken:
			answers = append(answers, capture.RuleAnswer{})
		default:
			answers = append(answers, capture.RuleAnswer{Preset: word, Failing: m.failing(word)})
		}
	}
	return answers
}

// span reads a time: "2s", "500ms", "1m30s", or a number of seconds.
func (m *ruleMaker) span(field, text string) time.Duration {
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 && seconds < math.MaxInt32 {
		return time.Duration(seconds * float64(time.Second))
	}
	for _, unit := range [...]string{"min", "sec"} {
		text = strings.Replace(text, unit, unit[:1], 1)
	}
	span, err := time.ParseDuration(text)
	if err != nil || span < 0 {
		m.wrong(field, "This is no time: write 2s, 500ms or 1m30s.")
		return 0
	}
	return span
}

// maxEnd are bounds that no person means to pass.
const (
	maxEndCount   = 1_000_000
	maxEndMinutes = 366 * 24 * 60
)

// end is when the rule ends. One that was not touched stays as it is: also where
// time has passed meanwhile.
func (m *ruleMaker) end() capture.RuleEnd {
	d := m.draft
	if d.ID != 0 && d.End == d.first.End && d.Count == d.first.Count && d.Minutes == d.first.Minutes {
		return d.was.End
	}
	switch d.End {
	case EndTime:
		n, err := strconv.Atoi(strings.TrimSpace(d.Minutes))
		if err != nil || n < 1 || n > maxEndMinutes {
			m.wrong(FieldMinutes, "After how many minutes? At least 1.")
			n = 1
		}
		return capture.RuleEnd{Until: m.now.Add(time.Duration(n) * time.Minute)}
	case EndCount:
		n, err := strconv.Atoi(strings.TrimSpace(d.Count))
		if err != nil || n < 1 || n > maxEndCount {
			m.wrong(FieldCount, "After how many callbacks? At least 1.")
			n = 1
		}
		return capture.RuleEnd{Count: n}
	case EndQuit:
		return capture.RuleEnd{Quit: true}
	case EndNever:
	}
	return capture.RuleEnd{}
}

// isChoice reports whether a rule is the answer that was chosen for an endpoint: a
// preset rule that is named after its path.
func isChoice(r *capture.Rule) bool {
	return r.Kind == capture.RulePreset && r.Endpoint != "" && r.Name == r.Endpoint && r.Filter == ""
}

// ruleName names a rule: by its ID where it has no name.
func ruleName(r *capture.Rule) string {
	return capture.Visible(cmp.Or(r.Name, fmt.Sprintf("Rule %d", r.ID)))
}

// quoted puts a name of a person's own into a sentence.
func quoted(name string) string { return "“" + shorten(capture.Visible(name), 60) + "”" }
