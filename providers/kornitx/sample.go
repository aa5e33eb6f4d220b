package kornitx

import (
	"fmt"

	"hookglass/providers"
)

var fresh = providers.Freshness{
	Order: []string{"external_ref", "Orders[].OrderExternalRef"},
	IDs:   []string{"id", "ref", "new_shipments[].tracking", "shipping_tracking", "Orders[].ID"},
	Times: []string{"new_shipments[].dispatch_datetime", "creation_datetime", "Orders[].DateTimeStamp"},
	Born:  []string{"required_dispatch_date", "sale_datetime", "Orders[].Items[].PromiseDate"},
}

var testKeys = []providers.TestKey{
	{
		Name: "kornitx.api_key.test", Title: "company API key (status callbacks)", For: []string{apiKey},
		Use:  "Put this in your app's test configuration in place of your company API key: it is the key of X-CustomGateway-Hmac on status callbacks.",
		Make: providers.MakeHex("TEST"),
	},
	{
		Name: "kornitx.push_key.test", Title: "order push key", For: []string{pushKey},
		Use:  "Put this in your app's test configuration in place of the HMAC key of your supplier integration: it is the key of X-CustomGateway-Hmac on order pushes.",
		Make: providers.MakeHex("TEST"),
	},
}

// further are the statuses that no sample shows. 1, 32 and 64 are documented by
// KornitX, the others inferred; see statuses.
var further = []struct{ name, code string }{
	{"received", "1"},
	{"in_production", "4"},
	{"qc_query", "32"},
	{"dispatched_retailer_notified", "64"},
	{"cancelled", "128"},
	{"on_hold", "256"},
	{"sent_to_supplier", "512"},
	{"received_by_supplier", "513"},
	{"sent_to_shipper", "515"},
	{"received_by_shipper", "516"},
	{"consolidating", "600"},
}

const (
	lineOne = `{"quantity":1,"ref":"C3DD35B0E1F","external_ref":"10094507"}`
	lineTwo = `{"quantity":2,"ref":"C3DD35B0E20","external_ref":"10094508"}`

	trackingOne = "H023YA0000361469"
	trackingTwo = "H023YA0000361470"
)

// furtherSamples are a callback for every other status, and an order that leaves
// in two shipments.
func furtherSamples() []providers.Sample {
	var all []providers.Sample
	for _, f := range further {
		tracking, cancellations := "", ""
		switch f.code {
		case "64", "516":
			tracking = trackingOne
		case "128":
			cancellations = `{"items":[` + lineOne + "," + lineTwo + "]}"
		}
		all = append(all, statusSample(f.name, "Status "+f.code+": "+statuses[f.code], f.code, tracking, "", cancellations))
	}
	return append(all,
		statusSample("dispatched_first", "First of two shipments", "8", trackingOne, shipment("2023-02-27 12:04:19", trackingOne, lineOne), ""),
		statusSample("dispatched_rest", "Second of two shipments", "8", trackingTwo, shipment("2023-02-28 09:41:07", trackingTwo, lineTwo), ""),
	)
}

// statusSample makes a status callback in the shape of the documentation's.
func statusSample(name, title, code, tracking, shipments, cancellations string) providers.Sample {
	body := fmt.Sprintf(`{"id":46140204,"ref":"8679131463FC8D18","external_ref":"3165671600-PSTEST4","shipping_tracking":%q,"status":%s,"status_name":%q,"shipping_method":"Courier","shipping_carrier":"Hermes","shipping_price":0,"new_shipments":[%s],"new_cancellations":[%s],"required_dispatch_date":"2023-02-27"}`,
		tracking, code, statuses[code], shipments, cancellations)
	return providers.JSONSample(name, title, "PUT", "/kornitx/"+name, []byte(body))
}

func shipment(at, tracking, line string) string {
	return fmt.Sprintf(`{"dispatch_datetime":%q,"tracking":%q,"tracking_url":"https://track.example/%s","items":[%s]}`, at, tracking, tracking, line)
}
