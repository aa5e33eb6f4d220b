package klix

import "hookglass/providers"

const portalDocs = "https://docs.chip-in.asia/chip-collect/overview/callbacks"

var expects = providers.Expectation{
	Text:   "The legacy platform wants 200, the portal takes any 2xx; OPTIONS wants POST among Access-Control-Allow-Methods. The body is not read, but for shipping cost, whose answer is not documented.",
	Source: docs,
}

var guide = providers.Guide{
	Source: docs,
	Paths: []providers.GuidePath{
		{Path: "/klix/purchases", Title: "Purchase notification (legacy)", Field: "Purchase notification URL"},
		{Path: "/klix/callbacks", Title: "Connection test (legacy)", Field: "Merchant Callback URL"},
		{Path: "/klix/shipping-cost", Title: "Shipping cost (legacy)", Field: "Shipping cost calculation URL"},
		{Path: "/klix/orders", Title: "Order verification (legacy, deprecated)", Field: "Order verification URL"},
		{Path: "/klix/terms.html", Title: "Terms and conditions (legacy)", Field: "Terms & Conditions URL"},
		{Path: "/klix/webhook", Title: "Portal webhook", Field: "Callback of the Webhook object"},
		{Path: "/klix/success", Title: "Portal success_callback", Field: "success_callback of the purchase"},
	},
	Steps: []providers.Step{
		{Text: "Legacy: in the Merchant Console's settings, enter the addresses. Klix calls https only, so a public address is needed."},
		{Text: "Legacy: download the Klix certificate from the Merchant Console and enter it here; X-Klix-Signature is checked with it."},
		{Text: "Portal: create a Webhook and enter the address as its callback. Its public_key is for this webhook alone; enter it here."},
		{Text: "Portal: or give success_callback with each purchase. It is signed with the company's key instead, the answer of:", Paste: "GET https://portal.klix.app/api/v1/public_key/"},
		{Text: "The terms are fetched by the customer's browser, not by Klix; everything else comes from Klix's servers."},
	},
}
