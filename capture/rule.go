package capture

import "time"

// Rule says what callbacks are answered instead of what their provider takes as
// success. It is plain data: Rules makes it answer.
type Rule struct {
	ID       int64 // given by the store; 0 for one that is not kept yet
	Name     string
	Enabled  bool
	Order    int64  // lower ones are asked first; equal ones by ID
	Endpoint string // path of the endpoint that it is for; "" everywhere
	Filter   string // in the filter language; "" for every callback
	Kind     RuleKind
	Params   RuleParams
	End      RuleEnd
	Hits     int64 // callbacks that it has answered
}

// RuleKind says in what way a rule answers.
type RuleKind string

// The kinds of rules.
const (
	RulePreset   RuleKind = "preset"   // with a preset of the callback's provider
	RuleFixed    RuleKind = "fixed"    // with status, header and body
	RuleDelayed  RuleKind = "delayed"  // late: with the accepted answer where Params.Answer is empty
	RuleSequence RuleKind = "sequence" // with one answer after the other; the last one repeats
	RuleHold     RuleKind = "hold"     // with what a person says while the sender waits; with Params.Answer where nobody does in time
	RuleForward  RuleKind = "forward"  // with the answer of the person's own app, or with Params.Answer
	RuleDrop     RuleKind = "drop"     // not, or not whole
)

// RuleKinds are all kinds.
var RuleKinds = []RuleKind{RulePreset, RuleFixed, RuleDelayed, RuleSequence, RuleHold, RuleForward, RuleDrop}

// RuleParams are what the kinds need to know. Its JSON is what the store keeps.
type RuleParams struct {
	Answer    RuleAnswer    `json:"answer,omitzero"`      // of all kinds but a sequence and a drop
	Delay     time.Duration `json:"delay,omitempty"`      // of a delayed rule: before the head
	DelayBody time.Duration `json:"delay_body,omitempty"` // of a delayed rule: between head and body
	Answers   []RuleAnswer  `json:"answers,omitempty"`    // of a sequence
	Per       RulePer       `json:"per,omitempty"`        // of a sequence; "" is PerDelivery
	For       time.Duration `json:"for,omitempty"`        // of a hold: how long a person has; 0 is DefaultHold
	Forward   Forwarding    `json:"forward,omitzero"`     // of a forward
	Drop      Drop          `json:"drop,omitempty"`       // of a drop
}

// RuleAnswer is one answer: a preset, or a status with header and body. Values of
// header fields and the body may hold variables such as {{order}}, which are
// written as the Content-Type wants it; see TemplateVariables. The zero value
// stands for the answer that the provider takes as success.
type RuleAnswer struct {
	Preset  string `json:"preset,omitempty"` // ID of a preset of the callback's provider
	Message string `json:"message,omitempty"`
	// Failing says that the sender takes the preset as a failure. Who makes the
	// rule sets it, from Preset.Failing: this package knows no presets.
	Failing bool `json:"failing,omitempty"`

	Status     int    `json:"status,omitempty"`
	Header     Fields `json:"header,omitempty"`
	Body       string `json:"body,omitempty"`
	BodyBase64 string `json:"body_base64,omitempty"` // a body that is no text; it holds no variables
	BodyFile   string `json:"body_file,omitempty"`   // absolute path of a file of the person's own, read when Rules are made
	Plain      bool   `json:"plain,omitempty"`       // {{ in header and body is no variable
}

// RulePer says for whom a sequence counts.
type RulePer string

// What a sequence can count by.
const (
	PerDelivery RulePer = "delivery" // the attempts of one delivery; without a key, what is sent alike
	PerOrder    RulePer = "order"    // the callbacks of one order of a provider
	PerAll      RulePer = "all"      // all callbacks
)

// RulePers are all of them.
var RulePers = []RulePer{PerDelivery, PerOrder, PerAll}

// RuleEnd says when a rule ends by itself. The zero value: never.
type RuleEnd struct {
	Count int       `json:"count,omitempty"` // callbacks that it answers; 0 for no bound
	Used  int       `json:"used,omitempty"`  // of Count, how many it has answered
	Until time.Time `json:"until,omitzero"`
	Quit  bool      `json:"quit,omitempty"` // when this process ends: it is off after the next start
}

// Named reports whether there is any end.
func (e RuleEnd) Named() bool { return e.Count > 0 || !e.Until.IsZero() || e.Quit }

// Left is how many callbacks a rule may still answer, and whether that is
// bounded.
func (e RuleEnd) Left() (int, bool) { return max(e.Count-e.Used, 0), e.Count > 0 }

// Over reports whether a rule has ended. Quit has no part in it.
func (e RuleEnd) Over(now time.Time) bool {
	left, counted := e.Left()
	return counted && left == 0 || !e.Until.IsZero() && !now.Before(e.Until)
}

// Active reports whether a rule is asked at all: enabled, and not ended.
func (r *Rule) Active(now time.Time) bool { return r.Enabled && !r.End.Over(now) }

// Answers lists every answer that a rule can give by itself: of a hold its
// fallback, of a forward what the sender gets without the app's, of a drop none.
// The zero RuleAnswer among them is the answer that the provider takes as success.
func (r *Rule) Answers() []RuleAnswer {
	p := &r.Params
	switch {
	case r.Kind == RuleSequence:
		return p.Answers
	case r.Kind == RuleDrop, r.Kind == RuleForward && !p.Forward.Observe && !p.Forward.DownAccepted && !p.Answer.given():
		return nil
	}
	return []RuleAnswer{p.Answer}
}

// Fails reports whether a rule may fail its sender on purpose: with 4xx, with 5xx,
// with a preset marked so, by keeping it waiting or by dropping it. Such a rule
// should have an end. What a forward answers where the app is down is no purpose.
func (r *Rule) Fails() bool {
	switch {
	case r.Kind == RuleHold, r.Kind == RuleDrop:
		return true
	case r.Kind == RuleForward && !r.Params.Forward.Observe:
		return false
	}
	for _, a := range r.Answers() {
		if a.Failing || a.Status >= 400 {
			return true
		}
	}
	return false
}
