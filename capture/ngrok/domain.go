package ngrok

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Check says what of the settings cannot be used.
func (s Settings) Check() error {
	if err := checkDomain(s.Domain); err != nil {
		return fmt.Errorf("the domain: %w", err)
	}
	if err := CheckPolicy(s.Policy); err != nil {
		return err
	}
	if err := checkProxy(s.Proxy); err != nil {
		return err
	}
	if err := checkConnect(s.Connect); err != nil {
		return err
	}
	_, err := addedCAs(s)
	return err
}

// checkDomain wants a name alone: what comes in by any path is ours.
func checkDomain(domain string) error {
	if domain == "" {
		return nil
	}
	clean, err := PublicURL(domain)
	if err != nil {
		return err
	}
	name, secure := strings.CutPrefix(clean, "https://")
	if !secure || strings.Contains(name, "/") {
		return errors.New("it is not a name alone, such as shop.example.com")
	}
	return nil
}

// checkProxy knows only what the SDK can.
func checkProxy(proxy string) error {
	if proxy == "" {
		return nil
	}
	u, err := url.Parse(proxy)
	switch {
	case err != nil || u.Hostname() == "" || !isPort(u.Port(), true):
		return errors.New("the proxy is not an address such as socks5://127.0.0.1:1080")
	case u.Scheme != "socks5":
		return fmt.Errorf("the proxy %s cannot be used: ngrok's SDK knows socks5:// only", u.Redacted())
	}
	return nil
}

// checkConnect wants host and port: the SDK would try anything else for ever.
func checkConnect(address string) error {
	if address == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(address)
	switch {
	case err != nil || !isPort(port, false) || host == "" || strings.ContainsAny(host, "/ \t\r\n"):
		return fmt.Errorf("the connect address %q is not host and port, such as connect.example.com:443", address)
	case strings.Contains(host, ":"):
		return errors.New("the connect address cannot be IPv6: write a name or an IPv4 address")
	}
	return nil
}

// HostCAs in place of a CA file: whoever this machine trusts may sign the
// service's certificate. A proxy that opens TLS is let through so, where the
// machine was made to trust it. ngrok.yml has the same word for it.
const HostCAs = "host"

// addedCAs reads the certificates of those who may sign the service's; nil for
// ngrok's own.
func addedCAs(s Settings) (*x509.CertPool, error) {
	switch s.CAFile {
	case "":
		return nil, nil
	case HostCAs:
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("the certificates that this machine trusts: %w", err)
		}
		return pool, nil
	}
	text, err := readAll(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("the CA file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("the CA file %s holds no certificate in PEM", s.CAFile)
	}
	return pool, nil
}

// PublicURL cleans a public address that a person typed: "shop.example" becomes
// "https://shop.example". A path may follow, which a proxy of theirs adds; it
// ends without a slash. http is taken for hosts of this machine only.
func PublicURL(text string) (string, error) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || !isHost(u) || strings.HasSuffix(u.Host, ":") || !isPort(u.Port(), true) {
		return "", errors.New("it is not an address such as https://shop.example.com")
	}
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !ofThisMachine(u.Hostname())):
		return "", errors.New("it does not begin with https://, and providers want that")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("it must be without a password, a query and a fragment")
	}
	u.Host = strings.ToLower(u.Host)
	return strings.TrimRight(u.Scheme+"://"+u.Host+u.EscapedPath(), "/"), nil
}

// isHost reports whether the host is a name or an IP address: url.Parse lets
// nearly every character through.
func isHost(u *url.URL) bool {
	host := u.Hostname()
	if strings.HasPrefix(u.Host, "[") {
		address, err := netip.ParseAddr(host)
		return err == nil && address.Zone() == ""
	}
	for label := range strings.SplitSeq(host, ".") {
		odd := func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && r != '-' && r != '_' }
		if label == "" || strings.ContainsFunc(label, odd) {
			return false
		}
	}
	return true
}

// isPort reports whether a text is the number of a port.
func isPort(text string, emptyToo bool) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0 || text == "" && emptyToo
}

func ofThisMachine(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
