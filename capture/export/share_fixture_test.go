package export

import (
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

var fixtureTime = time.Date(2026, 11, 21, 14, 5, 9, 123456789, time.UTC)

// shareOf is a share of exchanges, with all that a share can say of itself.
func shareOf(all ...*Shared) *Share {
	return &Share{
		Title: "Split orders", Note: "Why does the second one fail?\nIt worked on Friday.", Sharer: "Anna", Tool: "Hookglass 0.2.0",
		Created:   time.Date(2026, 11, 21, 16, 30, 0, 0, time.FixedZone("", 2*60*60)),
		Redaction: Redaction{Profile: "secrets", Replaced: map[string]int64{"secret": 12, "token": 3}},
		Sessions: []SharedSession{{
			ID: 3, Name: "Split orders", Created: fixtureTime,
			Public: []capture.PublicEvent{
				{At: fixtureTime, State: capture.PublicOnline, URL: "https://calm-otter.ngrok-free.app"},
				{At: fixtureTime.Add(8 * time.Minute), State: capture.PublicReconnecting, URL: "https://calm-otter.ngrok-free.app", Code: "ERR_NGROK_3004", Reason: "The connection was lost."},
			},
		}},
		Rules: []capture.Rule{{ID: 1, Name: "KornitX 503", Enabled: true, Endpoint: "/kornitx/orders", Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 503}}}},
		Count: int64(len(all)), Exchanges: yielding(all),
	}
}

func yielding(all []*Shared) iter.Seq2[*Shared, error] {
	return func(yield func(*Shared, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// sharedFixtures are one exchange of each kind.
func sharedFixtures() []*Shared {
	return []*Shared{fixtureDispatched(), fixturePaid(), fixtureBinary(), fixtureRefused(), fixtureReplay()}
}

func fixtureRequest(method, target string, at time.Duration, header capture.Fields, body string) capture.Request {
	r := capture.Request{
		Received: fixtureTime.Add(at), Remote: "127.0.0.1:50123", Source: "54.187.216.72",
		Method: method, Target: target, Proto: "HTTP/1.1", Host: "calm-otter.ngrok-free.app", Exact: true,
		Header: append(capture.Fields{{Name: "host", Value: "calm-otter.ngrok-free.app"}, {Name: "Content-Length", Value: fmt.Sprint(len(body))}}, header...),
		Body:   []byte(body), Size: int64(len(body)),
	}
	r.Head = usualHead(r.Method, r.Target, r.Proto, r.Header)
	return r
}

func fixtureDispatched() *Shared {
	body := `{"id":46140204,"ref":"8679131463FC8D18","external_ref":"3165671600-PSTEST4","shipping_tracking":"H023YA0000361469","status":8,"status_name":"Dispatched","shipping_price":0,"gift":false,"note":null,"new_shipments":[{"dispatch_datetime":"2023-02-27 12:04:19","tracking":"H023YA0000361469","tracking_url":"https://redacted.example/link-1","items":[{"quantity":1,"ref":"C3DD35B0E1F","external_ref":"10094507"}]}],"new_cancellations":[]}`
	return &Shared{
		Base: "https://calm-otter.ngrok-free.app",
		Decoded: &capture.Decoding{
			Title: "Dispatched",
			Sections: []capture.Section{
				{Title: "Order", Facts: []capture.Fact{
					{Label: "Order", Value: "3165671600-PSTEST4", Kind: capture.KindCode},
					{Label: "Status", Value: "8", Note: "8 = Dispatched"},
					{Label: "Shipping", Value: "0", Unit: "GBP", Kind: capture.KindMoney},
				}},
				{Title: "Items", Rows: [][]capture.Fact{
					{{Label: "Quantity", Value: "1"}, {Label: "Ref", Value: "C3DD35B0E1F"}, {Label: "Your ref", Value: "10094507"}},
					{{Label: "Quantity", Value: "2"}, {Label: "Ref", Value: "A1"}, {Label: "Colour", Value: "Navy"}},
				}},
			},
			Unknown: []capture.Fact{{Label: "gift", Value: "false"}},
			Notes:   []string{"The time has no zone: UTC is a guess."},
		},
		Exchange: &capture.Exchange{
			ID: 101, UID: "0193a4d4-0000-7000-8000-000000000001", State: capture.StateAnswered, Via: capture.ViaTunnel, Session: 3,
			Endpoint: "/kornitx/orders", Pinned: true, Mark: "amber", Note: "The customer asked about this one.",
			Request: fixtureRequest("PUT", "/kornitx/orders?ref=8679&x=%20a", 0, capture.Fields{
				{Name: "content-type", Value: "application/json"}, {Name: "X-customgateway-hmac", Value: "AAAAB3NzaC1yc2E="}, {Name: "x-Twice", Value: "1"}, {Name: "X-TWICE", Value: "2"},
			}, body),
			Response: &capture.Response{
				Status: 503, Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}, {Name: "Retry-After", Value: "7200"}}, Body: []byte(`{"error":"on purpose"}`),
				By: capture.ByRule, RuleName: "KornitX 503", Timing: capture.Timing{Answered: fixtureTime.Add(4 * time.Millisecond), Took: 4*time.Millisecond + 12345},
			},
			Annotation: capture.Annotation{
				Provider: "kornitx", Event: "order.dispatched", Summary: "Dispatched · 1 item", Order: "3165671600-PSTEST4", Delivery: "d-1", Attempt: 2,
				AtArrival:    capture.Valid,
				Verification: capture.Verification{Status: capture.Valid, Scheme: "kornitx-hmac-sha256", Header: "X-customgateway-hmac", Signed: "raw body, 496 bytes", Key: "main", Reason: "The HMAC of the raw body matches."},
			},
		},
	}
}

func fixturePaid() *Shared {
	x := fixtureDispatched()
	x.Base, x.Decoded = "", nil
	x.UID, x.Via, x.Pinned, x.Mark, x.Note = "0193a4d4-0000-7000-8000-000000000002", capture.ViaLocal, false, "", ""
	x.Request = fixtureRequest("POST", "/klix/purchases", 4*time.Minute, capture.Fields{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}, "id=17&name=J%C4%81nis+B&empty=")
	x.Response.Status, x.Response.By, x.Response.RuleName, x.Response.Header, x.Response.Body = 200, capture.ByPreset, "", nil, nil
	x.Response.Preset = "accepted"
	x.Annotation = capture.Annotation{
		Provider: "klix", Event: "purchase.paid", Order: "17", Attempt: 1, AtArrival: capture.KeyMissing,
		Verification: capture.Verification{
			Status: capture.Invalid, Scheme: "klix-rsa-sha256", Header: "X-Klix-Signature", Expected: "aa", Received: "bb", Reason: "The signature is not over this body.",
			Checks: []capture.Check{{Proof: "?APIKEY", Status: capture.Valid, Reason: "It is equal."}, {Proof: "Authorization", Status: capture.Malformed}},
		},
	}
	return x
}

func fixtureBinary() *Shared {
	x := fixturePaid()
	x.UID = "0193a4d4-0000-7000-8000-000000000003"
	x.Request = fixtureRequest("POST", "/hooks/unknown", 9*time.Minute, capture.Fields{{Name: "Content-Type", Value: "application/octet-stream"}}, "\x00\x01\xff"+strings.Repeat("\xfe\x00binary", 100))
	x.Request.Trailers = capture.Fields{{Name: "X-Sum", Value: "9"}}
	x.Request.Truncated = true
	x.Annotation = capture.Annotation{Verification: capture.Verification{Status: capture.Unprovable}}
	x.Response.Body = []byte{0xff, 0xfe}
	x.Response.Timing.Took = 84 * time.Millisecond
	return x
}

func fixtureRefused() *Shared {
	head := []byte("GET / HTTP/1.1\r\nX-Bad: \xff\xfe\r\nX-b: 2\r\n\r\n")
	return &Shared{Exchange: &capture.Exchange{
		UID: "0193a4d4-0000-7000-8000-000000000004", State: capture.StateRefused, Via: capture.ViaLocal, Error: "The Host header is missing.",
		Request: capture.Request{
			Received: fixtureTime.Add(10 * time.Minute), Remote: "127.0.0.1:1", Method: "GET", Target: "/", Proto: "HTTP/1.1",
			Head: head, Exact: true, Header: capture.Fields{{Name: "X-Bad", Value: "\xff\xfe"}, {Name: "X-b", Value: "2"}},
		},
		Response: &capture.Response{Status: 400, By: capture.ByServer},
	}}
}

func fixtureReplay() *Shared {
	x := fixtureDispatched()
	x.UID, x.OriginUID, x.Via, x.Base = "0193a4d4-0000-7000-8000-000000000005", x.UID, capture.ViaReplay, ""
	x.Request.Received = fixtureTime.Add(22 * time.Minute)
	x.Response = nil
	x.State, x.Error = capture.StateFailed, "Nothing listens at localhost:3000."
	x.Sent = &capture.Sending{
		Base: "http://localhost:3000", Timings: capture.Timings{DNS: time.Millisecond, Connect: 2 * time.Millisecond, Total: 5 * time.Millisecond},
		Differences: []capture.Difference{{What: "header Host", Was: "calm-otter.ngrok-free.app", Is: "localhost:3000", Why: capture.WhyReceiver}},
		Hops:        []capture.Hop{{Status: 307, Location: "/there"}},
	}
	return x
}

// written is what a format makes of a share.
func written(t testing.TB, name string, s *Share) string {
	t.Helper()
	f, ok := FindFormat(name)
	if !ok {
		t.Fatalf("there is no format %q", name)
	}
	var b strings.Builder
	if err := f.Write(t.Context(), &b, s); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b.String()
}
