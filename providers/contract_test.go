package providers

import (
	"slices"
	"testing"

	"hookglass/capture"
)

func TestWantsJSON(t *testing.T) {
	for _, tt := range []struct {
		status     int
		kind, body string
		broken     bool
	}{
		{200, "application/json", `{}`, false},
		{200, "Application/JSON; charset=utf-8", ` {"a":1} `, false},
		{200, "application/problem+json", `{`, true},
		{200, "text/html; charset=utf-8", `<p>`, true},
		{200, "text/HTML;;", `<p>`, true},
		{200, "", `<html>`, true},
		{200, "", `ok`, false},
		{200, "text/plain", `ok`, false},
		{200, "text/html", ``, false},
		{204, "application/json", `{`, false},
		{503, "application/json", `busy`, true},
	} {
		answer := Answer(capture.ByRule, "", tt.status, tt.kind, tt.body)
		if got := WantsJSON("P", &answer); len(got) > 0 != tt.broken {
			t.Errorf("%d %s %s: %q", tt.status, tt.kind, tt.body, got)
		}
	}
}

func TestAllows(t *testing.T) {
	header := capture.Fields{{Name: "allow", Value: "GET"}, {Name: "Allow", Value: "PUT , post"}, {Name: "Allow", Value: "POSTER"}}
	for method, want := range map[string]bool{"GET": true, "PUT": true, "POST": true, "DELETE": false, "": false} {
		if got := Allows(header, "Allow", method); got != want {
			t.Errorf("%q: %v", method, got)
		}
	}
}

func TestContractOfNobodyAndOfADefect(t *testing.T) {
	set := NewSet(
		&Provider{ID: "bad", Contract: func(*capture.Response, *capture.Request) []string { panic("no") }},
		&Provider{ID: "p", Contract: func(*capture.Response, *capture.Request) []string { return []string{"It is broken."} }},
		&Provider{ID: "bare"},
	)
	answer := Plain(capture.ByRule, "")
	for id, want := range map[string][]string{"": nil, "nobody": nil, "bad": nil, "bare": nil, "p": {"It is broken."}} {
		if got := set.Contract(id, &answer, &capture.Request{}); !slices.Equal(got, want) {
			t.Errorf("%q: %q", id, got)
		}
	}
	if got := set.Contract("p", nil, &capture.Request{}); got != nil {
		t.Errorf("without an answer: %q", got)
	}
}
