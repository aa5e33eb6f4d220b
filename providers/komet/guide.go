package komet

import "hookglass/providers"

var expects = providers.Expectation{
	Text:   "Komet reads the answer: application/json with status \"1\" for done or \"0\" for an error, and a message that it shows its user.",
	Source: docs,
}

var guide = providers.Guide{
	Source: docs,
	Token:  &providers.TokenPlace{Credential: "komet.authentication_token", Field: "token"},
	Paths: []providers.GuidePath{
		{Path: "/komet/confirm", Title: "Order confirmation", Field: "URL"},
		{Path: "/komet/cancel", Title: "Order and payment cancellation", Field: "URL"},
	},
	Steps: []providers.Step{
		{Text: "As an Admin, open Setup > Settings and click Order Confirmation Webhook in the group Integrations. Tick the box that enables it."},
		{Text: "Enter the address. A cancellation is the same bytes as a confirmation, so it needs an address of its own."},
		{Text: "Enter a token of your own, at most 50 characters: Komet sends it in the header authenticationToken. It is optional, and the only proof there is."},
		{Text: "Error Notification: up to 5 mail addresses that Komet tells of an answer with status 0."},
		{Text: "Click Save. Newer accounts have Setup > Settings > Webhooks instead, with Basic or Bearer, which comes in Authorization."},
	},
}
