package probo

import (
	"hookglass/capture"
	"hookglass/providers"
)

// contract is a guess for the most part: Probo documents nothing of answers.
func contract(answer *capture.Response, request *capture.Request) []string {
	broken := providers.Undocumented("Probo", answer.Status, "That Probo takes 200 as success is a guess already")
	if providers.Preflight(request) {
		return broken
	}
	return append(broken, providers.WantsJSON("Probo", answer)...)
}
