package viewmodel

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// chosen lets answers be chosen, as the engine does.
func (b *bench) chosen(first ...capture.Choice) *[]capture.Choice {
	all := first
	b.engine.Choices = func() []capture.Choice { return slices.Clone(all) }
	b.engine.Choose = func(_ context.Context, c capture.Choice) error {
		all = slices.DeleteFunc(all, func(old capture.Choice) bool { return old.Path == c.Path })
		if c.Preset != "" {
			all = append(all, c)
		}
		return nil
	}
	return &all
}

// banner returns the banner of what fails on purpose.
func (b *bench) banner() *Banner {
	for i := range b.Notices.Banners {
		if b.Notices.Banners[i].ID == answerBanner {
			return &b.Notices.Banners[i]
		}
	}
	return nil
}

func TestAnswerIsExplained(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	s := b.sentBy(t, "komet/confirmation")
	for _, c := range []struct {
		name            string
		change          func(*capture.Exchange)
		status, decided string
		effect          string
	}{
		{"usual", nil, "200 OK", "The usual answer: what Komet Sales takes as success.", `shows its user "Received by Hookglass"`},
		{"chosen", func(x *capture.Exchange) {
			x.Response = &capture.Response{Status: 200, By: capture.ByChoice, Preset: "komet-0", Body: []byte(`{"status":"0","message":"No stock"}`)}
		}, "200 OK", "You chose it for the endpoint", `the error "No stock"`},
		{"pending", func(x *capture.Exchange) { x.Response, x.State = nil, capture.StateReceived }, "pending", "about to be answered", ""},
		{"a limit", func(x *capture.Exchange) { x.Response = &capture.Response{Status: 413, By: capture.ByLimit} }, "413 Request Entity Too Large", "limits", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.open(t, b.record(t, s.request, c.change))
			v := b.Detail.Answer.View
			if v.Status != c.status || !strings.Contains(v.Decided, c.decided) || !strings.Contains(v.Effect, c.effect) {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestAnswerIsChosen(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	all := b.chosen()
	b.open(t, b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil))
	a := b.Detail.Answer
	if a.Choice.Endpoint != "KornitX" || len(a.Choice.Options) < 3 || a.Choice.Options[0].ID != "" || a.Choice.Picked != "" {
		t.Fatalf("%+v", a.Choice)
	}
	a.Pick("503")
	b.settle()
	want := capture.Choice{Path: "/kornitx/*", Preset: "503", Until: b.now.Add(30 * time.Minute)}
	if len(*all) != 1 || (*all)[0] != want {
		t.Fatalf("chosen %+v, want %+v", *all, want)
	}
	if a.Choice.Picked != "503" || a.Choice.Ends != "ends by itself in 30 min" {
		t.Errorf("%+v", a.Choice)
	}
	if got := b.banner(); got == nil || got.Text != "Failing on purpose: KornitX 503, 30 min left" || got.Action != "End now" {
		t.Fatalf("banner %+v", got)
	}
	b.banner().Run()
	b.settle()
	if len(*all) != 0 || b.banner() != nil || a.Choice.Picked != "" || a.Failing != "" {
		t.Errorf("chosen %+v, banner %+v, picked %q", *all, b.banner(), a.Choice.Picked)
	}
}

func TestAnswerWithAMessage(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	all := b.chosen()
	b.open(t, b.record(t, b.sentBy(t, "komet/confirmation").request, nil))
	a := b.Detail.Answer
	id := ""
	for _, option := range a.Choice.Options {
		if option.TakesMessage {
			id = option.ID
		}
	}
	a.Pick(id)
	b.settle()
	if id == "" || a.Choice.Draft != id || len(*all) != 0 {
		t.Fatalf("draft %q of %q, chosen %+v", a.Choice.Draft, id, *all)
	}
	a.Use(" No stock \n")
	b.settle()
	if len(*all) != 1 || (*all)[0].Message != "No stock" || (*all)[0].Preset != id || (*all)[0].Path != "/komet/confirm" {
		t.Errorf("chosen %+v", *all)
	}
	if a.Choice.Draft != "" || a.Choice.Message != "No stock" {
		t.Errorf("%+v", a.Choice)
	}
}

// TestFailingIsTold has a choice of an earlier run in force, and lets its time
// pass.
func TestFailingIsTold(t *testing.T) {
	b := newBench(t)
	var tick func()
	var next time.Duration
	b.Detail.after = func(d time.Duration, f func()) func() bool {
		next, tick = d, f
		return func() bool { return true }
	}
	b.attach(t)
	if b.banner() != nil {
		t.Fatal("a banner for nothing")
	}
	b.chosen(capture.Choice{Path: "/kornitx/*", Preset: "503", Until: b.now.Add(28*time.Minute + 20*time.Second)})
	b.Attach(&b.engine)
	b.settle()
	if got := b.banner(); got == nil || got.Text != "Failing on purpose: KornitX 503, 29 min left" {
		t.Fatalf("banner %+v", got)
	}
	if next != 20*time.Second {
		t.Errorf("next look in %s, want 20s", next)
	}
	b.now = b.now.Add(next)
	tick()
	if got := b.banner(); got == nil || !strings.Contains(got.Text, "28 min left") || next != time.Minute {
		t.Errorf("banner %+v, next %s", got, next)
	}
	b.now = b.now.Add(28 * time.Minute)
	tick()
	if got := b.banner(); got != nil {
		t.Errorf("banner %+v after the end", got)
	}
}

// What a sender that hung up was answered is not told as if it had it.
func TestAnswerNobodyTook(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.open(t, b.record(t, b.sentBy(t, "komet/confirmation").request, func(x *capture.Exchange) {
		x.State, x.Response = capture.StateGone, &capture.Response{Status: 200, By: capture.ByRule, Rule: 1, Body: []byte(`{"status":"1"}`)}
	}))
	if got := b.Detail.Answer.View; got.Status != "200 OK, hung up" || got.Tone != Warn || !strings.Contains(got.Effect, "hung up") || got.Broken != "" {
		t.Errorf("%+v", got)
	}
	for _, group := range b.Detail.Page.Overview.Groups {
		for _, fact := range group.Facts {
			if fact.Label == "Taken as" {
				t.Errorf("%s: taken as %s", group.Title, fact.Value)
			}
		}
	}
}

func TestRulesThatDidNotAnswer(t *testing.T) {
	b := newBench(t)
	var passed []capture.Skip
	b.attachWith(t, func() { b.engine.Passed = func(*capture.Exchange) []capture.Skip { return passed } })
	passed = []capture.Skip{{ID: 3, Why: "it is off"}, {ID: 4, Name: "Klix\u202e down", Why: "this is not so: the provider is klix"}}
	given := func(x *capture.Exchange) { x.Response = &capture.Response{Status: 503, By: capture.ByRule, Rule: 5} }
	b.open(t, b.record(t, b.sentBy(t, "kornitx/dispatched").request, given))
	got := b.Detail.Answer.View.Passed
	if len(got) != 2 || got[0].Label != "Rule 3" || got[0].Value != "It is off." || !strings.HasPrefix(got[1].Label, `Klix\u{202e}`) || !strings.Contains(got[1].Value, "klix") {
		t.Errorf("%+v", got)
	}
	for i := range int64(40) {
		passed = append(passed, capture.Skip{ID: 10 + i, Why: "it is off"})
	}
	b.open(t, b.record(t, b.sentBy(t, "kornitx/dispatched").request, given))
	if got := b.Detail.Answer.View.Passed; len(got) != passedShown+1 || got[passedShown].Value != "30 other rules" {
		t.Errorf("%d, %+v", len(got), got[len(got)-1])
	}
}

// TestFailingRuleIsTold has rules of the terminal in force, and ends them.
func TestFailingRuleIsTold(t *testing.T) {
	b := newBench(t)
	var next time.Duration
	b.Detail.after = func(d time.Duration, _ func()) func() bool {
		next = d
		return func() bool { return true }
	}
	rules := []capture.Rule{
		{ID: 7, Name: "KornitX down", Enabled: true, Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 503}}, End: capture.RuleEnd{Count: 20, Used: 8, Until: b.now.Add(17*time.Minute + 30*time.Second)}},
		{ID: 9, Endpoint: "/komet", Enabled: true, Kind: capture.RulePreset, Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: "status 0", Failing: true}}},
		{ID: 10, Name: "look first", Enabled: true, Kind: capture.RuleHold, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 503}}},
		{ID: 11, Name: "KornitX", Enabled: true, Kind: capture.RuleDrop, Params: capture.RuleParams{Drop: capture.DropReset}},
	}
	var ended []int64
	b.attachWith(t, func() {
		b.engine.Failing = func() []capture.Rule { return slices.Clone(rules) }
		b.engine.EndRule = func(_ context.Context, id int64) error {
			ended = append(ended, id)
			rules = slices.DeleteFunc(rules, func(r capture.Rule) bool { return r.ID == id })
			return nil
		}
	})
	if got := b.banner(); got == nil || got.Text != "Failing on purpose: KornitX down 503, 12 callbacks or 18 min left · /komet status 0 · look first holds · KornitX cuts off" {
		t.Fatalf("banner %+v", got)
	}
	if next != 30*time.Second {
		t.Errorf("next look in %s, want 30s", next)
	}
	rules[0].End.Used = 19
	b.RulesChanged()
	b.settle()
	if got := b.banner(); got == nil || !strings.Contains(got.Text, "1 callback or") {
		t.Errorf("banner %+v", got)
	}
	b.Detail.Answer.End()
	b.settle()
	if got := b.banner(); got != nil || !slices.Equal(ended, []int64{7, 9, 10, 11}) {
		t.Errorf("banner %+v, ended %v", got, ended)
	}
}

// TestAnswerAtALiveEndpoint asks before real callbacks are failed.
func TestAnswerAtALiveEndpoint(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.chosen()
	anyway := 0
	b.engine.Choose = func(context.Context, capture.Choice) error { return &capture.LiveError{Path: "/kornitx/*"} }
	b.engine.ChooseAnyway = func(context.Context, capture.Choice) error { anyway++; return nil }
	b.open(t, b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil))
	for _, yes := range []bool{false, true} {
		b.Detail.Answer.Pick("503")
		b.settle()
		if c := b.Confirmation; c == nil || !strings.Contains(c.Question, "/kornitx/*") || anyway != 0 || b.Detail.Answer.Choice.Busy {
			t.Fatalf("asked %+v, chosen %d times", c, anyway)
		}
		b.Answered(yes)
		b.settle()
	}
	if anyway != 1 || b.Detail.Answer.Choice.Problem != "" {
		t.Errorf("chosen %d times, %q", anyway, b.Detail.Answer.Choice.Problem)
	}
}

func TestAnswerThatCannotBeChosen(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.chosen()
	b.engine.Choose = func(context.Context, capture.Choice) error { return errors.New("the disk is full") }
	b.open(t, b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil))
	b.Detail.Answer.Pick("503")
	b.settle()
	if got := b.Detail.Answer.Choice; !strings.Contains(got.Problem, "The disk is full.") || got.Picked != "" || got.Busy {
		t.Errorf("%+v", got)
	}
	b.open(t, b.record(t, capture.Request{Method: "POST", Target: "/elsewhere"}, nil))
	if got := b.Detail.Answer.Choice; !strings.Contains(got.Missing, "No endpoint") || len(got.Options) != 0 {
		t.Errorf("%+v", got)
	}
}
