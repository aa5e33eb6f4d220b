package providers

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"

	"github.com/go-jose/go-jose/v4"
)

// maxModulus and maxExponent bound the work of one check. Go's own limit for an
// exponent is the same; no key in use has one over 65537.
const (
	maxModulus  = 16384
	maxExponent = 1<<31 - 1
)

// checkRSA refuses keys that are none: with them the arithmetic would be slow
// or meaningless.
func checkRSA(key *rsa.PublicKey) error {
	switch bits := key.N.BitLen(); {
	case bits > maxModulus:
		return fmt.Errorf("an RSA modulus of %d bits; at most %d are taken", bits, maxModulus)
	case bits < 128 || key.N.Bit(0) == 0:
		return errors.New("not an RSA key: its modulus is tiny or even")
	case key.E < 3 || key.E > maxExponent || key.E%2 == 0:
		return fmt.Errorf("not an RSA key: its exponent is %d", key.E)
	}
	return nil
}

// SignatureSHA256 is what an RSA signature (PKCS #1 v1.5) turned out to be under
// one key.
type SignatureSHA256 struct {
	Matches bool
	// Digest is the digest inside the signature, and Hash the function that made
	// it: nil and "" where the signature was not made with this key. It tells
	// which content was signed where that is not the content at hand.
	Digest []byte
	Hash   string
	// Err says why the signature cannot be one of this key: its length.
	Err error
}

// digestInfos are the encodings that stand before a digest in a signature
// (RFC 8017, section 9.2, note 1).
var digestInfos = []struct {
	hash   string
	size   int
	prefix []byte
}{
	{"SHA-256", 32, digestInfo("3031300d060960864801650304020105000420")},
	{"SHA-1", 20, digestInfo("3021300906052b0e03021a05000414")},
	{"SHA-384", 48, digestInfo("3041300d060960864801650304020205000430")},
	{"SHA-512", 64, digestInfo("3051300d060960864801650304020305000440")},
}

func digestInfo(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err) // a constant above is wrong
	}
	return b
}

// VerifyRSA checks an RSA signature with PKCS #1 v1.5 padding over a SHA-256
// digest. Keys of 1024 bits and more are checked by the standard library. It
// refuses smaller ones, so those are checked here: the same comparison, for a
// key that proves nothing anyway.
func VerifyRSA(key *rsa.PublicKey, digest [32]byte, signature []byte) SignatureSHA256 {
	if err := checkRSA(key); err != nil {
		return SignatureSHA256{Err: err}
	}
	if len(signature) != key.Size() {
		return SignatureSHA256{Err: fmt.Errorf("%d bytes long, and a key of %d bits makes signatures of %d bytes", len(signature), key.N.BitLen(), key.Size())}
	}
	if key.N.BitLen() >= WeakBits && rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil {
		return SignatureSHA256{Matches: true, Digest: digest[:], Hash: "SHA-256"}
	}
	var s SignatureSHA256
	s.Digest, s.Hash = openRSA(key, signature)
	s.Matches = s.Hash == "SHA-256" && key.N.BitLen() < WeakBits && subtle.ConstantTimeCompare(s.Digest, digest[:]) == 1
	return s
}

// openRSA computes signature^e mod n and returns the digest in it, where all of
// the padding is as PKCS #1 v1.5 wants it.
func openRSA(key *rsa.PublicKey, signature []byte) ([]byte, string) {
	s := new(big.Int).SetBytes(signature)
	if s.Cmp(key.N) >= 0 {
		return nil, ""
	}
	encoded := s.Exp(s, big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, key.Size()))
	for i := range digestInfos {
		info := &digestInfos[i]
		padding := len(encoded) - 3 - len(info.prefix) - info.size
		if padding < 8 {
			continue
		}
		head := encoded[:2+padding+1+len(info.prefix)]
		if head[0] == 0 && head[1] == 1 && head[2+padding] == 0 &&
			bytes.Equal(head[2+padding+1:], info.prefix) &&
			len(bytes.TrimLeft(head[2:2+padding], "\xff")) == 0 {
			return encoded[len(head):], info.hash
		}
	}
	return nil, ""
}

// RSAMatch says which of several keys an RSA signature was made with.
type RSAMatch struct {
	Key    *Key       // nil where none was
	Public *PublicKey // the key in it
	SignatureSHA256
}

// MatchRSA looks for the key under which a signature matches a digest. Where
// there is none it returns the key that made the signature over something else,
// with that digest. Err is set where the signature's length fits no key.
func MatchRSA(keys []Key, digest [32]byte, signature []byte) RSAMatch {
	var near RSAMatch
	fits := false // a key whose signatures are as long as this one
	for i := range keys {
		for j := range keys[i].Public {
			public := &keys[i].Public[j]
			key, ok := public.Key.(*rsa.PublicKey)
			if !ok || !public.verifies(string(jose.RS256)) {
				continue
			}
			s := VerifyRSA(key, digest, signature)
			if s.Matches {
				return RSAMatch{&keys[i], public, s}
			}
			fits = fits || s.Err == nil
			if near.Digest == nil && s.Digest != nil {
				near = RSAMatch{&keys[i], public, s}
			} else if near.Digest == nil && s.Err != nil {
				near.Err = s.Err
			}
		}
	}
	if fits {
		near.Err = nil
	}
	return near
}

// DecodeSignature reads a signature in base64, as MAC reads one.
func DecodeSignature(value string) ([]byte, error) {
	signature, err := decodeBase64(value)
	switch {
	case err != nil:
		return nil, fmt.Errorf("not base64: %w", err)
	case len(signature) == 0:
		return nil, errors.New("empty")
	}
	return signature, nil
}
