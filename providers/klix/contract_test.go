package klix

import (
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

func TestContract(t *testing.T) {
	json := capture.Fields{{Name: "Content-Type", Value: "application/json"}}
	html := capture.Fields{{Name: "Content-Type", Value: "text/html"}}
	put := capture.Request{Method: "PUT", Target: "/klix/purchases"}
	portal := capture.Request{Method: "POST", Target: "/klix/webhook", Header: capture.Fields{{Name: "X-Signature", Value: "x"}}}
	test := capture.Request{Method: "OPTIONS", Target: "/klix/x"}
	terms := capture.Request{Method: "GET", Target: "/klix/terms.html"}
	cost := capture.Request{Method: "POST", Target: "/klix/x", Body: sampleShipping}
	allow := providers.OptionsAnswer(capture.ByRule, "").Header
	for _, tt := range []struct {
		name    string
		request capture.Request
		answer  capture.Response
		want    string // of the one sentence; "" for none
	}{
		{"200", put, capture.Response{Status: 200, Header: json, Body: []byte("{}")}, ""},
		{"503", put, capture.Response{Status: 503, Header: json, Body: []byte("{}")}, ""},
		{"204 to legacy", put, capture.Response{Status: 204}, "wants 200"},
		{"204 to the portal", portal, capture.Response{Status: 204}, ""},
		{"302", portal, capture.Response{Status: 302}, "302 is not documented"},
		{"HTML", put, capture.Response{Status: 200, Header: html, Body: []byte("<p>")}, "is HTML"},
		{"HTML as terms", terms, capture.Response{Status: 200, Header: html, Body: []byte("<p>")}, ""},
		{"the connection test", test, capture.Response{Status: 200, Header: allow}, ""},
		{"the test without POST", test, capture.Response{Status: 200, Header: capture.Fields{{Name: "Allow", Value: "GET"}}}, "does not list POST"},
		{"the preset that fails the test", test, testPreset().Response, "does not list POST"},
		{"the test with the old field", test, capture.Response{Status: 200, Header: capture.Fields{{Name: "Allow", Value: "POST"}}}, "2019"},
		{"the test with 204", test, capture.Response{Status: 204, Header: allow}, "wants 200, not 204"},
		{"shipping cost", cost, capture.Response{Status: 200, Header: json, Body: []byte(shippingCost)}, ""},
		{"no shipping cost", cost, capture.Response{Status: 200, Header: json, Body: []byte("{}")}, "a guess"},
	} {
		got := contract(&tt.answer, &tt.request)
		if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
