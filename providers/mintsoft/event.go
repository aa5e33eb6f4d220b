package mintsoft

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/providers"
)

// shape is what a body looks like.
type shape int

const (
	shapeNone     shape = iota
	shapeOrder          // an order as GET /api/Order/{id} gives it
	shapeTracking       // an array of tracking events
	shapeSplit          // an array of splits
	shapeASN
)

// body is what is told of a callback at a glance, read in one pass.
type body struct {
	shape  shape
	pascal bool // the names have the case of Mintsoft's API
	fields fields
	array  gjson.Result // the body where it is an array; fields are then its first element's
}

// Names that a glance looks for. Some of Mintsoft's clients see "Id" for "ID",
// so names are compared without case.
const (
	fID = iota
	fOrderNumber
	fExternal
	fStatus
	fClient
	fLastUpdated
	fCourier
	fTracking
	fPOReference
	fASNStatus
	fSplitOrderID
	fOrderID
	fTrackingStatus
	fCourierTime
	fDescription
	fSplitOrder
	fOrder
	fShipment
	fieldCount
)

var names = [fieldCount]string{
	"ID", "OrderNumber", "ExternalOrderReference", "OrderStatusId", "CLIENT_CODE", "LastUpdated",
	"CourierServiceName", "TrackingNumber", "POReference", "ASNStatus", "SplitOrderId", "OrderId",
	"TrackingStatusId", "CourierTimeStamp", "CourierCustomerDescription", "SplitOrder", "Order", "OrderShipment",
}

// fields are the values of names in an object; the first of equal names counts.
type fields struct {
	value [fieldCount]gjson.Result
	exact [fieldCount]bool
}

func fieldsOf(object gjson.Result) (f fields) {
	object.ForEach(func(key, value gjson.Result) bool {
		for i, name := range names {
			if len(key.Str) == len(name) && strings.EqualFold(key.Str, name) && !f.value[i].Exists() {
				f.value[i], f.exact[i] = value, key.Str == name
				break
			}
		}
		return true
	})
	return f
}

func (f *fields) has(i int) bool { return f.value[i].Exists() }

// text is a value without quotes, and "" for null, objects and arrays.
func (f *fields) text(i int) string {
	if v := f.value[i]; v.Type == gjson.String || v.Type == gjson.Number {
		return strings.TrimSpace(providers.Text(v))
	}
	return ""
}

// order is the shop's name of an order object.
func (f *fields) order() string {
	if external := f.text(fExternal); external != "" {
		return external
	}
	return f.text(fOrderNumber)
}

func look(c *providers.Callback) body {
	root, err := c.JSON()
	if err != nil {
		return body{}
	}
	b := body{pascal: true}
	switch {
	case root.IsObject():
		b.fields = fieldsOf(root)
	case root.IsArray():
		b.array = root
		root.ForEach(func(_, first gjson.Result) bool {
			if first.IsObject() {
				b.fields = fieldsOf(first)
			}
			return false
		})
	}
	f := &b.fields
	switch {
	case b.array.Exists() && f.has(fSplitOrderID):
		b.shape = shapeSplit
	case b.array.Exists() && f.has(fTrackingStatus) && f.has(fCourierTime):
		b.shape = shapeTracking
	case b.array.Exists():
	case f.has(fOrderNumber) && f.has(fStatus) && (f.has(fClient) || f.has(fExternal)):
		b.shape = shapeOrder
		b.pascal = f.exact[fOrderNumber] && f.exact[fStatus]
	case f.has(fPOReference) && f.has(fASNStatus):
		b.shape = shapeASN
	}
	return b
}

// eventOf says what happened: the endpoint's pinned event, else what the path
// hints at, else the shape of the body, else the order's status. The notes tell
// where path and body disagree.
func eventOf(c *providers.Callback, b *body) (event string, notes []string) {
	path := strings.ToLower(c.Request.Path())
	for _, hint := range hints {
		if strings.Contains(path, hint.part) {
			event = hint.event
		}
	}
	if pinned := c.PinnedEvent(); pinned != "" {
		event = pinned
	}
	status := b.fields.text(fStatus)
	if event == "" {
		if event = b.shape.event(); event == "" {
			event = told[status]
		}
		return event, nil
	}
	if want, ok := fitting[event]; ok && !b.array.Exists() && status != "" && !slices.Contains(want, status) {
		notes = append(notes, fmt.Sprintf("the path says %s, OrderStatusId %s says %s", event, status, statusName(status)))
	}
	if shaped := b.shape.event(); shaped != "" && shaped != event {
		notes = append(notes, fmt.Sprintf("the path says %s, the body has the shape of %s", event, shaped))
	}
	if b.shape == shapeOrder && event == split {
		notes = append(notes, "the path says order.split, the body is one order and names no other")
	}
	return event, notes
}

func (s shape) event() string {
	switch s {
	case shapeSplit:
		return split
	case shapeTracking:
		return delivered
	case shapeASN:
		return bookedIn
	case shapeNone, shapeOrder: // an order's status tells, not its shape
	}
	return ""
}

func statusName(status string) string {
	if name := statuses[status]; name != "" {
		return name
	}
	return "a status that is not known here"
}

func read(c *providers.Callback) providers.Reading {
	b := look(c)
	event, notes := eventOf(c, &b)
	if m := c.Request.Method; m != "POST" {
		notes = append(notes, "Mintsoft sends POST; this is "+m)
	}
	r := providers.Reading{Event: event, Notes: notes}
	title := titles[event]
	if title == "" {
		title = event // a user pinned an endpoint to an event of their own
	}
	parts := []string{title}
	add := func(prefix, text string) {
		if text != "" {
			parts = append(parts, prefix+text)
		}
	}
	f := &b.fields
	switch b.shape {
	case shapeTracking:
		r.Order = orderOfTracking(c, f)
		add("order ", r.Order)
		count, last := tally(b.array)
		add("", count)
		add("", last)
		r.Delivery = keyOf(event, b.array)
	case shapeSplit:
		parent := fieldsOf(f.value[fOrder])
		if r.Order = parent.order(); r.Order == "" {
			r.Order = f.text(fOrderID)
		}
		add("order ", r.Order)
		add("", f.text(fOrderID)+" → "+f.text(fSplitOrderID))
		r.Delivery = keyOf(event, b.array)
	case shapeASN:
		r.Order = f.text(fPOReference)
		add("PO ", r.Order)
		r.Delivery = key(event, f.text(fID), f.text(fASNStatus), f.text(fLastUpdated))
	default:
		r.Order = f.order()
		add("order ", r.Order)
		if event == "" && f.has(fStatus) {
			add("", "status "+f.text(fStatus)+" "+statusName(f.text(fStatus)))
		}
		add("", strings.TrimSpace(f.text(fCourier)+" "+f.text(fTracking)))
		if id := f.text(fID); id != "" && !b.array.Exists() {
			r.Delivery = key(event, id, f.text(fStatus), f.text(fLastUpdated))
		}
	}
	r.Summary = strings.Join(parts, " · ")
	return r
}

// orderOfTracking finds the order of tracking events. They carry no order number
// unless their shipment is expanded, so users put the order into the address.
func orderOfTracking(c *providers.Callback, f *fields) string {
	shipment := fieldsOf(f.value[fShipment])
	if order := shipment.order(); order != "" {
		return order
	}
	for _, name := range [...]string{"order", "orderNumber", "orderId", "id"} {
		if v, ok := c.Query(name); ok && v != "" {
			return v
		}
	}
	return ""
}

func key(parts ...string) string { return strings.Join(parts, "|") }

// keyOf is the delivery key of an array: the ids and times of its elements,
// hashed. An element without an id counts with all it holds.
func keyOf(event string, array gjson.Result) string {
	hash := sha256.New()
	array.ForEach(func(_, element gjson.Result) bool {
		f := fieldsOf(element)
		text := key(f.text(fID), f.text(fSplitOrderID), f.text(fLastUpdated))
		if !f.has(fID) {
			text = element.Raw
		}
		hash.Write([]byte(text + "\n"))
		return true
	})
	return key(event, "sha256:"+hex.EncodeToString(hash.Sum(nil)))
}

// tally counts tracking events and describes the last of them.
func tally(array gjson.Result) (count, last string) {
	n := 0
	array.ForEach(func(_, element gjson.Result) bool {
		n++
		f := fieldsOf(element)
		last = f.text(fDescription)
		return true
	})
	if n == 1 {
		return "1 tracking event", last
	}
	return strconv.Itoa(n) + " tracking events", last
}
