package all

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

// checkSecrecy looks for configured secrets and for received tokens in all that
// the providers say, with the fixture's keys and with wrong ones.
func checkSecrecy(t *testing.T, f *fixture) {
	t.Helper()
	secrets := slices.Clone(f.secrets)
	for _, name := range []string{"Authorization", "authenticationToken"} {
		secrets = append(secrets, f.request.Header.All(name)...)
	}
	for _, name := range []string{"apikey", "token"} {
		if v, ok := f.callback(false).Query(name); ok {
			secrets = append(secrets, v)
		}
	}
	wrong := providers.Keys{}
	for name, keys := range f.keys {
		for _, k := range keys {
			wrong[name] = append(wrong[name], providers.NewKey(name, k.Label, " "+k.Value.Reveal()+"x", false))
		}
	}
	for _, keys := range []providers.Keys{f.keys, wrong} {
		set := NewSet()
		set.SetKeys(keys)
		r := f.request
		text, err := json.Marshal([]any{set.Annotate(&r, f.endpoint), set.Look(&r, f.endpoint)})
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			quoted, err := json.Marshal(secret)
			if err != nil {
				t.Fatal(err)
			}
			if len(secret) > 4 && bytes.Contains(text, bytes.Trim(quoted, `"`)) {
				t.Errorf("the secret %s shows in %s", quoted, text)
			}
		}
	}
}

// coversBody reports whether a verified proof depends on the body: a token does
// not, and neither does a signed token in Authorization.
func coversBody(v *capture.Verification) bool { return v.Signed != "" && v.Header != "Authorization" }

// flips is how many positions of a body are tried.
const flips = 200

// checkTampering alters what proves a callback, and wants the proof to fail.
func checkTampering(t *testing.T, p *providers.Provider, f *fixture) {
	t.Helper()
	v := p.Verify(f.callback(true), f.keys)
	if !v.Status.Proven() {
		return
	}
	verify := func(r capture.Request) capture.Status {
		return p.Verify(providers.NewCallback(&r, f.endpoint, providers.LookLimit), f.keys).Status
	}
	if coversBody(&v) {
		body := f.request.Body
		for i := 0; i < len(body); i += max(1, len(body)/flips) {
			if strings.ContainsRune(" \t\r\n", rune(body[i])) {
				continue // KornitX signs one of several readings that differ in white space
			}
			r := f.request
			r.Body = bytes.Clone(body)
			r.Body[i] ^= 1
			if got := verify(r); got.Proven() {
				t.Errorf("still %s with byte %d of the body flipped", got, i)
			}
		}
		return
	}
	if v.Header != "Authorization" && !strings.HasSuffix(v.Scheme, "-token") {
		t.Errorf("%s proves it, but does not say which bytes were signed", v.Scheme)
	}
	altered := 0
	for _, secret := range f.secrets {
		changed := []byte(secret)
		changed[len(changed)/2] ^= 1
		r, ok := f.altered(func(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte(secret), changed) })
		if !ok || !bytes.Contains(f.raw, []byte(secret)) {
			continue
		}
		altered++
		if got := verify(r); got.Proven() {
			t.Errorf("still %s with a token altered", got)
		}
	}
	if altered == 0 && strings.HasSuffix(v.Scheme, "-token") {
		t.Error("the fixture carries none of its tokens as they are: nothing was altered")
	}
}

// checkTruncation asks everything of bodies that end early.
func checkTruncation(t *testing.T, p *providers.Provider, f *fixture) {
	t.Helper()
	body := f.request.Body
	for n := 0; n < len(body); n += max(1, len(body)/64) {
		r := f.request
		r.Body = body[:n]
		ask(p, providers.NewCallback(&r, f.endpoint, providers.LookLimit), f.keys)
	}
}

// ask calls every function of a provider, without Set's recover.
func ask(p *providers.Provider, c *providers.Callback, keys providers.Keys) {
	p.Detect(c)
	p.Read(c)
	p.Verify(c, keys)
	p.Decode(c)
	if p.Accepted != nil {
		p.Accepted(c)
	}
	if p.Ladder != nil {
		p.Ladder(c, keys)
	}
}

func checkSigning(t *testing.T, p *providers.Provider, fixtures []fixture) {
	if p.Sign == nil {
		t.Skip("cannot sign")
	}
	if err := p.Sign(&capture.Request{Method: "POST", Target: "/"}, providers.Keys{}); err == nil {
		t.Error("signed without a key")
	}
	signed := 0
	test := testKeys(t, p)
	for i := range fixtures {
		f := &fixtures[i]
		for _, keys := range []providers.Keys{f.keys, test} {
			r := f.request
			r.Header = slices.Clone(r.Header)
			if len(keys) == 0 || p.Sign(&r, keys) != nil {
				continue
			}
			signed++
			if v := p.Verify(providers.NewCallback(&r, f.endpoint, providers.LookLimit), keys); !v.Status.Proven() && !hasBearer(&r) {
				t.Errorf("%s, signed again, is %s: %s", f.name, v.Status, v.Reason)
			}
		}
	}
	if signed == 0 {
		t.Error("no fixture could be signed")
	}
}
