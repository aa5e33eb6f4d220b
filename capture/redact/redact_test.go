package redact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/redact"
)

func apply(t *testing.T, r *redact.Redactor, s redact.Source) (*capture.Exchange, []redact.Change) {
	t.Helper()
	x, changes, err := r.Apply(s)
	if err != nil {
		t.Fatal(err)
	}
	return x, changes
}

func body(t *testing.T, profile, body string, places ...capture.Sensitive) string {
	t.Helper()
	x, _ := apply(t, redactor(t, profile), redact.Source{Exchange: exchange(1, "/", typed("application/json"), []byte(body)), Sensitive: places})
	return string(x.Request.Body)
}

func TestBodies(t *testing.T) {
	t.Parallel()
	places := []capture.Sensitive{{Path: "customer"}, {Path: "items[].label"}, {Path: "total"}, {Path: "pin", Secret: true}, {Path: "ship_*"}}
	for _, c := range []struct{ profile, body, want string }{
		{"none", `{"token":"abcdef"}`, `{"token":"abcdef"}`},
		{"secrets", `{ "token" : "abcdef", "n": 1.50 }`, `{ "token" : "secret-1", "n": 1.50 }`},
		{"secrets", `{"pin":123456,"x":123456,"y":1234567}`, `{"pin":9000001,"x":9000001,"y":1234567}`},
		{"secrets", `{"customer":{"email":"a@b.lv"}}`, `{"customer":{"email":"a@b.lv"}}`},
		{"secrets", `{"token":null,"secret":"","password":true}`, `{"token":null,"secret":"","password":true}`},
		{"secrets", `{"token_type":"bearer"}`, `{"token_type":"bearer"}`},
		{
			"personal", `{"customer":{"first_name":"Anna","email":"a@b.lv","phone":"+371 20000000","vip":true}}`,
			`{"customer":{"first_name":"name-1","email":"person-1@redacted.example","phone":"+00000000001","vip":true}}`,
		},
		{"personal", `{"items":[{"label":"Gift"},{"label":"Gift"},{"label":"Other"}]}`, `{"items":[{"label":"personal-1"},{"label":"personal-1"},{"label":"personal-2"}]}`},
		{"personal", `{"total":12.50,"quantity":12}`, `{"total":9000001.00,"quantity":12}`},
		{"personal", `{"ship_to":"Riga","shipped":"Riga"}`, `{"ship_to":"personal-1","shipped":"Riga"}`},
		{"personal", `{"status_page_url":"https://print-status.com/abc"}`, `{"status_page_url":"https://redacted.example/link-1"}`},
		{"personal", `{"name":"Poster","person":{"name":"Anna"}}`, `{"name":"Poster","person":{"name":"name-1"}}`},
		{"personal", `{"note":"write to x@y.lv, X@Y.LV or z@y.lv"}`, `{"note":"write to person-1@redacted.example, person-1@redacted.example or person-2@redacted.example"}`},
		{"personal", `{"birthday":"1980-05-06"}`, `{"birthday":"2000-01-02"}`},
		{"none,path:$.a[0].b", `{"a":[{"b":"xyz"}],"token":"abcdef"}`, `{"a":[{"b":"custom-1"}],"token":"abcdef"}`},
		{"secrets,regex:INV-([0-9]+)", `{"a":"see INV-4455, 4455"}`, `{"a":"see INV-9000001, 9000001"}`},
	} {
		if got := body(t, c.profile, c.body, places...); got != c.want {
			t.Errorf("%s of %s:\n got %s\nwant %s", c.profile, c.body, got, c.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ profile, name, value, want string }{
		{"secrets", "Authorization", "Bearer abcdefgh", "Bearer secret-1"},
		{"secrets", "Authorization", "Basic dXNlcm5hbWU6cGFzc3dvcmQ=", "Basic dXNlci0xOnNlY3JldC0y"},
		{"secrets", "Cookie", "a=bcdefg; d=hijklm", "a=secret-1; d=secret-2"},
		{"secrets", "Set-Cookie", "a=bcdefg; Path=/; HttpOnly", "a=secret-1; Path=/; HttpOnly"},
		{"secrets", "X-Api-Key", "abcdef", "secret-1"},
		{"secrets", "authenticationToken", "abcdef", "secret-1"},
		{"secrets", "X-Klix-Signature", "abcdef==", "abcdef=="},
		{"secrets", "User-Agent", "Mozilla/5.0 Chrome/120.0.0.0", "Mozilla/5.0 Chrome/120.0.0.0"},
		{"secrets", "X-Forwarded-For", "203.0.113.9", "203.0.113.9"},
		{"personal", "X-Forwarded-For", "203.0.113.9, 127.0.0.1, 203.0.113.10", "198.18.0.1, 127.0.0.1, 198.18.0.2"},
		{"personal", "User-Agent", "Mozilla/5.0 Chrome/120.0.0.0", "Mozilla/5.0 Chrome/120.0.0.0"},
		{"secrets,header:X-Shop", "X-Shop", "abc", "custom-1"},
	} {
		x, _ := apply(t, redactor(t, c.profile), redact.Source{Exchange: exchange(1, "/", capture.Fields{{Name: "A", Value: "b"}, {Name: c.name, Value: c.value}}, nil)})
		if got := x.Request.Header[1].Value; got != c.want {
			t.Errorf("%s: %s: %s\n got %s\nwant %s", c.profile, c.name, c.value, got, c.want)
		}
		if want := headBytes(&x.Request); !bytes.Equal(x.Request.Head, want) {
			t.Errorf("%s: head %q and header %q do not agree", c.name, x.Request.Head, want)
		}
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ target, endpoint, want string }{
		{"/mintsoft/x?APIKEY=abcdef&id=7", "", "/mintsoft/x?APIKEY=secret-1&id=7"},
		{"/x?a=1&;token=%61bcdef", "", "/x?a=1&;token=secret-1"},
		{"/probo/q9w8e7r6t5", "/probo/*", "/probo/secret-1"},
		{"/probo/status", "/probo/*", "/probo/status"},
		{"/probo", "/probo", "/probo"},
		{"http://user:passw0rd@h.example/x?key=abcdef", "", "http://user:secret-1@h.example/x?key=secret-2"},
	} {
		x := exchange(1, c.target, nil, nil)
		x.Endpoint = c.endpoint
		got, _ := apply(t, redactor(t, "secrets"), redact.Source{Exchange: x, Sensitive: []capture.Sensitive{{Path: "path", Secret: true}}})
		if strings.ReplaceAll(got.Request.Target, "user-1", "user") != c.want {
			t.Errorf("target %s: got %s, want %s", c.target, got.Request.Target, c.want)
		}
	}
}

func TestSignatureOfARedactedBodyGoes(t *testing.T) {
	t.Parallel()
	signed := func(body string) *capture.Exchange {
		x := exchange(1, "/", capture.Fields{
			{Name: "X-Klix-Signature", Value: "c2ln"}, {Name: "Digest", Value: "sha-256=x"}, {Name: "Content-Length", Value: fmt.Sprint(len(body))},
		}, []byte(body))
		x.Annotation = capture.Annotation{Delivery: "1|sha256:aa", Verification: capture.Verification{
			Status: capture.Valid, Scheme: "klix-rsa-sha256", Header: "X-Klix-Signature", Expected: "e1", Received: "c2ln", Reason: "It matches.",
		}}
		return x
	}
	r := redactor(t, "personal")
	whole := signed(`{"a":1}`)
	got, changes := apply(t, r, redact.Source{Exchange: whole})
	if len(changes) > 0 || !reflect.DeepEqual(got, whole) {
		t.Errorf("an exchange without anything to replace changed: %v", changes)
	}
	got, _ = apply(t, r, redact.Source{Exchange: signed(`{"email":"a@b.lv"}`)})
	v := got.Annotation.Verification
	if v.Status != capture.Valid || v.Expected != "signature-removed" || v.Received != "signature-removed" ||
		!strings.HasPrefix(v.Reason, "valid when captured; body redacted since. ") {
		t.Errorf("verification %+v", v)
	}
	if got.Request.Header.Value("X-Klix-Signature") != "signature-removed" || got.Request.Header.Value("Digest") != "signature-removed" {
		t.Errorf("a signature stayed in %v", got.Request.Header)
	}
	if want := fmt.Sprint(len(got.Request.Body)); got.Request.Header.Value("Content-Length") != want || got.Request.Size != int64(len(got.Request.Body)) {
		t.Errorf("Content-Length %s, size %d, want %s", got.Request.Header.Value("Content-Length"), got.Request.Size, want)
	}
	if got.Import == nil || !got.Import.Redacted || got.Import.Via != capture.ViaLocal || got.Annotation.Delivery != "delivery-1" {
		t.Errorf("import %+v, delivery %q", got.Import, got.Annotation.Delivery)
	}
}

func TestTheOriginalStays(t *testing.T) {
	t.Parallel()
	for name, leak := range leakers() {
		x, same := leak(tokenCanary.text), leak(tokenCanary.text)
		r := redactor(t, "personal", tokenCanary.text)
		r.Learn(redact.Source{Exchange: x})
		apply(t, r, redact.Source{Exchange: x})
		if !reflect.DeepEqual(x, same) {
			t.Errorf("%s: the original was written to", name)
		}
	}
}

// TestSameValueSamePlaceholder also says that a placeholder follows from nothing but
// the order in which values were found.
func TestSameValueSamePlaceholder(t *testing.T) {
	t.Parallel()
	names := []string{"Anna Liepa", "Berta Ozola", "Cilda Kalna", "Dace Upe-Jura"}
	shown := func(order []int) map[string]string {
		r := redactor(t, "personal")
		var all []redact.Source
		for _, n := range order {
			x := exchange(int64(n+1), "/", typed("application/json"), fmt.Appendf(nil, `{"customer":{"name":%q}}`, names[n]))
			x.Note = "called " + strings.ToUpper(names[n])
			all = append(all, redact.Source{Exchange: x})
		}
		for _, s := range all {
			r.Learn(s)
		}
		got := map[string]string{}
		for i, s := range all {
			x, _ := apply(t, r, s)
			var b struct{ Customer struct{ Name string } }
			if err := json.Unmarshal(x.Request.Body, &b); err != nil {
				t.Fatal(err)
			}
			if want := "called " + b.Customer.Name; x.Note != want {
				t.Errorf("note %q, want %q", x.Note, want)
			}
			got[names[order[i]]] = b.Customer.Name
		}
		return got
	}
	forth, back := shown([]int{0, 1, 2, 3}), shown([]int{3, 2, 1, 0})
	if len(slices.Compact(slices.Sorted(maps.Values(forth)))) != len(names) {
		t.Errorf("placeholders are not apart: %v", forth)
	}
	if forth[names[0]] != back[names[3]] || forth[names[0]] == back[names[0]] {
		t.Errorf("a placeholder depends on its value: %v and %v", forth, back)
	}
}

func TestWhatCannotBeReadIsRemoved(t *testing.T) {
	t.Parallel()
	bomb := gzipped(bytes.Repeat([]byte("a"), 40<<20))
	for name, c := range map[string]struct {
		profile, encoding string
		body              []byte
		want              string
	}{
		"unknown":   {"secrets", "br", []byte("abc"), "removed: "},
		"broken":    {"secrets", "gzip", gzipped([]byte("abcdefghi"))[:15], "removed: "},
		"bomb":      {"secrets", "gzip", bomb, "removed: "},
		"gzip bomb": {"secrets", "", bomb, "removed: "},
		"image":     {"personal", "", []byte("\x89PNG\x00\x00"), "removed: "},
		"kept":      {"secrets", "", []byte("\x89PNG\x00\x00"), "\x89PNG"},
		"same":      {"secrets", "gzip", gzipped([]byte("abcdefghi")), "\x1f\x8b"},
		"none":      {"none", "br", []byte("abc"), "abc"},
	} {
		x, _ := apply(t, redactor(t, c.profile), redact.Source{Exchange: exchange(1, "/", capture.Fields{{Name: "Content-Encoding", Value: c.encoding}}, c.body)})
		if !bytes.HasPrefix(x.Request.Body, []byte(c.want)) {
			t.Errorf("%s: got %.40q, want %q", name, x.Request.Body, c.want)
		}
	}
}

func TestTextAndRule(t *testing.T) {
	t.Parallel()
	r := redactor(t, "personal", knownCanary.text)
	got, changes := r.Text("title", "Order of a@b.lv with "+knownCanary.text)
	if want := "Order of person-1@redacted.example with secret-1"; got != want || len(changes) != 2 || changes[0].Where != "title" {
		t.Errorf("got %q, %+v, want %q", got, changes, want)
	}
	rule := capture.Rule{Name: "for a@b.lv", Filter: "order:" + knownCanary.text, Params: capture.RuleParams{
		Answers: []capture.RuleAnswer{{Body: `{"to":"a@b.lv","token":"abcdef"}`, Header: capture.Fields{{Name: "X-Api-Key", Value: "abcdef"}}}},
		Answer:  capture.RuleAnswer{BodyBase64: "eyJ0byI6ImFAYi5sdiJ9"},
	}}
	redacted, _ := r.Rule(rule)
	b, _ := json.Marshal(redacted)
	for _, secret := range []string{"a@b.lv", knownCanary.text, "abcdef"} {
		if f := found(b, secret, 3); f != "" {
			t.Errorf("%s leaves with a rule: %s", secret, f)
		}
	}
	if rule.Params.Answers[0].Header[0].Value != "abcdef" || !strings.Contains(rule.Params.Answers[0].Body, "a@b.lv") {
		t.Error("the rule itself was written to")
	}
	if n := r.Replaced(); n["email"] == 0 || n["secret"] == 0 {
		t.Errorf("counts %v", n)
	}
}

func TestDerivedTextsHoldNoShortValues(t *testing.T) {
	t.Parallel()
	x := exchange(1, "/", typed("application/json"), []byte(`{"total":1250,"ref":"77","carrier":"DPD"}`))
	x.Annotation.Summary, x.Annotation.Order = "Paid · 12.50 EUR · DPD · order 77", "77"
	got, _ := apply(t, redactor(t, "personal"), redact.Source{Exchange: x, Sensitive: []capture.Sensitive{{Path: "total"}, {Path: "ref"}, {Path: "carrier"}}})
	if got.Annotation.Order != "9000002" || got.Annotation.Summary != "Paid · 9000001 EUR · personal-1 · order 9000002" {
		t.Errorf("order %q, summary %q", got.Annotation.Order, got.Annotation.Summary)
	}
}

func TestParseProfile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                "secrets",
		"Personal":                        "personal",
		"path:$.a":                        "secrets,path:$.a",
		"none,path:$.a,header:X-B":        "none,path:$.a,header:X-B",
		"personal,regex:a{1,3}b,path:c":   "personal,path:c,regex:a{1,3}b",
		"secrets,regex:[a,b]+,regex:d,e,": "secrets,regex:[a,b]+,regex:d,e,",
	} {
		p, err := redact.ParseProfile(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got := p.String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"all":                  "is no profile",
		"secrets,personal":     "not both",
		"secrets,regex:(":      "pattern 1 cannot be used",
		"secrets,regex:a*":     "matches the empty text",
		"secrets,path:":        "something is missing",
		"personal,path:$[":     "not closed",
		"personal,path:$.a]":   "not closed",
		"none,path:$['a":       "not closed",
		"secrets,nothing:here": "is no profile",
	} {
		if _, err := redact.ParseProfile(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	p, _ := redact.ParseProfile("personal,path:$.a,regex:canary")
	if got := strings.Join(p.Words(), "; "); got != "secrets; personal data; path $.a; a pattern" {
		t.Errorf("words %q", got)
	}
}

func TestHostileBodiesEnd(t *testing.T) {
	t.Parallel()
	for name, b := range hostileBodies(200 << 10) {
		r := redactor(t, "personal", knownCanary.text)
		s := redact.Source{Exchange: exchange(1, "/", nil, append(b, knownCanary.text...))}
		r.Learn(s)
		if x, _ := apply(t, r, s); bytes.Contains(x.Request.Body, []byte(knownCanary.text)) {
			t.Errorf("%s: a secret behind it stays", name)
		}
	}
}
