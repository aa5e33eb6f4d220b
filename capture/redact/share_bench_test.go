package redact_test

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/redact"
	"hookglass/providers/all"
)

// sharedRow is a callback of some 1.35 KB, most of it one text, with a person in it.
func sharedRow(n int) redact.Source {
	body := fmt.Sprintf(`{"id":%d,"ref":"8679131463FC8D18","external_ref":"SHOP-%d","shipping_tracking":"H023YA%d","status":8,`+
		`"customer":{"name":"Ann Example %d","email":"ann%d@shop.example","phone":"+3712000%04d"},"items":"%s"}`,
		n, n, n, n%500, n%500, n%500, strings.Repeat("0123456789", 110))
	x := exchange(int64(n+1), "/kornitx/orders", capture.Fields{
		{Name: "Host", Value: "hooks.example"},
		{Name: "Content-Type", Value: "application/json"},
		{Name: "Authorization", Value: fmt.Sprintf("Bearer token-%04d", n%100)},
		{Name: "Content-Length", Value: fmt.Sprint(len(body))},
	}, []byte(body))
	x.Response = &capture.Response{Status: 200, By: capture.ByPreset, Body: []byte("{}"), Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}}}
	x.Annotation = capture.Annotation{
		Provider: "kornitx", Event: "order.dispatched", AtArrival: capture.Valid,
		Verification: capture.Verification{Status: capture.Valid, Reason: "It holds."},
	}
	return redact.Source{Exchange: x, Sensitive: providerSet.Sensitive("kornitx")}
}

var providerSet = all.NewSet()

// providerRows returns callbacks made of what the providers send: every sample in
// turn, each with a person and numbers of its own.
func providerRows() func(n int) redact.Source {
	type sampled struct {
		exchange capture.Exchange
		places   []capture.Sensitive
	}
	var samples []sampled
	for _, p := range providerSet.All() {
		for i := range p.Samples {
			s := &p.Samples[i]
			x := exchange(1, s.Path, s.Header, s.Body)
			x.Annotation = providerSet.Annotate(&x.Request, nil)
			x.Response = &capture.Response{Status: 200, By: capture.ByPreset, Header: capture.Fields{{Name: "Content-Length", Value: "0"}}}
			samples = append(samples, sampled{*x, providerSet.Sensitive(p.ID)})
		}
	}
	mail, name, digits := regexp.MustCompile(`@[a-z]`), regexp.MustCompile(`(?i)(name"\s*:\s*"[a-z]+)`), regexp.MustCompile(`[0-9]{5,}`)
	return func(n int) redact.Source {
		s := samples[n%len(samples)]
		body := mail.ReplaceAll(s.exchange.Request.Body, fmt.Appendf(nil, ".%d$0", n))
		body = name.ReplaceAll(body, fmt.Appendf(nil, "${1}%c%c", 'a'+n%26, 'a'+n/26%26))
		body = digits.ReplaceAllFunc(body, func(old []byte) []byte {
			fresh := fmt.Appendf(nil, "%0*d", len(old), n)
			return append(old[:1:1], fresh[len(fresh)-len(old)+1:]...)
		})
		x := exchange(int64(n+1), s.exchange.Request.Target, s.exchange.Request.Header, body)
		x.Endpoint, x.Annotation, x.Response = s.exchange.Endpoint, s.exchange.Annotation, s.exchange.Response
		return redact.Source{Exchange: x, Sensitive: s.places}
	}
}

// BenchmarkShare learns callbacks and replaces in them as a share does, of several
// shapes; "told" as its preview does.
func BenchmarkShare(b *testing.B) {
	const rows = 4000
	orders, _ := orders(rows)
	for _, shape := range []struct {
		name string
		row  func(int) redact.Source
	}{
		{"text", sharedRow},
		{"orders", func(n int) redact.Source { return orders[n] }},
		{"providers", providerRows()},
	} {
		var sources []redact.Source
		size := 0
		for n := range rows {
			sources = append(sources, shape.row(n))
			size += len(sources[n].Exchange.Request.Body)
		}
		for _, how := range []string{"secrets", "personal", "personal told"} {
			b.Run(shape.name+"/"+how, func(b *testing.B) {
				profile, _, telling := strings.Cut(how, " ")
				p, err := redact.ParseProfile(profile)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(size))
				b.ReportAllocs()
				var learning time.Duration
				for b.Loop() {
					r, _ := redact.New(p, []string{"whsec_a-configured-secret", "another-configured-one"})
					began := time.Now()
					for i := range sources {
						r.Learn(sources[i])
					}
					learning += time.Since(began)
					for i := range sources {
						if telling {
							_, _, err = r.Apply(sources[i])
						} else {
							_, _, err = r.Replace(sources[i])
						}
						if err != nil {
							b.Fatal(err)
						}
					}
				}
				each := float64(b.N * rows)
				b.ReportMetric(float64(learning.Nanoseconds())/each, "learn-ns/row")
				b.ReportMetric(float64((b.Elapsed()-learning).Nanoseconds())/each, "apply-ns/row")
			})
		}
	}
}

// BenchmarkHeld says what a redactor holds of callbacks whose people all differ.
func BenchmarkHeld(b *testing.B) {
	for _, rows := range []int{160_000, 1_000_000} {
		for _, profile := range []string{"secrets", "personal"} {
			b.Run(fmt.Sprintf("%s/%d", profile, rows), func(b *testing.B) {
				p, err := redact.ParseProfile(profile)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					r, _ := redact.New(p, nil)
					before := heap()
					for n := range rows {
						r.Learn(person(n))
					}
					learned := heap()
					if _, _, err := r.Apply(person(0)); err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(learned-before)/float64(rows), "learned-B/row")
					b.ReportMetric(float64(heap()-before)/float64(rows), "B/row")
					runtime.KeepAlive(r)
				}
			})
		}
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// person is a callback about a person of its own: eight values that differ from all
// others'.
func person(n int) redact.Source {
	body := fmt.Appendf(nil, `{"external_ref":"SHOP-%07d","shipping_tracking":"H023YA%07d","customer":{"name":"Ann Ex%07d","email":"ann%07d@shop.example",`+
		`"phone":"+3712%07d","street":"Long street %d","postcode":"LV-%07d"},"total":%d.%02d}`,
		n, n, n, n, n, n, n, 100+n/100, n%100)
	return redact.Source{Exchange: exchange(int64(n+1), "/kornitx/orders", nil, body), Sensitive: personPlaces}
}

var personPlaces = []capture.Sensitive{{Path: "external_ref"}, {Path: "shipping_tracking"}, {Path: "customer"}, {Path: "total"}}
