package probo

import (
	"fmt"
	"time"

	"hookglass/providers"
)

var fresh = providers.Freshness{
	Order: []string{"order.id"},
	IDs:   []string{"order.supplier_order_number", "shipped_packages[].barcode", "products[].front_side.file.original_file_hash"},
}

var testKeys = []providers.TestKey{{
	Name: "probo.token.test", Title: "token in the address", For: []string{credential},
	Use:  "Have your app's test configuration expect this as ?token= in the addresses of its callbacks. Probo itself has no proof of origin.",
	Make: providers.MakeHex("test-"),
}}

// parcels are the events of a single parcel: that each comes for itself, with the
// parcel alone in it, is a guess.
var parcels = []string{"shipment_created", "shipment_scanned_by_carrier", "shipment_in_transit", "shipment_delivered", "shipment_returned"}

// furtherSamples are the events of an order's two parcels, each by itself.
func furtherSamples() []providers.Sample {
	var all []providers.Sample
	for _, name := range parcels {
		for n := 1; n <= 2; n++ {
			barcode := fmt.Sprintf("JVGL0888888888888%d", n)
			body := fmt.Sprintf(`{
  "status": %q,
  "message": %q,
  "order": {
    "id": "my_weborder_1234",
    "reference": "Banner 510 for customer X",
    "supplier_order_number": 202012345
  },
  "shipped_packages": [
    {
      "id": "%d",
      "tracking_url": "https://my.dhlparcel.nl/home/tracktrace/%s/9999+AA?lang=nl_NL",
      "barcode": %q
    }
  ]
}
`, name, statuses[name].title, n, barcode, barcode)
			all = append(all, providers.JSONSample(fmt.Sprintf("parcel_%d_%s", n, name), fmt.Sprintf("%s, parcel %d of two", statuses[name].title, n),
				"POST", "/probo/"+name, []byte(body)))
		}
	}
	return all
}

var scenarios = []providers.Scenario{
	{Name: "life", Title: "An order from the queue to the delivery of its two parcels", Scenes: []providers.Scene{
		{Sample: "queued"},
		{Sample: "accepted", After: 10 * time.Minute},
		{Sample: "in_production", After: 3 * time.Hour},
		{Sample: "logistics", After: 20 * time.Hour},
		{Sample: "parcel_1_shipment_created", After: time.Hour},
		{Sample: "parcel_2_shipment_created", After: time.Minute},
		{Sample: "parcel_1_shipment_in_transit", After: 5 * time.Hour},
		{Sample: "parcel_2_shipment_in_transit", After: 30 * time.Minute},
		{Sample: "parcel_1_shipment_delivered", After: 14 * time.Hour},
		{Sample: "parcel_2_shipment_delivered", After: 6 * time.Hour},
	}},
	{Name: "file", Title: "A file that is rejected; the order comes again and is accepted", Scenes: []providers.Scene{
		{Sample: "queued"},
		{Sample: "file_rejected", After: 10 * time.Minute},
		{Sample: "queued", After: 2 * time.Hour},
		{Sample: "accepted", After: 10 * time.Minute},
	}},
	{Name: "duplicate", Title: "An order that is sent twice: the second is refused, the first goes on", Scenes: []providers.Scene{
		{Sample: "queued"},
		{Sample: "not_accepted", After: time.Minute},
		{Sample: "accepted", After: 10 * time.Minute},
	}},
	{Name: "cancel", Title: "An order that is cancelled before its production", Scenes: []providers.Scene{
		{Sample: "queued"},
		{Sample: "accepted", After: 10 * time.Minute},
		{Sample: "canceled", After: 30 * time.Minute},
	}},
	{Name: "return", Title: "Parcels that come back after the despatch, where nothing can be cancelled any more", Scenes: []providers.Scene{
		{Sample: "in_production"},
		{Sample: "parcel_1_shipment_in_transit", After: 24 * time.Hour},
		{Sample: "shipment_not_at_home", After: 16 * time.Hour},
		{Sample: "parcel_1_shipment_returned", After: 72 * time.Hour},
	}},
}
