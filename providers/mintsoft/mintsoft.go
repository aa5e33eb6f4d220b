// Package mintsoft knows the callbacks of Mintsoft, a warehouse system: an order
// despatched, cancelled, delivered or split, and an advance shipping notice
// (ASN) booked in.
//
// Mintsoft sends no event type and no header of its own: the address it was
// given tells what happened. Its proof is a static token, in the address
// (?APIKEY=) or in Authorization; neither covers the body.
package mintsoft

import (
	_ "embed"

	"hookglass/capture"
	"hookglass/providers"
)

const docs = "https://help-mintsoft.theaccessgroup.com/en/articles/11694811"

// Provider is Mintsoft.
var Provider = &providers.Provider{
	ID:      "mintsoft",
	Name:    "Mintsoft",
	Docs:    docs,
	Domains: []string{"mintsoft.co.uk", "theaccessgroup.com"},
	Credentials: []providers.Credential{
		{
			Name:  "mintsoft.api_key",
			Title: "Mintsoft API key in the address",
			Help:  "The value that you wrote after ?APIKEY= in the callback addresses (ExtraCode1, 2, 3 and 5 of the ConnectActions). You choose it; it is not the key of Mintsoft's own API.",
		},
		{
			Name:  "mintsoft.authorization",
			Title: "Mintsoft Authorization value",
			Help:  "ExtraCode4 of the ConnectActions, word for word: Mintsoft sends it as the Authorization header. For Basic it is \"Basic \" and user:password in base64.",
		},
	},
	Endpoints: []capture.Endpoint{
		{Path: "/mintsoft/despatched", Name: "Mintsoft despatched", Provider: "mintsoft", Event: despatched},
		{Path: "/mintsoft/cancelled", Name: "Mintsoft cancelled", Provider: "mintsoft", Event: cancelled},
		{Path: "/mintsoft/delivered", Name: "Mintsoft delivered", Provider: "mintsoft", Event: delivered},
		{Path: "/mintsoft/split", Name: "Mintsoft split", Provider: "mintsoft", Event: split},
	},
	Detect:    detect,
	Verify:    tokens.Verify,
	Ladder:    tokens.Ladder,
	Sign:      tokens.Sign,
	Read:      read,
	Decode:    decode,
	Sensitive: sensitive,
	Presets:   presets,
	Contract:  contract,
	Expects:   expects,
	Guide:     guide,
	// Accepted stays nil: that Mintsoft takes 200 {} as success is a guess.
	Retry: providers.RetryPolicy{
		Text:   "Mintsoft does not document whether, when or how often it sends again; take every callback as the only one.",
		Source: docs,
	},
	Samples: []providers.Sample{
		providers.JSONSample("despatched", "Order despatched", "POST", "/mintsoft/despatched", sampleDespatched),
		providers.JSONSample("cancelled", "Order cancelled", "POST", "/mintsoft/cancelled", sampleCancelled),
		providers.JSONSample("delivered", "Order delivered", "POST", "/mintsoft/delivered", sampleDelivered).WithOrder("?order"),
		providers.JSONSample("split", "Order split", "POST", "/mintsoft/split", sampleSplit),
		providers.JSONSample("asn_booked_in", "Advance shipping notice booked in", "POST", "/mintsoft/asn", sampleASN),
	},
	Further:   furtherSamples(),
	Fresh:     fresh,
	Scenarios: scenarios,
	TestKeys:  testKeys,
}

var tokens = &providers.Tokens{Scheme: "mintsoft-token", Proofs: []providers.TokenProof{
	{Credential: "mintsoft.api_key", Places: []string{"?APIKEY"}},
	{Credential: "mintsoft.authorization", Places: []string{"Authorization"}},
}}

// The documentation shows no body of an order; these are made from the fields of
// its API. The split is the documentation's own, whose comments are not JSON.
var (
	//go:embed samples/despatched.json
	sampleDespatched []byte
	//go:embed samples/cancelled.json
	sampleCancelled []byte
	//go:embed samples/delivered.json
	sampleDelivered []byte
	//go:embed samples/split.json
	sampleSplit []byte
	//go:embed samples/asn_booked_in.json
	sampleASN []byte
)

func detect(c *providers.Callback) providers.Detection {
	b := look(c)
	switch b.shape {
	case shapeSplit:
		return providers.Detection{Confidence: providers.Certain, Why: "array with SplitOrderId"}
	case shapeOrder:
		if b.pascal {
			return providers.Detection{Confidence: providers.VeryHigh, Why: "order object with OrderNumber and OrderStatusId"}
		}
		return providers.Detection{Confidence: providers.Medium, Why: "order object with OrderNumber and OrderStatusId, but in another case"}
	case shapeTracking:
		return providers.Detection{Confidence: providers.High, Why: "array with TrackingStatusId and CourierTimeStamp"}
	case shapeASN:
		return providers.Detection{Confidence: providers.High, Why: "POReference and ASNStatus"}
	case shapeNone:
	}
	return providers.Detection{}
}
