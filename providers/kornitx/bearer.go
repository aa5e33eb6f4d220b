package kornitx

import (
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

const oidcScheme = "kornitx-oidc-bearer"

// bearer returns the token of an Authorization value, and whether it is one.
func bearer(value string) (string, bool) {
	scheme, token, ok := strings.Cut(strings.TrimSpace(value), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// verifyAuthorization checks the token that the receiver's own identity provider
// gave to KornitX. That KornitX sends it as a bearer token is a guess: the
// documentation names only the fields of its set-up.
func verifyAuthorization(r *capture.Request, keys providers.Keys, value string) capture.Verification {
	v := capture.Verification{Scheme: oidcScheme, Header: "Authorization"}
	token, ok := bearer(value)
	if !ok {
		v.Status = capture.KeyMissing
		v.Reason = "Authorization is not a bearer token; Hookglass has no credential of KornitX to compare it with."
		return v
	}
	if strings.Count(token, ".") != 2 {
		v.Status = capture.KeyMissing
		v.Reason = "The bearer token is opaque, not a JWT: only the identity provider that issued it can say what it is."
		return v
	}
	j, err := providers.ParseJWS(token)
	if err != nil {
		v.Status = capture.Malformed
		v.Reason = "The bearer token cannot be read: " + err.Error() + "."
		return v
	}
	if err := j.Refused(); err != nil {
		v.Status = capture.Invalid
		v.Reason = "The bearer token is refused: " + err.Error() + "."
		return v
	}
	checks := providers.CheckClaims(j.Claims, r.Received, keys[issuer], keys[audience])
	v.Signed, v.Checks = "the token alone", checks
	configured := keys[jwks]
	if len(configured) == 0 {
		v.Status = capture.KeyMissing
		v.Reason = "The callback carries a JWT, but " + jwks + " is not configured: its claims are shown, not proven."
		return v
	}
	match := j.Match(configured)
	switch {
	case !match.Matches && unreadable(configured) != nil:
		v.Status = capture.KeyMissing
		v.Reason = jwks + " cannot be used: " + unreadable(configured).Error() + "."
		return v
	case !match.Matches:
		v.Status = capture.Invalid
		v.Reason = "The signature of the JWT (" + j.Alg + ") matches no key of " + jwks + "."
		return v
	}
	v.Key = match.Key.Label
	v.Status, v.Reason = capture.Valid, "The JWT is signed ("+j.Alg+") with a key of "+match.Key.Title()+"."
	if match.Public.Weak() {
		v.Status = capture.WeakKey
		v.Reason += " Weak key: proves nothing about the origin."
	}
	for i := range checks {
		if checks[i].Status == capture.Invalid {
			v.Status, v.Key = capture.Invalid, ""
			v.Reason = "The JWT's signature matches, but its claims do not. " + checks[i].Reason
			return v
		}
	}
	v.Reason += unchecked(r, keys) + " " + providers.NotCovered
	return v
}

// unreadable returns why no key could be read from the configured values, or
// nil where there is one.
func unreadable(keys []providers.Key) error {
	var err error
	for i := range keys {
		if len(keys[i].Public) > 0 {
			return nil
		}
		if keys[i].Err != nil {
			err = keys[i].Err
		} else {
			_, err = providers.ParsePublicKeys(keys[i].Value.Reveal())
		}
	}
	return err
}

// unchecked says which claims nothing is known to compare with.
func unchecked(r *capture.Request, keys providers.Keys) string {
	var not []string
	if len(keys[issuer]) == 0 {
		not = append(not, "iss")
	}
	if len(keys[audience]) == 0 {
		not = append(not, "aud")
	}
	if r.Received.IsZero() {
		not = append(not, "exp (the time of receipt is not known)")
	}
	if len(not) == 0 {
		return ""
	}
	return " Not checked: " + strings.Join(not, ", ") + "."
}
