package providers

import (
	"crypto/subtle"
	"fmt"
	"net/url"
	"strings"

	"hookglass/capture"
)

// Nothing in this file may put a token into a Verification or a Try, neither a
// configured nor a received one: a token is a secret on both sides.

// Token is a static shared secret as a callback carries it. A query parameter
// has several readings (decoded, and as it stood): any of them may match.
type Token struct {
	Place    string // "?APIKEY", "Authorization", "path"
	Readings []string
}

// TokenProof says where a provider's callbacks carry the value of a credential:
// "?APIKEY" is a query parameter, anything else a header field. Names are
// compared without case.
type TokenProof struct {
	Credential string
	Places     []string
}

// maxTokens bounds how many values of one proof are looked at.
const maxTokens = 8

// Find returns the tokens that a request carries in the places of a proof, at
// most eight. An empty value is no token.
func (p *TokenProof) Find(r *capture.Request) []Token {
	var found []Token
	for _, place := range p.Places {
		if name, ok := strings.CutPrefix(place, "?"); ok {
			for n, t := range queryTokens(r.Query()) {
				if strings.EqualFold(n, name) {
					found = append(found, Token{place, t})
				}
			}
			continue
		}
		for i := range r.Header {
			if f := &r.Header[i]; f.Value != "" && strings.EqualFold(f.Name, place) {
				found = append(found, Token{place, []string{f.Value}})
			}
		}
	}
	return found[:min(len(found), maxTokens)]
}

// queryTokens yields the parameters of a raw query that have a value, with the
// readings of it. It splits the query itself: url.Values forgets the order,
// and its reading of "+" as a blank is not what every sender means.
func queryTokens(raw string) func(yield func(string, []string) bool) {
	return func(yield func(string, []string) bool) {
		for pair := range strings.SplitSeq(raw, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if value == "" {
				continue
			}
			if n, err := url.QueryUnescape(name); err == nil {
				name = n
			}
			if !yield(name, readings(value)) {
				return
			}
		}
	}
}

// readings returns a part of a URL decoded, and where they differ with its plus
// signs kept and as it stood.
func readings(value string) []string {
	if !strings.ContainsAny(value, "%+") {
		return []string{value}
	}
	all := make([]string, 0, 3)
	if v, err := url.QueryUnescape(value); err == nil {
		all = append(all, v)
	}
	if v, err := url.PathUnescape(value); err == nil {
		all = append(all, v)
	}
	return append(all, value)
}

// CheckToken compares a token with every value of a credential, and returns the
// key that matched, or nil. Where none does, the reason says at which byte the
// nearest value differs.
func CheckToken(t Token, credential string, keys []Key) (capture.Check, *Key) {
	check := capture.Check{Proof: t.Place, Status: capture.Invalid}
	var nearest *Key
	at, received := -1, 0
	for i := range keys {
		want := keys[i].Value.Reveal()
		if want == "" {
			continue
		}
		for _, got := range t.Readings {
			equal, differ := compare(got, want)
			if equal {
				check.Status = capture.Valid
				check.Reason = t.Place + " equals " + keys[i].Title() + "."
				return check, &keys[i]
			}
			if differ > at {
				nearest, at, received = &keys[i], differ, len(got)
			}
		}
	}
	switch {
	case nearest == nil:
		check.Status = capture.KeyMissing
		check.Reason = fmt.Sprintf("%s is there, but %s is not configured.", t.Place, credential)
	case len(keys) == 1:
		check.Reason = fmt.Sprintf("%s differs from %s at byte %d (%d bytes received, %d configured).",
			t.Place, nearest.Title(), at+1, received, len(nearest.Value.Reveal()))
	default:
		check.Reason = fmt.Sprintf("%s equals none of the %d values of %s; the nearest, %s, differs at byte %d (%d bytes received, %d configured).",
			t.Place, len(keys), credential, nearest.Title(), at+1, received, len(nearest.Value.Reveal()))
	}
	return check, nil
}

// compare says whether two tokens are equal, and else the offset of their first
// difference. Its time depends on the lengths alone.
func compare(got, want string) (equal bool, at int) {
	n := min(len(got), len(want))
	at, found := n, 0
	for i := range n {
		first := (1 - subtle.ConstantTimeByteEq(got[i], want[i])) &^ found
		at = subtle.ConstantTimeSelect(first, i, at)
		found |= first
	}
	return found == 0 && len(got) == len(want), at
}

// NotCovered is said of every token that matches.
const NotCovered = "A token shows who sent it; the body is not covered."

// Tokens are the tokens that a provider's callbacks can prove themselves with.
// Its methods are a Provider's Verify, Ladder and Sign.
type Tokens struct {
	Scheme string
	Proofs []TokenProof
}

// Verify checks every proof that a request carries. A wrong one makes the
// callback invalid, also beside a right one; a right one beside an absent one is
// valid, and the reason says so.
func (ts *Tokens) Verify(c *Callback, keys Keys) capture.Verification {
	v := capture.Verification{Status: capture.Unsigned}
	var places []string
	for i := range ts.Proofs {
		p := &ts.Proofs[i]
		tokens := p.Find(c.Request)
		if len(tokens) == 0 && len(keys[p.Credential]) > 0 {
			place := strings.Join(p.Places, " or ")
			v.Checks = append(v.Checks, capture.Check{
				Proof: place, Status: capture.Unsigned,
				Reason: place + " is absent, although " + p.Credential + " is configured.",
			})
		}
		for _, t := range tokens {
			check, key := CheckToken(t, p.Credential, keys[p.Credential])
			v.Checks = append(v.Checks, check)
			places = append(places, t.Place)
			if key != nil && v.Key == "" {
				v.Key = key.Label
			}
		}
	}
	if len(places) > 0 {
		v.Scheme, v.Header = ts.Scheme, strings.Join(places, ", ")
	}
	v.Status, v.Reason = concludeTokens(v.Checks)
	if v.Status != capture.Valid {
		v.Key = ""
	}
	return v
}

// concludeTokens adds up checks. The reason begins with what decided.
func concludeTokens(checks []capture.Check) (capture.Status, string) {
	decided := decisive(len(checks), func(i int) capture.Status { return checks[i].Status })
	if decided < 0 {
		return capture.Unsigned, "The callback carries no token, and none is configured."
	}
	verdict := checks[decided].Status
	reasons := make([]string, 0, len(checks)+1)
	for _, first := range [...]bool{true, false} {
		for i := range checks {
			if (checks[i].Status == verdict) == first {
				reasons = append(reasons, checks[i].Reason)
			}
		}
	}
	if verdict == capture.Valid {
		reasons = append(reasons, NotCovered)
	}
	return verdict, strings.Join(reasons, " ")
}

// Sign adds the first configured value of every proof to a request, in the place
// where the request names one, also without a value, else in the first of its
// places, and takes what stands in any of them away. It fails where nothing is
// configured.
func (ts *Tokens) Sign(r *capture.Request, keys Keys) error {
	signed := false
	for i := range ts.Proofs {
		p := &ts.Proofs[i]
		if len(keys[p.Credential]) == 0 {
			continue
		}
		signed = true
		to := p.placeIn(r)
		for _, place := range p.Places {
			if name, ok := strings.CutPrefix(place, "?"); ok {
				r.Target = withoutQuery(r.Target, name)
			} else {
				r.Header = WithoutField(r.Header, place)
			}
		}
		value := keys[p.Credential][0].Value.Reveal()
		if name, ok := strings.CutPrefix(to, "?"); ok {
			r.Target = withQuery(r.Target, name, value)
		} else {
			r.Header = append(r.Header, capture.Field{Name: to, Value: value})
		}
	}
	if !signed {
		return fmt.Errorf("nothing to sign with: %s is not configured", ts.Proofs[0].Credential)
	}
	return nil
}

// placeIn is the place of a proof that a request names, else the first one.
func (p *TokenProof) placeIn(r *capture.Request) string {
	for _, place := range p.Places {
		found := false
		if name, ok := strings.CutPrefix(place, "?"); ok {
			_, found = queryValue(r.Target, name)
		} else {
			_, found = r.Header.First(place)
		}
		if found {
			return place
		}
	}
	return p.Places[0]
}

func withQuery(target, name, value string) string {
	separator := "?"
	if strings.Contains(target, "?") {
		separator = "&"
	}
	return target + separator + url.QueryEscape(name) + "=" + url.QueryEscape(value)
}

func withoutQuery(target, name string) string {
	base, raw, ok := strings.Cut(target, "?")
	if !ok {
		return target
	}
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		n, _, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(n); err == nil {
			n = decoded
		}
		if pair != "" && !strings.EqualFold(n, name) {
			kept = append(kept, pair)
		}
	}
	if len(kept) == 0 {
		return base
	}
	return base + "?" + strings.Join(kept, "&")
}

// WithoutField returns the fields of other names, in a new list with room for
// one more: the given one stays as it is.
func WithoutField(fields capture.Fields, name string) capture.Fields {
	kept := make(capture.Fields, 0, len(fields)+1)
	for _, f := range fields {
		if !strings.EqualFold(f.Name, name) {
			kept = append(kept, f)
		}
	}
	return kept
}
