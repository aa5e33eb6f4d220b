package providers

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// TestLabel is the label of every test key, wherever a label is shown.
const TestLabel = "Hookglass's test key"

// TestKey is a part of a provider's test identity: a key of our own making that
// callbacks of samples are signed with. It is a secret as any other: who has it
// makes callbacks that verify, though the verdict says with which key.
type TestKey struct {
	Name  string   // what it is kept as: "klix.test"; the environment says HOOKGLASS_KLIX_TEST
	Title string   // "RSA key and certificate"
	For   []string // the credentials it stands in for
	Pair  bool     // a private key with its certificate, in PEM; else a shared secret
	Use   string   // what to do with it in the app that is tested, in a sentence
	Make  func(now time.Time) (string, error)
}

// Keys makes the keys of a value: one for each credential that it stands in for.
func (k *TestKey) Keys(value string) ([]Key, error) {
	private, public, err := readTestPEM(value)
	if err == nil && k.Pair && private == nil {
		err = errNoPrivate
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.Name, err)
	}
	keys := make([]Key, len(k.For))
	for i, name := range k.For {
		if private == nil {
			keys[i] = NewKey(name, TestLabel, value, false)
			continue
		}
		keys[i] = NewKey(name, TestLabel, public, true)
		keys[i].Private = private
		if keys[i].Err != nil {
			return nil, fmt.Errorf("%s: %w", k.Name, keys[i].Err)
		}
	}
	return keys, nil
}

// PublicPart is what of a test key may be shown to anybody: its certificate or
// public key in PEM, and "" for a shared secret.
func PublicPart(value string) (string, error) {
	_, public, err := readTestPEM(value)
	return public, err
}

// PublicKeyPEM is the bare public key of a test key in PEM, and "" for a shared
// secret.
func PublicKeyPEM(value string) (string, error) {
	private, _, err := readTestPEM(value)
	if private == nil || err != nil {
		return "", err
	}
	return bareKey(private)
}

func bareKey(private crypto.Signer) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

var errNoPrivate = errors.New("it holds no private key in PEM (PKCS #8)")

const pemPrivate = "PRIVATE KEY"

// readTestPEM takes a private key and its certificate apart. A value that is no
// PEM is a shared secret, and gives nothing.
func readTestPEM(value string) (private crypto.Signer, public string, err error) {
	if !strings.Contains(value, pemBegin) {
		return nil, "", nil
	}
	for rest := []byte(lineEnds.Replace(value)); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if !strings.HasSuffix(block.Type, pemPrivate) {
			public += string(pem.EncodeToMemory(block))
			continue
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, "", fmt.Errorf("its private key cannot be read: %w", err)
		}
		rsaKey, ok := key.(*rsa.PrivateKey)
		if !ok {
			return nil, "", fmt.Errorf("its private key is a %T; an RSA key is wanted", key)
		}
		private = rsaKey
	}
	if private == nil {
		return nil, "", errNoPrivate
	}
	if public == "" {
		public, err = bareKey(private)
	}
	return private, public, err
}

const (
	testBits = 2048

	// testYears is how long a test certificate is valid: nobody renews those.
	testYears = 10
)

// MakeRSA makes an RSA key of 2048 bits and a certificate for it, in PEM.
func MakeRSA(now time.Time) (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, testBits)
	if err != nil {
		return "", err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "Hookglass test key", Organization: []string{"Hookglass (for tests only)"}},
		NotBefore:    now.Add(-time.Hour).UTC(), // clocks differ
		NotAfter:     now.AddDate(testYears, 0, 0).UTC(),
		KeyUsage:     x509.KeyUsageDigitalSignature,

		SignatureAlgorithm: x509.SHA256WithRSA,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return "", err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: private})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})), nil
}

// MakeHex makes 128 random bits in hexadecimal, behind a prefix.
func MakeHex(prefix string) func(time.Time) (string, error) {
	return func(time.Time) (string, error) { return prefix + randomHex(), nil }
}

// MakeBasic makes the value of an Authorization header: Basic, with a random
// password.
func MakeBasic(time.Time) (string, error) {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte("hookglass-test:"+randomHex())), nil
}

func randomHex() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// SignRSA signs with the first private key among the keys: RSA with PKCS #1 v1.5
// over SHA-256. It fails where there is none.
func SignRSA(keys []Key, message []byte) ([]byte, error) {
	for i := range keys {
		if keys[i].Private == nil {
			continue
		}
		digest := sha256.Sum256(message)
		return keys[i].Private.Sign(rand.Reader, digest[:], crypto.SHA256)
	}
	return nil, errors.New("nothing to sign with: no private key is known")
}
