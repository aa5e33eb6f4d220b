package klix

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

var fresh = providers.Freshness{
	Order: []string{"reference", "order_id", "externalOrderId", "?id"},
	IDs:   []string{"id", "orderId", "payment.accountStatementReference", "billing_template_id"},
	Times: []string{"updated_on", "status_history[].timestamp", "payment.paid_on", "transaction_data.attempts[].processing_time"},
	Born:  []string{"created_on"},
}

// portalEvent is an event of the portal with what its object says: the states it
// went through, the last of which it is in. Of most events only the names are
// known, so that the states are inferred from them.
type portalEvent struct {
	event  string
	states string
	paid   bool // money came
}

// portalEvents are the events that have no sample of their own.
var portalEvents = []portalEvent{
	{"purchase.created", "created", false},
	{"purchase.viewed", "created viewed", false},
	{"purchase.cancelled", "created viewed cancelled", false},
	{"purchase.hold", "created viewed hold", false},
	{"purchase.preauthorized", "created viewed preauthorized", false},
	{"purchase.pending_execute", "created viewed pending_execute", false},
	{"purchase.pending_charge", "created pending_charge", false},
	{"purchase.pending_capture", "created viewed hold pending_capture", false},
	{"purchase.captured", "created viewed hold paid", true},
	{"purchase.capture_failure", "created viewed hold pending_capture hold", false},
	{"purchase.pending_release", "created viewed hold pending_release", false},
	{"purchase.released", "created viewed hold released", false},
	{"purchase.release_failure", "created viewed hold pending_release hold", false},
	{"purchase.pending_refund", "created viewed paid pending_refund", true},
	{"purchase.refund_failure", "created viewed paid pending_refund paid", true},
	{"purchase.pending_recurring_token_delete", "created viewed preauthorized", false},
	{"purchase.recurring_token_deleted", "created viewed preauthorized", false},
	{"purchase.subscription_charge_failure", "created pending_charge error", false},
	{"purchase.settled", "created viewed paid settled", true},
	{"payment.refunded", "created viewed paid refunded", true},
	{"payment.charged_back", "created viewed paid chargeback", true},
	{"payment.chargeback_reversed", "created viewed paid chargeback paid", true},
	{"payout.created", "created", false},
	{"payout.pending", "created pending", false},
	{"payout.failed", "created pending failed", false},
	{"payout.success", "created pending success", true},
	{"billing_template_client.subscription_billing_cancelled", "created cancelled", false},
}

const (
	portalClient   = `{"email": "jane@example.com", "phone": "", "full_name": "Jane Sample", "personal_code": "", "bank_account": ""}`
	portalPurchase = `{"total": 10878, "currency": "EUR", "products": [{"name": "Vacuum cleaner TP-3", "price": 8800, "quantity": "1.0000", "discount": 0, "tax_percent": "21.00", "category": ""}, {"name": "TP-3 HEPA filter", "price": 1039, "quantity": "2.0000", "discount": 0, "tax_percent": "21.00", "category": ""}]}`

	portalBorn = 1700000000 // created_on of every sample of the portal
	portalStep = 45         // seconds between two states
)

// sample makes the body of an event, in the shape and the spacing of those that
// stand among the samples.
func (e *portalEvent) sample() providers.Sample {
	states := strings.Fields(e.states)
	kind, _, _ := strings.Cut(e.event, ".")
	if kind == "payment" {
		kind = "purchase" // a guess: what is told of is the purchase
	}
	var history []string
	now := portalBorn
	for i, state := range states {
		now = portalBorn + i*portalStep
		history = append(history, fmt.Sprintf(`{"status": %q, "timestamp": %d}`, state, now))
	}
	parts := []string{
		`"id": ` + portalIDs[kind], fmt.Sprintf(`"type": %q`, kind), fmt.Sprintf(`"event_type": %q`, e.event),
		fmt.Sprintf(`"status": %q`, states[len(states)-1]), `"status_history": [` + strings.Join(history, ", ") + "]",
		`"client": ` + portalClient,
	}
	payment := "null"
	if e.paid || kind == "payout" {
		payment = fmt.Sprintf(`{"payment_type": %q, "amount": 10878, "currency": "EUR", "paid_on": %d}`, kind, now)
	}
	switch kind {
	case "purchase":
		parts = append(parts, `"purchase": `+portalPurchase, `"payment": `+payment)
	case "payout":
		parts = append(parts, `"payment": `+payment)
	default:
		parts = append(parts, `"billing_template_id": "0c5b7e1a-94d3-4f0e-9b61-5a1f3d2c7e88"`)
	}
	parts = append(parts, `"reference": "100042"`, `"order_id": null`, `"is_test": true`,
		fmt.Sprintf(`"created_on": %d`, portalBorn), fmt.Sprintf(`"updated_on": %d`, now))
	name := "portal_" + strings.TrimPrefix(strings.ReplaceAll(e.event, ".", "_"), "purchase_")
	return providers.JSONSample(name, "Portal event "+e.event, "POST", "/klix/webhook", []byte("{"+strings.Join(parts, ", ")+"}"))
}

// portalIDs are the ids of the portal's objects; the purchase's is that of the
// samples.
var portalIDs = map[string]string{
	"purchase":                `"6b9f4c4e-2f0a-4a53-9a39-1f7c2f6c0a11"`,
	"payout":                  `"e2d41c7b-3a60-4c9d-8e15-7b0f6a9c4d22"`,
	"billing_template_client": `"91f0a6d3-5be8-4a27-bc44-2d8e1f7a6b33"`,
}

// furtherSamples are the portal's events, and what the legacy platform sends of a
// purchase that is not paid. Only PAID is documented; PENDING and VERIFIED are
// seen in its SDK, and FAILED and CANCELLED are inferred.
func furtherSamples() []providers.Sample {
	var all []providers.Sample
	for i := range portalEvents {
		all = append(all, portalEvents[i].sample())
	}
	legacy := func(name, title, status string, payment string) {
		body := bytes.Replace(sampleCard, []byte(`"status":"PAID"`), []byte(`"status":"`+status+`"`), 1)
		body = bytes.Replace(body, []byte(`"status":"SUCCEEDED"`), []byte(payment), 1)
		all = append(all, providers.JSONSample(name, title, "PUT", "/klix/purchases", body))
	}
	legacy("purchase_pending", "Legacy purchase, begun", "PENDING", `"status":"PENDING"`)
	legacy("purchase_verified", "Legacy purchase, order verified", "VERIFIED", `"status":"PENDING"`)
	legacy("purchase_failed", "Legacy purchase, payment failed (the status is a guess)", "FAILED",
		`"status":"FAILED","error":{"code":"101","message":"Decline, expired card"}`)
	legacy("purchase_cancelled", "Legacy purchase, cancelled (the status is a guess)", "CANCELLED", `"status":"FAILED"`)
	all = append(all, notification("PAYMENT_APPROVED", ""), notification("PAYMENT_REJECTED", `,"errorCode":"101","errorMessage":"Decline, expired card"`))
	return append(all, providers.Sample{
		Name: "woocommerce_paid", Title: "Portal callback to Klix's plugin for WooCommerce", Method: "POST",
		Path: "/klix/?wc-api=wc_gateway_klix&id=100042&action=paid",
	})
}

// notification is the form that the legacy platform's notification had in 2019: a
// JWS as the whole body. Its signature is none; a made callback gets a good one.
func notification(status, more string) providers.Sample {
	payload := fmt.Sprintf(`{"status":%q,"orderId":"4f3a9d10-6c1e-4b7a-8f52-0d9b7a1c2e35","externalOrderId":"SHOP-100042"%s}`, status, more)
	encode := base64.RawURLEncoding.EncodeToString
	token := encode([]byte(`{"kid":"MPay","alg":"RS256"}`)) + "." + encode([]byte(payload)) + "." + encode(make([]byte, 64))
	return providers.Sample{
		Name: "notification_" + strings.ToLower(status), Title: "Legacy notification of 2019, " + strings.ToLower(strings.ReplaceAll(status, "_", " ")),
		Method: "POST", Path: "/klix/purchases",
		Header: capture.Fields{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte(token),
	}
}
