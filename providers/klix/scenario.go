package klix

import (
	"time"

	"hookglass/providers"
)

// scenarios: Klix tells of money alone, so that an order's life is that of its
// payment, and a cancellation after the despatch is a refund.
var scenarios = []providers.Scenario{
	{Name: "life", Title: "A purchase from its creation to the payout of its money (portal)", Scenes: []providers.Scene{
		{Sample: "portal_created"},
		{Sample: "portal_viewed", After: 40 * time.Second},
		{Sample: "portal_pending_execute", After: 2 * time.Minute},
		{Sample: "portal_purchase_paid", After: 20 * time.Second},
		{Sample: "portal_settled", After: 24 * time.Hour},
	}},
	{Name: "retry", Title: "A payment that fails, then succeeds (portal)", Scenes: []providers.Scene{
		{Sample: "portal_created"},
		{Sample: "portal_viewed", After: 40 * time.Second},
		{Sample: "portal_payment_failure", After: 2 * time.Minute},
		{Sample: "portal_purchase_paid", After: 3 * time.Minute},
	}},
	{Name: "legacy-retry", Title: "A payment that fails, then succeeds (legacy)", Scenes: []providers.Scene{
		{Sample: "purchase_pending"},
		{Sample: "purchase_failed", After: 2 * time.Minute},
		{Sample: "purchase_paid_by_card", After: 3 * time.Minute},
	}},
	{Name: "hold", Title: "Money that is reserved at the order and taken at the despatch (portal)", Scenes: []providers.Scene{
		{Sample: "portal_created"},
		{Sample: "portal_hold", After: 3 * time.Minute},
		{Sample: "portal_pending_capture", After: 20 * time.Hour},
		{Sample: "portal_captured", After: time.Minute},
	}},
	{Name: "cancel", Title: "A cancellation after the despatch: paid, then refunded (portal)", Scenes: []providers.Scene{
		{Sample: "portal_created"},
		{Sample: "portal_purchase_paid", After: 3 * time.Minute},
		{Sample: "portal_pending_refund", After: 48 * time.Hour},
		{Sample: "portal_payment_refunded", After: 10 * time.Minute},
	}},
	{Name: "chargeback", Title: "The customer's bank takes the money back, and gives it again (portal)", Scenes: []providers.Scene{
		{Sample: "portal_purchase_paid"},
		{Sample: "portal_payment_charged_back", After: 72 * time.Hour},
		{Sample: "portal_payment_chargeback_reversed", After: 48 * time.Hour},
	}},
}
