package ngrok

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// Check says what of the settings cannot be used.
func (s Settings) Check() error {
	if s.Domain != "" {
		if _, err := PublicURL(s.Domain); err != nil {
			return fmt.Errorf("the domain: %w", err)
		}
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

// checkProxy knows only what the SDK can.
func checkProxy(proxy string) error {
	if proxy == "" {
		return nil
	}
	u, err := url.Parse(proxy)
	switch {
	case err != nil || u.Host == "":
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
	n, numErr := strconv.ParseUint(port, 10, 16)
	switch {
	case err != nil || numErr != nil || n == 0 || host == "" || strings.Contains(host, "/"):
		return fmt.Errorf("the connect address %q is not host and port, such as connect.example.com:443", address)
	case strings.Contains(host, ":"):
		return errors.New("the connect address cannot be IPv6: write a name or an IPv4 address")
	}
	return nil
}

// addedCAs reads the certificates of those who may sign the service's; nil for
// ngrok's own.
func addedCAs(s Settings) (*x509.CertPool, error) {
	if s.CAFile == "" {
		return nil, nil
	}
	text, err := os.ReadFile(s.CAFile)
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
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " \t\r\n\x00") {
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

func ofThisMachine(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
