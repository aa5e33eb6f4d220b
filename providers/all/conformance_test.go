package all

import (
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

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
	if p.Detect == nil || p.Verify == nil || p.Read == nil || p.Decode == nil {
		t.Error("Detect, Verify, Read and Decode may not be nil")
	}
	if len(p.Credentials) == 0 || len(p.Samples) == 0 || len(p.Endpoints) == 0 || len(p.Sensitive) == 0 {
		t.Error("want credentials, samples, endpoints and sensitive places")
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

// TestOptions wants every endpoint, and a path of nobody, to allow what
// providers send.
func TestOptions(t *testing.T) {
	set := NewSet()
	for _, e := range append(set.Endpoints(), capture.Endpoint{Path: "/x/*"}) {
		r := capture.Request{Method: "OPTIONS", Target: strings.TrimSuffix(e.Path, "/*")}
		got := set.Accepted(&r, &e)
		if got.Status != 200 || (got.By == capture.ByPreset) != (e.Provider != "") {
			t.Errorf("%s: answer %d by %q", e.Path, got.Status, got.By)
		}
		for _, name := range []string{"Allow", "Access-Control-Allow-Methods"} {
			for _, method := range []string{"POST", "PUT"} {
				if v := got.Header.Value(name); !slices.Contains(strings.Split(v, ", "), method) {
					t.Errorf("%s: %s is %q, want %s in it", e.Path, name, v, method)
				}
			}
		}
	}
}

func checkSamples(t *testing.T, p *providers.Provider) {
	set := NewSet()
	names := map[string]bool{}
	for _, s := range p.AllSamples() {
		if s.Name == "" || s.Title == "" || names[s.Name] {
			t.Errorf("sample %q, %q: want a title and a name of its own", s.Name, s.Title)
		}
		names[s.Name] = true
		r := s.Request()
		e := set.Endpoints().Find(r.Path())
		if e != nil && e.Provider != p.ID {
			t.Errorf("sample %s: its path %s is at an endpoint of %s", s.Name, s.Path, e.Provider)
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
	if all := hidden(f.callback(true).Object(), &look.Decoding); len(all) > 0 {
		t.Errorf("neither laid out nor listed: %q", all)
	}
	all := slices.Concat(look.Annotation.Notes, look.Decoding.Notes)
	for i, note := range all {
		if slices.Contains(all[:i], note) {
			t.Errorf("the note %q is there twice", note)
		}
	}
	notes := strings.Join(all, "\n")
	if want := f.want["note"]; !strings.Contains(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
	if want := f.want["reason"]; !strings.Contains(a.Verification.Reason, want) {
		t.Errorf("reason %q, want %q", a.Verification.Reason, want)
	}
}

// hidden lists the places of a body that a decoding neither lays out nor lists.
func hidden(root gjson.Result, d *capture.Decoding) []string {
	shown := map[string]bool{}
	for _, s := range append(d.Sections, capture.Section{Facts: d.Unknown}) {
		for _, facts := range append(s.Rows, s.Facts) {
			for i := range facts {
				shown[facts[i].Path] = true
			}
		}
	}
	var all []string
	providers.Walk(root, func(path, _ string, v gjson.Result) bool {
		if path == "" {
			return true
		}
		if shown[path] {
			return false
		}
		inside := false
		if v.IsObject() || v.IsArray() {
			v.ForEach(func(_, _ gjson.Result) bool { inside = true; return false })
		}
		if !inside {
			all = append(all, path)
		}
		return inside
	})
	return all
}

// promised are the event names that Hookglass promises.
var promised = []string{
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

// TestEvents looks for every event name that Hookglass promises.
func TestEvents(t *testing.T) {
	set := NewSet()
	seen := map[string]bool{}
	for _, p := range set.All() {
		for _, f := range readFixtures(t, set, p.ID) {
			r := f.request
			seen[set.Annotate(&r, f.endpoint).Event] = true
		}
	}
	for _, event := range promised {
		if !seen[event] {
			t.Errorf("no fixture gives the event %q", event)
		}
	}
}
