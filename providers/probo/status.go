package probo

import (
	"strings"

	"hookglass/providers"
)

// status is one of Probo's documented states of an order.
type status struct {
	title string
	note  string
}

// statuses are those of the order-status guide, and "queued" of the callbacks
// guide. Until November 2020 each had the prefix "order_". Those of shipments
// come from the carrier and vary with it.
var statuses = map[string]status{
	"queued":                             {title: "Queued"},
	"accepted":                           {title: "Accepted"},
	"not_accepted":                       {title: "Not accepted", note: "final for this attempt"},
	"in_production":                      {title: "In production", note: "can no longer be cancelled"},
	"logistics":                          {title: "Logistics"},
	"shipment_created":                   {title: "Shipment created"},
	"shipment_scanned_by_carrier":        {title: "Scanned by the carrier"},
	"shipment_in_transit":                {title: "In transit"},
	"shipment_delayed":                   {title: "Delayed"},
	"shipment_returned":                  {title: "Returned", note: "final (a guess)"},
	"shipment_exception":                 {title: "Shipment exception"},
	"shipment_not_at_home":               {title: "Nobody at home"},
	"shipment_available_at_pickup_point": {title: "Available at a pickup point"},
	"shipment_picked_up":                 {title: "Picked up", note: "final (a guess)"},
	"shipment_delivered":                 {title: "Delivered", note: "final"},
	"canceled":                           {title: "Canceled", note: "final"},
}

// uploads are the states of an uploader session.
var uploads = map[string]status{
	"confirmed": {title: "Upload confirmed"},
	"processed": {title: "Upload processed"},
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
