package export

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// bundled writes a share of these exchanges.
func bundled(t testing.TB, s Share, exchanges ...*Shared) []byte {
	t.Helper()
	s.Exchanges = listed(exchanges)
	var out bytes.Buffer
	if err := WriteBundle(t.Context(), &out, &s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func listed(exchanges []*Shared) iter.Seq2[*Shared, error] {
	return func(yield func(*Shared, error) bool) {
		for _, x := range exchanges {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// opened reads all of a file.
func opened(t testing.TB, file []byte) (*Opened, []*Shared, error) {
	t.Helper()
	o, err := OpenReader(t.Context(), bytes.NewReader(file), int64(len(file)), "x.hookglass")
	if err != nil {
		return nil, nil, err
	}
	var all []*Shared
	err = o.Each(t.Context(), func(s *Shared) error {
		all = append(all, s)
		return nil
	})
	return o, all, errors.Join(err, o.Close())
}

var madeAt = time.Date(2026, 3, 4, 5, 6, 7, 123456789, time.UTC)

// wholeShared is an exchange with something in every field that a bundle keeps.
func wholeShared() *Shared {
	header := capture.Fields{{Name: "Host", Value: "shop.example"}, {Name: "x-A", Value: "1"}, {Name: "X-a", Value: ""}}
	return &Shared{
		OriginUID: "01890000-0000-7000-8000-000000000001", Base: "https://x.ngrok.app",
		Exchange: &capture.Exchange{
			UID: "01890000-0000-7000-8000-000000000002", State: capture.StateAnswered, Via: capture.ViaImport, Pinned: true,
			Session: 2, Mark: "amber", Note: "look\u202e at <this>\x00", Import: &capture.Imported{Via: capture.ViaReplay, Redacted: true, Mac: "mac", Origin: "01890000-0000-7000-8000-000000000001"},
			Endpoint: "/klix/*", Error: "e",
			Request: capture.Request{
				Received: madeAt, Remote: "1.2.3.4:5", Source: "1.2.3.4", Method: "POST", Target: "/klix/x?y=\xff", Proto: "HTTP/1.1",
				Host: "shop.example", Head: []byte("POST /klix/x?y=\xff HTTP/1.1\nHost: shop.example\n\n"), Exact: true, Header: header,
				Trailers: capture.Fields{{Name: "T", Value: "ü\xfc"}}, Body: []byte("{\"a\":\"\\u00fc <>&\u2028\"}"), Size: 21, Truncated: true,
			},
			Response: &capture.Response{
				Status: 503, Header: capture.Fields{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte{0, 0xff},
				By: capture.ByRule, Preset: "503", RuleName: "fail", Timing: capture.Timing{Answered: madeAt.Add(1), Took: 5},
			},
			Sent: &capture.Sending{
				Base: "http://localhost:3000", Timings: capture.Timings{DNS: 1, Connect: 2, TLS: 3, FirstByte: 4, Total: 5},
				Differences: []capture.Difference{{What: "header Host", Was: "a", Is: "b\xff", Gone: true, Why: capture.WhyReceiver}},
				Hops:        []capture.Hop{{Status: 301, Location: "/y"}},
			},
			Annotation: capture.Annotation{
				Provider: "klix", Event: "purchase.paid", Summary: "s", Order: "o", Delivery: "d", Attempt: 3,
				Verification: capture.Verification{
					Status: capture.Valid, Scheme: "klix-rsa-sha256", Header: "X-Klix-Signature", Signed: "raw body", Key: "k",
					Expected: "a", Received: "b", Reason: "valid when captured; body redacted since",
					Checks: []capture.Check{{Proof: "?APIKEY", Status: capture.Invalid, Reason: "r"}},
				},
				AtArrival: capture.KeyMissing,
			},
		},
	}
}

// notBundled are the fields that a bundle does not carry, with the reason.
var notBundled = map[string]string{
	"ID": "of one database", "Origin": "of one database; Shared.OriginUID is", "Response.Rule": "of one database",
	"Response.Trailers": "not kept", "Response.Pause": "not kept", "Response.Drop": "not kept",
	"Sent.SameBody": "how the body is stored", "Annotation.Notes": "made when someone looks",
}

// A field that is added to an exchange must be written, or named above.
func TestWholeSharedIsWhole(t *testing.T) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		if notBundled[path] != "" {
			return
		}
		if v.IsZero() {
			t.Errorf("%s is zero in the test's exchange", path)
		}
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			walk(strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), v.Field(i))
		}
	}
	walk("", reflect.ValueOf(*wholeShared().Exchange))
}

func TestBundleKeepsAll(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcde\n"), 8<<10)
	plain := func(change func(x *capture.Exchange)) *Shared {
		header := capture.Fields{{Name: "Host", Value: "h"}}
		x := &capture.Exchange{
			UID: "01890000-0000-7000-8000-000000000003", State: capture.StateReceived, Via: capture.ViaImport, Session: 1,
			Import: &capture.Imported{Via: capture.ViaTunnel},
			Request: capture.Request{
				Received: madeAt, Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: header,
				Head: []byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
			},
		}
		change(x)
		x.Request.Size = int64(len(x.Request.Body))
		return &Shared{Exchange: x}
	}
	for name, want := range map[string]*Shared{
		"whole":       wholeShared(),
		"least":       plain(func(*capture.Exchange) {}),
		"no head":     plain(func(x *capture.Exchange) { x.Request.Head = nil }),
		"binary head": plain(func(x *capture.Exchange) { x.Request.Head = []byte("G\xff\x00") }),
		"refused": plain(func(x *capture.Exchange) {
			x.State, x.Request = capture.StateRefused, capture.Request{Received: madeAt, Head: []byte("\x16\x03\x01")}
		}),
		"binary body":    plain(func(x *capture.Exchange) { x.Request.Body = []byte{0, 1, 0xff} }),
		"large body":     plain(func(x *capture.Exchange) { x.Request.Body = large }),
		"large answer":   plain(func(x *capture.Exchange) { x.Response = &capture.Response{Status: 200, Body: large} }),
		"replacement":    plain(func(x *capture.Exchange) { x.Note = `� and \ufffd` }),
		"broken in list": plain(func(x *capture.Exchange) { x.Request.Header[0].Value = "\x80é" }),
		"import":         plain(func(x *capture.Exchange) { x.Import.Via = "" }),
	} {
		t.Run(name, func(t *testing.T) {
			share := Share{Sessions: []SharedSession{{ID: 1, Name: "a"}, {ID: 2, Name: "b"}}}
			before := fmt.Sprintf("%+v", want.Sent)
			first := bundled(t, share, want, want)
			if after := fmt.Sprintf("%+v", want.Sent); after != before {
				t.Errorf("writing changed the exchange: %s", after)
			}
			o, got, err := opened(t, first)
			if err != nil {
				t.Fatal(err)
			}
			if skipped := o.Skipped(); len(skipped) > 0 || len(got) != 2 {
				t.Fatalf("%d exchanges, skipped %v", len(got), skipped)
			}
			if !reflect.DeepEqual(got[1], want) {
				t.Errorf("got  %+v %+v\nwant %+v %+v", got[1], got[1].Exchange, want, want.Exchange)
			}
			if second := bundled(t, o.Share, got...); !bytes.Equal(first, second) {
				t.Error("written again it is another file")
			}
		})
	}
}

func TestBundleSaysWhatItIs(t *testing.T) {
	want := Share{
		Title: "Session\u202e", Note: "n\x00", Sharer: "me", Tool: "Hookglass 0.2.0", Created: madeAt, Count: 1,
		Redaction: Redaction{Profile: "custom", Rules: []string{"$.x"}, Replaced: map[string]int64{"phone": 3, "secret": 1}, Keyed: true},
		Sessions: []SharedSession{{
			ID: 1, Name: "s", Note: "n", Created: madeAt,
			Stats:  capture.SessionStats{Exchanges: 1, Bytes: 2, Failed: 3, First: madeAt, Last: madeAt},
			Public: []capture.PublicEvent{{At: madeAt, State: capture.PublicOnline, URL: "https://x", Code: "c", Reason: "r"}},
		}},
		Rules: []capture.Rule{
			{Name: "fixed", Order: 1, Kind: capture.RuleFixed, Filter: "provider:klix", Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 503, Body: "{{order}} <b>"}}, End: capture.RuleEnd{Count: 2, Until: madeAt}},
			{Name: "app", Order: 2, Kind: capture.RuleForward, Params: capture.RuleParams{Forward: capture.Forwarding{Observe: true}}},
		},
	}
	share := want
	share.Rules = slices.Clone(want.Rules)
	share.Rules[0].ID, share.Rules[0].Enabled, share.Rules[0].Hits, share.Rules[0].End.Used = 7, true, 9, 1
	share.Rules[1].Params.Forward.URL = "http://localhost:3000/secret-path"
	share.Sessions = slices.Clone(want.Sessions)
	share.Sessions[0].ID = 42
	file := bundled(t, share, &Shared{Exchange: &capture.Exchange{Session: 42, UID: contentUID("x"), Via: capture.ViaLocal, State: capture.StateUnknown}})
	o, all, err := opened(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Skipped()) > 0 || len(all) != 1 || all[0].Session != 1 {
		t.Errorf("%d exchanges, skipped %v", len(all), o.Skipped())
	}
	if !reflect.DeepEqual(o.Share, want) {
		t.Errorf("got  %+v\nwant %+v", o.Share, want)
	}
	if again := bundled(t, o.Share, all...); !bytes.Equal(again, file) {
		t.Error("written again it is another file")
	}
	for name, text := range unpacked(t, file) {
		if strings.Contains(text, "secret-path") {
			t.Errorf("%s has the target of a rule", name)
		}
	}
}

// unpacked is the text of every entry.
func unpacked(t testing.TB, file []byte) map[string]string {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]string{}
	for _, f := range zr.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		entries[f.Name] = string(text)
	}
	return entries
}

func TestBundleRefuses(t *testing.T) {
	ok := &capture.Exchange{UID: contentUID("x"), Via: capture.ViaLocal, State: capture.StateUnknown}
	unloaded := *ok
	unloaded.Request.Size = 5
	huge := *ok
	huge.Note = strings.Repeat("x", maxLine)
	broken := errors.New("the disk is gone")
	for name, c := range map[string]struct {
		share Share
		want  error
	}{
		"a rule with a file": {Share{Rules: []capture.Rule{{Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 200, BodyFile: "/etc/passwd"}}}}}, ErrBundle},
		"a body not loaded":  {Share{Exchanges: listed([]*Shared{{Exchange: &unloaded}})}, ErrBundle},
		"too long a note":    {Share{Exchanges: listed([]*Shared{{Exchange: &huge}})}, ErrBundle},
		"an error of theirs": {Share{Exchanges: func(yield func(*Shared, error) bool) { yield(nil, broken) }}, broken},
	} {
		if err := WriteBundle(t.Context(), io.Discard, &c.share); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
