package probo

import (
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

func callback(target, body string) *providers.Callback {
	r := &capture.Request{Method: "POST", Target: target, Body: []byte(body), Size: int64(len(body))}
	return providers.NewCallback(r, nil, providers.LookLimit)
}

func TestEventName(t *testing.T) {
	for _, tt := range []struct{ sent, want string }{
		{"accepted", "order.accepted"},
		{"order_accepted", "order.accepted"},
		{"Order_Shipment Delayed", "order.shipment_delayed"},
		{" in_production ", "order.in_production"},
		{"--Lost -- at sea!", "order.lost_at_sea"},
		{"", ""},
		{"!?", ""},
	} {
		if got := eventName("order", tt.sent); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.sent, got, tt.want)
		}
	}
	if got := eventName("order", strings.Repeat("long ", 10_000)); len(got) > 100 {
		t.Errorf("an event of %d bytes", len(got))
	}
}

func TestDetect(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       providers.Confidence
	}{
		{"a known status", `{"status":"accepted","message":"m","order":{"id":"1"}}`, providers.High},
		{"a known status with its old prefix", `{"status":"order_accepted","message":"m","order":{"id":"1"}}`, providers.High},
		{"Probo's number", `{"status":"new","message":"m","order":{"id":"1","supplier_order_number":2}}`, providers.High},
		{"a status page", `{"status":"new","message":"m","order":{"id":"1","status_page_url":"https://print-status.com/1"}}`, providers.High},
		{"another host's page", `{"status":"new","message":"m","order":{"id":"1","status_page_url":"https://not-print-status.com/1"}}`, providers.Medium},
		{"an unknown status", `{"status":"new","message":"m","order":{"id":"1"}}`, providers.Medium},
		{"without an id", `{"status":"accepted","message":"m","order":{}}`, providers.Medium},
		{"tiling", `{"status":"confirmed","products":[{"tiling_format":"none"}]}`, providers.High},
		{"a status number", `{"status":8,"message":"m","order":{"id":"1"}}`, providers.None},
		{"no message", `{"status":"accepted","order":{"id":"1"}}`, providers.None},
		{"products of others", `{"status":"confirmed","products":[{"sku":"A"}]}`, providers.None},
		{"an array", `[{"status":"accepted","message":"m","order":{"id":"1"}}]`, providers.None},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := detect(callback("/", tt.body)); d.Confidence != tt.want {
				t.Errorf("%s (%s), want %s", d.Confidence, d.Why, tt.want)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	keys := providers.Keys{credential: {providers.NewKey(credential, "", "to/ken 1", false)}}
	for _, tt := range []struct {
		target string
		keys   providers.Keys
		want   capture.Status
	}{
		{"/probo/to%2Fken%201", keys, capture.Valid},
		{"/orders/7/to%2Fken%201/status", keys, capture.Valid},
		{"/probo?x=to/ken+1", keys, capture.Valid},
		{"/probo?token=to/ken%201", keys, capture.Valid},
		{"http://host/probo?KEY=to/ken%201", keys, capture.Valid},
		{"/probo", keys, capture.Unsigned},
		{"/probo/to/ken%201", keys, capture.Unsigned},
		{"/probo?x=wrong", keys, capture.Unsigned},
		{"/probo?Token=wrong", keys, capture.Invalid},
		{"/probo/to%2Fken%201?secret=wrong", keys, capture.Invalid},
		{"/probo?token=", keys, capture.Unsigned},
		{"/probo?token=any", nil, capture.Unprovable},
	} {
		if v := verify(callback(tt.target, ""), tt.keys); v.Status != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.target, v.Status, v.Reason, tt.want)
		}
	}
}

func TestDeliveryKeys(t *testing.T) {
	keyOf := func(body string) string { return read(callback("/", body)).Delivery }
	const head = `{"status":"shipment_in_transit","message":"m","order":{"id":"1"},"shipped_packages":`
	one := keyOf(head + `[{"barcode":"A"},{"barcode":"B"}]}`)
	if turned := keyOf(head + `[{"barcode":"B"},{"barcode":"A"},{"barcode":"A"}]}`); turned != one {
		t.Errorf("a set of barcodes has the keys %q and %q", one, turned)
	}
	if other := keyOf(head + `[{"barcode":"A"}]}`); other == one {
		t.Errorf("other packages have the same key %q", one)
	}
	if got := keyOf(`{"status":"accepted","message":"m","order":{}}`); got != "" {
		t.Errorf("without an order the key is %q", got)
	}
	if got := keyOf(`{"status":"order_accepted","message":"m","order":{"supplier_order_number":7}}`); got != "7|accepted|" {
		t.Errorf("Probo's number stands in: %q", got)
	}
}

func TestCredentialCheck(t *testing.T) {
	check := Provider.Credentials[0].Check
	if check("Probo") == nil {
		t.Error("a token that every address holds is accepted")
	}
	if err := check("kX8-long"); err != nil {
		t.Error(err)
	}
}
