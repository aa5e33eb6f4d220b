package komet

import (
	"encoding/json"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

func callback(method, target, body string, header ...capture.Field) *providers.Callback {
	r := &capture.Request{Method: method, Target: target, Header: header, Body: []byte(body), Size: int64(len(body))}
	return providers.NewCallback(r, nil, providers.LookLimit)
}

func TestDetect(t *testing.T) {
	token := capture.Field{Name: "AuthenticationToken", Value: "t"}
	for _, tt := range []struct {
		name string
		c    *providers.Callback
		want providers.Confidence
	}{
		{"the header", callback("POST", "/", "", token), providers.High},
		{"company and order", callback("POST", "/", `{"companyId":1,"orderId":2}`), providers.Medium},
		{"and something else", callback("POST", "/", `{"companyId":1,"orderId":2,"x":3}`), providers.None},
		{"ids that are no numbers", callback("POST", "/", `{"companyId":"1","orderId":"2"}`), providers.None},
		{"ids that are no whole numbers", callback("POST", "/", `{"companyId":1.5,"orderId":2}`), providers.None},
		{"a payment", callback("POST", "/", `{"companyId":1,"paymentId":2,"paymentNumber":"3"}`), providers.High},
		{"a payment of nobody", callback("POST", "/", `{"paymentId":2}`), providers.None},
		{"the oldest form", callback("GET", "/?token=t&companyId=1&invoiceId=2", ""), providers.Medium},
		{"half of it", callback("GET", "/?token=t&companyId=1", ""), providers.None},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := detect(tt.c); d.Confidence != tt.want {
				t.Errorf("%s (%s), want %s", d.Confidence, d.Why, tt.want)
			}
		})
	}
}

func TestEvent(t *testing.T) {
	const order, paid = `{"companyId":1,"orderId":2}`, `{"companyId":1,"paymentId":2,"orderIds":"17899"}`
	for _, tt := range []struct{ path, pinned, body, event, order, note string }{
		{"/OrderConfirmation", "", order, confirmation, "1/2", ""},
		{"/cancelled", "", order, cancellation, "1/2", ""},
		{"/hook", "", order, unclear, "1/2", ""},
		{"/confirm-or-cancel", "", order, unclear, "1/2", "both confirm and cancel"},
		{"/cancel", confirmation, order, confirmation, "1/2", ""},
		{"/hook", cancellation, paid, payment, "1/17899", ""},
		{"/hook", confirmation, paid, payment, "1/17899", "the body is a payment cancellation"},
		{"/hook", "", `{"companyId":1,"orderId":92233720368547758079}`, unclear, "1/92233720368547758079", ""},
		{"/hook", "", `{"orderId":2}`, unclear, "2", ""},
	} {
		c := callback("POST", tt.path, tt.body)
		c.Endpoint = &capture.Endpoint{Path: tt.path, Provider: "komet", Event: tt.pinned}
		r := read(c)
		if r.Event != tt.event || r.Order != tt.order {
			t.Errorf("%s %s: event %q, order %q; want %q, %q", tt.path, tt.body, r.Event, r.Order, tt.event, tt.order)
		}
		if notes := strings.Join(r.Notes, "; "); tt.note == "" && notes != "" || !strings.Contains(notes, tt.note) {
			t.Errorf("%s %s: notes %q, want %q", tt.path, tt.body, notes, tt.note)
		}
	}
}

func TestDeliveryTellsEventsApart(t *testing.T) {
	const order = `{"companyId":1,"orderId":2}`
	confirm, cancel := read(callback("POST", "/confirm", order)), read(callback("POST", "/cancel", order))
	other := read(callback("POST", "/confirm", `{"companyId":3,"orderId":2}`))
	if confirm.Delivery == cancel.Delivery || confirm.Delivery == other.Delivery || confirm.Delivery == "" {
		t.Errorf("keys %q, %q, %q", confirm.Delivery, cancel.Delivery, other.Delivery)
	}
	if again := read(callback("POST", "/confirm", ` {"orderId":2, "companyId":1} `)); again.Delivery != confirm.Delivery {
		t.Errorf("a reconfirmation has the key %q, want %q", again.Delivery, confirm.Delivery)
	}
}

func TestAccepted(t *testing.T) {
	a := accepted(callback("POST", "/komet/confirm", ""))
	var body map[string]any
	if err := json.Unmarshal(a.Body, &body); err != nil {
		t.Fatal(err)
	}
	if a.Status != 200 || a.Header.Value("Content-Type") != "application/json" || body["status"] != "1" || body["message"] == "" || len(body) != 2 {
		t.Errorf("answer %d %v %s", a.Status, a.Header, a.Body)
	}
}

func TestOddities(t *testing.T) {
	const order = `{"companyId":1,"orderId":2}`
	for _, tt := range []struct {
		name string
		c    *providers.Callback
		want string
	}{
		{"the documented case", callback("POST", "/", order, capture.Field{Name: "Content-Type", Value: "application/JSON"}), ""},
		{"with a charset", callback("POST", "/", order, capture.Field{Name: "Content-Type", Value: "Application/Json; charset=UTF-8"}), ""},
		{"another type", callback("POST", "/", order, capture.Field{Name: "Content-Type", Value: "text/plain"}), "another Content-Type"},
		{"a long token", callback("POST", "/", order, capture.Field{Name: "authenticationToken", Value: strings.Repeat("x", 51)}), "longer than the documented 50"},
		{"another method", callback("PUT", "/", order), "this is PUT"},
		{"the oldest form", callback("GET", "/?companyId=1&invoiceId=2", ""), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			notes := strings.Join(read(tt.c).Notes, "; ")
			if tt.want == "" && notes != "" || !strings.Contains(notes, tt.want) {
				t.Errorf("notes %q, want %q", notes, tt.want)
			}
		})
	}
}

func TestCredentialCheck(t *testing.T) {
	check := Provider.Credentials[0].Check
	if check(strings.Repeat("ü", 51)) == nil {
		t.Error("51 characters are accepted")
	}
	if err := check(strings.Repeat("ü", 50)); err != nil {
		t.Errorf("50 characters: %v", err)
	}
}
