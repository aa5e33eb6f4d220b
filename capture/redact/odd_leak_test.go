package redact_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// leaked redacts exchanges as one share, and returns all that is left of them as
// one text.
func leaked(t *testing.T, profile string, known []string, all ...*capture.Exchange) string {
	t.Helper()
	p, err := redact.ParseProfile(profile)
	if err != nil {
		t.Fatal(err)
	}
	r, err := redact.New(p, known)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		r.Learn(redact.Source{Exchange: x, Sensitive: seedPlaces})
	}
	var out strings.Builder
	for _, x := range all {
		y, _, err := r.Apply(redact.Source{Exchange: x, Sensitive: seedPlaces})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(y)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
		out.WriteString("\n" + string(y.Request.Head) + "\n" + string(y.Request.Body))
		if y.Response != nil {
			out.WriteString("\n" + string(y.Response.Body))
		}
	}
	return out.String()
}

// What was found by hand to leave though a profile covers it.
func TestOddLeaks(t *testing.T) {
	js := func(id int64, target, body string, more ...capture.Field) *capture.Exchange {
		return exchange(id, target, append(capture.Fields{{Name: "Content-Type", Value: "application/json"}}, more...), []byte(body))
	}
	answered := func(x *capture.Exchange, body string, fields ...capture.Field) *capture.Exchange {
		x.Response = &capture.Response{Status: 200, Body: []byte(body), Header: fields}
		return x
	}
	named := func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Name = "tokCanary77xyzQ.json"
		_, _ = z.Write([]byte("nothing"))
		_ = z.Close()
		return b.Bytes()
	}
	for _, test := range []struct {
		name, profile string
		known         []string
		seen          []*capture.Exchange
		gone          []string
	}{
		{"phone with a bare plus in a query", "personal", nil, []*capture.Exchange{
			js(1, "/in", `{"phone":"+37129876543"}`), js(2, "/in?to=+37129876543", `{}`),
		}, []string{"37129876543"}},
		{"phone as a number", "personal", nil, []*capture.Exchange{
			js(1, "/in", `{"phone":"+371 29 876 543"}`), js(2, "/in", `{"to":37129876543}`),
		}, []string{"37129876543"}},
		{"phone without plus in text", "personal", nil, []*capture.Exchange{
			js(1, "/in", `{"phone":"+37129876543"}`), js(2, "/in", `{"text":"call 37129876543"}`),
		}, []string{"37129876543"}},
		{"configured secret in a signature header", "secrets", []string{"c0nfiguredCanary"}, []*capture.Exchange{
			js(1, "/in", `{}`, capture.Field{Name: "X-Signature", Value: "c0nfiguredCanary"}),
		}, []string{"c0nfiguredCanary"}},
		{"etag of an answer", "secrets", nil, []*capture.Exchange{
			answered(js(1, "/in", `{}`), `{"api_token":"tokCanary77xyzQ"}`, capture.Field{Name: "ETag", Value: `W/"1f-abcdefghijklmnop"`}),
		}, []string{"abcdefghijklmnop"}},
		{"checksum of a body", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{"api_token":"tokCanary77xyzQ"}`, capture.Field{Name: "X-Amz-Content-Sha256", Value: "deadbeefdeadbeef"},
				capture.Field{Name: "X-Checksum", Value: "crc32-77777777"}),
		}, []string{"deadbeefdeadbeef", "crc32-77777777"}},
		{"trailing bytes of zlib", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{"api_token":"tokCanary77xyzQ"}`),
			exchange(2, "/in", nil, append(deflated([]byte("hello")), "tokCanary77xyzQ"...)),
		}, []string{"tokCanary77xyzQ"}},
		{"name in gzip", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{"api_token":"tokCanary77xyzQ"}`), exchange(2, "/in", nil, named()),
		}, []string{"tokCanary77xyzQ"}},
		{"short secret in base64", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{"password":"Hunter2!x","n":"`+base64.StdEncoding.EncodeToString([]byte("Hunter2!x"))+`"}`),
		}, []string{"Hunter2!x", base64.StdEncoding.EncodeToString([]byte("Hunter2!x"))}},
		{"secret in a header that is named like a signature", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{}`, capture.Field{Name: "X-Signature-Token", Value: "q1w2e3r4t5"}),
		}, []string{"q1w2e3r4t5"}},
		{"difference of a signature", "secrets", nil, []*capture.Exchange{
			func() *capture.Exchange {
				x := js(1, "/in", `{"api_token":"tokCanary77xyzQ"}`, capture.Field{Name: "X-Signature", Value: "aabbccddeeff0011"})
				x.Sent = &capture.Sending{Differences: []capture.Difference{{What: "header X-Signature", Was: "99bbccddeeff0011", Is: "aabbccddeeff0011"}}}
				return x
			}(),
		}, []string{"aabbccddeeff0011", "99bbccddeeff0011"}},
		{"relative location", "secrets", nil, []*capture.Exchange{
			answered(js(1, "/in", `{}`), "", capture.Field{Name: "Location", Value: "/next?key=q1w2e3r4t5"}),
		}, []string{"q1w2e3r4t5"}},
		{"relative referer", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{}`, capture.Field{Name: "Referer", Value: "/next?sig=q1w2e3r4t5"}),
		}, []string{"q1w2e3r4t5"}},
		{"fragment of a link", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{"u":"https://x.example/cb#access_token=q1w2e3r4t5&x=1"}`),
		}, []string{"q1w2e3r4t5"}},
		{"matrix parameter", "secrets", nil, []*capture.Exchange{
			js(1, "/in;jsessionid=q1w2e3r4t5/x", `{}`),
		}, []string{"q1w2e3r4t5"}},
		{"semicolon in query", "secrets", nil, []*capture.Exchange{
			js(1, "/in?a=1;key=q1w2e3r4t5", `{}`),
		}, []string{"q1w2e3r4t5"}},
		{"form arrays", "secrets", nil, []*capture.Exchange{
			exchange(1, "/in", typed("application/x-www-form-urlencoded"), []byte("user%5Bpassword%5D=q1w2e3r4t5&a=1")),
			exchange(2, "/in?data[api_key]=z1z2z3z4z5", nil, nil),
		}, []string{"q1w2e3r4t5", "z1z2z3z4z5"}},
		{"form arrays, personal", "personal", nil, []*capture.Exchange{
			exchange(1, "/in", typed("application/x-www-form-urlencoded"), []byte("order%5Bcustomer%5D%5Bfirst_name%5D=Gunta&billing[phone]=29876541")),
		}, []string{"Gunta", "29876541"}},
		{"dotted names", "personal", nil, []*capture.Exchange{
			js(1, "/in", `{"customer.first_name":"Gunta","customer/email_address":"x"}`),
		}, []string{"Gunta"}},
		{"name value pairs", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{"headers":[{"name":"Authorization","value":"q1w2e3r4t5"},{"key":"api_key","value":"z1z2z3z4z5"}]}`),
		}, []string{"q1w2e3r4t5", "z1z2z3z4z5"}},
		{"name value pairs, personal", "personal", nil, []*capture.Exchange{
			js(1, "/in", `{"meta_data":[{"id":7,"key":"_billing_phone","value":29876541},{"value":"blue","name":"colour"}]}`),
		}, []string{"29876541"}},
		{"path with a dot in a name", "none,path:$['ref'][0]['x.y']", nil, []*capture.Exchange{js(1, "/in", `{"ref":[{"x.y":"q1w2e3r4t5"}]}`)}, []string{"q1w2e3r4t5"}},
		{"path into nested lists", "none,path:$.m[0][1].ref", nil, []*capture.Exchange{js(1, "/in", `{"m":[[{"ref":"q1w2e3r4t5"}]]}`)}, []string{"q1w2e3r4t5"}},
		{"path to a name with escapes", "none,path:$.ref", nil, []*capture.Exchange{js(1, "/in", `{"\u0072ef":"q1w2e3r4t5"}`)}, []string{"q1w2e3r4t5"}},
		{"signed links", "secrets", nil, []*capture.Exchange{
			js(1, "/in?X-Amz-Signature=q1w2e3r4t5", `{"u":"https://s3.example/x?X-Goog-Signature=z1z2z3z4z5&x=1"}`),
		}, []string{"q1w2e3r4t5", "z1z2z3z4z5"}},
		{"how far a token is right", "secrets", nil, []*capture.Exchange{func() *capture.Exchange {
			x := js(1, "/in", `{}`)
			reason := "?APIKEY differs from the API key at byte 7 (20 bytes received, 36 configured)."
			x.Annotation.Verification.Reason = reason
			x.Annotation.Verification.Checks = []capture.Check{{Proof: "?APIKEY", Reason: reason}}
			return x
		}()}, []string{"byte 7", "36"}},
		{"method", "secrets", nil, []*capture.Exchange{
			js(1, "/in?token=q1w2e3r4t5", `{}`),
			func() *capture.Exchange {
				x := js(2, "/in", `{}`)
				x.Request.Method = "GETq1w2e3r4t5"
				x.Request.Head = headBytes(&x.Request)
				return x
			}(),
		}, []string{"q1w2e3r4t5"}},
		{"user agent", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{}`, capture.Field{Name: "User-Agent", Value: "Shop/1.0 (key: abc; token=q1w2e3r4t5)"}),
		}, []string{"q1w2e3r4t5"}},
		{"error text", "secrets", nil, []*capture.Exchange{
			func() *capture.Exchange {
				x := js(1, "/in", `{}`)
				x.Error = `Post "http://admin:q1w2%40e3r4@127.0.0.1:3000/x?key=z1z2z3z4z5": dial tcp 127.0.0.1:3000: connect: connection refused`
				return x
			}(),
		}, []string{"q1w2", "z1z2z3z4z5"}},
		{"custom path split", "none,path:$.ref", nil, []*capture.Exchange{
			js(1, "/in", `{"ref":"abc"}`), js(2, "/in", `{"ref":123}`),
		}, []string{`"abc"`, `:123`}},
		{"ipv6 source", "personal", nil, []*capture.Exchange{
			js(1, "/in", `{"text":"from 2001:db8:85a3::8a2e:370:7334"}`, capture.Field{Name: "Forwarded", Value: `for="[2001:db8:85a3::8a2e:370:7335]:47011";proto=http;by=203.0.113.43`}),
		}, []string{"370:7335"}},
		{"xml pairs", "secrets", nil, []*capture.Exchange{
			exchange(1, "/in", typed("text/xml"), []byte(`<a><wsse:Password Type="x">q1w2e3r4t5</wsse:Password><add key="ApiKey" value="z1z2z3z4z5"/></a>`)),
		}, []string{"q1w2e3r4t5"}},
		{"upper case percent", "secrets", nil, []*capture.Exchange{
			js(1, "/in?token=q1w2e3r4t5", `{"t":"Q1W2E3R4T5"}`),
		}, []string{"q1w2e3r4t5", "Q1W2E3R4T5"}},
		{"number secret as string", "secrets", nil, []*capture.Exchange{
			js(1, "/in", `{"api_key":12345678}`), js(2, "/in/12345678?x=12345678", `{"a":"12345678","b":[12345678]}`),
		}, []string{"12345678"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := leaked(t, test.profile, test.known, test.seen...)
			for _, text := range test.gone {
				if strings.Contains(got, text) {
					t.Errorf("%q is still in it", text)
				}
			}
		})
	}
}
