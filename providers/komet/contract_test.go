package komet

import (
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

func TestContract(t *testing.T) {
	for _, tt := range []struct {
		status     int
		kind, body string
		want       []string // parts of the sentences, in their order
	}{
		{200, "application/json", `{"status":"1","message":"done"}`, nil},
		{200, "application/json", `{"status":"0","message":"no","error":"no"}`, nil},
		{200, "application/JSON; charset=utf-8", `{"message":"done","status":"1"}`, nil},
		{200, "application/json", `{"status":1,"message":"done"}`, []string{"as a string"}},
		{200, "application/json", `{"status":true,"message":"done"}`, []string{"not as true"}},
		{200, "application/json", `{"status":"ok","message":"done"}`, []string{`not "ok"`}},
		{200, "application/json", `{"message":"done"}`, []string{"there is none"}},
		{200, "application/json", `{}`, []string{"a status in the body", "text of message"}},
		{200, "application/json", `{"status":"0","message":"no"}`, []string{"text of error"}},
		{200, "text/plain", `{"status":"1","message":"done"}`, []string{"application/json"}},
		{200, "text/html", `<p>done</p>`, []string{"something else"}},
		{200, "application/json", `["1"]`, []string{"something else"}},
		{200, "application/json", ``, []string{"something else"}},
		{503, "application/json", `{"status":"0","message":"no","error":"no"}`, []string{"503 is not documented"}},
		{200, "application/json", `{"status":` + strings.Repeat("7", 5000) + `,"message":"x"}`, []string{"…"}},
	} {
		answer := providers.Answer(capture.ByRule, "", tt.status, tt.kind, tt.body)
		got := contract(&answer, &capture.Request{Method: "POST"})
		fits := len(got) == len(tt.want)
		for i := range min(len(got), len(tt.want)) {
			fits = fits && strings.Contains(got[i], tt.want[i]) && len(got[i]) < 300
		}
		if !fits {
			t.Errorf("%d %.80s: got %q, want %q", tt.status, tt.body, got, tt.want)
		}
	}
	options := providers.OptionsAnswer(capture.ByRule, "")
	if got := contract(&options, &capture.Request{Method: "OPTIONS"}); len(got) > 0 {
		t.Errorf("OPTIONS: %q", got)
	}
}
