package kornitx

import (
	"hookglass/capture"
	"hookglass/providers"
)

// contract is what KornitX documents: 200 is success, 4xx and 5xx are failures
// after which it sends again. The body is not read.
func contract(answer *capture.Response, request *capture.Request) []string {
	broken := providers.Undocumented("KornitX", answer.Status, "KornitX documents 200 as success, and 4xx and 5xx as failure")
	if providers.Preflight(request) {
		return broken
	}
	return append(broken, providers.WantsJSON("KornitX", answer)...)
}
