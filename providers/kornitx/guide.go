package kornitx

import "hookglass/providers"

var expects = providers.Expectation{
	Text:   "KornitX wants 200, also for statuses that you ignore; it does not read the body.",
	Source: docs,
}

var guide = providers.Guide{
	Source: docs,
	Paths: []providers.GuidePath{
		{Path: "/kornitx/status", Title: "Status callbacks and entity events", Field: "status_callback_url of the order, or Callback URL of the integration"},
		{Path: "/kornitx/order_push", Title: "Order push to a supplier", Field: "the settings of the supplier integration"},
	},
	Steps: []providers.Step{
		{Text: "Simplest: put the address into status_callback_url of every order that you send. Callbacks then come without a proof."},
		{Text: "With a proof: open Settings > Companies, filter to your sales channel companies, click the sales channel, and open the tab Notification Integrations at the left."},
		{Text: "Choose Generic API and switch on Enabled. Start Timestamp (UTC): only orders created after it are notified."},
		{Text: "Order Provider Mode: Active sends on every change, Passive every 30 minutes, Entity Events when a part such as the tracking address changes."},
		{Text: "Auth Type HMAC: every request then carries X-CustomGateway-Hmac, made with the company API key. Enter that key here as a credential."},
		{Text: "Enter the address as Callback URL. Left blank, KornitX takes status_callback_url of each order."},
		{Text: "Order push is another integration, with an HMAC key of its own that its settings show."},
	},
}
