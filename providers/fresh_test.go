package providers

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

func TestReshaped(t *testing.T) {
	for old, form := range map[string]string{
		"46140204":            `^[1-9]\d{7}$`,
		"6908":                `^[1-9]\d{7}$`,
		"1":                   `^[1-9]\d{7}$`,
		"3165671600-PSTEST4":  `^[1-9]\d{9}-PSTEST[1-9]$`,
		"202-0672909-5683525": `^[1-9]\d\d-[1-9]\d{6}-[1-9]\d{6}$`,
		"my_weborder_1234":    `^my_weborder_[1-9]\d{7}$`,
		"8679131463FC8D18":    `^[0-9A-F]{16}$`,
		"c3dd35b0e1f":         `^[0-9a-f]{11}$`,
		"PAY":                 `^PAY-[1-9]\d{7}$`,
		"":                    `^-?[1-9]\d{7}$`,

		"6b9f4c4e-2f0a-4a53-9a39-1f7c2f6c0a11": `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
	} {
		for range 20 {
			if got := reshaped(old); !regexp.MustCompile(form).MatchString(got) || got == old {
				t.Errorf("reshaped(%q) = %q, want %s", old, got, form)
			}
		}
	}
}

func TestReadTime(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 3, 4, 567890123, time.UTC)
	for old, want := range map[string]string{
		`1700000000`:                    `1795262584`,
		`"2023-02-27 12:04:19"`:         `"2026-11-21 12:03:04"`,
		`"2023-02-27"`:                  `"2026-11-21"`,
		`"2020-10-05T21:14:09"`:         `"2026-11-21T12:03:04"`,
		`"2020-10-05T21:14:09.117"`:     `"2026-11-21T12:03:04.567"`,
		`"2020-10-05T23:36:31.5231781"`: `"2026-11-21T12:03:04.5678901"`,
		`"2020-10-05T23:36:31.52Z"`:     `"2026-11-21T12:03:04.56Z"`,
		`"2020-10-05T23:36:31+02:00"`:   `"2026-11-21T14:03:04+02:00"`,
	} {
		_, write, ok := readTime(gjson.Parse(old))
		if !ok {
			t.Errorf("%s is no time", old)
			continue
		}
		if got := write(at); got != want {
			t.Errorf("%s: %s, want %s", old, got, want)
		}
	}
	for _, none := range []string{`null`, `""`, `"0000-00-00 00:00:00"`, `12`, `1.5`, `true`, `"soon"`} {
		if _, _, ok := readTime(gjson.Parse(none)); ok {
			t.Errorf("%s was taken for a time", none)
		}
	}
}

// shop is a provider with a sample in which one id stands in several places.
var shop = &Provider{
	ID: "shop", Name: "Shop",
	Fresh: Freshness{
		Order: []string{"order"}, IDs: []string{"id", "parcels[].code"},
		Times: []string{"sent", "log[].at"}, Born: []string{"ordered"},
	},
}

var shopSample = JSONSample("shipped", "Shipped", "POST", "/shop?order=A-1001&x=1", []byte(
	`{"id":5001,"order":"A-1001","text":"order A-1001 (5001) left, not A-10010","n":1,"amount":5001.00,
 "parcels":[{"code":"P7001","url":"https://x.example/P7001?id=5001"},{"code":"P7002"}],
 "ordered":"2020-01-01 10:00:00","sent":"2020-01-02 10:00:00","log":[{"at":"2020-01-01 22:00:00"}]}`))

func TestFreshIsConsistent(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	fresh := &Fresh{Now: now}
	r, err := fresh.Request(shop, &shopSample, nil, Assign("n=2"))
	if err != nil {
		t.Fatal(err)
	}
	b := gjson.ParseBytes(r.Body)
	id, order, code := b.Get("id").Raw, b.Get("order").Str, b.Get("parcels.0.code").Str
	for _, c := range []struct{ what, got, want string }{
		{"text", b.Get("text").Str, "order " + order + " (" + id + ") left, not A-10010"},
		{"address", b.Get("parcels.0.url").Str, "https://x.example/" + code + "?id=" + id},
		{"amount", b.Get("amount").Raw, "5001.00"},
		{"set", b.Get("n").Raw, "2"},
		{"target", r.Target, "/shop?order=" + order + "&x=1"},
		{"sent", b.Get("sent").Str, "2026-11-21 12:00:00"},
		{"log", b.Get("log.0.at").Str, "2026-11-21 00:00:00"},
		{"ordered", b.Get("ordered").Str, "2026-11-20 12:00:00"},
		{"bytes", strings.Fields(string(r.Body))[0][:6], `{"id":`},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if id == "5001" || order == "A-1001" || code == "P7001" || code == b.Get("parcels.1.code").Str {
		t.Errorf("not new: id %s, order %s, codes %s and %s", id, order, code, b.Get("parcels.1.code").Str)
	}
	fresh.Now = now.Add(time.Hour)
	if r, err = fresh.Request(shop, &shopSample, Assign("parcels[0].code=P7003"), nil); err != nil {
		t.Fatal(err)
	}
	b = gjson.ParseBytes(r.Body)
	if b.Get("id").Raw != id || b.Get("order").Str != order || b.Get("parcels.0.code").Str == code {
		t.Errorf("the second callback of the story: %s", r.Body)
	}
	if b.Get("ordered").Str != "2026-11-20 12:00:00" || b.Get("sent").Str != "2026-11-21 13:00:00" {
		t.Errorf("the second callback's times: %s", r.Body)
	}
}

func TestFreshOrder(t *testing.T) {
	r, err := (&Fresh{Now: time.Now(), Order: "mine/1"}).Request(shop, &shopSample, nil, nil)
	if err != nil || gjson.GetBytes(r.Body, "order").Str != "mine/1" || !strings.Contains(r.Target, "order=mine%2F1&") {
		t.Errorf("%s %s, %v", r.Target, r.Body, err)
	}
	number := JSONSample("n", "N", "POST", "/", []byte(`{"order":1234}`))
	if _, err := (&Fresh{Order: "mine"}).Request(shop, &number, nil, nil); err == nil || !strings.Contains(err.Error(), "is a number") {
		t.Errorf("an order that is no number: %v", err)
	}
	none := JSONSample("none", "None", "POST", "/", []byte(`{"a":1}`))
	if _, err := (&Fresh{Order: "mine"}).Request(shop, &none, nil, nil); err == nil {
		t.Error("an order for what holds none")
	}
	added := none.WithOrder("order")
	if r, err := (&Fresh{Order: "mine"}).Request(shop, &added, nil, nil); err != nil || string(r.Body) != `{"order":"mine","a":1}` {
		t.Errorf("added: %s, %v", r.Body, err)
	}
	var unknown *UnknownPathError
	if _, err := (&Fresh{}).Request(shop, &shopSample, nil, Assign("?y=1")); !errors.As(err, &unknown) || len(unknown.Near) != 2 {
		t.Errorf("a query that is not there: %v", err)
	}
}

func TestScenarioTimes(t *testing.T) {
	s := &Scenario{Scenes: []Scene{{}, {After: time.Hour}, {After: 3 * time.Hour}}}
	began := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		speed float64
		pause time.Duration // before the last scene
		now   [3]string
	}{
		{1, 3 * time.Hour, [3]string{"12:00:00", "13:00:00", "16:00:00"}},
		{3600, 3 * time.Second, [3]string{"08:00:04", "09:00:04", "12:00:04"}},
		{0, 0, [3]string{"08:00:00", "09:00:00", "12:00:00"}},
	} {
		if got := s.Pause(2, tt.speed); got != tt.pause {
			t.Errorf("speed %v: pause %v, want %v", tt.speed, got, tt.pause)
		}
		for n, want := range tt.now {
			if got := s.Now(began, n, tt.speed).Format(time.TimeOnly); got != want {
				t.Errorf("speed %v, scene %d: %s, want %s", tt.speed, n, got, want)
			}
		}
	}
}

func TestTokensSignWhereThePlaceStands(t *testing.T) {
	tokens := &Tokens{Proofs: []TokenProof{{Credential: "x.token", Places: []string{"X-Token", "?token"}}}}
	keys := Keys{"x.token": {NewKey("x.token", "", "abc", false)}}
	for target, want := range map[string]string{"/?token=&a=1": "/?a=1&token=abc |", "/?a=1": "/?a=1 |abc"} {
		r := capture.Request{Target: target}
		if err := tokens.Sign(&r, keys); err != nil {
			t.Fatal(err)
		}
		if got := r.Target + " |" + r.Header.Value("X-Token"); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}
