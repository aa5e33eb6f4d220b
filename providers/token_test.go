package providers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
)

var testTokens = &Tokens{Scheme: "shop-token", Proofs: []TokenProof{
	{Credential: "shop.key", Places: []string{"?APIKEY", "X-Key"}},
	{Credential: "shop.auth", Places: []string{"Authorization"}},
}}

func verifyTokens(r *capture.Request, keys Keys) capture.Verification {
	return testTokens.Verify(NewCallback(r, nil, DecodeLimit), keys)
}

func tokenLadder(r *capture.Request, keys Keys) []capture.Try {
	return testTokens.Ladder(NewCallback(r, nil, DecodeLimit), keys)
}

func tokenKeys(pairs ...string) Keys {
	keys := Keys{}
	for i := 0; i < len(pairs); i += 3 {
		keys[pairs[i]] = append(keys[pairs[i]], NewKey(pairs[i], pairs[i+1], pairs[i+2], false))
	}
	return keys
}

func tokenRequest(query string, header ...string) *capture.Request {
	r := &capture.Request{Method: "POST", Target: "/x"}
	if query != "" {
		r.Target += "?" + query
	}
	for i := 0; i < len(header); i += 2 {
		r.Header = append(r.Header, capture.Field{Name: header[i], Value: header[i+1]})
	}
	return r
}

func TestVerifyTokens(t *testing.T) {
	both := tokenKeys("shop.key", "test", "s3cret", "shop.key", "live", "s3cret2", "shop.auth", "", "Bearer b")
	for _, tt := range []struct {
		name    string
		request *capture.Request
		keys    Keys
		want    capture.Status
		key     string
		header  string
		reason  string
		checks  []capture.Status
	}{
		{"nothing sent, nothing known", tokenRequest(""), nil, capture.Unsigned, "", "", "carries no token, and none is configured", nil},
		{"nothing sent", tokenRequest(""), both, capture.Unsigned, "", "", "?APIKEY or X-Key is absent, although shop.key is configured.", []capture.Status{capture.Unsigned, capture.Unsigned}},
		{"an empty value is nothing", tokenRequest("APIKEY=", "X-Key", ""), both, capture.Unsigned, "", "", "is absent", []capture.Status{capture.Unsigned, capture.Unsigned}},
		{"sent, but not known", tokenRequest("APIKEY=a"), nil, capture.KeyMissing, "", "?APIKEY", "?APIKEY is there, but shop.key is not configured.", []capture.Status{capture.KeyMissing}},
		{"right, the other absent", tokenRequest("apikey=s3cret2"), both, capture.Valid, "live", "?APIKEY", "?APIKEY equals shop.key (live). Authorization is absent, although shop.auth is configured. " + NotCovered, []capture.Status{capture.Valid, capture.Unsigned}},
		{"both right", tokenRequest("apikey=s3cret", "authorization", "Bearer b"), both, capture.Valid, "test", "?APIKEY, Authorization", "", []capture.Status{capture.Valid, capture.Valid}},
		{"right beside wrong", tokenRequest("apikey=s3cret", "Authorization", "Bearer c"), both, capture.Invalid, "", "?APIKEY, Authorization", "Authorization differs from shop.auth at byte 8 (8 bytes received, 8 configured).", []capture.Status{capture.Valid, capture.Invalid}},
		{"right beside one not known", tokenRequest("apikey=s3cret", "Authorization", "x"), tokenKeys("shop.key", "", "s3cret"), capture.Valid, "", "?APIKEY, Authorization", "shop.auth is not configured", []capture.Status{capture.Valid, capture.KeyMissing}},
		{"twice, once wrong", tokenRequest("apikey=s3cret&APIKEY=no"), both, capture.Invalid, "", "?APIKEY, ?APIKEY", "equals none of the 2 values of shop.key", []capture.Status{capture.Valid, capture.Invalid, capture.Unsigned}},
		{"the nearest is named", tokenRequest("apikey=s3cret3"), both, capture.Invalid, "", "?APIKEY", "the nearest, shop.key (test), differs at byte 7 (7 bytes received, 6 configured)", nil},
		{"the prefix alone", tokenRequest("apikey=s3"), tokenKeys("shop.key", "", "s3cret"), capture.Invalid, "", "?APIKEY", "at byte 3 (2 bytes received, 6 configured)", nil},
		{"the second place", tokenRequest("", "x-KEY", "s3cret"), both, capture.Valid, "test", "X-Key", "X-Key equals", nil},
		{"percent-encoded", tokenRequest("apikey=s%33cret"), both, capture.Valid, "test", "?APIKEY", "", nil},
		{"a plus sign in the token", tokenRequest("apikey=a+b"), tokenKeys("shop.key", "", "a+b"), capture.Valid, "", "?APIKEY", "", nil},
		{"a plus sign for a blank", tokenRequest("apikey=a+b"), tokenKeys("shop.key", "", "a b"), capture.Valid, "", "?APIKEY", "", nil},
		{"a semicolon in the token", tokenRequest("apikey=a;b"), tokenKeys("shop.key", "", "a;b"), capture.Valid, "", "?APIKEY", "", nil},
		{"a bad escape in the token", tokenRequest("apikey=a%zz"), tokenKeys("shop.key", "", "a%zz"), capture.Valid, "", "?APIKEY", "", nil},
		{"an empty key never matches", tokenRequest("", "X-Key", "a"), tokenKeys("shop.key", "", ""), capture.KeyMissing, "", "X-Key", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := verifyTokens(tt.request, tt.keys)
			if v.Status != tt.want || v.Key != tt.key || v.Header != tt.header || !strings.Contains(v.Reason, tt.reason) {
				t.Errorf("got %+v\nwant %s, key %q, header %q, reason %q", v, tt.want, tt.key, tt.header, tt.reason)
			}
			var checks []capture.Status
			for _, c := range v.Checks {
				checks = append(checks, c.Status)
			}
			if tt.checks != nil && !slices.Equal(checks, tt.checks) {
				t.Errorf("checks %q, want %q", checks, tt.checks)
			}
			if (v.Scheme == "") != (tt.header == "") {
				t.Errorf("scheme %q with header %q", v.Scheme, v.Header)
			}
		})
	}
}

func TestVerifyTokensBoundsItsWork(t *testing.T) {
	r := tokenRequest(strings.Repeat("apikey=a&", 10_000))
	v := verifyTokens(r, tokenKeys("shop.key", "", "b"))
	if v.Status != capture.Invalid || len(v.Checks) > maxTokens {
		t.Errorf("%s with %d checks, want invalid with at most %d", v.Status, len(v.Checks), maxTokens)
	}
}

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		got, want string
		equal     bool
		at        int
	}{
		{"", "", true, 0},
		{"a", "a", true, 1},
		{"abc", "abd", false, 2},
		{"xbd", "abc", false, 0},
		{"ab", "abc", false, 2},
		{"abc", "ab", false, 2},
		{"", "a", false, 0},
	} {
		if equal, at := compare(tt.got, tt.want); equal != tt.equal || at != tt.at {
			t.Errorf("%q, %q: %v at %d, want %v at %d", tt.got, tt.want, equal, at, tt.equal, tt.at)
		}
	}
}

func TestTokenLadder(t *testing.T) {
	const user = "dXNlcm5hbWU6cGFzc3dvcmQ=" // username:password
	for _, tt := range []struct{ name, received, configured, want string }{
		{"configured with a line end", "secret", "secret\n", "white space at the ends removed"},
		{"received with blanks", " secret", "secret", "white space at the ends removed"},
		{"configured in quotes", "secret", `"secret"`, "quotes removed"},
		{"configured percent-encoded", "a/b", "a%2Fb", "URL-decoded"},
		{"received percent-encoded", "a%2Fb", "a/b", "URL-decoded"},
		{"received with a plus", "a+b", "a b", "URL-decoded"},
		{"case", "SECRET", "secret", "upper and lower case ignored"},
		{"user:password configured", "Basic " + user, "username:password", "user:password encoded for Basic"},
		{"Basic user:password configured", "Basic " + user, "Basic username:password", "user:password encoded for Basic"},
		{"user:password received", "username:password", "Basic " + user, "user:password encoded for Basic"},
		{"base64 configured", "Basic " + user, user, `"Basic " added or removed`},
		{"base64 received", user, "Basic " + user, `"Basic " added or removed`},
		{"Bearer not configured", "Bearer b", "b", `"Bearer " added or removed`},
		{"Bearer not received", "b", "Bearer b", `"Bearer " added or removed`},
		{"the other credential", "k", "b", "another credential of this provider"},
		{"nothing", "nothing", "like it", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			keys := tokenKeys("shop.auth", "live", tt.configured, "shop.key", "", "k")
			var matches []string
			tries := tokenLadder(tokenRequest("", "Authorization", tt.received), keys)
			for _, try := range tries {
				if try.Matches {
					matches = append(matches, try.Reading)
				}
			}
			if got := strings.Join(matches, ", "); got != tt.want || len(tries) != len(tokenRungs)+1 {
				t.Errorf("%d rungs, matching %q; want %q", len(tries), got, tt.want)
			}
		})
	}
}

func TestTokenLadderIsEmptyWithoutAWrongToken(t *testing.T) {
	keys := tokenKeys("shop.auth", "", "b", "shop.key", "", "k")
	for _, r := range []*capture.Request{tokenRequest(""), tokenRequest("", "Authorization", "b"), tokenRequest("apikey=k", "Authorization", "b")} {
		if tries := tokenLadder(r, keys); len(tries) != 0 {
			t.Errorf("%s: %v", r.Target, tries)
		}
	}
}

func TestTokensShowNowhere(t *testing.T) {
	const received, configured, other = "received-token", "configured-token", "Bearer received-token"
	for _, keys := range []Keys{nil, tokenKeys("shop.auth", "a", configured), tokenKeys("shop.auth", "", received), tokenKeys("shop.auth", "", other, "shop.key", "b", received)} {
		r := tokenRequest("apikey="+received, "Authorization", received)
		text := fmt.Sprintf("%+v %+v", verifyTokens(r, keys), tokenLadder(r, keys))
		if strings.Contains(text, received) || strings.Contains(text, configured) {
			t.Errorf("a token shows: %s", text)
		}
	}
}

func TestSignTokens(t *testing.T) {
	keys := tokenKeys("shop.key", "", "a b/c", "shop.auth", "", "Bearer b")
	for _, target := range []string{"/x", "/x?order=7", "/x?apikey=old", "/x?API%4BEY=old&order=7"} {
		r := tokenRequest("", "X-Key", "old", "Accept", "*/*", "authorization", "old")
		r.Target = target
		before := slices.Clone(r.Header)
		given := r.Header
		if err := testTokens.Sign(r, keys); err != nil {
			t.Fatal(err)
		}
		if v := verifyTokens(r, keys); v.Status != capture.Valid || len(v.Checks) != 2 {
			t.Errorf("%s, signed as %s: %+v", target, r.Target, v)
		}
		if strings.Contains(target, "order=7") != strings.Contains(r.Target, "order=7") {
			t.Errorf("%s became %s", target, r.Target)
		}
		if !slices.Equal(given, before) {
			t.Error("the caller's own fields have changed")
		}
	}
	if err := testTokens.Sign(tokenRequest(""), nil); err == nil || !strings.Contains(err.Error(), "shop.key is not configured") {
		t.Errorf("signing without a key: %v", err)
	}
}

func TestOptionsAnswer(t *testing.T) {
	a := OptionsAnswer(capture.ByPreset, "options")
	for _, name := range []string{"Allow", "Access-Control-Allow-Methods"} {
		for _, method := range []string{"POST", "PUT", "OPTIONS"} {
			if v := a.Header.Value(name); !slices.Contains(strings.Split(v, ", "), method) {
				t.Errorf("%s: %q lacks %s", name, v, method)
			}
		}
	}
	if a.Status != 200 || a.By != capture.ByPreset || a.Preset != "options" {
		t.Errorf("got %+v", a)
	}
}

func FuzzVerifyTokens(f *testing.F) {
	f.Add("APIKEY=s3cret", "Bearer b", "s3cret", "Bearer b")
	f.Add("apikey=a%2520b&APIKEY=a+b", "Basic dXNlcm5hbWU6cGFzc3dvcmQ=", "a b", "username:password")
	f.Add("%zz=1;apikey=2", "", "\"", " ")
	f.Fuzz(func(t *testing.T, query, header, key, auth string) {
		r := tokenRequest(query, "Authorization", header)
		keys := tokenKeys("shop.key", "", key, "shop.auth", "", auth)
		v := verifyTokens(r, keys)
		// An empty value is none: then the header cannot be checked, and a right
		// query counts.
		if v.Status == capture.Valid && header != "" && auth != "" && header != auth {
			t.Errorf("Authorization %q passes for %q", header, auth)
		}
		tokenLadder(r, keys)
		if len(key) == 0 || len(auth) == 0 {
			return
		}
		if err := testTokens.Sign(r, keys); err != nil {
			t.Fatal(err)
		}
		if v := verifyTokens(r, keys); v.Status != capture.Valid {
			t.Errorf("%s, signed, is %s: %s", r.Target, v.Status, v.Reason)
		}
	})
}
