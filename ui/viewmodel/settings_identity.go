package viewmodel

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"hookglass/providers"
)

// TestIdentityView is what Hookglass signs made callbacks of a provider with, where
// no key of the person's own can.
type TestIdentityView struct {
	Provider string // ID
	Name     string
	Hue      int
	Made     bool // all of it is there
	Making   bool
	Keys     []TestKeyView
}

// TestKeyView is a part of a provider's test identity.
type TestKeyView struct {
	Name   string // "klix.test"
	Title  string
	Use    string // what to do with it in the app that is tested
	Made   bool   // it is there
	Shown  string // the secret, masked unless it is revealed; what a certificate holds
	Secret bool   // it is a shared secret; else a key with its certificate
	Open   bool   // the secret is shown
}

// testLabel tells a revealed test key from a value of the same credential.
const testLabel = "\x00test"

// TestIdentity lists the test identity of every provider that has one; nil while
// there is no engine.
func (s *Settings) TestIdentity() []TestIdentityView {
	b := s.app.backend
	if b == nil || b.TestIdentity == nil {
		return nil
	}
	var all []TestIdentityView
	for _, p := range b.Set.All() {
		v := TestIdentityView{Provider: p.ID, Name: p.Name, Hue: senderHue(p.ID), Keys: s.testKeys(p), Made: true, Making: s.making == p.ID}
		for i := range v.Keys {
			v.Made = v.Made && v.Keys[i].Made
		}
		if len(v.Keys) > 0 {
			all = append(all, v)
		}
	}
	return all
}

func (s *Settings) testKeys(p *providers.Provider) []TestKeyView {
	views := make([]TestKeyView, len(p.TestKeys))
	for i := range p.TestKeys {
		k := &p.TestKeys[i]
		v := TestKeyView{Name: k.Name, Title: capital(k.Title), Use: k.Use, Secret: !k.Pair}
		if key := s.testKey(k.Name); key != nil {
			v.Made, v.Open = true, s.revealed[keyID{k.Name, testLabel}]
			switch {
			case k.Pair:
				v.Shown = describe(key)
			case v.Open:
				v.Shown = key.Value.Reveal()
			default:
				v.Shown = maskedSecret(key.Value.Reveal())
			}
		}
		views[i] = v
	}
	return views
}

// testKey is the key of a part of the test identity; nil where it is not made.
func (s *Settings) testKey(name string) *providers.Key {
	b := s.app.backend
	if b == nil {
		return nil
	}
	for _, p := range b.Set.All() {
		for i := range p.TestKeys {
			if p.TestKeys[i].Name != name || len(p.TestKeys[i].For) == 0 {
				continue
			}
			if keys := b.Set.TestKeys()[p.TestKeys[i].For[0]]; len(keys) > 0 {
				return &keys[0]
			}
		}
	}
	return nil
}

// RevealTest shows a secret of the test identity, or hides it again.
func (s *Settings) RevealTest(name string) { s.Reveal(name, testLabel) }

// CopyTest copies what the app has to know: the secret, or the certificate in PEM.
func (s *Settings) CopyTest(name string) {
	if key := s.testKey(name); key != nil {
		s.app.Screen.Copy(strings.TrimSpace(key.Value.Reveal()))
		s.app.Notices.Say(Good, "Copied: use it in your app's test configuration.", "", nil)
	}
}

// SaveTestCertificate writes the certificate of the test identity as PEM.
func (s *Settings) SaveTestCertificate(name string) {
	if key := s.testKey(name); key != nil && key.Private != nil {
		s.app.Screen.Save("hookglass-test-certificate.pem", []byte(key.Value.Reveal()))
	}
}

// SaveTestPublicKey writes the bare public key of the test identity as PEM.
func (s *Settings) SaveTestPublicKey(name string) {
	key := s.testKey(name)
	if key == nil || key.Private == nil {
		return
	}
	der, err := x509.MarshalPKIXPublicKey(key.Private.Public())
	if err != nil {
		s.app.Notices.Say(Bad, sentence(err), "", nil)
		return
	}
	s.app.Screen.Save("hookglass-test-public-key.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// MakeTest makes the test identity of a provider.
func (s *Settings) MakeTest(provider string) { s.makeTest(provider, false) }

// RenewTest makes the test identity of a provider anew, after a question.
func (s *Settings) RenewTest(provider string) {
	if s.app.backend == nil {
		return
	}
	p := s.app.backend.Set.Find(provider)
	if p == nil {
		return
	}
	s.app.Confirm("Make a new test identity for "+p.Name+"?",
		"What the old one signed is then no longer known for a test, and your app's test configuration needs the new one.",
		"Make a new one", true, func() { s.makeTest(provider, true) })
}

func (s *Settings) makeTest(provider string, renew bool) {
	b := s.app.backend
	if b == nil || b.TestIdentity == nil || s.making != "" {
		return
	}
	s.making = provider
	s.Changed.Emit()
	s.change(func(ctx context.Context) error { return b.TestIdentity(ctx, provider, renew) },
		func(problem string) {
			s.making = ""
			s.app.Notices.Say(Bad, problem, "", nil)
		},
		func() {
			s.making = ""
			s.app.Notices.Say(Good, "The test identity is made: use it in your app's test configuration.", "", nil)
		})
}
