package providers

import (
	"fmt"
	"maps"

	"hookglass/capture"
)

// With returns a set of the same providers with keys of its own, so that a key
// can be tried without being saved.
func (s *Set) With(keys Keys) *Set {
	other := NewSet(s.list...)
	other.SetKeys(keys)
	return other
}

// Key makes a key of a value of a credential, as it would be once configured.
func (s *Set) Key(credential, label, value string) Key {
	_, c := s.Credential(credential)
	return NewKey(credential, label, value, c != nil && c.Public)
}

// Try verifies an exchange as if key were the only value of its credential;
// the keys of the other credentials count too. Nothing is kept.
func (s *Set) Try(x *capture.Exchange, e *capture.Endpoint, key Key) capture.Verification {
	keys := Keys{}
	maps.Copy(keys, s.Keys())
	keys[key.Name] = []Key{key}
	a, _ := s.With(keys).annotate(NewCallback(&x.Request, e, DecodeLimit))
	return a.Verification
}

// Proves reports what a key alone proves of an exchange: its verdict with no
// other key configured. A credential that only narrows what another proves is
// tried beside the keys in force.
func (s *Set) Proves(x *capture.Exchange, e *capture.Endpoint, key Key) capture.Status {
	if _, c := s.Credential(key.Name); c != nil && c.Narrows {
		return s.Try(x, e, key).Status
	}
	a, _ := s.With(Keys{key.Name: {key}}).annotate(NewCallback(&x.Request, e, DecodeLimit))
	return a.Verification.Status
}

// Trial adds up what a key proves of several exchanges.
type Trial struct {
	Total   int // exchanges looked at
	Proven  int // a proof matches
	Wrong   int // a proof is there and does not match
	Without int // no proof that this key could check
}

// Add counts a verdict.
func (t *Trial) Add(s capture.Status) {
	t.Total++
	switch {
	case s.Proven():
		t.Proven++
	case s == capture.Invalid || s == capture.Malformed:
		t.Wrong++
	default:
		t.Without++
	}
}

// String says it in a sentence: "This key proves 12 of 14 captured callbacks; 1
// does not match it, 1 carries no proof that it could check."
func (t Trial) String() string {
	if t.Total == 0 {
		return "Nothing is captured yet that this key could be tried on."
	}
	text := fmt.Sprintf("This key proves %d of %d captured", t.Proven, t.Total)
	if t.Wrong > 0 {
		text += fmt.Sprintf("; %d %s not match it", t.Wrong, plural(t.Wrong, "does", "do"))
	}
	if t.Without > 0 {
		text += fmt.Sprintf("; %d %s no proof that it could check", t.Without, plural(t.Without, "carries", "carry"))
	}
	return text + "."
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
