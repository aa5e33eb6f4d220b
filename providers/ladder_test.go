package providers

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
)

func matching(tries []capture.Try) []string {
	var names []string
	for _, try := range tries {
		if try.Matches {
			names = append(names, try.Reading)
		}
	}
	return names
}

func putBody(body string) *capture.Request {
	return &capture.Request{Method: "PUT", Body: []byte(body), Size: int64(len(body))}
}

func TestHMACLadder(t *testing.T) {
	const body, secret = `{"a": "b c"}`, "s3cret-value"
	hexOf := func(key, text string) string { return hex.EncodeToString(SumHMAC(key, []byte(text))) }
	raw := string([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	sum := hexOf(secret, body)
	std := base64.StdEncoding.EncodeToString(SumHMAC(secret, []byte(body)))
	own := func(values ...string) []Key {
		var keys []Key
		for _, v := range values {
			keys = append(keys, NewKey("kornitx.api_key", "", v, false))
		}
		return keys
	}
	tests := []struct {
		name, value string
		own, others []Key
		want        string // all that match
	}{
		{"minified", hexOf(secret, `{"a":"b c"}`), own(secret), nil, "body minified"},
		{"newline", hexOf(secret, body+"\n"), own("other", secret), nil, "newline added at the end"},
		{"secret with blank", sum, own(" " + secret + "\n"), nil, "secret with white space removed"},
		{"sender's secret with a newline", hexOf(secret+"\n", body), own(secret), nil, "secret with a newline added"},
		{"secret in quotes", sum, own(`"` + secret + `"`), nil, "secret without quotes"},
		{"secret in hex", hexOf(raw, body), own(hex.EncodeToString([]byte(raw))), nil, "secret hex-decoded"},
		{"secret in base64", hexOf(raw, body), own(base64.StdEncoding.EncodeToString([]byte(raw))), nil, "secret base64-decoded"},
		{"other credential", sum, own("wrong"), []Key{NewKey("kornitx.push_key", "", secret, false)}, "another credential"},
		{"no own key", sum, nil, []Key{NewKey("kornitx.push_key", "", secret, false)}, "another credential"},
		{"prefix", "sha256=" + sum, own(secret), nil, "header without its prefix"},
		{"quotes", `"` + sum + `"`, own(secret), nil, "header without quotes"},
		{"wrapped", sum[:30] + "\r\n " + sum[30:], own(secret), nil, "header without white space"},
		{"URL-encoded", url.QueryEscape(std), own(secret), nil, "header URL-decoded"},
		{"cut", sum[:50], own(secret), nil, "header cut short"},
		{"two changes", hexOf(secret, `{"a":"b c"}`), own(secret + "\n"), nil, "body minified, secret with white space removed"},
		{"nothing fits", hexOf("another", body), own(secret), nil, ""},
		{"hex inside base64", base64.StdEncoding.EncodeToString([]byte(sum)), own(secret), nil, "header base64-decoded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tries := HMACLadder(putBody(body), tt.value, tt.own, tt.others)
			if got := strings.Join(matching(tries), ", "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			checkLadder(t, tries, secret)
		})
	}
	if tries := HMACLadder(putBody(body), sum, nil, nil); tries != nil {
		t.Errorf("without keys: got %v, want none", tries)
	}
}

// checkLadder wants every rung once, a meaning where it matches, and no secret.
func checkLadder(t *testing.T, tries []capture.Try, secret string) {
	t.Helper()
	seen := map[string]bool{}
	for _, try := range tries {
		if seen[try.Reading] {
			t.Errorf("%q is there twice", try.Reading)
		}
		seen[try.Reading] = true
		if try.Matches && try.Meaning == "" {
			t.Errorf("%q matches without a meaning", try.Reading)
		}
		if strings.Contains(try.Reading+try.Meaning, secret) {
			t.Errorf("%q shows the secret: %s", try.Reading, try.Meaning)
		}
	}
	if len(tries) > 60 {
		t.Errorf("%d rungs", len(tries))
	}
}

func TestRSALadder(t *testing.T) {
	private := newRSA(t, 2048)
	sign := func(text string) string {
		digest := sha256.Sum256([]byte(text))
		sig, err := rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(sig)
	}
	right := []Key{NewKey("klix.public_key", "", publicPEM(t, &private.PublicKey), true)}
	wrong := []Key{NewKey("klix.public_key", "", publicPEM(t, &newRSA(t, 2048).PublicKey), true)}
	const body = `{"a": 1.00}`
	signed := sign(body)
	inHex, err := base64.StdEncoding.DecodeString(signed)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, value string
		own, others []Key
		want        []string
	}{
		{"minified", sign(`{"a":1.00}`), right, nil, []string{"body minified", SignatureAlone}},
		{"number rewritten", sign(`{"a":1}`), right, nil, []string{"JSON as JavaScript writes it", SignatureAlone}},
		{"other credential", signed, wrong, right, []string{"another credential", SignatureAlone}},
		{"only another credential", signed, nil, right, []string{"another credential", SignatureAlone}},
		{"other content", sign("something else"), right, nil, []string{SignatureAlone}},
		{"other key", signed, wrong, nil, nil},
		{"prefix", "v1=" + signed, right, nil, []string{"header without its prefix", SignatureAlone}},
		{"in hex", hex.EncodeToString(inHex), right, nil, []string{"header in hex instead of base64", SignatureAlone}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tries := RSALadder(putBody(body), tt.value, tt.own, tt.others)
			if got := matching(tries); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			checkLadder(t, tries, "none")
		})
	}
}

// TestLadderNamesTheCause: for whatever commonly happens to a body on its way,
// the rung that undoes it matches, alone, and says what happened; with another
// key nothing matches.
func TestLadderNamesTheCause(t *testing.T) {
	const plain = `{"url":"a/b","name":"Rīga","sum":88.00}`
	const pretty = "{\n  \"url\": \"a/b\",\n  \"name\": \"Rīga\",\n  \"sum\": 88.00\n}"
	private := newRSA(t, 2048)
	secret := []Key{NewKey("kornitx.api_key", "live", "s3cret-value", false)}
	public := []Key{NewKey("klix.certificate", "live", publicPEM(t, &private.PublicKey), true)}
	wrongSecret := []Key{NewKey("kornitx.api_key", "", "another", false)}
	wrongPublic := []Key{NewKey("klix.certificate", "", publicPEM(t, &newRSA(t, 2048).PublicKey), true)}
	for _, tt := range []struct{ signed, received, rung, meaning string }{
		{plain, pretty, "body minified", "It would match if the body were minified: something between the sender and here reformats JSON."},
		{pretty, plain, "body pretty-printed with 2 spaces", "indented by 2 spaces: something between the sender and here reformats JSON."},
		{strings.ReplaceAll(pretty, "  ", "\t"), plain, "body pretty-printed with tabs", "indented by tabs"},
		{`{"url": "a/b", "name": "Rīga", "sum": 88.00}`, plain, `body on one line with ", " and ": "`, "as Python writes it"},
		{pretty, strings.ReplaceAll(pretty, "\n", "\r\n"), "CRLF turned into LF", "something made CRLF of them"},
		{strings.ReplaceAll(pretty, "\n", "\r\n"), pretty, "LF turned into CRLF", "something made LF of them"},
		{plain, plain + "\n", "white space at the end removed", "something added one"},
		{plain + "\n", plain, "newline added at the end", "something dropped it"},
		{plain, "\ufeff" + plain, "byte order mark removed", "something added one"},
		{"\ufeff" + plain, plain, "byte order mark added", "something dropped it"},
		{`{"url":"a\/b","name":"Rīga","sum":88.00}`, plain, `slashes written as \/`, "as PHP does"},
		{`{"url":"a/b","name":"R\u012bga","sum":88.00}`, plain, `letters written as \uXXXX`, "letters beyond ASCII"},
		{`{"url":"a\/b","name":"R\u012bga","sum":88.00}`, plain, "JSON as PHP writes it", "parses the JSON and writes it again"},
		{plain, `{"url":"a\/b","name":"R\u012bga","sum":88.00}`, "JSON with nothing escaped", "something escapes them"},
		{`{"url":"a/b","name":"Rīga","sum":88}`, plain, "JSON as JavaScript writes it", "88.00 becomes 88"},
		{`{"url": "a/b", "name": "R\u012bga", "sum": 88.0}`, plain, "JSON as Python writes it", "88.0 for 88.00"},
		{`{"name":"Rīga","sum":88,"url":"a/b"}`, plain, "JSON as Go writes it, keys sorted", "sorted keys"},
	} {
		t.Run(tt.rung, func(t *testing.T) {
			digest := sha256.Sum256([]byte(tt.signed))
			signature, err := rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, digest[:])
			if err != nil {
				t.Fatal(err)
			}
			mac := hex.EncodeToString(SumHMAC("s3cret-value", []byte(tt.signed)))
			text := base64.StdEncoding.EncodeToString(signature)
			r := putBody(tt.received)
			for _, tries := range [][]capture.Try{HMACLadder(r, mac, secret, nil), RSALadder(r, text, public, nil)} {
				got := slices.DeleteFunc(matching(tries), func(name string) bool { return name == SignatureAlone })
				if !slices.Equal(got, []string{tt.rung}) {
					t.Fatalf("got %q, want %q", got, tt.rung)
				}
				i := slices.IndexFunc(tries, func(try capture.Try) bool { return try.Reading == tt.rung })
				if m := tries[i].Meaning; !strings.Contains(m, tt.meaning) || !strings.HasPrefix(m, "It would match ") || !strings.HasSuffix(m, " (live))") {
					t.Errorf("meaning %q, want %q in it, and the key named", m, tt.meaning)
				}
			}
			if got := matching(HMACLadder(r, mac, wrongSecret, nil)); len(got) > 0 {
				t.Errorf("with another secret %q match", got)
			}
			if got := matching(RSALadder(r, text, wrongPublic, nil)); len(got) > 0 {
				t.Errorf("with another key %q match", got)
			}
		})
	}
}
