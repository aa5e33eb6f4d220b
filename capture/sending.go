package capture

import (
	"fmt"
	"strings"
	"time"
)

// Sending is what is known of an exchange because we sent it.
type Sending struct {
	Base        string       // where it went, without path: "http://localhost:3000"
	Timings     Timings      // how long its parts took
	Differences []Difference // in what it differs from its origin
	Hops        []Hop        // the redirects that were followed
	SameBody    bool         // its body is its origin's, byte for byte
}

// Timings say how long the parts of a sending took. What did not happen, as TLS
// without https or all of it over a connection that was open already, is 0.
type Timings struct {
	DNS       time.Duration // to find the address
	Connect   time.Duration // to connect to it
	TLS       time.Duration // to agree on encryption
	FirstByte time.Duration // from the start to the answer's first byte; 0 where none came
	Total     time.Duration // to the answer's end, or to the error
}

// Hop is a redirect that was followed.
type Hop struct {
	Status   int    `json:"status"`
	Location string `json:"location"` // as it was given
}

// Why says why a resend differs from its origin.
type Why string

// The reasons for a difference.
const (
	WhyReceiver   Why = "receiver"   // it goes somewhere else
	WhyLength     Why = "length"     // it follows the body, or the way that is sent
	WhyConnection Why = "connection" // it belongs to one connection
	WhyTunnel     Why = "tunnel"     // the tunnel had added it
	WhyVersion    Why = "version"    // we speak HTTP/1.1
	WhyEdit       Why = "edit"       // a person changed it
	WhySecret     Why = "secret"     // a person wanted it left out
	WhySignature  Why = "signature"  // it was signed again
	WhyMarker     Why = "marker"     // a person wanted it marked
)

var whyWords = map[Why]string{
	WhyReceiver:   "it goes somewhere else",
	WhyLength:     "the body is sent in one piece of that length",
	WhyConnection: "it belongs to one connection",
	WhyTunnel:     "the tunnel had added it",
	WhyVersion:    "HTTP/1.1 is spoken here",
	WhyEdit:       "edited",
	WhySecret:     "a secret, left out",
	WhySignature:  "signed again",
	WhyMarker:     "says that it is a resend",
}

// Difference is one thing in which a resend differs from its origin. A value that
// may be secret is not in it.
type Difference struct {
	What string `json:"what"` // "method", "target", "body", "version", "trailers", or "header Host"
	Was  string `json:"was,omitempty"`
	Is   string `json:"is,omitempty"`
	Gone bool   `json:"gone,omitempty"` // it is not sent
	Why  Why    `json:"why"`
}

// Name is what differs, of a header field its name alone: "Host", "body".
func (d Difference) Name() string { return strings.TrimPrefix(d.What, "header ") }

// Reason says in a few words why: "it goes somewhere else".
func (d Difference) Reason() string { return whyWords[d.Why] }

// String tells it in one line: "header Host: localhost:3000, was shop.example (it
// goes somewhere else)".
func (d Difference) String() string {
	text := Visible(d.What)
	switch {
	case d.Gone:
		text += ": not sent"
	case d.Was != "" && d.Is != "":
		text += fmt.Sprintf(": %s, was %s", Visible(d.Is), Visible(d.Was))
	case d.Is != "":
		text += ": " + Visible(d.Is)
	}
	return text + " (" + whyWords[d.Why] + ")"
}
