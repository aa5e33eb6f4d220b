package probo

import (
	"net/url"
	"slices"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

const credential = "probo.token"

// named are the query parameters that say of themselves that they hold a token;
// a wrong value there is a wrong proof. Elsewhere a value that is no token is
// only a value.
var named = &providers.Tokens{Scheme: scheme, Proofs: []providers.TokenProof{
	{Credential: credential, Places: []string{"?token", "?key", "?secret", "?apikey"}},
}}

// maxPieces bounds how many parts of an address are compared.
const maxPieces = 32

// pieces are the parts of an address that may be the token: every segment of the
// path and every query value.
func pieces(r *capture.Request) []providers.Token {
	var all []providers.Token
	for segment := range strings.SplitSeq(r.Path(), "/") {
		if segment != "" {
			all = append(all, piece("path", segment, url.PathUnescape))
		}
	}
	for pair := range strings.SplitSeq(r.Query(), "&") {
		if _, value, _ := strings.Cut(pair, "="); value != "" {
			all = append(all, piece("query", value, url.QueryUnescape))
		}
	}
	return all[:min(len(all), maxPieces)]
}

func piece(place, text string, decode func(string) (string, error)) providers.Token {
	t := providers.Token{Place: place, Readings: []string{text}}
	if decoded, err := decode(text); err == nil && decoded != text {
		t.Readings = append(t.Readings, decoded)
	}
	return t
}

func verify(c *providers.Callback, keys providers.Keys) capture.Verification {
	configured := keys.Of(credential)
	if len(configured) == 0 {
		return capture.Verification{
			Status: capture.Unprovable,
			Reason: "Probo offers no proof of origin. A token of your own in the address, set as probo.token, would be one.",
		}
	}
	for _, t := range named.Proofs[0].Find(c.Request) {
		if check, _ := providers.CheckToken(t, credential, configured); check.Status == capture.Invalid {
			return capture.Verification{
				Status: capture.Invalid, Scheme: scheme, Header: t.Place, Reason: check.Reason, Checks: []capture.Check{check},
			}
		}
	}
	for _, t := range pieces(c.Request) {
		if check, key := providers.CheckToken(t, credential, configured); key != nil {
			return capture.Verification{
				Status: capture.Valid, Scheme: scheme, Header: t.Place, Key: key.Label,
				Reason: "A part of the " + check.Reason + " " + providers.NotCovered,
			}
		}
	}
	return capture.Verification{
		Status: capture.Unsigned,
		Reason: "No part of the address equals " + providers.Titles(configured) + ", and Probo sends no other proof.",
	}
}

const scheme = "probo-token"

// ladder looks for a token that nearly is one: in the named parameters, else in
// every part of the address.
func ladder(c *providers.Callback, keys providers.Keys) []capture.Try {
	configured := keys.Of(credential)
	tokens := named.Proofs[0].Find(c.Request)
	if len(tokens) == 0 {
		tokens = pieces(c.Request)
	}
	tokens = slices.DeleteFunc(tokens, func(t providers.Token) bool {
		check, _ := providers.CheckToken(t, credential, configured)
		return check.Status == capture.Valid
	})
	return providers.LadderOfTokens(tokens, configured, nil)
}
