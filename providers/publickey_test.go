package providers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// legacyCert is the certificate in Klix's legacy documentation: RSA, 512 bits.
func legacyCert(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("klix/testdata/legacy_cert.pem")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func newRSA(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func publicPEM(t testing.TB, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestParsePublicKeys(t *testing.T) {
	key := newRSA(t, 2048)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert, public := legacyCert(t), publicPEM(t, &key.PublicKey)
	bare := strings.Join(strings.Split(strings.TrimSpace(public), "\n")[1:8], "\n")
	jwk := jose.JSONWebKey{Key: &key.PublicKey, KeyID: "one"}
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{jwk, {Key: &ec.PublicKey, KeyID: "two"}}}
	mixed := `{"keys":[{"kty":"XYZ"},` + mustJSON(t, jwk) + `]}`
	tests := []struct {
		name, value string
		want        []string // as String says, with KeyID
	}{
		{"certificate", cert, []string{"RSA 512 bits"}},
		{"public key", public, []string{"RSA 2048 bits"}},
		{"PKCS #1", pemOf("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey)), []string{"RSA 2048 bits"}},
		{"elliptic curve", publicPEM(t, &ec.PublicKey), []string{"EC 256 bits"}},
		{"several blocks and text between", cert + "\nand\n" + public, []string{"RSA 512 bits", "RSA 2048 bits"}},
		{"without armour", bare, []string{"RSA 2048 bits"}},
		{"without armour, on one line, spaces around", "  " + strings.ReplaceAll(bare, "\n", "") + " \n", []string{"RSA 2048 bits"}},
		{"\\n as two characters", strings.ReplaceAll(public, "\n", `\n`), []string{"RSA 2048 bits"}},
		{"line ends lost", strings.ReplaceAll(public, "\n", " "), []string{"RSA 2048 bits"}},
		{"CRLF and a byte order mark", "\ufeff" + strings.ReplaceAll(public, "\n", "\r\n"), []string{"RSA 2048 bits"}},
		{"a JSON string, as the portal answers", mustJSON(t, public), []string{"RSA 2048 bits"}},
		{"a webhook object of the portal", `{"id":"x","public_key":` + mustJSON(t, public) + `}`, []string{"RSA 2048 bits"}},
		{"JWK", mustJSON(t, jwk), []string{"RSA 2048 bits one"}},
		{"JWKS", mustJSON(t, set), []string{"RSA 2048 bits one", "EC 256 bits two"}},
		{"JWKS with a kind that nobody knows", mixed, []string{"RSA 2048 bits one"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !looksLikeKey(tt.value) {
				t.Error("it does not look like a key")
			}
			keys, err := ParsePublicKeys(tt.value)
			var got []string
			for i := range keys {
				got = append(got, strings.TrimSpace(keys[i].String()+" "+keys[i].KeyID))
			}
			if err != nil || strings.Join(got, ",") != strings.Join(tt.want, ",") {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestParsePublicKeysRefuses(t *testing.T) {
	key := newRSA(t, 2048)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PrivateKey(key)
	even := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 600), E: 65537}
	huge := &rsa.PublicKey{N: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), maxModulus+8), big.NewInt(1)), E: 65537}
	tests := []struct{ name, value, want string }{
		{"empty", " \n", "empty"},
		{"plain text", "hello, this is my key", "neither PEM"},
		{"PKCS #8", pemOf("PRIVATE KEY", pkcs8), "private key"},
		{"PKCS #1", pemOf("RSA PRIVATE KEY", pkcs1), "private key"},
		{"private beside public", publicPEM(t, &key.PublicKey) + pemOf("PRIVATE KEY", pkcs8), "private key"},
		{"private without armour", base64.StdEncoding.EncodeToString(pkcs8), "private key"},
		{"private under a wrong label", pemOf("PUBLIC KEY", pkcs1), "private key"},
		{"private JWK", mustJSON(t, jose.JSONWebKey{Key: key}), "private key"},
		{"symmetric JWK", `{"kty":"oct","k":"c2VjcmV0"}`, "symmetric"},
		{"request", pemOf("CERTIFICATE REQUEST", csr), "certificate request"},
		{"OpenSSH", "ssh-rsa AAAAB3NzaC1yc2E= me@here", "OpenSSH"},
		{"another block", pemOf("X509 CRL", []byte{1}), "X509 CRL"},
		{"cut", publicPEM(t, &key.PublicKey)[:200], "it was cut"},
		{"broken JSON", `{"keys":[`, "not JSON"},
		{"no keys", `{"keys":[]}`, "holds no key"},
		{"even modulus", publicPEM(t, even), "tiny or even"},
		{"exponent 1", publicPEM(t, &rsa.PublicKey{N: key.N, E: 1}), "exponent"},
		{"huge modulus", publicPEM(t, huge), "at most"},
		{"JSON in JSON", `{"public_key":"{\"public_key\":\"x\"}"}`, "neither PEM"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			keys, err := ParsePublicKeys(tt.value)
			if err == nil || !strings.Contains(err.Error(), tt.want) || len(keys) > 0 {
				t.Errorf("got %d keys, error %v; want one with %q", len(keys), err, tt.want)
			}
		})
	}
}

func TestLooksLikeKey(t *testing.T) {
	for _, plain := range []string{"", "https://login.example.com/", "callbacks", "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"} {
		if looksLikeKey(plain) {
			t.Errorf("%q looks like a key; want not", plain)
		}
	}
}

func FuzzParsePublicKeys(f *testing.F) {
	cert := legacyCert(f)
	f.Add(cert)
	f.Add(mustJSON(f, cert))
	f.Add(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`)
	f.Add(`{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`)
	f.Add("MIIBCgKCAQEA")
	f.Fuzz(func(t *testing.T, value string) {
		keys, err := ParsePublicKeys(value)
		if (err == nil) != (len(keys) > 0) {
			t.Errorf("%d keys and error %v", len(keys), err)
		}
		for i := range keys {
			if key, ok := keys[i].Key.(*rsa.PublicKey); ok {
				VerifyRSA(key, [32]byte{}, make([]byte, key.Size()))
			}
		}
	})
}
