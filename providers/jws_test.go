package providers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/tidwall/gjson"

	"hookglass/capture"
)

func seedJWS(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("klix/samples/order_verification.jws")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func signJWS(t testing.TB, alg jose.SignatureAlgorithm, key any, payload string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func TestParseJWS(t *testing.T) {
	j, err := ParseJWS(seedJWS(t))
	if err != nil {
		t.Fatal(err)
	}
	if j.Alg != "RS256" || j.KeyID != "MPay" || j.Claims.Get("orderId").Str != "1a6a5368-e799-4967-b742-67adc16aec8a" || len(j.Signature) != 64 {
		t.Errorf("got %+v", j)
	}
	tests := []struct{ name, text, want string }{
		{"two parts", "a.b", "2 parts"},
		{"encrypted", "a.b.c.d.e", "5 parts"},
		{"empty", "", "1 parts"},
		{"header in plain base64", "eyJ+fQ==.e30.AA", "the header is not base64url"},
		{"line end", b64("{}") + ".e3\n0.AA", "the payload is not base64url"},
		{"header no JSON", b64("{") + ".e30.AA", "the JWS header: not JSON"},
		{"header an array", b64("[]") + ".e30.AA", "not an object"},
		{"long", strings.Repeat("a", maxJWS+1), "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParseJWS(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
	if j, err := ParseJWS(b64(`{"alg":"RS256"}`) + "." + b64("text") + "."); err != nil || j.Claims.Exists() {
		t.Errorf("a payload that is no JSON: got %v, claims %v; want none", err, j.Claims)
	}
}

func TestMatchJWS(t *testing.T) {
	rsaKey := newRSA(t, 2048)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edPublic, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set := mustJSON(t, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &rsaKey.PublicKey}, {Key: &ecKey.PublicKey}, {Key: edPublic}}})
	good := []Key{NewKey("kornitx.jwks", "", set, true)}
	other := []Key{NewKey("kornitx.jwks", "", publicPEM(t, &newRSA(t, 2048).PublicKey), true)}
	for alg, key := range map[jose.SignatureAlgorithm]crypto.Signer{
		jose.RS256: rsaKey, jose.RS512: rsaKey, jose.PS256: rsaKey, jose.ES256: ecKey, jose.EdDSA: edKey,
	} {
		text := signJWS(t, alg, key, `{"sub":"x"}`)
		j, err := ParseJWS(text)
		if err != nil {
			t.Fatal(err)
		}
		if !j.Match(good).Matches || j.Match(other).Matches || j.Match(nil).Matches {
			t.Errorf("%s: got %v with its key, %v with another; want true, false", alg, j.Match(good).Matches, j.Match(other).Matches)
		}
		parts := strings.Split(text, ".")
		bent, err := ParseJWS(parts[0] + "." + b64(`{"sub":"y"}`) + "." + parts[2])
		if err != nil || bent.Match(good).Matches {
			t.Errorf("%s: another payload matches (%v)", alg, err)
		}
	}
}

// TestMatchJWSHeedsTheKeysPurpose: a JWK that says what it is for verifies
// nothing else.
func TestMatchJWSHeedsTheKeysPurpose(t *testing.T) {
	key := newRSA(t, 2048)
	jwk := mustJSON(t, jose.JSONWebKey{Key: &key.PublicKey})
	with := func(members string) string { return strings.TrimSuffix(jwk, "}") + "," + members + "}" }
	for _, tt := range []struct {
		members string
		matches string // the algorithms that it verifies
	}{
		{`"use":"sig"`, "RS256 PS256"},
		{`"use":null`, "RS256 PS256"},
		{`"use":"enc"`, ""},
		{`"alg":"RS256"`, "RS256"},
		{`"alg":"PS256"`, "PS256"},
		{`"alg":"RSA-OAEP"`, ""},
		{`"key_ops":["verify"]`, "RS256 PS256"},
		{`"key_ops":["encrypt","wrapKey"]`, ""},
	} {
		keys := []Key{NewKey("kornitx.jwks", "", `{"keys":[`+with(tt.members)+`]}`, true)}
		var got []string
		for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.PS256} {
			j, err := ParseJWS(signJWS(t, alg, key, `{}`))
			if err != nil {
				t.Fatal(err)
			}
			if j.Match(keys).Matches {
				got = append(got, string(alg))
			}
		}
		if strings.Join(got, " ") != tt.matches {
			t.Errorf("%s verifies %q, want %q", tt.members, got, tt.matches)
		}
		if tt.matches == "" && !strings.Contains(tt.members, "alg") && (keys[0].Err == nil || !strings.Contains(keys[0].Err.Error(), "not for signatures")) {
			t.Errorf("%s: error %v", tt.members, keys[0].Err)
		}
	}
}

func TestMatchJWSWeak(t *testing.T) {
	j, err := ParseJWS(seedJWS(t))
	if err != nil {
		t.Fatal(err)
	}
	m := j.Match([]Key{NewKey("klix.certificate", "docs", legacyCert(t), true)})
	if !m.Matches || !m.Public.Weak() || m.Key.Label != "docs" {
		t.Errorf("got %v, %v, %v; want a match with a weak key", m.Matches, m.Public, m.Key)
	}
}

func TestRefusedJWS(t *testing.T) {
	public := publicPEM(t, &newRSA(t, 2048).PublicKey)
	keys := []Key{NewKey("kornitx.jwks", "", public, true)}
	hs := b64(`{"alg":"HS256"}`) + "." + b64("{}")
	mac := hmac.New(sha256.New, []byte(public))
	mac.Write([]byte(hs))
	tests := []struct{ name, text, want string }{
		{"none", b64(`{"alg":"none"}`) + "." + b64("{}") + ".", "not signed"},
		{"NONE", b64(`{"alg":"NoNe"}`) + "." + b64("{}") + ".", "not signed"},
		{"HMAC with the public key", hs + "." + b64(string(mac.Sum(nil))), "public key as its secret"},
		{"no alg", b64(`{}`) + "." + b64("{}") + ".", "no signature with a public key"},
		{"alg is a number", b64(`{"alg":5}`) + "." + b64("{}") + ".", "no signature with a public key"},
		{"crit", b64(`{"alg":"RS256","crit":["b64"],"b64":false}`) + "." + b64("{}") + ".", "crit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j, err := ParseJWS(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if err := j.Refused(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if j.Match(keys).Matches {
				t.Error("it matches")
			}
		})
	}
}

func TestCheckClaims(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	iss := []Key{NewKey("kornitx.issuer", "", "https://login.example.com/", true)}
	aud := []Key{NewKey("kornitx.audience", "", "callbacks\n", true)}
	tests := []struct {
		name     string
		claims   string
		at       time.Time
		iss, aud []Key
		want     string // claim=status, in order
	}{
		{"in time", `{"exp":1772366401,"nbf":1772366399,"iat":1772366399}`, at, nil, nil, "exp=valid"},
		{"expired a second ago", `{"exp":1772366399}`, at, nil, nil, "exp=valid"},
		{"expired for longer than the leeway", `{"exp":1772366339}`, at, nil, nil, "exp=invalid"},
		{"not yet", `{"nbf":1772366461}`, at, nil, nil, "nbf=invalid"},
		{"issued in the future", `{"iat":1772366461}`, at, nil, nil, "iat=invalid"},
		{"time not known", `{"exp":1}`, time.Time{}, nil, nil, ""},
		{"no number", `{"exp":"1"}`, at, nil, nil, ""},
		{"absurd number", `{"exp":1e300,"nbf":-1}`, at, nil, nil, ""},
		{"issuer", `{"iss":"https://login.example.com/"}`, at, iss, nil, "iss=valid"},
		{"other issuer", `{"iss":"https://login.example.com"}`, at, iss, nil, "iss=invalid"},
		{"no issuer", `{}`, at, iss, nil, "iss=invalid"},
		{"audience", `{"aud":"callbacks"}`, at, nil, aud, "aud=valid"},
		{"audience in a list", `{"aud":["a","callbacks"]}`, at, nil, aud, "aud=valid"},
		{"azp", `{"aud":"a","azp":"callbacks"}`, at, nil, aud, "aud=valid"},
		{"other audience", `{"aud":["a",5]}`, at, nil, aud, "aud=invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range CheckClaims(gjson.Parse(tt.claims), tt.at, tt.iss, tt.aud) {
				got = append(got, c.Proof+"="+string(c.Status))
				if c.Reason == "" {
					t.Errorf("%s without a reason", c.Proof)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestCombine(t *testing.T) {
	proof := func(header string, s capture.Status) capture.Verification {
		return capture.Verification{Header: header, Status: s, Reason: string(s) + ".", Scheme: header}
	}
	tests := []struct {
		name string
		in   []capture.Verification
		want capture.Status
		from string
	}{
		{"one", []capture.Verification{proof("a", capture.KeyMissing)}, capture.KeyMissing, "a"},
		{"wrong beside right", []capture.Verification{proof("a", capture.Valid), proof("b", capture.Invalid)}, capture.Invalid, "b"},
		{"unreadable beside right", []capture.Verification{proof("a", capture.Valid), proof("b", capture.Malformed)}, capture.Malformed, "b"},
		{"right beside one without a key", []capture.Verification{proof("a", capture.KeyMissing), proof("b", capture.Valid)}, capture.Valid, "b"},
		{"weak beside right", []capture.Verification{proof("a", capture.WeakKey), proof("b", capture.Valid)}, capture.Valid, "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Combine(tt.in)
			if got.Status != tt.want || got.Header != tt.from {
				t.Errorf("got %s of %s, want %s of %s", got.Status, got.Header, tt.want, tt.from)
			}
			if n := len(got.Checks); len(tt.in) > 1 && n != len(tt.in) {
				t.Errorf("%d checks, want %d", n, len(tt.in))
			}
		})
	}
}

func FuzzParseJWS(f *testing.F) {
	f.Add(seedJWS(f))
	f.Add(b64(`{"alg":"none"}`) + "." + b64("{}") + ".")
	f.Add(b64(`{"alg":"ES256","crit":1}`) + "." + b64(`{"exp":1}`) + ".AAAA")
	keys := []Key{NewKey("klix.certificate", "", legacyCert(f), true)}
	f.Fuzz(func(t *testing.T, text string) {
		j, err := ParseJWS(text)
		if err != nil {
			return
		}
		if j.Match(keys).Matches && j.Refused() != nil {
			t.Error("a refused token matches")
		}
		CheckClaims(j.Claims, time.Unix(1, 0), keys, keys)
	})
}
