package kornitx

import (
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/providers"
)

// The events that no status names.
const (
	orderPush = "order.push"
	orders    = "order."
)

// glance is what is told of a body at a glance, in one pass.
type glance struct {
	id, ref, externalRef, tracking   gjson.Result
	status, statusName, carrier      gjson.Result
	shipments, cancellations, orders gjson.Result
	items, shippingAddress, customer gjson.Result
}

func glanceAt(root gjson.Result) (g glance) {
	root.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "id":
			g.id = value
		case "ref":
			g.ref = value
		case "external_ref":
			g.externalRef = value
		case "shipping_tracking":
			g.tracking = value
		case "status":
			g.status = value
		case "status_name":
			g.statusName = value
		case "shipping_carrier":
			g.carrier = value
		case "new_shipments":
			g.shipments = value
		case "new_cancellations":
			g.cancellations = value
		case "Orders":
			g.orders = value
		case "items":
			g.items = value
		case "shipping_address_1":
			g.shippingAddress = value
		case "customer_name", "customer_email":
			g.customer = value
		}
		return true
	})
	return g
}

// push reports whether this is an order pushed to a supplier: only that carries
// a customer and an address.
func (g *glance) push() bool {
	return g.label() || (g.customer.Exists() || g.shippingAddress.Exists()) && !g.shipments.Exists() && !g.cancellations.Exists()
}

// label reports whether this is the order push of "Next Label Plus".
func (g *glance) label() bool {
	first := g.orders.Get("0")
	return g.orders.IsArray() && first.Get("OrderExternalRef").Exists() && first.Get("Items").IsArray()
}

func isNumber(v gjson.Result) bool { return v.Type == gjson.Number }

// title is the status in words: KornitX's own first, then the table's, then the
// bare number.
func (g *glance) title() string {
	if name := strings.TrimSpace(providers.Scalar(g.statusName)); name != "" {
		return name
	}
	code := providers.Scalar(g.status)
	if name, ok := statuses[code]; ok {
		return name
	}
	if code != "" {
		return "Status " + code
	}
	return ""
}

func (g *glance) event() string {
	if g.push() {
		return orderPush
	}
	name := providers.Snake(providers.Scalar(g.statusName))
	code := providers.Scalar(g.status)
	if name == "" {
		name = providers.Snake(statuses[code])
	}
	if name == "" {
		name = providers.Snake(code)
	}
	if name == "" {
		return ""
	}
	return orders + name
}

func read(c *providers.Callback) providers.Reading {
	root := c.Object()
	g := glanceAt(root)
	r := providers.Reading{Event: g.event(), Order: providers.Scalar(g.externalRef)}
	if pinned := c.PinnedEvent(); pinned != "" {
		if r.Event != "" && r.Event != pinned {
			r.Notes = append(r.Notes, "the endpoint is pinned to "+pinned+", the body says "+r.Event)
		}
		r.Event = pinned
	}
	if !root.Exists() {
		r.Summary = "Callback that is no JSON object"
		return r
	}
	switch {
	case g.label():
		r.Order = providers.Scalar(g.orders.Get("0.OrderExternalRef"))
		r.Summary = providers.Line("Order push", providers.Counted(g.orders, "order"), providers.Named("order", r.Order))
		r.Delivery = "label|" + providers.Digest(root.Raw)
	case g.push():
		r.Summary = providers.Line("Order push", g.title(), providers.Named("order", r.Order), providers.Counted(g.items, "line"))
		r.Delivery = "push|" + providers.Scalar(g.id) + "|" + providers.Scalar(g.status) + "|" + providers.Digest(root.Raw)
	default:
		r.Summary = providers.Line(g.title(), strings.TrimSpace(providers.Scalar(g.carrier)+" "+providers.Scalar(g.tracking)), providers.Named("order", r.Order))
		if id := providers.Scalar(g.id); id != "" {
			// An entity event repeats the status: what changed tells it from
			// the callback before.
			r.Delivery = id + "|" + providers.Scalar(g.status) + "|" + providers.Digest(g.shipments.Raw, g.cancellations.Raw, g.tracking.Raw)
		}
		r.Notes = append(r.Notes, g.notes(c.Request.Method)...)
	}
	if r.Summary == "" {
		r.Summary = "Callback without a status"
	}
	return r
}

func (g *glance) notes(method string) []string {
	var notes []string
	name, code := providers.Scalar(g.statusName), providers.Scalar(g.status)
	if known, ok := statuses[code]; ok && name != "" && documented[code] && providers.Snake(known) != providers.Snake(name) {
		notes = append(notes, "status "+code+" is \""+known+"\" in KornitX's documentation, status_name says \""+name+"\"")
	}
	if method != "PUT" && g.statusName.Exists() {
		notes = append(notes, "KornitX sends status callbacks as PUT; this is "+method)
	}
	return notes
}
