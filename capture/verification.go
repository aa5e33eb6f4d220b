package capture

// Status is the verdict on a callback's proof of origin.
type Status string

// The verdicts.
const (
	Valid      Status = "valid"       // a proof matches
	Invalid    Status = "invalid"     // a proof is there and is wrong
	WeakKey    Status = "weak_key"    // a proof matches, but its key is too weak to prove anything
	KeyMissing Status = "key_missing" // a proof is there, and we have no key for it
	Unsigned   Status = "unsigned"    // the provider can prove itself, this callback carries no proof
	Unprovable Status = "unprovable"  // the provider has no means, or the sender is unknown
	Malformed  Status = "malformed"   // the proof cannot be read: not base64, wrong length …
)

// Statuses lists every verdict, best first.
var Statuses = []Status{Valid, WeakKey, Unsigned, Unprovable, KeyMissing, Malformed, Invalid}

// Proven reports whether the verdict says that a proof matched.
func (s Status) Proven() bool { return s == Valid || s == WeakKey }

// Verification explains whether a callback came from whom it seems to. It is
// more than a bool: it says what was compared with what.
type Verification struct {
	Status Status
	Scheme string // "kornitx-hmac-sha256", "klix-rsa-sha256" …; "" when nothing was checked
	Header string // where the proof stood: "X-Klix-Signature", "?APIKEY", "path"
	Signed string // which bytes were signed: "raw body, 1349 bytes"
	Key    string // label of the key that matched

	// Expected and Received are the two values that were compared. For tokens
	// both are empty: a token is a secret on both sides.
	Expected string
	Received string

	Reason string  // one sentence for a person
	Checks []Check // each proof by itself, where a callback carries several
}

// Check is the verdict on one of several proofs.
type Check struct {
	Proof  string // "?APIKEY", "Authorization"
	Status Status
	Reason string
}

// Try is a rung of the ladder: one other reading of a failed proof.
type Try struct {
	Reading string // "body minified", "secret with white space removed"
	Matches bool
	Meaning string // for one that matches: what it tells about the cause
}
