package ngrok

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"syscall"
	"unicode"
)

var codePattern = regexp.MustCompile(`(?i)ERR_NGROK_\d+`)

// Code returns the code of ngrok's in a text, "ERR_NGROK_105", or "".
func Code(text string) string { return strings.ToUpper(codePattern.FindString(text)) }

// Link is where ngrok explains a code.
func Link(code string) string { return "https://ngrok.com/docs/errors/" + strings.ToLower(code) }

// causes say what a code means and what to do, by what ngrok documents of it.
var causes = map[string]string{
	"ERR_NGROK_105":  "This is no authtoken of ngrok's. Copy it again from dashboard.ngrok.com, Your Authtoken: it is not the API key.",
	"ERR_NGROK_107":  "This authtoken was revoked or replaced. Copy the one in force from dashboard.ngrok.com, Your Authtoken.",
	"ERR_NGROK_4018": "ngrok wants an authtoken. Copy yours from dashboard.ngrok.com, Your Authtoken; an account is free.",
	"ERR_NGROK_108":  "Your account has no agent left: too many run at once. Stop another ngrok or Hookglass, here or on another machine.",
	"ERR_NGROK_120":  "ngrok takes this version of its SDK no more. Update Hookglass.",
	"ERR_NGROK_121":  "ngrok takes this version of its SDK no more. Update Hookglass.",
	"ERR_NGROK_313":  "Domains of one's own need a paid plan of ngrok's. Leave the domain empty to use the one that your account has.",
	"ERR_NGROK_314":  "This domain needs a paid plan of ngrok's. Leave the domain empty to use the one that your account has.",
	"ERR_NGROK_316":  "The authtoken may not open this domain (its access rules forbid it). Use another token or another domain.",
	"ERR_NGROK_324":  "Your account has no endpoint left. Stop another one.",
	"ERR_NGROK_334":  "This address is online already: another ngrok or Hookglass serves it, here or on another machine. Stop that one, or choose another domain. After a crash it is free again within half a minute.",
	"ERR_NGROK_702":  "ngrok's limit of requests in a minute is reached. Wait a minute.",
	"ERR_NGROK_734":  "ngrok's limit of requests in a minute is reached. Wait a minute.",
	"ERR_NGROK_725":  "The account has used up its bandwidth of this month. It needs another plan, or the next month.",
	"ERR_NGROK_727":  "The account has used up its requests of this month. It needs another plan, or the next month.",
	"ERR_NGROK_9037": "ngrok cannot use this domain. Write a name such as shop.example.com, or leave it empty.",
	"ERR_NGROK_3200": "ngrok says that nobody serves this address.",
	"ERR_NGROK_3004": "ngrok got no valid answer from this machine.",
	"ERR_NGROK_6024": "ngrok showed its warning page, as it does to browsers on the free plan.",
}

// Cause says what a code means and what to do. For one that we do not know it
// names ngrok's own page.
func Cause(code string) string {
	if text := causes[code]; text != "" {
		return text
	}
	return "ngrok explains it at " + Link(code) + "."
}

// explain makes of an error of the SDK a code, "" where it has none, and
// sentences for a person. The token stands in neither, though the service
// repeats it.
func explain(err error, token Token) (code, reason string) {
	if err == nil {
		return "", ""
	}
	text := err.Error()
	if coded, ok := errors.AsType[interface {
		error
		ErrorCode() string
	}](err); ok {
		code = coded.ErrorCode()
	}
	if coded, ok := errors.AsType[interface {
		error
		Code() string
	}](err); code == "" && ok {
		code = coded.Code()
	}
	if code == "" {
		code = text // the SDK loses the code of what it binds again
	}
	if code = Code(code); code == "" {
		return "", explainNetwork(err, token)
	}
	if causes[code] != "" {
		return code, causes[code]
	}
	said := firstSentence(withoutToken(plain(text), token))
	if said != "" {
		said = "ngrok says: " + said + " "
	}
	return code, said + Cause(code)
}

// explainNetwork says why the service was not reached.
func explainNetwork(err error, token Token) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Sprintf("The name %s cannot be found: this machine has no network, or its name service refuses it. It is tried again.", dns.Name)
	}
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return fmt.Sprintf("The connection to ngrok is intercepted: its certificate is signed by %s, not by ngrok. Name that authority's certificate as the CA file, or use a network without such a proxy.", issuer(unknown.Cert))
	}
	if wrong, ok := errors.AsType[x509.HostnameError](err); ok {
		return fmt.Sprintf("Somebody else answers: the certificate is not for %s. Look at the connect address, and at proxies on the way.", wrong.Host)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "The certificate of the service has expired, or this machine's clock is wrong."
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "What answers does not speak TLS. Look at the connect address, and at proxies on the way."
	}
	text := withoutToken(plain(err.Error()), token)
	where := ""
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		where = " at " + op.Addr.String()
	}
	if _, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && isTimeout(err) {
		return "Nothing answers" + where + ": there is no network, or a firewall keeps it back. It is tried again."
	}
	switch {
	case strings.Contains(text, "socks"):
		return "The SOCKS5 proxy does not let the connection through (" + firstSentence(text) + "). Look at the proxy's address."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The connection is refused" + where + ". It is tried again."
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "There is no network. It is tried again."
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNRESET), strings.Contains(text, "EOF"),
		strings.Contains(text, "reset by peer"), strings.Contains(text, "session closed"), strings.Contains(text, "use of closed"):
		return "The connection to ngrok was lost."
	}
	return "The connection to ngrok failed: " + firstSentence(text)
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// issuer names who signed a certificate.
func issuer(c *x509.Certificate) string {
	if c == nil {
		return "somebody unknown"
	}
	name := c.Issuer.CommonName
	if len(c.Issuer.Organization) > 0 && c.Issuer.Organization[0] != name {
		name = strings.TrimSpace(name + " (" + c.Issuer.Organization[0] + ")")
	}
	if name = plain(name); name == "" {
		return "somebody unknown"
	}
	return "“" + name + "”"
}

// revealing is the longest part of a token that may appear: shorter ones are in
// ordinary words.
const revealing = 8

// withoutToken takes every part of the token out of a text that is long enough to
// help anybody, however the text cuts it.
func withoutToken(text string, token Token) string {
	secret := string(token)
	if len(secret) < revealing {
		if secret == "" {
			return text
		}
		return strings.ReplaceAll(text, secret, "***")
	}
	hidden := make([]bool, len(text))
	found := false
	for i := 0; i+revealing <= len(secret); i++ {
		part := secret[i : i+revealing]
		for from := 0; ; {
			at := strings.Index(text[from:], part)
			if at < 0 {
				break
			}
			for j := range revealing {
				hidden[from+at+j] = true
			}
			found = true
			from += at + 1
		}
	}
	if !found {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			b.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			b.WriteString("***")
		}
	}
	return b.String()
}

// longestSaid bounds what of the service's own words is shown.
const longestSaid = 300

// firstSentence is the first line of a text, without what a screen would obey.
func firstSentence(text string) string {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		text = text[:i]
	}
	text = plain(text)
	if len(text) > longestSaid {
		text = strings.ToValidUTF8(text[:longestSaid], "") + "…"
	}
	if text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return text
}

// plain takes out what is not to be printed.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) && r != '\n' && r != '\r' {
			return -1
		}
		return r
	}, text)
}
