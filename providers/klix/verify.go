package klix

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

const (
	klixSignature   = "X-Klix-Signature"
	portalSignature = "X-Signature"

	legacyScheme = "klix-rsa-sha256"
	jwsScheme    = "klix-jws-rs256"
	portalScheme = "klix-portal-rsa-sha256"
)

// proof is a signature that a callback carries.
type proof struct {
	header string
	scheme string
	value  string
	own    []string // the credentials that verify it
	others []string
}

func proofsOf(r *capture.Request) []proof {
	var all []proof
	for i := range r.Header {
		f := &r.Header[i]
		switch {
		case strings.EqualFold(f.Name, klixSignature):
			all = append(all, proof{klixSignature, legacyScheme, f.Value, []string{certificate}, []string{publicKey, webhookKey}})
		case strings.EqualFold(f.Name, portalSignature):
			all = append(all, proof{portalSignature, portalScheme, f.Value, []string{publicKey, webhookKey}, []string{certificate}})
		}
	}
	return all
}

func verify(c *providers.Callback, keys providers.Keys) capture.Verification {
	var verdicts []capture.Verification
	for _, p := range proofsOf(c.Request) {
		verdicts = append(verdicts, p.verify(c, keys))
	}
	if token, ok := bareJWS(c.Request.Body); ok {
		verdicts = append(verdicts, verifyJWS(c.Request, token, keys))
	}
	if len(verdicts) > 0 {
		return providers.Combine(verdicts)
	}
	switch strings.ToUpper(c.Request.Method) {
	case "OPTIONS":
		return capture.Verification{Status: capture.Unprovable, Reason: "A connection test carries no proof: anyone can send OPTIONS."}
	case "GET", "HEAD":
		return capture.Verification{Status: capture.Unprovable, Reason: "A request with GET carries no proof: the terms are fetched by the customer's browser, not by Klix."}
	}
	return capture.Verification{Status: capture.Unsigned, Reason: "The callback carries neither " + klixSignature + " nor " + portalSignature + "; Klix signs all of its notifications."}
}

func (p *proof) verify(c *providers.Callback, keys providers.Keys) capture.Verification {
	v := capture.Verification{Scheme: p.scheme, Header: p.header, Signed: fmt.Sprintf("raw body, %d bytes", len(c.Request.Body))}
	signature, err := providers.DecodeSignature(strings.TrimSpace(p.value))
	if err != nil {
		v.Status, v.Received = capture.Malformed, p.value
		v.Reason = fmt.Sprintf("%s is %v.", p.header, err)
		return v
	}
	own := keys.Of(p.own...)
	if usable(&v, own, p.header, p.own) {
		digest := c.Sum()
		conclude(&v, providers.MatchRSA(own, digest, signature), digest, c.Request.Received, own)
	}
	return v
}

func verifyJWS(r *capture.Request, token string, keys providers.Keys) capture.Verification {
	v := capture.Verification{Scheme: jwsScheme, Header: "body"}
	j, err := providers.ParseJWS(token)
	if err != nil {
		v.Status, v.Reason = capture.Malformed, "The body looks like a JWS and cannot be read: "+err.Error()+"."
		return v
	}
	if err := j.Refused(); err != nil {
		v.Status, v.Reason = capture.Invalid, "The JWS is refused: "+err.Error()+"."
		return v
	}
	signed := j.Signed()
	digest := sha256.Sum256(signed)
	v.Signed = fmt.Sprintf("header.payload of the JWS in the body, %d bytes", len(signed))
	own := keys[certificate]
	if usable(&v, own, "the JWS", []string{certificate}) {
		conclude(&v, j.Match(own), digest, r.Received, own)
	}
	return v
}

// usable reports whether there is a key to check with, and else says why not.
func usable(v *capture.Verification, own []providers.Key, what string, names []string) bool {
	for i := range own {
		if len(own[i].Public) > 0 {
			return true
		}
	}
	v.Status = capture.KeyMissing
	v.Reason = fmt.Sprintf("The callback is signed (%s), but %s is not configured.", what, strings.Join(names, " or "))
	for i := range own {
		if own[i].Err != nil {
			v.Reason = fmt.Sprintf("The callback is signed (%s), but %s cannot be used: %v.", what, own[i].Title(), own[i].Err)
		}
	}
	return false
}

// conclude turns a match, or the lack of one, into the verdict.
func conclude(v *capture.Verification, match providers.RSAMatch, digest [32]byte, received time.Time, own []providers.Key) {
	v.Expected = hex.EncodeToString(digest[:])
	if match.Hash == "SHA-256" {
		v.Received = hex.EncodeToString(match.Digest)
	}
	switch {
	case match.Matches && match.Public.Weak():
		v.Status, v.Key = capture.WeakKey, match.Key.Label
		v.Reason = fmt.Sprintf("The signature matches %s, which has %d bits (weak key: proves nothing about the origin).", match.Key.Title(), match.Public.Bits)
	case match.Matches:
		v.Status, v.Key = capture.Valid, match.Key.Label
		v.Reason = fmt.Sprintf("The signature matches %s (%s).", match.Key.Title(), match.Public)
	case match.Err != nil:
		v.Status = capture.Malformed
		v.Reason = "The signature is " + match.Err.Error() + ": it was cut, or another key made it."
	case match.Key != nil && match.Hash != "SHA-256":
		v.Status = capture.Invalid
		v.Reason = fmt.Sprintf("%s made this signature, but with %s, where Klix uses SHA-256.", match.Key.Title(), match.Hash)
	case match.Key != nil:
		v.Status = capture.Invalid
		v.Reason = match.Key.Title() + " made this signature, but over other content than came here: the two SHA-256 differ."
	default:
		v.Status = capture.Invalid
		v.Reason = "Another key than " + providers.Titles(own) + " made this signature."
	}
	if match.Public != nil && match.Public.Cert != nil {
		v.Reason += " " + validity(match.Public, received)
	}
}

// validity says from when until when a certificate is valid, and whether it was
// when the callback came. It does not change the verdict: the key is what was
// configured.
func validity(k *providers.PublicKey, received time.Time) string {
	from, until := k.Cert.NotBefore, k.Cert.NotAfter
	text := "The certificate is valid from " + from.UTC().Format(time.DateOnly) + " to " + until.UTC().Format(time.DateOnly)
	switch {
	case received.IsZero():
		return text + "."
	case received.Before(from):
		return text + "; it was not yet valid when the callback came."
	case received.After(until):
		return text + "; it had expired when the callback came."
	}
	return text + "."
}

func ladder(c *providers.Callback, keys providers.Keys) []capture.Try {
	for _, p := range proofsOf(c.Request) {
		if !p.verify(c, keys).Status.Proven() {
			return providers.RSALadder(c.Request, p.value, keys.Of(p.own...), keys.Of(p.others...), documented(c.Request)...)
		}
	}
	token, ok := bareJWS(c.Request.Body)
	if !ok {
		return nil
	}
	j, err := providers.ParseJWS(token)
	if err != nil {
		return nil
	}
	var tries []capture.Try
	for _, name := range [...]string{certificate, publicKey, webhookKey} {
		try := capture.Try{Reading: "signature of the JWS with " + name}
		if m := j.Match(keys[name]); m.Matches {
			try.Matches, try.Meaning = true, "It matches "+m.Key.Title()+", which is for other callbacks."
		} else if m.Key != nil {
			try.Meaning = "It was made with this key over another header or payload."
		}
		tries = append(tries, try)
	}
	return tries
}
