package mintsoft

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

func decode(c *providers.Callback) capture.Decoding {
	root, err := c.JSON()
	if err != nil {
		return providers.Undecoded(c, err)
	}
	b := look(c)
	event, _ := eventOf(c, &b)
	d := capture.Decoding{Title: titles[event]}
	if d.Title == "" {
		d.Title = event
	}
	switch b.shape {
	case shapeTracking:
		d.Sections = []capture.Section{{Title: "Tracking events", Rows: rows(root, "", trackingFields)}}
		d.Notes = append(d.Notes, "that a delivered callback is an array of tracking events is a guess: Mintsoft does not document its body")
		if order := orderOfTracking(c, &b.fields); order == "" {
			d.Notes = append(d.Notes, "tracking events carry no order number: put the order into the address that you register, as ?order=")
		}
	case shapeSplit:
		d.Sections = splits(root)
		if n := int(root.Get("#").Int()); n > maxSplits {
			d.Notes = append(d.Notes, fmt.Sprintf("only the first %d of %d splits are laid out", maxSplits, n))
		}
	case shapeASN:
		d.Sections = []capture.Section{{Title: "Advance shipping notice", Facts: facts(root, "", asnFields)}}
		if items := actual(root, "Items"); root.Get(items).IsArray() {
			d.Sections = append(d.Sections, capture.Section{Title: "Items", Rows: rows(root.Get(items), items, asnItemFields)})
		}
	case shapeOrder, shapeNone:
		d.Sections = order(root, "", "")
	}
	d.Unknown = providers.Unknown(root, d.Sections)
	return d
}

// order lays out an order object at base. prefix tells several orders apart.
func order(object gjson.Result, base, prefix string) []capture.Section {
	var sections []capture.Section
	unit := object.Get(actual(object, "Currency.Code")).Str
	for _, g := range orderGroups {
		s := capture.Section{Title: prefix + g.title, Facts: facts(object, base, g.fields)}
		for i := range s.Facts {
			if s.Facts[i].Kind == capture.KindMoney {
				s.Facts[i].Unit = unit
			}
		}
		if len(s.Facts) > 0 {
			sections = append(sections, s)
		}
	}
	for _, table := range []group{{"OrderItems", itemFields}, {"OrderNameValues", nameValueFields}} {
		name := actual(object, table.title)
		if list := object.Get(name); list.IsArray() {
			sections = append(sections, capture.Section{
				Title: prefix + words(table.title), Rows: rows(list, providers.Join(base, name), table.fields),
			})
		}
	}
	return sections
}

// maxSplits bounds how many splits of one callback are laid out.
const maxSplits = 20

func splits(array gjson.Result) []capture.Section {
	var sections []capture.Section
	n := 0
	array.ForEach(func(_, element gjson.Result) bool {
		base := "[" + strconv.Itoa(n) + "]"
		sections = append(sections, capture.Section{Title: "Split", Facts: facts(element, base, splitFields)})
		for _, part := range [...]struct{ name, prefix string }{{"Order", "Parent: "}, {"SplitOrder", "Child: "}} {
			name := actual(element, part.name)
			sections = append(sections, order(element.Get(name), base+"."+name, part.prefix)...)
		}
		n++
		return n < maxSplits
	})
	return sections
}

// facts is providers.Facts with names compared without case.
func facts(object gjson.Result, base string, fields []providers.Known) []capture.Fact {
	fields = slices.Clone(fields)
	for i := range fields {
		fields[i].Path = actual(object, fields[i].Path)
	}
	return providers.Facts(object, base, fields)
}

func rows(array gjson.Result, base string, fields []providers.Known) [][]capture.Fact {
	return providers.RowsOf(array, base, func(element gjson.Result, base string) []capture.Fact {
		return facts(element, base, fields)
	})
}

// actual is a path as an object spells it: "Id" for "ID". A name that is absent
// stays as it is.
func actual(object gjson.Result, path string) string {
	names := strings.Split(path, ".")
	for i, name := range names {
		var next gjson.Result
		object.ForEach(func(key, value gjson.Result) bool {
			if !strings.EqualFold(key.Str, name) {
				return true
			}
			names[i], next = key.Str, value
			return false
		})
		object = next
	}
	return strings.Join(names, ".")
}

func paths(fields []providers.Known) []string {
	all := make([]string, len(fields))
	for i := range fields {
		all[i] = fields[i].Path
	}
	return all
}

// sensitive names every place that holds a token or personal data, in each of
// the bodies. An order's name values are free text and so count as personal.
var sensitive = slices.Concat(
	providers.Secrets("?APIKEY", "header Authorization"),
	sensitiveOrder(""), sensitiveOrder("[].Order"), sensitiveOrder("[].SplitOrder"),
	providers.Personal("", "LastUpdatedByUser", "DespatchedByUser", "OrderShipment"),
	// What a courier tells of a delivery can name who took it.
	providers.Personal("[]", "LastUpdatedByUser", "OrderShipment", "CourierCustomerDescription", "CourierExternalDescription"),
)

func sensitiveOrder(base string) []capture.Sensitive {
	return slices.Concat(
		providers.Personal(base, paths(person)...),
		providers.Personal(base, money...),
		providers.Personal(base, "TrackingNumber", "TrackingURL", "OrderNameValues[].Value",
			"OrderItems[].Price*", "OrderItems[].Discount*", "OrderItems[].Tax*", "OrderItems[].Vat*", "OrderItems[].OrderItemNameValues", "LastUpdatedByUser", "DespatchedByUser"),
	)
}
