package providers

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// maxJWS is the size up to which a text is read as a JWS.
const maxJWS = 256 << 10

// JWS is a signed token in its compact form: header.payload.signature.
type JWS struct {
	Header    gjson.Result
	Payload   []byte
	Claims    gjson.Result // the payload where it is a JSON object, else a result that does not exist
	Alg       string
	KeyID     string
	Signature []byte

	text   string
	signed int // length of header.payload
}

// LooksLikeJWS reports, cheaply, whether a text has the form of a compact JWS.
func LooksLikeJWS(text []byte) bool {
	return len(text) <= maxJWS && bytes.HasPrefix(text, []byte("ey")) && // "{" in base64url
		bytes.Count(text, []byte(".")) == 2 && !bytes.ContainsAny(text, " \t\r\n{\"")
}

// ParseJWS reads a compact JWS. It checks its form, not its signature.
func ParseJWS(text string) (*JWS, error) {
	if len(text) > maxJWS {
		return nil, fmt.Errorf("longer than %d bytes", maxJWS)
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("not a compact JWS: %d parts where there should be 3", len(parts))
	}
	decoded := make([][]byte, len(parts))
	for i, part := range parts {
		var err error
		if strings.ContainsAny(part, "\r\n") {
			err = errors.New("it holds a line end")
		} else {
			decoded[i], err = base64.RawURLEncoding.Strict().DecodeString(part)
		}
		if err != nil {
			return nil, fmt.Errorf("the %s is not base64url: %w", [...]string{"header", "payload", "signature"}[i], err)
		}
	}
	if err := CheckJSON(decoded[0]); err != nil {
		return nil, fmt.Errorf("the JWS header: %w", err)
	}
	j := &JWS{
		Header: gjson.ParseBytes(decoded[0]), Payload: decoded[1], Signature: decoded[2],
		text: text, signed: len(parts[0]) + 1 + len(parts[1]),
	}
	if !j.Header.IsObject() {
		return nil, errors.New("the JWS header is not an object")
	}
	j.Alg, j.KeyID = j.Header.Get("alg").Str, j.Header.Get("kid").Str
	if CheckJSON(j.Payload) == nil {
		if v := gjson.ParseBytes(j.Payload); v.IsObject() {
			j.Claims = v
		}
	}
	return j, nil
}

// Signed returns the bytes that the signature covers: header.payload.
func (j *JWS) Signed() []byte { return []byte(j.text[:j.signed]) }

// joseAlgorithms are those with a public key. "none" and the HMACs are missing
// on purpose: a public key is no secret, and whoever has it could sign.
var joseAlgorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
	jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// Refused says why the algorithm of a JWS proves nothing, or returns nil.
func (j *JWS) Refused() error {
	switch {
	case strings.EqualFold(j.Alg, "none"):
		return errors.New("alg is none: the token is not signed")
	case strings.HasPrefix(j.Alg, "HS"):
		return fmt.Errorf("alg is %s, which would use a public key as its secret", j.Alg)
	case j.Header.Get("crit").Exists():
		return errors.New("the header has crit, extensions that must be understood, and Hookglass knows none")
	}
	for _, alg := range joseAlgorithms {
		if j.Alg == string(alg) {
			return nil
		}
	}
	return fmt.Errorf("alg is %q, which is no signature with a public key", capture.Visible(j.Alg))
}

// Match looks for the key under which the signature holds, and says whether it
// does. RS256 is checked by VerifyRSA, which takes weak keys too; the others by
// go-jose. It never matches where Refused says why.
func (j *JWS) Match(keys []Key) RSAMatch {
	if j.Refused() != nil {
		return RSAMatch{}
	}
	if j.Alg == string(jose.RS256) {
		return MatchRSA(keys, sha256.Sum256(j.Signed()), j.Signature)
	}
	parsed, err := jose.ParseSignedCompact(j.text, joseAlgorithms)
	if err != nil {
		return RSAMatch{SignatureSHA256: SignatureSHA256{Err: fmt.Errorf("not readable: %w", err)}}
	}
	for i := range keys {
		for k := range keys[i].Public {
			public := &keys[i].Public[k]
			if !public.verifies(j.Alg) {
				continue
			}
			if _, err := parsed.Verify(public.Key); err == nil {
				return RSAMatch{&keys[i], public, SignatureSHA256{Matches: true}}
			}
		}
	}
	return RSAMatch{}
}

// leeway is how far the clocks of the issuer and of this machine may differ.
const leeway = time.Minute

// CheckClaims checks exp, nbf and iat at the time of receipt, and issuer and
// audience where values for them are configured; azp (the party that got the
// token) counts as audience too. A time of zero means that it is not known:
// then nothing is said of exp, nbf and iat.
func CheckClaims(claims gjson.Result, at time.Time, issuers, audiences []Key) []capture.Check {
	var checks []capture.Check
	add := func(claim string, ok bool, reason string) {
		status := capture.Valid
		if !ok {
			status = capture.Invalid
		}
		checks = append(checks, capture.Check{Proof: claim, Status: status, Reason: capture.Visible(reason)})
	}
	if !at.IsZero() {
		if exp, ok := claimTime(claims, "exp"); ok {
			if at.After(exp.Add(leeway)) {
				add("exp", false, "The token had expired on "+stamp(exp)+", "+at.Sub(exp).Round(time.Second).String()+" before it came.")
			} else {
				add("exp", true, "The token was good until "+stamp(exp)+".")
			}
		}
		for _, claim := range [...]string{"nbf", "iat"} {
			if from, ok := claimTime(claims, claim); ok && at.Add(leeway).Before(from) {
				add(claim, false, "The token is from the future: "+claim+" is "+stamp(from)+".")
			}
		}
	}
	if len(issuers) > 0 {
		iss := claims.Get("iss")
		ok := iss.Type == gjson.String && holds(issuers, iss.Str)
		add("iss", ok, "The issuer is "+quoted(iss)+unlike(ok, issuers))
	}
	if len(audiences) > 0 {
		aud := claims.Get("aud")
		ok := aud.Type == gjson.String && holds(audiences, aud.Str)
		if aud.IsArray() {
			for _, one := range aud.Array() {
				ok = ok || one.Type == gjson.String && holds(audiences, one.Str)
			}
		}
		azp := claims.Get("azp")
		ok = ok || azp.Type == gjson.String && holds(audiences, azp.Str)
		add("aud", ok, "The audience is "+quoted(aud)+", azp is "+quoted(azp)+unlike(ok, audiences))
	}
	return checks
}

// unlike ends a sentence on a claim. What is configured is public.
func unlike(ok bool, keys []Key) string {
	if ok {
		return "."
	}
	values := make([]string, len(keys))
	for i := range keys {
		values[i] = strconv.Quote(keys[i].Value.Reveal())
	}
	return "; " + keys[0].Name + " is " + strings.Join(values, " or ") + "."
}

func claimTime(claims gjson.Result, claim string) (time.Time, bool) {
	v := claims.Get(claim)
	if v.Type != gjson.Number || v.Num < 0 || v.Num > 1e11 { // the year 5138
		return time.Time{}, false
	}
	return time.Unix(int64(v.Num), 0), true
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func holds(keys []Key, value string) bool {
	for i := range keys {
		if strings.TrimSpace(keys[i].Value.Reveal()) == value && value != "" {
			return true
		}
	}
	return false
}

func quoted(v gjson.Result) string {
	if !v.Exists() {
		return "absent"
	}
	text := v.Raw
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	return text
}

// ClaimNote explains a claim: the time that a number stands for.
func ClaimNote(claim string, v gjson.Result) string {
	switch claim {
	case "exp", "nbf", "iat", "auth_time":
		if t := v.Num; v.Type == gjson.Number && t >= 0 && t <= 1e11 {
			return stamp(time.Unix(int64(t), 0))
		}
	}
	return ""
}
