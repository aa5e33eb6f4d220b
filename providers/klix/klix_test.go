package klix

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

func load(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(path, "../../../") {
		t.Skipf("%s is not there", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func keysOf(t testing.TB, pairs ...string) providers.Keys {
	t.Helper()
	keys := providers.Keys{}
	for i := 0; i < len(pairs); i += 2 {
		name, label, _ := strings.Cut(pairs[i], " ")
		keys[name] = append(keys[name], providers.NewKey(name, label, string(load(t, pairs[i+1])), true))
	}
	return keys
}

func callback(method, target string, body []byte, header ...capture.Field) *providers.Callback {
	r := &capture.Request{Method: method, Target: target, Header: header, Body: body, Size: int64(len(body))}
	return providers.NewCallback(r, nil, providers.DecodeLimit)
}

const signedDigest = "fe7c9e98c13a42c15773c901afa45c6047c988ce7576f777d184c72e8e5b3778"

// TestDocumentation checks the signature of the legacy documentation: weak with
// the body that it covers, wrong with the one that is printed beside it.
func TestDocumentation(t *testing.T) {
	keys := keysOf(t, certificate+" docs", "testdata/legacy_cert.pem")
	c := callback("PUT", "/x", samplePaid, signedSample)
	c.Request.Received = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	got := verify(c, keys)
	if got.Status != capture.WeakKey || got.Key != "docs" || got.Signed != "raw body, 1349 bytes" || got.Expected != signedDigest || got.Received != signedDigest {
		t.Errorf("signed body: got %+v; want weak_key", got)
	}
	for _, want := range []string{"weak key: proves nothing about the origin", "valid from 2018-06-12 to 2028-06-09."} {
		if !strings.Contains(got.Reason, want) {
			t.Errorf("reason %q, want %q in it", got.Reason, want)
		}
	}
	c = callback("PUT", "/x", samplePrinted, signedSample)
	got = verify(c, keys)
	if got.Status != capture.Invalid || got.Received != signedDigest || got.Expected == signedDigest || got.Key != "" {
		t.Errorf("printed body: got %+v; want invalid, with the digest that was signed", got)
	}
	if !strings.Contains(got.Reason, "klix.certificate (docs) made this signature, but over other content") {
		t.Errorf("reason %q", got.Reason)
	}
	found := map[string]string{}
	for _, try := range ladder(c, keys) {
		if try.Matches {
			found[try.Reading] = try.Meaning
		}
	}
	if len(found) != 2 || !strings.Contains(found["body minified, without payment.method, payment.status and payment.error"], "changed after it was signed") ||
		!strings.Contains(found[providers.SignatureAlone], signedDigest) {
		t.Errorf("rungs that match: %q", found)
	}
}

// TestSeveralProofs: any wrong proof makes a callback invalid; a right one is
// enough beside one that has no key.
func TestSeveralProofs(t *testing.T) {
	certificates := keysOf(t, certificate, "testdata/legacy_cert.pem")
	both := keysOf(t, certificate, "testdata/legacy_cert.pem", publicKey, "testdata/company.pem")
	portal := func(value string) capture.Field { return capture.Field{Name: portalSignature, Value: value} }
	wrong := signedSample
	wrong.Value = "mxeCmiKKycjMSrIyu66tlwzGDMhoOtOBMNsIMPQlmdWtDjJF2O3XxBaEDxPj2UWCSnAQYhp4GinRrHttT21t9A=="
	for _, tt := range []struct {
		name   string
		header []capture.Field
		keys   providers.Keys
		want   capture.Status
		reason string
	}{
		{"right beside one without a key", []capture.Field{signedSample, portal("AAAA")}, certificates, capture.WeakKey, "klix.public_key or klix.webhook_key is not configured"},
		{"right beside one that cannot be read", []capture.Field{signedSample, portal("not base64!")}, both, capture.Malformed, "X-Signature is not base64"},
		{"right beside wrong", []capture.Field{signedSample, portal(strings.Repeat("A", 342) + "==")}, both, capture.Invalid, "Another key than klix.public_key made this signature."},
		{"twice, once wrong", []capture.Field{signedSample, wrong}, both, capture.Invalid, "over other content"},
		{"wrong", []capture.Field{wrong}, both, capture.Invalid, "over other content"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := verify(callback("PUT", "/x", samplePaid, tt.header...), tt.keys)
			if got.Status != tt.want || !strings.Contains(got.Reason, tt.reason) || len(tt.header) > 1 && len(got.Checks) != len(tt.header) {
				t.Errorf("got %s, %q with %d checks; want %s, %q", got.Status, got.Reason, len(got.Checks), tt.want, tt.reason)
			}
		})
	}
}

func TestCertificateDates(t *testing.T) {
	keys := keysOf(t, certificate, "testdata/legacy_cert.pem")
	for year, want := range map[int]string{2017: "it was not yet valid when the callback came.", 2029: "it had expired when the callback came."} {
		c := callback("PUT", "/x", samplePaid, signedSample)
		c.Request.Received = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		if got := verify(c, keys); got.Status != capture.WeakKey || !strings.HasSuffix(got.Reason, want) {
			t.Errorf("%d: got %s, %q; want weak_key, …%q", year, got.Status, got.Reason, want)
		}
	}
}

// TestRawBytesOnly: what people and programs do to a body breaks the signature.
func TestRawBytesOnly(t *testing.T) {
	keys := keysOf(t, certificate, "testdata/legacy_cert.pem")
	for name, body := range map[string][]byte{
		"newline":        append(bytes.Clone(samplePaid), '\n'),
		"BOM":            append([]byte("\ufeff"), samplePaid...),
		"number":         bytes.Replace(samplePaid, []byte("88.00"), []byte("88"), 1),
		"escaped letter": bytes.Replace(samplePaid, []byte("ī"), []byte(`\u012b`), 1),
		"blank":          bytes.Replace(samplePaid, []byte(","), []byte(", "), 1),
		"empty":          nil,
	} {
		if got := verify(callback("PUT", "/x", body, signedSample), keys); got.Status != capture.Invalid {
			t.Errorf("%s: got %s, want invalid", name, got.Status)
		}
	}
}

// TestPortalVector checks the vector that the vendor's SDK publishes.
func TestPortalVector(t *testing.T) {
	const dir = "../../../shared/vectors/klix_portal_v1_"
	body := load(t, dir+"webhook_body.json")
	sig := strings.TrimSpace(string(load(t, dir+"webhook.sig.b64")))
	c := callback("POST", "/x", body, capture.Field{Name: "X-Signature", Value: sig})
	if d := detect(c); d.Confidence != providers.VeryHigh {
		t.Errorf("detected as %s (%s), want very high", d.Confidence, d.Why)
	}
	for _, name := range []string{publicKey, webhookKey} {
		keys := keysOf(t, certificate, "testdata/legacy_cert.pem", name+" mine", dir+"pubkey.pem")
		got := verify(c, keys)
		if got.Status != capture.Valid || got.Key != "mine" || !strings.Contains(got.Reason, name+" (mine)") {
			t.Errorf("%s: got %s, key %q, %q; want valid, and the key named", name, got.Status, got.Key, got.Reason)
		}
	}
	r := read(c)
	if r.Event != "purchase.created" || r.Summary != "Purchase created · 1.00 EUR" || !strings.HasPrefix(r.Delivery, "purchase.created|") {
		t.Errorf("got %+v", r)
	}
	if d := decode(c); d.Error != "" || len(d.Unknown) > 0 {
		t.Errorf("error %q, unknown %v", d.Error, d.Unknown)
	}
}

func TestEvents(t *testing.T) {
	jws := func(payload string) string {
		parts := strings.Split(string(sampleJWS), ".")
		return parts[0] + "." + payload + "." + parts[2]
	}
	tests := []struct{ name, method, target, body, event, order, summary string }{
		{"legacy with the shop's order", "PUT", "/x", `{"id":"K","order_id":"S1","status":"FAILED","total_amount":5.10,"currency":"EUR","payment":{"status":"FAILED","error":{"code":"101","message":"Expired card"}}}`, "purchase.failed", "S1", "Failed · 5.10 EUR · payment failed: 101 Expired card · order S1"},
		{"failed without a reason", "PUT", "/x", `{"id":"K","status":"FAILED","payment":{"status":"FAILED"}}`, "purchase.failed", "K", "Failed · payment failed · order K"},
		{"shipping cost", "POST", "/x", string(sampleShipping), "shipping.cost", "05957e7f-803f-46f0-9100-1c3e10199b43", "Shipping cost asked · omniva · order 05957e7f-803f-46f0-9100-1c3e10199b43"},
		{"verification with the shop's order", "POST", "/x", jws("eyJvcmRlcklkIjoiSyIsImV4dGVybmFsT3JkZXJJZCI6IlMxIn0"), "order.verification", "S1", "Order verification · order S1"},
		{"JWS of 2019", "POST", "/x", jws("eyJzdGF0dXMiOiJQQVlNRU5UX0FQUFJPVkVEIiwib3JkZXJJZCI6IksifQ"), "purchase.payment_approved", "K", "Payment approved · order K"},
		{"portal", "POST", "/x", `{"id":"P","event_type":"payment.refunded","order_id":"O","purchase":{"total":7,"currency":"EUR"}}`, "payment.refunded", "O", "Payment refunded · 0.07 EUR · order O"},
		{"portal in another currency", "POST", "/x", `{"id":"P","event_type":"payout.failed","purchase":{"total":700,"currency":"JPY"}}`, "payout.failed", "P", "Payout failed · 700 JPY in minor units · order P"},
		{"plugin for WooCommerce", "GET", "/?wc-api=wc_gateway_klix&id=77&action=paid", "", "purchase.paid", "77", "Purchase paid · order 77"},
		{"portal without event_type", "POST", "/?wc-api=wc_gateway_klix&id=77", `{"id":"P","status":"paid"}`, "purchase.paid", "77", "Purchase paid · order 77"},
		{"terms", "GET", "/terms.html", "", "terms", "", "Terms and conditions fetched"},
		{"test", "OPTIONS", "/callbacks", "", "connection.test", "", "Connection test"},
		{"nothing", "POST", "/x", "{}", "", "", "Callback without a status"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(callback(tt.method, tt.target, []byte(tt.body)))
			if got.Event != tt.event || got.Order != tt.order || got.Summary != tt.summary {
				t.Errorf("got %q, %q, %q; want %q, %q, %q", got.Event, got.Order, got.Summary, tt.event, tt.order, tt.summary)
			}
		})
	}
}

func TestDetect(t *testing.T) {
	preflight := []capture.Field{{Name: "Origin", Value: "https://a.example"}, {Name: "Access-Control-Request-Method", Value: "POST"}}
	tests := []struct {
		name, method, target, body string
		header                     []capture.Field
		want                       providers.Confidence
	}{
		{"signed", "PUT", "/x", "", []capture.Field{signedSample}, providers.Certain},
		{"JWS of MPay", "POST", "/x", string(sampleJWS), nil, providers.Certain},
		{"other JWS", "POST", "/x", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA", nil, providers.Medium},
		{"unsigned purchase", "PUT", "/x", string(samplePaid), nil, providers.VeryHigh},
		{"shipping cost", "POST", "/x", string(sampleShipping), nil, providers.High},
		{"portal", "POST", "/x", string(samplePortal), nil, providers.High},
		{"OPTIONS", "OPTIONS", "/x", "", nil, providers.Low},
		{"OPTIONS to an address that names Klix", "OPTIONS", "/hooks/klix", "", nil, providers.Medium},
		{"a browser's preflight", "OPTIONS", "/hooks/klix", "", preflight, providers.Low},
		{"X-Signature alone", "POST", "/x", `{"a":1}`, []capture.Field{{Name: "X-Signature", Value: "x"}}, providers.Low},
		{"an event of someone else", "POST", "/x", `{"event_type":"x"}`, nil, providers.None},
		{"GET", "GET", "/terms", "", nil, providers.None},
	}
	for _, tt := range tests {
		if got := detect(callback(tt.method, tt.target, []byte(tt.body), tt.header...)); got.Confidence != tt.want {
			t.Errorf("%s: got %s (%s), want %s", tt.name, got.Confidence, got.Why, tt.want)
		}
	}
}

func TestAccepted(t *testing.T) {
	pinned := &capture.Endpoint{Path: "/klix/*", Provider: "klix"}
	tests := []struct{ name, method, target, body, preset, contains string }{
		{"purchase", "PUT", "/klix/purchases", string(samplePaid), "accepted", "{}"},
		{"terms", "GET", "/klix/terms", "", "terms", "<h1>"},
		{"shipping cost by its body", "POST", "/klix/x", string(sampleShipping), "shipping-cost-guess", `"taxRate"`},
		{"shipping cost by its path", "POST", "/klix/shipping-cost-calculations", "", "shipping-cost-guess", `"amount"`},
		{"order verification", "POST", "/klix/orders", string(sampleJWS), "accepted", "{}"},
	}
	for _, tt := range tests {
		c := callback(tt.method, tt.target, []byte(tt.body))
		c.Endpoint = pinned
		got := accepted(c)
		if got.Status != 200 || got.Preset != tt.preset || !strings.Contains(string(got.Body), tt.contains) {
			t.Errorf("%s: got %d, %q, %s; want 200, %q", tt.name, got.Status, got.Preset, got.Body, tt.preset)
		}
	}
}

// TestUndocumentedFieldsAreListed: also those inside the objects of the portal,
// and documented ones that hold something else than they should.
func TestUndocumentedFieldsAreListed(t *testing.T) {
	body := string(samplePortal)
	for _, object := range []string{`"client": {`, `"purchase": {`, `"products": [{`, `"payment": {`, `"status_history": [{`} {
		if !strings.Contains(body, object) {
			t.Fatalf("the sample has no %s", object)
		}
		body = strings.Replace(body, object, object+`"brand_new": 1, `, 1)
	}
	body = strings.Replace(body, `{`, `{"issuer_details": {"brand_new": 1, "legal_name": "x"}, "transaction_data": {"brand_new": 1, "flow": "x"}, "brand_new": 1, `, 1)
	var got []string
	for _, f := range decode(callback("POST", "/x", []byte(body))).Unknown {
		got = append(got, f.Path)
	}
	want := "issuer_details.brand_new transaction_data.brand_new brand_new status_history[0].brand_new client.brand_new " +
		"purchase.brand_new purchase.products[0].brand_new payment.brand_new"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, odd := range []string{`{"id":"K","status":"PAID","payment":"x","items":{"label":1}}`, `{"id":"K","status":"PAID","customer":null,"items":[]}`} {
		d := decode(callback("PUT", "/x", []byte(odd)))
		n := len(d.Unknown)
		for _, s := range d.Sections {
			n += len(s.Facts)
		}
		if n < 4 {
			t.Errorf("%s: %d places shown: %+v", odd, n, d)
		}
	}
}

func TestAmountsInMinorUnits(t *testing.T) {
	for currency, want := range map[string][2]string{
		`"EUR"`: {"EUR minor", "108.78 EUR"}, `"SEK"`: {"SEK minor", "in the smallest unit of SEK"}, `null`: {"", "in minor units; no currency is given"},
	} {
		d := decode(callback("POST", "/x", []byte(`{"id":"P","event_type":"purchase.paid","purchase":{"total":10878,"currency":`+currency+`},"refundable_amount":null}`)))
		for _, s := range d.Sections {
			for _, f := range s.Facts {
				if f.Path == "purchase.total" && (f.Unit != want[0] || f.Note != want[1]) {
					t.Errorf("%s: got %q, %q; want %q", currency, f.Unit, f.Note, want)
				}
				if f.Path == "refundable_amount" && f.Unit+f.Note != "" {
					t.Errorf("nothing has the unit %q, %q", f.Unit, f.Note)
				}
			}
		}
	}
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name              string
		body              []byte
		path, value, unit string
		title, note       string
	}{
		{"legacy amounts are major", samplePaid, "items[0].total_amount", "88.00", "EUR", "Paid", ""},
		{"contradiction", samplePrinted, "payment.error.code", "129", "", "Paid", ""},
		{"portal amounts are minor", samplePortal, "purchase.products[0].price", "8800", "EUR minor", "Purchase paid", "minor units"},
		{"time of the portal", samplePortal, "status_history[2].timestamp", "1700000090", "", "Purchase paid", ""},
		{"JWS", sampleJWS, "orderId", "1a6a5368-e799-4967-b742-67adc16aec8a", "", "Order verification", ""},
		{"shipping cost", sampleShipping, "order_items[0].quantity", "2.000", "", "Shipping cost asked", "guess"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := decode(callback("POST", "/x", tt.body))
			var got capture.Fact
			for _, s := range d.Sections {
				for _, row := range append(s.Rows, s.Facts) {
					for _, f := range row {
						if f.Path == tt.path {
							got = f
						}
					}
				}
			}
			if got.Value != tt.value || got.Unit != tt.unit {
				t.Errorf("%s: got %+v, want %q %q", tt.path, got, tt.value, tt.unit)
			}
			if d.Title != tt.title || d.Error != "" || len(d.Unknown) > 0 || !strings.Contains(strings.Join(d.Notes, "\n"), tt.note) {
				t.Errorf("title %q, error %q, unknown %v, notes %q; want %q and %q", d.Title, d.Error, d.Unknown, d.Notes, tt.title, tt.note)
			}
		})
	}
}
