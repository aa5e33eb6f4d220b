package klix

import (
	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

const (
	code = capture.KindCode
	cash = capture.KindMoney
	date = capture.KindTime
	link = capture.KindLink
)

var purchaseFields = []providers.Known{
	{Path: "status", Label: "Status", Kind: code, Note: statusNote},
	{Path: "payment", Label: "Payment", Parts: true},
	{Path: "payment.status", Label: "Payment", Kind: code},
	{Path: "payment.error", Label: "Error", Parts: true},
	{Path: "payment.error.code", Label: "Reason", Kind: code, Note: errorNote},
	{Path: "payment.error.message", Label: "Reason in words"},
	{Path: "payment.method", Label: "Paid with", Kind: code},
	{Path: "payment.accountStatementReference", Label: "Reference on the bank statement", Kind: code},
	{Path: "payment.card", Label: "Card", Parts: true},
	{Path: "payment.card.bin", Label: "Card BIN", Kind: code},
	{Path: "id", Label: "Klix order", Kind: code},
	{Path: "order_id", Label: "Your order", Kind: code},
}

var totalFields = []providers.Known{
	{Path: "total_amount", Label: "Total", Kind: cash},
	{Path: "effective_amount", Label: "Effective amount", Kind: cash},
	{Path: "tax_amount", Label: "Tax in it", Kind: cash},
	{Path: "amount", Label: "Amount", Kind: cash},
	{Path: "currency", Label: "Currency", Kind: code},
	{Path: "items", Label: "Items", Parts: true},
}

var itemFields = []providers.Known{
	{Path: "label", Label: "Item"},
	{Path: "quantity", Label: "Quantity"},
	{Path: "unit", Label: "Unit", Kind: code},
	{Path: "amount", Label: "Amount", Kind: cash},
	{Path: "tax_rate", Label: "Tax rate"},
	{Path: "tax_amount", Label: "Tax", Kind: cash},
	{Path: "total_amount", Label: "Total", Kind: cash},
	{Path: "type", Label: "Type", Kind: code},
	{Path: "order_item_id", Label: "Your item", Kind: code},
}

var shippingFields = []providers.Known{
	{Path: "shipping", Label: "Shipping", Parts: true},
	{Path: "shipping.type", Label: "Type", Kind: code},
	{Path: "shipping.method", Label: "Method", Parts: true},
	{Path: "shipping.method.name", Label: "Method"},
	{Path: "shipping.method.id", Label: "Method's id", Kind: code},
	{Path: "shipping.date", Label: "Date", Kind: date},
	{Path: "shipping.address", Label: "Address", Parts: true},
	{Path: "shipping.address.street", Label: "Street"},
	{Path: "shipping.address.city", Label: "City"},
	{Path: "shipping.address.postal_code", Label: "Postcode"},
	{Path: "shipping.address.country", Label: "Country"},
	{Path: "shipping.address.latitude", Label: "Latitude", Note: swapped},
	{Path: "shipping.address.longitude", Label: "Longitude", Note: swapped},
	{Path: "shipping.contact_phone", Label: "Telephone"},
	{Path: "shipping.pickup_point", Label: "Pickup point", Parts: true},
	{Path: "shipping.pickup_point.name", Label: "Pickup point"},
	{Path: "shipping.pickup_point.external_id", Label: "Pickup point's id", Kind: code},
	{Path: "shipping.pickup_point.comments", Label: "How to find it"},
	{Path: "shipping.pickup_point.service_hours", Label: "Service hours"},
}

var customerFields = []providers.Known{
	{Path: "customer", Label: "Customer", Parts: true},
	{Path: "customer.first_name", Label: "First name"},
	{Path: "customer.last_name", Label: "Last name"},
	{Path: "customer.email", Label: "E-mail"},
	{Path: "customer.phone_number", Label: "Telephone"},
	{Path: "company", Label: "Company", Parts: true},
	{Path: "company.name", Label: "Company"},
	{Path: "company.address", Label: "Company's address"},
	{Path: "company.registration_number", Label: "Registration number", Kind: code},
	{Path: "company.vat_number", Label: "VAT number", Kind: code},
}

var addressFields = []providers.Known{
	{Path: "merchant_urls", Label: "Addresses", Parts: true},
	{Path: "merchant_urls.confirmation", Label: "Confirmation", Kind: link},
	{Path: "merchant_urls.place_order", Label: "Place order", Kind: link},
	{Path: "merchant_urls.verification", Label: "Verification", Kind: link},
	{Path: "merchant_urls.terms", Label: "Terms", Kind: link},
}

var costFields = []providers.Known{
	{Path: "order_id", Label: "Klix order", Kind: code, Note: func(gjson.Result) string {
		return "Klix's own id, as its form shows; in a purchase order_id is the shop's"
	}},
	{Path: "shipping_method_id", Label: "Shipping method", Kind: code},
	{Path: "order_items", Label: "Items", Parts: true},
	{Path: "address", Label: "Address", Parts: true},
	{Path: "address.address", Label: "Address"},
	{Path: "address.city", Label: "City"},
	{Path: "address.postal_code", Label: "Postcode"},
	{Path: "pickup_point", Label: "Pickup point", Parts: true},
	{Path: "pickup_point.name", Label: "Pickup point"},
	{Path: "pickup_point.external_id", Label: "Pickup point's id", Kind: code},
	{Path: "pickup_point.comments", Label: "How to find it"},
	{Path: "pickup_point.service_hours", Label: "Service hours"},
}

var costItemFields = []providers.Known{
	{Path: "reference", Label: "Item", Kind: code},
	{Path: "quantity", Label: "Quantity"},
}

var tokenFields = []providers.Known{
	{Path: "orderId", Label: "Klix order", Kind: code},
	{Path: "externalOrderId", Label: "Your order", Kind: code},
	{Path: "status", Label: "Status", Kind: code},
	{Path: "errorCode", Label: "Reason", Kind: code, Note: errorNote},
	{Path: "errorMessage", Label: "Reason in words"},
}

// statusNote explains the legacy statuses. Only PAID is documented to mean that
// money came.
func statusNote(v gjson.Result) string {
	switch providers.Scalar(v) {
	case "PAID":
		return "paid: the order can be marked as paid"
	case "PENDING", "VERIFIED":
		return "not paid yet"
	case "FAILED", "CANCELLED":
		return "not paid (inferred; only PAID is documented)"
	}
	return "not documented; only PAID means paid"
}

// errorNote explains the codes that are seen. They look like action codes of
// ISO 8583, which nobody documents.
func errorNote(v gjson.Result) string {
	switch providers.Scalar(v) {
	case "101":
		return "the card has expired"
	case "129":
		return "suspected counterfeit card"
	case "RSW101":
		return "declined by the card's issuer"
	}
	return "not documented"
}

func swapped(gjson.Result) string {
	return "latitude and longitude are swapped in Klix's own example"
}
