package komet

import (
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

func TestEffect(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		failed bool
		shown  string
		text   string
	}{
		{200, `{"status":"1","message":"ok"}`, false, "ok", `Komet takes it as done and shows its user "ok".`},
		{200, `{"status":1}`, false, "", "Komet takes it as done and shows its user no message."},
		{200, `{"status":true,"message":"ok"}`, false, "ok", `Komet takes it as done and shows its user "ok".`},
		{200, `{"status":"0","error":"no stock"}`, true, "no stock", `Komet shows its user the error "no stock" and mails at most five addresses; a person then reconfirms the order.`},
		{200, `{"message":"x"}`, false, "x", "The answer has no status of 1 or 0: what Komet makes of it is not documented."},
		{200, `<html>`, false, "", "The answer is not JSON: what Komet makes of it is not documented."},
		{503, `{"status":"1"}`, true, "", fails},
		{204, ``, false, "", fails},
	} {
		got := effect(&capture.Response{Status: tt.status, Body: []byte(tt.body)})
		if want := (providers.Effect{Failed: tt.failed, Shown: tt.shown, Text: tt.text}); got != want {
			t.Errorf("%d %s: %+v, want %+v", tt.status, tt.body, got, want)
		}
	}
}
