package komet

import (
	"fmt"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// contract is what Komet documents: 200 and JSON with a status of "1" or "0", as
// a string, and a message. It is the one provider that reads the body.
func contract(answer *capture.Response, request *capture.Request) []string {
	if providers.Preflight(request) {
		return nil
	}
	if answer.Status != 200 {
		return []string{fmt.Sprintf("Komet documents 200 alone, with an error as status 0 in the body: what it makes of %d is not documented.", answer.Status)}
	}
	body := gjson.ParseBytes(answer.Body)
	if len(answer.Body) > providers.DecodeLimit || !gjson.ValidBytes(answer.Body) || !body.IsObject() {
		return []string{`Komet wants JSON such as {"status":"1","message":"…"}, and this answer is something else.`}
	}
	var broken []string
	if kind := answer.Header.Value("Content-Type"); !providers.IsJSONType(kind) {
		broken = append(broken, fmt.Sprintf("Komet wants the content type application/json, not %q.", kind))
	}
	status := body.Get("status")
	switch {
	case !status.Exists():
		broken = append(broken, "Komet wants a status in the body, and there is none.")
	case status.Type != gjson.String:
		broken = append(broken, fmt.Sprintf(`Komet's example has the status as a string, "1" or "0", not as %s.`, capture.Visible(cut(status.Raw))))
	case status.Str != "1" && status.Str != "0":
		broken = append(broken, fmt.Sprintf(`Komet's status is "1" or "0", not %q.`, cut(status.Str)))
	}
	for _, name := range wanted(status.Str) {
		if body.Get(name).Type != gjson.String {
			broken = append(broken, fmt.Sprintf("Komet shows its user the text of %s, and there is none.", name))
		}
	}
	return broken
}

// wanted are the texts that belong to a status. Older revisions of the
// documentation call the message of a failure error, so a failure has both.
func wanted(status string) []string {
	if status == "0" {
		return []string{"message", "error"}
	}
	return []string{"message"}
}

// cut shortens what is repeated of an answer.
func cut(text string) string {
	const most = 40
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
