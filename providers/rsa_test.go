package providers

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"os"
	"strings"
	"testing"
)

const (
	docsSignature = "MKqXr7siOkC6TYENeHUcy5ofFDiWpqMt+ow5iWJqnIYWU71W50fZFHfy3BVrehEGCvf+TufZK6DPymdM1e2G0w=="
	docsDigest    = "fe7c9e98c13a42c15773c901afa45c6047c988ce7576f777d184c72e8e5b3778"
)

func weakKey(t testing.TB) *rsa.PublicKey {
	t.Helper()
	keys, err := ParsePublicKeys(legacyCert(t))
	if err != nil {
		t.Fatal(err)
	}
	return keys[0].Key.(*rsa.PublicKey)
}

func signature(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := DecodeSignature(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestVerifyRSAWeak checks a key that the standard library refuses, with the
// signature of Klix's documentation.
func TestVerifyRSAWeak(t *testing.T) {
	body, err := os.ReadFile("klix/samples/purchase_paid.json")
	if err != nil {
		t.Fatal(err)
	}
	key, sig := weakKey(t), signature(t, docsSignature)
	right := sha256.Sum256(body)
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, right[:], sig); err == nil {
		t.Fatal("the standard library takes a key of 512 bits: this process is weakened")
	}
	got := VerifyRSA(key, right, sig)
	if !got.Matches || hex.EncodeToString(got.Digest) != docsDigest {
		t.Errorf("got %v, digest %x; want a match, %s", got.Matches, got.Digest, docsDigest)
	}
	got = VerifyRSA(key, sha256.Sum256([]byte("other")), sig)
	if got.Matches || hex.EncodeToString(got.Digest) != docsDigest || got.Hash != "SHA-256" {
		t.Errorf("other content: got %v, %s %x; want no match and the digest that was signed", got.Matches, got.Hash, got.Digest)
	}
	for i := range sig {
		bent := append([]byte{}, sig...)
		bent[i] ^= 1
		if got := VerifyRSA(key, right, bent); got.Matches || got.Digest != nil {
			t.Errorf("byte %d of the signature bent: got %v, %x", i, got.Matches, got.Digest)
		}
	}
}

func TestVerifyRSA(t *testing.T) {
	key := newRSA(t, 2048)
	digest := sha256.Sum256([]byte("content"))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	sum512 := make([]byte, 64)
	sig512, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA512, sum512)
	if err != nil {
		t.Fatal(err)
	}
	n := key.N
	tests := []struct {
		name    string
		key     *rsa.PublicKey
		digest  [32]byte
		sig     []byte
		matches bool
		hash    string
		err     string
	}{
		{"right", &key.PublicKey, digest, sig, true, "SHA-256", ""},
		{"other content", &key.PublicKey, sha256.Sum256(nil), sig, false, "SHA-256", ""},
		{"other hash", &key.PublicKey, digest, sig512, false, "SHA-512", ""},
		{"other key", &newRSA(t, 2048).PublicKey, digest, sig, false, "", ""},
		{"short", &key.PublicKey, digest, sig[:255], false, "", "255 bytes long"},
		{"empty", &key.PublicKey, digest, nil, false, "", "0 bytes long"},
		{"not below the modulus", &key.PublicKey, digest, n.Bytes(), false, "", ""},
		{"zero", &key.PublicKey, digest, make([]byte, 256), false, "", ""},
		{"even modulus", &rsa.PublicKey{N: new(big.Int).Lsh(n, 1), E: 3}, digest, sig, false, "", "tiny or even"},
		{"zero modulus", &rsa.PublicKey{N: new(big.Int), E: 3}, digest, nil, false, "", "tiny or even"},
		{"exponent 1", &rsa.PublicKey{N: n, E: 1}, digest, sig, false, "", "exponent"},
		{"negative exponent", &rsa.PublicKey{N: n, E: -3}, digest, sig, false, "", "exponent"},
		{"even exponent", &rsa.PublicKey{N: n, E: 4}, digest, sig, false, "", "exponent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := VerifyRSA(tt.key, tt.digest, tt.sig)
			text := ""
			if got.Err != nil {
				text = got.Err.Error()
			}
			if got.Matches != tt.matches || got.Hash != tt.hash || (text == "") != (tt.err == "") || !strings.Contains(text, tt.err) {
				t.Errorf("got %+v, want %v, %q, error %q", got, tt.matches, tt.hash, tt.err)
			}
		})
	}
}

// TestVerifyRSAForged builds encodings by hand that a lax check would take: with
// exponent 3 anyone can make signatures whose power begins as wanted.
func TestVerifyRSAForged(t *testing.T) {
	digest := sha256.Sum256([]byte("content"))
	key := &rsa.PublicKey{N: new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 1000), big.NewInt(1)), E: 3}
	prefix := digestInfos[0].prefix
	short := append(append([]byte{0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0}, prefix...), digest[:]...)
	block := make([]byte, key.Size())
	copy(block, short) // the digest does not stand at the end
	root := cubeRoot(new(big.Int).SetBytes(block))
	got := VerifyRSA(key, digest, root.FillBytes(make([]byte, key.Size())))
	if got.Matches || got.Digest != nil {
		t.Errorf("a forged signature with garbage behind the digest: got %+v", got)
	}
}

// cubeRoot returns the smallest number whose cube is not below n.
func cubeRoot(n *big.Int) *big.Int {
	low, high := new(big.Int), new(big.Int).Set(n)
	three := big.NewInt(3)
	for low.Cmp(high) < 0 {
		mid := new(big.Int).Rsh(new(big.Int).Add(low, high), 1)
		if new(big.Int).Exp(mid, three, nil).Cmp(n) < 0 {
			low = mid.Add(mid, big.NewInt(1))
		} else {
			high = mid
		}
	}
	return low
}

func TestMatchRSA(t *testing.T) {
	digest := sha256.Sum256([]byte("content"))
	private := newRSA(t, 2048)
	sig, err := rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	key := func(label, value string) Key { return NewKey("klix.public_key", label, value, true) }
	weak := key("docs", legacyCert(t))
	right := key("right", publicPEM(t, &private.PublicKey))
	other := key("other", publicPEM(t, &newRSA(t, 2048).PublicKey))
	tests := []struct {
		name    string
		keys    []Key
		digest  [32]byte
		matches bool
		label   string // of the key that made it
		err     bool
	}{
		{"second of three", []Key{weak, right, other}, digest, true, "right", false},
		{"other content", []Key{other, right}, sha256.Sum256(nil), false, "right", false},
		{"none", []Key{other}, digest, false, "", false},
		{"one that fits and one that does not", []Key{other, weak}, digest, false, "", false},
		{"too long for any", []Key{weak}, digest, false, "", true},
		{"no keys", nil, digest, false, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := MatchRSA(tt.keys, tt.digest, sig)
			label := ""
			if got.Key != nil {
				label = got.Key.Label
			}
			if got.Matches != tt.matches || label != tt.label || (got.Err != nil) != tt.err {
				t.Errorf("got %v, key %q, error %v; want %v, %q, %v", got.Matches, label, got.Err, tt.matches, tt.label, tt.err)
			}
		})
	}
}

func FuzzVerifyRSA(f *testing.F) {
	key := weakKey(f)
	f.Add(signature(f, docsSignature))
	f.Add(make([]byte, 64))
	f.Add([]byte("short"))
	right := sha256.Sum256([]byte("no signature covers this"))
	f.Fuzz(func(t *testing.T, sig []byte) {
		got := VerifyRSA(key, right, sig)
		if got.Matches {
			t.Errorf("%x matches", sig)
		}
		if (got.Digest != nil) != (got.Hash != "") {
			t.Errorf("digest %x of %q", got.Digest, got.Hash)
		}
	})
}

func BenchmarkVerifyRSAWeak(b *testing.B) {
	key, sig := weakKey(b), signature(b, docsSignature)
	raw, err := hex.DecodeString(docsDigest)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !VerifyRSA(key, [32]byte(raw), sig).Matches {
			b.Fatal("no match")
		}
	}
}
