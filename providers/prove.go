package providers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// ErrNoProof is returned by a provider's Sign for a request that carries no proof
// by its nature, such as a connection test.
var ErrNoProof = errors.New("such a callback carries no proof")

// ErrNoKey says that nothing is known that a callback could be signed with.
var ErrNoKey = errors.New("there is no key to sign with")

// Proof is what a made callback is to prove of its origin.
type Proof string

// The proofs of made callbacks.
const (
	Signed     Proof = "signed"    // the right one
	NoProof    Proof = "unsigned"  // none
	Tampered   Proof = "tampered"  // the right one, over a body that was changed after it
	StaleProof Proof = "stale-key" // of a key that nobody knows
)

// Signer is whose key made a proof.
type Signer string

// The signers.
const (
	Nobody   Signer = ""
	YourKey  Signer = "your key"
	OurKey   Signer = TestLabel
	StaleKey Signer = "a key that nobody knows"
)

// Prove gives a made request its proof, with a key of the person's where one can
// sign and testOnly is false, else with the test identity. It returns ErrNoKey
// where neither can. A request that carries no proof by its nature gets none.
func (s *Set) Prove(p *Provider, r *capture.Request, proof Proof, testOnly bool) (Signer, error) {
	p.strip(r)
	signer := Nobody
	var err error
	switch proof {
	case NoProof:
		return Nobody, nil
	case StaleProof:
		var keys Keys
		if keys, err = p.newTestKeys(r.Received); err == nil {
			signer, err = signWith(p, r, StaleKey, keys)
		}
	case Signed, Tampered:
		if !testOnly {
			signer, err = signWith(p, r, YourKey, s.Keys())
		}
		if testOnly || err != nil {
			signer, err = signWith(p, r, OurKey, s.TestKeys())
		}
	default:
		return Nobody, fmt.Errorf("%q is no proof", proof)
	}
	if err == nil && proof == Tampered {
		err = tamper(p, r)
	}
	return signer, err
}

// signWith signs r, or leaves it as it is.
func signWith(p *Provider, r *capture.Request, signer Signer, keys Keys) (Signer, error) {
	if p.Sign == nil {
		return Nobody, ErrNoKey
	}
	signed := *r
	switch err := p.Sign(&signed, keys); {
	case errors.Is(err, ErrNoProof):
		return Nobody, nil
	case err != nil:
		return Nobody, fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	*r = signed
	r.Size = int64(len(r.Body))
	return signer, nil
}

// newTestKeys makes a test identity that is not kept.
func (p *Provider) newTestKeys(now time.Time) (Keys, error) {
	all := Keys{}
	for i := range p.TestKeys {
		k := &p.TestKeys[i]
		value, err := k.Make(now)
		if err != nil {
			return nil, err
		}
		keys, err := k.Keys(value)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			all[key.Name] = append(all[key.Name], key)
		}
	}
	return all, nil
}

// strip takes from a request the proofs that a sample holds of its own.
func (p *Provider) strip(r *capture.Request) {
	for _, place := range p.Sensitive {
		if name, ok := strings.CutPrefix(place.Path, "header "); ok && place.Secret {
			r.Header = WithoutField(r.Header, name)
		}
	}
}

// errNothingToChange says that a request has no body that could be tampered with.
var errNothingToChange = errors.New("there is nothing in its body that could be changed")

// tamper changes one digit or letter of the content, behind the back of the proof
// that the request has: of a value that is no id, so that it still looks right.
func tamper(p *Provider, r *capture.Request) error {
	c, err := contentOf(r)
	if err != nil {
		return err
	}
	signature := r.Body[strings.LastIndexByte(string(r.Body), '.')+1:] // of a JWS
	var best change
	all := places(c.json)
	for i := range all {
		if all[i].path == "" || !all[i].leaf(c.json) {
			continue
		}
		v := all[i].value(c.json)
		if raw := altered(v); raw != "" && (best.raw == "" || rankToTamper(p, &all[i], v) > rankToTamper(p, &best.place, best.value(c.json))) {
			best = change{all[i], raw}
		}
	}
	if best.raw == "" {
		return errNothingToChange
	}
	c.json = replaced(c.json, []change{best})
	c.put(r)
	if c.jws != "" {
		r.Body = append(r.Body, signature...)
	}
	r.Size = int64(len(r.Body))
	return nil
}

// rankToTamper prefers amounts, then other numbers, then texts; ids come last.
func rankToTamper(p *Provider, at *place, v gjson.Result) int {
	where := pattern(at.path)
	name := strings.ToLower(lastName(where))
	for _, paths := range [][]string{p.Fresh.Order, p.Fresh.IDs, p.Fresh.Times, p.Fresh.Born} {
		for _, path := range paths {
			if path == where {
				return 0
			}
		}
	}
	switch {
	case strings.Contains(name, "status") || strings.Contains(name, "event"):
		return 1 // it would be another callback
	case v.Type != gjson.Number:
		return 2
	case strings.Contains(name, "total") || strings.Contains(name, "amount") || strings.Contains(name, "price"):
		return 4
	}
	return 3
}

// altered is a value with another last digit or letter, as JSON; "" where it has
// none.
func altered(v gjson.Result) string {
	if v.Type != gjson.Number && v.Type != gjson.String || strings.Contains(v.Raw, `\`) {
		return ""
	}
	raw := []byte(v.Raw)
	for i := len(raw) - 1; i >= 0; i-- {
		switch c := raw[i]; {
		case v.Type == gjson.Number && (c == 'e' || c == 'E'):
			return ""
		case c >= '0' && c <= '8':
			raw[i]++
			return string(raw)
		case c == '9':
			raw[i] = '8'
			return string(raw)
		case c >= 'a' && c < 'z' || c >= 'A' && c < 'Z':
			raw[i]++
			return string(raw)
		}
	}
	return ""
}
