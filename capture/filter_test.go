package capture

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var filterNow = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// filtered is an exchange with something in every place a filter can ask for.
func filtered() *Exchange {
	return &Exchange{
		ID: 7, Mark: "amber", Note: "Ask Hermes about the refund", State: StateAnswered, Via: ViaTunnel, Endpoint: "/kornitx/*",
		Request: Request{
			Received: filterNow.Add(-time.Hour), Source: "203.0.113.9",
			Method: "PUT", Target: "/kornitx/orders?shop=1", Size: 20 << 10,
			Header: Fields{{"Content-Type", "application/json"}, {"X-CustomGateway-Hmac", "ab12"}},
			Body:   []byte(`{"shipping_carrier":"Hermes","note":"Straße 100% fertig"}`),
		},
		Response: &Response{Status: 503, By: ByChoice, Timing: Timing{Took: 700 * time.Millisecond}},
		Annotation: Annotation{
			Provider: "kornitx", Event: "order.dispatched", Summary: "Dispatched by Hermes",
			Order: "3165671600-PSTEST4", Delivery: "46140204", Attempt: 2,
			Verification: Verification{Status: Valid},
		},
	}
}

func TestFilterMatches(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"", true},
		{"  ", true},
		{"provider:kornitx", true},
		{"PROVIDER:KornitX", true},
		{"provider:klix", false},
		{"provider:unknown", false},
		{"event:order.*", true},
		{"event:order", false},
		{`event:"order.*"`, false},
		{"verified:yes", true},
		{"verified:no", false},
		{"verified:valid", true},
		{"verified:weak-key", false},
		{"status:5xx", true},
		{"status:503", true},
		{"status:500-502", false},
		{"status:none", false},
		{"status:<600", true},
		{"by:choice", true},
		{"state:answered", true},
		{"via:tunnel", true},
		{"method:put", true},
		{"path:/kornitx/*", true},
		{"path:/kornitx/orders", true},
		{"path:*shop*", false},
		{"endpoint:/kornitx/*", true},
		{`endpoint:"/kornitx/*"`, true},
		{"from:203.0.113.*", true},
		{"size:>10kb", true},
		{"size:>20kb", false},
		{"size:>=20kb", true},
		{"size:10kb-30kb", true},
		{"size:1.5mb", false},
		{"took:>500ms", true},
		{"took:<1s", true},
		{"attempt:2", true},
		{"attempt:>2", false},
		{"order:3165671600-pstest4", true},
		{"order:3165671600", false},
		{"after:-2h", true},
		{"after:-30m", false},
		{"before:-30m", true},
		{"after:today", true},
		{"before:today", false},
		{"after:11:30", false},
		{"after:10:59", true},
		{"after:2026-11-21T10:00:00Z", true},
		{"header:x-customgateway-hmac", true},
		{"header:x-klix-signature", false},
		{"header:x-*", true},
		{`header:"content-type: application/*"`, true},
		{`header:"content-type: application/json"`, true},
		{"header:content-type:application/*", true},
		{`body:"hermes"`, true},
		{"body:herm", false},
		{"body:herm*", true},
		{`body:"carrier hermes"`, true},
		{`body:"hermes carrier"`, false},
		{"body:straße", true},
		{"body:100", true},
		{"Hermes", true},
		{"patch", false},
		{"dispatch", true},
		{"*patch*", true},
		{`"dispatch"`, false},
		{"herm", true},
		{"hermes uk", false},
		{"3165671600-PSTEST4", true},
		{"3165671600-pst", true},
		{"pstest4-3165671600", false},
		{`"x-customgateway-hmac: ab12"`, true},
		{"customgateway", true},
		{"note:*", true},
		{`note:"ask hermes"`, true},
		{"note:ask", true},
		{"note:herm", false},
		{"note:herm*", true},
		{"refund", true},
		{"mark:amber", true},
		{"mark:any", true},
		{"mark:none", false},
		{"-mark:red", true},
		{"hermes put", true},
		{`"Dispatched by"`, true},
		{`"by Dispatched"`, false},
		{"pinned", false},
		{"-pinned", true},
		{"not pinned", true},
		{"-provider:klix", true},
		{"-(provider:kornitx status:5xx)", false},
		{"provider:klix or provider:kornitx", true},
		{"provider:klix or status:200", false},
		{"provider:klix status:5xx or via:tunnel", true},
		{"provider:klix (status:5xx or via:tunnel)", false},
		{"provider:kornitx AND NOT status:2xx", true},
		{"/kornitx/orders?shop=1", true},
		{"https://x", false},
		{"- xx", false},
	}
	for _, test := range tests {
		f, err := ParseFilter(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := f.Match(filtered(), filterNow); got != test.want {
			t.Errorf("%s: got %t, want %t (%s)", test.text, got, test.want, f.Words())
		}
	}
}

func TestFilterMistakesPointAtThePlace(t *testing.T) {
	tests := []struct {
		text, place, says string
	}{
		{"provider:klix evnt:x", "evnt", "did you mean event?"},
		{"statuscode:200", "statuscode", "did you mean status?"},
		{"zz:1", "zz", `no "zz" to filter by`},
		{"status:6000-500", "6000-500", "no value of status"},
		{"status:ok", "ok", "503"},
		{"verified:maybe", "maybe", "yes, no"},
		{"provider:", "", "A value is missing"},
		{"pinned:yes", "yes", "stands alone"},
		{"(provider:klix", "(", "not closed"},
		{"provider:klix)", ")", "closes nothing"},
		{"and provider:klix", "and", "missing before this"},
		{"provider:klix or", "", "Something is missing here"},
		{`body:"Hermes`, `"Hermes`, "not closed"},
		{`""`, `""`, "nothing between"},
		{"size:12xb", "12xb", ">10kb"},
		{"after:tomorrow", "tomorrow", "-2h"},
		{"after:-9999999w", "-9999999w", "-2h"},
		{"body:...", "...", "no value of body"},
		{"x\x00y", "\x00", "cannot be searched for"},
		{"x\xffy", "\xff", "cannot be searched for"},
		{strings.Repeat("(", 40) + "x", "(", "nested too deeply"},
		{strings.Repeat("x ", 65), "x", "too many terms"},
	}
	for _, test := range tests {
		_, err := ParseFilter(test.text)
		var wrong *FilterError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: got %v, want a *FilterError", test.text, err)
			continue
		}
		if got := test.text[wrong.At:wrong.End]; got != test.place || !strings.Contains(wrong.Text, test.says) {
			t.Errorf("%q: %q is wrong: %s; want %q and %q", test.text, got, wrong.Text, test.place, test.says)
		}
	}
}

func TestFilterWords(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "everything"},
		{"provider:klix event:purchase.*", "the provider is klix and the event begins with purchase."},
		{"verified:no or status:5xx", "its proof is missing or not good or the answer is 5xx"},
		{"-(via:tunnel size:>10kb)", "not (it came via tunnel and the body has more than 10kb)"},
		{"provider:unknown after:-2h", "the provider is unknown and it came in the last 2h"},
		{"before:-1d pinned", "it came before 1d ago and it is pinned"},
		{`body:"Hermes UK" header:x-klix-signature`, `the body has the words "hermes uk" and it has the header x-klix-signature`},
		{`(a or "b c") *d*`, `(it has "a…" or it has "b c") and "d" occurs in path, event, summary, order, provider or method`},
		{"mark:none note:*", "its mark is none and it has a note"},
		{"note:refund*", `its note has the words "refund…"`},
	}
	for _, test := range tests {
		f, err := ParseFilter(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Words(); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// The help is the table: what it gives as an example can be parsed.
func TestOperatorExamplesParse(t *testing.T) {
	for _, op := range Operators {
		for _, value := range append(op.Examples, op.Values...) {
			if _, err := ParseFilter(op.Name + ":" + value); err != nil {
				t.Errorf("%s:%s: %v", op.Name, value, err)
			}
		}
		if op.Takes == TakesNothing {
			if _, err := ParseFilter(op.Name); err != nil {
				t.Errorf("%s: %v", op.Name, err)
			}
		}
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{"", "provider:klix -pinned (a or b)", `body:"x \" y" status:5xx`, "after:-2h before:today", "size:>1.5mb took:<2s", "header:a:b not not x", "((((("} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := ParseFilter(text)
		var wrong *FilterError
		if errors.As(err, &wrong) && (wrong.At < 0 || wrong.End < wrong.At || wrong.End > len(text)) {
			t.Errorf("the place %d to %d is not in %q", wrong.At, wrong.End, text)
		}
		if err != nil && wrong == nil {
			t.Errorf("%v is no *FilterError", err)
		}
		if err != nil {
			return
		}
		first := filter.Match(filtered(), filterNow)
		again, err := ParseFilter(filter.String())
		if err != nil || again.Match(filtered(), filterNow) != first || again.Words() != filter.Words() {
			t.Errorf("%q is understood in another way the second time", text)
		}
		if len(filter.Terms()) > maxFilterTerms {
			t.Errorf("%d terms", len(filter.Terms()))
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("a*b", "axxb")
	f.Add("*", "")
	f.Add("**a*", "bab")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 40 || len(text) > 200 || strings.ContainsRune(pattern+text, 0) {
			return
		}
		if got, want := Pattern(pattern).Match(text), slowly(pattern, text); got != want {
			t.Errorf("%q and %q: got %t, want %t", pattern, text, got, want)
		}
	})
}

// slowly is Pattern.Match, by the book.
func slowly(pattern, text string) bool {
	reach := make([]bool, len(text)+1) // which prefixes of text the pattern so far can mean
	reach[0] = true
	for i := range len(pattern) {
		next := make([]bool, len(text)+1)
		for j := range reach {
			switch {
			case !reach[j]:
			case pattern[i] == '*':
				for k := j; k <= len(text); k++ {
					next[k] = true
				}
			case j < len(text) && lower(pattern[i]) == lower(text[j]):
				next[j+1] = true
			}
		}
		reach = next
	}
	return reach[len(text)]
}
