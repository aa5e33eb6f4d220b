package viewmodel

import (
	"context"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// lit names the button that is in force.
func (b *ruled) lit() string { return b.Rules.Strip.on() }

func TestStripFollows(t *testing.T) {
	b := newRuled(t)
	s := b.Rules.Strip
	if s.Hint == "" || len(s.Buttons) != 0 || !s.Shown() {
		t.Fatalf("%+v", s)
	}
	b.List.SetView(ViewProvider + "kornitx")
	b.settle()
	if s.Path != "/kornitx/*" || s.Hint != "" || b.lit() != StripUsual {
		t.Fatalf("path %q, hint %q, lit %q", s.Path, s.Hint, b.lit())
	}
	b.open(t, b.record(t, b.sentBy(t, "komet/confirmation").request, nil))
	if s.Path != "/komet/confirm" {
		t.Errorf("path %q", s.Path)
	}
	var labels []string
	for _, button := range s.Buttons[:3] {
		labels = append(labels, button.Label)
	}
	if got := strings.Join(labels, " "); got != "200 K:0 503" {
		t.Errorf("buttons %q", got)
	}
	s.Turn()
	if s.Shown() || !b.Preferences.NoStrip {
		t.Error("it is still there")
	}
}

func TestStripIsPressed(t *testing.T) {
	b := newRuled(t)
	b.open(t, b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil))
	s := b.Rules.Strip
	press := func(id, lit string) {
		t.Helper()
		s.Press(id)
		b.follow()
		b.settle()
		if b.lit() != lit || s.Busy {
			t.Fatalf("after %s: lit %q, want %q", id, b.lit(), lit)
		}
	}
	press(stripPreset+"503", stripPreset+"503")
	if c := *b.chosen; len(c) != 1 || c[0].Path != "/kornitx/*" || !c[0].Until.Equal(b.now.Add(30*time.Minute)) {
		t.Fatalf("chosen %+v", c)
	}
	if s.Ends != "ends in 30 min" {
		t.Errorf("ends %q", s.Ends)
	}
	press(StripHold, StripHold)
	if len(*b.chosen) != 0 || len(b.own()) != 1 || b.own()[0].Name != "At /kornitx/*" || b.own()[0].Kind != capture.RuleHold {
		t.Fatalf("chosen %+v, rules %+v", *b.chosen, b.rules)
	}
	press(stripDrop+"reset", stripDrop+"reset")
	if own := b.own(); len(own) != 1 || own[0].Kind != capture.RuleDrop || own[0].Params.For != 0 {
		t.Fatalf("rules %+v", own)
	}
	press(StripUsual, StripUsual)
	if len(*b.chosen)+len(b.own()) != 0 {
		t.Errorf("chosen %+v, rules %+v", *b.chosen, b.rules)
	}
}

// follow has choices appear among the rules, as in the engine.
func (b *ruled) follow() {
	b.settle()
	b.rules = b.own()
	for i, c := range *b.chosen {
		b.rules = append(b.rules, capture.Rule{
			ID: int64(1000 + i), Name: c.Path, Endpoint: c.Path, Enabled: true, Kind: capture.RulePreset,
			Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: c.Preset, Failing: true}}, End: capture.RuleEnd{Until: c.Until},
		})
	}
	b.RulesChanged()
	b.settle()
}

// own are the rules that are no choices.
func (b *ruled) own() []capture.Rule {
	var list []capture.Rule
	for _, r := range b.rules {
		if !isChoice(&r) {
			list = append(list, r)
		}
	}
	return list
}

func TestStripTellsOfARule(t *testing.T) {
	rule := fixedRule(1, "KornitX down", 503)
	rule.Endpoint = "/kornitx/*"
	b := newRuled(t, rule)
	b.List.SetView(ViewProvider + "kornitx")
	b.settle()
	if s := b.Rules.Strip; s.Rule != "KornitX down" || s.RuleID != 1 || b.lit() != "" {
		t.Errorf("rule %q, lit %q", s.Rule, b.lit())
	}
}

// TestStripAsksAtALiveEndpoint says yes to failing where real callbacks come.
func TestStripAsksAtALiveEndpoint(t *testing.T) {
	b := newRuled(t)
	choose := b.engine.Choose
	b.engine.Choose = func(ctx context.Context, c capture.Choice) error {
		if c.Preset == "503" {
			return &capture.LiveError{Path: c.Path}
		}
		return choose(ctx, c)
	}
	b.List.SetView(ViewProvider + "kornitx")
	b.settle()
	b.Rules.Strip.Press(stripPreset + "503")
	b.settle()
	if b.Confirmation == nil || len(b.rules) != 0 {
		t.Fatalf("rules %+v", b.rules)
	}
	b.Answered(true)
	b.settle()
	if len(b.rules) != 1 || !isChoice(&b.rules[0]) || !b.yes.Live || b.rules[0].Order != lastOrder {
		t.Errorf("rules %+v, yes %+v", b.rules, b.yes)
	}
}

func TestStripForwards(t *testing.T) {
	b := newRuled(t)
	b.List.SetView(ViewProvider + "kornitx")
	b.settle()
	b.Preferences.Targets = []string{"https://example.com/x", "http://localhost:8080/hooks"}
	b.Rules.Strip.Press(StripForward)
	d := b.Rules.Draft
	if d == nil || d.Kind != capture.RuleForward || d.URL != "http://localhost:8080/hooks" || d.Endpoint != "/kornitx/*" || b.Dialog != DialogRules || !b.Rules.CanSave() {
		t.Fatalf("%+v", d)
	}
	b.write(func(f *RuleFields) { f.URL = "http://192.0.2.7:3000" })
	if !strings.HasPrefix(d.Warning, "192.0.2.7:3000 is not this machine") {
		t.Errorf("warning %q", d.Warning)
	}
	b.Rules.Save()
	b.settle()
	if len(b.rules) != 1 || b.lit() != StripForward {
		t.Errorf("rules %+v, lit %q", b.rules, b.lit())
	}
}

// TestRuleFromACallback begins a rule for callbacks like one.
func TestRuleFromACallback(t *testing.T) {
	b := newRuled(t)
	id := b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil)
	b.open(t, id)
	b.trial = capture.RuleTrial{Matched: 1, Of: 1, IDs: []int64{id}}
	b.shown = capture.RulePreview{Matches: true, Answers: []capture.Response{{Status: 503, Body: []byte("{}")}}, Broken: [][]string{{"It breaks something."}}}
	if !b.Commands.Do("rules.make") {
		t.Fatal("it cannot be made")
	}
	b.settle()
	d := b.Rules.Draft
	if d.Endpoint != "/kornitx/*" || !strings.HasPrefix(d.Filter, "provider:kornitx event:order.dispatched order:") || len(d.Problems) > 0 {
		t.Fatalf("%+v", d.RuleFields)
	}
	x, err := b.engine.Store.Exchange(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	filter, err := capture.ParseFilter(d.Filter)
	if err != nil || !filter.Match(x, b.now) {
		t.Errorf("%s does not match it: %v", d.Filter, err)
	}
	p := d.Preview
	if len(p.Answers) != 1 || p.Answers[0].Status != "503 Service Unavailable" || p.Answers[0].Broken != "It breaks something." ||
		!strings.Contains(p.Answers[0].Effect, "KornitX") || !strings.Contains(p.Of, "/kornitx") || d.Trial != "Would have matched 1 of the last 1." {
		t.Errorf("preview %+v, trial %q", p, d.Trial)
	}
}

func TestSidebarListsAnswers(t *testing.T) {
	var rules []capture.Rule
	for i := range 8 {
		r := fixedRule(int64(i+1), "", 503)
		r.Endpoint, r.Enabled = "/kornitx/*", i != 1
		rules = append(rules, r)
	}
	b := newRuled(t, rules...)
	b.rules[0].End = capture.RuleEnd{Count: 5, Used: 2}
	b.rules[2] = capture.Rule{ID: 3, Endpoint: "/komet/confirm", Enabled: true, Kind: capture.RuleHold, End: capture.RuleEnd{Until: b.now.Add(18 * time.Minute)}}
	b.RulesChanged()
	b.settle()
	sections := b.Sidebar.Sections()
	last := sections[len(sections)-1]
	if last.Title != "Answers" || len(last.Items) != 7 || last.Items[6].Title != "and 1 more" {
		t.Fatalf("%+v", last)
	}
	if it := last.Items[0]; it.Title != "KornitX 503" || it.Count != "2 of 5" || it.Tone != Bad || !it.Dot {
		t.Errorf("%+v", it)
	}
	if it := last.Items[1]; it.Title != "Komet hold" || it.Count != "18 min" || it.Tone != Warn {
		t.Errorf("%+v", it)
	}
	view := b.List.View
	b.Sidebar.Select(last.Items[1].View)
	b.settle()
	if b.Dialog != DialogRules || b.Rules.At != 3 || b.List.View != view {
		t.Errorf("dialog %v, at %d, view %q", b.Dialog, b.Rules.At, b.List.View)
	}
}
