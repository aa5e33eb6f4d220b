// Package komet knows the callbacks of Komet Sales, a system for flower
// wholesale: an order confirmed or cancelled, and a payment cancelled.
//
// Confirmation and cancellation are the same bytes: only the address tells them
// apart. Three generations of proof exist, all static tokens: a query parameter,
// the header authenticationToken, and Authorization. Komet is the one provider
// that reads the body of the answer.
package komet

import (
	_ "embed"
	"errors"

	"hookglass/capture"
	"hookglass/providers"
)

const docs = "https://kometsales.atlassian.net/wiki/spaces/KB/pages/3339883/Order+Confirmation+Webhook"

// maxToken is the length that Komet gives its token.
const maxToken = 50

// Provider is Komet Sales.
var Provider = &providers.Provider{
	ID:      "komet",
	Name:    "Komet Sales",
	Docs:    docs,
	Domains: []string{"kometsales.com"},
	Credentials: []providers.Credential{
		{
			Name:  "komet.authentication_token",
			Title: "Komet authentication token",
			Help:  "The token that you entered under Setup > Settings > Integrations > Order Confirmation Webhook. You choose it, at most 50 characters; it is not the token of Komet's own API, which has the same name.",
			Check: func(value string) error {
				if len([]rune(value)) > maxToken {
					return errors.New("longer than the 50 characters that Komet takes")
				}
				return nil
			},
		},
		{
			Name:  "komet.authorization",
			Title: "Komet Authorization value",
			Help:  "What Komet sends as the Authorization header, word for word, for webhooks under Setup > Settings > Webhooks: \"Basic \" with user:password in base64, or \"Bearer \" with the token.",
		},
	},
	Endpoints: []capture.Endpoint{
		{Path: "/komet/confirm", Name: "Komet confirmation", Provider: "komet", Event: confirmation},
		{Path: "/komet/cancel", Name: "Komet cancellation", Provider: "komet", Event: cancellation},
	},
	Detect:    detect,
	Verify:    verify,
	Ladder:    tokens.Ladder,
	Sign:      tokens.Sign,
	Read:      read,
	Decode:    decode,
	Accepted:  accepted,
	Sensitive: sensitive,
	Presets:   presets,
	Effect:    effect,
	Contract:  contract,
	Expects:   expects,
	Guide:     guide,
	Retry: providers.RetryPolicy{
		Text:   "Komet documents no automatic retry: on an error it mails up to five addresses, and a person reconfirms the order. A repeat is therefore legitimate; it counts as a further attempt here.",
		Source: docs,
	},
	Samples: []providers.Sample{
		sample("confirmation", "Order confirmation", "/komet/confirm", sampleOrder),
		sample("cancellation", "Order cancellation", "/komet/cancel", sampleOrder),
		sample("payment_cancellation", "Payment cancellation", "/komet/cancel", samplePayment),
	},
	Further:   furtherSamples(),
	Fresh:     fresh,
	Scenarios: scenarios,
	TestKeys:  testKeys,
}

var tokens = &providers.Tokens{Scheme: "komet-token", Proofs: []providers.TokenProof{
	{Credential: "komet.authentication_token", Places: []string{tokenHeader, "?token"}},
	{Credential: "komet.authorization", Places: []string{"Authorization"}},
}}

const tokenHeader = "authenticationToken"

// The order is the documentation's own example; the payment is made from the
// fields of its page.
var (
	//go:embed samples/order.json
	sampleOrder []byte
	//go:embed samples/payment_cancellation.json
	samplePayment []byte
)

func sample(name, title, path string, body []byte) providers.Sample {
	return providers.Sample{
		Name: name, Title: title, Method: "POST", Path: path,
		Header: capture.Fields{{Name: "Content-Type", Value: "application/JSON"}}, // the documentation's case
		Body:   body,
	}
}

func detect(c *providers.Callback) providers.Detection {
	if _, ok := c.Request.Header.First(tokenHeader); ok {
		return providers.Detection{Confidence: providers.High, Why: "header authenticationToken"}
	}
	if c.Request.Method == "GET" {
		_, company := c.Query("companyId")
		_, invoice := c.Query("invoiceId")
		if company && invoice {
			return providers.Detection{Confidence: providers.Medium, Why: "GET with companyId and invoiceId"}
		}
		return providers.Detection{}
	}
	o := c.Object()
	if !isID(o.Get("companyId")) {
		return providers.Detection{}
	}
	switch {
	case o.Get("paymentId").Exists():
		return providers.Detection{Confidence: providers.High, Why: "companyId and paymentId"}
	case isID(o.Get("orderId")) && size(o) == 2:
		return providers.Detection{Confidence: providers.Medium, Why: "a body of companyId and orderId alone"}
	}
	return providers.Detection{}
}

func verify(c *providers.Callback, keys providers.Keys) capture.Verification {
	v := tokens.Verify(c, keys)
	if v.Status == capture.Unsigned {
		v.Reason += " The token is optional at Komet: that it is absent tells nothing of the sender."
	}
	return v
}

// accepted is the one answer that a provider reads: status is documented as a
// boolean and shown as a string, and message appears in Komet.
func accepted(*providers.Callback) capture.Response {
	return providers.Answer(capture.ByPreset, "accepted", 200, providers.JSONType, `{"status":"1","message":"Received by Hookglass"}`)
}
