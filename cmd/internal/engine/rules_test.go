package engine

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hookglass/capture"
)

// clock is a clock that a test sets.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// ruled is an engine with a clock and a place for told changes of rules.
type ruled struct {
	*Engine
	url   string
	clock *clock
	moved chan struct{}
	held  chan struct{}
}

func startRuled(t *testing.T, folder string) *ruled {
	t.Helper()
	r := &ruled{clock: &clock{}, moved: make(chan struct{}, 1000), held: make(chan struct{}, 1)}
	r.clock.at.Store(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC).UnixNano())
	e, err := Open(t.Context(), Config{
		Folder: folder, Limits: capture.DefaultLimits(), Getenv: environment(nil), MoveAside: true,
		Now: r.clock.now, RulesChanged: func() { r.moved <- struct{}{} }, HeldChanged: func() { signal(r.held) },
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Engine = e
	t.Cleanup(func() {
		if err := e.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	if r.url, err = e.Listen(t.Context(), "127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *ruled) put(t *testing.T, rule capture.Rule, forever bool) int64 {
	t.Helper()
	id, err := r.PutRule(t.Context(), rule, capture.Consent{Forever: forever})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// want sends callbacks and compares the statuses of their answers.
func (r *ruled) want(t *testing.T, path string, statuses ...int) {
	t.Helper()
	for i, want := range statuses {
		if got, text := request(t, http.MethodPost, r.url+path, "{}"); got != want {
			t.Errorf("callback %d to %s is answered %d %s, want %d", i+1, path, got, text, want)
		}
	}
}

func (r *ruled) state(t *testing.T, id int64) capture.RuleState {
	t.Helper()
	for _, s := range r.Rules() {
		if s.Rule.ID == id {
			return s
		}
	}
	t.Fatalf("there is no rule %d", id)
	return capture.RuleState{}
}

// fixedRule answers with a status at a path.
func fixedRule(status int, endpoint string) capture.Rule {
	return capture.Rule{
		Name: "test", Enabled: true, Endpoint: endpoint, Kind: capture.RuleFixed,
		Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: status}},
	}
}

func TestTheGuard(t *testing.T) {
	r := startRuled(t, t.TempDir())
	end := r.clock.now().Add(30 * time.Minute)
	preset := capture.Rule{Enabled: true, Endpoint: "/komet/confirm", Kind: capture.RulePreset}
	preset.Params.Answer.Preset = "komet-0" // a failure with the status 200
	counted, sequence := fixedRule(503, "/klix/*"), capture.Rule{Enabled: true, Kind: capture.RuleSequence}
	counted.End.Count = 3
	sequence.Params.Answers = []capture.RuleAnswer{{}, {Status: 404}}
	for _, c := range []struct {
		what    string
		rule    capture.Rule
		forever bool
		want    time.Time
	}{
		{"503", fixedRule(503, ""), false, end},
		{"503 forever", fixedRule(503, ""), true, time.Time{}},
		{"200", fixedRule(200, ""), false, time.Time{}},
		{"503, three times", counted, false, time.Time{}},
		{"a failing preset", preset, false, end},
		{"a sequence with 404", sequence, false, end},
	} {
		id := r.put(t, c.rule, c.forever)
		if got := r.state(t, id).Rule.End.Until; !got.Equal(c.want) {
			t.Errorf("%s ends %v, want %v", c.what, got, c.want)
		}
		if err := r.RemoveRule(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFailingRuleEndsByItself(t *testing.T) {
	folder := t.TempDir()
	r := startRuled(t, folder)
	id := r.put(t, fixedRule(503, ""), false)
	r.want(t, "/x", 503)
	if got := r.Failing(); len(got) != 1 || got[0].ID != id {
		t.Errorf("failing %+v, want rule %d", got, id)
	}
	r.clock.advance(30*time.Minute - 1)
	r.want(t, "/x", 503)
	r.clock.advance(1)
	r.want(t, "/x", 200)
	if got := r.Failing(); len(got) != 0 {
		t.Errorf("failing %+v after its end", got)
	}
	if s := r.state(t, id); s.Active || s.Rule.Hits != 2 {
		t.Errorf("after its end: %+v, want it inactive with 2 hits", s)
	}

	// Switched on, it begins anew, with an end of its own again.
	if err := r.EnableRule(t.Context(), id, true, capture.Consent{}); err != nil {
		t.Fatal(err)
	}
	r.want(t, "/x", 503)
	if got, want := r.state(t, id).Rule.End.Until, r.clock.now().Add(guardSpan); !got.Equal(want) {
		t.Errorf("it ends %v, want %v", got, want)
	}
	if err := r.EnableRule(t.Context(), id, false, capture.Consent{}); err != nil {
		t.Fatal(err)
	}
	r.want(t, "/x", 200)
}

func TestTheEndByCount(t *testing.T) {
	folder := t.TempDir()
	r := startRuled(t, folder)
	rule := fixedRule(418, "")
	rule.End.Count = 3
	id := r.put(t, rule, false)
	r.want(t, "/x", 418, 418)
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	// What is left is kept, and its end is told.
	r = startRuled(t, folder)
	if left, _ := r.state(t, id).Rule.End.Left(); left != 1 {
		t.Errorf("%d are left after a restart, want 1", left)
	}
	for len(r.moved) > 0 {
		<-r.moved
	}
	r.want(t, "/x", 418, 200)
	select {
	case <-r.moved:
	case <-time.After(failAfter):
		t.Error("its end was not told")
	}
	if err := r.ResetRule(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	r.want(t, "/x", 418, 418, 418, 200)
	if s := r.state(t, id); s.Rule.Hits != 6 {
		t.Errorf("%d hits, want 6", s.Rule.Hits)
	}
}

// After a restart nothing fails that was until quit, and what has ended is off.
// Senders may use up the time to close.
func TestCountsAreKeptLate(t *testing.T) {
	r := startRuled(t, t.TempDir())
	id := r.put(t, fixedRule(418, "/klix/*"), false)
	r.want(t, "/klix/x", 418)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.saveCounts(over); err != nil {
		t.Fatal(err)
	}
	kept, err := r.Store.Rules(t.Context())
	if err != nil || len(kept) != 1 || kept[0].ID != id || kept[0].Hits != 1 {
		t.Errorf("kept %+v, %v, want one hit", kept, err)
	}
}

func TestUntilQuit(t *testing.T) {
	folder := t.TempDir()
	r := startRuled(t, folder)
	quit, timed, forever := fixedRule(503, "/klix/*"), fixedRule(500, "/mintsoft/split"), fixedRule(418, "/komet/confirm")
	quit.End.Quit = true
	timed.End.Until = r.clock.now().Add(-time.Hour)
	ids := []int64{r.put(t, quit, false), r.put(t, timed, false), r.put(t, forever, true)}
	r.want(t, "/klix/x", 503)
	r.want(t, "/mintsoft/split", 200)
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Nobody captures now: it is off already.
	states, err := Rules(t.Context(), Config{Folder: folder, Getenv: environment(nil)})
	if err != nil || len(states) != 3 || states[0].Active || !states[2].Active {
		t.Errorf("without a process: %+v, %v", states, err)
	}

	r = startRuled(t, folder)
	r.want(t, "/klix/x", 200)
	r.want(t, "/komet/confirm", 418)
	for i, want := range []bool{false, false, true} {
		if got := r.state(t, ids[i]).Rule.Enabled; got != want {
			t.Errorf("rule %d is enabled: %v, want %v", ids[i], got, want)
		}
	}
}

func TestLiveEndpoints(t *testing.T) {
	r := startRuled(t, t.TempDir())
	if err := r.PutEndpoint(t.Context(), capture.Endpoint{Path: "/klix/*", Provider: "klix", Live: true}); err != nil {
		t.Fatal(err)
	}
	var live *capture.LiveError
	for _, rule := range []capture.Rule{fixedRule(503, "/klix/*"), fixedRule(503, "")} {
		if _, err := r.PutRule(t.Context(), rule, capture.Consent{}); !errors.As(err, &live) || live.Path != "/klix/*" {
			t.Errorf("%q: %v, want *capture.LiveError", rule.Endpoint, err)
		}
	}
	if err := r.Choose(t.Context(), capture.Choice{Path: "/klix/*", Preset: "503"}); !errors.As(err, &live) {
		t.Errorf("Choose = %v, want *capture.LiveError", err)
	}
	if err := r.ChooseAnyway(t.Context(), capture.Choice{Path: "/klix/*", Preset: "503"}); err != nil {
		t.Errorf("ChooseAnyway = %v", err)
	}
	r.want(t, "/klix/x", 503)
	if err := r.Choose(t.Context(), capture.Choice{Path: "/klix/*"}); err != nil {
		t.Fatal(err)
	}
	r.put(t, fixedRule(200, "/klix/*"), false)
	r.put(t, fixedRule(503, "/komet/confirm"), false)
	id, err := r.PutRule(t.Context(), fixedRule(503, "/klix/*"), capture.Consent{Live: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.EnableRule(t.Context(), id, false, capture.Consent{}); err != nil {
		t.Fatal(err)
	}
	if err := r.EnableRule(t.Context(), id, true, capture.Consent{}); !errors.As(err, &live) {
		t.Errorf("EnableRule = %v, want *capture.LiveError", err)
	}
	// The window, which does not know of it, does not take it back.
	if err := r.PutEndpoint(t.Context(), capture.Endpoint{Path: "/klix/*", Name: "Klix", Provider: "klix"}); err != nil {
		t.Fatal(err)
	}
	if e := r.endpointAt("/klix/*"); !e.Live || e.Name != "Klix" {
		t.Errorf("the endpoint is %+v, want it live", e)
	}
}

// What fails on purpose already got no second yes.
func TestAnEndpointGoesLive(t *testing.T) {
	live := capture.Endpoint{Path: "/klix/*", Provider: "klix", Live: true}
	for name, fail := range map[string]func(r *ruled) (end func() error){
		"at it": func(r *ruled) func() error {
			id := r.put(t, fixedRule(503, "/klix/*"), true)
			return func() error { return r.EnableRule(t.Context(), id, false, capture.Consent{}) }
		},
		"everywhere": func(r *ruled) func() error {
			id := r.put(t, holdRule(""), false)
			return func() error { return r.RemoveRule(t.Context(), id) }
		},
		"chosen": func(r *ruled) func() error {
			if err := r.Choose(t.Context(), capture.Choice{Path: "/klix/*", Preset: "503"}); err != nil {
				t.Fatal(err)
			}
			return func() error { return r.Choose(t.Context(), capture.Choice{Path: "/klix/*"}) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := startRuled(t, t.TempDir())
			r.put(t, fixedRule(503, "/komet/confirm"), false)
			end := fail(r)
			if err := r.PutEndpoint(t.Context(), live); err == nil || !strings.Contains(err.Error(), "cannot be live yet") || r.endpointAt("/klix/*").Live {
				t.Errorf("PutEndpoint = %v, want it refused", err)
			}
			if err := end(); err != nil {
				t.Fatal(err)
			}
			if err := r.PutEndpoint(t.Context(), live); err != nil || !r.endpointAt("/klix/*").Live {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestResetIsNoSecondYes(t *testing.T) {
	r := startRuled(t, t.TempDir())
	ending := fixedRule(503, "/klix/*")
	ending.End.Count = 1
	id := r.put(t, ending, false)
	r.want(t, "/klix/x", 503, 200)
	if err := r.PutEndpoint(t.Context(), capture.Endpoint{Path: "/klix/*", Provider: "klix", Live: true}); err != nil {
		t.Fatal(err)
	}
	if err := r.ResetRule(t.Context(), id); err == nil || !strings.Contains(err.Error(), "switch it on again") {
		t.Errorf("ResetRule = %v, want it refused", err)
	}
	r.want(t, "/klix/x", 200)
	if err := r.EnableRule(t.Context(), id, true, capture.Consent{Live: true}); err != nil {
		t.Fatal(err)
	}
	if err := r.ResetRule(t.Context(), id); err != nil { // it is in force, and has its yes
		t.Error(err)
	}
	r.want(t, "/klix/x", 503)
}

func TestRulesThatCannotBe(t *testing.T) {
	r := startRuled(t, t.TempDir())
	preset, file, filter := fixedRule(0, "/klix/*"), fixedRule(200, ""), fixedRule(200, "")
	preset.Kind, preset.Params.Answer = capture.RulePreset, capture.RuleAnswer{Preset: "komet-0"}
	file.Params.Answer.BodyFile = "/absent/body.json"
	filter.Filter = "event:("
	for what, c := range map[string]struct {
		rule capture.Rule
		want string
	}{
		"no status":                 {fixedRule(0, ""), "status"},
		"status 1000":               {fixedRule(1000, ""), "1000"},
		"no such endpoint":          {fixedRule(200, "/absent"), "/absent"},
		"another provider's preset": {preset, "komet-0"},
		"a file that is not there":  {file, "body.json"},
		"a filter that is none":     {filter, "filter"},
		"an id that is not there":   {func() capture.Rule { x := fixedRule(200, ""); x.ID = 99; return x }(), "99"},
	} {
		if _, err := r.PutRule(t.Context(), c.rule, capture.Consent{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", what, err, c.want)
		}
	}
	if got := r.Rules(); len(got) != 0 {
		t.Errorf("kept %+v", got)
	}
	for _, err := range []error{
		r.RemoveRule(t.Context(), 9), r.ResetRule(t.Context(), 9), r.EnableRule(t.Context(), 9, true, capture.Consent{}),
	} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	}
}

// Every callback asks all rules, so there is a most.
func TestTooManyRules(t *testing.T) {
	r := startRuled(t, t.TempDir())
	rule := fixedRule(200, "")
	rule.Enabled = false
	for range MaxRules {
		if _, err := r.Store.PutRule(t.Context(), &rule); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.loadRules(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.PutRule(t.Context(), rule, capture.Consent{}); err == nil || !strings.Contains(err.Error(), "remove one") {
		t.Errorf("one more: %v, want it refused", err)
	}
	if err := r.RemoveRule(t.Context(), r.Rules()[0].Rule.ID); err != nil {
		t.Fatal(err)
	}
	r.put(t, rule, false)
}

// The first one that matches answers; what an endpoint was given comes last.
func TestTheOrderOfRules(t *testing.T) {
	r := startRuled(t, t.TempDir())
	if err := r.Choose(t.Context(), capture.Choice{Path: "/klix/*", Preset: "503"}); err != nil {
		t.Fatal(err)
	}
	r.want(t, "/klix/x", 503)
	first := r.put(t, fixedRule(201, "/klix/*"), false)
	second := r.put(t, fixedRule(202, ""), false)
	r.want(t, "/klix/x", 201)
	r.want(t, "/komet/confirm", 202)
	if err := r.EnableRule(t.Context(), first, false, capture.Consent{}); err != nil {
		t.Fatal(err)
	}
	r.want(t, "/klix/x", 202)
	changed := r.state(t, second).Rule
	changed.Params.Answer.Status, changed.Filter = 203, "method:PUT"
	if id := r.put(t, changed, false); id != second {
		t.Errorf("a changed rule has the id %d, want %d", id, second)
	}
	r.want(t, "/klix/x", 503)
	var order []int64
	for _, s := range r.Rules() {
		order = append(order, s.Rule.ID)
	}
	if want := []int64{first, second, 1}; !slices.Equal(order, want) {
		t.Errorf("asked in the order %v, want %v", order, want)
	}
}

// A change through another process takes effect at once; without one, a rule that
// lasts until it quits is refused.
func TestRulesOfAnotherProcess(t *testing.T) {
	folder := t.TempDir()
	config := Config{Folder: folder, Getenv: environment(nil)}
	quit := fixedRule(503, "")
	quit.End.Quit = true
	if _, err := Apply(t.Context(), config, Change{Action: PutRule, Rule: quit}); !errors.Is(err, errQuitAlone) {
		t.Errorf("without a process: %v, want errQuitAlone", err)
	}
	before, err := Apply(t.Context(), config, Change{Action: PutRule, Rule: fixedRule(201, "/klix/*")})
	if err != nil {
		t.Fatal(err)
	}
	r := startRuled(t, folder)
	r.want(t, "/klix/x", 201)
	r.want(t, "/x", 200)
	id, err := Apply(t.Context(), config, Change{Action: PutRule, Rule: quit})
	if err != nil {
		t.Fatal(err)
	}
	r.want(t, "/x", 503)
	states, err := Rules(t.Context(), config)
	if err != nil || len(states) != 2 || states[0].Rule.ID != int64(before) || states[0].Rule.Hits != 1 || !states[1].Active || states[1].Rule.ID != int64(id) {
		t.Errorf("listed %+v, %v", states, err)
	}
	for _, c := range []struct {
		action Action
		want   int
	}{{DisableRule, 200}, {EnableRule, 503}, {RemoveRule, 200}} {
		if _, err := Apply(t.Context(), config, Change{Action: c.action, Rule: capture.Rule{ID: int64(id)}}); err != nil {
			t.Fatal(err)
		}
		r.want(t, "/x", c.want)
	}
	if err := r.PutEndpoint(t.Context(), capture.Endpoint{Path: "/live", Live: true}); err != nil {
		t.Fatal(err)
	}
	var live *capture.LiveError
	if _, err := Apply(t.Context(), config, Change{Action: PutRule, Rule: fixedRule(503, "/live")}); !errors.As(err, &live) || live.Path != "/live" {
		t.Errorf("%v, want *capture.LiveError", err)
	}
}
