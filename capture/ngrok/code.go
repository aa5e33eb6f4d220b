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
)

var codePattern = regexp.MustCompile(`(?i)ERR_NGROK_\d{1,6}`)

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
	"ERR_NGROK_3200": "ngrok says that nobody serves this address: no tunnel is open for it. Connect again, and look whether the address is still the same.",
	"ERR_NGROK_3004": "ngrok got no valid answer from this machine. Have the callback sent again; where it stays so, disconnect and connect anew.",
	"ERR_NGROK_6024": "ngrok showed its warning page, as it does to browsers on the free plan. It does not stop callbacks; in the browser, choose Visit Site.",
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
	code, reason = explained(err, token)
	// Once more: what is left of the token may join with our own words, or with the
	// digits of an escape, to more than may appear.
	return code, withoutToken(reason, token)
}

func explained(err error, token Token) (code, reason string) {
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
	if code = Code(code); code == "" {
		code = Code(text) // the SDK loses the code of what it binds again
	}
	if code == "" {
		return "", explainNetwork(err, token)
	}
	if causes[code] != "" {
		return code, causes[code]
	}
	said := firstSentence(withoutToken(text, token))
	if said != "" {
		said = "ngrok says: " + said + " "
	}
	return code, said + Cause(code)
}

// explainNetwork says why the service was not reached.
func explainNetwork(err error, token Token) string {
	clean := func(text string) string { return shown(withoutToken(text, token)) }
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Sprintf("The name %s cannot be found: this machine has no network, or its name service refuses it. It is tried again.", clean(dns.Name))
	}
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return fmt.Sprintf("The connection to ngrok is intercepted: its certificate is signed by %s, not by ngrok. Name that authority's certificate as the CA file, or use a network without such a proxy.", issuer(unknown.Cert))
	}
	if wrong, ok := errors.AsType[x509.HostnameError](err); ok {
		return fmt.Sprintf("Somebody else answers: the certificate is not for %s. Look at the connect address, and at proxies on the way.", clean(wrong.Host))
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "The certificate of the service has expired, or this machine's clock is wrong."
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "What answers does not speak TLS. Look at the connect address, and at proxies on the way."
	}
	text := withoutToken(err.Error(), token)
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
		return "The SOCKS5 proxy does not let the connection through (" + firstLine(text) + "). Look at the proxy's address."
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
	if name = firstLine(name); name == "" {
		return "somebody unknown"
	}
	return "“" + name + "”"
}
