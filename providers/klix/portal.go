package klix

import (
	"time"

	"github.com/tidwall/gjson"

	"hookglass/providers"
)

var portalFields = []providers.Known{
	{Path: "event_type", Label: "Event", Kind: code, Note: eventNote},
	{Path: "status", Label: "Status", Kind: code},
	{Path: "is_test", Label: "Test"},
	{Path: "reference", Label: "Your reference", Kind: code},
	{Path: "order_id", Label: "Order", Kind: code},
	{Path: "id", Label: "Klix object", Kind: code},
	{Path: "type", Label: "Kind of object", Kind: code},
	{Path: "created_on", Label: "Created", Kind: date, Note: unixNote},
	{Path: "updated_on", Label: "Changed", Kind: date, Note: unixNote},
	{Path: "due", Label: "Due", Kind: date, Note: unixNote},
	{Path: "viewed_on", Label: "Seen by the customer", Kind: date, Note: unixNote},
}

var portalMoneyFields = []providers.Known{
	{Path: "purchase.total", Label: "Total", Kind: cash},
	{Path: "purchase.currency", Label: "Currency", Kind: code},
	{Path: "refundable_amount", Label: "Refundable", Kind: cash},
	{Path: "refund_availability", Label: "Refund", Kind: code},
	{Path: "payment.amount", Label: "Paid", Kind: cash},
	{Path: "payment.fee_amount", Label: "Fee", Kind: cash},
	{Path: "payment.net_amount", Label: "Net", Kind: cash},
	{Path: "payment.payment_type", Label: "Payment", Kind: code},
	{Path: "payment.paid_on", Label: "Paid on", Kind: date, Note: unixNote},
	{Path: "payment.description", Label: "Description"},
	{Path: "transaction_data.payment_method", Label: "Method", Kind: code},
	{Path: "transaction_data.country", Label: "Country", Kind: code},
	{Path: "marked_as_paid", Label: "Marked as paid by hand"},
}

var productFields = []providers.Known{
	{Path: "name", Label: "Item"},
	{Path: "quantity", Label: "Quantity"},
	{Path: "price", Label: "Price", Kind: cash},
	{Path: "discount", Label: "Discount", Kind: cash},
	{Path: "tax_percent", Label: "Tax %"},
	{Path: "category", Label: "Category"},
}

var clientFields = []providers.Known{
	{Path: "client.full_name", Label: "Name"},
	{Path: "client.email", Label: "E-mail"},
	{Path: "client.phone", Label: "Telephone"},
	{Path: "client.street_address", Label: "Street"},
	{Path: "client.city", Label: "City"},
	{Path: "client.zip_code", Label: "Postcode"},
	{Path: "client.country", Label: "Country", Kind: code},
	{Path: "client.legal_name", Label: "Company"},
	{Path: "client.registration_number", Label: "Registration number", Kind: code},
	{Path: "client.personal_code", Label: "Personal code"},
	{Path: "client.bank_account", Label: "Bank account", Kind: code},
}

var historyFields = []providers.Known{
	{Path: "status", Label: "Status", Kind: code},
	{Path: "timestamp", Label: "Time", Kind: date, Note: unixNote},
}

var portalLinkFields = []providers.Known{
	{Path: "checkout_url", Label: "Checkout", Kind: link},
	{Path: "invoice_url", Label: "Invoice", Kind: link},
	{Path: "success_callback", Label: "Success callback", Kind: link},
	{Path: "success_redirect", Label: "After success", Kind: link},
	{Path: "failure_redirect", Label: "After failure", Kind: link},
	{Path: "cancel_redirect", Label: "After cancelling", Kind: link},
}

// portalOther are fields of the portal's purchase that are documented, and not
// laid out: they matter to its own screens. The whole of an object is meant.
var portalOther = []string{
	"client", "issuer_details", "transaction_data", "purchase", "payment", "status_history[]",
	"issued", "product", "user_id", "brand_id", "platform", "client_id", "company_id", "send_receipt",
	"skip_capture", "creator_agent", "created_from_ip", "direct_post_url", "force_recurring",
	"recurring_token", "is_recurring_token", "billing_template_id", "currency_conversion",
	"reference_generated", "payment_method_whitelist",
}

// events explains the portal's events that do not explain themselves.
var events = map[string]string{
	"purchase.payment_failure":    "an attempt to pay failed; the customer may try again",
	"purchase.hold":               "the money is reserved, not yet taken",
	"purchase.preauthorized":      "a card is stored; no money moved",
	"purchase.pending_execute":    "the payment is being carried out",
	"purchase.pending_charge":     "a recurring payment is being carried out",
	"purchase.released":           "the reserved money was given back",
	"purchase.captured":           "the reserved money was taken",
	"purchase.settled":            "the money was paid out to the merchant",
	"payment.charged_back":        "the customer's bank took the money back",
	"payment.chargeback_reversed": "money that was taken back came again",
	"billing_template_client.subscription_billing_cancelled": "a subscription ended",
}

func eventNote(v gjson.Result) string { return events[text(v)] }

// unixNote tells the time of a number of seconds since 1970.
func unixNote(v gjson.Result) string {
	if v.Type != gjson.Number || v.Num < 0 || v.Num > 1e11 {
		return ""
	}
	return time.Unix(int64(v.Num), 0).UTC().Format("2006-01-02 15:04:05 UTC")
}
