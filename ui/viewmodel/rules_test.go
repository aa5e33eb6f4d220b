package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// ruled is a bench whose engine keeps rules, and says no where it is told to.
type ruled struct {
	*bench
	rules  []capture.Rule
	places map[int64][]capture.Place
	yes    capture.Consent // of the last PutRule
	refuse error           // of what asks for a second yes, until it is given
	broken error           // of PutRule
	tried  []capture.Rule
	trial  capture.RuleTrial
	shown  capture.RulePreview
	chosen *[]capture.Choice
	timers []func()
}

func newRuled(t *testing.T, rules ...capture.Rule) *ruled {
	t.Helper()
	b := &ruled{bench: newBench(t), rules: rules, places: map[int64][]capture.Place{}}
	b.List.after = func(_ time.Duration, f func()) { b.timers = append(b.timers, f) }
	b.attachWith(t, func() {
		b.chosen = b.bench.chosen()
		b.engine.Rules = b.states
		b.engine.PutRule = b.put
		b.engine.EnableRule = func(_ context.Context, id int64, on bool, yes capture.Consent) error {
			if b.refuse != nil && on && !yes.Live {
				return b.refuse
			}
			return b.change(id, func(r *capture.Rule) { r.Enabled = on })
		}
		b.engine.RemoveRule = func(_ context.Context, id int64) error {
			b.rules = slices.DeleteFunc(b.rules, func(r capture.Rule) bool { return r.ID == id })
			return nil
		}
		b.engine.ResetRule = func(_ context.Context, id int64) error {
			b.places[id] = nil
			return b.change(id, func(r *capture.Rule) { r.End.Used = 0 })
		}
		b.engine.MoveRule = func(_ context.Context, id int64, by int) error {
			at := slices.IndexFunc(b.rules, func(r capture.Rule) bool { return r.ID == id })
			to := min(max(at+by, 0), len(b.rules)-1)
			b.rules[at], b.rules[to] = b.rules[to], b.rules[at]
			return nil
		}
		b.engine.TryRule = func(_ context.Context, r capture.Rule, last int) (capture.RuleTrial, error) {
			b.tried = append(b.tried, r)
			if last != 200 {
				return capture.RuleTrial{}, fmt.Errorf("tried on %d", last)
			}
			return b.trial, nil
		}
		b.engine.PreviewRule = func(context.Context, capture.Rule, int64) (capture.RulePreview, error) { return b.shown, nil }
	})
	return b
}

func (b *ruled) states() []capture.RuleState {
	var all []capture.RuleState
	for _, r := range b.rules {
		all = append(all, capture.RuleState{Rule: r, Active: r.Active(b.now), Places: b.places[r.ID]})
	}
	return all
}

func (b *ruled) change(id int64, f func(*capture.Rule)) error {
	for i := range b.rules {
		if b.rules[i].ID == id {
			f(&b.rules[i])
			return nil
		}
	}
	return errors.New("there is no such rule")
}

func (b *ruled) put(_ context.Context, r capture.Rule, yes capture.Consent) (int64, error) {
	if b.broken != nil {
		return 0, b.broken
	}
	if b.refuse != nil && !yes.Live && !yes.Remote {
		return 0, b.refuse
	}
	b.yes = yes
	if r.ID != 0 {
		return r.ID, b.change(r.ID, func(old *capture.Rule) { *old = r })
	}
	for _, old := range b.rules {
		r.ID = max(r.ID, old.ID)
	}
	r.ID++
	b.rules = append(b.rules, r)
	return r.ID, nil
}

// tick has the timers of typing fire.
func (b *ruled) tick() {
	b.settle()
	timers := b.timers
	b.timers = nil
	for _, f := range timers {
		f()
	}
	b.settle()
}

// write types into the draft, and lets it be tried.
func (b *ruled) write(f func(f *RuleFields)) {
	b.Rules.Change(f)
	b.tick()
}

func fixedRule(id int64, name string, status int) capture.Rule {
	return capture.Rule{ID: id, Name: name, Enabled: true, Order: id, Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: status}}}
}

func TestRulesAreListed(t *testing.T) {
	down := fixedRule(1, "KornitX down", 503)
	down.Endpoint, down.Filter, down.Hits = "/kornitx/*", "event:order.dispatched", 1234
	sequence := capture.Rule{ID: 2, Enabled: true, Kind: capture.RuleSequence, Params: capture.RuleParams{Answers: []capture.RuleAnswer{{Status: 503}, {Status: 503}, {}}}}
	over := fixedRule(3, "over", 200)
	over.End = capture.RuleEnd{Count: 5, Used: 5}
	off := fixedRule(4, "off", 500)
	off.Enabled = false
	choice := capture.Rule{ID: 5, Name: "/komet/confirm", Endpoint: "/komet/confirm", Enabled: true, Kind: capture.RulePreset, Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: "komet-0", Failing: true}}}
	b := newRuled(t, down, sequence, over, off, choice)
	b.rules[0].End = capture.RuleEnd{Count: 12, Used: 2, Until: b.now.Add(17*time.Minute + 5*time.Second)}
	b.places[2] = []capture.Place{{Key: "A", Done: 2}, {Key: "B", Done: 1}}
	b.RulesChanged()
	b.settle()
	want := []string{
		"KornitX down | 503  ·  KornitX  ·  the event is order.dispatched | 10 left · 18 min | answered 1 234",
		"Rule 2 | 503, 503, as usual  ·  everywhere  ·  every callback | 2 of 3 | ",
		"over | 200  ·  everywhere  ·  every callback | ended | ",
		"off | 500  ·  everywhere  ·  every callback | off | ",
		"Chosen for Komet confirmation | K:0  ·  where no rule above answers |  | ",
	}
	for i, row := range b.Rules.Rows {
		got := strings.Join([]string{row.Name, row.About, row.Left, row.Hits}, " | ")
		if i < len(want) && strings.ReplaceAll(got, "\u202f", " ") != want[i] {
			t.Errorf("row %d\n got %s\nwant %s", i, got, want[i])
		}
	}
	if len(b.Rules.Rows) != len(want) {
		t.Errorf("%d rows", len(b.Rules.Rows))
	}
}

func TestGlanceOfEndpoints(t *testing.T) {
	some := fixedRule(1, "some", 503)
	some.Endpoint, some.Filter = "/kornitx/*", "event:order.dispatched"
	forward := capture.Rule{ID: 3, Endpoint: "/probo/*", Enabled: true, Kind: capture.RuleForward, Params: capture.RuleParams{Forward: capture.Forwarding{URL: "http://localhost:3000/x"}}}
	b := newRuled(t, some, forward)
	hold := capture.Rule{ID: 2, Endpoint: "/klix/*", Enabled: true, Kind: capture.RuleHold, End: capture.RuleEnd{Until: b.now.Add(30 * time.Minute)}}
	b.rules = append(b.rules, hold)
	b.RulesChanged()
	b.settle()
	got := map[string]string{}
	for _, g := range b.Rules.Glance {
		got[g.Path] = strings.TrimRight(g.Answers+" / "+g.Also, " /")
	}
	for path, want := range map[string]string{
		"/kornitx/*": "200 as usual / 1 rule for some", "/klix/*": "hold 30s until 11:12", "/probo/*": "forward to localhost:3000", "/komet/confirm": "200 as usual",
	} {
		if got[path] != want {
			t.Errorf("%s: got %q, want %q", path, got[path], want)
		}
	}
}

func TestRuleIsMade(t *testing.T) {
	b := newRuled(t)
	b.trial = capture.RuleTrial{Matched: 14, Of: 200}
	b.Rules.New()
	d := b.Rules.Draft
	if d == nil || b.Dialog != DialogRules || !b.Rules.CanSave() || d.End != EndTime || b.Rules.Write != 1 {
		t.Fatalf("draft %+v, dialog %v", d, b.Dialog)
	}
	b.write(func(f *RuleFields) { f.Name, f.Filter, f.Endpoint = " Down ", "event:order.dispatched", "/kornitx/*" })
	if d.FilterTold != "The event is order.dispatched" || d.Trial != "Would have matched 14 of the last 200." || len(d.Problems) > 0 {
		t.Errorf("told %q, trial %q, problems %v", d.FilterTold, d.Trial, d.Problems)
	}
	if got := b.Rules.EndTold(); got != "Until 11:12, then the next rule or the usual answer." {
		t.Errorf("end %q", got)
	}
	b.Rules.Save()
	b.settle()
	if len(b.rules) != 1 {
		t.Fatalf("rules %+v, problems %v", b.rules, d.Problems)
	}
	got := b.rules[0]
	if got.Name != "Down" || got.Endpoint != "/kornitx/*" || got.Filter != "event:order.dispatched" || !got.Enabled ||
		got.Params.Answer.Status != 503 || got.Params.Answer.Body != "{}" || !got.End.Until.Equal(b.now.Add(30*time.Minute)) || b.yes != (capture.Consent{}) {
		t.Errorf("%+v, %+v", got, b.yes)
	}
	if b.Rules.At != got.ID || b.Rules.Draft == nil || b.Rules.Draft.ID != got.ID || b.Rules.Draft.Dirty() || b.Rules.List != 1 {
		t.Errorf("at %d, draft %+v", b.Rules.At, b.Rules.Draft)
	}
}

// TestEveryKindIsMade types every kind, and reads it back from what is kept.
func TestEveryKindIsMade(t *testing.T) {
	for _, c := range []struct {
		kind  capture.RuleKind
		write func(f *RuleFields)
		want  func(p *capture.RuleParams) bool
	}{
		{capture.RulePreset, func(f *RuleFields) { f.Endpoint, f.Preset, f.Message = "/komet/confirm", "komet-0", "No stock" }, func(p *capture.RuleParams) bool {
			return p.Answer.Preset == "komet-0" && p.Answer.Message == "No stock" && p.Answer.Failing && p.Answer.Status == 0
		}},
		{capture.RuleFixed, func(f *RuleFields) { f.Status, f.Header, f.Body = "418", "X-A: 1\nX-A: {{order}}\n", "tea" }, func(p *capture.RuleParams) bool {
			h := p.Answer.Header
			return p.Answer.Status == 418 && len(h) == 2 && h[1] == (capture.Field{Name: "X-A", Value: "{{order}}"}) && p.Answer.Body == "tea"
		}},
		{capture.RuleDelayed, func(f *RuleFields) { f.Delay, f.DelayBody = "2", "500ms" }, func(p *capture.RuleParams) bool {
			return p.Delay == 2*time.Second && p.DelayBody == 500*time.Millisecond && p.Answer.Status == 503
		}},
		{capture.RuleSequence, func(f *RuleFields) { f.Answers, f.Per = "503, 503 accepted", capture.PerOrder }, func(p *capture.RuleParams) bool {
			return len(p.Answers) == 3 && p.Answers[1].Status == 503 && p.Answers[1].Body == "{}" && p.Answers[2].Status == 0 && p.Per == capture.PerOrder && p.Answer.Status == 0
		}},
		{capture.RuleHold, func(f *RuleFields) { f.For, f.Mode = "2 min", AnswerUsual }, func(p *capture.RuleParams) bool {
			return p.For == 2*time.Minute && p.Answer.Status == 0
		}},
		{capture.RuleForward, func(f *RuleFields) {
			f.URL, f.Observe, f.Timeout, f.Mode = "http://localhost:3000/x", true, "5s", AnswerUsual
		}, func(p *capture.RuleParams) bool {
			return p.Forward == capture.Forwarding{URL: "http://localhost:3000/x", Observe: true, Timeout: 5 * time.Second}
		}},
		{capture.RuleForward, func(f *RuleFields) { f.URL, f.Mode = "http://localhost:3000", AnswerAccepted }, func(p *capture.RuleParams) bool {
			return p.Forward.DownAccepted && p.Answer.Status == 0
		}},
		{capture.RuleForward, func(f *RuleFields) { f.URL, f.Observe, f.Mode = "http://localhost:3000", true, AnswerAccepted }, func(p *capture.RuleParams) bool {
			return !p.Forward.DownAccepted && p.Forward.Observe
		}},
		{capture.RuleDrop, func(f *RuleFields) { f.Drop = capture.DropReset }, func(p *capture.RuleParams) bool { return p.Drop == capture.DropReset }},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			b := newRuled(t)
			b.Rules.New()
			b.write(func(f *RuleFields) { f.Kind, f.Mode = c.kind, AnswerOwn })
			b.write(c.write)
			if d := b.Rules.Draft; len(d.Problems) > 0 {
				t.Fatalf("problems %v", d.Problems)
			}
			b.Rules.Save()
			b.settle()
			if len(b.rules) != 1 || b.rules[0].Kind != c.kind || !c.want(&b.rules[0].Params) {
				t.Fatalf("%+v", b.rules)
			}
			kept := b.rules[0]
			d := b.Rules.Draft
			if again, problems := b.Rules.made(d); len(problems) > 0 || fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", kept) {
				t.Errorf("read back %+v, %v\nkept %+v", again, problems, kept)
			}
		})
	}
}

func TestRuleProblems(t *testing.T) {
	for _, c := range []struct {
		name  string
		write func(f *RuleFields)
		field string
		want  string
	}{
		{"filter", func(f *RuleFields) { f.Filter = "provider:klix and (" }, FieldFilter, ""},
		{"filter that is known too late", func(f *RuleFields) { f.Filter = "status:200" }, FieldFilter, "not known before the answer"},
		{"status", func(f *RuleFields) { f.Status = "1000" }, FieldStatus, "200 to 599"},
		{"header", func(f *RuleFields) { f.Header = "A: b\nnothing" }, FieldHeader, "Line 2 has no colon"},
		{"name of a header", func(f *RuleFields) { f.Header = "A b: c" }, FieldRule, "no name of a header field"},
		{"template", func(f *RuleFields) { f.Body = "{{order" }, FieldBody, ""},
		{"no preset", func(f *RuleFields) { f.Kind = capture.RulePreset }, FieldPreset, "Choose"},
		{"preset of another", func(f *RuleFields) {
			f.Kind, f.Endpoint, f.Preset = capture.RulePreset, "/kornitx/*", "komet-0"
		}, FieldPreset, "No provider of this endpoint"},
		{"delay", func(f *RuleFields) { f.Kind, f.Delay = capture.RuleDelayed, "soon" }, FieldDelay, "no time"},
		{"no delay", func(f *RuleFields) { f.Kind, f.DelayBody = capture.RuleDelayed, "0" }, FieldDelay, "How late"},
		{"answers", func(f *RuleFields) { f.Kind, f.Answers = capture.RuleSequence, "503, 99" }, FieldAnswers, "not 99"},
		{"url", func(f *RuleFields) { f.Kind, f.URL = capture.RuleForward, " " }, FieldURL, "Where to"},
		{"count", func(f *RuleFields) { f.End, f.Count = EndCount, "0" }, FieldCount, "How many|At least 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newRuled(t)
			b.Rules.New()
			b.write(func(f *RuleFields) { f.Mode = AnswerUsual })
			b.write(c.write)
			d := b.Rules.Draft
			got, ok := d.Problems[c.field]
			found := slices.ContainsFunc(strings.Split(c.want, "|"), func(want string) bool { return strings.Contains(got, want) })
			if !ok || got == "" || !found {
				t.Errorf("problems %q, want %q in %q", d.Problems, c.want, c.field)
			}
			if b.Rules.CanSave() {
				t.Error("it can be saved")
			}
			b.Rules.Save()
			b.settle()
			if len(b.rules) != 0 {
				t.Errorf("kept %+v", b.rules)
			}
		})
	}
}
