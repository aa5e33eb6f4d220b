package probo

import (
	"bytes"
	"fmt"

	"hookglass/providers"
)

// further are the statuses that the callbacks guide names without an example, in
// the order in which an order goes through them.
var further = []string{
	"in_production", "logistics", "shipment_created", "shipment_scanned_by_carrier", "shipment_delayed",
	"shipment_exception", "shipment_not_at_home", "shipment_available_at_pickup_point", "shipment_picked_up",
	"shipment_delivered", "shipment_returned", "canceled",
}

// statusSamples makes the samples of the statuses that have no example, in the
// shape of those that have one.
func statusSamples() []providers.Sample {
	all := make([]providers.Sample, 0, len(further)+1)
	for _, name := range further {
		title := statuses[name].title
		body := fmt.Sprintf(`{
  "status": %q,
  "message": %q,
  "order": {
    "id": "my_weborder_1234",
    "supplier_order_number": 202012345,
    "reference": "Banner 510 for customer X"
  }
}
`, name, title)
		all = append(all, providers.JSONSample(name, title, "POST", "/probo/"+name, []byte(body)))
	}
	processed := bytes.Replace(sampleUploader, []byte(`"confirmed"`), []byte(`"processed"`), 1)
	return append(all, providers.JSONSample("uploader_processed", "Uploader session processed", "POST", "/probo/uploader_processed", processed))
}
