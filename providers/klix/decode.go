package klix

import (
	"slices"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

func decode(c *providers.Callback) capture.Decoding {
	g := glanceAt(c)
	var d capture.Decoding
	root := c.Object()
	switch {
	case g.jws != nil:
		d, root = decodeJWS(&g), g.jws.Claims
	case g.kind == kindTest && len(c.Request.Body) == 0:
		d.Title = "Connection test"
		d.Notes = append(d.Notes, "Klix checks whether the shop can be reached; it wants 200 and POST among Access-Control-Allow-Methods")
		return d
	case g.kind == kindTerms && len(c.Request.Body) == 0:
		d.Title = "Terms and conditions"
		d.Notes = append(d.Notes, "the customer's browser fetches the page, not Klix: nothing here proves who it was")
		return d
	case len(c.Request.Body) == 0 && fromShop(c):
		return decodeQuery(c)
	case !root.Exists():
		_, err := c.JSON()
		return providers.Undecoded(c, err)
	case g.kind == kindPortal:
		d.Title = title(g.name(c))
		d.Sections = portalSections(root, &g)
		d.Notes = append(d.Notes, "amounts are in minor units, as cents are of a euro")
	case g.kind == kindShipping:
		d.Title = "Shipping cost asked"
		d.Sections = costSections(root, &g)
		d.Notes = append(d.Notes, "what Klix wants as the answer is not documented; the one suggested is a guess")
	default:
		d.Title = title(providers.Scalar(g.status))
		d.Sections = purchaseSections(root, &g)
	}
	d.Unknown = providers.Unknown(root, d.Sections)
	return d
}

func costSections(root gjson.Result, g *glance) []capture.Section {
	return providers.Sections(
		capture.Section{Title: "Order", Facts: providers.Facts(root, "", costFields)},
		capture.Section{Title: "Items", Rows: providers.Rows(g.orderItems, "order_items", costItemFields)},
	)
}

func purchaseSections(root gjson.Result, g *glance) []capture.Section {
	unit := major(providers.Scalar(g.currency))
	return providers.Sections(
		capture.Section{Title: "Outcome", Facts: providers.Facts(root, "", purchaseFields)},
		capture.Section{Title: "Totals", Facts: priced(unit, providers.Facts(root, "", totalFields))},
		capture.Section{Title: "Items", Rows: pricedRows(unit, providers.Rows(g.items, "items", itemFields))},
		capture.Section{Title: "Shipping", Facts: providers.Facts(root, "", shippingFields)},
		capture.Section{Title: "Customer", Facts: providers.Facts(root, "", customerFields)},
		capture.Section{Title: "Addresses", Facts: providers.Facts(root, "", addressFields)},
	)
}

func portalSections(root gjson.Result, g *glance) []capture.Section {
	currency := providers.Scalar(g.purchase.Get("currency"))
	unit := inMinor(currency)
	if paid := providers.Scalar(g.payment.Get("currency")); paid != "" {
		currency = paid
	}
	return providers.Sections(
		capture.Section{Title: "Event", Facts: providers.Facts(root, "", portalFields)},
		capture.Section{Title: "Totals", Facts: priced(unit, providers.Facts(root, "", totalsFields))},
		capture.Section{Title: "Payment", Facts: priced(inMinor(currency), providers.Facts(root, "", paymentFields))},
		capture.Section{Title: "Transaction", Facts: providers.Facts(root, "", transactionFields)},
		capture.Section{Title: "Attempts to pay", Rows: providers.Rows(root.Get("transaction_data.attempts"), "transaction_data.attempts", attemptFields)},
		capture.Section{Title: "Items", Rows: pricedRows(unit, providers.Rows(g.purchase.Get("products"), "purchase.products", productFields))},
		capture.Section{Title: "History", Rows: providers.Rows(g.history, "status_history", historyFields)},
		capture.Section{Title: "Customer", Facts: providers.Facts(root, "", clientFields)},
		capture.Section{Title: "Merchant", Facts: providers.Facts(root, "", issuerFields)},
		capture.Section{Title: "Addresses", Facts: providers.Facts(root, "", portalLinkFields)},
		capture.Section{Title: "Settings", Facts: providers.Facts(root, "", settingFields)},
	)
}

func decodeJWS(g *glance) capture.Decoding {
	var d capture.Decoding
	switch g.kind {
	case kindPurchase:
		d.Title = title(providers.Scalar(g.status))
	case kindShipping:
		d.Title = "Shipping cost asked"
		d.Sections = costSections(g.jws.Claims, g)
	default:
		d.Title = "Order verification"
	}
	if g.kind != kindVerification {
		d.Notes = append(d.Notes, "this is the form of 2019, a JWS")
	}
	d.Sections = append(d.Sections, providers.Sections(
		capture.Section{Title: "Order", Facts: providers.Facts(g.jws.Claims, "", tokenFields)},
		capture.Section{Title: "Token", Facts: []capture.Fact{
			{Label: "Algorithm", Value: g.jws.Alg, Kind: code},
			{Label: "Key", Value: g.jws.KeyID, Kind: code},
		}},
	)...)
	if !g.jws.Claims.Exists() {
		d.Error = "the payload of the JWS is not a JSON object"
		d.Text = string(g.jws.Payload)
		if len(d.Text) == 0 {
			d.Error = "the payload of the JWS is empty"
		}
	}
	return d
}

// decodeQuery lays out a call to the address of the WooCommerce plugin.
func decodeQuery(c *providers.Callback) capture.Decoding {
	s := capture.Section{Title: "Address"}
	for _, f := range [...]struct{ name, label string }{{"action", "Action"}, {"id", "Shop's order"}} {
		if v, ok := c.Query(f.name); ok {
			s.Facts = append(s.Facts, capture.Fact{Label: f.label, Path: "?" + f.name, Value: v, Kind: code})
		}
	}
	return capture.Decoding{
		Title:    "Call to the WooCommerce plugin",
		Sections: providers.Sections(s),
		Notes:    []string{"the plugin ignores body and signature and asks the API what happened"},
	}
}

// unit is what the amounts of a body are in.
type unit struct {
	name string
	note func(amount string) string
}

func major(currency string) unit {
	return unit{currency, func(string) string { return "" }}
}

// inMinor says of amounts in minor units what they are in euro; nothing here
// knows how many decimals another currency has.
func inMinor(currency string) unit {
	switch currency {
	case "":
		return unit{"", func(string) string { return "in minor units; no currency is given" }}
	case "EUR":
		return unit{"EUR minor", func(amount string) string { return minor(amount, currency) }}
	}
	return unit{currency + " minor", func(string) string { return "in the smallest unit of " + currency }}
}

// priced adds the unit to amounts.
func priced(u unit, facts []capture.Fact) []capture.Fact {
	for i := range facts {
		if f := &facts[i]; f.Kind == capture.KindMoney && f.Value != "null" {
			f.Unit, f.Note = u.name, u.note(f.Value)
		}
	}
	return facts
}

func pricedRows(u unit, rows [][]capture.Fact) [][]capture.Fact {
	for _, row := range rows {
		priced(u, row)
	}
	return rows
}

var sensitive = slices.Concat(
	providers.Secrets("header "+klixSignature, "header "+portalSignature, "recurring_token"),
	providers.Personal("", "customer", "company", "payment.card.bin", "payment.accountStatementReference",
		"amount", "tax_amount", "total_amount", "effective_amount",
		"items[].amount", "items[].tax_amount", "items[].total_amount", "merchant_urls", "shipping",
		"address", "pickup_point", "client", "issuer_details", "purchase.total", "purchase.products[].price",
		"payment.amount", "payment.fee_amount", "payment.net_amount", "payment.pending_amount", "refundable_amount",
		"purchase.products[].discount", "purchase.subtotal_override", "purchase.total_override", "bank_account", "personal_code",
		"purchase.notes", "purchase.email_message", "purchase.debt", "purchase.payment_method_details",
		"direct_post_url", "created_from_ip", "checkout_url", "invoice_url", "success_callback", "success_redirect",
		"failure_redirect", "cancel_redirect", "transaction_data"),
)
