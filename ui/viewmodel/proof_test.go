package viewmodel

import (
	"strings"
	"testing"

	"hookglass/capture"
)

func TestProofOfEachVerdict(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	for _, c := range []struct {
		fixture string
		status  capture.Status
		title   string
		tone    Tone
		trust   string // a part of the trust panel
		ladder  string // the rung that matches
		facts   string
	}{
		{"kornitx/dispatched", capture.Valid, "HMAC valid, raw body", Good, "every byte is as it was signed", "", "SHA-256 of the body"},
		{"kornitx/dispatched_tampered", capture.Invalid, "HMAC does not match", Bad, "does not hold", "", "SHA-256 of the body"},
		{"kornitx/dispatched_key_missing", capture.KeyMissing, "Signed, key missing", Warn, "no key here", "", ""},
		{"kornitx/dispatched_key_with_newline", capture.Invalid, "HMAC does not match", Bad, "", "secret with white space removed", ""},
		{"kornitx/dispatched_unsigned", capture.Unsigned, "Not signed", Muted, "only where the Generic API", "", ""},
		{"kornitx/dispatched_not_a_mac", capture.Malformed, "Proof cannot be read", Bad, "", "", ""},
		{"klix/purchase_pretty", capture.Invalid, "RSA signature does not match", Bad, "", "body minified", ""},
		{"klix/purchase_paid", capture.WeakKey, "RSA signature matches, weak key", Warn, "can be computed by anyone", "", "SHA-256 of the body"},
		{"mintsoft/despatched", capture.Valid, "Token valid", Good, "a token does not cover it", "", ""},
		{"probo/queued", capture.Unprovable, "Cannot be proven", Muted, "no proof of origin", "", ""},
		{"komet/wrong_token", capture.Invalid, "Token does not match", Bad, "Komet signs nothing", "", ""},
	} {
		t.Run(c.fixture, func(t *testing.T) {
			s := b.sentBy(t, c.fixture)
			b.engine.Set.SetKeys(s.keys)
			page := b.open(t, b.record(t, s.request, nil))
			p := b.Detail.Proof.View
			if got := page.Exchange.Annotation.Verification.Status; got != c.status {
				t.Fatalf("verdict %s, want %s", got, c.status)
			}
			if p.Title != c.title || p.Tone != c.tone {
				t.Errorf("title %q (%d), want %q (%d)", p.Title, p.Tone, c.title, c.tone)
			}
			var trust, ladder, facts string
			for _, line := range p.Trust {
				trust += line.Text + "\n"
			}
			for _, rung := range p.Ladder {
				if rung.Icon == "check" {
					ladder += rung.Title + "\n"
				}
			}
			for _, f := range p.Facts {
				facts += f.Label + "\n"
			}
			for _, part := range [][2]string{{trust, c.trust}, {ladder, c.ladder}, {facts, c.facts}} {
				if !strings.Contains(part[0], part[1]) {
					t.Errorf("%q is not in %q", part[1], part[0])
				}
			}
		})
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		v          capture.Verification
		at         int
		difference string
	}{
		{capture.Verification{Status: capture.Invalid, Expected: "abcd", Received: "abxd"}, 2, "They differ from character 3 on."},
		{capture.Verification{Status: capture.Invalid, Expected: "abcd", Received: "ab"}, 2, "They differ from character 3 on; 4 characters expected, 2 received."},
		{capture.Verification{Status: capture.Valid, Expected: "abcd", Received: "ABCD"}, -1, "They are equal."},
	} {
		got := compareProof(&c.v)
		if got == nil || got.At != c.at || !strings.Contains(got.Difference, c.difference) {
			t.Errorf("compareProof(%+v) = %+v", c.v, got)
		}
	}
	if compareProof(&capture.Verification{Status: capture.Invalid, Scheme: "mintsoft-token"}) != nil {
		t.Error("tokens are compared in the open")
	}
}

func TestProofTriesAndSavesKeys(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.keyed()
	s := b.sentBy(t, "kornitx/dispatched")
	key := s.keys.Of("kornitx.api_key")[0].Value.Reveal()
	b.open(t, b.record(t, s.request, nil))
	p := b.Detail.Proof
	if !p.Open || p.Credential != "kornitx.api_key" || p.Picked() == nil || p.Picked().Help == "" {
		t.Fatalf("open %v, credential %q", p.Open, p.Credential)
	}
	for _, c := range []struct {
		value string
		tone  Tone
		want  string
	}{
		{"", Warn, "paste one first"},
		{"850135", Warn, "reference number"},
		{"AD0D7AEB25F3F676450F5C79ED6x", Bad, "does not prove"},
		{"  " + key + "\n", Good, "proves the callback"},
	} {
		p.Try(c.value)
		b.settle()
		if p.ResultTone != c.tone || !strings.Contains(p.Result, c.want) || p.Busy != "" {
			t.Errorf("trying %q: %q (%d), want %q (%d)", c.value, p.Result, p.ResultTone, c.want, c.tone)
		}
	}
	if p.Typed(); p.Result != "" {
		t.Errorf("another key is typed, and it still says %q", p.Result)
	}
	p.Try("AD0D7AEB25F3F676450F5C79ED6x")
	p.Typed()
	b.settle()
	if p.Result != "" || p.Busy != "" {
		t.Errorf("another key was typed while one was tried, and it says %q, %q", p.Result, p.Busy)
	}
	if got := b.Detail.Page.Head.Verdict; got != "Signed, key missing" {
		t.Errorf("a try changed the verdict to %q", got)
	}
	saved := false
	p.Save("", key+"\n", func() { saved = true })
	b.settle()
	if !saved || p.Open {
		t.Errorf("saved %v, form open %v, %q", saved, p.Open, p.Result)
	}
	if got := b.Detail.Page.Head.Verdict; got != "HMAC valid, raw body" {
		t.Errorf("verdict %q after the key was saved", got)
	}
	if got := p.View.Arrival; got != "When it arrived the verdict was: Signed, key missing." {
		t.Errorf("arrival %q", got)
	}
	if len(p.View.Keys) != 1 || !strings.Contains(p.View.Keys[0].Text, "27 characters") {
		t.Errorf("keys %+v", p.View.Keys)
	}
}

func TestProofKeepsWhatWasProven(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	s := b.sentBy(t, "kornitx/dispatched")
	b.engine.Set.SetKeys(s.keys)
	id := b.record(t, s.request, nil)
	b.engine.Set.SetKeys(nil)
	if got := b.open(t, id).Head.Verdict; !strings.HasPrefix(got, "HMAC valid") {
		t.Errorf("verdict %q after its key was removed", got)
	}
}

func TestProofNamesWeakKeysAndCertificates(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	s := b.sentBy(t, "klix/purchase_paid")
	b.engine.Set.SetKeys(s.keys)
	b.open(t, b.record(t, s.request, nil))
	keys := b.Detail.Proof.View.Keys
	if len(keys) == 0 || !strings.Contains(keys[0].Text, "RSA 512 bits, certificate of") || !strings.Contains(keys[0].Warning, "Weak key") {
		t.Errorf("keys %+v", keys)
	}
}
