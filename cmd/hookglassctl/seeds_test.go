package main_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
)

// The keys of the vendors' documentation, or made up where there is none.
const (
	kornitxKey = "0123456789ABCDEF0123456789A"
	mintsoftID = "fe14830f-0980-46c6-a540-04c20a26b01c"
	mintsoftBA = "Basic dXNlcm5hbWU6cGFzc3dvcmQ="
	kometToken = "a-token-of-ours"
)

const asJSON = "Content-Type: application/json"

// sample is a callback of a vendor's documentation and what has to be said of
// it.
type sample struct {
	name string
	callback
	provider, event, verdict string
	answer                   string // body; "" for any
}

func hmacHex(key string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func klixSignature(t testing.TB) string {
	t.Helper()
	return "X-Klix-Signature: " + strings.TrimSpace(string(fixture(t, "klix_signed.sig")))
}

func klixSamples(t *testing.T) []sample {
	signature := klixSignature(t)
	put := func(body []byte) callback {
		return callback{"PUT", "/klix/purchases", []string{asJSON, signature}, body}
	}
	return []sample{
		{"signed", put(fixture(t, "klix_signed.json")), "klix", "purchase.paid", "weak_key", "{}"},
		{"as printed", put(fixture(t, "klix_printed.json")), "klix", "purchase.paid", "invalid", "{}"},
		{"unsigned", callback{"PUT", "/klix/purchases", []string{asJSON}, fixture(t, "klix_signed.json")}, "klix", "purchase.paid", "unsigned", "{}"},
		{"on another path", callback{"PUT", "/shop/paid", []string{asJSON, signature}, fixture(t, "klix_signed.json")}, "klix", "purchase.paid", "weak_key", "{}"},
		{"order verification", callback{"POST", "/klix/orders", nil, fixture(t, "klix_order.jws")}, "klix", "order.verification", "weak_key", "{}"},
		{"shipping cost", callback{"POST", "/klix/shipping-cost-calculations", []string{asJSON, "X-Klix-Signature: TODO"}, fixture(t, "klix_shipping.json")}, "klix", "shipping.cost", "malformed", ""},
		{"connection test", callback{"OPTIONS", "/klix/callbacks", nil, nil}, "klix", "connection.test", "unprovable", ""},
		{"terms", callback{"GET", "/klix/terms.html", nil, nil}, "klix", "terms", "unprovable", ""},
	}
}

func kornitxSamples(t *testing.T) []sample {
	body := fixture(t, "kornitx_dispatched.json")
	var minified bytes.Buffer
	if err := json.Compact(&minified, body); err != nil {
		t.Fatal(err)
	}
	put := func(body []byte, header ...string) callback {
		return callback{"PUT", "/kornitx/orders/3165671600", append(header, asJSON), body}
	}
	flipped := bytes.Replace(body, []byte(`"status":8`), []byte(`"status":9`), 1)
	return []sample{
		{"no proof", put(body), "kornitx", "order.dispatched", "unsigned", "{}"},
		{"raw", put(body, "X-CustomGateway-Hmac: "+hmacHex(kornitxKey, body)), "kornitx", "order.dispatched", "valid", "{}"},
		{"of the minified body", put(body, "X-CustomGateway-Hmac: "+hmacHex(kornitxKey, minified.Bytes())), "kornitx", "order.dispatched", "valid", "{}"},
		{"tampered", put(flipped, "X-CustomGateway-Hmac: "+hmacHex(kornitxKey, body)), "kornitx", "order.dispatched", "invalid", "{}"},
		{"unreadable proof", put(body, "X-CustomGateway-Hmac: nonsense"), "kornitx", "order.dispatched", "malformed", "{}"},
	}
}

func mintsoftSamples() []sample {
	order := []byte(`{"ID":78025,"OrderNumber":"202-0672909-5683525","ExternalOrderReference":"SHOP-1","OrderStatusId":4,"CLIENT_CODE":"ACME","TrackingNumber":"H1","TrackingURL":"https://track.example/H1","LastUpdated":"2020-10-05T23:36:31.5231781"}`)
	cancelled := bytes.Replace(order, []byte(`"OrderStatusId":4`), []byte(`"OrderStatusId":3`), 1)
	split := []byte(`[{"Order":{},"SplitOrder":{},"OrderId":78025,"SplitOrderId":78026,"ID":1,"LastUpdated":"2020-10-05T23:36:31.5231781","LastUpdatedByUser":"groveslu"}]`)
	delivered := []byte(`[{"OrderShipmentId":5,"TrackingStatusId":4,"CourierTimeStamp":"2020-10-06T10:00:00","ID":9}]`)
	post := func(target string, body []byte, header ...string) callback {
		return callback{"POST", target, append(header, asJSON), body}
	}
	return []sample{
		{"despatched", post("/mintsoft/despatched?APIKEY="+mintsoftID, order), "mintsoft", "order.despatched", "valid", "{}"},
		{"despatched, Basic", post("/mintsoft/despatched", order, "Authorization: "+mintsoftBA), "mintsoft", "order.despatched", "valid", "{}"},
		{"cancelled", post("/mintsoft/cancelled", cancelled), "mintsoft", "order.cancelled", "unsigned", "{}"},
		{"delivered", post("/mintsoft/delivered?APIKEY=wrong", delivered), "mintsoft", "order.delivered", "invalid", "{}"},
		{"split", post("/mintsoft/split?APIKEY="+mintsoftID, split, "Authorization: Basic wrong"), "mintsoft", "order.split", "invalid", "{}"},
	}
}

func proboSamples(t *testing.T) (samples []sample) {
	for name, event := range map[string]string{
		"queued": "order.queued", "accepted": "order.accepted", "duplicate": "order.not_accepted",
		"rejected": "order.not_accepted", "in_transit": "order.shipment_in_transit",
	} {
		c := callback{"POST", "/probo/callback", []string{asJSON}, fixture(t, "probo_"+name+".json")}
		samples = append(samples, sample{name, c, "probo", event, "unprovable", "{}"})
	}
	return samples
}

func kometSamples() []sample {
	const accepted = `{"status":"1",`
	body := []byte(`{ "companyId":6316, "orderId":6908 }`)
	post := func(target string, header ...string) callback {
		return callback{"POST", target, append(header, "Content-Type: application/JSON"), body}
	}
	return []sample{
		{"confirmation", post("/komet/confirm", "authenticationToken: "+kometToken), "komet", "order.confirmation", "valid", accepted},
		{"cancellation", post("/komet/cancel", "authenticationToken: wrong"), "komet", "order.cancellation", "invalid", accepted},
		{"without token", post("/komet/confirm"), "komet", "order.confirmation", "unsigned", accepted},
		{"on another path", post("/orders", "authenticationToken: "+kometToken), "komet", "order.event", "valid", accepted},
	}
}

func TestSeeds(t *testing.T) {
	unknown := []sample{
		{"text", callback{"POST", "/anything?x=1", []string{"Content-Type: text/plain"}, []byte("hello")}, "", "", "unprovable", "{}"},
		{"odd path", callback{"DELETE", "//x/../%2e%2e/y", nil, nil}, "", "", "unprovable", "{}"},
	}
	for name, samples := range map[string][]sample{
		"klix": klixSamples(t), "kornitx": kornitxSamples(t), "mintsoft": mintsoftSamples(),
		"probo": proboSamples(t), "komet": kometSamples(), "unknown": unknown,
	} {
		t.Run(name, func(t *testing.T) {
			p := serve(t, t.TempDir())
			configure(t, p.dir)
			for i, s := range samples {
				answer := p.send(t, s.callback)
				got := last(t, p.dir, i+1)
				check(t, s, answer, &got)
			}
		})
	}
}

// configure sets a key for every provider that can prove itself.
func configure(t testing.TB, dir string) {
	t.Helper()
	for name, value := range map[string]string{
		"klix.certificate": string(fixture(t, "klix_certificate.pem")), "kornitx.api_key": kornitxKey,
		"mintsoft.api_key": mintsoftID, "mintsoft.authorization": mintsoftBA, "komet.authentication_token": kometToken,
	} {
		mustCtl(t, dir, []byte(value+"\n"), "secret", "set", name)
	}
}

func check(t *testing.T, want sample, answer answered, got *printed) {
	t.Helper()
	v := &got.Verification
	if got.Provider != want.provider || got.Event != want.event || v.Status != want.verdict || v.AtArrival != want.verdict {
		t.Errorf("%s: got %q %q %s (at arrival %s: %s), want %q %q %s", want.name,
			got.Provider, got.Event, v.Status, v.AtArrival, v.Reason, want.provider, want.event, want.verdict)
	}
	if v.Reason == "" {
		t.Errorf("%s: no reason is given for %s", want.name, v.Status)
	}
	if got.Method != want.method || got.Target != want.target || got.State != "answered" || got.Via != "local" {
		t.Errorf("%s: got %s %s, %s via %s; want %s %s, answered via local", want.name, got.Method, got.Target, got.State, got.Via, want.method, want.target)
	}
	if !bytes.Equal(got.body(t), want.body) {
		t.Errorf("%s: the stored body is not the one that was sent", want.name)
	}
	if answer.status != 200 || got.Answer.Status != 200 {
		t.Errorf("%s: answered %d, stored as %d, want 200", want.name, answer.status, got.Answer.Status)
	}
	if !strings.HasPrefix(answer.body, want.answer) || string(unbase64(t, got.Answer.Body)) != answer.body {
		t.Errorf("%s: answered %q, stored as %q, want %q", want.name, answer.body, unbase64(t, got.Answer.Body), want.answer)
	}
}
