package viewmodel

import (
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// flat writes an overview as lines: "Group: label = value [note]".
func flat(o *Overview) string {
	var b strings.Builder
	b.WriteString(o.Title + "\n" + o.Summary + "\n")
	for _, n := range o.Notes {
		b.WriteString("note: " + n.Text + "\n")
	}
	for _, g := range o.Groups {
		for _, f := range g.Facts {
			b.WriteString(g.Title + ": " + f.Label + " = " + f.Value)
			if f.Note != "" {
				b.WriteString(" [" + f.Note + "]")
			}
			if f.Link != "" {
				b.WriteString(" -> " + f.Link)
			}
			b.WriteString("\n")
		}
		if len(g.Columns) > 0 {
			b.WriteString(g.Title + ": | " + strings.Join(g.Columns, " | ") + "\n")
		}
		for _, row := range g.Rows {
			b.WriteString(g.Title + ": | " + strings.Join(row, " | ") + "\n")
		}
	}
	return b.String()
}

func TestOverview(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	for _, c := range []struct {
		fixture string
		want    []string
	}{
		{"kornitx/dispatched", []string{
			"Dispatched\n", "Order: Status number = 8 [Dispatched]", "Shipment 1: Tracking = H023YA0000361469",
			"Shipment 1: Dispatched = 2023-02-27 12:04:19 [no zone is given; UTC is a guess]",
			"-> https://www.url.com/123456", "Shipment 1: | Quantity | Your line | KornitX line", "Order: Shipping price = 0 [no currency is given]",
		}},
		{"klix/purchase_paid", []string{"Paid\n", "Outcome: Status = PAID [paid: the order can be marked as paid]", "Totals: Total = ", " EUR", "Items: | Item"}},
		{"klix/portal_webhook", []string{"Purchase", "Totals:", "(minor units of EUR)"}},
		{"mintsoft/despatched", []string{"Order: Order number", "Shipment: Courier service", "Order items: | SKU"}},
		{"mintsoft/split", []string{"Parent: ", "Child: "}},
		{"probo/shipment_in_transit", []string{"-> https://"}},
		{"komet/confirmation", []string{
			"Order confirmation\n", "What Komet Sales makes of our answer: Taken as = success", "Shown to its user = Received by Hookglass",
		}},
	} {
		t.Run(c.fixture, func(t *testing.T) {
			page := b.open(t, b.record(t, b.sentBy(t, c.fixture).request, nil))
			got := flat(&page.Overview)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
			if page.Overview.Source == "" {
				t.Error("no source for what the provider expects")
			}
		})
	}
}

func TestOverviewOfUnknownSenders(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	fields := func(kind string) capture.Fields { return capture.Fields{{Name: "Content-Type", Value: kind}} }
	for _, c := range []struct {
		name    string
		request capture.Request
		want    []string
		text    string
	}{
		{
			"JSON",
			capture.Request{Method: "POST", Target: "/hooks", Header: fields("application/json"), Body: []byte(strings.ReplaceAll(`{"id":7,"items":[1,2],"who":{"a":1},"t":"xBIDIy"}`, "BIDI", "\u202e"))},
			[]string{"POST with application/json", "Fields of the body: id = 7", "items = [ 2 elements ]", "who = { 1 field }", `t = x\u{202e}y`},
			"",
		},
		{
			"form",
			capture.Request{Method: "POST", Target: "/hooks", Header: fields("application/x-www-form-urlencoded"), Body: []byte("id=tr_1&a=b+c")},
			[]string{"Fields of the body: id = tr_1", "a = b c"},
			"id=tr_1&a=b+c",
		},
		{"text", capture.Request{Method: "POST", Target: "/hooks", Header: fields("text/plain"), Body: []byte("hello\r\nworld")}, []string{"Content type = text/plain"}, "hello\nworld"},
		{"nothing", capture.Request{Method: "GET", Target: "/hooks"}, []string{"GET with no body", "Endpoint = none takes this path"}, ""},
		{"broken JSON", capture.Request{Method: "POST", Target: "/hooks", Header: fields("application/json"), Body: []byte("{\n \"a\": }")}, []string{"Size = 9 bytes"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.request.Size = int64(len(c.request.Body))
			page := b.open(t, b.record(t, c.request, nil))
			got := flat(&page.Overview)
			for _, want := range append(c.want, "Callback of an unknown sender") {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
			if page.Overview.Text != c.text {
				t.Errorf("text %q, want %q", page.Overview.Text, c.text)
			}
		})
	}
}

func TestOverviewListsWhatIsNotDocumented(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	s := b.sentBy(t, "kornitx/dispatched_unsigned")
	s.request.Body = []byte(strings.Replace(string(s.request.Body), "{", `{"invented":{"deep":"<b>"},`, 1))
	page := b.open(t, b.record(t, s.request, nil))
	if got := flat(&page.Overview); !strings.Contains(got, "Not documented: invented.deep = <b>") {
		t.Errorf("the invented field is hidden:\n%s", got)
	}
}

func TestOverviewSaysWhereDecodingEnds(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	page := b.open(t, b.record(t, capture.Request{Method: "PUT", Target: "/kornitx/x", Body: []byte("{\n \"a\": }")}, nil))
	got := flat(&page.Overview)
	if !strings.Contains(got, "could not be decoded") || !strings.Contains(got, "line 2") {
		t.Errorf("no position in\n%s", got)
	}
	if page.Overview.Text == "" {
		t.Error("the body is not shown")
	}
}

func TestOverviewMasksSecrets(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	page := b.open(t, b.record(t, capture.Request{
		Method: "POST", Target: "/komet/confirm", Body: []byte(`{"companyId":1,"orderId":2,"authenticationToken":"hush-hush"}`),
	}, nil))
	if got := flat(&page.Overview); strings.Contains(got, "hush") || !strings.Contains(got, dots) {
		t.Errorf("the token is shown:\n%s", got)
	}
}

func TestInstant(t *testing.T) {
	riga := time.FixedZone("EET", 2*60*60)
	for _, c := range []struct {
		value string
		zone  *time.Location
		want  string
	}{
		{"2023-02-27 12:04:19", riga, "no zone given"},
		{"2023-02-27T12:04:19", time.UTC, "no zone given"},
		{"2023-02-27T12:04:19Z", riga, "27 Feb 2023 14:04:19 EET here"},
		{"2023-02-27T12:04:19+02:00", riga, ""},
		{"2023-02-27T12:04:19+0200", time.UTC, "27 Feb 2023 10:04:19 UTC here"},
		{"2023-02-27", riga, ""},
		{"soon", riga, ""},
	} {
		if got := instant(c.value, style{zone: c.zone}); got != c.want {
			t.Errorf("instant(%q) = %q, want %q", c.value, got, c.want)
		}
	}
}

func TestInspectLink(t *testing.T) {
	for _, c := range []struct {
		address, host string
		opens         bool
		warning       string
	}{
		{"https://www.url.com/1", "www.url.com", true, ""},
		{"https://paypal.com@evil.example/x", "evil.example", true, "the host is evil.example"},
		{"https://bücher.example/", "xn--bcher-kva.example", true, "xn--bcher-kva.example"},
		{"https://раураl.com/", "xn--l-7sba6dbr.com", true, "not written in plain letters"},
		{"https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com", true, "punycode"},
		{"http://a.example/", "a.example", true, "not encrypted"},
		{"https://127.0.0.1:8080/", "127.0.0.1:8080", true, "this computer"},
		{"javascript:alert(1)", "", false, "Only http"},
		{"file:///etc/passwd", "", false, "Only http"},
		{"https://a.example/\u202efdp", "a.example", true, "cannot be seen"},
	} {
		got := inspectLink(c.address)
		if got.Host != c.host || got.Opens != c.opens || !strings.Contains(strings.Join(got.Warnings, " "), c.warning) {
			t.Errorf("inspectLink(%q) = %+v", c.address, got)
		}
		if c.warning == "" && len(got.Warnings) > 0 {
			t.Errorf("inspectLink(%q) warns %q", c.address, got.Warnings)
		}
	}
}

func TestPunycode(t *testing.T) {
	for label, want := range map[string]string{
		"bücher": "bcher-kva", "münchen": "mnchen-3ya", "他们为什么不说中文": "ihqwcrb4cv8a8dqg056pqjye", "ü": "tda",
	} {
		if got := punycode([]rune(label)); got != want {
			t.Errorf("punycode(%q) = %q, want %q", label, got, want)
		}
	}
}
