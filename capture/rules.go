package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// RuleSource is what rules need of the rings around them.
type RuleSource struct {
	// Counters hold the hits of rules and the places of sequences. They outlive
	// the Rules that are made with them. nil makes new ones.
	Counters *Counters

	// Preset returns a preset of a provider ("" for an unknown one) with a
	// person's words filled in, and whether there is one.
	Preset func(provider, id, message string) (Preset, bool)

	// Accepted is what a callback is answered without a rule.
	Accepted func(r *Request, e *Endpoint) Response

	// Holds keep the callbacks that wait for a person, and Forwarder reaches the
	// apps that callbacks are forwarded to. Both outlive the Rules. nil makes new
	// ones.
	Holds     *Holds
	Forwarder *Forwarder
}

// Rules are rules ready to answer: their filters and templates are parsed. A nil
// *Rules has none. It does not change but for what Counters count, and is safe
// for concurrent use.
type Rules struct {
	all    []*readyRule
	asked  []*readyRule // of all, those that are enabled and can be used
	source RuleSource
}

// readyRule is a rule with what it is made into.
type readyRule struct {
	Rule
	problem   error
	filter    Filter
	reads     bool // it looks at the annotation
	presets   []*presetting
	responder Responder
	count     *ruleCount
}

// NewRules makes rules ready. One that cannot be used is left out; Problem tells
// why. Files that bodies are taken from are read here. Rules are told apart by
// their ID.
func NewRules(list []Rule, with RuleSource) *Rules {
	if with.Counters == nil {
		with.Counters = NewCounters()
	}
	if with.Holds == nil {
		with.Holds = &Holds{}
	}
	if with.Forwarder == nil {
		with.Forwarder = &Forwarder{}
	}
	rs := &Rules{source: with}
	for i := range list {
		r := &readyRule{Rule: list[i], count: with.Counters.of(&list[i])}
		if r.problem = r.ready(&rs.source); r.problem == nil && r.Enabled {
			rs.asked = append(rs.asked, r)
		}
		rs.all = append(rs.all, r)
	}
	for _, rules := range [][]*readyRule{rs.all, rs.asked} {
		slices.SortStableFunc(rules, func(a, b *readyRule) int {
			return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
		})
	}
	return rs
}

// ready checks a rule and parses what it is made of.
func (r *readyRule) ready(with *RuleSource) (err error) {
	if err := r.Check(); err != nil {
		return err
	}
	if r.filter, err = ParseFilter(r.Filter); err != nil {
		return err
	}
	answers, err := answerResponders(&r.Rule, with)
	if err != nil {
		return err
	}
	r.look(answers)
	r.responder, err = responderOf(&r.Rule, answers, with)
	return err
}

// look notes what a rule and its answers need of a callback.
func (r *readyRule) look(answers []Responder) {
	switch r.reads = r.filter.reads(); r.Kind {
	case RuleSequence:
		r.reads = r.reads || r.Params.Per != PerAll
	case RuleHold:
		r.reads = true // for the person
	case RuleForward:
		r.reads = r.reads || r.Params.Forward.Proven
	case RulePreset, RuleFixed, RuleDelayed, RuleDrop:
	}
	for _, answer := range answers {
		switch answer := answer.(type) {
		case *fixed:
			r.reads = r.reads || answer.reads
		case *presetting:
			r.presets = append(r.presets, answer)
		}
	}
}

// reads reports whether a filter looks at the annotation. Free words do.
func (f Filter) reads() bool {
	return slices.ContainsFunc(f.Terms(), func(t *Term) bool { return t.Op == nil || t.Op.read })
}

// now returns the rule with what was counted so far.
func (r *readyRule) now() Rule {
	rule := r.Rule
	rule.Hits, rule.End.Used = r.count.hits.Load(), int(r.count.used.Load())
	return rule
}

// over reports whether the rule has ended.
func (r *readyRule) over(now time.Time) bool {
	end := r.End
	end.Used = int(r.count.used.Load())
	return end.Over(now)
}

// List returns all rules in the order in which they are asked, with Hits and
// End.Used as they are now.
func (rs *Rules) List() []Rule {
	if rs == nil {
		return nil
	}
	list := make([]Rule, len(rs.all))
	for i, r := range rs.all {
		list[i] = r.now()
	}
	return list
}

// Problem says why a rule cannot be used, or returns nil.
func (rs *Rules) Problem(id int64) error {
	if rs != nil {
		for _, r := range rs.all {
			if r.ID == id {
				return r.problem
			}
		}
	}
	return nil
}

// Wants reports whether a rule that may answer a callback looks at its
// annotation, which must be there by then.
func (rs *Rules) Wants(x *Exchange, e *Endpoint, now time.Time) bool {
	if rs == nil {
		return false
	}
	for _, r := range rs.asked {
		if r.Endpoint != "" && r.Endpoint != x.Endpoint || r.over(now) {
			continue
		}
		if r.reads || len(r.presets) > 0 && (e == nil || e.Provider == "") {
			return true
		}
	}
	return false
}

// maxMatched is how much of a body the filters of rules look at: a stranger's
// large one must not keep the answer waiting.
const maxMatched = 1 << 20

// matched returns the exchange as rules look at it.
func matched(x *Exchange) *Exchange {
	if len(x.Request.Body) <= maxMatched {
		return x
	}
	cut := *x
	cut.Request.Body = cut.Request.Body[:maxMatched]
	return &cut
}

// Match returns the first rule for a callback, and whether there is one. e is the
// endpoint that took it; nil where none did, or where it is not known any more.
// Of a body it looks at the first MiB.
func (rs *Rules) Match(x *Exchange, e *Endpoint, now time.Time) (Rule, bool) {
	if rs == nil || len(rs.asked) == 0 {
		return Rule{}, false
	}
	if r := rs.match(matched(x), e, now, 0); r >= 0 {
		return rs.asked[r].now(), true
	}
	return Rule{}, false
}

// match returns the index of the first rule from an index on that matches, or -1.
func (rs *Rules) match(x *Exchange, e *Endpoint, now time.Time, from int) int {
	for i := from; i < len(rs.asked); i++ {
		r := rs.asked[i]
		if r.Endpoint != "" && r.Endpoint != x.Endpoint || r.over(now) || !r.filter.Match(x, now) {
			continue
		}
		if !slices.ContainsFunc(r.presets, func(p *presetting) bool { return !p.fits(x, e) }) {
			return i
		}
	}
	return -1
}

// Answer answers a callback with the first rule that matches, counts that, and
// reports whether there was one. It may wait, as the rule says. Where ctx ends
// meanwhile because the sender hung up, it says so in x.State and x.Error; where
// it ends with ErrClosing, the wait is over early.
func (rs *Rules) Answer(ctx context.Context, x *Exchange, e *Endpoint, now time.Time) (Response, bool) {
	if rs == nil || len(rs.asked) == 0 {
		return Response{}, false
	}
	seen := matched(x)
	for i := rs.match(seen, e, now, 0); i >= 0; i = rs.match(seen, e, now, i+1) {
		r := rs.asked[i]
		// Another callback may have been its last one since it was asked.
		hit, ok := r.count.take(r.End.Count)
		if !ok {
			continue
		}
		began := time.Now()
		response, err := r.responder.Respond(ctx, &Question{Exchange: x, Endpoint: e, Now: now, Hit: hit})
		switch {
		case errors.Is(err, errHungUp):
			x.State = StateGone
			x.Error = fmt.Sprintf("the sender hung up after %s, while the rule %s kept it waiting for the answer", waited(began), r.called())
		case err != nil:
			x.Error = fmt.Sprintf("the rule %s could not make its answer: %v", r.called(), err)
			response = limitAnswer(500, "Hookglass could not make the answer that a rule asks for.")
		}
		if err != nil || response.By != ByHand && response.By != ByApp {
			response.By = ByRule
		}
		response.Rule, response.RuleName = r.ID, r.Name
		return response, true
	}
	return Response{}, false
}

// waited tells how long ago something began: "12.3s", "40ms".
func waited(began time.Time) time.Duration {
	span := time.Since(began)
	if span < time.Second {
		return span.Round(time.Millisecond)
	}
	return span.Round(100 * time.Millisecond)
}

// called is how a sentence names the rule.
func (r *Rule) called() string { return ruleCalled(r.ID, r.Name) }

func ruleCalled(id int64, name string) string {
	if name == "" {
		return fmt.Sprint(id)
	}
	return fmt.Sprintf("%q", name)
}
