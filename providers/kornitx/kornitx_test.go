package kornitx

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

const (
	testKey   = "0123456789ABCDEF0123456789A"
	fieldName = "X-CustomGateway-Hmac"
)

func keysOf(pairs ...string) providers.Keys {
	keys := providers.Keys{}
	for i := 0; i < len(pairs); i += 2 {
		name, label, _ := strings.Cut(pairs[i], " ")
		public := name == jwks || name == issuer || name == audience
		keys[name] = append(keys[name], providers.NewKey(name, label, pairs[i+1], public))
	}
	return keys
}

func callback(method string, body []byte, header ...capture.Field) *providers.Callback {
	r := &capture.Request{Method: method, Target: "/kornitx/status", Header: header, Body: body, Size: int64(len(body))}
	return providers.NewCallback(r, nil, providers.DecodeLimit)
}

// TestVectors checks the readings of the body that the vendor's wording allows,
// in hex and base64, all over the body as it is sent: pretty-printed.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/kornitx_synthetic.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name, Key, Message string
		Hex                string `json:"hmac_sha256_hex"`
		Base64             string `json:"hmac_sha256_base64"`
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"raw_pretty":               "raw body, 698 bytes",
		"minified_outside_strings": "body with white space outside strings removed, 496 bytes",
		"all_whitespace_removed":   "body with all white space removed, 495 bytes",
		"php_json_encode_slashes":  "body as PHP's json_encode writes it, 499 bytes",
	}
	if len(vectors) != len(want) {
		t.Fatalf("%d vectors, want %d", len(vectors), len(want))
	}
	for _, v := range vectors {
		for _, value := range []string{v.Hex, strings.ToUpper(v.Hex), v.Base64} {
			c := callback("PUT", sampleDispatched, capture.Field{Name: strings.ToLower(fieldName), Value: value})
			got := verify(c, keysOf(apiKey+" live", v.Key))
			if got.Status != capture.Valid || got.Signed != want[v.Name] || got.Key != "live" {
				t.Errorf("%s %s: got %s, %q, key %q; want valid, %q", v.Name, value, got.Status, got.Signed, got.Key, want[v.Name])
			}
			if !strings.Contains(got.Reason, strings.Split(want[v.Name], ",")[0]) {
				t.Errorf("%s: the reason %q does not name the reading", v.Name, got.Reason)
			}
			if got := verify(c, keysOf(apiKey, v.Key+"B")); got.Status != capture.Invalid || got.Expected == "" || got.Received != value {
				t.Errorf("%s with another key: got %s, expected %q, received %q; want invalid", v.Name, got.Status, got.Expected, got.Received)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	tests := []struct{ body, event, summary, delivery string }{
		{`{"id":1,"status":8,"status_name":"Dispatched","external_ref":"X"}`, "order.dispatched", "Dispatched · order X", "1|8|"},
		{`{"id":1,"status":32,"status_name":"QC Query"}`, "order.qc_query", "QC Query", "1|32|"},
		{`{"id":1,"status":64,"status_name":""}`, "order.dispatched_retailer_notified", "Dispatched (Retailer Notified)", "1|64|"},
		{`{"id":1,"status":64,"status_name":null}`, "order.dispatched_retailer_notified", "Dispatched (Retailer Notified)", "1|64|"},
		{`{"id":1,"status":4}`, "order.in_production", "In Production", "1|4|"},
		{`{"id":1,"status":999}`, "order.999", "Status 999", "1|999|"},
		{`{"id":1,"status":"8"}`, "order.dispatched", "Dispatched", "1|8|"},
		{`{"id":1,"status":77,"status_name":"  Ölfarbe! (neu) "}`, "order.ölfarbe_neu", "Ölfarbe! (neu)", "1|77|"},
		{`{"id":1}`, "", "Callback without a status", "1||"},
		{`{}`, "", "Callback without a status", ""},
		{`{"Orders":[{"OrderExternalRef":"A","Items":[]},{"OrderExternalRef":"B","Items":[]}]}`, "order.push", "Order push · 2 orders · order A", "label|"},
		{`nonsense`, "", "Callback that is no JSON object", ""},
		{`[]`, "", "Callback that is no JSON object", ""},
	}
	for _, tt := range tests {
		got := read(callback("PUT", []byte(tt.body)))
		if got.Event != tt.event || got.Summary != tt.summary || !strings.HasPrefix(got.Delivery, tt.delivery) || (got.Delivery == "") != (tt.delivery == "") {
			t.Errorf("%s: got %q, %q, %q; want %q, %q, %q…", tt.body, got.Event, got.Summary, got.Delivery, tt.event, tt.summary, tt.delivery)
		}
	}
}

// TestDelivery: a redelivery has the key of the first try, an entity event with
// the same status another.
func TestDelivery(t *testing.T) {
	key := func(body []byte) string { return read(callback("PUT", body)).Delivery }
	first := key(sampleDispatched)
	if again := key(sampleDispatched); again != first || first == "" {
		t.Errorf("sent again: %q and %q, want equal", first, again)
	}
	if entity := key(sampleEntity); entity == first {
		t.Errorf("the entity event has the key %q of the status callback", entity)
	}
}

func TestNotes(t *testing.T) {
	tests := []struct{ method, body, want string }{
		{"PUT", `{"status":8,"status_name":"Cancelled"}`, `status 8 is "Dispatched" in KornitX's documentation, status_name says "Cancelled"`},
		{"PUT", `{"status":8,"status_name":"dispatched"}`, ""},
		{"PUT", `{"status":513,"status_name":"Something"}`, ""},
		{"POST", `{"status":8,"status_name":"Dispatched"}`, "KornitX sends status callbacks as PUT; this is POST"},
	}
	for _, tt := range tests {
		if got := strings.Join(read(callback(tt.method, []byte(tt.body))).Notes, "; "); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.method, tt.body, got, tt.want)
		}
	}
}

func facts(d capture.Decoding) map[string]capture.Fact {
	all := map[string]capture.Fact{}
	for _, s := range d.Sections {
		for _, f := range s.Facts {
			all[f.Path] = f
		}
		for _, row := range s.Rows {
			for _, f := range row {
				all[f.Path] = f
			}
		}
	}
	return all
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name, method     string
		body             []byte
		path, value, tip string
		unknown          string
	}{
		{"status", "PUT", sampleDispatched, "status", "8", "8 = Dispatched", ""},
		{"shipment", "PUT", sampleDispatched, "new_shipments[0].dispatch_datetime", "2023-02-27 12:04:19", "no zone is given; UTC is a guess", ""},
		{"line", "PUT", sampleDispatched, "new_shipments[0].items[0].ref", "C3DD35B0E1F", "", ""},
		{"cancelled in items", "PUT", sampleCancelled, "new_cancellations[0].items[0].external_ref", "10094507", "", ""},
		{"cancelled directly", "PUT", []byte(`{"status_name":"x","new_cancellations":[{"quantity":2,"ref":"R"}]}`), "new_cancellations[0].quantity", "2", "", ""},
		{"unknown", "PUT", []byte(`{"status":5,"extra":{"a":[1.50]}}`), "status", "5", "not a number that KornitX documents", "extra.a[0]=1.50"},
		{"null date", "POST", samplePush, "completion_datetime", "0000-00-00 00:00:00", "no time: KornitX writes null like this", ""},
		{"date with a zone", "PUT", []byte(`{"status_name":"x","required_dispatch_date":"2023-02-27T12:04:19+01:00"}`), "required_dispatch_date", "2023-02-27T12:04:19+01:00", "", ""},
		{"nothing cancelled", "PUT", sampleDispatched, "new_cancellations", "[]", "none", ""},
		{"push line", "POST", samplePush, "items[0].quantity", "1", "", ""},
		{"label line", "POST", sampleLabel, "Orders[0].Items[0].EAN", "5012345678900", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := decode(callback(tt.method, tt.body))
			got, ok := facts(d)[tt.path]
			if !ok || got.Value != tt.value || got.Note != tt.tip {
				t.Errorf("%s: got %+v, want %q with %q", tt.path, got, tt.value, tt.tip)
			}
			var unknown []string
			for _, f := range d.Unknown {
				unknown = append(unknown, f.Path+"="+f.Value)
			}
			if strings.Join(unknown, " ") != tt.unknown {
				t.Errorf("unknown %q, want %q", unknown, tt.unknown)
			}
			if d.Error != "" {
				t.Errorf("error %q", d.Error)
			}
		})
	}
}

// TestBearerAtReceipt checks that a token is judged by the time it came, so that
// looking later does not change the verdict.
func TestBearerAtReceipt(t *testing.T) {
	file, err := os.ReadFile("testdata/bearer.http")
	if err != nil {
		t.Fatal(err)
	}
	set, err := os.ReadFile("testdata/idp_jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	_, raw, _ := strings.Cut(string(file), "\n---\n")
	r, err := capture.ReadRequest([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	all := keysOf(jwks, string(set), issuer, "https://login.example.com/", audience, "kornitx")
	tests := []struct {
		name     string
		received time.Time
		keys     providers.Keys
		want     capture.Status
		reason   string
	}{
		{"in time, azp as audience", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), all, capture.Valid, "the body is not covered"},
		{"time not known", time.Time{}, all, capture.Valid, "Not checked: exp"},
		{"expired", time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC), all, capture.Invalid, "had expired on 2100-01-01"},
		{"from the future", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), all, capture.Invalid, "from the future"},
		{"no issuer configured", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), keysOf(jwks, string(set)), capture.Valid, "Not checked: iss, aud."},
		{"other issuer", time.Time{}, keysOf(jwks, string(set), issuer, "x"), capture.Invalid, `The issuer is "https://login.example.com/"`},
		{"no keys", time.Time{}, nil, capture.KeyMissing, "kornitx.jwks is not configured"},
		{"broken keys", time.Time{}, keysOf(jwks, `{"keys":[]}`), capture.KeyMissing, "holds no key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := r
			r.Received = tt.received
			got := verify(providers.NewCallback(&r, nil, providers.DecodeLimit), tt.keys)
			if got.Status != tt.want || !strings.Contains(got.Reason, tt.reason) {
				t.Errorf("got %s, %q; want %s, %q", got.Status, got.Reason, tt.want, tt.reason)
			}
			if got.Expected+got.Received != "" {
				t.Errorf("a token shows: %q, %q", got.Expected, got.Received)
			}
		})
	}
}

// TestSeveralProofs: a wrong proof outweighs a right one, and a right one those
// that cannot be checked.
func TestSeveralProofs(t *testing.T) {
	sum := providers.MAC{}.Encode(providers.SumHMAC(testKey, sampleDispatched))
	mac := func(value string) capture.Field { return capture.Field{Name: fieldName, Value: value} }
	auth := func(value string) capture.Field { return capture.Field{Name: "Authorization", Value: value} }
	keys := keysOf(apiKey, testKey)
	for _, tt := range []struct {
		name   string
		header []capture.Field
		keys   providers.Keys
		want   capture.Status
	}{
		{"beside Basic", []capture.Field{mac(sum), auth("Basic YTpi")}, keys, capture.Valid},
		{"beside an opaque token", []capture.Field{auth("Bearer opaque"), mac(sum)}, keys, capture.Valid},
		{"beside a token without a signature", []capture.Field{mac(sum), auth("Bearer eyJhbGciOiJub25lIn0.e30.")}, keys, capture.Invalid},
		{"twice, once wrong", []capture.Field{mac(sum), mac(strings.Repeat("0", 64))}, keys, capture.Invalid},
		{"cut beside right", []capture.Field{mac(sum), mac(sum[:60])}, keys, capture.Malformed},
		{"key of the order push alone", []capture.Field{mac(sum)}, keysOf(pushKey, testKey), capture.KeyMissing},
		{"nothing but Basic", []capture.Field{auth("Basic YTpi")}, keys, capture.KeyMissing},
	} {
		if got := verify(callback("PUT", sampleDispatched, tt.header...), tt.keys); got.Status != tt.want {
			t.Errorf("%s: got %s (%s), want %s", tt.name, got.Status, got.Reason, tt.want)
		}
	}
}

func TestCredentialChecks(t *testing.T) {
	if notNumber("850135") == nil || notNumber(testKey) != nil {
		t.Error("the company's reference number should be refused as API key, and a key taken")
	}
	if providers.CheckKeys("hello") == nil {
		t.Error("hello is taken as JWKS")
	}
}

func TestSensitiveCoversPersonalData(t *testing.T) {
	covered := func(name string) bool {
		return slices.ContainsFunc(sensitive, func(s capture.Sensitive) bool {
			start, open := strings.CutSuffix(s.Path, "*")
			return s.Path == name || open && strings.HasPrefix(name, start)
		})
	}
	if !covered("billing_vat") {
		t.Error("billing_vat is not listed as personal data: what is not documented is as personal")
	}
	for _, fields := range [][]providers.Known{pushShippingFields, pushBillingFields} {
		for _, f := range fields {
			if !covered(f.Path) {
				t.Errorf("%s is not listed as personal data", f.Path)
			}
		}
	}
}
