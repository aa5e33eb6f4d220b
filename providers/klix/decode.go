package klix

import (
	"slices"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

func decode(c *providers.Callback) capture.Decoding {
	g := glanceAt(c)
	d := capture.Decoding{Sensitive: sensitive}
	root := c.Object()
	var known map[string]bool
	switch {
	case g.jws != nil:
		d, root = decodeJWS(&g), g.jws.Claims
		known = tokenKnown
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
		d := providers.Undecoded(c, err)
		d.Sensitive = sensitive
		return d
	case g.kind == kindPortal:
		d.Title, known = title(text(g.event)), portalKnown
		d.Sections = portalSections(root, &g)
		d.Notes = append(d.Notes, "amounts are in minor units (cents)")
	case g.kind == kindShipping:
		d.Title, known = "Shipping cost asked", costKnown
		d.Sections = sections(
			capture.Section{Title: "Order", Facts: providers.Facts(root, "", costFields)},
			capture.Section{Title: "Items", Rows: providers.Rows(g.orderItems, "order_items", costItemFields)},
		)
		d.Notes = append(d.Notes, "what Klix wants as the answer is not documented; the one suggested is a guess")
	default:
		d.Title, known = title(text(g.status)), purchaseKnown
		d.Sections = purchaseSections(root, &g)
	}
	d.Notes = append(d.Notes, g.notes()...)
	d.Unknown = providers.Unknown(root, func(pattern string) bool { return known[pattern] })
	return d
}

func purchaseSections(root gjson.Result, g *glance) []capture.Section {
	unit := text(g.currency)
	return sections(
		capture.Section{Title: "Outcome", Facts: providers.Facts(root, "", purchaseFields)},
		capture.Section{Title: "Totals", Facts: priced(unit, providers.Facts(root, "", totalFields))},
		capture.Section{Title: "Items", Rows: pricedRows(unit, providers.Rows(g.items, "items", itemFields))},
		capture.Section{Title: "Shipping", Facts: providers.Facts(root, "", shippingFields)},
		capture.Section{Title: "Customer", Facts: providers.Facts(root, "", customerFields)},
		capture.Section{Title: "Addresses", Facts: providers.Facts(root, "", addressFields)},
	)
}

func portalSections(root gjson.Result, g *glance) []capture.Section {
	unit := text(g.purchase.Get("currency"))
	if unit != "" {
		unit += " minor"
	}
	return sections(
		capture.Section{Title: "Event", Facts: providers.Facts(root, "", portalFields)},
		capture.Section{Title: "Payment", Facts: priced(unit, providers.Facts(root, "", portalMoneyFields))},
		capture.Section{Title: "Items", Rows: pricedRows(unit, providers.Rows(g.purchase.Get("products"), "purchase.products", productFields))},
		capture.Section{Title: "History", Rows: providers.Rows(g.history, "status_history", historyFields)},
		capture.Section{Title: "Customer", Facts: providers.Facts(root, "", clientFields)},
		capture.Section{Title: "Addresses", Facts: providers.Facts(root, "", portalLinkFields)},
	)
}

func decodeJWS(g *glance) capture.Decoding {
	d := capture.Decoding{Title: "Order verification", Sensitive: sensitive}
	if g.kind != kindVerification {
		d.Title = title(text(g.status))
		d.Notes = append(d.Notes, "this is the form of 2019, a JWS")
	}
	d.Sections = sections(
		capture.Section{Title: "Order", Facts: providers.Facts(g.jws.Claims, "", tokenFields)},
		capture.Section{Title: "Token", Facts: []capture.Fact{
			{Label: "Algorithm", Path: "header.alg", Value: g.jws.Alg, Kind: code},
			{Label: "Key", Path: "header.kid", Value: g.jws.KeyID, Kind: code},
		}},
	)
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
		Title:     "Call to the WooCommerce plugin",
		Sections:  sections(s),
		Notes:     []string{"the plugin ignores body and signature and asks the API what happened"},
		Sensitive: sensitive,
	}
}

// sections leaves out those that are empty.
func sections(all ...capture.Section) []capture.Section {
	kept := all[:0]
	for _, s := range all {
		if len(s.Facts)+len(s.Rows) > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// priced adds the unit to amounts.
func priced(unit string, facts []capture.Fact) []capture.Fact {
	for i := range facts {
		if facts[i].Kind == capture.KindMoney {
			facts[i].Unit = unit
		}
	}
	return facts
}

func pricedRows(unit string, rows [][]capture.Fact) [][]capture.Fact {
	for _, row := range rows {
		priced(unit, row)
	}
	return rows
}

// The documented places of each kind of body.
var (
	purchaseKnown = places(at("", purchaseFields), at("", totalFields), at("items[].", itemFields),
		at("", shippingFields), at("", customerFields), at("", addressFields))
	portalKnown = places(at("", portalFields), at("", portalMoneyFields), at("", portalLinkFields), portalOther)
	costKnown   = places(at("", costFields), at("order_items[].", costItemFields))
	tokenKnown  = places(at("", tokenFields))
)

func at(prefix string, fields []providers.Known) []string {
	all := make([]string, len(fields))
	for i := range fields {
		all[i] = prefix + fields[i].Path
	}
	return all
}

func places(lists ...[]string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, place := range list {
			set[place] = true
		}
	}
	return set
}

var sensitive = slices.Concat(
	providers.Secrets("header "+klixSignature, "header "+portalSignature, "?key"),
	providers.Personal("", "customer", "company", "payment.card.bin", "payment.accountStatementReference",
		"amount", "tax_amount", "total_amount", "effective_amount",
		"items[].amount", "items[].tax_amount", "items[].total_amount", "merchant_urls", "shipping",
		"address", "pickup_point", "client", "issuer_details", "purchase.total", "purchase.products[].price",
		"payment.amount", "payment.fee_amount", "payment.net_amount", "refundable_amount",
		"created_from_ip", "checkout_url", "invoice_url", "success_callback", "success_redirect",
		"failure_redirect", "cancel_redirect", "transaction_data"),
)
