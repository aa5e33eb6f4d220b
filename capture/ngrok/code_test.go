package ngrok

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
)

// codedError is as the SDK's are inside its events.
type codedError struct{ code, text string }

func (e codedError) Error() string     { return e.text }
func (e codedError) ErrorCode() string { return e.code }

func TestExplain(t *testing.T) {
	authority := &x509.Certificate{Issuer: pkix.Name{CommonName: "Corp Proxy CA", Organization: []string{"Corp Ltd"}}}
	tests := []struct {
		name  string
		err   error
		code  string
		wants string
	}{
		{"nothing", nil, "", ""},
		{"in an event", codedError{"ERR_NGROK_105", "authentication failed: " + string(goodToken)}, "ERR_NGROK_105", "not the API key"},
		{"wrapped", fmt.Errorf("failed to connect: %w", codedError{"ERR_NGROK_107", "x"}), "ERR_NGROK_107", "revoked"},
		{"in the text alone", fmt.Errorf("%s", "The endpoint is online.\r\n\r\nERR_NGROK_334\r\n"), "ERR_NGROK_334", "Stop that one"},
		{"as a link", errors.New("You have used it up\n\nhttps://ngrok.com/docs/errors/err_ngrok_725"), "ERR_NGROK_725", "bandwidth"},
		{
			"unknown to us", errors.New("Something\x1b[31m new for " + string(goodToken) + ".\r\nMore.\r\n\r\nERR_NGROK_9999\r\n"), "ERR_NGROK_9999",
			"ngrok says: Something[31m new for ***. ngrok explains it at https://ngrok.com/docs/errors/err_ngrok_9999.",
		},
		{"name", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "connect.test", IsNotFound: true}}, "", "The name connect.test cannot be found"},
		{"refused", &net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}, Err: syscall.ECONNREFUSED}, "", "refused at 127.0.0.1:9"},
		{"no route", &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, "", "no network"},
		{"intercepted", fmt.Errorf("tls: %w", x509.UnknownAuthorityError{Cert: authority}), "", "signed by “Corp Proxy CA (Corp Ltd)”, not by ngrok"},
		{"another host", x509.HostnameError{Certificate: authority, Host: "connect.test"}, "", "not for connect.test"},
		{"expired", x509.CertificateInvalidError{Reason: x509.Expired}, "", "expired"},
		{"lost", fmt.Errorf("accept: %w", io.EOF), "", "was lost"},
		{"reset", errors.New("read tcp: connection reset by peer"), "", "was lost"},
		{"proxy", errors.New("socks connect tcp 127.0.0.1:1080->x:443: host unreachable"), "", "SOCKS5 proxy"},
		{"other", errors.New("it broke"), "", "failed: it broke."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, reason := explain(test.err, goodToken)
			if code != test.code || !strings.Contains(reason, test.wants) || test.wants == "" && reason != "" {
				t.Errorf("got %q: %s\nwant %q: %s", code, reason, test.code, test.wants)
			}
			if strings.Contains(reason, string(goodToken)) {
				t.Errorf("the token is told: %s", reason)
			}
		})
	}
}

// However the service quotes the token, no part of it that helps is told.
func FuzzExplain(f *testing.F) {
	f.Add("Your authtoken: ", "2abcDEFghiJKLmnoPQRstuVWXyz_5AbC", 0, 32)
	f.Add("x\r\n\r\nERR_NGROK_105 ", "aaaaaaaaaaaaaaaaaaaaaaaa", 3, 12)
	f.Fuzz(func(t *testing.T, text, secret string, from, to int) {
		if len(secret) < 16 || len(text) > 1000 || from < 0 || to > len(secret) || from > to || strings.Contains(text, "***") || strings.Contains(secret, "*") {
			return
		}
		if strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			return
		}
		_, reason := explain(errors.New(text+secret[from:to]+" ERR_NGROK_9998"), Token(secret))
		for i := 0; i+revealing <= len(secret); i++ {
			part := secret[i : i+revealing]
			if strings.Contains(reason, part) && !strings.Contains(Cause("ERR_NGROK_9998")+"ngrok says: ", part) {
				t.Errorf("%q of the token stands in %q", part, reason)
			}
		}
	})
}
