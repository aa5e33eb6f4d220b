package viewmodel

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

func TestRulesByKeys(t *testing.T) {
	b := newRuled(t, fixedRule(1, "one", 503), fixedRule(2, "two", 500), fixedRule(3, "three", 200))
	press := func(keys ...string) {
		for _, key := range keys {
			if !b.Rules.Press(key) {
				t.Errorf("%s does nothing", key)
			}
			b.settle()
		}
	}
	order := func() string {
		var names []string
		for _, r := range b.rules {
			name := r.Name
			if !r.Enabled {
				name += "-"
			}
			names = append(names, name)
		}
		return strings.Join(names, " ")
	}
	b.Rules.Open()
	press("Down", "Down")
	if b.Rules.At != 2 || b.Rules.Draft.ID != 2 || b.Rules.Draft.Name != "two" {
		t.Fatalf("at %d, draft %+v", b.Rules.At, b.Rules.Draft)
	}
	press("Alt+Up", "Space")
	if got := order(); got != "two- one three" || b.Rules.At != 2 {
		t.Errorf("order %q, at %d", got, b.Rules.At)
	}
	press("Space", "Return")
	if got := order(); got != "two one three" || b.Rules.Write != 1 {
		t.Errorf("order %q, write %d", got, b.Rules.Write)
	}
	press("Delete")
	if got := order(); got != "one three" || b.Rules.At != 1 {
		t.Errorf("order %q, at %d", got, b.Rules.At)
	}
	if b.Rules.Said.Text != "Removed “two”." {
		t.Fatalf("said %+v", b.Rules.Said)
	}
	press("Mod+Z")
	if got := order(); got != "one three two" { // the fake appends; the engine goes by Order
		t.Errorf("order %q", got)
	}
	if b.Rules.Press("z") {
		t.Error("z does something")
	}
}

func TestSecondYes(t *testing.T) {
	for _, c := range []struct {
		name     string
		refuse   error
		question string
		want     capture.Consent
	}{
		{"live", &capture.LiveError{Path: "/kornitx/*"}, "Fail real callbacks at /kornitx/*?", capture.Consent{Live: true}},
		{"remote", &capture.RemoteError{Host: "192.0.2.7:3000"}, "Send callbacks to 192.0.2.7:3000?", capture.Consent{Remote: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newRuled(t)
			b.refuse = c.refuse
			b.Rules.New()
			b.Rules.Save()
			b.settle()
			if q := b.Confirmation; q == nil || q.Question != c.question || !q.Danger || len(b.rules) != 0 || b.Rules.Draft.Saving {
				t.Fatalf("question %+v, rules %+v", q, b.rules)
			}
			b.Answered(false)
			b.settle()
			if len(b.rules) != 0 || len(b.Rules.Draft.Problems) > 0 || !b.Rules.CanSave() {
				t.Fatalf("after no: %+v, %v", b.rules, b.Rules.Draft.Problems)
			}
			b.Rules.Save()
			b.settle()
			b.Answered(true)
			b.settle()
			if len(b.rules) != 1 || b.yes != c.want {
				t.Errorf("rules %+v, yes %+v", b.rules, b.yes)
			}
		})
	}
}

func TestRuleThatCannotBeKept(t *testing.T) {
	b := newRuled(t)
	b.broken = errors.New("the disk is full")
	b.Rules.New()
	b.Rules.Change(func(f *RuleFields) { f.End = EndNever })
	b.Rules.Save()
	b.settle()
	d := b.Rules.Draft
	if d == nil || d.Problems[FieldRule] != "The disk is full." || d.Saving || b.Rules.CanSave() {
		t.Fatalf("%+v", d)
	}
	b.broken = nil
	b.Rules.Change(func(f *RuleFields) { f.Name = "again" }) // who mends something may try again
	b.Rules.Save()
	b.settle()
	if len(b.rules) != 1 || !b.yes.Forever {
		t.Errorf("rules %+v, yes %+v", b.rules, b.yes)
	}
}

// TestChangesAreNotLost has something typed, and goes elsewhere.
func TestChangesAreNotLost(t *testing.T) {
	b := newRuled(t, fixedRule(1, "one", 503), fixedRule(2, "two", 500))
	b.Rules.ShowRule(1)
	b.settle()
	b.write(func(f *RuleFields) { f.Status = "504" })
	if !b.Rules.Rows[0].Changed {
		t.Error("the row does not say so")
	}
	b.Rules.ShowRule(2)
	if b.Confirmation == nil || b.Rules.Draft.ID != 1 {
		t.Fatalf("%+v, draft %+v", b.Confirmation, b.Rules.Draft)
	}
	b.Answered(false)
	b.Open(NoDialog)
	b.RulesChanged()
	b.settle()
	if b.Rules.Draft.Status != "504" {
		t.Fatalf("draft %+v", b.Rules.Draft)
	}
	b.Rules.Revert()
	if b.Rules.Draft.Status != "503" || b.Rules.Draft.Dirty() {
		t.Errorf("draft %+v", b.Rules.Draft)
	}
	b.Rules.Choose(2)
	b.Rules.Choose(1)
	if b.Rules.Draft.ID != 1 || b.Confirmation != nil {
		t.Errorf("draft %+v", b.Rules.Draft)
	}
	b.rules = b.rules[1:] // somebody else removes it
	b.RulesChanged()
	b.settle()
	if b.Rules.Draft != nil || b.Rules.At != 0 {
		t.Errorf("draft %+v, at %d", b.Rules.Draft, b.Rules.At)
	}
}

// TestSequenceKeepsItsBodies changes the list of a sequence whose answers say more
// than their status.
func TestSequenceKeepsItsBodies(t *testing.T) {
	b := newRuled(t, capture.Rule{ID: 1, Enabled: true, Kind: capture.RuleSequence, Params: capture.RuleParams{
		Answers: []capture.RuleAnswer{{Status: 503, Body: "a"}, {Status: 200, Body: "b"}},
	}})
	b.Rules.ShowRule(1)
	b.write(func(f *RuleFields) { f.Answers = "503, 503, 200" })
	b.Rules.Save()
	b.settle()
	got := b.rules[0].Params.Answers
	if len(got) != 3 || got[0].Body != "a" || got[1].Body != "{}" || got[2].Body != "b" {
		t.Errorf("%+v", got)
	}
}

// TestEndStaysUntilTouched changes something else of a rule whose time runs.
func TestEndStaysUntilTouched(t *testing.T) {
	b := newRuled(t, fixedRule(1, "one", 503))
	end := capture.RuleEnd{Count: 12, Used: 3, Until: b.now.Add(17*time.Minute + 20*time.Second)}
	b.rules[0].End = end
	b.RulesChanged()
	b.settle()
	b.Rules.ShowRule(1)
	if got := b.Rules.EndTold(); got != "Now: 9 left · 18 min." {
		t.Errorf("told %q", got)
	}
	b.write(func(f *RuleFields) { f.Name = "other" })
	b.Rules.Save()
	b.settle()
	if got := b.rules[0].End; got != end {
		t.Errorf("end %+v", got)
	}
	b.write(func(f *RuleFields) { f.End = EndQuit })
	b.Rules.Save()
	b.settle()
	if got := b.rules[0].End; got != (capture.RuleEnd{Quit: true}) {
		t.Errorf("end %+v", got)
	}
}

// TestLongBodyIsKept has a body that cannot be edited in the window.
func TestLongBodyIsKept(t *testing.T) {
	rule := fixedRule(1, "one", 503)
	rule.Params.Answer.Body = strings.Repeat("x", editedLimit+1)
	b := newRuled(t, rule)
	b.Rules.ShowRule(1)
	d := b.Rules.Draft
	if !d.Keep || d.Body != "" || !strings.HasSuffix(d.KeptWords(), " KB)") {
		t.Fatalf("%+v, %q", d.RuleFields, d.KeptWords())
	}
	b.write(func(f *RuleFields) { f.Status = "500" })
	b.Rules.Save()
	b.settle()
	if got := b.rules[0].Params.Answer; got.Status != 500 || len(got.Body) != editedLimit+1 {
		t.Errorf("status %d, body of %d", got.Status, len(got.Body))
	}
}

// TestOneTryAtATime types while a try runs.
func TestOneTryAtATime(t *testing.T) {
	b := newRuled(t)
	running, most := make(chan struct{}, 10), 0
	release := make(chan struct{})
	now := make(chan int, 1)
	now <- 0
	b.engine.TryRule = func(ctx context.Context, r capture.Rule, _ int) (capture.RuleTrial, error) {
		n := <-now + 1
		most = max(most, n)
		now <- n
		running <- struct{}{}
		select {
		case <-release:
		case <-ctx.Done():
		}
		now <- <-now - 1
		if ctx.Err() != nil {
			return capture.RuleTrial{}, ctx.Err()
		}
		return capture.RuleTrial{Matched: len(r.Filter), Of: 200}, nil
	}
	b.Rules.New()
	<-running
	for _, filter := range []string{"a", "ab", "abc"} {
		b.Rules.Change(func(f *RuleFields) { f.Filter = filter })
		timers := b.timers
		b.timers = nil
		for _, f := range timers {
			f()
		}
	}
	close(release)
	b.settle()
	if d := b.Rules.Draft; d.Trial != "Would have matched 3 of the last 200." || d.Trying || most != 1 {
		t.Errorf("trial %q, trying %t, at once %d", d.Trial, d.Trying, most)
	}
}

// TestContractIsToldWithoutACallback marks an answer that Komet does not take,
// before anything came.
func TestContractIsToldWithoutACallback(t *testing.T) {
	b := newRuled(t)
	b.Rules.New()
	b.write(func(f *RuleFields) { f.Endpoint, f.Status, f.Body = "/komet/confirm", "200", "{}" })
	p := b.Rules.Draft.Preview
	if len(p.Answers) != 1 || p.Answers[0].Status != "200 OK" || p.Answers[0].Body != "{}" || !strings.Contains(p.Answers[0].Broken, "status") {
		t.Fatalf("%+v", p)
	}
	b.write(func(f *RuleFields) { f.Kind, f.Preset = capture.RulePreset, "komet-1" })
	if p = b.Rules.Draft.Preview; len(p.Answers) != 1 || p.Answers[0].Broken != "" || !strings.Contains(p.Answers[0].Body, `"1"`) {
		t.Errorf("%+v", p)
	}
	b.write(func(f *RuleFields) { f.Kind = capture.RuleDrop })
	if p = b.Rules.Draft.Preview; len(p.Answers) != 0 || p.Told != capture.DropClose.Effect() {
		t.Errorf("%+v", p)
	}
	b.write(func(f *RuleFields) { f.Kind = capture.RuleForward })
	if p = b.Rules.Draft.Preview; len(p.Answers) != 0 || !strings.Contains(p.Told, "localhost:3000") {
		t.Errorf("%+v", p)
	}
}

// TestEndFollowsWhatFails lets a new rule end by itself while it fails, until a
// person says how it ends.
func TestEndFollowsWhatFails(t *testing.T) {
	b := newRuled(t)
	b.Rules.New()
	d := b.Rules.Draft
	for _, c := range []struct {
		change func(f *RuleFields)
		want   RuleEndKind
	}{
		{func(*RuleFields) {}, EndTime},
		{func(f *RuleFields) { f.Kind = capture.RuleForward }, EndNever},
		{func(f *RuleFields) { f.Kind = capture.RuleHold }, EndTime},
		{func(f *RuleFields) { f.Kind, f.Status = capture.RuleFixed, "200" }, EndNever},
		{func(f *RuleFields) { f.End = EndQuit }, EndQuit},
		{func(f *RuleFields) { f.Status = "503" }, EndQuit},
	} {
		b.write(c.change)
		if d.End != c.want {
			t.Errorf("%s %s: ends by %q, want %q", d.Kind, d.Status, d.End, c.want)
		}
	}
}

// TestOthersChangeTheRule has somebody else change a rule while it is being
// written.
func TestOthersChangeTheRule(t *testing.T) {
	b := newRuled(t, fixedRule(1, "one", 503))
	b.Rules.ShowRule(1)
	b.settle()
	b.rules[0].Name = "other"
	b.RulesChanged()
	b.settle()
	if got := b.Rules.Draft.Name; got != "other" {
		t.Errorf("name %q", got)
	}
	b.write(func(f *RuleFields) { f.Name = "mine" })
	b.rules[0].Enabled, b.rules[0].Order, b.rules[0].End = false, 7, capture.RuleEnd{Count: 5, Used: 2}
	b.RulesChanged()
	b.settle()
	b.Rules.Save()
	b.settle()
	if got := b.rules[0]; got.Name != "mine" || got.Enabled || got.Order != 7 || got.End != (capture.RuleEnd{Count: 5, Used: 2}) {
		t.Errorf("%+v", got)
	}
}
