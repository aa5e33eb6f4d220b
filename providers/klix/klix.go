// Package klix knows the callbacks of Klix, in both platforms of that name: the
// legacy one of Citadele (api.klix.app, X-Klix-Signature), whose documentation
// is gone, and the portal (portal.klix.app, X-Signature), which runs on a
// white-label platform that others use too.
//
// Both sign the raw bytes of the body with RSA; a body that was written again
// never verifies. Beware: order_id is the shop's order in a legacy purchase and
// Klix's own in a request for shipping cost; amounts are in major units in
// legacy and in minor ones in the portal.
package klix

import (
	_ "embed"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// The site's page /callbacks/, on the legacy platform, was removed on 2023-04-05;
// its page /api/ is on the portal.
const docs = "https://developers.klix.app/"

// The names of the credentials.
const (
	certificate = "klix.certificate"
	publicKey   = "klix.public_key"
	webhookKey  = "klix.webhook_key"
)

// Provider is Klix.
var Provider = &providers.Provider{
	ID:      "klix",
	Name:    "Klix",
	Docs:    docs,
	Domains: []string{"klix.app"},
	Credentials: []providers.Credential{
		{
			Name:   certificate,
			Title:  "Klix certificate (legacy)",
			Help:   "The Klix certificate or public key of the legacy platform, to be downloaded from the Merchant Console (PEM). It verifies X-Klix-Signature and order verification.",
			Public: true, Check: providers.CheckKeys,
		},
		{
			Name:   publicKey,
			Title:  "Klix company public key (portal)",
			Help:   "The answer of GET /api/v1/public_key/ at portal.klix.app, as it comes. It verifies calls to a purchase's success_callback.",
			Public: true, Check: providers.CheckKeys,
		},
		{
			Name:   webhookKey,
			Title:  "Klix webhook public key (portal)",
			Help:   "The public_key of the Webhook object in the Klix portal. Each webhook has its own.",
			Public: true, Check: providers.CheckKeys,
		},
	},
	Endpoints: []capture.Endpoint{{Path: "/klix/*", Name: "Klix", Provider: "klix"}},
	Detect:    detect,
	Verify:    verify,
	Ladder:    ladder,
	Sign:      sign,
	Read:      read,
	Decode:    decode,
	Accepted:  accepted,
	Sensitive: sensitive,
	Presets:   presets,
	Contract:  contract,
	Expects:   expects,
	Guide:     guide,
	Retry: providers.RetryPolicy{
		Known: true, Tries: 8, Within: 36 * time.Hour,
		Text:   "The portal takes any 2xx as success and sends at most 8 times more, at growing intervals, for 36 hours; duplicates happen. The legacy platform wants 200 and sends \"multiple times\", without saying how often.",
		Source: portalDocs,
	},
	Samples: []providers.Sample{
		providers.JSONSample("purchase_paid", "Legacy purchase, paid: the body that the documentation's signature covers", "PUT", "/klix/purchases", samplePaid, signedSample).WithOrder("order_id").ByName(),
		providers.JSONSample("purchase_as_printed", "Legacy purchase as printed beside that signature, which it never matches", "PUT", "/klix/purchases", samplePrinted, signedSample).WithOrder("order_id").ByName(),
		providers.JSONSample("purchase_paid_by_card", "Legacy purchase, paid by card", "PUT", "/klix/purchases", sampleCard),
		{
			Name: "order_verification", Title: "Legacy order verification", Method: "POST", Path: "/klix/orders",
			Header: capture.Fields{{Name: "Content-Type", Value: "text/plain"}}, Body: sampleJWS, OrderField: "externalOrderId",
		},
		providers.JSONSample("shipping_cost", "Legacy shipping cost", "POST", "/klix/shipping-cost", sampleShipping),
		providers.JSONSample("portal_purchase_paid", "Portal event purchase.paid", "POST", "/klix/webhook", samplePortal),
		providers.JSONSample("portal_payment_failure", "Portal event purchase.payment_failure", "POST", "/klix/webhook", samplePortalFailure),
		{Name: "connection_test", Title: "Connection test", Method: "OPTIONS", Path: "/klix/callbacks"},
		{Name: "terms", Title: "Terms and conditions, as a browser fetches them", Method: "GET", Path: "/klix/terms.html"},
	},
	Further:   furtherSamples(),
	Fresh:     fresh,
	Scenarios: scenarios,
	TestKeys:  testKeys,
}

// signedSample is the signature in the legacy documentation. It was made over
// an older body than the one printed beside it.
var signedSample = capture.Field{
	Name:  klixSignature,
	Value: "MKqXr7siOkC6TYENeHUcy5ofFDiWpqMt+ow5iWJqnIYWU71W50fZFHfy3BVrehEGCvf+TufZK6DPymdM1e2G0w==",
}

// The samples are the documentation's own, but for the one by card, which has all
// of its fields, and the portal's, which are made from the fields of its API.
var (
	//go:embed samples/purchase_paid.json
	samplePaid []byte
	//go:embed samples/purchase_as_printed.json
	samplePrinted []byte
	//go:embed samples/purchase_paid_by_card.json
	sampleCard []byte
	//go:embed samples/order_verification.jws
	sampleJWS []byte
	//go:embed samples/shipping_cost.json
	sampleShipping []byte
	//go:embed samples/portal_purchase_paid.json
	samplePortal []byte
	//go:embed samples/portal_payment_failure.json
	samplePortalFailure []byte
)

const (
	terms = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Terms and conditions</title>
<h1>Terms and conditions</h1>
<p>This page stands in for the shop's own terms.</p>
</html>
`
	// shippingCost is a guess, made from the SDK's model of a shipping option:
	// the documentation does not show an answer.
	shippingCost = `{"id":"omniva","amount":0.00,"currency":"EUR","taxRate":0.21}`
)

// accepted answers by method; a request for shipping cost is told from others
// by its pinned event, its path, or two names in the first 16 KiB of its body.
func accepted(c *providers.Callback) capture.Response {
	switch strings.ToUpper(c.Request.Method) {
	case "GET", "HEAD":
		if !fromShop(c) {
			return providers.Answer(capture.ByPreset, "terms", 200, "text/html; charset=utf-8", terms)
		}
	case "POST":
		if wantsShippingCost(c) {
			return providers.Answer(capture.ByPreset, "shipping-cost-guess", 200, providers.JSONType, shippingCost)
		}
	}
	return providers.Plain(capture.ByPreset, "accepted")
}

// peek is how far accepted looks into a body.
const peek = 16 << 10

func wantsShippingCost(c *providers.Callback) bool {
	if event := c.PinnedEvent(); event != "" {
		return event == eventShipping
	}
	if c.Endpoint != nil && strings.Contains(strings.ToLower(c.Request.Path()), "shipping-cost") {
		return true
	}
	start := string(c.Request.Body[:min(len(c.Request.Body), peek)])
	return strings.Contains(start, `"order_items"`) && strings.Contains(start, `"shipping_method_id"`)
}
