package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
	"hookglass/providers"
)

// RulePreview is what the rule that is being written would answer a captured
// callback.
type RulePreview struct {
	Of      string // "PUT /kornitx/orders, 12 min ago"; "" where there is none
	Word    string // why it would not match; "" where it would
	Told    string // what there is in place of answers
	Answers []PreviewAnswer
}

// PreviewAnswer is one answer that it would give.
type PreviewAnswer struct {
	Turn   string // "1st", of a sequence; "" where there is but one
	Status string // "503 Service Unavailable"
	Tone   Tone
	Type   string // its Content-Type
	Header string // the other fields, a line each
	Body   string
	Effect string // what it causes at the sender
	Broken string // what of it breaks what the sender takes
}

// stopTrying ends the try that runs.
func (r *Rules) stopTrying() {
	r.typed++
	r.pending = false
	if r.trying != nil {
		r.trying()
	}
}

// try tells what the draft would have matched, and what it would answer the
// callback that is shown, else the newest that it matches. One try runs at a time:
// what is typed meanwhile is tried when it has ended.
func (r *Rules) try() {
	d, b := r.Draft, r.app.backend
	r.typed++
	if d == nil || b == nil || b.TryRule == nil {
		return
	}
	d.callback = r.app.Detail.ID
	rule, problems := r.made(d)
	for field := range problems {
		if field != FieldFilter && field != FieldRule && problems[FieldFilter] == "" {
			continue // the filter alone can be tried
		}
		r.stopTrying()
		d.Trying, d.Trial, d.Preview = false, "", RulePreview{}
		return
	}
	if r.trying != nil {
		r.pending = true
		r.trying() // what it finds is no longer wanted
		return
	}
	whole := len(problems) == 0
	if !whole {
		rule = matcher(&rule)
	}
	d.Trying = true
	ctx, cancel := context.WithCancel(r.app.ctx)
	r.trying = cancel
	id := d.callback
	r.app.run(func(context.Context) func() {
		defer cancel()
		found := r.triedRule(ctx, b, rule, id, whole)
		return func() { r.tried(d, found) }
	})
}

// matcher is a rule that matches alike and can be tried: what else is typed cannot
// be used yet.
func matcher(rule *capture.Rule) capture.Rule {
	return capture.Rule{
		ID: rule.ID, Enabled: true, Endpoint: rule.Endpoint, Filter: rule.Filter,
		Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 200}},
	}
}

// ruleFound is what became of a try.
type ruleFound struct {
	trial   capture.RuleTrial
	err     error
	shown   RulePreview
	gone    bool // it was ended before its time
	unusual bool // only what is matched was tried
}

// triedRule tries a rule. It runs off the screen's goroutine.
func (r *Rules) triedRule(ctx context.Context, b *Backend, rule capture.Rule, id int64, whole bool) ruleFound {
	f := ruleFound{unusual: !whole}
	f.trial, f.err = b.TryRule(ctx, rule, triedLast)
	if id == 0 && len(f.trial.IDs) > 0 {
		id = f.trial.IDs[0]
	}
	if f.err == nil && whole && id != 0 && b.PreviewRule != nil {
		f.shown, f.err = r.previewOf(ctx, b, rule, id)
		if f.err == nil && f.shown.Word != "" && len(f.trial.IDs) > 0 {
			f.shown, f.err = r.previewOf(ctx, b, rule, f.trial.IDs[0]) // one that it is for says more
		}
	}
	f.gone = ctx.Err() != nil
	return f
}

// previewOf asks what a rule would answer a callback.
func (r *Rules) previewOf(ctx context.Context, b *Backend, rule capture.Rule, id int64) (RulePreview, error) {
	var shown RulePreview
	x, err := b.Store.Exchange(ctx, id)
	if err != nil {
		return shown, err
	}
	preview, err := b.PreviewRule(ctx, rule, id)
	if err != nil {
		shown.Told = ruleSentence(err)
		return shown, nil
	}
	target := x.Request.Target
	if b.Mask != nil {
		target = b.Mask(target)
	}
	shown.Of = shorten(capture.Visible(x.Request.Method+" "+target), 70) + ", " + ago(r.app.config.Now().Sub(x.Request.Received))
	if !preview.Matches {
		shown.Word = sentence(errors.New(capture.Visible(orElse(preview.Why, "it does not match"))))
	}
	who := answering(endpointAt(b.Endpoints(), x.Endpoint), x)
	for i := range preview.Answers {
		answer := previewAnswer(&preview.Answers[i])
		answer.Effect = capture.Visible(b.Set.Effect(who, &preview.Answers[i]).Text)
		if i < len(preview.Broken) {
			answer.Broken = brokenWords(preview.Broken[i])
		}
		if len(preview.Answers) > 1 {
			answer.Turn = strconv.Itoa(i+1) + "."
		}
		shown.Answers = append(shown.Answers, answer)
	}
	return shown, nil
}

// previewBody is how much of a body is shown.
const previewBody = 600

func previewAnswer(a *capture.Response) PreviewAnswer {
	p := PreviewAnswer{Status: statusLine(a.Status), Tone: statusTone(a.Status), Type: capture.Visible(a.Header.Value("Content-Type"))}
	var lines []string
	for _, f := range a.Header {
		if !strings.EqualFold(f.Name, "Content-Type") {
			lines = append(lines, shorten(capture.Visible(f.Name+": "+f.Value), 160))
		}
	}
	p.Header = strings.Join(lines, "\n")
	switch {
	case len(a.Body) == 0:
		p.Body = "no body"
	case !utf8.Valid(a.Body):
		p.Body = byteCount(int64(len(a.Body))) + " that are no text"
	default:
		var parts []string
		for _, line := range strings.Split(shorten(string(a.Body), previewBody), "\n") {
			parts = append(parts, capture.Visible(strings.TrimRight(line, "\r")))
		}
		p.Body = strings.Join(parts, "\n")
	}
	return p
}

// tried shows what a try found.
func (r *Rules) tried(d *RuleDraft, f ruleFound) {
	r.trying = nil
	again := r.pending
	r.pending = false
	if r.Draft == d && !f.gone {
		d.Trying = false
		r.found(d, f)
		r.Changed.Emit()
	}
	if again {
		r.try()
	}
}

func (r *Rules) found(d *RuleDraft, f ruleFound) {
	d.TrialTone = Muted
	switch t := f.trial; {
	case f.err != nil && !errors.Is(f.err, context.Canceled):
		d.Trial, d.TrialTone = ruleSentence(f.err), Bad
	case t.Of == 0:
		d.Trial = "No callback was captured yet to try it on."
	case t.Matched == 0:
		d.Trial, d.TrialTone = fmt.Sprintf("Would have matched none of the last %d.", t.Of), Warn
	default:
		d.Trial, d.TrialTone = fmt.Sprintf("Would have matched %d of the last %d.", t.Matched, t.Of), Good
	}
	if f.unusual || f.err != nil {
		return // the preview that is there stays while something is being typed
	}
	d.Preview = f.shown
	if len(f.shown.Answers) > 0 || f.shown.Told != "" {
		return
	}
	rule, problems := r.made(d)
	if len(problems) == 0 {
		d.Preview.Answers = r.typedAnswers(&rule)
	}
	switch d.Kind {
	case capture.RuleForward:
		if len(d.Preview.Answers) > 0 {
			break
		}
		d.Preview.Told = "It answers what " + appOf(strings.TrimSpace(d.URL)) + " answers; while that is down, 502 with a sentence."
	case capture.RuleDrop:
		d.Preview.Told = d.Drop.Effect()
	case capture.RulePreset, capture.RuleFixed, capture.RuleDelayed, capture.RuleSequence, capture.RuleHold:
	}
}

// typedAnswers are the answers as they are typed, where there is no callback to give
// them to.
func (r *Rules) typedAnswers(rule *capture.Rule) []PreviewAnswer {
	b := r.app.backend
	e := endpointAt(b.Endpoints(), rule.Endpoint)
	who := ""
	if e != nil {
		who = e.Provider
	}
	request := capture.Request{Method: "POST", Target: rule.Endpoint}
	answers := rule.Answers()
	list := make([]PreviewAnswer, len(answers))
	for i := range answers {
		a := &answers[i]
		response := capture.Response{Status: a.Status, Header: a.Header, Body: []byte(a.Body)}
		if a.Status == 0 {
			response = b.Set.Accepted(&request, e)
		}
		if p := r.preset(rule.Endpoint, a.Preset); a.Preset != "" && p != nil {
			response = providers.Fill(*p, a.Message)
		}
		list[i] = previewAnswer(&response)
		if a.BodyFile != "" {
			list[i].Body = "what is in the file"
		}
		if who != "" {
			list[i].Effect = capture.Visible(b.Set.Effect(who, &response).Text)
			list[i].Broken = brokenWords(b.Set.Contract(who, &response, &request))
		}
		if len(answers) > 1 {
			list[i].Turn = strconv.Itoa(i+1) + "."
		}
	}
	return list
}
