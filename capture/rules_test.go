package capture

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// presetsOf knows the presets of two providers, as those of them would.
func presetsOf(provider, id, message string) (Preset, bool) {
	for _, p := range []struct {
		provider string
		Preset
	}{
		{"kornitx", Preset{ID: "503", Response: Response{Status: 503}}},
		{"komet", Preset{ID: "komet-0", Response: Response{Status: 200, Body: []byte("no: " + message)}, Failing: true}},
		{"klix", Preset{ID: "no-post", Method: "OPTIONS", Response: Response{Status: 200}}},
	} {
		if p.provider == provider && p.ID == id {
			return p.Preset, true
		}
	}
	return Preset{}, false
}

func presetRule(id int64, preset string) Rule {
	return Rule{ID: id, Enabled: true, Kind: RulePreset, Params: RuleParams{Answer: RuleAnswer{Preset: preset, Message: "words"}}}
}

func acceptAll(*Request, *Endpoint) Response {
	return Response{Status: 200, By: ByPreset, Preset: "accepted", Body: []byte("{}")}
}

func newRules(list ...Rule) *Rules {
	return NewRules(list, RuleSource{Preset: presetsOf, Accepted: acceptAll})
}

func TestRulesMatchTheFirst(t *testing.T) {
	now := filledAt
	set := func(r Rule, change func(r *Rule)) Rule {
		change(&r)
		return r
	}
	filtered := func(id int64, filter string) Rule {
		return set(fixedRule(id, 503), func(r *Rule) { r.Filter = filter })
	}
	for name, tt := range map[string]struct {
		rules []Rule
		want  int64 // 0 for none
	}{
		"none":             {nil, 0},
		"one":              {[]Rule{fixedRule(1, 503)}, 1},
		"the lower ID":     {[]Rule{fixedRule(2, 503), fixedRule(1, 200)}, 1},
		"the lower order":  {[]Rule{set(fixedRule(1, 503), func(r *Rule) { r.Order = 5 }), fixedRule(2, 503)}, 2},
		"off":              {[]Rule{set(fixedRule(1, 503), func(r *Rule) { r.Enabled = false }), fixedRule(2, 503)}, 2},
		"used up":          {[]Rule{set(fixedRule(1, 503), func(r *Rule) { r.End = RuleEnd{Count: 2, Used: 2} }), fixedRule(2, 503)}, 2},
		"over":             {[]Rule{set(fixedRule(1, 503), func(r *Rule) { r.End.Until = now }), fixedRule(2, 503)}, 2},
		"not over":         {[]Rule{set(fixedRule(1, 503), func(r *Rule) { r.End.Until = now.Add(1) }), fixedRule(2, 503)}, 1},
		"another endpoint": {[]Rule{set(fixedRule(1, 503), func(r *Rule) { r.Endpoint = "/klix/*" }), fixedRule(2, 503)}, 2},
		"this endpoint":    {[]Rule{set(fixedRule(1, 503), func(r *Rule) { r.Endpoint = "/kornitx/*" }), fixedRule(2, 503)}, 1},
		"filters":          {[]Rule{filtered(1, "provider:klix"), filtered(2, "order:9"), filtered(3, `header:x-trace body:"deep" order:31656`), filtered(4, "")}, 3},
		"broken":           {[]Rule{fixedRule(1, 1000), fixedRule(2, 503)}, 2},
		"preset":           {[]Rule{presetRule(1, "komet-0"), presetRule(2, "503")}, 2},
		"preset for OPTIONS": {
			[]Rule{set(presetRule(1, "no-post"), func(r *Rule) { r.Filter = "" })}, 0,
		},
		"sequence without its preset": {[]Rule{{ID: 1, Enabled: true, Kind: RuleSequence, Params: RuleParams{Answers: []RuleAnswer{{}, {Preset: "komet-0"}}}}}, 0},
	} {
		rule, ok := newRules(tt.rules...).Match(orderExchange(), nil, now)
		if rule.ID != tt.want || ok != (tt.want != 0) {
			t.Errorf("%s: got %d, %v, want %d", name, rule.ID, ok, tt.want)
		}
	}
	if _, ok := (*Rules)(nil).Match(orderExchange(), nil, now); ok {
		t.Error("no rules match")
	}
}

func TestRulesPresetsGoByTheEndpoint(t *testing.T) {
	x := orderExchange() // of kornitx, as annotated
	rs := newRules(presetRule(1, "komet-0"))
	komet := &Endpoint{Path: "/kornitx/*", Provider: "komet"}
	got, ok := rs.Answer(t.Context(), x, komet, filledAt)
	if !ok || string(got.Body) != "no: words" || got.By != ByRule || got.Preset != "komet-0" || got.Rule != 1 {
		t.Errorf("at an endpoint that is Komet's: %+v, %v", got, ok)
	}
	if _, ok := rs.Answer(t.Context(), x, &Endpoint{Path: "/kornitx/*"}, filledAt); ok {
		t.Error("KornitX was answered with a preset of Komet")
	}
	x.Request.Method = "OPTIONS"
	if _, ok := rs.Answer(t.Context(), x, komet, filledAt); ok {
		t.Error("an OPTIONS was answered with a preset that is for the others")
	}
	klix := &Endpoint{Path: "/kornitx/*", Provider: "klix"}
	if _, ok := newRules(presetRule(1, "no-post")).Answer(t.Context(), x, klix, filledAt); !ok {
		t.Error("an OPTIONS was not answered with the preset for it")
	}
}

func TestRulesWantTheAnnotation(t *testing.T) {
	filtered := fixedRule(1, 503)
	pinned, open := &Endpoint{Path: "/kornitx/*", Provider: "kornitx"}, &Endpoint{Path: "/kornitx/*"}
	with := func(change func(r *Rule)) Rule {
		r := filtered
		change(&r)
		return r
	}
	for name, tt := range map[string]struct {
		rule Rule
		e    *Endpoint
		want bool
	}{
		"fixed":                  {fixedRule(1, 503), open, false},
		"filter on the request":  {with(func(r *Rule) { r.Filter = "method:PUT path:/x header:a body:b size:>1 via:local" }), open, false},
		"filter on the provider": {with(func(r *Rule) { r.Filter = "method:PUT or -provider:klix" }), open, true},
		"free words":             {with(func(r *Rule) { r.Filter = "hermes" }), open, true},
		"variable":               {answering(RuleAnswer{Status: 200, Body: "{{order}}"}), open, true},
		"variable of a header":   {answering(RuleAnswer{Status: 200, Header: Fields{{"X", "{{event}}"}}}), open, true},
		"variable of the body":   {answering(RuleAnswer{Status: 200, Body: "{{body.order}}"}), open, false},
		"preset where pinned":    {presetRule(1, "503"), pinned, false},
		"preset elsewhere":       {presetRule(1, "503"), open, true},
		"preset without one":     {presetRule(1, "503"), nil, true},
		"off":                    {with(func(r *Rule) { r.Filter = "hermes"; r.Enabled = false }), open, false},
		"ended":                  {with(func(r *Rule) { r.Filter = "hermes"; r.End.Until = filledAt }), open, false},
		"elsewhere":              {with(func(r *Rule) { r.Filter = "hermes"; r.Endpoint = "/x" }), open, false},
		"sequence":               {Rule{ID: 1, Enabled: true, Kind: RuleSequence, Params: RuleParams{Answers: make([]RuleAnswer, 1)}}, open, true},
		"hold":                   {holdRule(0, RuleAnswer{}), open, true},
		"hold where pinned":      {holdRule(0, RuleAnswer{}), pinned, true},
		"drop":                   {dropRule(DropHalf), open, false},
		"forward":                {forwardRule(false, RuleAnswer{}), open, false},
		"forward of the proven":  {Rule{ID: 1, Enabled: true, Kind: RuleForward, Params: RuleParams{Forward: Forwarding{URL: "http://localhost:3000", Proven: true}}}, open, true},
		"forward with a preset":  {forwardRule(false, RuleAnswer{Preset: "503"}), open, true},
		"sequence over all":      {Rule{ID: 1, Enabled: true, Kind: RuleSequence, Params: RuleParams{Per: PerAll, Answers: make([]RuleAnswer, 1)}}, open, false},
	} {
		if got := newRules(tt.rule).Wants(orderExchange(), tt.e, filledAt); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestRulesExplain(t *testing.T) {
	off, over, elsewhere, filtered, negated := fixedRule(1, 503), fixedRule(2, 503), fixedRule(3, 503), fixedRule(4, 503), fixedRule(5, 503)
	off.Enabled, off.Name = false, "first"
	over.End.Until = filledAt
	elsewhere.Endpoint = "/klix/*"
	filtered.Filter = "method:PUT provider:klix order:9"
	negated.Filter = "-(provider:kornitx order:31656)"
	rs := newRules(off, over, elsewhere, filtered, negated, fixedRule(6, 1000), presetRule(7, "komet-0"), fixedRule(8, 503), fixedRule(9, 503))
	rule, found, above := rs.Explain(orderExchange(), nil, filledAt)
	if !found || rule.ID != 8 {
		t.Errorf("answered by %d, %v, want 8", rule.ID, found)
	}
	want := []string{
		"it is off", "it has ended", "it is only for /klix/*, and this came to /kornitx/*", `this is not so: the provider is klix`,
		"it is not for those of which is so: ", "it cannot be used: ", `kornitx has no preset "komet-0"`,
	}
	if len(above) != len(want) || above[0].Name != "first" {
		t.Fatalf("got %+v", above)
	}
	for i, skip := range above {
		if skip.ID != int64(i+1) || !strings.HasPrefix(skip.Why, want[i]) {
			t.Errorf("%d: got %q, want %q", skip.ID, skip.Why, want[i])
		}
	}
}

func TestRulesEndWhenUsedUp(t *testing.T) {
	r := fixedRule(1, 503)
	r.End, r.Hits = RuleEnd{Count: 50, Used: 10}, 100
	counters := NewCounters()
	rs := NewRules([]Rule{r}, RuleSource{Counters: counters})
	var answered sync.Map
	var callers sync.WaitGroup
	for i := range 100 {
		callers.Go(func() {
			if _, ok := rs.Answer(context.Background(), orderExchange(), nil, filledAt); ok {
				answered.Store(i, true)
			}
		})
	}
	callers.Wait()
	count := 0
	answered.Range(func(any, any) bool { count++; return true })
	now := rs.List()[0]
	if count != 40 || now.Hits != 140 || now.End.Used != 50 || !now.End.Over(filledAt) {
		t.Errorf("%d answered, then %+v", count, now)
	}
	if again := NewRules([]Rule{r}, RuleSource{Counters: counters}).List()[0]; again.End.Used != 50 {
		t.Errorf("made again, it has used %d", again.End.Used)
	}
	counters.Forget(1)
	if again := NewRules([]Rule{r}, RuleSource{Counters: counters}).List()[0]; again.End.Used != 10 || again.Hits != 100 {
		t.Errorf("changed, it is %+v", again)
	}
}

// TestSequenceCountsApart is what a developer does with retries.
func TestSequenceCountsApart(t *testing.T) {
	callback := func(order, delivery, body string) *Exchange {
		x := orderExchange()
		x.Annotation.Order, x.Annotation.Delivery, x.Request.Body = order, delivery, []byte(body)
		return x
	}
	a, b, other := callback("1", "a", "x"), callback("1", "b", "y"), callback("2", "c", "z")
	loose, alike, unlike := callback("", "", "x"), callback("", "", "x"), callback("", "", "y")
	for _, tt := range []struct {
		per  RulePer
		came []*Exchange
		want []int
	}{
		{PerDelivery, []*Exchange{a, a, other, a, a, other}, []int{503, 502, 503, 200, 200, 502}},
		{"", []*Exchange{a, b, a, b}, []int{503, 503, 502, 502}},
		{PerOrder, []*Exchange{a, b, other, a, other}, []int{503, 502, 503, 200, 502}},
		{PerAll, []*Exchange{a, other, loose, b}, []int{503, 502, 200, 200}},
		{PerDelivery, []*Exchange{loose, alike, unlike}, []int{503, 502, 503}},
	} {
		counters := NewCounters()
		rs := NewRules([]Rule{{ID: 1, Enabled: true, Kind: RuleSequence, Params: RuleParams{
			Per: tt.per, Answers: []RuleAnswer{{Status: 503}, {Status: 502}, {}},
		}}}, RuleSource{Counters: counters, Accepted: acceptAll})
		var got []int
		for _, x := range tt.came {
			answer, _ := rs.Answer(t.Context(), x, nil, filledAt)
			got = append(got, answer.Status)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("per %q: got %v, want %v", tt.per, got, tt.want)
		}
		last := rs.source.Counters.Places(1, 10)
		if len(last) == 0 || last[0].Done < 1 {
			t.Errorf("per %q: places %+v", tt.per, last)
		}
		counters.Reset(1)
		if answer, _ := rs.Answer(t.Context(), a, nil, filledAt); answer.Status != 503 {
			t.Errorf("per %q: after a reset %d", tt.per, answer.Status)
		}
		if now := rs.List()[0].Hits; now != int64(len(tt.came)+1) {
			t.Errorf("per %q: %d hits", tt.per, now)
		}
	}
}

func TestCountersAreBounded(t *testing.T) {
	c := NewCounters()
	c.next(1, "kept")
	for i := range maxPlaces + 100 {
		c.next(2, fmt.Sprint(i))
		c.next(1, "kept")
	}
	c.next(3, strings.Repeat("x", 1<<20))
	if len(c.places) != maxPlaces || c.recent.Len() != maxPlaces {
		t.Errorf("%d and %d places", len(c.places), c.recent.Len())
	}
	places := c.Places(1, 5)
	if len(places) != 1 || places[0] != (Place{"kept", maxPlaces + 101}) {
		t.Errorf("the one in use: %+v", places)
	}
	if got := c.Places(3, 5); len(got) != 1 || len(got[0].Key) != maxPlaceKey {
		t.Error("a long key was kept whole")
	}
	if got := c.next(2, "0"); got != 0 {
		t.Errorf("the oldest is remembered: %d", got)
	}
}

func TestRulesTakeBodiesOfFiles(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, body []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tt := range map[string]struct {
		path, want, problem string
	}{
		"a file":       {write("a", []byte("order {{order}}")), "order 31656", ""},
		"not there":    {filepath.Join(folder, "none"), "", "cannot be read"},
		"a folder":     {folder, "", "no plain file"},
		"too large":    {write("large", make([]byte, MaxRuleBody+1)), "", "larger than"},
		"bad variable": {write("b", []byte("{{nope}}")), "", "no variable"},
	} {
		rs := newRules(answering(RuleAnswer{Status: 200, BodyFile: tt.path}))
		err := rs.Problem(1)
		got, ok := rs.Answer(t.Context(), orderExchange(), nil, filledAt)
		if tt.problem != "" && (err == nil || !strings.Contains(err.Error(), tt.problem) || ok) {
			t.Errorf("%s: %v, answered %v, want %q", name, err, ok, tt.problem)
		}
		if tt.problem == "" && (err != nil || string(got.Body) != tt.want) {
			t.Errorf("%s: %q, %v", name, got.Body, err)
		}
	}
}

func TestRulesSayWhatTheyCouldNotMake(t *testing.T) {
	x := orderExchange()
	x.Annotation.Order = strings.Repeat("x", MaxRuleBody+1)
	r := answering(RuleAnswer{Status: 200, Body: "{{order}}"})
	r.Name = "long"
	got, ok := newRules(r).Answer(t.Context(), x, nil, filledAt)
	if !ok || got.Status != 500 || got.By != ByRule || got.RuleName != "long" || !strings.Contains(x.Error, `the rule "long" could not`) {
		t.Errorf("got %+v, %q", got, x.Error)
	}
}

// TestNoRulesCostNothing guards the path of a callback where there are none.
func TestNoRulesCostNothing(t *testing.T) {
	x := orderExchange()
	for name, rs := range map[string]*Rules{"nil": nil, "empty": newRules()} {
		allocations := testing.AllocsPerRun(100, func() {
			if rs.Wants(x, nil, filledAt) {
				t.Fatal("the annotation is wanted")
			}
			if _, ok := rs.Answer(context.Background(), x, nil, filledAt); ok {
				t.Fatal("answered")
			}
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations", name, allocations)
		}
	}
}

// manyRules are 200 rules of which none matches.
func manyRules(filters ...string) []Rule {
	var list []Rule
	for i := range 200 {
		r := fixedRule(int64(i+1), 503)
		r.Filter = filters[i%len(filters)]
		list = append(list, r)
	}
	return list
}

func BenchmarkRulesMatch(b *testing.B) {
	elsewhere := manyRules("")
	for i := range elsewhere {
		elsewhere[i].Endpoint = "/klix/*"
	}
	var presets []Rule
	for i := range 200 {
		presets = append(presets, presetRule(int64(i+1), "komet-0"))
	}
	for name, list := range map[string][]Rule{
		"none":      nil,
		"endpoint":  elsewhere,
		"short":     manyRules("provider:klix", "method:GET", "order:9*", "header:x-klix-signature"),
		"long":      manyRules(`provider:kornitx event:purchase.* (order:1 or order:2) -via:local path:/x/* size:>10kb`),
		"words":     manyRules("hermes"),
		"body":      manyRules(`body:"Hermes parcel"`),
		"presets":   presets,
		"last wins": append(manyRules("provider:klix")[:199], fixedRule(200, 503)),
	} {
		b.Run(name, func(b *testing.B) {
			rs := newRules(list...)
			x := orderExchange()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = rs.Match(x, nil, filledAt)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(len(list), 1)), "ns/rule")
		})
	}
}

func TestRulePreview(t *testing.T) {
	with := RuleSource{Preset: presetsOf, Accepted: acceptAll}
	r := Rule{ID: 4, Name: "three", Kind: RuleSequence, Params: RuleParams{
		Answers: []RuleAnswer{{Status: 500, Body: "{{order}} {{counter}}"}, {Preset: "503"}, {}},
	}}
	got, err := r.Preview(orderExchange(), nil, filledAt, with)
	if err != nil || len(got) != 3 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if string(got[0].Body) != "31656 1" || got[1].Status != 503 || got[1].Preset != "503" || got[2].Status != 200 || got[2].RuleName != "three" {
		t.Errorf("got %+v", got)
	}
	delayed := delayedRule(MaxRuleDelay, 0)
	if got, err := delayed.Preview(orderExchange(), nil, filledAt, with); err != nil || len(got) != 1 || got[0].Status != 202 {
		t.Errorf("delayed: %+v, %v", got, err)
	}
	for name, tt := range map[string]struct {
		rule Rule
		want []int // statuses
	}{
		"hold":               {holdRule(MaxHold, RuleAnswer{Status: 503}), []int{503}},
		"hold, as ever":      {holdRule(MaxHold, RuleAnswer{}), []int{200}},
		"drop":               {dropRule(DropHalf), nil},
		"forward":            {forwardRule(false, RuleAnswer{}), nil},
		"forward, when down": {forwardRule(false, RuleAnswer{Status: 503}), []int{503}},
		"observe":            {forwardRule(true, RuleAnswer{}), []int{200}},
	} {
		var statuses []int
		got, err := tt.rule.Preview(orderExchange(), nil, filledAt, with)
		for _, response := range got {
			statuses = append(statuses, response.Status)
		}
		if err != nil || !slices.Equal(statuses, tt.want) || len(tt.rule.Answers()) != len(tt.want) {
			t.Errorf("%s: %v, %v", name, statuses, err)
		}
	}
	for name, bad := range map[string]Rule{"broken": fixedRule(1, 1000), "no such preset": presetRule(1, "komet-0")} {
		if _, err := bad.Preview(orderExchange(), nil, filledAt, with); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
