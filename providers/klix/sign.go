package klix

import (
	"encoding/base64"
	"errors"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

// testKeys is one key for both platforms. Klix's own keys are public ones, with
// which nobody else can sign: so that only a test key ever signs.
var testKeys = []providers.TestKey{{
	Name:  "klix.test",
	Title: "RSA key of 2048 bits and its certificate",
	For:   []string{certificate, publicKey, webhookKey},
	Pair:  true,
	Use:   "Put these in your app's test configuration: the certificate in place of Klix's (legacy), the public key in place of the one that the portal gives. They are of the same key.",
	Make:  providers.MakeRSA,
}}

// sign writes the signature of the platform that a request is of. What a customer's
// browser fetches and the connection test carry none.
func sign(r *capture.Request, keys providers.Keys) error {
	if token, ok := bareJWS(r.Body); ok {
		return signJWS(r, token, keys)
	}
	switch strings.ToUpper(r.Method) {
	case "OPTIONS", "GET", "HEAD":
		return providers.ErrNoProof
	}
	header, own := klixSignature, keys[certificate]
	if ofPortal(r) {
		header, own = portalSignature, keys.Of(publicKey, webhookKey)
	}
	signature, err := providers.SignRSA(own, r.Body)
	if err != nil {
		return err
	}
	fields := providers.WithoutField(r.Header, klixSignature)
	r.Header = append(providers.WithoutField(fields, portalSignature),
		capture.Field{Name: header, Value: base64.StdEncoding.EncodeToString(signature)})
	return nil
}

// ofPortal reports whether a request is the portal's. One that has a signature
// already, of which the body is as it was, says so itself.
func ofPortal(r *capture.Request) bool {
	if has(r, klixSignature) != has(r, portalSignature) {
		return has(r, portalSignature)
	}
	g := glanceAt(providers.NewCallback(r, nil, providers.LookLimit))
	return g.kind == kindPortal
}

// signJWS replaces the signature of a bare JWS.
func signJWS(r *capture.Request, token string, keys providers.Keys) error {
	j, err := providers.ParseJWS(token)
	if err != nil {
		return err
	}
	if j.Alg != "RS256" {
		return errors.New("nothing to sign with: Klix signs tokens with RS256, and this says another algorithm")
	}
	signature, err := providers.SignRSA(keys[certificate], j.Signed())
	if err != nil {
		return err
	}
	r.Body = []byte(string(j.Signed()) + "." + base64.RawURLEncoding.EncodeToString(signature))
	return nil
}
