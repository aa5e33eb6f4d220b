package viewmodel

import (
	"strings"
	"testing"

	"hookglass/capture"
)

func TestHeaders(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	page := b.open(t, b.record(t, capture.Request{
		Method: "POST", Target: "/mintsoft/despatched?APIKEY=hush-hush&order=7&flag&x=a%20b&order=8", Exact: true,
		Header: capture.Fields{
			{Name: "HOST", Value: "h"},
			{Name: "x-a", Value: "1"},
			{Name: "Authorization", Value: "Basic c2VjcmV0"},
			{Name: "X-A", Value: "2"},
			{Name: "X-Forwarded-For", Value: "1.2.3.4"},
			{Name: "X-Empty", Value: ""},
			{Name: "Content-Type", Value: "application/x-www-form-urlencoded"},
		},

		Trailers: capture.Fields{{Name: "X-Sum", Value: "9"}},
		Body:     []byte("a=1&b=%E2%82%AC"), Size: 15,
	}, func(x *capture.Exchange) { x.Via = capture.ViaTunnel }))
	var got strings.Builder
	for _, g := range page.Headers.Groups {
		got.WriteString("= " + g.Title + "\n")
		for _, r := range g.Rows {
			got.WriteString(r.Name + ": " + r.Text(false))
			if r.Mark != "" {
				got.WriteString(" (" + r.Mark + ")")
			}
			got.WriteString("\n")
		}
	}
	want := `= Header
HOST: h
x-a: 1 (1 of 2)
Authorization: Basic ` + dots + `
X-A: 2 (2 of 2)
X-Forwarded-For: 1.2.3.4 (added by the tunnel)
X-Empty:  (empty)
Content-Type: application/x-www-form-urlencoded
= Trailers
X-Sum: 9
= Query of the address
APIKEY: ` + dots + `
order: 7
flag:  (without a value)
x: a b
order: 8
= Form
a: 1
b: €
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
	if !page.Headers.HasSecrets() || page.Headers.Groups[0].Rows[2].Text(true) != "Basic c2VjcmV0" {
		t.Error("the secret cannot be shown")
	}
	if page.Tabs[2].Count != "7" {
		t.Errorf("the tab counts %q", page.Tabs[2].Count)
	}
}

func TestHeadersShowSignatures(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	page := b.open(t, b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil))
	for _, r := range page.Headers.Groups[0].Rows {
		if strings.Contains(strings.ToLower(r.Name), "hmac") && (r.Secret || r.Value == "") {
			t.Errorf("the signature is masked: %+v", r)
		}
	}
}

func TestSecretsAreMaskedAgain(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := capture.Request{Method: "POST", Target: "/x", Header: capture.Fields{{Name: "Authorization", Value: "Bearer abc"}}}
	first, second := b.record(t, r, nil), b.record(t, r, nil)
	b.open(t, first)
	b.Detail.ShowSecrets(true)
	b.Detail.Refresh()
	b.settle()
	if !b.Detail.Secrets {
		t.Error("a refresh masks what was shown")
	}
	b.open(t, second)
	if b.Detail.Secrets {
		t.Error("the next callback shows its secrets at once")
	}
}

func TestHeadersOfTheWay(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := capture.Request{Method: "POST", Target: "/x", Header: capture.Fields{{Name: "x-forwarded-for", Value: "192.0.2.7"}}}
	for _, tt := range []struct {
		via       capture.Via
		mark, tip string
	}{
		{capture.ViaLocal, "", "the connection came from "},
		{capture.ViaTunnel, "added by the tunnel", "the address that the tunnel names"},
		{capture.ViaPublic, "added by your proxy", "the address that your own proxy names"},
	} {
		page := b.open(t, b.record(t, r, func(x *capture.Exchange) { x.Via, x.Request.Source = tt.via, "192.0.2.7" }))
		if got := page.Headers.Groups[0].Rows[0].Mark; got != tt.mark {
			t.Errorf("%s: mark %q, want %q", tt.via, got, tt.mark)
		}
		if !strings.HasPrefix(page.Head.SourceTip, tt.tip) || page.Head.Source == "" {
			t.Errorf("%s: %q (%s)", tt.via, page.Head.Source, page.Head.SourceTip)
		}
	}
}
