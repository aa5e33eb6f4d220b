package mintsoft

import "hookglass/providers"

var expects = providers.Expectation{
	Text:   "Mintsoft does not document what it expects; 200 with any body is a guess.",
	Source: docs,
}

var guide = providers.Guide{
	Source: docs,
	Token:  &providers.TokenPlace{Credential: "mintsoft.api_key", Place: "?APIKEY"},
	Paths: []providers.GuidePath{
		{Path: "/mintsoft/despatched", Title: "Order despatched", Field: "ExtraCode1"},
		{Path: "/mintsoft/cancelled", Title: "Order cancelled", Field: "ExtraCode2"},
		{Path: "/mintsoft/delivered", Title: "Order delivered", Field: "ExtraCode3"},
		{Path: "/mintsoft/split", Title: "Order split", Field: "ExtraCode5"},
	},
	Steps: []providers.Step{
		{Text: "The user of the API needs AdminEditOrder, or ClientEditOrder for a client of a 3PL."},
		{Text: "Register for every order, with the id that PUT /api/Order returned; or give ConnectActions as part of the call that creates the order:", Paste: "PUT /api/Order/{id}/ConnectActions"},
		{Text: "In its body: \"Type\": \"API\", \"Complete\": false, SourceOrderId = the order's number in the system it came from, and each address in its ExtraCode field. One address per event: the body does not say what happened."},
		{Text: "The token after ?APIKEY= is yours to choose; it proves the sender. Mintsoft sends it back as a part of the address."},
		{Text: "Instead of it or beside it: ExtraCode4 is sent word for word as the Authorization header, for example \"Basic \" and user:password in base64."},
		{Text: "Delivered needs the module Tracking Events and a courier that reports; tracking events carry no order number, so add &order=… to that address."},
	},
}
