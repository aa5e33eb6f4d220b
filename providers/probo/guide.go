package probo

import "hookglass/providers"

var expects = providers.Expectation{
	Text:   "Probo does not document what it expects; 200 with any body is a guess.",
	Source: docs,
}

var guide = providers.Guide{
	Source: docs,
	Token:  &providers.TokenPlace{Credential: credential, Place: "path"},
	Paths: []providers.GuidePath{
		{Path: "/probo/order", Title: "Order statuses", Field: "callback_urls of the order, an array"},
		{Path: "/probo/uploader", Title: "Uploader session", Field: "callback_url of /products/uploader/create"},
	},
	Steps: []providers.Step{
		{Text: "There is nothing to set in a console: give the address with every order that you send. Orders without it get no callbacks."},
		{Text: "In the order's JSON, the property callback_urls is an array with one address or more.", Paste: `"callback_urls": ["ADDRESS"]`},
		{Text: "Probo signs nothing. The random end of the address is the only proof there is: keep it secret, and save it as the credential."},
		{Text: "Most statuses are pushed, not all, so gaps are normal."},
	},
}
