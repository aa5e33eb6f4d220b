package kornitx

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
		want       string // of the one sentence; "" for none
	}{
		{200, "application/json", "{}", ""},
		{200, "text/plain", "ok", ""},
		{200, "", "", ""},
		{404, "application/json", "{}", ""},
		{503, "application/json", "{}", ""},
		{204, "", "", "204 is not documented"},
		{302, "", "", "302 is not documented"},
		{200, "text/html", "<p>ok</p>", "is HTML"},
		{200, "application/json", "ok", "and is not"},
	} {
		answer := providers.Answer(capture.ByRule, "", tt.status, tt.kind, tt.body)
		got := contract(&answer, &capture.Request{Method: "POST"})
		if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)) {
			t.Errorf("%d %s %s: got %q, want %q", tt.status, tt.kind, tt.body, got, tt.want)
		}
	}
}
