package komet

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// fails is said of what is not documented to be a failure.
const fails = "Komet documents only its status 0 as an error: whether another HTTP status makes it mail too is not documented, and it sends nothing again by itself."

var presets = []capture.Preset{
	statusPreset("komet-1", "Status 1: done, with a message", "K:1",
		"Komet takes it as done and shows its user the message.",
		`{"status":"1","message":"Received by Hookglass"}`, false),
	statusPreset("komet-0", "Status 0: error, with a message", "K:0",
		"Komet shows its user the message as an error and mails at most five addresses; a person then reconfirms the order.",
		`{"status":"0","message":"Refused by Hookglass","error":"Refused by Hookglass"}`, true),
	providers.StatusPreset(200, "done, without a status", "Komet wants a status in the body: what it makes of {} is not documented."),
	providers.StatusPreset(400, "refused", fails),
	providers.StatusPreset(401, "the token is wrong", fails),
	providers.StatusPreset(404, "not found", fails),
	providers.StatusPreset(500, "our mistake", fails),
	providers.StatusPreset(503, "busy, later", fails),
}

// statusPreset answers as Komet documents it: 200, and a status as a string.
// Older revisions of the documentation call the message of a failure error, so a
// failure sends both.
func statusPreset(id, title, short, text, body string, failing bool) capture.Preset {
	p := providers.StatusPreset(200, "", text)
	p.ID, p.Title, p.Short, p.Failing, p.TakesMessage = id, title, short, failing, true
	p.Response.Body = []byte(body)
	return p
}

// maxShown bounds what is repeated of an answer's words, in bytes.
const maxShown = 2000

// effect says what Komet makes of an answer, and what it shows its user.
func effect(answer *capture.Response) providers.Effect {
	if answer.Status != 200 {
		return providers.Effect{Failed: answer.Status >= 400, Text: fails}
	}
	if len(answer.Body) > providers.DecodeLimit || !gjson.ValidBytes(answer.Body) {
		return providers.Effect{Text: "The answer is not JSON: what Komet makes of it is not documented."}
	}
	body := gjson.ParseBytes(answer.Body)
	words := strings.TrimSpace(providers.Scalar(body.Get("message")))
	if words == "" {
		words = strings.TrimSpace(providers.Scalar(body.Get("error")))
	}
	words = strings.ToValidUTF8(words[:min(len(words), maxShown)], "")
	shown := "no message"
	if words != "" {
		shown = fmt.Sprintf("%q", words)
	}
	switch status := body.Get("status"); {
	case status.Type == gjson.True || providers.Scalar(status) == "1":
		return providers.Effect{Shown: words, Text: "Komet takes it as done and shows its user " + shown + "."}
	case status.Type == gjson.False || providers.Scalar(status) == "0":
		return providers.Effect{
			Failed: true, Shown: words,
			Text: "Komet shows its user the error " + shown + " and mails at most five addresses; a person then reconfirms the order.",
		}
	}
	return providers.Effect{Shown: words, Text: "The answer has no status of 1 or 0: what Komet makes of it is not documented."}
}
