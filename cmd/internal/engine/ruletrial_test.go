package engine

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

func TestTryRule(t *testing.T) {
	r := startRuled(t, t.TempDir())
	for _, path := range []string{"/komet/confirm", "/klix/x", "/x", "/komet/confirm"} {
		request(t, http.MethodPost, r.url+path, `{"orderId":7,"word":"Hermes"}`)
	}
	request(t, http.MethodPut, r.url+"/x", "other")
	r.settle(t)
	if _, err := r.Resend(t.Context(), 1, r.url+"/gone"); err != nil { // which is captured, too
		t.Fatal(err)
	}
	r.waitStored(t, 6)
	r.waitStored(t, 7)
	preset := capture.Rule{Kind: capture.RulePreset}
	preset.Params.Answer.Preset = "komet-0"
	filtered := func(filter string) capture.Rule {
		rule := fixedRule(503, "")
		rule.Filter, rule.Enabled = filter, false
		return rule
	}
	for _, test := range []struct {
		what string
		rule capture.Rule
		last int
		want []int64
		of   int
	}{
		{"everything", fixedRule(503, ""), 200, []int64{6, 5, 4, 3, 2, 1}, 6},
		{"the last two", fixedRule(503, ""), 2, []int64{6, 5}, 2},
		{"an endpoint", fixedRule(503, "/komet/confirm"), 200, []int64{4, 1}, 6},
		{"a preset of one sender", preset, 200, []int64{4, 1}, 6},
		{"a method", filtered("method:PUT"), 200, []int64{5}, 6},
		{"a word of the body", filtered("body:hermes -path:/gone"), 200, []int64{4, 3, 2, 1}, 6},
		{"nothing", filtered("path:/nowhere"), 200, nil, 6},
	} {
		got, err := r.TryRule(t.Context(), test.rule, test.last)
		if err != nil || got.Of != test.of || got.Matched != len(test.want) || !slices.Equal(got.IDs, test.want) {
			t.Errorf("%s: %+v, %v, want %v of %d", test.what, got, err, test.want, test.of)
		}
	}
	var wrong *capture.FilterError
	if _, err := r.TryRule(t.Context(), filtered("method:("), 200); !errors.As(err, &wrong) {
		t.Errorf("a filter that is none: %v, want *capture.FilterError", err)
	}
	if len(r.Rules()) != 0 {
		t.Error("a rule was kept")
	}
}

// waitStored waits until a callback is there with its answer, and returns it.
func (r *ruled) waitStored(t *testing.T, id int64) *capture.Exchange {
	t.Helper()
	for end := time.Now().Add(failAfter); time.Now().Before(end); {
		r.settle(t)
		x, err := r.Store.Exchange(t.Context(), id)
		if err == nil && x.Response != nil {
			return x
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	}
	t.Fatalf("callback %d has no answer", id)
	return nil
}

func TestPreviewRule(t *testing.T) {
	r := startRuled(t, t.TempDir())
	request(t, http.MethodPost, r.url+"/komet/confirm", `{"orderId":7}`)
	request(t, http.MethodPost, r.url+"/klix/x", `{}`)
	r.settle(t)
	rule := fixedRule(200, "/komet/confirm")
	rule.Params.Answer.Body = "order {{body.orderId}}"
	preview, err := r.PreviewRule(t.Context(), rule, 1)
	if err != nil || !preview.Matches || preview.Why != "" || len(preview.Answers) != 1 || string(preview.Answers[0].Body) != "order 7" {
		t.Fatalf("%+v, %v, want the order filled in", preview, err)
	}
	if len(preview.Broken) != 1 || len(preview.Broken[0]) == 0 || !strings.Contains(strings.Join(preview.Broken[0], " "), "Komet") {
		t.Errorf("broken is %q, want that Komet takes no such body", preview.Broken)
	}
	preview, err = r.PreviewRule(t.Context(), rule, 2)
	if err != nil || preview.Matches || !strings.Contains(preview.Why, "/komet/confirm") || len(preview.Answers) != 1 {
		t.Errorf("at another endpoint: %+v, %v", preview, err)
	}
	sequence := capture.Rule{Kind: capture.RuleSequence}
	sequence.Params.Answers = []capture.RuleAnswer{{Status: 503}, {}}
	if preview, err = r.PreviewRule(t.Context(), sequence, 1); err != nil || len(preview.Answers) != 2 || len(preview.Broken) != 2 || preview.Answers[0].Status != 503 || len(preview.Broken[1]) != 0 {
		t.Errorf("a sequence: %+v, %v", preview, err)
	}
	preset := capture.Rule{Kind: capture.RulePreset}
	preset.Params.Answer.Preset = "komet-0"
	if preview, err = r.PreviewRule(t.Context(), preset, 2); err != nil || preview.Matches || preview.Why == "" || len(preview.Answers) != 0 {
		t.Errorf("a preset of another sender: %+v, %v", preview, err)
	}
	drop := capture.Rule{Kind: capture.RuleDrop, Params: capture.RuleParams{Drop: capture.DropReset}}
	if preview, err = r.PreviewRule(t.Context(), drop, 1); err != nil || !preview.Matches || len(preview.Answers) != 0 {
		t.Errorf("a drop: %+v, %v", preview, err)
	}
	if _, err = r.PreviewRule(t.Context(), rule, 99); !errors.Is(err, ErrNotFound) {
		t.Errorf("of a callback that is not there: %v", err)
	}
	if _, err = r.PreviewRule(t.Context(), capture.Rule{Kind: "odd"}, 1); !errors.Is(err, capture.ErrRule) {
		t.Errorf("of no rule: %v", err)
	}
}

// TestPassed asks why the rules above the one that answered did not.
func TestPassed(t *testing.T) {
	r := startRuled(t, t.TempDir())
	put := func(rule capture.Rule) int64 {
		t.Helper()
		id, err := r.PutRule(t.Context(), rule, capture.Consent{})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	off := fixedRule(201, "")
	off.Enabled = false
	first := put(off)
	second := put(fixedRule(202, "/klix/*"))
	third := put(fixedRule(203, "/komet/confirm"))
	put(fixedRule(204, ""))
	request(t, http.MethodPost, r.url+"/komet/confirm", `{}`)
	r.settle(t)
	x, err := r.Store.Exchange(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if x.Response.Rule != third {
		t.Fatalf("answered by rule %d, want %d", x.Response.Rule, third)
	}
	for range 2 {
		passed := r.Passed(x)
		if len(passed) != 2 || passed[0].ID != first || passed[1].ID != second || !strings.Contains(passed[1].Why, "/klix/*") {
			t.Errorf("%+v", passed)
		}
		// It has ended since, and is not one of those that did not answer.
		if err := r.EnableRule(t.Context(), third, false, capture.Consent{}); err != nil {
			t.Fatal(err)
		}
	}
}

// settle waits until what became of every callback is kept: that comes after the
// answer.
func (r *ruled) settle(t *testing.T) {
	t.Helper()
	open := func(x capture.Exchange) bool { return x.State == capture.StateReceived }
	for end := time.Now().Add(failAfter); ; {
		if err := r.Store.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := r.Store.List(t.Context(), store.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(list, open) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it did not come: %+v", list)
		}
	}
}
