package capture

import (
	"net/url"
	"slices"
	"strings"
)

const mask = "***"

// secretParameters are the query parameters whose values are credentials, in
// lower case.
var secretParameters = map[string]bool{
	"apikey":              true, // Mintsoft
	"api_key":             true,
	"api-key":             true,
	"key":                 true,
	"token":               true, // Probo has no proof of its own; users put one into the URL
	"access_token":        true, // RFC 6750, section 2.3
	"authenticationtoken": true, // Komet
	"auth":                true,
	"secret":              true,
	"password":            true,
	"pwd":                 true,
	"sig":                 true, // a signed URL works for whoever has it
	"signature":           true,
	"code":                true, // OAuth's authorization code; the key of an Azure function
}

// shortestSecret is the shortest secret that MaskTarget looks for: shorter ones
// would be found everywhere.
const shortestSecret = 4

// MaskTarget masks the credentials in a request target with ***, for rows and
// logs: the values of query parameters that are named like credentials, and the
// given secrets wherever they stand in path or query, as they are or
// percent-encoded. All else stays as it was; so do empty values, as that a
// credential is empty is worth seeing. Secrets under four bytes are not looked
// for. Of a target with an authority, the password is masked too.
func MaskTarget(target string, secrets ...string) string {
	path := pathStart(target)
	spans := passwordSpan(target[:path])
	if i := strings.IndexByte(target[path:], '?'); i >= 0 {
		spans = parameterSpans(target, path+i+1)
	}
	for _, secret := range secrets {
		if len(secret) >= shortestSecret {
			spans = append(spans, secretSpans(target, path, secret)...)
		}
	}
	if len(spans) == 0 {
		return target
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	done := 0
	for i, s := range spans {
		if i == 0 || s.from > done { // else it continues the one before
			b.WriteString(target[done:s.from])
			b.WriteString(mask)
		}
		done = max(done, s.to)
	}
	b.WriteString(target[done:])
	return b.String()
}

// span is target[from:to].
type span struct{ from, to int }

// passwordSpan finds the password of "scheme://user:password@host".
func passwordSpan(authority string) []span {
	_, rest, _ := strings.Cut(authority, "://")
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return nil
	}
	from := len(authority) - len(rest)
	colon := strings.IndexByte(rest[:at], ':')
	if colon < 0 || colon+1 == at {
		return nil
	}
	return []span{{from + colon + 1, from + at}}
}

// pathStart says where path and query of a target begin: behind the authority,
// where it has one.
func pathStart(target string) int {
	i := strings.Index(target, "://")
	if i < 0 || strings.HasPrefix(target, "/") || strings.ContainsAny(target[:i], "/?") {
		return 0
	}
	authority := i + len("://")
	if i := strings.IndexAny(target[authority:], "/?"); i >= 0 {
		return authority + i
	}
	return len(target)
}

// parameterSpans finds the values of the parameters from target[at:] on that are
// named like credentials. A semicolon begins a parameter too, as some servers
// have it, but never ends a value: it may be part of it.
func parameterSpans(target string, at int) []span {
	var spans []span
	for at < len(target) {
		end := len(target)
		if i := strings.IndexByte(target[at:], '&'); i >= 0 {
			end = at + i
		}
		for at < end {
			next := end
			if i := strings.IndexByte(target[at:end], ';'); i >= 0 {
				next = at + i + 1
			}
			name, _, ok := strings.Cut(target[at:next], "=")
			if value := at + len(name) + 1; ok && isSecretParameter(name) && value < end {
				spans = append(spans, span{value, end})
				break
			}
			at = next
		}
		at = end + 1
	}
	return spans
}

func isSecretParameter(name string) bool {
	if decoded, err := url.QueryUnescape(name); err == nil {
		name = decoded
	}
	return secretParameters[strings.ToLower(name)]
}

// secretSpans finds a secret from target[at:] on.
func secretSpans(target string, at int, secret string) []span {
	var spans []span
	for at < len(target) {
		n := len(secret)
		if !strings.HasPrefix(target[at:], secret) {
			n = encodedPrefix(target[at:], secret)
		}
		if n > 0 {
			spans = append(spans, span{at, at + n})
		}
		at++ // not past it: encoded and plain readings may overlap
	}
	return spans
}

// encodedPrefix says how many bytes of text, percent-encoded in whole or in
// part, are secret; 0 when text does not begin with it.
func encodedPrefix(text, secret string) int {
	at := 0
	for i := range len(secret) {
		switch b, ok := percentByte(text[at:]); {
		case ok && b == secret[i]:
			at += len("%41")
		case at < len(text) && (text[at] == secret[i] || text[at] == '+' && secret[i] == ' '):
			at++
		default:
			return 0
		}
	}
	return at
}

// percentByte decodes the %XX that text begins with.
func percentByte(text string) (b byte, ok bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	high, ok1 := hexDigit(text[1])
	low, ok2 := hexDigit(text[2])
	return high<<4 | low, ok1 && ok2
}
