package mintsoft

import (
	"time"

	"hookglass/providers"
)

// scenarios: Mintsoft sends nothing before the despatch, and at a split tells of
// both parts; each part is then despatched by itself.
var scenarios = []providers.Scenario{
	{Name: "life", Title: "An order from despatch to delivery", Scenes: []providers.Scene{
		{Sample: "despatched"},
		{Sample: "delivered_with_order", After: 36 * time.Hour},
	}},
	{Name: "split", Title: "An order that is split and leaves in two shipments", Scenes: []providers.Scene{
		{Sample: "split"},
		{Sample: "despatched", After: 4 * time.Hour, Set: providers.Assign(
			"Part=1", "NumberOfParts=2", "TotalItems=1", "OrderItems[0].Quantity=1")},
		{Sample: "despatched", After: 22 * time.Hour, Set: providers.Assign(
			"Part=2", "NumberOfParts=2", "TotalItems=1", "OrderItems[0].Quantity=1",
			"ID=78026", "OrderItems[0].ID=91002", "OrderItems[0].OrderId=78026",
			"TrackingNumber=AB123456790GB", "TrackingURL=https://www.royalmail.com/track-your-item#/tracking-results/AB123456790GB")},
		{Sample: "delivered_with_order", After: 30 * time.Hour},
	}},
	{Name: "cancel", Title: "A cancellation after the despatch", Scenes: []providers.Scene{
		{Sample: "despatched"},
		{Sample: "cancelled", After: 3 * time.Hour},
	}},
	{Name: "cancelled", Title: "An order that is cancelled before it leaves", Scenes: []providers.Scene{
		{Sample: "cancelled"},
	}},
}
