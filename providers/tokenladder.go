package providers

import (
	"encoding/base64"
	"net/url"
	"strings"

	"hookglass/capture"
)

// tokenRung is one other reading of a token. It is asked with two different
// values, once in each direction, so that a fault on either side shows.
type tokenRung struct {
	reading string
	meaning string
	same    func(a, b string) bool
}

var tokenRungs = []tokenRung{
	{
		"white space at the ends removed",
		"one of the two was pasted with a blank or a line end",
		func(a, b string) bool { return equalTokens(strings.TrimSpace(a), strings.TrimSpace(b)) },
	},
	{
		"quotes removed",
		"one of the two stands in quotes, as it does in a configuration file",
		func(a, b string) bool { return equalTokens(unquote(a), unquote(b)) },
	},
	{
		"URL-decoded",
		"one of the two is still percent-encoded, or was decoded once too often",
		func(a, b string) bool { return equalTokens(unescape(a), b) || equalTokens(plus(a), b) },
	},
	{
		"upper and lower case ignored",
		"the letters' case differs; the provider sends it as it was entered there",
		func(a, b string) bool { return equalTokens(strings.ToLower(a), strings.ToLower(b)) },
	},
	{
		"user:password encoded for Basic",
		"one of the two is user:password as people write it; the header carries it in base64 after \"Basic \"",
		func(a, b string) bool {
			plain := strings.TrimPrefix(a, "Basic ")
			return strings.Contains(plain, ":") && equalTokens(strings.TrimPrefix(b, "Basic "), base64.StdEncoding.EncodeToString([]byte(plain)))
		},
	},
	{
		"\"Basic \" added or removed",
		"one of the two lacks the word Basic",
		func(a, b string) bool { return equalTokens("Basic "+a, b) },
	},
	{
		"\"Bearer \" added or removed",
		"one of the two lacks the word Bearer",
		func(a, b string) bool { return equalTokens("Bearer "+a, b) },
	},
}

func equalTokens(a, b string) bool {
	equal, _ := compare(a, b)
	return equal && a != ""
}

func unquote(s string) string { return strings.Trim(s, "\"'`“”‘’") }

func unescape(s string) string {
	if v, err := url.PathUnescape(s); err == nil {
		return v
	}
	return s
}

func plus(s string) string { return strings.ReplaceAll(s, "+", " ") }

// LadderOfTokens tries other readings of tokens that did not match the keys of
// their own credential, and the provider's other credentials.
func LadderOfTokens(tokens []Token, own, others []Key) []capture.Try {
	if len(tokens) == 0 {
		return nil
	}
	var tries []capture.Try
	if len(own) > 0 {
		for i := range tokenRungs {
			rung := &tokenRungs[i]
			try := capture.Try{Reading: rung.reading}
			if key := anyToken(tokens, own, rung.either); key != nil {
				try.Matches, try.Meaning = true, "It would match "+key.Title()+": "+rung.meaning+"."
			}
			tries = append(tries, try)
		}
	}
	if len(others) > 0 {
		try := capture.Try{Reading: "another credential of this provider"}
		if key := anyToken(tokens, others, equalTokens); key != nil {
			try.Matches, try.Meaning = true, "It is the value of "+key.Title()+": it stands in the wrong place, here or at the provider."
		}
		tries = append(tries, try)
	}
	return tries
}

func (r *tokenRung) either(a, b string) bool { return r.same(a, b) || r.same(b, a) }

func anyToken(tokens []Token, keys []Key, same func(got, want string) bool) *Key {
	for i := range keys {
		for _, t := range tokens {
			for _, reading := range t.Readings {
				if want := keys[i].Value.Reveal(); want != "" && same(reading, want) {
					return &keys[i]
				}
			}
		}
	}
	return nil
}

// Ladder has rungs only where a proof is there and does not match.
func (ts *Tokens) Ladder(c *Callback, keys Keys) []capture.Try {
	var tries []capture.Try
	for i := range ts.Proofs {
		p := &ts.Proofs[i]
		var wrong []Token
		for _, t := range p.Find(c.Request) {
			if check, _ := CheckToken(t, p.Credential, keys[p.Credential]); check.Status != capture.Valid {
				wrong = append(wrong, t)
			}
		}
		var others []Key
		for j := range ts.Proofs {
			if ts.Proofs[j].Credential != p.Credential {
				others = append(others, keys[ts.Proofs[j].Credential]...)
			}
		}
		tries = append(tries, LadderOfTokens(wrong, keys[p.Credential], others)...)
	}
	return tries
}
