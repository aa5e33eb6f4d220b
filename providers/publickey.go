package providers

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/tidwall/gjson"
)

// WeakBits is the size of an RSA key below which a matching signature proves
// nothing: such keys can be factored, and Go's standard library refuses them.
const WeakBits = 1024

// PublicKey is one key that a configured value holds.
type PublicKey struct {
	Key   crypto.PublicKey  // *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey
	Cert  *x509.Certificate // the certificate it came in; nil for a bare key
	KeyID string            // the kid of a JWK; "" for others
	Alg   string            // the alg of a JWK, the only one that it verifies; "" for any
	Bits  int               // the size of its modulus or curve
}

// verifies reports whether the key is meant for an algorithm of JOSE.
func (k *PublicKey) verifies(alg string) bool { return k.Alg == "" || k.Alg == alg }

// Weak reports whether it is an RSA key too small to prove anything.
func (k *PublicKey) Weak() bool {
	_, ok := k.Key.(*rsa.PublicKey)
	return ok && k.Bits < WeakBits
}

// String names the key: "RSA 512 bits".
func (k *PublicKey) String() string {
	switch k.Key.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d bits", k.Bits)
	case *ecdsa.PublicKey:
		return fmt.Sprintf("EC %d bits", k.Bits)
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return "no key"
}

const (
	maxKeyText = 1 << 20
	maxKeys    = 100
)

// Errors that say what a value is instead of a public key.
var (
	errPrivateKey = errors.New("this is a private key; a public key or a certificate is wanted, and the private one should stay where it is")
	errRequest    = errors.New("this is a certificate request; the certificate that was made from it is wanted")
	errOpenSSH    = errors.New("this is a key in OpenSSH's format; ssh-keygen -e -m pkcs8 turns it into PEM")
	errSymmetric  = errors.New("this JWKS holds a symmetric key, which is a shared secret; public keys are wanted")
	errNoKey      = errors.New("neither PEM, nor a JWKS, nor a key or certificate in base64")
)

// ParsePublicKeys reads certificates and public keys: PEM with one block or
// several, a JWKS or one JWK, and what people paste instead: the base64 without
// its armour, PEM on one line or with \n as two characters, PEM as a JSON string
// as the Klix portal's API gives it. Small keys are read too; see Weak.
func ParsePublicKeys(value string) ([]PublicKey, error) {
	if len(value) > maxKeyText {
		return nil, fmt.Errorf("longer than %d bytes: not a key", maxKeyText)
	}
	value = strings.TrimSpace(strings.TrimPrefix(value, string(utf8BOM)))
	if value == "" {
		return nil, errors.New("empty")
	}
	switch value[0] {
	case '"':
		var text string
		if err := json.Unmarshal([]byte(value), &text); err == nil {
			return ParsePublicKeys(text)
		}
		value = strings.Trim(value, `"`)
	case '{', '[':
		return parseJSONKeys(value)
	}
	if strings.HasPrefix(value, "ssh-") || strings.HasPrefix(value, "ecdsa-sha2-") {
		return nil, errOpenSSH
	}
	value = lineEnds.Replace(value)
	if strings.Contains(value, pemBegin) {
		return parsePEM(value)
	}
	der, err := decodeLoose(value)
	if err != nil {
		return nil, errNoKey
	}
	key, err := parseDER(der)
	if err != nil {
		return nil, err
	}
	return []PublicKey{key}, nil
}

var lineEnds = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\r`, "\n")

// CheckKeys says why a value holds no public key; it is a Credential's Check.
func CheckKeys(value string) error {
	_, err := ParsePublicKeys(value)
	return err
}

// looksLikeKey reports whether a value of public material is meant as a key:
// issuers and audiences are public too, and are plain text.
func looksLikeKey(value string) bool {
	value = strings.TrimSpace(value)
	if strings.Contains(value, pemBegin) || strings.HasPrefix(value, "{") || strings.HasPrefix(value, `"`) {
		return true
	}
	der, err := decodeLoose(lineEnds.Replace(value))
	return err == nil && len(der) > 32 && der[0] == 0x30 // an ASN.1 sequence
}

const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemDash  = "-----"
)

// parsePEM reads PEM more loosely than encoding/pem, which wants the line ends
// that pasting loses.
func parsePEM(text string) ([]PublicKey, error) {
	var keys []PublicKey
	for {
		_, rest, ok := strings.Cut(text, pemBegin)
		if !ok {
			break
		}
		kind, rest, ok := strings.Cut(rest, pemDash)
		body, after, ended := strings.Cut(rest, pemEnd)
		if !ok || !ended {
			return nil, errors.New("the PEM block has no end line: it was cut")
		}
		switch {
		case strings.HasSuffix(kind, "PRIVATE KEY"):
			return nil, errPrivateKey
		case strings.HasSuffix(kind, "CERTIFICATE REQUEST"):
			return nil, errRequest
		case !strings.HasSuffix(kind, "CERTIFICATE") && !strings.HasSuffix(kind, "PUBLIC KEY"):
			return nil, fmt.Errorf("this is a PEM block of %q; CERTIFICATE or PUBLIC KEY is wanted", kind)
		}
		if len(keys) == maxKeys {
			return nil, fmt.Errorf("more than %d keys", maxKeys)
		}
		der, err := decodeLoose(body)
		if err != nil {
			return nil, fmt.Errorf("the PEM block's text is not base64: %w", err)
		}
		key, err := parseDER(der)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
		text = after
	}
	return keys, nil
}

// decodeLoose decodes base64 of either alphabet, with or without padding, with
// white space anywhere.
func decodeLoose(text string) ([]byte, error) {
	text = strings.TrimRight(strings.Join(strings.Fields(text), ""), "=")
	if strings.ContainsAny(text, "-_") {
		return base64.RawURLEncoding.DecodeString(text)
	}
	return base64.RawStdEncoding.DecodeString(text)
}

// parseDER reads a certificate or a public key whatever its label said.
func parseDER(der []byte) (PublicKey, error) {
	if cert, err := x509.ParseCertificate(der); err == nil {
		return newPublicKey(cert.PublicKey, cert, "")
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err == nil {
		return newPublicKey(key, nil, "")
	}
	if key, rsaErr := x509.ParsePKCS1PublicKey(der); rsaErr == nil {
		return newPublicKey(key, nil, "")
	}
	if _, csrErr := x509.ParseCertificateRequest(der); csrErr == nil {
		return PublicKey{}, errRequest
	}
	if isPrivate(der) {
		return PublicKey{}, errPrivateKey
	}
	return PublicKey{}, fmt.Errorf("neither a certificate nor a public key: %w", err)
}

// isPrivate recognises the private forms (PKCS #1, PKCS #8, SEC 1) by what they
// share: a sequence that begins with a version number of 0 or 1.
func isPrivate(der []byte) bool {
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil || outer.Tag != asn1.TagSequence {
		return false
	}
	var version int
	_, err := asn1.Unmarshal(outer.Bytes, &version)
	return err == nil && (version == 0 || version == 1)
}

func newPublicKey(key crypto.PublicKey, cert *x509.Certificate, id string) (PublicKey, error) {
	k := PublicKey{Key: key, Cert: cert, KeyID: id}
	switch key := key.(type) {
	case *rsa.PublicKey:
		k.Bits = key.N.BitLen()
		return k, checkRSA(key)
	case *ecdsa.PublicKey:
		k.Bits = key.Params().BitSize
		return k, nil
	case ed25519.PublicKey:
		k.Bits = len(key) * 8
		return k, nil
	}
	return k, fmt.Errorf("a key of type %T, which Hookglass cannot use", key)
}

// parseJSONKeys reads a JWKS, one JWK, or an object of the Klix portal's API
// that has a PEM as its public_key.
func parseJSONKeys(text string) ([]PublicKey, error) {
	if err := CheckJSON([]byte(text)); err != nil {
		return nil, err
	}
	root := gjson.Parse(text)
	list := []gjson.Result{root}
	switch {
	case root.IsArray():
		list = root.Array()
	case root.Get("keys").IsArray():
		list = root.Get("keys").Array()
	case root.Get("public_key").Type == gjson.String:
		pem := root.Get("public_key").Str
		if strings.HasPrefix(strings.TrimSpace(pem), "{") {
			return nil, errNoKey
		}
		return ParsePublicKeys(pem)
	}
	if len(list) > maxKeys {
		return nil, fmt.Errorf("more than %d keys", maxKeys)
	}
	var keys []PublicKey
	why := errors.New("this JWKS holds no key")
	for i := range list {
		key, err := parseJWK(list[i])
		if errors.Is(err, errPrivateKey) || errors.Is(err, errSymmetric) {
			return nil, err
		}
		if err != nil { // a set may hold kinds of keys that nobody here knows
			why = fmt.Errorf("key %d of the JWKS: %w", i+1, err)
			continue
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, why
	}
	return keys, nil
}

func parseJWK(v gjson.Result) (PublicKey, error) {
	switch {
	case v.Get("kty").Str == "oct" || v.Get("k").Exists():
		return PublicKey{}, errSymmetric
	case v.Get("d").Exists():
		return PublicKey{}, errPrivateKey
	case v.Get("use").Type != gjson.Null && v.Get("use").Str != "sig":
		return PublicKey{}, fmt.Errorf("its use is %s, not sig: it is not for signatures", v.Get("use").Raw)
	case v.Get("key_ops").IsArray() && !slices.ContainsFunc(v.Get("key_ops").Array(), isVerify):
		return PublicKey{}, errors.New("its key_ops lack verify: it is not for signatures")
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(bytes.Clone([]byte(v.Raw))); err != nil {
		return PublicKey{}, errors.New(strings.TrimPrefix(err.Error(), "go-jose/go-jose: "))
	}
	var cert *x509.Certificate
	if len(jwk.Certificates) > 0 {
		cert = jwk.Certificates[0]
	}
	key, err := newPublicKey(jwk.Key, cert, jwk.KeyID)
	key.Alg = jwk.Algorithm
	return key, err
}

func isVerify(operation gjson.Result) bool { return operation.Str == "verify" }
