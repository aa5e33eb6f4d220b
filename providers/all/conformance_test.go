package all

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

func TestConformance(t *testing.T) {
	set := NewSet()
	ids := map[string]bool{}
	for _, p := range set.All() {
		if ids[p.ID] {
			t.Errorf("the ID %q is there twice", p.ID)
		}
		ids[p.ID] = true
		t.Run(p.ID, func(t *testing.T) {
			t.Run("data", func(t *testing.T) { checkData(t, p) })
			t.Run("samples", func(t *testing.T) { checkSamples(t, p) })
			fixtures := readFixtures(t, set, p.ID)
			for i := range fixtures {
				f := &fixtures[i]
				t.Run(f.name, func(t *testing.T) {
					checkDetection(t, set, p, f)
					checkAnnotation(t, f)
					checkSecrecy(t, f)
					checkTampering(t, p, f)
					checkTruncation(t, p, f)
				})
			}
			t.Run("sign", func(t *testing.T) { checkSigning(t, p, fixtures) })
		})
	}
}

func checkData(t *testing.T, p *providers.Provider) {
	if p.ID == "" || p.Name == "" || p.ID != strings.ToLower(p.ID) {
		t.Errorf("ID %q, Name %q: want both, and the ID in lower case", p.ID, p.Name)
	}
	if !strings.HasPrefix(p.Docs, "https://") {
		t.Errorf("Docs %q: want an https address", p.Docs)
	}
	if p.Retry.Text == "" || p.Retry.Source == "" {
		t.Errorf("Retry %+v: want Text and Source", p.Retry)
	}
	if p.Detect == nil || p.Verify == nil || p.Read == nil || p.Decode == nil || p.Accepted == nil {
		t.Error("Detect, Verify, Read, Decode and Accepted may not be nil")
	}
	if len(p.Credentials) == 0 || len(p.Samples) == 0 || len(p.Endpoints) == 0 {
		t.Error("want credentials, samples and endpoints")
	}
	for _, c := range p.Credentials {
		if !strings.HasPrefix(c.Name, p.ID+".") || c.Title == "" || c.Help == "" {
			t.Errorf("credential %+v: want a name that starts with the ID, a title and help", c)
		}
	}
	for _, e := range p.Endpoints {
		if err := e.Check(); err != nil || e.Provider != p.ID || e.Name == "" {
			t.Errorf("endpoint %+v: %v; want it named and pinned to %s", e, err, p.ID)
		}
	}
}

func checkSamples(t *testing.T, p *providers.Provider) {
	set := NewSet()
	names := map[string]bool{}
	for _, s := range p.Samples {
		if s.Name == "" || s.Title == "" || names[s.Name] {
			t.Errorf("sample %q, %q: want a title and a name of its own", s.Name, s.Title)
		}
		names[s.Name] = true
		r := capture.Request{Method: s.Method, Target: s.Path, Proto: "HTTP/1.1", Header: s.Header, Body: s.Body, Size: int64(len(s.Body))}
		e := set.Endpoints().Find(r.Path())
		if e == nil || e.Provider != p.ID {
			t.Errorf("sample %s: its path %s is at no endpoint of %s", s.Name, s.Path, p.ID)
			continue
		}
		a := set.Annotate(&r, e)
		if a.Provider != p.ID || a.Event == "" || a.Summary == "" {
			t.Errorf("sample %s: provider %q, event %q, summary %q", s.Name, a.Provider, a.Event, a.Summary)
		}
		if d := set.Look(&r, e).Decoding; d.Error != "" || d.Title == "" {
			t.Errorf("sample %s: decoded with title %q and error %q", s.Name, d.Title, d.Error)
		}
		if got := set.Accepted(&r, e); got.Status != 200 || got.By != capture.ByPreset || got.Preset == "" {
			t.Errorf("sample %s: answer %d by %q, preset %q; want a preset with 200", s.Name, got.Status, got.By, got.Preset)
		}
		loose := providers.NewCallback(&r, nil, providers.LookLimit)
		if best, d, _ := set.Identify(loose); best != nil && best != p {
			t.Errorf("sample %s: without its endpoint it is taken for %s (%s)", s.Name, best.ID, d.Why)
		}
	}
}

func checkDetection(t *testing.T, set *providers.Set, p *providers.Provider, f *fixture) {
	t.Helper()
	if f.want["provider"] != p.ID {
		t.Fatalf("a fixture for %q in the folder of %s", f.want["provider"], p.ID)
	}
	c := f.callback(false)
	own := p.Detect(c)
	if f.endpoint == nil && own.Confidence <= providers.Low {
		t.Errorf("detected with confidence %s (%s); want more than low", own.Confidence, own.Why)
	}
	if own.Confidence > providers.None && own.Why == "" {
		t.Error("detected without a why")
	}
	for _, other := range set.All() {
		if other == p {
			continue
		}
		if d := other.Detect(c); d.Confidence > providers.Low && d.Confidence >= own.Confidence {
			t.Errorf("%s claims it too: %s (%s), its own says %s", other.ID, d.Confidence, d.Why, own.Confidence)
		}
	}
}

func checkAnnotation(t *testing.T, f *fixture) {
	t.Helper()
	set := NewSet()
	set.SetKeys(f.keys)
	r := f.request
	a := set.Annotate(&r, f.endpoint)
	got := map[string]string{
		"provider": a.Provider, "event": a.Event, "verdict": string(a.Verification.Status), "order": a.Order,
		"delivery": a.Delivery, "summary": a.Summary, "scheme": a.Verification.Scheme,
	}
	for name, value := range got {
		if want, ok := f.want[name]; ok && value != want {
			t.Errorf("%s %q, want %q (%s)", name, value, want, a.Verification.Reason)
		}
	}
	if a.Verification.Reason == "" {
		t.Error("a verification without a reason")
	}
	if !slices.Contains(capture.Statuses, a.Verification.Status) || a.AtArrival != a.Verification.Status {
		t.Errorf("status %q, at arrival %q", a.Verification.Status, a.AtArrival)
	}
	look := set.Look(&r, f.endpoint)
	var matching []string
	for _, try := range look.Ladder {
		if try.Matches {
			matching = append(matching, try.Reading)
		}
		if try.Reading == "" || try.Matches && try.Meaning == "" {
			t.Errorf("a rung without its reading or meaning: %+v", try)
		}
	}
	if want, ok := f.want["ladder"]; ok && !slices.Contains(matching, want) {
		t.Errorf("rungs that match: %q, want %q", matching, want)
	}
	_, notJSON := f.callback(false).JSON()
	if want := f.want["error"]; want == "" && notJSON == nil && look.Decoding.Error != "" || !strings.Contains(look.Decoding.Error, want) {
		t.Errorf("decoding says %q, want %q", look.Decoding.Error, want)
	}
	notes := strings.Join(look.Annotation.Notes, "\n") + "\n" + strings.Join(look.Decoding.Notes, "\n")
	if want := f.want["note"]; !strings.Contains(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
	if want := f.want["reason"]; !strings.Contains(a.Verification.Reason, want) {
		t.Errorf("reason %q, want %q", a.Verification.Reason, want)
	}
}

// checkSecrecy looks for configured secrets and for received tokens in all that
// the providers say, with the fixture's keys and with wrong ones.
func checkSecrecy(t *testing.T, f *fixture) {
	t.Helper()
	secrets := slices.Clone(f.secrets)
	for _, name := range []string{"Authorization", "authenticationToken"} {
		secrets = append(secrets, f.request.Header.All(name)...)
	}
	for _, name := range []string{"apikey", "token"} {
		if v, ok := f.callback(false).Query(name); ok {
			secrets = append(secrets, v)
		}
	}
	wrong := providers.Keys{}
	for name, keys := range f.keys {
		for _, k := range keys {
			wrong[name] = append(wrong[name], providers.NewKey(name, k.Label, " "+k.Value.Reveal()+"x", false))
		}
	}
	for _, keys := range []providers.Keys{f.keys, wrong} {
		set := NewSet()
		set.SetKeys(keys)
		r := f.request
		text, err := json.Marshal([]any{set.Annotate(&r, f.endpoint), set.Look(&r, f.endpoint)})
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			quoted, err := json.Marshal(secret)
			if err != nil {
				t.Fatal(err)
			}
			if len(secret) > 4 && bytes.Contains(text, bytes.Trim(quoted, `"`)) {
				t.Errorf("the secret %s shows in %s", quoted, text)
			}
		}
	}
}

// coversBody reports whether a verified proof depends on the body: a token does
// not, and neither does a signed token in Authorization.
func coversBody(v *capture.Verification) bool { return v.Signed != "" && v.Header != "Authorization" }

// flips is how many positions of a body are tried.
const flips = 200

// checkTampering alters what proves a callback, and wants the proof to fail.
func checkTampering(t *testing.T, p *providers.Provider, f *fixture) {
	t.Helper()
	v := p.Verify(f.callback(true), f.keys)
	if !v.Status.Proven() {
		return
	}
	verify := func(r capture.Request) capture.Status {
		return p.Verify(providers.NewCallback(&r, f.endpoint, providers.LookLimit), f.keys).Status
	}
	if coversBody(&v) {
		body := f.request.Body
		for i := 0; i < len(body); i += max(1, len(body)/flips) {
			if strings.ContainsRune(" \t\r\n", rune(body[i])) {
				continue // KornitX signs one of several readings that differ in white space
			}
			r := f.request
			r.Body = bytes.Clone(body)
			r.Body[i] ^= 1
			if got := verify(r); got.Proven() {
				t.Errorf("still %s with byte %d of the body flipped", got, i)
			}
		}
		return
	}
	if v.Header != "Authorization" && !strings.HasSuffix(v.Scheme, "-token") {
		t.Errorf("%s proves it, but does not say which bytes were signed", v.Scheme)
	}
	altered := 0
	for _, secret := range f.secrets {
		changed := []byte(secret)
		changed[len(changed)/2] ^= 1
		r, ok := f.altered(func(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte(secret), changed) })
		if !ok || !bytes.Contains(f.raw, []byte(secret)) {
			continue
		}
		altered++
		if got := verify(r); got.Proven() {
			t.Errorf("still %s with a token altered", got)
		}
	}
	if altered == 0 && strings.HasSuffix(v.Scheme, "-token") {
		t.Error("the fixture carries none of its tokens as they are: nothing was altered")
	}
}

// checkTruncation asks everything of bodies that end early.
func checkTruncation(t *testing.T, p *providers.Provider, f *fixture) {
	t.Helper()
	body := f.request.Body
	for n := 0; n < len(body); n += max(1, len(body)/64) {
		r := f.request
		r.Body = body[:n]
		ask(p, providers.NewCallback(&r, f.endpoint, providers.LookLimit), f.keys)
	}
}

// ask calls every function of a provider, without Set's recover.
func ask(p *providers.Provider, c *providers.Callback, keys providers.Keys) {
	p.Detect(c)
	p.Read(c)
	p.Verify(c, keys)
	p.Decode(c)
	p.Accepted(c)
	if p.Ladder != nil {
		p.Ladder(c, keys)
	}
}

func checkSigning(t *testing.T, p *providers.Provider, fixtures []fixture) {
	if p.Sign == nil {
		t.Skip("cannot sign")
	}
	if err := p.Sign(&capture.Request{Method: "POST", Target: "/"}, providers.Keys{}); err == nil {
		t.Error("signed without a key")
	}
	signed := 0
	for i := range fixtures {
		f := &fixtures[i]
		r := f.request
		r.Header = slices.Clone(r.Header)
		if len(f.keys) == 0 || p.Sign(&r, f.keys) != nil {
			continue
		}
		signed++
		if v := p.Verify(providers.NewCallback(&r, f.endpoint, providers.LookLimit), f.keys); !v.Status.Proven() {
			t.Errorf("%s, signed again, is %s: %s", f.name, v.Status, v.Reason)
		}
	}
	if signed == 0 {
		t.Error("no fixture could be signed")
	}
}

// TestEvents looks for every event name that Hookglass promises.
func TestEvents(t *testing.T) {
	want := []string{
		"connection.test", "order.verification", "purchase.paid", "shipping.cost", "terms", // Klix
		"order.dispatched", "order.push", // KornitX
		"order.accepted", "order.canceled", "order.in_production", "order.logistics", "order.not_accepted", // Probo
		"order.queued", "order.shipment_available_at_pickup_point", "order.shipment_created",
		"order.shipment_delayed", "order.shipment_delivered", "order.shipment_exception",
		"order.shipment_in_transit", "order.shipment_not_at_home", "order.shipment_picked_up",
		"order.shipment_returned", "order.shipment_scanned_by_carrier", "uploader.confirmed", "uploader.processed",
		"asn.booked_in", "order.cancelled", "order.delivered", "order.despatched", "order.split", // Mintsoft
		"order.cancellation", "order.confirmation", "order.event", "payment.cancellation", // Komet
	}
	set := NewSet()
	seen := map[string]bool{}
	for _, p := range set.All() {
		for _, f := range readFixtures(t, set, p.ID) {
			r := f.request
			seen[set.Annotate(&r, f.endpoint).Event] = true
		}
	}
	for _, event := range want {
		if !seen[event] {
			t.Errorf("no fixture gives the event %q", event)
		}
	}
}
