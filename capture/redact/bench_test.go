package redact_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// order is a callback of 1.35 KB like those of a shop.
func order(n int) []byte {
	body := fmt.Sprintf(`{"id":%d,"ref":"8F3A%08X","external_ref":"SHOP-%d","shipping_tracking":"JD00%010d","status":8,"status_name":"Dispatched",`+
		`"shipping_method":"Next Day","shipping_carrier":"DPD","shipping_price":4.95,"new_shipments":[{"dispatch_datetime":"2026-03-02 10:11:12",`+
		`"tracking":"JD00%010d","tracking_url":"https://track.example/JD00%010d","items":[`, 5000000+n, n, n, n, n, n)
	for i := range 10 {
		if i > 0 {
			body += ","
		}
		body += fmt.Sprintf(`{"quantity":%d,"ref":"LINE%08X","external_ref":"%d-%d","name":"Poster A%d"}`, 1+i%3, n*10+i, n, i, i%5)
	}
	body += `]}],"new_cancellations":[],"required_dispatch_date":"2026-03-04"}`
	if short := 1350 - len(body); short > 12 {
		body = body[:len(body)-1] + `,"filler":"` + strings.Repeat("x ", (short-12)/2) + `"}`
	}
	return []byte(body)
}

func orders(n int) (all []redact.Source, size int64) {
	places := []capture.Sensitive{
		{Path: "header Authorization", Secret: true},
		{Path: "external_ref"},
		{Path: "shipping_tracking"},
		{Path: "shipping_price"},
		{Path: "new_shipments[].tracking"},
		{Path: "new_shipments[].tracking_url"},
		{Path: "new_shipments[].items[].external_ref"},
	}
	for i := range n {
		body := order(i)
		x := exchange(int64(i+1), "/kornitx/status", capture.Fields{
			{Name: "Host", Value: "abc.ngrok.app"},
			{Name: "User-Agent", Value: "KornitX/1.0"},
			{Name: "Content-Type", Value: "application/json"},
			{Name: "Content-Length", Value: fmt.Sprint(len(body))},
			{Name: "X-Forwarded-For", Value: "203.0.113.9"},
		}, body)
		x.Response = &capture.Response{Status: 200, Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}}, Body: []byte("{}")}
		all = append(all, redact.Source{Exchange: x, Sensitive: places})
		size += int64(len(body))
	}
	return all, size
}

func BenchmarkRedact(b *testing.B) {
	sources, size := orders(2000)
	for _, profile := range []string{"secrets", "personal", "secrets,regex:INV-[0-9]{6}"} {
		p, err := redact.ParseProfile(profile)
		if err != nil {
			b.Fatal(err)
		}
		known := []string{"whsec_a-configured-secret", "another-configured-one"}
		b.Run(profile+"/Learn", func(b *testing.B) {
			r, _ := redact.New(p, known)
			b.SetBytes(size / int64(len(sources)))
			for i := 0; b.Loop(); i++ {
				r.Learn(sources[i%len(sources)])
			}
		})
		b.Run(profile+"/Apply", func(b *testing.B) {
			r, _ := redact.New(p, known)
			for _, s := range sources {
				r.Learn(s)
			}
			b.SetBytes(size / int64(len(sources)))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, _, err := r.Apply(sources[i%len(sources)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHostile is of bodies that are made to take long.
func BenchmarkHostile(b *testing.B) {
	const size = 10 << 20
	p, _ := redact.ParseProfile("personal")
	for name, body := range hostileBodies(size) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				r, _ := redact.New(p, nil)
				s := redact.Source{Exchange: exchange(1, "/", nil, body)}
				r.Learn(s)
				_, _, _ = r.Apply(s)
			}
		})
	}
}

func hostileBodies(size int) map[string][]byte {
	repeat := func(s string) []byte { return bytes.Repeat([]byte(s), size/len(s)) }
	var alike []byte // values that begin alike, of every length
	for n := range 80 {
		alike = fmt.Appendf(alike, `{"phone":"%s%d"},`, strings.Repeat("a", 7+n), n%10)
	}
	return map[string][]byte{
		"arrays":      repeat("["),
		"objects":     repeat(`{"a":`),
		"quotes":      repeat(`"`),
		"backslashes": append([]byte(`{"a":"`), repeat(`\\`)...),
		"slashes":     append([]byte(`{"a":"`), repeat(`\"`)...),
		"percent":     repeat("%2525"),
		"base64":      repeat("YWJj"),
		"tags":        repeat("<a b='"),
		"open":        repeat("<a>"),
		"entities":    repeat("&amp;"),
		"at":          repeat("a@b.c"),
		"ats":         repeat("@"),
		"links":       repeat("a://b?token=c&"),
		"token names": repeat("token="),
		"jwt":         repeat("eyJ."),
		"digits":      repeat("4111 "),
		"iban":        repeat("LV80"),
		"plus":        repeat("+37129"),
		"emails":      append([]byte(`{"email":"`), append(repeat("aaaa"), `"}`...)...),
		"boundary":    append([]byte("--m"), repeat("\r\n--m")...),
		"pairs":       repeat("a=b&"),
		"keys":        []byte("-----BEGIN PRIVATE KEY-----" + strings.Repeat("PRIVATE KEY-----", size/16)),
		"alike":       append(alike, repeat("a")...),
		"phones":      repeat(`{"phone":"aaaaaaaaaaaaaa1"},{"phone":"aaaaaaaaaaaaaaaaaaa2"},`),
	}
}
