package klix

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// contract is what the two platforms document: legacy wants 200, and POST in
// the answer to its connection test; the portal takes any 2xx. Both send again
// after a failure.
func contract(answer *capture.Response, request *capture.Request) []string {
	if providers.Preflight(request) {
		return connectionTest(answer)
	}
	c := providers.NewCallback(request, nil, providers.DecodeLimit)
	var broken []string
	switch {
	case answer.Status >= 300 && answer.Status < 400:
		broken = append(broken, fmt.Sprintf("Klix documents 2xx as success: what it makes of %d is not documented.", answer.Status))
	case answer.Status != 200 && answer.Status < 300 && legacy(request):
		broken = append(broken, fmt.Sprintf("The legacy platform of Klix wants 200: after %d it may send again.", answer.Status))
	}
	if browsed(c) {
		return broken // by a person, who is shown a page
	}
	broken = append(broken, providers.WantsJSON("Klix", answer)...)
	if answer.Status < 300 && wantsShippingCost(c) && !gjson.GetBytes(answer.Body, "amount").Exists() {
		broken = append(broken, "Klix asks for the shipping cost, and this answer has no amount. What it wants is a guess: id, amount, currency and taxRate.")
	}
	return broken
}

// connectionTest says what makes the connection test of the legacy platform fail.
func connectionTest(answer *capture.Response) []string {
	var broken []string
	if answer.Status != 200 {
		broken = append(broken, fmt.Sprintf("Klix's connection test wants 200, not %d.", answer.Status))
	}
	switch {
	case providers.Allows(answer.Header, "Access-Control-Allow-Methods", "POST"):
	case providers.Allows(answer.Header, "Allow", "POST"):
		broken = append(broken, "Klix's connection test looks for POST in Access-Control-Allow-Methods; only before November 2019 it looked in Allow.")
	default:
		broken = append(broken, "Klix's connection test fails: Access-Control-Allow-Methods does not list POST.")
	}
	return broken
}

// legacy reports whether a request is surely one of the legacy platform.
func legacy(r *capture.Request) bool {
	return has(r, klixSignature) || strings.EqualFold(r.Method, "PUT")
}

// browsed reports whether a request is for the page of terms.
func browsed(c *providers.Callback) bool {
	get := strings.EqualFold(c.Request.Method, "GET") || strings.EqualFold(c.Request.Method, "HEAD")
	return get && !fromShop(c)
}
