package mintsoft

import "hookglass/providers"

var fresh = providers.Freshness{
	Order: []string{
		"ExternalOrderReference", "[].Order.ExternalOrderReference", "[].SplitOrder.ExternalOrderReference",
		"POReference", "?order",
	},
	IDs: []string{
		"OrderNumber", "ID", "TrackingNumber", "OrderItems[].ID", "[].Order.ID", "[].SplitOrder.ID",
		"[].Order.OrderItems[].ID", "[].SplitOrder.OrderItems[].ID",
		"[].OrderId", "[].SplitOrderId", "[].ID", "[].OrderShipmentId",
	},
	Times: []string{
		"DespatchDate", "LastUpdated", "[].LastUpdated", "[].Order.LastUpdated", "[].SplitOrder.LastUpdated",
		"[].CourierTimeStamp",
	},
	Born: []string{"OrderDate", "RequiredDespatchDate"},
}

var testKeys = []providers.TestKey{
	{
		Name: "mintsoft.api_key.test", Title: "?APIKEY= in the address", For: []string{"mintsoft.api_key"},
		Use:  "Have your app's test configuration expect this after ?APIKEY= in the addresses of its callbacks.",
		Make: providers.MakeHex("test-"),
	},
	{
		Name: "mintsoft.authorization.test", Title: "Authorization value (ExtraCode4)", For: []string{"mintsoft.authorization"},
		Use:  "Have your app's test configuration expect this as the Authorization header, word for word.",
		Make: providers.MakeBasic,
	},
}

// furtherSamples is the delivery with its order in the address, where a callback
// that names no order needs it.
func furtherSamples() []providers.Sample {
	return []providers.Sample{
		providers.JSONSample("delivered_with_order", "Order delivered, with the order in the address", "POST", "/mintsoft/delivered?order=WEB-10423", sampleDelivered),
	}
}
