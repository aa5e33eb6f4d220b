package klix

import (
	"hookglass/capture"
	"hookglass/providers"
)

// again joins what the two platforms document of a failure.
const again = "Klix sends it again: the legacy platform \"multiple times\", without saying how often; the portal at most 8 times more, at growing intervals, within 36 hours."

var presets = []capture.Preset{
	providers.StatusPreset(200, "done", "Klix takes it as delivered and does not send it again; duplicates happen all the same."),
	providers.StatusPreset(204, "done, without content", "The portal takes any 2xx as success. The legacy platform wants 200, so it may send it again."),
	shippingPreset(),
	providers.StatusPreset(400, "refused", again+" Klix's own examples answer 400 to a missing or wrong signature."),
	providers.StatusPreset(404, "not found", again),
	providers.StatusPreset(500, "our mistake", again),
	providers.StatusPreset(503, "busy, later", again),
	testPreset(),
}

// testPreset answers the connection test alone, as a server that does not take
// POST does.
func testPreset() capture.Preset {
	p := providers.StatusPreset(200, "", "The connection test of Klix's legacy platform, an OPTIONS request, fails: it looks for POST. Other callbacks are answered as ever.")
	p.ID, p.Title, p.Short, p.Method, p.Failing = "options-without-post", "OPTIONS without POST: the connection test fails", "no POST", "OPTIONS", true
	const methods = "GET, HEAD, OPTIONS"
	p.Response.Header = append(p.Response.Header,
		capture.Field{Name: "Allow", Value: methods}, capture.Field{Name: "Access-Control-Allow-Methods", Value: methods})
	return p
}

func shippingPreset() capture.Preset {
	p := providers.StatusPreset(200, "a shipping option (a guess)", "For a request for shipping cost. What Klix wants as the answer is not documented: this is made from the fields of its SDK.")
	p.ID, p.Short, p.Response.Body = "shipping-cost-guess", "ship", []byte(shippingCost)
	return p
}
