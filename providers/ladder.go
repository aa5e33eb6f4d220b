package providers

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"iter"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"hookglass/capture"
)

// A ladder crosses other readings of the three things that a proof is made of:
// the body, the key and the header. One that matches with a single change is a
// rung of its own; one that takes several is added at the end.

const (
	maxSecrets = 64      // readings of keys that are tried
	maxMixed   = 8       // rungs that change more than one thing
	maxHashed  = 1 << 30 // bytes that go through HMAC for one ladder
)

// reading is another reading of a key or a header; the name of the thing as it
// is, is "".
type reading struct {
	name    string
	meaning string
	value   string
	key     *Key
}

// HMACLadder tries other readings of an HMAC-SHA256 that did not match: of the
// body, of the secrets that should have made it, of the header's value; and the
// provider's other credentials. It never returns a secret.
func HMACLadder(r *capture.Request, value string, own, others []Key) []capture.Try {
	secrets := secretReadings(own, others)
	headers := headerReadings(value)
	macs := make([]*MAC, len(headers))
	for i := range headers {
		if mac, err := ParseMAC(headers[i].value); err == nil {
			macs[i] = &mac
		}
	}
	cut := len(headers) // one more: the value is the beginning of the right one
	headers = append(headers, reading{name: "header cut short", meaning: "It would match if the header were longer: something cuts its value."})
	hashed := 0
	tries := climb(Variants(r.Body, r.Header.All("Content-Encoding")), secrets, headers, func(v *Variant, key int) (int, bool) {
		if hashed += len(v.Body); hashed > maxHashed {
			return 0, false
		}
		sum := SumHMAC(secrets[key].value, v.Body)
		for i, mac := range macs {
			if mac != nil && mac.Equal(sum) {
				return i, true
			}
		}
		return cut, isBeginning(value, sum)
	})
	if hashed > maxHashed {
		tries = append(tries, capture.Try{Reading: "the rest: not tried, for the body is large"})
	}
	return tries
}

func isBeginning(value string, sum []byte) bool {
	const least = 8 // fewer characters may agree by chance
	return len(value) >= least &&
		(strings.HasPrefix(hex.EncodeToString(sum), strings.ToLower(value)) && len(value) < 2*len(sum) ||
			strings.HasPrefix(base64.RawStdEncoding.EncodeToString(sum), value) && len(value) < 43)
}

// RSALadder tries other readings of an RSA signature over SHA-256 that did not
// match. extra are readings of the body that only the provider knows. A last
// rung says whether a configured key made the signature at all, and over which
// content.
func RSALadder(r *capture.Request, value string, own, others []Key, extra ...Variant) []capture.Try {
	keys := make([]reading, 0, len(own)+len(others))
	for i := range own {
		keys = append(keys, reading{key: &own[i]})
	}
	for i := range others {
		keys = append(keys, otherCredential(&others[i]))
	}
	headers := headerReadings(value)
	found := make([][]*SignatureSHA256, len(keys)) // by key and header
	var made *reading                              // the key that made the signature
	var content *SignatureSHA256
	for k := range keys {
		found[k] = make([]*SignatureSHA256, len(headers))
		for h := range headers {
			s := openAny(keys[k].key, headers[h].value)
			found[k][h] = s
			if s != nil && made == nil {
				made, content = &keys[k], s
			}
		}
	}
	variants := func(yield func(Variant) bool) {
		for v := range Variants(r.Body, r.Header.All("Content-Encoding")) {
			if !yield(v) {
				return
			}
		}
		for _, v := range extra {
			if !yield(v) {
				return
			}
		}
	}
	tries := climb(variants, keys, headers, func(v *Variant, key int) (int, bool) {
		for h, s := range found[key] {
			if s != nil && s.Hash == "SHA-256" && bytes.Equal(s.Digest, v.Digest[:]) {
				return h, true
			}
		}
		return 0, false
	})
	if len(keys) == 0 {
		return tries
	}
	alone := capture.Try{Reading: SignatureAlone}
	if made != nil {
		alone.Matches = true
		alone.Meaning = "The signature was made with " + made.key.Title() + ", over content whose " + content.Hash + " is " +
			hex.EncodeToString(content.Digest) + ". Where no reading of the body above matches, that content was changed after signing, or the signature belongs to another body."
	}
	return append(tries, alone)
}

// SignatureAlone is the name of the rung that asks only whether a configured
// key made the signature.
const SignatureAlone = "signature by itself"

// openAny returns what a signature holds under the keys of a value, or nil.
func openAny(key *Key, value string) *SignatureSHA256 {
	signature, err := decodeBase64(value)
	if err != nil {
		return nil
	}
	for i := range key.Public {
		k, ok := key.Public[i].Key.(*rsa.PublicKey)
		if !ok || !key.Public[i].verifies(string(jose.RS256)) {
			continue
		}
		if s := VerifyRSA(k, [32]byte{}, signature); s.Digest != nil {
			return &s
		}
	}
	return nil
}

// climb tries every variant with every key. match returns which header reading
// matches, if any does.
func climb(variants iter.Seq[Variant], keys, headers []reading, match func(v *Variant, key int) (int, bool)) []capture.Try {
	if len(keys) == 0 {
		return nil
	}
	var tries, mixed []capture.Try
	at := map[string]int{}
	rung := func(name string) {
		if _, listed := at[name]; name != "" && !listed {
			at[name] = len(tries)
			tries = append(tries, capture.Try{Reading: name})
		}
	}
	for _, list := range [][]reading{headers, keys} {
		for i := range list {
			rung(list[i].name)
		}
	}
	for v := range variants {
		body := reading{name: v.Name, meaning: v.Meaning}
		if v.Name == AsReceived {
			body.name = ""
		}
		rung(body.name)
		for k := range keys {
			h, ok := match(&v, k)
			if !ok {
				continue
			}
			var names, meanings []string
			for _, changed := range []*reading{&body, &keys[k], &headers[h]} {
				if changed.name != "" {
					names, meanings = append(names, changed.name), append(meanings, changed.meaning)
				}
			}
			meaning := strings.Join(meanings, " ") + " (" + keys[k].key.Title() + ")"
			switch {
			case len(names) == 1 && !tries[at[names[0]]].Matches:
				tries[at[names[0]]].Matches, tries[at[names[0]]].Meaning = true, meaning
			case len(names) > 1 && len(mixed) < maxMixed:
				mixed = append(mixed, capture.Try{Reading: strings.Join(names, ", "), Matches: true, Meaning: meaning})
			}
		}
	}
	return append(tries, mixed...)
}

func otherCredential(key *Key) reading {
	return reading{"another credential", "It matches another credential of this provider: the two are swapped, here or at the provider.", key.Value.Reveal(), key}
}

// secretReadings are the secrets as they are, what people and programs make of
// them, and other credentials. Readings that change nothing are left out.
func secretReadings(own, others []Key) []reading {
	var list []reading
	for i := range own {
		key := &own[i]
		secret := key.Value.Reveal()
		list = append(list, reading{value: secret, key: key})
		add := func(name, meaning, value string) {
			if value != secret && value != "" {
				list = append(list, reading{name, meaning, value, key})
			}
		}
		add("secret with white space removed", "It would match without the white space at the ends of the secret: it was pasted with a blank or a line end.", strings.TrimSpace(secret))
		add("secret with a newline added", "It would match with a newline behind the secret: the sender's was read from a file with a line end.", secret+"\n")
		add("secret with CRLF added", "It would match with a CRLF behind the secret: the sender's was read from a file with a line end.", secret+"\r\n")
		add("secret without quotes", "It would match without the quotes around the secret.", strings.Trim(secret, `"'`))
		if raw, err := hex.DecodeString(secret); err == nil {
			add("secret hex-decoded", "It would match with the bytes that the secret spells in hex.", string(raw))
		}
		if raw, err := decodeBase64(secret); err == nil {
			add("secret base64-decoded", "It would match with the bytes that the secret spells in base64.", string(raw))
		}
	}
	for i := range others {
		list = append(list, otherCredential(&others[i]))
	}
	return list[:min(len(list), maxSecrets)]
}

// headerReadings are the header's value as it is, and what proxies and people
// make of such values.
func headerReadings(value string) []reading {
	list := []reading{{value: value}}
	add := func(name, meaning, changed string) {
		if changed != value && changed != "" {
			list = append(list, reading{name: name, meaning: meaning, value: changed})
		}
	}
	add("header without white space", "It would match without the white space in the header: something wraps or pads its value.", strings.Join(strings.Fields(value), ""))
	add("header without quotes", "It would match without the quotes around the header's value.", strings.Trim(value, `"' `))
	if i := strings.IndexAny(value, "=: "); i > 0 && i <= 16 {
		add("header without its prefix", "It would match without \""+capture.Visible(value[:i+1])+"\" in front of the header's value.", strings.TrimSpace(value[i+1:]))
	}
	if plain, err := url.PathUnescape(value); err == nil {
		add("header URL-decoded", "It would match with %XX in the header decoded: something encodes it as in an address.", plain)
	}
	add("header with blanks for +", "It would match with + for the blanks in the header: something decoded it as in a form.", strings.ReplaceAll(value, " ", "+"))
	if raw, err := hex.DecodeString(value); err == nil {
		add("header in hex instead of base64", "It would match if the header were base64: its value is written in hex.", base64.StdEncoding.EncodeToString(raw))
	}
	if raw, err := decodeBase64(value); err == nil && strings.Trim(string(raw), hexDigits+"ABCDEF") == "" {
		add("header base64-decoded", "It would match with the hex that the header holds in base64: it is encoded twice.", string(raw))
	}
	return list
}
