package komet

import (
	"time"

	"hookglass/providers"
)

// fresh: the company stays, for its ids are its own.
var fresh = providers.Freshness{
	Order: []string{"orderId", "orderIds", "?invoiceId"},
	IDs:   []string{"paymentId", "paymentNumber"},
}

var testKeys = []providers.TestKey{
	{
		Name: "komet.authentication_token.test", Title: "authenticationToken", For: []string{"komet.authentication_token"},
		Use:  "Have your app's test configuration expect this in the header authenticationToken (in the oldest form, after ?token=).",
		Make: providers.MakeHex("test-"), // 37 characters; Komet takes 50
	},
	{
		Name: "komet.authorization.test", Title: "Authorization value", For: []string{"komet.authorization"},
		Use:  "Have your app's test configuration expect this as the Authorization header, word for word.",
		Make: providers.MakeBasic,
	},
}

// furtherSamples is the oldest form, whose token stands in the address.
func furtherSamples() []providers.Sample {
	return []providers.Sample{{
		Name: "confirmation_oldest", Title: "Order confirmation, the oldest form", Method: "GET",
		Path: "/komet/confirm?token=&companyId=6316&invoiceId=6908", NameOnly: true,
	}}
}

// scenarios: between a confirmation and its repeat stands a person who has mended
// what was wrong; Komet documents no retry of its own.
var scenarios = []providers.Scenario{
	{Name: "life", Title: "An order that is confirmed, and confirmed again by hand", Scenes: []providers.Scene{
		{Sample: "confirmation"},
		{Sample: "confirmation", After: 15 * time.Minute},
	}},
	{Name: "cancel", Title: "An order that is confirmed, then cancelled", Scenes: []providers.Scene{
		{Sample: "confirmation"},
		{Sample: "cancellation", After: 26 * time.Hour},
	}},
	{Name: "payment", Title: "A payment that is cancelled, then its order", Scenes: []providers.Scene{
		{Sample: "confirmation"},
		{Sample: "payment_cancellation", After: 3 * time.Hour, Set: providers.Assign("orderIds=6908")},
		{Sample: "cancellation", After: time.Hour},
	}},
}
