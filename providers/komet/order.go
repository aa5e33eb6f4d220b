package komet

import (
	"fmt"
	"mime"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// Events of Komet.
const (
	confirmation = "order.confirmation"
	cancellation = "order.cancellation"
	payment      = "payment.cancellation"
	unclear      = "order.event" // when nothing tells
)

var titles = map[string]string{
	confirmation: "Order confirmation",
	cancellation: "Order cancellation",
	payment:      "Payment cancellation",
	unclear:      "Order event",
}

// meanings say what a callback tells. It holds ids alone, so that the rest is to
// be asked of Komet's API.
var meanings = map[string]string{
	confirmation: "an order was confirmed in Komet; the callback holds ids alone, so ask Komet's API (invoice.details.list) what is in it",
	cancellation: "an order was cancelled in Komet; the callback holds ids alone",
	payment:      "a payment was cancelled in Komet; orderIds names the orders it was for",
}

// ids are what identifies a callback: in the body, or in the query of the oldest
// generation, which calls the order an invoice.
type ids struct {
	company, order, payment, number string

	orders    string // of a payment, separated by commas
	fromQuery bool
}

func idsOf(c *providers.Callback) ids {
	o := c.Object()
	i := ids{
		company: providers.Scalar(o.Get("companyId")), order: providers.Scalar(o.Get("orderId")),
		payment: providers.Scalar(o.Get("paymentId")), number: providers.Scalar(o.Get("paymentNumber")),
		orders: providers.Scalar(o.Get("orderIds")),
	}
	if i == (ids{}) {
		i.company, _ = c.Query("companyId")
		i.order, _ = c.Query("invoiceId")
		i.fromQuery = i.company != "" || i.order != ""
	}
	return i
}

// isID reports whether a value is a whole number, as Komet's ids are.
func isID(v gjson.Result) bool {
	return v.Type == gjson.Number && !strings.ContainsAny(v.Raw, ".eE-")
}

// size counts the fields of an object, up to three.
func size(object gjson.Result) int {
	n := 0
	object.ForEach(func(_, _ gjson.Result) bool {
		n++
		return n < 3
	})
	return n
}

// eventOf says what happened. A payment shows in the body, whatever the address
// says; an order's event shows in the address alone: the endpoint's, else the
// path's "confirm" or "cancel".
func eventOf(c *providers.Callback, i ids) (event string, notes []string) {
	event = unclear
	path := strings.ToLower(c.Request.Path())
	confirm, cancel := strings.Contains(path, "confirm"), strings.Contains(path, "cancel")
	switch pinned := c.PinnedEvent(); {
	case pinned != "":
		event = pinned
	case confirm && cancel:
		notes = append(notes, "the path says both confirm and cancel")
	case confirm:
		event = confirmation
	case cancel:
		event = cancellation
	}
	if i.payment == "" {
		return event, notes
	}
	if event == confirmation {
		notes = append(notes, fmt.Sprintf("the path says %s, the body is a payment cancellation", event))
	}
	return payment, notes
}

func read(c *providers.Callback) providers.Reading {
	i := idsOf(c)
	r := providers.Reading{}
	r.Event, r.Notes = eventOf(c, i)
	r.Notes = append(r.Notes, oddities(c, i)...)
	switch {
	case i.payment != "":
		number := i.number
		if number == i.payment {
			number = ""
		}
		r.Summary = providers.Line(title(r.Event), "payment "+i.payment, number, providers.Named("company", i.company))
		if i.orders != "" && !strings.Contains(i.orders, ",") {
			r.Order = orderKey(i.company, i.orders)
		}
		r.Delivery = strings.Join([]string{i.company, "payment", i.payment, r.Event}, "|")
	case i.order != "":
		r.Order = orderKey(i.company, i.order)
		r.Delivery = strings.Join([]string{i.company, i.order, r.Event}, "|")
		r.Summary = providers.Line(title(r.Event), "order "+i.order, providers.Named("company", i.company))
	default:
		r.Summary = providers.Line(title(r.Event), providers.Named("company", i.company))
	}
	return r
}

// orderKey names the order with its company: Komet's ids are per company.
func orderKey(company, order string) string {
	if company == "" {
		return order
	}
	return company + "/" + order
}

func title(event string) string {
	if t := titles[event]; t != "" {
		return t
	}
	return event // a user pinned an endpoint to an event of their own
}

// oddities are what does not fit the documentation.
func oddities(c *providers.Callback, i ids) []string {
	var notes []string
	if token := c.Request.Header.Value(tokenHeader); len([]rune(token)) > maxToken {
		notes = append(notes, "authenticationToken is longer than the documented 50 characters")
	}
	switch m := c.Request.Method; {
	case m == "GET" && i.fromQuery:
	case m != "POST":
		notes = append(notes, "Komet sends POST; this is "+m)
	default:
		sent := c.Request.Header.Value("Content-Type")
		if media, _, err := mime.ParseMediaType(sent); sent != "" && (err != nil || media != "application/json") { // media is in lower case
			notes = append(notes, "Komet sends application/JSON; this says another Content-Type")
		}
	}
	return notes
}

var orderFields = []providers.Known{
	{Path: "companyId", Label: "Company", Kind: capture.KindCode},
	{Path: "orderId", Label: "Order", Kind: capture.KindCode},
	{Path: "paymentId", Label: "Payment", Kind: capture.KindCode},
	{Path: "paymentNumber", Label: "Payment number", Kind: capture.KindCode},
	{Path: "orderIds", Label: "Orders of the payment", Kind: capture.KindCode},
}

// sensitive: the callback holds no personal data; people leave Komet's own API
// token, which has the same name, in bodies and addresses.
var sensitive = providers.Secrets("header authenticationToken", "header Authorization", "?token", "?authenticationToken", "authenticationToken")

func decode(c *providers.Callback) capture.Decoding {
	i := idsOf(c)
	event, _ := eventOf(c, i)
	d := capture.Decoding{Title: title(event)}
	if i.fromQuery {
		d.Sections = []capture.Section{{Title: "Order", Facts: []capture.Fact{
			{Label: "Company", Path: "?companyId", Value: i.company, Kind: capture.KindCode},
			{Label: "Order", Path: "?invoiceId", Value: i.order, Kind: capture.KindCode},
		}}}
		d.Notes = append(d.Notes, "the oldest form of Komet's callback, documented for confirmations: a GET whose invoiceId is taken to be the order")
		if len(c.Request.Body) == 0 {
			return d
		}
	}
	root, err := c.JSON()
	if err != nil {
		bad := providers.Undecoded(c, err)
		bad.Title, bad.Sections = d.Title, d.Sections
		bad.Notes = append(d.Notes, bad.Notes...)
		return bad
	}
	if facts := providers.Facts(root, "", orderFields); len(facts) > 0 {
		d.Sections = append(d.Sections, capture.Section{Title: "Order", Facts: facts})
	}
	d.Unknown = providers.Unknown(root, d.Sections)
	if what := meanings[event]; what != "" {
		d.Notes = append(d.Notes, what)
	}
	if event == unclear {
		d.Notes = append(d.Notes, "confirmation and cancellation are the same bytes: give them addresses of their own, /komet/confirm and /komet/cancel")
	}
	return d
}
