package providers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/providers/all"
)

func TestAccepts(t *testing.T) {
	set := all.NewSet()
	json := capture.Fields{{Name: "Content-Type", Value: "application/json"}}
	html := capture.Fields{{Name: "Content-Type", Value: "text/html"}}
	for _, tt := range []struct {
		name, provider string
		answer         *capture.Response
		accepted       bool
		again          bool
		says           string
	}{
		{"KornitX, 200", "kornitx", &capture.Response{Status: 200}, true, false, "as done"},
		{"KornitX, 503", "kornitx", &capture.Response{Status: 503}, false, true, "KornitX would have tried again: up to 5 times, every 2h"},
		{"KornitX, 418", "kornitx", &capture.Response{Status: 418}, false, true, "tried again"},
		{"KornitX, 302", "kornitx", &capture.Response{Status: 302}, false, false, "not documented"},
		{"KornitX, HTML", "kornitx", &capture.Response{Status: 200, Header: html, Body: []byte("<p>")}, false, false, "HTML"},
		{"KornitX, silence", "kornitx", nil, false, false, "may have tried again"},
		{"Klix, 500", "klix", &capture.Response{Status: 500}, false, true, "up to 8 times within 36h"},
		{"Komet, 200 with status 0", "komet", &capture.Response{Status: 200, Header: json, Body: []byte(`{"status":"0","message":"no","error":"no"}`)}, false, false, "not documented"},
		{"Komet, 200 with status 1", "komet", &capture.Response{Status: 200, Header: json, Body: []byte(`{"status":"1","message":"ok"}`)}, true, false, "as done"},
		{"Mintsoft, 500", "mintsoft", &capture.Response{Status: 500}, false, false, "not documented"},
		{"nobody, 204", "", &capture.Response{Status: 204}, true, false, "most senders"},
		{"nobody, 404", "", &capture.Response{Status: 404}, false, false, "no success"},
		{"nobody, silence", "", nil, false, false, "no answer"},
	} {
		got := set.Accepts(tt.provider, tt.answer, &capture.Request{Method: "PUT", Target: "/x"})
		if got.Accepted != tt.accepted || got.Again != tt.again || !strings.Contains(got.Words, tt.says) {
			t.Errorf("%s: got %+v, want %v, %v, %q", tt.name, got, tt.accepted, tt.again, tt.says)
		}
	}
}

func TestSchedule(t *testing.T) {
	h := time.Hour
	for _, tt := range []struct {
		name   string
		policy providers.RetryPolicy
		want   []time.Duration
	}{
		{"nothing known", providers.RetryPolicy{Tries: 3, Every: h}, nil},
		{"every two hours", providers.RetryPolicy{Known: true, Tries: 3, Every: 2 * h}, []time.Duration{0, 2 * h, 4 * h, 6 * h}},
		{"not after its end", providers.RetryPolicy{Known: true, Tries: 5, Every: 2 * h, Within: 5 * h}, []time.Duration{0, 2 * h, 4 * h}},
		{"doubling", providers.RetryPolicy{Known: true, Tries: 3, Within: 7 * h}, []time.Duration{0, h, 3 * h, 7 * h}},
		{"how often alone", providers.RetryPolicy{Known: true, Tries: 3}, nil},
	} {
		if got := tt.policy.Schedule(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	set := all.NewSet()
	for provider, want := range map[string]int{"kornitx": 6, "klix": 9, "mintsoft": 0, "probo": 0, "komet": 0} {
		p := set.Find(provider)
		if got := p.Retry.Schedule(); len(got) != want || want > 0 && got[want-1] > p.Retry.Within {
			t.Errorf("%s: got %v, want %d tries", provider, got, want)
		}
	}
}

func TestOwner(t *testing.T) {
	set := all.NewSet()
	for host, want := range map[string]string{
		"api.klix.app": "klix", "KLIX.app.": "klix", "notklix.app": "", "klix.app.example.com": "", "localhost": "",
		"api-sl-2-2.kornitx.net": "kornitx", "api.kometsales.com": "komet",
	} {
		got := ""
		if p := set.Owner(host); p != nil {
			got = p.ID
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", host, got, want)
		}
	}
	for _, p := range set.All() {
		if len(p.Domains) == 0 {
			t.Errorf("%s has no domains", p.ID)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		2 * time.Hour: "2h", 90 * time.Minute: "1h 30m", 36 * time.Hour: "36h", 1500 * time.Millisecond: "1.5s", 12345678: "12ms", 1234567: "1.23ms",
	} {
		if got := providers.Span(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
