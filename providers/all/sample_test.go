package all

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// testValues makes every test key once: an RSA key takes its time.
var testValues = sync.OnceValues(func() (map[string]string, error) {
	values := map[string]string{}
	for _, p := range NewSet().All() {
		for i := range p.TestKeys {
			value, err := p.TestKeys[i].Make(time.Now())
			if err != nil {
				return nil, err
			}
			values[p.TestKeys[i].Name] = value
		}
	}
	return values, nil
})

func testKeys(t *testing.T, list ...*providers.Provider) providers.Keys {
	t.Helper()
	values, err := testValues()
	if err != nil {
		t.Fatal(err)
	}
	all := providers.Keys{}
	for _, p := range list {
		for i := range p.TestKeys {
			keys, err := p.TestKeys[i].Keys(values[p.TestKeys[i].Name])
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range keys {
				all[key.Name] = append(all[key.Name], key)
			}
		}
	}
	return all
}

// hasBearer: a token of OpenID Connect is another proof, which no key of ours makes.
func hasBearer(r *capture.Request) bool {
	return strings.HasPrefix(r.Header.Value("Authorization"), "Bearer ")
}

// eventNames are those of the providers' documentation.
var eventNames = map[string]string{
	"kornitx": `order.received order.in_production order.dispatched order.qc_query order.dispatched_retailer_notified
		order.cancelled order.on_hold order.sent_to_supplier order.received_by_supplier order.sent_to_shipper
		order.received_by_shipper order.consolidating order.push`,
	"klix": `purchase.created purchase.paid purchase.payment_failure purchase.refund_failure purchase.capture_failure
		purchase.release_failure purchase.pending_execute purchase.pending_charge purchase.cancelled purchase.hold
		purchase.captured purchase.pending_capture purchase.released purchase.pending_release purchase.preauthorized
		purchase.pending_recurring_token_delete purchase.recurring_token_deleted purchase.pending_refund
		purchase.subscription_charge_failure purchase.viewed purchase.settled payment.refunded payment.charged_back
		payment.chargeback_reversed payout.created payout.pending payout.failed payout.success
		billing_template_client.subscription_billing_cancelled
		purchase.pending purchase.verified purchase.failed order.verification shipping.cost connection.test terms`,
	"mintsoft": "order.despatched order.cancelled order.delivered order.split asn.booked_in",
	"probo": `order.queued order.accepted order.not_accepted order.in_production order.logistics order.shipment_created
		order.shipment_scanned_by_carrier order.shipment_in_transit order.shipment_delayed order.shipment_returned
		order.shipment_exception order.shipment_not_at_home order.shipment_available_at_pickup_point
		order.shipment_picked_up order.shipment_delivered order.canceled uploader.confirmed uploader.processed`,
	"komet": "order.confirmation order.cancellation payment.cancellation",
}

func TestEveryEventHasASample(t *testing.T) {
	for _, p := range NewSet().All() {
		names := strings.Fields(eventNames[p.ID])
		if len(names) == 0 {
			t.Errorf("%s: no events are listed here", p.ID)
		}
		for _, event := range names {
			s := p.Sample(event)
			if s == nil || p.EventOf(s) != event {
				t.Errorf("%s: no sample of %s", p.ID, event)
			}
		}
	}
}

// forEverySample makes a callback of every sample, with the test identity of all
// providers in force.
func forEverySample(t *testing.T, do func(t *testing.T, set *providers.Set, p *providers.Provider, s *providers.Sample)) {
	set := NewSet()
	set.SetTestKeys(testKeys(t, set.All()...))
	for _, p := range set.All() {
		for _, s := range p.AllSamples() {
			t.Run(p.ID+"/"+s.Name, func(t *testing.T) { do(t, set, p, &s) })
		}
	}
}

func made(t *testing.T, p *providers.Provider, s *providers.Sample) capture.Request {
	t.Helper()
	fresh := &providers.Fresh{Now: time.Now()}
	r, err := fresh.Request(p, s, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func annotate(set *providers.Set, r *capture.Request) capture.Annotation {
	return set.Annotate(r, set.Endpoints().Find(r.Path()))
}

func TestSamplesVerify(t *testing.T) {
	forEverySample(t, func(t *testing.T, set *providers.Set, p *providers.Provider, s *providers.Sample) {
		for _, tt := range []struct {
			proof  providers.Proof
			proven bool
		}{{providers.Signed, true}, {providers.Tampered, false}, {providers.NoProof, false}, {providers.StaleProof, false}} {
			r := made(t, p, s)
			signer, err := set.Prove(p, &r, tt.proof, false)
			if tt.proof == providers.Tampered && len(r.Body) == 0 {
				if err == nil {
					t.Error("a callback without a body was tampered with")
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", tt.proof, err)
			}
			a := annotate(set, &r)
			v := &a.Verification
			want := tt.proven
			switch {
			case tt.proof == providers.Signed && signer == providers.Nobody:
				want = false // a connection test, or a page for a browser
				if p.ID != "klix" || r.Method == "PUT" {
					t.Error("not signed")
				}
			case tt.proof == providers.Tampered && p.ID != "klix" && p.ID != "kornitx":
				want = true // a token does not cover the body
			}
			if v.Status.Proven() != want {
				t.Errorf("%s: %s (%s)", tt.proof, v.Status, v.Reason)
			}
			if v.Status.Proven() && (v.Key != providers.TestLabel || !strings.Contains(v.Reason, "This is a test")) {
				t.Errorf("%s: key %q, reason %q: nothing says that this is a test", tt.proof, v.Key, v.Reason)
			}
			if event := p.EventOf(s); a.Provider != p.ID || a.Event != event && tt.proof != providers.Tampered {
				t.Errorf("%s: %s %s, want %s", tt.proof, a.Provider, a.Event, event)
			}
		}
	})
}

// What a stranger sends is judged as if there were no test identity.
func TestTestIdentityChangesNoVerdict(t *testing.T) {
	plain, tested := NewSet(), NewSet()
	tested.SetTestKeys(testKeys(t, tested.All()...))
	for _, p := range plain.All() {
		fixtures := readFixtures(t, plain, p.ID)
		for i := range fixtures {
			f := &fixtures[i]
			for _, keys := range []providers.Keys{f.keys, {}} {
				plain.SetKeys(keys)
				tested.SetKeys(keys)
				r := f.request
				want, got := plain.Annotate(&r, f.endpoint), tested.Annotate(&r, f.endpoint)
				if got.Verification.Status != want.Verification.Status || got.Verification.Reason != want.Verification.Reason {
					t.Errorf("%s: %s (%s), without a test identity %s", f.name, got.Verification.Status, got.Verification.Reason, want.Verification.Status)
				}
			}
		}
	}
}

// What we sent to ourselves and tampered with is wrong, not merely without a key.
func TestOwnTamperedSamplesAreInvalid(t *testing.T) {
	set := NewSet()
	set.SetTestKeys(testKeys(t, set.All()...))
	for _, name := range []string{"kornitx order.dispatched", "klix purchase.paid", "klix portal_purchase_paid", "klix order.verification"} {
		id, event, _ := strings.Cut(name, " ")
		p := set.Find(id)
		r := made(t, p, p.Sample(event))
		if _, err := set.Prove(p, &r, providers.Tampered, false); err != nil {
			t.Fatal(err)
		}
		if v := annotate(set, &r).Verification; v.Status != capture.KeyMissing {
			t.Errorf("%s of a stranger: %s, want key_missing", name, v.Status)
		}
		r.Remote = providers.OwnRemote
		if v := annotate(set, &r).Verification; v.Status != capture.Invalid {
			t.Errorf("%s of our own: %s (%s), want invalid", name, v.Status, v.Reason)
		}
	}
}

func TestYourKeyWins(t *testing.T) {
	set := NewSet()
	set.SetTestKeys(testKeys(t, set.All()...))
	set.SetKeys(providers.Keys{"kornitx.api_key": {providers.NewKey("kornitx.api_key", "live", "AD0D7AEB25F3F676450F5C79ED6", false)}})
	p := set.Find("kornitx")
	for _, tt := range []struct {
		event    string
		testOnly bool
		want     providers.Signer
		key      string
	}{
		{"order.dispatched", false, providers.YourKey, "live"},
		{"order.dispatched", true, providers.OurKey, providers.TestLabel},
		{"order.push", false, providers.OurKey, providers.TestLabel},
	} {
		r := made(t, p, p.Sample(tt.event))
		signer, err := set.Prove(p, &r, providers.Signed, tt.testOnly)
		if v := annotate(set, &r).Verification; err != nil || signer != tt.want || v.Key != tt.key || v.Status != capture.Valid {
			t.Errorf("%s: %q, %v, key %q, %s", tt.event, signer, err, v.Key, v.Status)
		}
	}
	none := NewSet()
	r := made(t, p, p.Sample("order.push"))
	if _, err := none.Prove(p, &r, providers.Signed, false); !errors.Is(err, providers.ErrNoKey) {
		t.Errorf("without a key: %v, want ErrNoKey", err)
	}
}

// Every callback that is made is new: its order, its delivery and its times.
func TestSamplesAreFresh(t *testing.T) {
	without := map[string]bool{ // of what there is no order, nor anything that tells one from another
		"klix/connection_test": true, "klix/terms": true, "komet/payment_cancellation": true,
		"mintsoft/delivered": true, "probo/uploader_confirmed": true, "probo/uploader_processed": true,
	}
	forEverySample(t, func(t *testing.T, set *providers.Set, p *providers.Provider, s *providers.Sample) {
		one, two := made(t, p, s), made(t, p, s)
		a, b := annotate(set, &one), annotate(set, &two)
		old := s.Request()
		if a.Order == b.Order && !without[p.ID+"/"+s.Name] || a.Order != "" && a.Order == annotate(set, &old).Order {
			t.Errorf("order %q again", a.Order)
		}
		if a.Delivery != "" && a.Delivery == b.Delivery && len(old.Body) > 0 {
			t.Errorf("delivery %q again", a.Delivery)
		}
		for _, year := range []string{"2020-", "2021-", "2023-", "170000"} {
			if body := bytes.ReplaceAll(one.Body, []byte("2.0000"), nil); bytes.Contains(body, []byte(year)) && !bytes.Contains(body, []byte("0000-00")) {
				t.Errorf("a time of long ago: %s in %s", year, body)
			}
		}
	})
}

func TestOrder(t *testing.T) {
	forEverySample(t, func(t *testing.T, set *providers.Set, p *providers.Provider, s *providers.Sample) {
		order := "20261121"
		fresh := &providers.Fresh{Now: time.Now(), Order: order}
		r, err := fresh.Request(p, s, nil, nil)
		event := p.EventOf(s)
		if event == "connection.test" || event == "terms" || strings.HasPrefix(event, "uploader.") {
			if err == nil {
				t.Error("took an order, though it holds none")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := annotate(set, &r).Order; got != order && got != "6316/"+order {
			t.Errorf("order %q in %s %s", got, r.Target, r.Body)
		}
	})
}

func TestScenarios(t *testing.T) {
	set := NewSet()
	set.SetTestKeys(testKeys(t, set.All()...))
	for _, p := range set.All() {
		if p.Scenario("life") == nil || p.Scenario("cancel") == nil {
			t.Errorf("%s: want the scenarios life and cancel", p.ID)
		}
		for i := range p.Scenarios {
			s := &p.Scenarios[i]
			t.Run(p.ID+"/"+s.Name, func(t *testing.T) {
				began := time.Now()
				fresh := &providers.Fresh{}
				var orders, deliveries []string
				for n := range s.Scenes {
					fresh.Now = s.Now(began, n, 3600)
					r, err := s.Request(p, n, fresh, nil)
					if err == nil {
						_, err = set.Prove(p, &r, providers.Signed, false)
					}
					if err != nil {
						t.Fatal(err)
					}
					a := annotate(set, &r)
					if a.Verification.Status != capture.Valid {
						t.Errorf("scene %d: %s", n, a.Verification.Reason)
					}
					orders, deliveries = append(orders, a.Order), append(deliveries, a.Delivery)
				}
				if all := slices.Compact(slices.Clone(orders)); len(all) != 1 {
					t.Errorf("it tells of several orders: %q", orders)
				}
				again := p.ID == "komet" || p.ID+s.Name == "probofile" // a person confirms again; the order comes again
				if all := slices.Compact(slices.Sorted(slices.Values(deliveries))); len(all) != len(deliveries) && !again {
					t.Errorf("a delivery comes twice: %q", deliveries)
				}
			})
		}
	}
}

// The parts of KornitX's split order share external_ref alone; an order that
// leaves in two shipments keeps its id.
func TestScenarioIDs(t *testing.T) {
	for _, tt := range []struct {
		scenario  string
		ids, refs int
	}{{"life", 1, 1}, {"split", 2, 1}, {"cancel", 1, 1}} {
		p := NewSet().Find("kornitx")
		s := p.Scenario(tt.scenario)
		fresh := &providers.Fresh{Now: time.Now()}
		ids, refs := map[string]bool{}, map[string]bool{}
		trackings, addresses := map[string]bool{}, 0
		for n := range s.Scenes {
			r, err := s.Request(p, n, fresh, nil)
			if err != nil {
				t.Fatal(err)
			}
			body := gjson.ParseBytes(r.Body)
			ids[body.Get("id").Raw], refs[body.Get("external_ref").Str] = true, true
			for _, shipment := range body.Get("new_shipments").Array() {
				tracking := shipment.Get("tracking").Str
				trackings[tracking] = true
				if strings.HasSuffix(shipment.Get("tracking_url").Str, "/"+tracking) && body.Get("shipping_tracking").Str == tracking {
					addresses++
				}
			}
		}
		if len(ids) != tt.ids || len(refs) != tt.refs || addresses != len(trackings) {
			t.Errorf("%s: ids %v, external_refs %v, %d of the trackings %v everywhere the same", tt.scenario, ids, refs, addresses, trackings)
		}
	}
}

func TestTestKeys(t *testing.T) {
	values, err := testValues()
	if err != nil {
		t.Fatal(err)
	}
	set := NewSet()
	for _, p := range set.All() {
		if len(p.TestKeys) == 0 {
			t.Errorf("%s has no test identity", p.ID)
		}
		for i := range p.TestKeys {
			k := &p.TestKeys[i]
			if !strings.HasPrefix(k.Name, p.ID+".") || k.Title == "" || k.Use == "" || len(k.For) == 0 {
				t.Errorf("test key %+v", k)
			}
			for _, name := range k.For {
				_, credential := set.Credential(name)
				if credential == nil {
					t.Errorf("%s stands in for %q, which is no credential", k.Name, name)
					continue
				}
				value := values[k.Name]
				if credential.Public {
					value, err = providers.PublicPart(value)
				}
				if credential.Check != nil && err == nil {
					err = credential.Check(value)
				}
				if err != nil {
					t.Errorf("the value of %s could not be configured as %s: %v", k.Name, name, err)
				}
			}
		}
	}
	block, rest := pem.Decode([]byte(values["klix.test"]))
	if block == nil || block.Type != "PRIVATE KEY" {
		t.Fatalf("the Klix test key begins with %v", block)
	}
	block, _ = pem.Decode(rest)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || key.N.BitLen() != 2048 || cert.CheckSignatureFrom(cert) == nil || !strings.Contains(fmt.Sprint(cert.Subject), "tests only") {
		t.Errorf("certificate of %T for %s", cert.PublicKey, cert.Subject)
	}
}
