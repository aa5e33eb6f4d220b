package probo

import (
	"strings"

	"hookglass/providers"
)

// status is one of Probo's documented states of an order.
type status struct {
	title string
	note  string // what it means, and whether anything follows
}

// statuses are those of the order-status guide, and "queued" of the callbacks
// guide. Until November 2020 each had the prefix "order_". Those of shipments
// come from the carrier and vary with it; they are told per parcel. What the
// names alone say is put into words here; "a guess" marks more than that.
var statuses = map[string]status{
	"queued":                             {title: "Queued", note: "received; the files are still to be downloaded and checked"},
	"accepted":                           {title: "Accepted", note: "the files passed; production follows"},
	"not_accepted":                       {title: "Not accepted", note: "final for this attempt"},
	"in_production":                      {title: "In production", note: "can no longer be cancelled"},
	"logistics":                          {title: "Logistics", note: "made, on its way to the carrier (a guess)"},
	"shipment_created":                   {title: "Shipment created", note: "announced to the carrier (a guess)"},
	"shipment_scanned_by_carrier":        {title: "Scanned by the carrier", note: "the carrier has the parcel"},
	"shipment_in_transit":                {title: "In transit", note: "comes again for each parcel and each leg"},
	"shipment_delayed":                   {title: "Delayed", note: "the carrier is late; more follows"},
	"shipment_returned":                  {title: "Returned", note: "final (a guess)"},
	"shipment_exception":                 {title: "Shipment exception", note: "something went wrong at the carrier; its page says what"},
	"shipment_not_at_home":               {title: "Nobody at home", note: "a delivery failed; another try or a pickup point follows"},
	"shipment_available_at_pickup_point": {title: "Available at a pickup point", note: "waits for the customer"},
	"shipment_picked_up":                 {title: "Picked up", note: "final (a guess)"},
	"shipment_delivered":                 {title: "Delivered", note: "final for this parcel"},
	"canceled":                           {title: "Canceled", note: "final"},
}

// uploads are the states of an uploader session.
var uploads = map[string]status{
	"confirmed": {title: "Upload confirmed", note: "the customer has confirmed the files"},
	"processed": {title: "Upload processed", note: "the files are ready to be ordered"},
}

// bare is a status without the prefix of old callbacks.
func bare(sent string) string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(sent)), "order_")
}

// eventName makes an event of a status that may not be a known one.
func eventName(group, sent string) string {
	name := providers.Snake(bare(sent))
	if name == "" {
		return ""
	}
	return group + "." + name
}
