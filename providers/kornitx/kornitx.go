// Package kornitx knows the callbacks of KornitX (formerly Custom Gateway):
// order status callbacks with shipments and cancellations, entity events, and
// the order push to suppliers, also in its variant "Next Label Plus".
//
// A status callback proves itself by an HMAC header or an OIDC bearer token,
// where the notification integration is switched on; by default it carries
// nothing.
package kornitx

import (
	_ "embed"
	"errors"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

const docs = "https://developers.kornitx.net/api-docs/generic-api-notification-integration-1"

// The names of the credentials.
const (
	apiKey   = "kornitx.api_key"
	pushKey  = "kornitx.push_key"
	jwks     = "kornitx.jwks"
	issuer   = "kornitx.issuer"
	audience = "kornitx.audience"
)

// Provider is KornitX.
var Provider = &providers.Provider{
	ID:      "kornitx",
	Name:    "KornitX",
	Docs:    docs,
	Domains: []string{"kornitx.net", "kornitx.com"},
	Credentials: []providers.Credential{
		{
			Name:  apiKey,
			Title: "KornitX company API key",
			Help:  "The API key of your company, with which KornitX signs status callbacks when Auth Type is HMAC. It is the one you call KornitX's own API with (Basic REFID:APIKEY), and not the company's reference number, which is digits alone.",
			Check: notNumber,
		},
		{
			Name:  pushKey,
			Title: "KornitX order push key",
			Help:  "The HMAC key that KornitX generated for the order push to your system: it is shown in the settings of the supplier integration and is not the company API key.",
		},
		{
			Name:   jwks,
			Title:  "Public keys of your identity provider",
			Help:   "For OpenID Connect: the JWKS (the document at jwks_uri) or the PEM of the identity provider whose token URL you gave to KornitX. It is yours, not KornitX's.",
			Public: true,
			Check:  providers.CheckKeys,
		},
		{
			Name:   issuer,
			Title:  "Issuer of your identity provider",
			Help:   "For OpenID Connect: what the tokens carry as iss. Without it any issuer is taken.",
			Public: true, Narrows: true,
		},
		{
			Name:   audience,
			Title:  "Audience of the tokens",
			Help:   "For OpenID Connect: what the tokens carry as aud or azp. Without it any audience is taken.",
			Public: true, Narrows: true,
		},
	},
	Endpoints: []capture.Endpoint{{Path: "/kornitx/*", Name: "KornitX", Provider: "kornitx"}},
	Detect:    detect,
	Verify:    verify,
	Ladder:    ladder,
	Sign:      sign,
	Read:      read,
	Decode:    decode,
	Sensitive: sensitive,
	Presets:   presets,
	Contract:  contract,
	Expects:   expects,
	Guide:     guide,
	Retry: providers.RetryPolicy{
		Known: true, Tries: 5, Every: 2 * time.Hour, Within: 10 * time.Hour,
		Text:   "KornitX sends a status callback again after a 4xx or 5xx, at most 5 times, 2 hours apart; what it does after a timeout, a 3xx or a lost connection is not documented, so answer 200, also to statuses you ignore.",
		Source: docs,
	},
	Samples: []providers.Sample{
		providers.JSONSample("dispatched", "Order dispatched", "PUT", "/kornitx/dispatched", sampleDispatched),
		providers.JSONSample("partly_cancelled", "A line cancelled (the shape is a guess)", "PUT", "/kornitx/partly_cancelled", sampleCancelled),
		providers.JSONSample("tracking_changed", "Entity event: the tracking address changed (the shape is a guess)", "PUT", "/kornitx/tracking_changed", sampleEntity),
		providers.JSONSample("order_push", "Order push to a supplier", "POST", "/kornitx/order_push", samplePush),
		providers.JSONSample("next_label_plus", "Next Label Plus order push", "POST", "/kornitx/next_label_plus", sampleLabel),
	},
	Further:   furtherSamples(),
	Fresh:     fresh,
	Scenarios: scenarios,
	TestKeys:  testKeys,
}

// Dispatched is the documentation's own example; the others are made from
// fields that are documented, in shapes that partly are not.
var (
	//go:embed samples/dispatched.json
	sampleDispatched []byte
	//go:embed samples/partly_cancelled.json
	sampleCancelled []byte
	//go:embed samples/tracking_changed.json
	sampleEntity []byte
	//go:embed samples/order_push.json
	samplePush []byte
	//go:embed samples/next_label_plus.json
	sampleLabel []byte
)

func notNumber(value string) error {
	if strings.Trim(strings.TrimSpace(value), "0123456789") == "" && len(strings.TrimSpace(value)) < 12 {
		return errors.New("this looks like the company's reference number; the API key is wanted")
	}
	return nil
}

func detect(c *providers.Callback) providers.Detection {
	if _, ok := c.Request.Header.First(hmacHeader); ok {
		return providers.Detection{Confidence: providers.Certain, Why: "header " + hmacHeader}
	}
	root := c.Object()
	if !root.Exists() {
		return providers.Detection{}
	}
	g := glanceAt(root)
	named := g.statusName.Exists() && g.externalRef.Exists()
	switch {
	case g.label():
		return providers.Detection{Confidence: providers.High, Why: "Orders with OrderExternalRef and Items"}
	case named && g.push() && g.status.Exists():
		return providers.Detection{Confidence: providers.High, Why: "status_name, external_ref and the fields of an order push"}
	case named && isNumber(g.id) && isNumber(g.status) && (g.shipments.Exists() || g.cancellations.Exists()):
		if c.Request.Method == "PUT" {
			return providers.Detection{Confidence: providers.VeryHigh, Why: "PUT with id, external_ref, status, status_name and new_shipments or new_cancellations"}
		}
		return providers.Detection{Confidence: providers.High, Why: "external_ref, status_name and new_shipments or new_cancellations"}
	case named && g.tracking.Exists():
		return providers.Detection{Confidence: providers.High, Why: "status_name, external_ref and shipping_tracking"}
	}
	return providers.Detection{}
}

var sensitive = slices.Concat(
	providers.Secrets("header "+hmacHeader, "header Authorization"),
	providers.Personal("", "external_ref", "customer_*", "shipping_*", "billing_*", "payment_trans_id", "additional_info", "items[].external_ref"),
	providers.Personal("new_shipments[]", "tracking", "tracking_url", "items[].external_ref"),
	providers.Personal("new_cancellations[]", "external_ref", "items[].external_ref"),
	providers.Personal("Orders[]", "Destination", "OrderExternalRef", "Items[].OrderExternalRef"),
)
