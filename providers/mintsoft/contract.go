package mintsoft

import (
	"hookglass/capture"
	"hookglass/providers"
)

// contract is a guess for the most part: Mintsoft documents nothing of answers.
func contract(answer *capture.Response, request *capture.Request) []string {
	broken := providers.Undocumented("Mintsoft", answer.Status, "That Mintsoft takes 200 as success is a guess already")
	if providers.Preflight(request) {
		return broken
	}
	return append(broken, providers.WantsJSON("Mintsoft", answer)...)
}
