package providers

import (
	"fmt"
	"slices"
	"strings"

	"hookglass/capture"
)

// Resign signs an edited request with the configured keys, as its provider would,
// and with the test identity where those cannot and there is one.
// An error says in a sentence why that cannot be: whoever gets it takes it as
// forged then.
func (s *Set) Resign(provider string, r *capture.Request) error {
	p := s.Find(provider)
	switch {
	case p == nil:
		return fmt.Errorf("it cannot be signed again: whose callback it is, is not known")
	case p.Sign == nil:
		return fmt.Errorf("it cannot be signed again: the key that %s signs with is its own; the receiver will see an edited one as forged", p.Name)
	}
	err := p.Sign(r, s.Keys())
	if err != nil && p.Sign(r, s.TestKeys()) == nil {
		err = nil // with the test identity, which a receiver in test knows
	}
	if err != nil {
		return fmt.Errorf("it cannot be signed again: %w; the receiver will see an edited one as forged", err)
	}
	return nil
}

// Forged says in a sentence why a receiver will take a resend as forged, or "":
// where its origin was proven and it is not, or where a body was edited that a
// signature covers which we cannot check.
func (s *Set) Forged(origin *capture.Annotation, now *capture.Verification, edited bool) string {
	was := &origin.Verification
	switch {
	case now.Status.Proven():
	case was.Status.Proven():
		return "its proof does not hold any more: the receiver will see it as forged. " + now.Reason
	case edited && was.Status == capture.KeyMissing && signs(was.Scheme):
		return "its body was edited, and its signature is still that of the original: the receiver will see it as forged"
	}
	return ""
}

// SecretsIn returns where a request carries secrets: "header Authorization",
// "?APIKEY". A signature is none: it fits this one request alone.
func (s *Set) SecretsIn(a *capture.Annotation, r *capture.Request) []string {
	places := generalSecrets
	if p := s.Find(a.Provider); p != nil {
		places = slices.Concat(p.Sensitive, places)
	}
	var found []string
	for _, place := range places {
		header, isHeader := strings.CutPrefix(place.Path, "header ")
		name, isQuery := strings.CutPrefix(place.Path, "?")
		_, has := r.Header.First(header)
		switch {
		case !place.Secret, !isHeader && !isQuery, isHeader && !has, isQuery && !hasParameter(r, name):
			continue
		case isHeader && strings.EqualFold(header, a.Verification.Header) && signs(a.Verification.Scheme):
			continue
		}
		if !slices.ContainsFunc(found, func(other string) bool { return strings.EqualFold(other, place.Path) }) {
			found = append(found, place.Path)
		}
	}
	return found
}

// signs reports whether a scheme makes a proof for each request: a token is the
// same for all.
func signs(scheme string) bool {
	return strings.Contains(scheme, "hmac") || strings.Contains(scheme, "rsa") || strings.Contains(scheme, "sha")
}

func hasParameter(r *capture.Request, name string) bool {
	for pair := range strings.SplitSeq(r.Query(), "&") {
		if n, _, _ := strings.Cut(pair, "="); strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
