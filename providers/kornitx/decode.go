package kornitx

import (
	"strconv"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// maxSections bounds how many shipments or orders get a section each.
const maxSections = 100

func decode(c *providers.Callback) capture.Decoding {
	root, err := c.JSON()
	if err != nil || !root.IsObject() {
		d := providers.Undecoded(c, err)
		d.Sections = append(d.Sections, claims(c.Request)...)
		return d
	}
	g := glanceAt(root)
	d := capture.Decoding{Title: g.title()}
	switch {
	case g.label():
		d.Title = "Next Label Plus order push"
		d.Sections = eachOf(g.orders, "Orders", "Order", labelFields, "Items", labelLineFields)
		d.Notes = append(d.Notes, "Next Label Plus is known from other programs' code, not from KornitX's documentation")
	case g.push():
		d.Title = "Order push"
		d.Sections = providers.Sections(
			capture.Section{Title: "Order", Facts: providers.Facts(root, "", pushFields)},
			capture.Section{Title: "Lines", Rows: providers.Rows(g.items, "items", lineFields)},
			capture.Section{Title: "Shipping", Facts: providers.Facts(root, "", pushShippingFields)},
			capture.Section{Title: "Billing", Facts: providers.Facts(root, "", pushBillingFields)},
		)
	default:
		d.Sections = providers.Sections(capture.Section{Title: "Order", Facts: providers.Facts(root, "", statusFields)})
		d.Sections = append(d.Sections, eachOf(g.shipments, "new_shipments", "Shipment", shipmentFields, "items", lineFields)...)
		d.Sections = append(d.Sections, cancellations(g.cancellations)...)
		if g.shipments.Exists() || g.cancellations.Exists() {
			d.Notes = append(d.Notes, "new_shipments and new_cancellations hold what came since the callback before, as their name says: add them up over the callbacks of an order")
		}
	}
	d.Sections = append(d.Sections, claims(c.Request)...)
	d.Unknown = providers.Unknown(root, d.Sections)
	return d
}

// eachOf lays out an array as a section for each element, with its lines as a
// table.
func eachOf(array gjson.Result, path, title string, fields []providers.Known, lines string, columns []providers.Known) []capture.Section {
	if !array.IsArray() {
		return nil
	}
	var all []capture.Section
	n := 0
	array.ForEach(func(_, element gjson.Result) bool {
		base := path + "[" + strconv.Itoa(n) + "]"
		n++
		if n <= maxSections {
			all = append(all, capture.Section{
				Title: title + " " + strconv.Itoa(n),
				Facts: providers.Facts(element, base, fields),
				Rows:  providers.Rows(element.Get(lines), base+"."+lines, columns),
			})
		}
		return true
	})
	if n > maxSections {
		all[maxSections-1].Title += ", and " + strconv.Itoa(n-maxSections) + " more that are not laid out"
	}
	return providers.Sections(all...)
}

// cancellations lays out new_cancellations. The shape of its elements is not
// documented: lines, or objects that hold lines, are both taken.
func cancellations(array gjson.Result) []capture.Section {
	if !array.IsArray() {
		return nil
	}
	flat := capture.Section{Title: "Cancelled lines", Rows: providers.Rows(array, "new_cancellations", lineFields)}
	rows := flat.Rows[:0:0]
	for _, row := range flat.Rows {
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	flat.Rows = rows
	return append(providers.Sections(flat), eachOf(array, "new_cancellations", "Cancellation", nil, "items", lineFields)...)
}

// maxClaims bounds how many claims of a token are shown.
const maxClaims = 100

// claims shows what a bearer token says. Nothing here is proven; Verify says
// whether it is.
func claims(r *capture.Request) []capture.Section {
	var all []capture.Section
	for _, value := range r.Header.All("Authorization") {
		token, ok := bearer(value)
		if !ok {
			continue
		}
		j, err := providers.ParseJWS(token)
		if err != nil {
			continue
		}
		s := capture.Section{Title: "Token"}
		for _, part := range []gjson.Result{j.Header, j.Claims} {
			part.ForEach(func(key, v gjson.Result) bool {
				if len(s.Facts) < maxClaims {
					s.Facts = append(s.Facts, capture.Fact{
						Label: key.Str, Path: "header Authorization", Value: providers.Text(v), Note: providers.ClaimNote(key.Str, v),
					})
				}
				return true
			})
		}
		all = append(all, s)
	}
	return all
}
