package providers

import (
	"crypto"
	"fmt"
	"strings"

	"hookglass/capture"
)

// Key is one configured value of a credential.
type Key struct {
	Name   string // the credential: "klix.certificate"
	Label  string // "test", "live", "shop 2"; "" when there is only one
	Value  capture.Secret
	Public []PublicKey // what a PEM or JWKS value holds; nil for others
	Err    error       // why a PEM or JWKS value could not be read

	Private crypto.Signer // of a test key: what its public key belongs to; nil for others
}

// NewKey makes a key of a configured value. Public material is parsed once,
// here; where that fails, Err says why and the key verifies nothing.
func NewKey(name, label, value string, public bool) Key {
	k := Key{Name: name, Label: label, Value: capture.NewSecret(value)}
	if public && looksLikeKey(value) {
		k.Public, k.Err = ParsePublicKeys(value)
	}
	return k
}

// Title names the key for a person: "klix.certificate (live)".
func (k *Key) Title() string {
	if k.Label == "" {
		return k.Name
	}
	return k.Name + " (" + k.Label + ")"
}

// Titles names several keys: "klix.public_key or klix.webhook_key (live)".
func Titles(keys []Key) string {
	if len(keys) > maxTitles {
		return fmt.Sprintf("any of the %d values of %s", len(keys), keys[0].Name)
	}
	titles := make([]string, len(keys))
	for i := range keys {
		titles[i] = keys[i].Title()
	}
	return strings.Join(titles, " or ")
}

// maxTitles is how many keys a sentence names.
const maxTitles = 3

// Keys holds the configured keys by credential name. It is read-only once made.
type Keys map[string][]Key

// Of returns the keys of the named credentials, in that order.
func (ks Keys) Of(names ...string) []Key {
	if len(names) == 1 {
		return ks[names[0]]
	}
	var all []Key
	for _, name := range names {
		all = append(all, ks[name]...)
	}
	return all
}
