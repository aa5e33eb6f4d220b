package capture

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Responder is what the kind of a rule becomes. Respond may wait; it ends early
// when ctx does, with the answer as far as it has one, and with an error where
// the sender is gone. It is called concurrently.
type Responder interface {
	Respond(ctx context.Context, q *Question) (Response, error)
}

// answerResponders makes what gives the answers of a rule that Check has passed.
func answerResponders(r *Rule, with *RuleSource) ([]Responder, error) {
	var answers []Responder
	for _, a := range r.Answers() {
		answer, err := answerResponder(&a, with)
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// responderOf makes the responder of a rule that Check has passed of what gives
// its answers.
func responderOf(r *Rule, answers []Responder, with *RuleSource) (Responder, error) {
	switch r.Kind {
	case RuleDelayed:
		return &delayed{answers[0], r.Params.Delay, r.Params.DelayBody}, nil
	case RuleSequence:
		return &sequence{r.ID, r.Params.Per, answers, with.Counters}, nil
	case RuleHold:
		return &holding{rule: r, fallback: answers[0], with: with}, nil
	case RuleForward:
		// Without an answer of the rule's own it makes one where it needs one.
		answer := Responder(accepting{with})
		if len(answers) > 0 {
			answer = answers[0]
		}
		return forwardResponder(r, answer, with)
	case RuleDrop:
		return dropping{r.Params.Drop, accepting{with}}, nil
	case RulePreset, RuleFixed:
	}
	return answers[0], nil
}

// answerResponder makes what gives one answer.
func answerResponder(a *RuleAnswer, with *RuleSource) (Responder, error) {
	if !a.given() {
		return accepting{with}, nil
	}
	if a.Preset != "" {
		return &presetting{id: a.Preset, message: a.Message, with: with}, nil
	}
	body, err := a.body()
	if err != nil {
		return nil, err
	}
	return readyAnswer(a, body)
}

// body returns the bytes of an answer's body.
func (a *RuleAnswer) body() ([]byte, error) {
	switch {
	case a.BodyBase64 != "":
		return base64.StdEncoding.DecodeString(a.BodyBase64)
	case a.BodyFile != "":
		return readBodyFile(a.BodyFile)
	}
	return []byte(a.Body), nil
}

// readBodyFile reads a file of the person's own, unless it is too large or no
// plain file: one that never ends, or that waits, must not hold us up.
func readBodyFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the file of its body cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the file of its body, %s, is no plain file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the file of its body cannot be read: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(file, MaxRuleBody+1))
	err = errors.Join(err, file.Close())
	if err != nil {
		return nil, fmt.Errorf("the file of its body cannot be read: %w", err)
	}
	if len(body) > MaxRuleBody {
		return nil, fmt.Errorf("the file of its body, %s, is larger than %d bytes", path, MaxRuleBody)
	}
	return body, nil
}

// fixed gives an answer of the person's own.
type fixed struct {
	status int
	names  []string
	values []*template
	body   *template
	paths  bodyPaths
	reads  bool
}

// readyAnswer parses the templates of an answer. body is its body.
func readyAnswer(a *RuleAnswer, body []byte) (*fixed, error) {
	f := &fixed{status: a.Status}
	parse := func(text string, as escape) (*template, error) {
		if a.Plain || a.BodyBase64 != "" && as != escapeHeader {
			return &template{parts: []templatePart{{text: text}}, escape: as}, nil
		}
		t, err := parseTemplate(text, as, &f.paths)
		if err == nil {
			f.reads = f.reads || t.reads
		}
		return t, err
	}
	for _, field := range a.Header {
		value, err := parse(field.Value, escapeHeader)
		if err != nil {
			return nil, fmt.Errorf("the value of %s, %w", field.Name, err)
		}
		f.names, f.values = append(f.names, field.Name), append(f.values, value)
	}
	var err error
	if f.body, err = parse(string(body), escapeFor(a.Header.Value("Content-Type"), string(body))); err != nil {
		return nil, fmt.Errorf("the body, %w", err)
	}
	return f, nil
}

// Respond implements Responder.
func (f *fixed) Respond(_ context.Context, q *Question) (Response, error) {
	values := filling{Question: q, found: f.paths.read(&q.Exchange.Request)}
	response := Response{Status: f.status}
	for i, t := range f.values {
		value, err := t.fill(&values)
		if err != nil {
			return Response{}, fmt.Errorf("the value of %s: %w", f.names[i], err)
		}
		response.Header = append(response.Header, Field{f.names[i], string(value)})
	}
	var err error
	response.Body, err = f.body.fill(&values)
	return response, err
}

// accepting gives the answer that the provider takes as success.
type accepting struct{ with *RuleSource }

// Respond implements Responder.
func (a accepting) Respond(_ context.Context, q *Question) (Response, error) {
	if a.with.Accepted == nil {
		return Response{Status: 200}, nil
	}
	return a.with.Accepted(&q.Exchange.Request, q.Endpoint), nil
}

// presetting gives a preset of the callback's provider.
type presetting struct {
	id, message string
	with        *RuleSource
	found       sync.Map // by provider: a *Preset, nil where it has none
}

// Respond implements Responder. A rule is not asked where there is no preset.
func (p *presetting) Respond(_ context.Context, q *Question) (Response, error) {
	preset, why := p.find(q.Exchange, q.Endpoint)
	if why != "" {
		return Response{}, errors.New(why)
	}
	response := preset.Response
	response.Header, response.Preset = slices.Clone(response.Header), preset.ID
	return response, nil
}

// of returns the preset of a provider, or nil.
func (p *presetting) of(provider string) *Preset {
	if found, ok := p.found.Load(provider); ok {
		return found.(*Preset)
	}
	var found *Preset
	if p.with.Preset != nil {
		if preset, ok := p.with.Preset(provider, p.id, p.message); ok {
			found = &preset
		}
	}
	p.found.Store(provider, found) // there are not many providers
	return found
}

// fits reports whether there is a preset for a callback.
func (p *presetting) fits(x *Exchange, e *Endpoint) bool {
	preset := p.of(providerOf(x, e))
	return preset != nil && preset.takes(x.Request.Method)
}

// find returns the preset for a callback, or says in a sentence why there is none.
func (p *presetting) find(x *Exchange, e *Endpoint) (*Preset, string) {
	provider := providerOf(x, e)
	preset := p.of(provider)
	switch {
	case preset == nil && provider == "":
		return nil, fmt.Sprintf("its sender is unknown, and there is no preset %q for everybody", p.id)
	case preset == nil:
		return nil, fmt.Sprintf("%s has no preset %q", provider, p.id)
	case !preset.takes(x.Request.Method):
		return nil, fmt.Sprintf("the preset %q is not for %s requests", p.id, Visible(x.Request.Method))
	}
	return preset, ""
}

// takes reports whether a preset can answer a method.
func (p *Preset) takes(method string) bool {
	if p.Method == "" {
		return !strings.EqualFold(method, "OPTIONS")
	}
	return strings.EqualFold(method, p.Method)
}

// providerOf is whose callback it is: the endpoint's pinned provider, else the
// annotated one.
func providerOf(x *Exchange, e *Endpoint) string {
	if e != nil && e.Provider != "" {
		return e.Provider
	}
	return x.Annotation.Provider
}

// delayed gives an answer late.
type delayed struct {
	Responder
	head, body time.Duration
}

// Respond implements Responder.
func (d *delayed) Respond(ctx context.Context, q *Question) (Response, error) {
	gone := pause(ctx, d.head)
	response, err := d.Responder.Respond(ctx, q)
	response.Pause = d.body
	if err == nil {
		err = gone
	}
	return response, err
}

// errHungUp says that the sender hung up while we waited.
var errHungUp = errors.New("the sender hung up")

// pause waits. It returns errHungUp where the sender hung up meanwhile, and nil
// early where we close, so that who waits gets its answer still.
func pause(ctx context.Context, span time.Duration) error {
	if span <= 0 {
		return nil
	}
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		if errors.Is(context.Cause(ctx), ErrClosing) {
			return nil
		}
		return errHungUp
	}
}

// sequence gives one answer after the other.
type sequence struct {
	rule     int64
	per      RulePer
	answers  []Responder
	counters *Counters
}

// Respond implements Responder.
func (s *sequence) Respond(ctx context.Context, q *Question) (Response, error) {
	n := s.counters.next(s.rule, s.key(q.Exchange))
	return s.answers[min(n, len(s.answers)-1)].Respond(ctx, q)
}

// key is what a callback is counted under. It begins with the provider: two of
// them may give an order the same number. Delivery keys hold theirs.
func (s *sequence) key(x *Exchange) string {
	a := &x.Annotation
	switch s.per {
	case PerAll:
		return ""
	case PerOrder:
		if a.Order != "" {
			return a.Provider + " " + a.Order
		}
	case PerDelivery, "":
		if a.Delivery != "" {
			return a.Delivery
		}
	}
	// Nobody can tell what it belongs to. What is sent alike is the same.
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %q ", x.Request.Method, x.Request.Target)
	sum.Write(x.Request.Body)
	return "sha256 " + hex.EncodeToString(sum.Sum(nil)[:16])
}
