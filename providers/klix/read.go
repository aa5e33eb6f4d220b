package klix

import (
	"crypto/sha256"
	"encoding/hex"
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

// maxEvent bounds the length of an event that is made of a stranger's text.
const maxEvent = 100

// text is a scalar without quotes, and "" for null, objects and arrays.
func text(v gjson.Result) string {
	if v.Type == gjson.String || v.Type == gjson.Number {
		return providers.Text(v)
	}
	return ""
}

func cut(event string) string { return event[:min(len(event), maxEvent)] }

func (g *glance) name() string {
	switch g.kind {
	case kindPurchase:
		if status := strings.TrimSpace(text(g.status)); status != "" {
			return cut(purchases + strings.ToLower(status))
		}
	case kindPortal:
		return cut(text(g.event))
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

// first returns the first value that is not empty.
func first(values ...gjson.Result) string {
	for _, v := range values {
		if t := text(v); t != "" {
			return t
		}
	}
	return ""
}

func read(c *providers.Callback) providers.Reading {
	g := glanceAt(c)
	r := providers.Reading{Event: g.name()}
	if r.Event == "" && g.kind == kindPortal && fromShop(c) {
		if action, _ := c.Query("action"); action != "" {
			r.Event = cut(purchases + strings.ToLower(action))
		}
	}
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
			r.Delivery = id + "|" + text(g.status) + "|" + digest(c.Request.Body)
		}
		r.Summary = join(title(text(g.status)), money(text(g.total), text(g.currency)), g.failure(), named("order", r.Order))
	case kindPortal:
		r.Order = first(g.reference, g.orderID)
		if id, ok := c.Query("id"); r.Order == "" && ok && fromShop(c) {
			r.Order = id
		}
		if r.Order == "" {
			r.Order = text(g.id)
		}
		if id := text(g.id); id != "" {
			r.Delivery = id + "|" + text(g.event) + "|" + text(lastOf(g.history).Get("timestamp")) + "|" + text(g.updated)
		}
		r.Summary = join(title(r.Event), minor(text(g.purchase.Get("total")), text(g.purchase.Get("currency"))), named("order", r.Order))
	case kindVerification:
		r.Order = first(g.externalID, g.jwsOrderID)
		if id := text(g.jwsOrderID); id != "" {
			r.Delivery = "verification|" + id + "|" + digest(c.Request.Body)
		}
		r.Summary = join("Order verification", named("order", r.Order))
	case kindShipping:
		r.Order = text(g.orderID)
		if r.Order != "" {
			r.Delivery = "shipping|" + r.Order + "|" + digest(c.Request.Body)
		}
		r.Summary = join("Shipping cost asked", text(g.methodID), named("order", r.Order))
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
	paid := strings.EqualFold(text(g.status), "PAID")
	payment := text(g.payment.Get("status"))
	if g.kind == kindPurchase && paid && strings.EqualFold(payment, "FAILED") {
		notes = append(notes, "the order's status is PAID and its payment's status is FAILED: Klix documents only PAID as paid, so ask the API before shipping")
	}
	return notes
}

// failure says why a payment failed, where it did.
func (g *glance) failure() string {
	failed := g.payment.Get("error")
	if !strings.EqualFold(text(g.payment.Get("status")), "FAILED") && !failed.IsObject() {
		return ""
	}
	return strings.TrimRight("payment failed: "+strings.TrimSpace(text(failed.Get("code"))+" "+text(failed.Get("message"))), ": ")
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
		return money(amount, strings.TrimSpace(currency+" minor"))
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

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

func join(parts ...string) string {
	kept := parts[:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, " · ")
}

func named(noun, value string) string {
	if value == "" {
		return ""
	}
	return noun + " " + value
}
