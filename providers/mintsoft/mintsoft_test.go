package mintsoft

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

func callback(method, path, body string) *providers.Callback {
	r := &capture.Request{Method: method, Target: path, Body: []byte(body), Size: int64(len(body))}
	return providers.NewCallback(r, nil, providers.LookLimit)
}

func TestEvent(t *testing.T) {
	order := func(status string) string {
		return `{"OrderNumber":"7","OrderStatusId":` + status + `,"CLIENT_CODE":"C","ID":1}`
	}
	for _, tt := range []struct{ name, path, body, event, note string }{
		{"the path hints", "/cb/OrderDespatched", order("4"), despatched, ""},
		{"in another case", "/cb/orderDESPATCHED/x", order("4"), despatched, ""},
		{"invoiced shows as despatched", "/cb/OrderDespatched", order("5"), despatched, ""},
		{"path against status", "/cb/OrderCancelled", order("4"), cancelled, "the path says order.cancelled, OrderStatusId 4 says Despatched"},
		{"path against an unknown status", "/cb/OrderDespatched", order("99"), despatched, "OrderStatusId 99 says a status that is not known here"},
		{"path against shape", "/cb/OrderDespatched", `[{"SplitOrderId":2}]`, despatched, "the body has the shape of order.split"},
		{"split without a split", "/cb/OrderSplit", order("1"), split, "the body is one order"},
		{"the status despatched", "/hook", order("4"), despatched, ""},
		{"the status cancelled", "/hook", order("3"), cancelled, ""},
		{"another status", "/hook", order("7"), "", ""},
		{"shape before status", "/hook", `[{"SplitOrderId":2,"OrderStatusId":3}]`, split, ""},
		{"tracking", "/hook", `[{"TrackingStatusId":2,"CourierTimeStamp":"t"}]`, delivered, ""},
		{"not JSON, but a path", "/cb/OrderDelivered", `<xml/>`, delivered, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(callback("POST", tt.path, tt.body))
			if r.Event != tt.event {
				t.Errorf("event %q, want %q", r.Event, tt.event)
			}
			if notes := strings.Join(r.Notes, "; "); tt.note == "" && notes != "" || !strings.Contains(notes, tt.note) {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
		})
	}
}

func TestNamesInAnotherCase(t *testing.T) {
	c := callback("POST", "/hook", `{"Id":78025,"orderNumber":"7","orderStatusId":4,"client_code":"C","country":{"name":"Latvia"},"orderItems":[{"Sku":"A"},{"sku":"B"}],"New":1}`)
	if d := detect(c); d.Confidence != providers.Medium {
		t.Errorf("confidence %s, want medium", d.Confidence)
	}
	if r := read(c); r.Event != despatched || r.Order != "7" || !strings.HasPrefix(r.Delivery, "order.despatched|78025|") {
		t.Errorf("read %+v", r)
	}
	d := decode(c)
	var paths []string
	for _, s := range d.Sections {
		for _, f := range slices.Concat(append(s.Rows, s.Facts)...) {
			paths = append(paths, f.Path)
		}
	}
	for _, want := range []string{"Id", "orderNumber", "country.name", "orderItems[0].Sku", "orderItems[1].sku"} {
		if !slices.Contains(paths, want) {
			t.Errorf("the fact %s is missing from %q", want, paths)
		}
	}
	if len(d.Unknown) != 1 || d.Unknown[0].Path != "New" {
		t.Errorf("unknown %+v, want New alone", d.Unknown)
	}
}

func TestDeliveryKeys(t *testing.T) {
	keyOf := func(body string) string { return read(callback("POST", "/hook", body)).Delivery }
	event := func(id, at string) string {
		return `{"TrackingStatusId":2,"CourierTimeStamp":"t","ID":` + id + `,"LastUpdated":"` + at + `"}`
	}
	first := keyOf("[" + event("1", "a") + "]")
	if again := keyOf(" [ " + event("1", "a") + " ]"); again != first || first == "" {
		t.Errorf("the same delivery: %q and %q", first, again)
	}
	for _, other := range []string{"[" + event("2", "a") + "]", "[" + event("1", "b") + "]", "[" + event("1", "a") + "," + event("2", "a") + "]"} {
		if keyOf(other) == first {
			t.Errorf("%s has the key of another delivery", other)
		}
	}
	a, b := keyOf(`[{"TrackingStatusId":2,"CourierTimeStamp":"t"}]`), keyOf(`[{"TrackingStatusId":2,"CourierTimeStamp":"u"}]`)
	if a == b {
		t.Error("events without an id have one key")
	}
	if k := keyOf(`{"OrderNumber":"7","OrderStatusId":4,"CLIENT_CODE":"C"}`); k != "" {
		t.Errorf("an order without an ID has the key %q", k)
	}
}

func TestOrderOfDelivered(t *testing.T) {
	const event = `[{"TrackingStatusId":2,"CourierTimeStamp":"t","OrderShipment":%s}]`
	for _, tt := range []struct{ path, shipment, want string }{
		{"/hook", "null", ""},
		{"/hook?order=W-1", "null", "W-1"},
		{"/hook?OrderNumber=W-2", "null", "W-2"},
		{"/hook?id=", "null", ""},
		{"/hook?id=5", `{"OrderNumber":"W-3"}`, "W-3"},
	} {
		if got := read(callback("POST", tt.path, fmt.Sprintf(event, tt.shipment))).Order; got != tt.want {
			t.Errorf("%s with %s: order %q, want %q", tt.path, tt.shipment, got, tt.want)
		}
	}
}

func TestDecodeListsEveryField(t *testing.T) {
	for _, s := range Provider.Samples {
		d := decode(callback(s.Method, s.Path, strings.Replace(string(s.Body), `"ID": `, `"Brand new": "x", "ID": `, 1)))
		if !slices.ContainsFunc(d.Unknown, func(f capture.Fact) bool { return strings.HasSuffix(f.Path, "Brand new") }) {
			t.Errorf("%s: an undocumented field is not listed: %+v", s.Name, d.Unknown)
		}
	}
}

func TestDecodeBoundsSplits(t *testing.T) {
	d := decode(callback("POST", "/hook", "["+strings.Repeat(`{"SplitOrderId":1},`, 40)+`{"SplitOrderId":1}]`))
	if len(d.Sections) != maxSplits || !slices.Contains(d.Notes, "only the first 20 of 41 splits are laid out") {
		t.Errorf("%d sections, notes %q", len(d.Sections), d.Notes)
	}
}

func TestTimeNote(t *testing.T) {
	for _, tt := range []struct{ sent, want string }{
		{"2020-10-05T23:36:31.5231781", "no zone given; seven digits of a second, as sent"},
		{"2020-10-05T23:36:31", "no zone given"},
		{"2020-10-05T23:36:31Z", ""},
		{"2020-10-05T23:36:31.5231781+01:00", ""},
		{"2020-10-05", ""},
		{"0001-01-01T00:00:00", "no time: .NET writes an unset date like this"},
	} {
		c := callback("POST", "/", `{"LastUpdated":"`+tt.sent+`"}`)
		if got := timeNote(c.Object().Get("LastUpdated")); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.sent, got, tt.want)
		}
	}
}
