package providers

import (
	"crypto/rand"
	"net/url"
	"strings"
)

// Guide says how to have a provider send its callbacks here.
type Guide struct {
	Steps  []Step
	Paths  []GuidePath
	Token  *TokenPlace // nil where nothing that we make up proves the sender
	Source string      // address of the documentation that the steps follow
}

// Step is one thing to do in the provider's own console.
type Step struct {
	Text  string
	Paste string // what to copy into the console as it stands; "" for none
}

// GuidePath is an address to enter, and what comes to it.
type GuidePath struct {
	Path  string // "/mintsoft/despatched"
	Title string // "Order despatched"
	Field string // where in the console it goes: "ExtraCode1"
}

// TokenPlace says where a token that we make up goes, so that the callbacks
// prove themselves with it.
type TokenPlace struct {
	Credential string // the credential that the token becomes
	Place      string // "path": its last part; "?APIKEY": a query value; "": not in the address but in Field
	Field      string // where in the console it goes, where it is not in the address
}

// InAddress reports whether the token is a part of the address.
func (t *TokenPlace) InAddress() bool { return t != nil && t.Place != "" }

// NewToken makes a token that nobody can guess, of characters that every address
// takes: 26 of them, 130 bits.
func NewToken() string { return rand.Text() }

// Address is the whole address to enter in the provider's console: base is
// "http://127.0.0.1:4480", token may be "". A token that does not go into the
// address is left out.
func (g *Guide) Address(base string, p GuidePath, token string) string {
	address := strings.TrimSuffix(base, "/") + p.Path
	if token == "" || !g.Token.InAddress() {
		return address
	}
	if name, ok := strings.CutPrefix(g.Token.Place, "?"); ok {
		return withQuery(address, name, token)
	}
	return address + "/" + url.PathEscape(token)
}
