package klix

import (
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"hookglass/providers"
)

var portalFields = []providers.Known{
	{Path: "event_type", Label: "Event", Kind: code, Note: eventNote},
	{Path: "status", Label: "Status", Kind: code, Note: portalStatusNote},
	{Path: "is_test", Label: "Test"},
	{Path: "reference", Label: "Your reference", Kind: code},
	{Path: "order_id", Label: "Order", Kind: code},
	{Path: "id", Label: "Klix object", Kind: code},
	{Path: "type", Label: "Kind of object", Kind: code},
	{Path: "created_on", Label: "Created", Kind: date, Note: unixNote},
	{Path: "updated_on", Label: "Changed", Kind: date, Note: unixNote},
	{Path: "due", Label: "Due", Kind: date, Note: unixNote},
	{Path: "viewed_on", Label: "Seen by the customer", Kind: date, Note: unixNote},
	{Path: "status_history", Label: "History", Parts: true},
}

var totalsFields = slices.Concat([]providers.Known{
	{Path: "purchase", Label: "Purchase", Parts: true},
	{Path: "purchase.total", Label: "Total", Kind: cash},
	{Path: "purchase.currency", Label: "Currency", Kind: code},
	{Path: "refundable_amount", Label: "Refundable", Kind: cash},
	{Path: "refund_availability", Label: "Refund", Kind: code},
	{Path: "purchase.debt", Label: "Debt", Kind: cash},
	{Path: "purchase.total_override", Label: "Total override", Kind: cash},
	{Path: "purchase.subtotal_override", Label: "Subtotal override", Kind: cash},
	{Path: "purchase.total_tax_override", Label: "Tax override", Kind: cash},
	{Path: "purchase.total_discount_override", Label: "Discount override", Kind: cash},
	{Path: "purchase.products", Label: "Items", Parts: true},
}, named("purchase.", "notes", "language", "timezone", "due_strict", "email_message", "shipping_options",
	"payment_method_details", "request_client_details"))

var paymentFields = []providers.Known{
	{Path: "payment", Label: "Payment", Parts: true},
	{Path: "payment.amount", Label: "Paid", Kind: cash},
	{Path: "payment.fee_amount", Label: "Fee", Kind: cash},
	{Path: "payment.net_amount", Label: "Net", Kind: cash},
	{Path: "payment.currency", Label: "Currency", Kind: code},
	{Path: "payment.payment_type", Label: "Payment", Kind: code},
	{Path: "payment.paid_on", Label: "Paid on", Kind: date, Note: unixNote},
	{Path: "payment.description", Label: "Description"},
	{Path: "marked_as_paid", Label: "Marked as paid by hand"},
}

// transactionFields: extra is shown as its JSON.
var transactionFields = []providers.Known{
	{Path: "transaction_data", Label: "Transaction", Parts: true},
	{Path: "transaction_data.payment_method", Label: "Method", Kind: code},
	{Path: "transaction_data.country", Label: "Country", Kind: code},
	{Path: "transaction_data.flow", Label: "Flow", Kind: code},
	{Path: "transaction_data.attempts", Label: "Attempts", Parts: true},
	{Path: "transaction_data.extra", Label: "More"},
}

// attemptFields are those of a try to pay; error says why one failed.
var attemptFields = []providers.Known{
	{Path: "type", Label: "Attempt", Kind: code},
	{Path: "successful", Label: "Succeeded"},
	{Path: "error", Label: "Error", Parts: true},
	{Path: "error.code", Label: "Reason", Kind: code},
	{Path: "error.message", Label: "Reason in words"},
	{Path: "payment_method", Label: "Method", Kind: code},
	{Path: "processing_time", Label: "Time", Kind: date, Note: unixNote},
}

var productFields = []providers.Known{
	{Path: "name", Label: "Item"},
	{Path: "quantity", Label: "Quantity"},
	{Path: "price", Label: "Price", Kind: cash},
	{Path: "discount", Label: "Discount", Kind: cash},
	{Path: "tax_percent", Label: "Tax %"},
	{Path: "category", Label: "Category"},
}

var clientFields = slices.Concat([]providers.Known{
	{Path: "client", Label: "Customer", Parts: true},
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
}, named("client.", "bank_code", "tax_number", "brand_name", "client_type", "cc", "bcc",
	"shipping_street_address", "shipping_city", "shipping_zip_code", "shipping_country"))

var issuerFields = slices.Concat([]providers.Known{
	{Path: "issuer_details", Label: "Merchant", Parts: true},
}, named("issuer_details.", "brand_name", "legal_name", "registration_number", "tax_number", "website",
	"legal_street_address", "legal_city", "legal_zip_code", "legal_country", "bank_accounts"))

var historyFields = []providers.Known{
	{Path: "status", Label: "Status", Kind: code, Note: portalStatusNote},
	{Path: "timestamp", Label: "Time", Kind: date, Note: unixNote},
}

var portalLinkFields = []providers.Known{
	{Path: "checkout_url", Label: "Checkout", Kind: link},
	{Path: "invoice_url", Label: "Invoice", Kind: link},
	{Path: "success_callback", Label: "Success callback", Kind: link},
	{Path: "direct_post_url", Label: "Direct post", Kind: link},
	{Path: "success_redirect", Label: "After success", Kind: link},
	{Path: "failure_redirect", Label: "After failure", Kind: link},
	{Path: "cancel_redirect", Label: "After cancelling", Kind: link},
}

// settingFields matter to the portal's own screens more than to a shop.
var settingFields = named("", "issued", "product", "platform", "brand_id", "company_id", "client_id", "user_id",
	"send_receipt", "skip_capture", "force_recurring", "is_recurring_token", "recurring_token", "billing_template_id",
	"currency_conversion", "reference_generated", "payment_method_whitelist", "creator_agent", "created_from_ip")

// named are fields whose names explain themselves.
func named(prefix string, names ...string) []providers.Known {
	all := make([]providers.Known, len(names))
	for i, name := range names {
		all[i] = providers.Known{Path: prefix + name, Label: title(name)}
	}
	return all
}

// events are the portal's, with what those mean that do not explain themselves.
var events = map[string]string{
	"purchase.created":                        "",
	"purchase.viewed":                         "",
	"purchase.paid":                           "",
	"purchase.payment_failure":                "an attempt to pay failed; the customer may try again",
	"purchase.cancelled":                      "",
	"purchase.hold":                           "the money is reserved, not yet taken",
	"purchase.preauthorized":                  "a card is stored; no money moved",
	"purchase.pending_execute":                "the payment is being carried out",
	"purchase.pending_charge":                 "a recurring payment is being carried out",
	"purchase.pending_capture":                "",
	"purchase.captured":                       "the reserved money was taken",
	"purchase.capture_failure":                "",
	"purchase.pending_release":                "",
	"purchase.released":                       "the reserved money was given back",
	"purchase.release_failure":                "",
	"purchase.pending_refund":                 "",
	"purchase.refund_failure":                 "",
	"purchase.pending_recurring_token_delete": "",
	"purchase.recurring_token_deleted":        "",
	"purchase.subscription_charge_failure":    "",
	"purchase.settled":                        "the money was paid out to the merchant",
	"payment.refunded":                        "",
	"payment.charged_back":                    "the customer's bank took the money back",
	"payment.chargeback_reversed":             "money that was taken back came again",
	"payout.created":                          "",
	"payout.pending":                          "",
	"payout.failed":                           "",
	"payout.success":                          "",

	"billing_template_client.subscription_billing_cancelled": "a subscription ended",
}

func eventNote(v gjson.Result) string {
	note, known := events[providers.Scalar(v)]
	if !known {
		return "not an event that is known here"
	}
	return note
}

// portalStatuses are partly documented; the others follow from the events.
var portalStatuses = []string{
	"created", "sent", "viewed", "error", "cancelled", "overdue", "expired", "blocked", "hold", "released",
	"pending_release", "pending_capture", "preauthorized", "paid", "pending_execute", "pending_charge", "cleared",
	"settled", "chargeback", "pending_refund", "refunded",
	"pending", "failed", "success", // of a payout
}

func portalStatusNote(v gjson.Result) string {
	if slices.Contains(portalStatuses, providers.Scalar(v)) {
		return ""
	}
	return "not a status that is known here"
}

// unixNote tells the time of a number of seconds since 1970.
func unixNote(v gjson.Result) string {
	if v.Type != gjson.Number || v.Num < 0 || v.Num > 1e11 {
		return ""
	}
	return time.Unix(int64(v.Num), 0).UTC().Format("2006-01-02 15:04:05 UTC")
}
