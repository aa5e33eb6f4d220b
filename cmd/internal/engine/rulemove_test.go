package engine

import (
	"errors"
	"slices"
	"testing"

	"hookglass/capture"
)

// order lists the IDs of the rules as they are asked.
func (r *ruled) order() (ids []int64) {
	for _, s := range r.Rules() {
		ids = append(ids, s.Rule.ID)
	}
	return ids
}

func TestMoveRule(t *testing.T) {
	folder := t.TempDir()
	r := startRuled(t, folder)
	one := r.put(t, fixedRule(418, ""), true)
	two := r.put(t, fixedRule(503, ""), true)
	if err := r.Choose(t.Context(), capture.Choice{Path: "/komet/confirm", Preset: "komet-0"}); err != nil {
		t.Fatal(err)
	}
	choice := r.order()[2]
	three := r.put(t, fixedRule(404, ""), true)
	for _, step := range []struct {
		id   int64
		by   int
		want []int64
	}{
		{two, -1, []int64{two, one, three, choice}},
		{two, -1, []int64{two, one, three, choice}},
		{two, 1, []int64{one, two, three, choice}},
		{one, 99, []int64{two, three, one, choice}},
		{one, -99, []int64{one, two, three, choice}},
		{three, 0, []int64{one, two, three, choice}},
		{three, -2, []int64{three, one, two, choice}},
	} {
		if err := r.MoveRule(t.Context(), step.id, step.by); err != nil {
			t.Fatal(err)
		}
		if got := r.order(); !slices.Equal(got, step.want) {
			t.Errorf("rule %d moved by %d: %v, want %v", step.id, step.by, got, step.want)
		}
	}
	r.want(t, "/x", 404)
	if err := r.MoveRule(t.Context(), 99, 1); !errors.Is(err, ErrNotFound) {
		t.Errorf("a rule that is not there: %v", err)
	}
	if err := r.MoveRule(t.Context(), choice, -1); err == nil {
		t.Error("a choice was moved")
	}
	if s := r.state(t, three); s.Rule.Hits != 1 {
		t.Errorf("%d hits, want 1", s.Rule.Hits)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	r = startRuled(t, folder)
	if got, want := r.order(), []int64{three, one, two, choice}; !slices.Equal(got, want) {
		t.Errorf("after a restart %v, want %v", got, want)
	}
}

func TestLoadRules(t *testing.T) {
	r := startRuled(t, t.TempDir())
	old := r.put(t, fixedRule(418, ""), true)
	if err := r.Choose(t.Context(), capture.Choice{Path: "/komet/confirm", Preset: "komet-0"}); err != nil {
		t.Fatal(err)
	}
	load := func(replace bool, forever []int, rules ...capture.Rule) error {
		config := Config{Folder: r.config.Folder, Getenv: environment(nil)}
		_, err := Apply(t.Context(), config, Change{Action: LoadRules, Rules: rules, Forever: forever, Replace: replace})
		return err
	}
	unknown := fixedRule(503, "/nobody")
	err := load(true, nil, fixedRule(503, ""), unknown)
	var among *RulesError
	if !errors.As(err, &among) || among.At != 1 {
		t.Errorf("an endpoint that is not there: %v, want the second rule named", err)
	}
	if got := r.order(); len(got) != 2 || got[0] != old {
		t.Errorf("after a mistake the rules are %v", got)
	}
	if err := load(false, []int{1}, fixedRule(503, ""), fixedRule(503, "/klix/*")); err != nil {
		t.Fatal(err)
	}
	states := r.Rules()
	if len(states) != 4 || states[0].Rule.ID != old {
		t.Fatalf("there are %+v", states)
	}
	if got := states[1].Rule.End.Until; !got.Equal(r.clock.now().Add(guardSpan)) {
		t.Errorf("the first one ends %v, want the guard's end", got)
	}
	if got := states[2].Rule; got.End.Named() || got.Endpoint != "/klix/*" {
		t.Errorf("the second one is %+v, want no end", got)
	}
	if err := load(true, nil, fixedRule(404, "")); err != nil {
		t.Fatal(err)
	}
	if states := r.Rules(); len(states) != 2 || states[0].Rule.Params.Answer.Status != 404 || states[1].Rule.Endpoint != "/komet/confirm" {
		t.Errorf("after --replace there are %+v, want the choice kept", states)
	}
	choice := capture.Rule{
		Name: "/komet/confirm", Endpoint: "/komet/confirm", Enabled: true, Kind: capture.RulePreset,
		Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: "komet-0"}},
	}
	if err := load(true, nil, choice); !errors.As(err, &among) || len(r.Rules()) != 2 {
		t.Errorf("a rule that passes for a choice: %v, and %d rules, want it refused", err, len(r.Rules()))
	}
	if err := load(false, nil, make([]capture.Rule, MaxRules)...); err == nil {
		t.Error("too many rules were taken")
	}
	if err := r.EnableRule(t.Context(), r.Rules()[0].Rule.ID, false, capture.Consent{}); err != nil {
		t.Fatal(err)
	}
	if err := r.PutEndpoint(t.Context(), capture.Endpoint{Path: "/live", Live: true}); err != nil {
		t.Fatal(err)
	}
	var live *capture.LiveError
	if err := load(false, nil, fixedRule(503, "/live")); !errors.As(err, &live) || live.Path != "/live" || !errors.As(err, &among) {
		t.Errorf("at a live endpoint: %v, want *capture.LiveError of a rule", err)
	}
}
