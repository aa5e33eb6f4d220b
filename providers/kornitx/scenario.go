package kornitx

import (
	"time"

	"hookglass/providers"
)

// The second part of an order that two fulfillers make: it has an id and a ref of
// its own, and shares external_ref.
var partTwo = []string{"id=46140205", "ref=9A24F0C7715BE3D2"}

// scenarios end where KornitX's callbacks end: it knows no status "delivered".
var scenarios = []providers.Scenario{
	{Name: "life", Title: "An order from receipt to its second shipment", Scenes: []providers.Scene{
		{Sample: "received"},
		{Sample: "sent_to_supplier", After: 10 * time.Minute},
		{Sample: "received_by_supplier", After: 20 * time.Minute},
		{Sample: "in_production", After: 4 * time.Hour},
		{Sample: "dispatched_first", After: 20 * time.Hour},
		{Sample: "dispatched_rest", After: 22 * time.Hour},
		{Sample: "dispatched_retailer_notified", After: 30 * time.Minute, Set: providers.Assign("shipping_tracking=" + trackingTwo)},
	}},
	{Name: "split", Title: "An order that two fulfillers make: two ids, one external_ref", Scenes: []providers.Scene{
		{Sample: "received"},
		{Sample: "received", After: time.Second, Set: providers.Assign(partTwo...)},
		{Sample: "in_production", After: 3 * time.Hour},
		{Sample: "in_production", After: 2 * time.Hour, Set: providers.Assign(partTwo...)},
		{Sample: "dispatched_first", After: 19 * time.Hour},
		{Sample: "dispatched_rest", After: 26 * time.Hour, Set: providers.Assign(partTwo...)},
	}},
	{Name: "cancel", Title: "A cancellation after the first shipment", Scenes: []providers.Scene{
		{Sample: "received"},
		{Sample: "in_production", After: 4 * time.Hour},
		{Sample: "dispatched_first", After: 20 * time.Hour},
		{Sample: "partly_cancelled", After: 5 * time.Hour, Set: providers.Assign("new_cancellations:=[{\"items\":[" + lineTwo + "]}]")},
	}},
	{Name: "hold", Title: "An order that is put on hold, and goes on", Scenes: []providers.Scene{
		{Sample: "received"},
		{Sample: "qc_query", After: time.Hour},
		{Sample: "on_hold", After: 2 * time.Hour},
		{Sample: "in_production", After: 24 * time.Hour},
		{Sample: "dispatched", After: 20 * time.Hour},
	}},
	{Name: "tracking", Title: "A tracking address that comes after the despatch (entity event)", Scenes: []providers.Scene{
		{Sample: "dispatched"},
		{Sample: "tracking_changed", After: 2 * time.Hour},
	}},
}
