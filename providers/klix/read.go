package klix

import (
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/providers"
)

// The events that are named here.
const (
	eventVerification = "order.verification"
	eventShipping     = "shipping.cost"
	eventTest         = "connection.test"
	eventTerms        = "terms"
	purchases         = "purchase."
)

func (g *glance) name(c *providers.Callback) string {
	switch g.kind {
	case kindPurchase:
		return purchase(providers.Scalar(g.status))
	case kindPortal:
		if event := providers.Scalar(g.event); event != "" {
			return event
		}
		if action, _ := c.Query("action"); action != "" && fromShop(c) {
			return purchase(action)
		}
		return purchase(providers.Scalar(g.status)) // a guess: no body without event_type was seen
	case kindVerification:
		return eventVerification
	case kindShipping:
		return eventShipping
	case kindTest:
		return eventTest
	case kindTerms:
		return eventTerms
	case kindUnknown:
	}
	return ""
}

// purchase is the event of a purchase with a status.
func purchase(status string) string {
	if status = strings.ToLower(strings.TrimSpace(status)); status == "" {
		return ""
	}
	return purchases + status
}

// first returns the first value that is not empty.
func first(values ...gjson.Result) string {
	for _, v := range values {
		if t := providers.Scalar(v); t != "" {
			return t
		}
	}
	return ""
}

func read(c *providers.Callback) providers.Reading {
	g := glanceAt(c)
	r := providers.Reading{Event: g.name(c)}
	if pinned := c.PinnedEvent(); pinned != "" {
		if r.Event != "" && r.Event != pinned {
			r.Notes = append(r.Notes, "the endpoint is pinned to "+pinned+", the request says "+r.Event)
		}
		r.Event = pinned
	}
	switch g.kind {
	case kindPurchase:
		r.Order = first(g.orderID, g.externalID, g.id, g.jwsOrderID)
		if id := first(g.id, g.jwsOrderID); id != "" {
			r.Delivery = id + "|" + providers.Scalar(g.status) + "|" + providers.ShortSum(c.Sum())
		}
		r.Summary = providers.Line(title(providers.Scalar(g.status)), money(providers.Scalar(g.total), providers.Scalar(g.currency)), g.failure(), providers.Named("order", r.Order))
	case kindPortal:
		r.Order = first(g.reference, g.orderID)
		if id, ok := c.Query("id"); r.Order == "" && ok && fromShop(c) {
			r.Order = id
		}
		if r.Order == "" {
			r.Order = providers.Scalar(g.id)
		}
		if id := providers.Scalar(g.id); id != "" {
			r.Delivery = id + "|" + providers.Scalar(g.event) + "|" + providers.Scalar(lastOf(g.history).Get("timestamp")) + "|" + providers.Scalar(g.updated)
		} else {
			r.Delivery = providers.Scalar(g.event) + "|" + providers.ShortSum(c.Sum())
		}
		r.Summary = providers.Line(title(r.Event), minor(providers.Scalar(g.purchase.Get("total")), providers.Scalar(g.purchase.Get("currency"))), providers.Named("order", r.Order))
	case kindVerification:
		r.Order = first(g.externalID, g.jwsOrderID)
		if id := providers.Scalar(g.jwsOrderID); id != "" {
			r.Delivery = "verification|" + id + "|" + providers.ShortSum(c.Sum())
		}
		r.Summary = providers.Line("Order verification", providers.Named("order", r.Order))
	case kindShipping:
		r.Order = providers.Scalar(g.orderID)
		if r.Order != "" {
			r.Delivery = "shipping|" + r.Order + "|" + providers.ShortSum(c.Sum())
		}
		r.Summary = providers.Line("Shipping cost asked", providers.Scalar(g.methodID), providers.Named("order", r.Order))
	case kindTest:
		r.Summary = "Connection test"
	case kindTerms:
		r.Summary = "Terms and conditions fetched"
	case kindUnknown:
	}
	if r.Summary == "" {
		r.Summary = "Callback without a status"
	}
	r.Notes = append(r.Notes, g.notes()...)
	return r
}

// notes tell contradictions. They are shown, never held against the callback:
// the documentation's own example has the first.
func (g *glance) notes() []string {
	var notes []string
	paid := strings.EqualFold(providers.Scalar(g.status), "PAID")
	payment := providers.Scalar(g.payment.Get("status"))
	if g.kind == kindPurchase && paid && strings.EqualFold(payment, "FAILED") {
		notes = append(notes, "the order's status is PAID and its payment's status is FAILED: Klix documents only PAID as paid, so ask the API before shipping")
	}
	return notes
}

// failure says why a payment failed, where it did.
func (g *glance) failure() string {
	failed := g.payment.Get("error")
	if !strings.EqualFold(providers.Scalar(g.payment.Get("status")), "FAILED") && !failed.IsObject() {
		return ""
	}
	return strings.TrimRight("payment failed: "+strings.TrimSpace(providers.Scalar(failed.Get("code"))+" "+providers.Scalar(failed.Get("message"))), ": ")
}

// lastOf returns the last element of an array.
func lastOf(array gjson.Result) (last gjson.Result) {
	if array.IsArray() {
		array.ForEach(func(_, v gjson.Result) bool {
			last = v
			return true
		})
	}
	return last
}

func money(amount, currency string) string {
	if amount == "" {
		return ""
	}
	return strings.TrimSpace(amount + " " + currency)
}

// minor writes an amount in minor units: in euro, which has 100 cents, with a
// point; in another currency as it is, for nothing here knows its decimals.
func minor(amount, currency string) string {
	digits := strings.TrimPrefix(amount, "-")
	if currency != "EUR" || digits == "" || strings.Trim(digits, "0123456789") != "" {
		if amount == "" {
			return ""
		}
		return money(amount, strings.TrimSpace(currency+" in minor units"))
	}
	for len(digits) < 3 {
		digits = "0" + digits
	}
	sign := amount[:len(amount)-len(strings.TrimPrefix(amount, "-"))]
	return money(sign+digits[:len(digits)-2]+"."+digits[len(digits)-2:], currency)
}

// title writes a status or an event for people: "PAID" and "purchase.paid"
// become "Paid" and "Purchase paid".
func title(name string) string {
	name = strings.ToLower(strings.NewReplacer(".", " ", "_", " ").Replace(name))
	if name == "" {
		return ""
	}
	r := []rune(name)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
