package kornitx

import (
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

var statusFields = []providers.Known{
	{Path: "status_name", Label: "Status"},
	{Path: "status", Label: "Status number", Kind: capture.KindCode, Note: statusNote},
	{Path: "external_ref", Label: "Your order", Kind: capture.KindCode},
	{Path: "id", Label: "KornitX order", Kind: capture.KindCode},
	{Path: "ref", Label: "KornitX reference", Kind: capture.KindCode},
	{Path: "shipping_tracking", Label: "Tracking", Kind: capture.KindCode},
	{Path: "shipping_carrier", Label: "Carrier", Note: remapped},
	{Path: "shipping_method", Label: "Method", Note: remapped},
	{Path: "shipping_price", Label: "Shipping price", Kind: capture.KindMoney, Note: noCurrency},
	{Path: "required_dispatch_date", Label: "Dispatch by", Kind: capture.KindTime, Note: dateNote},
	{Path: "new_shipments", Label: "New shipments", Parts: true},
	{Path: "new_cancellations", Label: "New cancellations", Parts: true},
}

var shipmentFields = []providers.Known{
	{Path: "tracking", Label: "Tracking", Kind: capture.KindCode},
	{Path: "tracking_url", Label: "Tracking page", Kind: capture.KindLink},
	{Path: "dispatch_datetime", Label: "Dispatched", Kind: capture.KindTime, Note: dateNote},
	{Path: "items", Label: "Lines", Parts: true},
}

var lineFields = []providers.Known{
	{Path: "quantity", Label: "Quantity"},
	{Path: "external_ref", Label: "Your line", Kind: capture.KindCode},
	{Path: "ref", Label: "KornitX line", Kind: capture.KindCode},
	{Path: "status", Label: "Line status", Kind: capture.KindCode, Note: itemNote},
}

var pushFields = []providers.Known{
	{Path: "status_name", Label: "Status"},
	{Path: "status", Label: "Status number", Kind: capture.KindCode, Note: statusNote},
	{Path: "external_ref", Label: "Order", Kind: capture.KindCode},
	{Path: "id", Label: "KornitX order", Kind: capture.KindCode},
	{Path: "ref", Label: "KornitX reference", Kind: capture.KindCode},
	{Path: "company_ref_id", Label: "Company", Kind: capture.KindCode},
	{Path: "secondary_company_ref_id", Label: "Second company", Kind: capture.KindCode},
	{Path: "has_error", Label: "Has an error"},
	{Path: "error_message", Label: "Error"},
	{Path: "additional_info", Label: "More information"},
	{Path: "required_dispatch_date", Label: "Dispatch by", Kind: capture.KindTime, Note: dateNote},
	{Path: "sale_datetime", Label: "Sold", Kind: capture.KindTime, Note: dateNote},
	{Path: "creation_datetime", Label: "Created", Kind: capture.KindTime, Note: dateNote},
	{Path: "completion_datetime", Label: "Completed", Kind: capture.KindTime, Note: dateNote},
	{Path: "payment_type", Label: "Payment"},
	{Path: "payment_trans_id", Label: "Payment transaction", Kind: capture.KindCode},
	{Path: "items", Label: "Lines", Parts: true},
}

var pushShippingFields = []providers.Known{
	{Path: "customer_name", Label: "Customer"},
	{Path: "customer_email", Label: "E-mail"},
	{Path: "customer_telephone", Label: "Telephone"},
	{Path: "customer_telephone_mobile", Label: "Mobile"},
	{Path: "shipping_company", Label: "Company"},
	{Path: "shipping_address_1", Label: "Address 1"},
	{Path: "shipping_address_2", Label: "Address 2"},
	{Path: "shipping_address_3", Label: "Address 3"},
	{Path: "shipping_address_4", Label: "Address 4"},
	{Path: "shipping_address_5", Label: "Address 5"},
	{Path: "shipping_postcode", Label: "Postcode"},
	{Path: "shipping_country", Label: "Country"},
	{Path: "shipping_country_code", Label: "Country code", Kind: capture.KindCode},
	{Path: "shipping_carrier", Label: "Carrier"},
	{Path: "shipping_method", Label: "Method"},
	{Path: "shipping_tracking", Label: "Tracking", Kind: capture.KindCode},
	{Path: "shipping_note_url", Label: "Shipping note", Kind: capture.KindLink},
	{Path: "shipping_price", Label: "Shipping price", Kind: capture.KindMoney, Note: noCurrency},
}

var pushBillingFields = []providers.Known{
	{Path: "billing_company", Label: "Company"},
	{Path: "billing_address_1", Label: "Address 1"},
	{Path: "billing_address_2", Label: "Address 2"},
	{Path: "billing_address_3", Label: "Address 3"},
	{Path: "billing_address_4", Label: "Address 4"},
	{Path: "billing_address_5", Label: "Address 5"},
	{Path: "billing_postcode", Label: "Postcode"},
	{Path: "billing_country", Label: "Country"},
	{Path: "billing_country_code", Label: "Country code", Kind: capture.KindCode},
}

var labelFields = []providers.Known{
	{Path: "OrderExternalRef", Label: "Order", Kind: capture.KindCode},
	{Path: "ID", Label: "KornitX order", Kind: capture.KindCode},
	{Path: "Brand", Label: "Brand"},
	{Path: "Destination", Label: "Destination"},
	{Path: "DateTimeStamp", Label: "Time", Kind: capture.KindTime, Note: dateNote},
	{Path: "Currency", Label: "Currency", Kind: capture.KindCode},
	{Path: "Items", Label: "Lines", Parts: true},
}

var labelLineFields = []providers.Known{
	{Path: "Quantity", Label: "Quantity"},
	{Path: "ItemID", Label: "Line", Kind: capture.KindCode},
	{Path: "EAN", Label: "EAN", Kind: capture.KindCode},
	{Path: "PromiseDate", Label: "Promised for", Kind: capture.KindTime, Note: dateNote},
	{Path: "OrderExternalRef", Label: "Order", Kind: capture.KindCode},
}

func statusNote(v gjson.Result) string {
	code := providers.Scalar(v)
	name, ok := statuses[code]
	switch {
	case !ok && code == "520":
		return "its name is not documented; it is seen as a final state"
	case !ok:
		return "not a number that KornitX documents"
	case documented[code]:
		return code + " = " + name
	}
	return code + " = " + name + " (inferred, not documented)"
}

func itemNote(v gjson.Result) string {
	if name, ok := itemStatuses[providers.Scalar(v)]; ok {
		return providers.Scalar(v) + " = " + name
	}
	return ""
}

// dateNote explains the dates, which mostly carry no zone.
func dateNote(v gjson.Result) string {
	switch date := providers.Scalar(v); {
	case strings.HasPrefix(date, "0000-00-00"):
		return "no time: KornitX writes null like this"
	case providers.WithoutZone(date):
		return "no zone is given; UTC is a guess"
	}
	return ""
}

func remapped(gjson.Result) string {
	return "may be mapped to another name by the fulfiller; do not compare it with what was ordered"
}

func noCurrency(gjson.Result) string { return "no currency is given" }
